//! Rules on topics.

use super::parameters::list;
use super::policies::{self, Stated, stated};
use super::{ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use policy::Flavour;

const TOPIC: &str = "AWS::SNS::Topic";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("SNS_ENCRYPTED_KMS", &[TOPIC], encrypted).with(&[list("kmsKeyIds")]),
    ManagedRule::item("SNS_TOPIC_MESSAGE_DELIVERY_NOTIFICATION_ENABLED", &[TOPIC], delivery_logged),
    ManagedRule::item("SNS_TOPIC_NO_PUBLIC_ACCESS", &[TOPIC], no_public_access),
];

fn encrypted(item: &Item, parameters: &Parameters) -> Verdict {
    let Some(key) = read::text(item, &["KmsMasterKeyId"]) else {
        return Verdict::NonCompliant("The topic is not encrypted with a KMS key.".into());
    };
    // An id may be written alone or as the end of the key's ARN.
    let is = |listed: &&str| *listed == key || key.ends_with(&format!(":key/{listed}"));
    match parameters.list("kmsKeyIds") {
        Some(keys) if !keys.iter().any(is) => {
            Verdict::NonCompliant("The topic is not encrypted with one of the keys of kmsKeyIds.".into())
        }
        _ => Verdict::Compliant,
    }
}

fn delivery_logged(item: &Item, _: &Parameters) -> Verdict {
    let logs = item.configuration.as_ref().and_then(wire::Document::as_object).is_some_and(|members| {
        members.iter().any(|(name, value)| {
            name.ends_with("FeedbackRoleArn") && value.as_str().is_some_and(|arn| !arn.is_empty())
        })
    });
    Verdict::require(logs, "The topic does not log the delivery status of its messages.")
}

fn no_public_access(item: &Item, _: &Parameters) -> Verdict {
    let part = read::part(item, "Policy");
    match stated(read::setting(item, &["Policy"]).or(part.as_deref()), Flavour::Sns) {
        Stated::Nothing => Verdict::Compliant,
        Stated::Unreadable => Verdict::NonCompliant(policies::UNREADABLE.into()),
        Stated::Policy(document) => {
            let public = document.statements().iter().find(|statement| statement.admits_everyone());
            Verdict::unless(public.map(|statement| {
                format!("Statement {} of the topic policy allows public access.", policies::name(statement))
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table};
    use wire::document;

    #[test]
    fn keys() {
        let topic = |key: &str| item(TOPIC, "t", document!({ "KmsMasterKeyId": key }));
        table(
            "SNS_ENCRYPTED_KMS",
            &[
                (topic("alias/aws/sns"), "{}", Some(true)),
                (topic("arn:aws:kms:us-east-1:111122223333:key/k"), r#"{"kmsKeyIds":"k"}"#, Some(true)),
                (topic("j"), r#"{"kmsKeyIds":"k"}"#, Some(false)),
                (item(TOPIC, "t", document!({})), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn delivery_status() {
        table(
            "SNS_TOPIC_MESSAGE_DELIVERY_NOTIFICATION_ENABLED",
            &[
                (item(TOPIC, "t", document!({ "SQSFailureFeedbackRoleArn": "arn:r" })), "{}", Some(true)),
                (item(TOPIC, "t", document!({ "SQSFailureFeedbackRoleArn": "" })), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn the_policy_of_a_new_topic_is_not_public() {
        let topic = |condition: &str| {
            let text = format!(
                r#"{{"Version":"2008-10-17","Statement":[{{"Sid":"x","Effect":"Allow","Principal":{{"AWS":"*"}},"Action":["SNS:Publish"],"Resource":"arn:aws:sns:us-east-1:111122223333:t"{condition}}}]}}"#
            );
            item(TOPIC, "t", document!({ "Policy": text }))
        };
        table(
            "SNS_TOPIC_NO_PUBLIC_ACCESS",
            &[
                (
                    topic(r#","Condition":{"StringEquals":{"AWS:SourceOwner":"111122223333"}}"#),
                    "{}",
                    Some(true),
                ),
                (topic(""), "{}", Some(false)),
            ],
        );
    }
}
