//! kms.
