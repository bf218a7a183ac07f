//! The sandbox of functions, for the scripts of runbooks.

use lambda::Runtime;
use sandbox::{EnvironmentSpec, Invocation, Outcome};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Scripts that run at once; others wait, which counts as their time.
const AT_ONCE: usize = 32;

/// Runs each script in an environment of its own.
pub(crate) struct Scripts {
    runtime: Arc<dyn Runtime>,
    places: Semaphore,
}

impl Scripts {
    pub(crate) fn new(runtime: Arc<dyn Runtime>) -> Self {
        Self { runtime, places: Semaphore::new(AT_ONCE) }
    }
}

#[async_trait::async_trait]
impl ssm::ScriptRuntime for Scripts {
    async fn run(&self, spec: EnvironmentSpec, invocation: Invocation) -> Result<Outcome, String> {
        let _place = self.places.acquire().await.map_err(|error| error.to_string())?;
        let mut environment = self.runtime.start(spec).await.map_err(|failure| failure.to_string())?;
        Ok(environment.invoke(invocation).await)
    }
}
