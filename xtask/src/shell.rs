//! Running other programs.

use crate::problem::Problem;
use std::path::Path;
use std::process::Command;

/// A program that is run in a folder, with its output shown.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), Problem> {
    run_with(folder, program, arguments, &[])
}

/// As [`run`], with environment variables.
pub(crate) fn run_with(
    folder: &Path,
    program: &str,
    arguments: &[&str],
    env: &[(&str, &str)],
) -> Result<(), Problem> {
    eprintln!("$ {program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .envs(env.iter().copied())
        .current_dir(folder)
        .status()
        .map_err(|error| Problem::new(format!("cannot run {program}: {error}. Is it installed?")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Problem::new(format!("`{program} {}` failed ({status})", arguments.join(" "))))
    }
}

/// What a program prints.
pub(crate) fn output(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, Problem> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|error| Problem::new(format!("cannot run {program}: {error}. Is it installed?")))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(Problem::new(format!(
            "`{program} {}` failed: {}",
            arguments.join(" "),
            error.trim_end()
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program can be run at all.
pub(crate) fn present(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}
