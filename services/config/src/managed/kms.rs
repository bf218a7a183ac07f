//! Rules on keys.

use super::parameters::list;
use super::policies::{self, Stated, stated};
use super::{ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use policy::Flavour;

const KEY: &str = "AWS::KMS::Key";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("CMK_BACKING_KEY_ROTATION_ENABLED", &[KEY], rotated).only_periodic(),
    ManagedRule::item("KMS_CMK_NOT_SCHEDULED_FOR_DELETION", &[KEY], not_leaving)
        .only_periodic()
        .with(&[list("kmsKeyIds")]),
    ManagedRule::item("KMS_KEY_POLICY_NO_PUBLIC_ACCESS", &[KEY], no_public_access),
];

/// A key that AWS manages for the account; rules judge those of customers.
fn is_aws_managed(item: &Item) -> bool {
    read::text(item, &["keyManager"]) == Some("AWS")
}

/// Only symmetric keys of the service's own material rotate.
fn rotated(item: &Item, _: &Parameters) -> Verdict {
    let spec = read::text(item, &["keySpec"]).or_else(|| read::text(item, &["customerMasterKeySpec"]));
    let rotates = spec.is_none_or(|spec| spec == "SYMMETRIC_DEFAULT")
        && read::text(item, &["origin"]).is_none_or(|origin| origin == "AWS_KMS");
    if is_aws_managed(item) || !rotates || read::text(item, &["keyState"]) == Some("PendingDeletion") {
        return Verdict::NotApplicable;
    }
    Verdict::require(
        read::is_true(read::part(item, "KeyRotationStatus").as_deref()),
        "Automatic rotation of the key is not enabled.",
    )
}

fn not_leaving(item: &Item, parameters: &Parameters) -> Verdict {
    let is =
        |listed: &&str| *listed == item.resource_id || listed.ends_with(&format!("/{}", item.resource_id));
    let left_out = parameters.list("kmsKeyIds").is_some_and(|listed| !listed.iter().any(is));
    if is_aws_managed(item) || left_out {
        return Verdict::NotApplicable;
    }
    match read::text(item, &["keyState"]) {
        None => Verdict::NonCompliant("The state of the key is not known.".into()),
        Some(state) => Verdict::require(
            !matches!(state, "PendingDeletion" | "PendingReplicaDeletion"),
            "The key is scheduled for deletion.",
        ),
    }
}

fn no_public_access(item: &Item, _: &Parameters) -> Verdict {
    if is_aws_managed(item) {
        return Verdict::NotApplicable;
    }
    match stated(read::part(item, "Policy").as_deref(), Flavour::Kms) {
        // Every key has one.
        Stated::Nothing | Stated::Unreadable => Verdict::NonCompliant(policies::UNREADABLE.into()),
        Stated::Policy(document) => {
            let public = document.statements().iter().find(|statement| statement.admits_everyone());
            Verdict::unless(public.map(|statement| {
                format!("Statement {} of the key policy allows public access.", policies::name(statement))
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table, with_part};
    use wire::{Document, document};

    fn key(state: &str, manager: &str) -> Item {
        item(
            KEY,
            "k",
            document!({ "keyState": state, "keyManager": manager, "keySpec": "SYMMETRIC_DEFAULT", "origin": "AWS_KMS" }),
        )
    }

    #[test]
    fn customers_keys_rotate() {
        let with = |item: Item, on: bool| with_part(item, "KeyRotationStatus", Document::from(on));
        let mac = item(
            KEY,
            "k",
            document!({ "keyState": "Enabled", "keyManager": "CUSTOMER", "keySpec": "HMAC_256" }),
        );
        table(
            "CMK_BACKING_KEY_ROTATION_ENABLED",
            &[
                (with(key("Enabled", "CUSTOMER"), true), "{}", Some(true)),
                (with(key("Enabled", "CUSTOMER"), false), "{}", Some(false)),
                (with(key("Enabled", "AWS"), false), "{}", None),
                (with(key("PendingDeletion", "CUSTOMER"), false), "{}", None),
                (mac, "{}", None),
            ],
        );
    }

    #[test]
    fn customers_keys_stay() {
        table(
            "KMS_CMK_NOT_SCHEDULED_FOR_DELETION",
            &[
                (key("Enabled", "CUSTOMER"), "{}", Some(true)),
                (key("PendingDeletion", "CUSTOMER"), "{}", Some(false)),
                (
                    key("PendingDeletion", "CUSTOMER"),
                    r#"{"kmsKeyIds":"arn:aws:kms:us-east-1:111122223333:key/k"}"#,
                    Some(false),
                ),
                (key("PendingDeletion", "CUSTOMER"), r#"{"kmsKeyIds":"j"}"#, None),
                (key("Enabled", "AWS"), "{}", None),
            ],
        );
    }

    #[test]
    fn the_policy_of_a_new_key_is_not_public() {
        let with = |principal: &str, condition: &str| {
            let text = format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"kms:*","Resource":"*"{condition}}}]}}"#
            );
            with_part(key("Enabled", "CUSTOMER"), "Policy", Document::from(text))
        };
        table(
            "KMS_KEY_POLICY_NO_PUBLIC_ACCESS",
            &[
                (with(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, ""), "{}", Some(true)),
                (with(r#"{"AWS":"*"}"#, ""), "{}", Some(false)),
                (
                    with(r#"{"AWS":"*"}"#, r#","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}"#),
                    "{}",
                    Some(true),
                ),
                (with_part(key("Enabled", "CUSTOMER"), "Policy", Document::from("{")), "{}", Some(false)),
                // Every key has a policy: one that is not known does not comply.
                (key("Enabled", "CUSTOMER"), "{}", Some(false)),
            ],
        );
    }
}
