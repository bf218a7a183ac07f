//! AWS Config: the recorder, rules, results, delivery and notifications.
//!
//! What it is: the engine (change feed, recorder, item, rule selection, evaluation, result, compliance change, notification) and the
//! operations, CloudFormation handlers and tables around it. An item is recorded when the described state of a resource differs from its
//! last item; changes while an evaluation of the resource is under way are looked at once, at its end.
//!
//! What it is not: it reads no other service's tables (it describes resources through the catalog, and calls Lambda, S3, SNS and IAM
//! through a [`contract::Caller`]), and it has no managed rules, Guard rules, remediation, conformance packs, aggregators or queries yet.

mod cloudformation;
mod engine;
mod errors;
mod operations;
mod page;
mod state;
mod tags;
mod types;

use contract::Registration;

/// The service's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let registration = Registration::new(&api_config::SERVICE)
        .resource::<state::Recorder>()
        .resource::<state::ResourceCompliance>();
    cloudformation::register(operations::register(engine::register(registration)))
}
