//! Tests of kms.
