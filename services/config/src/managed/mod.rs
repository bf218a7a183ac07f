//! AWS's managed rules: an entry of a table each, with a small pure function.
//!
//! An entry says when a rule judges, resources of which types, and what parameters it takes; its function reads an item (or looks round in the
//! account) and answers a [`Verdict`] with its reason. The engine finds entries by a resource's type, so that a change costs what the rules on its type
//! cost. What AWS has and this table has not is refused when it is put: see [`published`].

mod cloudtrail;
mod cloudwatch;
mod dynamodb;
mod iam;
mod inventory;
mod kms;
mod lambda;
mod network;
mod parameters;
mod policies;
pub(crate) mod published;
mod read;
mod rule;
mod s3;
mod security_groups;
mod sns;
mod sqs;
mod stacks;
mod tags;
#[cfg(test)]
mod testing;
mod verdict;

pub(crate) use inventory::Inventory;
pub(crate) use parameters::{Parameter, Parameters};
pub(crate) use rule::{Judge, ManagedRule};
pub(crate) use verdict::Verdict;

use std::collections::HashMap;
use std::sync::LazyLock;

/// The type of results of rules that judge the account.
pub(crate) const ACCOUNT_TYPE: &str = "AWS::::Account";

static BUILT: LazyLock<HashMap<&'static str, &'static ManagedRule>> =
    LazyLock::new(|| all().map(|rule| (rule.identifier, rule)).collect());

/// Every rule that is built.
pub(crate) fn all() -> impl Iterator<Item = &'static ManagedRule> {
    let tables = [
        cloudtrail::RULES,
        cloudwatch::RULES,
        dynamodb::RULES,
        iam::RULES,
        kms::RULES,
        lambda::RULES,
        network::RULES,
        s3::access_points::RULES,
        s3::acls::RULES,
        s3::policies::RULES,
        s3::protection::RULES,
        s3::settings::RULES,
        security_groups::RULES,
        sns::RULES,
        sqs::RULES,
        stacks::RULES,
        tags::RULES,
    ];
    tables.into_iter().flatten()
}

/// The rule with an identifier, where it is built.
pub(crate) fn find(identifier: &str) -> Option<&'static ManagedRule> {
    BUILT.get(identifier).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_one_of_aws_and_is_built_once() {
        assert_eq!(all().count(), BUILT.len());
        for rule in all() {
            assert!(published::find(rule.identifier).is_some(), "AWS has no {}", rule.identifier);
            assert!(rule.changes || rule.periodic, "{} never judges", rule.identifier);
            for resource_type in rule.types {
                let looked_at = *resource_type == cloudwatch::LOG_GROUP && rule.periodic && !rule.changes;
                let known =
                    crate::types::is_supported(resource_type) || *resource_type == ACCOUNT_TYPE || looked_at;
                assert!(known, "{}: {resource_type}", rule.identifier);
            }
        }
    }
}
