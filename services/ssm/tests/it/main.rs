//! Tests of ssm.
