//! No runtime at all.

use super::{Environment, Runtime, StartFailure};
use sandbox::EnvironmentSpec;

/// Runs nothing: every invocation is answered with the reason. For clouds that only keep configurations, and for tests.
#[derive(Debug, Clone)]
pub struct Unavailable(pub String);

#[async_trait::async_trait]
impl Runtime for Unavailable {
    async fn start(&self, _: EnvironmentSpec) -> Result<Box<dyn Environment>, StartFailure> {
        Err(StartFailure(self.0.clone()))
    }

    async fn warm_up(&self) {}
}
