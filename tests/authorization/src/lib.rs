//! authorization.
