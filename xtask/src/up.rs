//! `cargo xtask up`: from a clone to a running cloud.

use crate::problem::Problem;
use crate::{console, node, python, shell};
use std::path::Path;

/// Builds the console and the server, prepares the Python and the SDKs that functions run on, and starts.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Problem> {
    eprintln!("[1/4] Preparing the Lambda runtimes");
    let python = python::environment(root)?;
    let modules = node::modules(root)?;
    eprintln!("[2/4] Building the console");
    console::build(root)?;
    eprintln!("[3/4] Building the server (some minutes the first time)");
    shell::run(root, "cargo", &["build", "--release", "--package", "cloudchamber"])?;
    eprintln!("[4/4] Starting");
    let binary = root.join("target/release/cloudchamber");
    let mut all = vec!["up"];
    all.extend(arguments.iter().map(String::as_str));
    let python = python.to_string_lossy();
    let modules = modules.map(|modules| modules.to_string_lossy().into_owned());
    let mut env = vec![("CLOUDCHAMBER_PYTHON", &*python)];
    env.extend(modules.as_deref().map(|modules| ("CLOUDCHAMBER_NODE_MODULES", modules)));
    shell::run_with(root, &binary.to_string_lossy(), &all, &env)
}
