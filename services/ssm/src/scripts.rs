//! How `aws:executeScript` runs scripts: what the service asks of a sandbox, and the files that it gives one.

use sandbox::{EnvironmentSpec, Invocation, Outcome};
use std::io::{Error, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Runs scripts. The server's sandbox does; tests bring their own.
#[async_trait::async_trait]
pub trait ScriptRuntime: Send + Sync + 'static {
    /// Makes an environment for one script, gives it one event, and ends it.
    ///
    /// # Errors
    /// Why this machine cannot: what is missing, and what to do. The step fails with it.
    async fn run(&self, spec: EnvironmentSpec, invocation: Invocation) -> Result<Outcome, String>;
}

/// Runs nothing: every script fails with the reason. For tests.
#[derive(Debug, Clone)]
pub struct NoScripts(pub String);

#[async_trait::async_trait]
impl ScriptRuntime for NoScripts {
    async fn run(&self, _: EnvironmentSpec, _: Invocation) -> Result<Outcome, String> {
        Err(self.0.clone())
    }
}

/// What the server tells the service once.
#[derive(Clone)]
pub struct Settings {
    /// What runs scripts.
    pub scripts: Arc<dyn ScriptRuntime>,
    /// A directory for scripts while they run.
    pub directory: PathBuf,
}

impl Settings {
    /// The usual settings.
    #[must_use]
    pub fn new(scripts: Arc<dyn ScriptRuntime>, directory: PathBuf) -> Self {
        Self { scripts, directory }
    }
}

/// A directory with one script, which is there as long as this is held.
pub(crate) struct Folder(PathBuf);

/// As AWS names the module of an inline script.
pub(crate) const MODULE: &str = "customer_script";

impl Folder {
    /// Writes a script where code of another identity can read it. What an earlier try of the same step left is replaced.
    pub(crate) fn with(root: &Path, id: &str, script: &str) -> Result<Self, Error> {
        let folder = Self(root.join(format!("script-{id}")));
        folder.remove();
        std::fs::create_dir_all(&folder.0)?;
        let file = folder.0.join(format!("{MODULE}.py"));
        std::fs::write(&file, script)?;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644))?;
        std::fs::set_permissions(&folder.0, std::fs::Permissions::from_mode(0o755))?;
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    fn remove(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(path = %self.0.display(), %error, "a script's directory cannot be removed");
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.remove();
    }
}
