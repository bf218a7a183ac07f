//! ssm.
