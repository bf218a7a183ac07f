//! `cargo xtask test`: everything that CI runs, with what it needs.

use crate::problem::Problem;
use crate::{chromium, console, generate, node, python, shell, tidy};
use std::path::Path;

/// Runs the checks and the tests; `long` adds the 200 rounds of the crash test, the 10,000 uploads of the flood and an object of 5 GiB.
pub(crate) fn run(root: &Path, long: bool) -> Result<(), Problem> {
    step("What the tests need");
    let python = python::environment(root)?.to_string_lossy().into_owned();
    let modules = node::modules(root)?.map(|modules| modules.to_string_lossy().into_owned());
    if !shell::present("cargo", &["nextest", "--version"]) {
        eprintln!("Installing cargo-nextest, once");
        shell::run(root, "cargo", &["install", "cargo-nextest", "--locked"])?;
    }
    chromium::install(root)?;
    step("Formatting");
    shell::run(root, "cargo", &["fmt", "--all", "--check"])?;
    step("House rules");
    tidy::run(root)?;
    step("Generated code");
    generate::run(root, true)?;
    step("Lints");
    shell::run(
        root,
        "cargo",
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"],
    )?;
    step("The console");
    console::build(root)?;
    console::test(root)?;
    step("The server");
    shell::run(root, "cargo", &["build", "--package", "cloudchamber"])?;
    step("Documentation examples");
    shell::run(root, "cargo", &["test", "--doc", "--workspace", "--quiet"])?;
    step("Tests");
    let (rounds, uploads, large) = if long { ("200", "10000", "5120") } else { ("10", "200", "256") };
    let mut env = vec![
        ("CLOUDCHAMBER_PYTHON", python.as_str()),
        ("CLOUDCHAMBER_CRASH_ROUNDS", rounds),
        ("CLOUDCHAMBER_FLOOD_UPLOADS", uploads),
        ("CLOUDCHAMBER_LARGE_MIB", large),
    ];
    if let Some(modules) = &modules {
        env.extend(
            ["CLOUDCHAMBER_NODE_MODULES", "SANDBOX_TEST_NODE_MODULES"].map(|name| (name, modules.as_str())),
        );
    }
    shell::run_with(root, "cargo", &["nextest", "run", "--workspace", "--no-fail-fast"], &env)
}

fn step(what: &str) {
    eprintln!("\n== {what}");
}
