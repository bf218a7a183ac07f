//! Rules on CloudFormation stacks.

use super::parameters::text;
use super::{ManagedRule, Parameters, Verdict, read};
use crate::state::Item;

const STACK: &str = "AWS::CloudFormation::Stack";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("CLOUDFORMATION_STACK_NOTIFICATION_CHECK", &[STACK], notifies).with(&[
        text("snsTopic1"),
        text("snsTopic2"),
        text("snsTopic3"),
        text("snsTopic4"),
        text("snsTopic5"),
    ]),
    ManagedRule::item("CLOUDFORMATION_STACK_SERVICE_ROLE_CHECK", &[STACK], service_role),
    ManagedRule::item("CLOUDFORMATION_TERMINATION_PROTECTION_CHECK", &[STACK], protected),
];

fn notifies(item: &Item, parameters: &Parameters) -> Verdict {
    let topics = read::texts(read::setting(item, &["notificationARNs"]));
    if topics.is_empty() {
        return Verdict::NonCompliant("The stack notifies no topic.".into());
    }
    let listed: Vec<&str> =
        (1..=5).filter_map(|number| parameters.text(&format!("snsTopic{number}"))).collect();
    let fits = listed.is_empty() || topics.iter().any(|topic| listed.contains(topic));
    Verdict::require(fits, "The stack notifies none of the rule's topics.")
}

fn service_role(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(read::text(item, &["roleARN"]).is_some(), "The stack has no service role.")
}

fn protected(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(
        read::is_true(read::setting(item, &["enableTerminationProtection"])),
        "Termination protection of the stack is disabled.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table};
    use wire::{Document, document};

    #[test]
    fn topics_role_and_protection() {
        let with = |configuration: Document| item(STACK, "s", configuration);
        let notifying = || with(document!({ "notificationARNs": ["arn:t"] }));
        table(
            "CLOUDFORMATION_STACK_NOTIFICATION_CHECK",
            &[
                (notifying(), "{}", Some(true)),
                (notifying(), r#"{"snsTopic2":"arn:t"}"#, Some(true)),
                (notifying(), r#"{"snsTopic2":"arn:u"}"#, Some(false)),
                (with(document!({ "notificationARNs": [] })), "{}", Some(false)),
            ],
        );
        table(
            "CLOUDFORMATION_STACK_SERVICE_ROLE_CHECK",
            &[
                (with(document!({ "roleARN": "arn:r" })), "{}", Some(true)),
                (with(document!({ "roleARN": null })), "{}", Some(false)),
            ],
        );
        table(
            "CLOUDFORMATION_TERMINATION_PROTECTION_CHECK",
            &[
                (with(document!({ "enableTerminationProtection": true })), "{}", Some(true)),
                (with(document!({ "enableTerminationProtection": false })), "{}", Some(false)),
            ],
        );
    }
}
