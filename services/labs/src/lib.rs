//! Labs: accounts in which students work, and checks that read what they have done.
//!
//! What it is: the format of labs ([`Library`]), attempts, gradings, submissions and classes ([`Labs`]), their pages under `/_cloudchamber/labs`
//! ([`route`]), and the proof of a lab ([`Bench`]). A check is a reading of an AWS API, made as the root of the lab's account and marked as the grader's,
//! and an expectation of the answer; both are written in lab.yaml. What it is not: it knows no AWS service (but for the content of S3's objects), and runs
//! nothing that a lab's author wrote except calls of APIs.

mod accounts;
mod attempts;
mod classes;
mod csv;
mod environment;
mod expression;
mod format;
mod grading;
mod html;
mod judge;
mod library;
mod limits;
mod naming;
mod objects;
mod refusal;
mod report;
mod routes;
mod state;
mod steps;
mod uploads;
mod verify;

pub use accounts::{Accounts, Admitted};
pub use attempts::Labs;
pub(crate) use attempts::PRINCIPAL;
pub use environment::GRADER;
pub use format::{Check, Lab, LabError, LabFile, StudentAccess, Task};
pub use library::Library;
pub use report::{CheckResult, PartResult, Report, TaskResult};
pub use verify::{Bench, Trial, access, unproven};

use std::sync::Arc;

/// The pages of labs.
#[must_use]
pub fn route(labs: Labs) -> impl contract::Route {
    routes::LabsPage(Arc::new(labs))
}
