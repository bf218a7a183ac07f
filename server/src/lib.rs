//! A cloud put together: the one list of services, and what starts them.
//!
//! What it is: the place where store, services, pipeline and gateway meet, for the binary `cloudchamber` and for tests over all services.
//! What it is not: it contains no behaviour of any service.

pub mod cloud;
pub mod console;
pub mod coverage;
pub mod credentials;
mod lab_accounts;
mod scripts;
pub mod services;
pub mod settings;

/// Why a cloud cannot start or a command cannot be carried out: what happened, why, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    /// A problem in words.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}
