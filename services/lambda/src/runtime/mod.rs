//! How functions are run: what the service asks of a sandbox.

mod sandboxed;
mod unavailable;

pub use sandboxed::Sandboxed;
pub use unavailable::Unavailable;

use sandbox::{EnvironmentSpec, Invocation, Outcome};

/// Runs function code. The sandbox does; tests bring their own.
#[async_trait::async_trait]
pub trait Runtime: Send + Sync + 'static {
    /// Makes an environment for one function and begins to initialize it.
    ///
    /// # Errors
    /// Why this machine cannot; the caller of Invoke is told.
    async fn start(&self, spec: EnvironmentSpec) -> Result<Box<dyn Environment>, StartFailure>;

    /// There is a function now: makes ready what its first invocation would have to wait for. A cloud without functions needs none of it.
    async fn warm_up(&self);
}

/// A place in which one function runs, one event after the other. Dropping it ends everything in it.
#[async_trait::async_trait]
pub trait Environment: Send + 'static {
    /// Gives it an event and waits for what comes of it.
    async fn invoke(&mut self, invocation: Invocation) -> Outcome;

    /// Whether it can take another event.
    fn is_usable(&self) -> bool;
}

/// Why functions cannot be run here: what is missing, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct StartFailure(pub String);
