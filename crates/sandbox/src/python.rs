//! Finds out what a Python installation consists of.

use crate::faults::StartError;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A Python installation, as it describes itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Python {
    /// The real interpreter, not a shim and not a virtual environment's link.
    pub(crate) executable: PathBuf,
    /// Where the standard library and shared objects are.
    pub(crate) prefixes: Vec<PathBuf>,
    /// `3.11`.
    pub(crate) version: String,
    /// Where the interpreter that was named finds packages.
    pub(crate) packages: Vec<PathBuf>,
}

const QUESTION: &str = "\
import json, os, sys, sysconfig
paths = sysconfig.get_paths()
packages = [paths['purelib'], paths['platlib']]
if sys.base_prefix != sys.prefix:
    packages = [path for path in packages if path.startswith(sys.prefix)]
packages += [path for path in sys.path if path.endswith('dist-packages')]
print(json.dumps({
    'executable': os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable),
    'prefixes': sorted({sys.base_prefix, sys.base_exec_prefix, os.path.realpath(sys.base_prefix)}),
    'version': '%d.%d' % sys.version_info[:2],
    'packages': [path for path in dict.fromkeys(packages) if os.path.isdir(path)],
}))
";

impl Python {
    /// Asks the interpreter. Fails if there is none or it is older than 3.9, which the zygote needs.
    pub(crate) fn discover(path: &Path) -> Result<Python, StartError> {
        let failed = |why: String| StartError::Python { path: path.to_owned(), why };
        // `-I`: neither the variables nor the directory of whoever started the server have a say in this.
        let output = Command::new(path)
            .args(["-I", "-c", QUESTION])
            .output()
            .map_err(|error| failed(format!("it does not start: {error}")))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(failed(format!("it ends with {}: {}", output.status, said.trim())));
        }
        let python: Python = serde_json::from_slice(&output.stdout)
            .map_err(|error| failed(format!("it does not describe itself: {error}")))?;
        let minor = python.version.strip_prefix("3.").and_then(|minor| minor.parse::<u32>().ok());
        if minor.is_none_or(|minor| minor < 9) {
            return Err(failed(format!("it is Python {}, and 3.9 is the least that works", python.version)));
        }
        Ok(python)
    }
}
