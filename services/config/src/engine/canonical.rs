//! The canonical form of an item: what must differ for a new item to be recorded.

use crate::state::Item;
use sha2::{Digest, Sha256};
use wire::{Document, document};

/// Members that AWS Config leaves out of what it compares: ids of single rules, and moments and counts that change without a change.
const VOLATILE: &[&str] = &[
    "securityGroupRuleId",
    "securityGroupRuleArn",
    "SecurityGroupRuleId",
    "SecurityGroupRuleArn",
    "roleLastUsed",
    "RoleLastUsed",
    "passwordLastUsed",
    "PasswordLastUsed",
    "lastUsedDate",
];

/// Lists whose order says something; all others are sets.
const ORDERED: &[&str] = &["layers", "Layers"];

/// The hash of an item's canonical form: equal where nothing changed that AWS Config would record.
pub(crate) fn fingerprint(item: &Item) -> String {
    let relationships: Document = item
        .relationships
        .iter()
        .map(|relationship| {
            document!({
                "type": (relationship.resource_type.clone()),
                "id": (relationship.id.clone()),
                "name": (relationship.name.clone()),
                "relation": (relationship.relation.clone()),
            })
        })
        .collect();
    let supplementary: Document =
        item.supplementary.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let whole = document!({
        "arn": (item.arn.clone()),
        "name": (item.name.clone()),
        "zone": (item.availability_zone.clone()),
        "configuration": (item.configuration.clone()),
        "supplementary": supplementary,
        "relationships": relationships,
        "tags": (item.tags.clone()),
    });
    hex::encode(Sha256::digest(canonical(&whole).to_string()))
}

/// Sets sorted, members sorted by name, volatile members left out.
pub(crate) fn canonical(value: &Document) -> Document {
    canonical_in(value, false)
}

fn canonical_in(value: &Document, ordered: bool) -> Document {
    match value {
        Document::Object(members) => {
            let mut members: Vec<(&String, &Document)> =
                members.iter().filter(|(name, _)| !VOLATILE.contains(&name.as_str())).collect();
            members.sort_by_key(|(name, _)| *name);
            members
                .into_iter()
                .map(|(name, value)| (name.clone(), canonical_in(value, ORDERED.contains(&name.as_str()))))
                .collect()
        }
        Document::Array(elements) => {
            let mut elements: Vec<Document> = elements.iter().map(canonical).collect();
            if !ordered {
                elements.sort_by_cached_key(ToString::to_string);
            }
            Document::Array(elements)
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_rule_ids_make_no_difference() {
        let one = document!({ "ipPermissions": [
            { "fromPort": 80, "securityGroupRuleId": "sgr-1" },
            { "fromPort": 443, "ipRanges": ["10.0.0.0/8", "0.0.0.0/0"] },
        ], "groupId": "sg-1" });
        let two = document!({ "groupId": "sg-1", "ipPermissions": [
            { "ipRanges": ["0.0.0.0/0", "10.0.0.0/8"], "fromPort": 443 },
            { "securityGroupRuleId": "sgr-2", "fromPort": 80 },
        ] });
        assert_eq!(canonical(&one), canonical(&two));
        let other = document!({ "groupId": "sg-1", "ipPermissions": [{ "fromPort": 80 }] });
        assert_ne!(canonical(&one), canonical(&other));
    }

    #[test]
    fn layers_keep_their_order() {
        let one = document!({ "layers": ["a", "b"] });
        let two = document!({ "layers": ["b", "a"] });
        assert_ne!(canonical(&one), canonical(&two));
    }
}
