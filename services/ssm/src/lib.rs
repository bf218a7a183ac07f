//! Systems Manager: documents and Automation.
//!
//! What it is: runbooks (documents of type Automation, schema version 0.3, in YAML and JSON), runbooks of our own under the names of AWS's, and their
//! executions: a durable [`contract::Task`] that carries out one step after the other as the runbook's role, through the one path of every call.
//!
//! What it is not: it manages no instances, runs no scripts (`aws:executeScript`), asks nobody for approval and works on no targets or rates; each of these
//! is refused where it is asked for.

mod automation;
mod document;
mod errors;
mod operations;
mod page;
mod state;
mod tags;

use contract::Registration;

/// The service's table of contents.
#[must_use]
pub fn registration() -> Registration {
    operations::register(Registration::new(&api_ssm::SERVICE)).task(automation::Automation)
}
