//! The sandbox as the service's runtime.

use super::{Environment, Runtime, StartFailure};
use sandbox::{Configuration, EnvironmentSpec, Invocation, Outcome, Sandbox};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Runs functions in sandboxes. What the machine can do is found out once: by [`Sandboxed::prepare`] or at the first invocation. Python with
/// the SDK, which takes a second and 90 MB, is loaded when there is a function.
pub struct Sandboxed {
    configuration: Configuration,
    sandbox: OnceCell<Sandbox>,
}

impl Sandboxed {
    /// A runtime; nothing is started yet.
    #[must_use]
    pub fn new(configuration: Configuration) -> Self {
        Self { configuration, sandbox: OnceCell::new() }
    }

    /// Finds out whether functions can be run on this machine. The server runs this beside its start: where they cannot, the log says so, and
    /// Invoke answers it.
    pub async fn prepare(self: Arc<Self>) {
        if let Err(error) = self.sandbox().await {
            tracing::warn!(%error, "Lambda functions cannot be run on this machine");
        }
    }

    async fn sandbox(&self) -> Result<&Sandbox, StartFailure> {
        self.sandbox
            .get_or_try_init(|| async { Sandbox::new(self.configuration.clone()).await })
            .await
            .map_err(failure)
    }
}

fn failure(error: sandbox::StartError) -> StartFailure {
    StartFailure(error.to_string())
}

#[async_trait::async_trait]
impl Runtime for Sandboxed {
    async fn start(&self, spec: EnvironmentSpec) -> Result<Box<dyn Environment>, StartFailure> {
        let environment = self.sandbox().await?.start(spec).await.map_err(failure)?;
        Ok(Box::new(environment))
    }

    async fn warm_up(&self) {
        // What is wrong is told by `prepare` and by Invoke.
        if let Ok(sandbox) = self.sandbox().await
            && let Err(error) = sandbox.warm_up().await
        {
            tracing::warn!(%error, "Python cannot be loaded ahead of the first invocation");
        }
    }
}

#[async_trait::async_trait]
impl Environment for sandbox::Environment {
    async fn invoke(&mut self, invocation: Invocation) -> Outcome {
        self.invoke(invocation).await
    }

    fn is_usable(&self) -> bool {
        self.is_usable()
    }
}
