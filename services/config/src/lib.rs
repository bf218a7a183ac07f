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
//! through a [`contract::Caller`]), and it has no Guard rules, aggregators or queries yet.

mod cloudformation;
mod conformance;
mod engine;
mod errors;
mod managed;
mod operations;
mod page;
mod remediation;
mod state;
mod tags;
mod types;

pub use types::is_supported;

use contract::Registration;

/// The service's table of contents.
#[must_use]
pub fn registration() -> Registration {
    let registration = Registration::new(&api_config::SERVICE)
        .resource::<state::Recorder>()
        .resource::<state::ResourceCompliance>();
    let registration = operations::register(engine::register(registration));
    conformance::register(remediation::register(cloudformation::register(registration)))
}

/// A managed rule that AWS has, for the coverage table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagedRuleCoverage {
    /// Such as `S3_BUCKET_LOGGING_ENABLED`.
    pub identifier: &'static str,
    /// What the console names a rule of it: `s3-bucket-logging-enabled`.
    pub name: &'static str,
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
        name: rule.name,
        service: rule.service,
        built: managed::find(identifier).is_some(),
        nist_800_53_r5: &rule.nist_800_53_r5,
    })
}

/// What a managed rule that is built judges and takes, for the console's list of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltRule {
    /// Such as `S3_BUCKET_LOGGING_ENABLED`.
    pub identifier: &'static str,
    /// The types of resources that it judges.
    pub types: &'static [&'static str],
    /// It judges changes.
    pub changes: bool,
    /// It judges by the clock.
    pub periodic: bool,
    /// What it takes.
    pub parameters: Vec<BuiltRuleParameter>,
}

/// A parameter of a managed rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltRuleParameter {
    /// Such as `targetBucket`.
    pub name: &'static str,
    /// AWS's name for its type: `String`, `int`, `boolean`, `CSV`.
    pub kind: &'static str,
    /// A rule cannot be put without it.
    pub required: bool,
    /// What is taken where it is not given.
    pub default: Option<&'static str>,
    /// The values that it can have; empty where any of its type will do.
    pub one_of: &'static [&'static str],
}

/// The managed rules that are built, in no particular order.
pub fn built_rules() -> impl Iterator<Item = BuiltRule> {
    managed::all().map(|rule| BuiltRule {
        identifier: rule.identifier,
        types: rule.types,
        changes: rule.changes,
        periodic: rule.periodic,
        parameters: rule.parameters.iter().map(managed::Parameter::described).collect(),
    })
}
