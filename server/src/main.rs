//! The binary `cloudchamber`: subcommands over the library of the same name.

mod account;
mod client;
mod env;
mod lab;
mod lab_limits;
mod lab_text;
mod lab_verify;
mod status;
mod up;

pub(crate) use cloudchamber::{Problem, credentials, settings};

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// A request makes some hundred small allocations, which an allocator with caches of its own for each thread serves at half the price.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A local AWS on which people can test security.
#[derive(Debug, Parser)]
#[command(name = "cloudchamber", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts a cloud and serves it until Ctrl-C.
    Up(settings::Up),
    /// Prints the exports that point AWS's clients here: eval "$(cloudchamber env)".
    Env(settings::Client),
    /// Creates and lists accounts.
    #[command(subcommand)]
    Account(account::Account),
    /// Labs: exercises with a guide, in accounts of their own, graded.
    #[command(subcommand)]
    Lab(lab::Lab),
    /// Says whether a cloud is running, and what it serves.
    Status(settings::Client),
    /// Prints the version.
    Version,
    /// Prints what is served and what is not, as Markdown.
    Coverage {
        /// Instead, as JSON, what the console's pages know of AWS Config's rules and resource types.
        #[arg(long)]
        console: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Up(settings) => up::run(settings),
        Command::Env(client) => env::run(&client),
        Command::Account(account) => account::run(account),
        Command::Lab(lab) => lab::run(lab),
        Command::Status(client) => status::run(&client),
        Command::Coverage { console } => {
            let all = cloudchamber::services::registrations(&cloudchamber::services::Choices::for_tests());
            let text = if console {
                cloudchamber::coverage::console_json(&all)
            } else {
                cloudchamber::coverage::table(&all)
            };
            say(text.trim_end());
            Ok(())
        }
        Command::Version => {
            say(env!("CARGO_PKG_VERSION"));
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line for the user.
#[expect(clippy::print_stdout, reason = "the program's own output")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "the program's own errors")]
fn complain(error: &Problem) {
    eprintln!("cloudchamber: {error}");
}
