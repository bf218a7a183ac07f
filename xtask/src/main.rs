//! The chores of this repository, as `cargo xtask <command>`.
//!
//! One module a command. It knows no service by name beyond what `models/` says.

mod generate;
mod models;
mod operations;
mod problem;
mod repository;

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
    /// Writes models/botocore and models/protocol-tests from botocore's pinned release.
    Models {
        /// An unpacked source distribution of botocore, instead of downloading the pinned one.
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
        Command::Models { from } => models::run(&root, from.as_deref()),
        Command::Generate { check } => generate::run(&root, check),
    }
}
