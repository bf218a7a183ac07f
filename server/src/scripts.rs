//! The sandbox of functions, for the scripts of runbooks.

use lambda::Runtime;
use sandbox::{EnvironmentSpec, Invocation, Outcome};
use std::sync::Arc;

/// Runs each script in an environment of its own.
pub(crate) struct Scripts(pub(crate) Arc<dyn Runtime>);

#[async_trait::async_trait]
impl ssm::ScriptRuntime for Scripts {
    async fn run(&self, spec: EnvironmentSpec, invocation: Invocation) -> Result<Outcome, String> {
        let mut environment = self.0.start(spec).await.map_err(|failure| failure.to_string())?;
        Ok(environment.invoke(invocation).await)
    }
}
