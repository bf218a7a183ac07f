//! `cargo xtask screenshots`: what the console looks like.

use crate::problem::Problem;
use crate::{chromium, console, node, python, shell};
use std::path::Path;

/// Builds what is needed, fills a cloud with a lab's resources, and takes a picture of each page, light and dark.
pub(crate) fn run(root: &Path) -> Result<(), Problem> {
    let python = python::environment(root)?.to_string_lossy().into_owned();
    let modules = node::modules(root)?.map(|modules| modules.to_string_lossy().into_owned());
    chromium::install(root)?;
    console::build(root)?;
    shell::run(root, "cargo", &["build", "--package", "cloudchamber"])?;
    let binary = root.join("target/debug/cloudchamber").to_string_lossy().into_owned();
    let folder = root.join("docs/screenshots").to_string_lossy().into_owned();
    let mut env = vec![
        ("CLOUDCHAMBER_BIN", binary.as_str()),
        ("CLOUDCHAMBER_PYTHON", python.as_str()),
        ("CLOUDCHAMBER_SCREENSHOTS", folder.as_str()),
    ];
    env.extend(modules.as_deref().map(|modules| ("CLOUDCHAMBER_NODE_MODULES", modules)));
    shell::run_with(root, "node", &["console/tests/run.mjs", "screenshots"], &env)
}
