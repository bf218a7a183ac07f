//! Systems Manager: documents, Automation and Parameter Store.
//!
//! What it is: runbooks (documents of type Automation, schema version 0.3, in YAML and JSON), runbooks of our own under the names of AWS's, and their
//! executions: a durable [`contract::Task`] that carries out one step after the other as the runbook's role, through the one path of every call;
//! parameters with versions, labels and policies, whose secrets are under keys of KMS.
//!
//! What it is not: it manages no instances, works on no targets or rates, and shares no parameters; each of these is refused where it is asked for.
//! The sandbox that scripts run in is the server's ([`ScriptRuntime`] is the seam).

mod automation;
mod cloudformation;
mod document;
mod errors;
mod operations;
mod page;
mod parameter;
mod scripts;
mod state;
mod tags;

pub use scripts::{NoScripts, ScriptRuntime, Settings};

use contract::Registration;
use std::collections::HashSet;

/// The service's table of contents. The server says how scripts are run here.
#[must_use]
pub fn registration(settings: Settings) -> Registration {
    operations::register(Registration::new(&api_ssm::SERVICE))
        .task(automation::Automation(settings))
        .task(parameter::expiration::Expiration)
        .task(parameter::events::Tell)
        .handler(cloudformation::DocumentHandler)
        .handler(cloudformation::ParameterHandler)
        .live_blobs(|_, _| Ok(HashSet::new()))
}
