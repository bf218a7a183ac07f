//! Rules on queues.

use super::policies::{self, Stated, stated};
use super::{ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use policy::{Document, Flavour};

const QUEUE: &str = "AWS::SQS::Queue";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("SQS_QUEUE_DLQ_CHECK", &[QUEUE], dead_letter_queue),
    ManagedRule::item("SQS_QUEUE_NO_PUBLIC_ACCESS", &[QUEUE], no_public_access),
    ManagedRule::item("SQS_QUEUE_POLICY_FULL_ACCESS_CHECK", &[QUEUE], no_full_access),
];

fn dead_letter_queue(item: &Item, _: &Parameters) -> Verdict {
    let redrive = read::policy_text(read::setting(item, &["RedrivePolicy"]));
    let target = redrive.and_then(|text| wire::Document::parse(&text).ok());
    let has = target.is_some_and(|policy| read::member(&policy, "deadLetterTargetArn").is_some());
    Verdict::require(has, "The queue has no dead-letter queue.")
}

fn judge_policy(item: &Item, judge: impl FnOnce(&Document) -> Option<String>) -> Verdict {
    let part = read::part(item, "Policy");
    match stated(read::setting(item, &["Policy"]).or(part.as_deref()), Flavour::Sqs) {
        Stated::Nothing => Verdict::Compliant,
        Stated::Unreadable => Verdict::NonCompliant(policies::UNREADABLE.into()),
        Stated::Policy(document) => Verdict::unless(judge(&document)),
    }
}

fn no_public_access(item: &Item, _: &Parameters) -> Verdict {
    judge_policy(item, |document| {
        let statement = document.statements().iter().find(|statement| statement.admits_everyone())?;
        Some(format!("Statement {} of the queue policy allows public access.", policies::name(statement)))
    })
}

fn no_full_access(item: &Item, _: &Parameters) -> Verdict {
    judge_policy(item, |document| {
        let full = policies::allows(document).find(|statement| {
            let (negated, actions) = statement.actions();
            negated || actions.iter().any(|action| policies::covers(&action.to_ascii_lowercase(), "sqs:*"))
        })?;
        Some(format!("Statement {} of the queue policy allows all actions.", policies::name(full)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table};
    use wire::document;

    const ARN: &str = "arn:aws:sqs:us-east-1:111122223333:q";

    fn queue(principal: &str, action: &str, condition: &str) -> Item {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"{ARN}","Condition":{condition}}}}}"#
        );
        item(QUEUE, "q", document!({ "Policy": policy }))
    }

    #[test]
    fn a_redrive_policy_names_a_dead_letter_queue() {
        let text = r#"{"deadLetterTargetArn":"arn:d","maxReceiveCount":3}"#;
        table(
            "SQS_QUEUE_DLQ_CHECK",
            &[
                (item(QUEUE, "q", document!({ "RedrivePolicy": text })), "{}", Some(true)),
                (
                    item(QUEUE, "q", document!({ "RedrivePolicy": { "deadLetterTargetArn": "arn:d" } })),
                    "{}",
                    Some(true),
                ),
                (item(QUEUE, "q", document!({ "RedrivePolicy": "" })), "{}", Some(false)),
                (item(QUEUE, "q", document!({})), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn public_access_is_everybody_without_a_fixed_value() {
        let from = r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:bucket"},"StringEquals":{"aws:SourceAccount":"111122223333"}}"#;
        table(
            "SQS_QUEUE_NO_PUBLIC_ACCESS",
            &[
                (item(QUEUE, "q", document!({})), "{}", Some(true)),
                (queue(r#"{"Service":"s3.amazonaws.com"}"#, "sqs:SendMessage", from), "{}", Some(true)),
                (queue(r#"{"AWS":"444455556666"}"#, "sqs:SendMessage", "{}"), "{}", Some(true)),
                (
                    queue(
                        "\"*\"",
                        "sqs:SendMessage",
                        r#"{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
                    ),
                    "{}",
                    Some(true),
                ),
                (queue("\"*\"", "sqs:SendMessage", "{}"), "{}", Some(false)),
                (
                    queue("\"*\"", "sqs:SendMessage", r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:*"}}"#),
                    "{}",
                    Some(false),
                ),
                (item(QUEUE, "q", document!({ "Policy": "{" })), "{}", Some(false)),
            ],
        );
    }

    #[test]
    fn full_access_is_every_action() {
        table(
            "SQS_QUEUE_POLICY_FULL_ACCESS_CHECK",
            &[
                (queue(r#"{"AWS":"444455556666"}"#, "SQS:SendMessage", "{}"), "{}", Some(true)),
                (queue(r#"{"AWS":"444455556666"}"#, "SQS:*", "{}"), "{}", Some(false)),
                (item(QUEUE, "q", document!({})), "{}", Some(true)),
            ],
        );
    }
}
