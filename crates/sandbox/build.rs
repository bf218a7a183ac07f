//! Compiles the sandbox's first process (`init/`) as a program and as a library, so that the crate can carry both inside.
//!
//! It must be a program of its own: what runs inside a sandbox must not hold a copy of the server's memory.

#![expect(clippy::panic, clippy::expect_used, reason = "a build that cannot go on stops with the reason")]

use std::path::PathBuf;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=init");
    println!("cargo::rerun-if-changed=src/plan.rs");
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"));
    let out = PathBuf::from(variable("OUT_DIR"));
    for (kind, file) in [("bin", "init"), ("cdylib", "init.so")] {
        let mut command = Command::new(variable("RUSTC"));
        command.args([
            "--edition",
            "2024",
            "--crate-name",
            "cloudchamber_sandbox_init",
            "--crate-type",
            kind,
        ]);
        command.args([
            "-C",
            "opt-level=2",
            "-C",
            "panic=abort",
            "-C",
            "strip=symbols",
            "--cap-lints",
            "allow",
        ]);
        command.args(["--target", &variable("TARGET"), "init/main.rs", "-o"]).arg(out.join(file));
        if let Ok(linker) = std::env::var("RUSTC_LINKER") {
            command.arg("-C").arg(format!("linker={linker}"));
        }
        let status = command.status().expect("rustc runs");
        assert!(status.success(), "rustc could not compile init/main.rs as {kind}");
    }
}
