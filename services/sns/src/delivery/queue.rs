//! Deliveries to queues: a SendMessage by the principal `sns.amazonaws.com` for the topic, which the queue's policy must allow.

use super::{Content, Failed, envelope};
use crate::state::Subscription;
use api_sqs::{MessageAttributeValue, SendMessage};
use contract::{Context, Principal, Task};
use names::{Arn, Scope};
use std::collections::BTreeMap;
use wire::Document;

const SERVICE: &str = "sns.amazonaws.com";

/// A queue by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueTarget {
    pub(crate) scope: Scope,
    name: String,
}

impl QueueTarget {
    /// None where the text is no queue's ARN.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let arn: Arn = text.parse().ok()?;
        let scope = arn.scope().filter(|_| arn.service == "sqs" && arn.region.is_some())?;
        let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (arn.resource.len() <= 80 && arn.resource.bytes().all(characters))
            .then_some(Self { scope, name: arn.resource })
    }

    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }

    fn url(&self, endpoint: &str) -> String {
        format!("{}/{}/{}", endpoint.trim_end_matches('/'), self.scope.account, self.name)
    }
}

/// Where a subscription's messages go that cannot be delivered.
pub(crate) fn dead_letter_target(subscription: &Subscription) -> Option<QueueTarget> {
    read_redrive(subscription.attributes.get("RedrivePolicy")?).ok()
}

/// Reads a redrive policy.
pub(crate) fn read_redrive(text: &str) -> Result<QueueTarget, String> {
    let document = Document::parse(text).map_err(|_| "failed to parse JSON.".to_owned())?;
    let members = document.as_object().ok_or("must be a JSON object.")?;
    if let Some(stranger) = members.keys().find(|name| *name != "deadLetterTargetArn") {
        return Err(format!("Unexpected JSON member: {stranger}"));
    }
    let arn = document.get("deadLetterTargetArn").and_then(Document::as_str);
    arn.and_then(QueueTarget::read).ok_or_else(|| "deadLetterTargetArn is an invalid arn".to_owned())
}

pub(super) async fn deliver(
    task: &Task,
    content: &Content,
    subscription: &Subscription,
    target: Option<QueueTarget>,
    context: &Context,
) -> Result<(), Failed> {
    let Some(target) = target else {
        return Err(Failed { why: format!("{} is no queue's ARN", subscription.endpoint), again: false });
    };
    let mut send = SendMessage { queue_url: target.url(&context.endpoint), ..Default::default() };
    match content {
        Content::Notification(published) if subscription.is_raw() => {
            send.message_body.clone_from(&published.body);
            let attributes: BTreeMap<String, MessageAttributeValue> = published
                .attributes
                .iter()
                .map(|(name, attribute)| {
                    let value = MessageAttributeValue {
                        data_type: attribute.data_type.clone(),
                        string_value: attribute.text().map(str::to_owned),
                        binary_value: attribute.bytes().map(Into::into),
                        ..Default::default()
                    };
                    (name.clone(), value)
                })
                .collect();
            send.message_attributes = Some(attributes).filter(|attributes| !attributes.is_empty());
        }
        content => {
            let document = envelope::document(content, subscription, &context.endpoint, &envelope::HTTP);
            send.message_body = document.to_string();
        }
    }
    if let Content::Notification(published) = content {
        send.message_group_id.clone_from(&published.group);
    }
    let principal = Principal::service(SERVICE, subscription.scope.account, Some(subscription.topic_arn()));
    let caller = context.caller(principal, target.scope, task.chain.through(SERVICE));
    match caller.call(send).await {
        Ok(_) => Ok(()),
        // A queue that is gone, or does not let SNS in, is a client's mistake, which SNS does not try again.
        Err(error) => Err(Failed {
            why: format!("{}: {}", error.code, error.message),
            again: error.status >= 500 || error.status == 429,
        }),
    }
}
