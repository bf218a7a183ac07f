//! Finds out what a Node.js installation consists of.

use crate::faults::StartError;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Node.js installation, as it describes itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Node {
    /// The real interpreter.
    pub(crate) executable: PathBuf,
    /// `20.11.1`.
    pub(crate) version: String,
}

const QUESTION: &str = "console.log(JSON.stringify({ executable: require('fs').realpathSync(process.execPath), version: process.versions.node }))";

/// The oldest that the runtime runs on.
const OLDEST: u32 = 18;

impl Node {
    /// Asks the interpreter. Fails if there is none or it is older than 18.
    pub(crate) fn discover(path: &Path) -> Result<Node, StartError> {
        let failed = |why: String| StartError::Node { path: path.to_owned(), why };
        // Neither the variables of whoever started the server nor its directory have a say in this.
        let output = Command::new(path)
            .args(["-e", QUESTION])
            .env_remove("NODE_OPTIONS")
            .env_remove("NODE_PATH")
            .current_dir("/")
            .output()
            .map_err(|error| {
                failed(format!(
                    "it does not start: {error}. Install Node.js {OLDEST} or later, or name it with --node"
                ))
            })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(failed(format!("it ends with {}: {}", output.status, said.trim())));
        }
        let node: Node = serde_json::from_slice(&output.stdout)
            .map_err(|error| failed(format!("it does not describe itself: {error}")))?;
        let major = node.version.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if major.is_none_or(|major| major < OLDEST) {
            return Err(failed(format!(
                "it is Node.js {}, and {OLDEST} is the least that works",
                node.version
            )));
        }
        Ok(node)
    }

    /// The directory above `bin`, where an installation outside of `/usr` has what belongs to it.
    pub(crate) fn prefix(&self) -> Option<&Path> {
        let folder = self.executable.parent()?;
        if folder.ends_with("bin") { folder.parent() } else { Some(folder) }
    }
}
