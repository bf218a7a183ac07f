//! Every registered operation, as anonymous, with a wrong signature, with no policy, with an explicit deny, and allowed.
//!
//! What it is: the table `operations.toml` (an operation, the actions that it needs, an input) and the test that drives it through the real
//! gateway. What it is not: tests of what operations do.
