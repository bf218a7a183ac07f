//! AWS Config: the recorder, rules, results, delivery and notifications.
//!
//! What it is: the engine (change feed, recorder, item, rule selection, evaluation, result, compliance change, notification) and the
//! operations, CloudFormation handlers and tables around it. An item is recorded when the described state of a resource differs from its
//! last item; changes while an evaluation of the resource is under way are looked at once, at its end.
//!
//! AWS's managed rules are a table of small pure functions (`managed/`): those that change judges are judged in the transaction that holds the item,
//! those of the clock in batches. A compliance change is a [`store::Change`] of an `AWS::Config::ResourceCompliance`, which holds what each rule found
//! of its resource: whoever acts on compliance (remediation) follows the feed for it.
//!
//! What it is not: it reads no other service's tables (it describes resources through the catalog, and calls Lambda, S3, SNS and IAM
//! through a [`contract::Caller`]), and it has no Guard rules, conformance packs, aggregators or queries yet.

mod cloudformation;
mod engine;
mod errors;
mod managed;
mod operations;
mod page;
mod remediation;
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
    remediation::register(cloudformation::register(operations::register(engine::register(registration))))
}

/// A managed rule that AWS has, for the coverage table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagedRuleCoverage {
    /// Such as `S3_BUCKET_LOGGING_ENABLED`.
    pub identifier: &'static str,
    /// The service that it is about, as resource types name it; empty where it is about several or none.
    pub service: &'static str,
    /// It is built; otherwise `PutConfigRule` answers 501 with its identifier.
    pub built: bool,
    /// Controls of NIST SP 800-53 r5 that AWS maps to it, such as `SC-28(1)`.
    pub nist_800_53_r5: &'static [&'static str],
}

/// All of AWS's managed rules, by identifier.
pub fn managed_rules() -> impl Iterator<Item = ManagedRuleCoverage> {
    managed::published::all().map(|(identifier, rule)| ManagedRuleCoverage {
        identifier,
        service: rule.service,
        built: managed::find(identifier).is_some(),
        nist_800_53_r5: &rule.nist_800_53_r5,
    })
}
