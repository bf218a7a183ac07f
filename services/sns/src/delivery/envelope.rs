//! What subscribers get around a message (<https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html>).

use super::{Asked, Content, Published};
use crate::message::attributes_document;
use crate::state::{Standing, Subscription};
use wire::Document;

/// The kind of a message.
pub(super) fn kind(content: &Content, subscription: &Subscription) -> &'static str {
    match (content, subscription.standing) {
        (Content::Notification(_), _) => "Notification",
        (Content::Token(_), Standing::Unsubscribed) => "UnsubscribeConfirmation",
        (Content::Token(_), _) => "SubscriptionConfirmation",
    }
}

pub(super) fn id(content: &Content) -> &str {
    match content {
        Content::Notification(published) => &published.id,
        Content::Token(asked) => &asked.id,
    }
}

/// The link in a message: to confirm with its token, or to unsubscribe. It leads to this cloud's own address, whatever a caller's Host header says.
pub(super) fn link(content: &Content, subscription: &Subscription, endpoint: &str) -> String {
    let query = match content {
        Content::Token(asked) => {
            format!("Action=ConfirmSubscription&TopicArn={}&Token={}", subscription.topic_arn(), asked.token)
        }
        Content::Notification(_) => format!("Action=Unsubscribe&SubscriptionArn={}", subscription.arn()),
    };
    format!("{}/?{query}&Version=2010-03-31", endpoint.trim_end_matches('/'))
}

/// How JSON names the links to certificate and unsubscription: functions get other capitals than HTTP endpoints.
pub(super) struct Spelling {
    certificate: &'static str,
    unsubscribe: &'static str,
}

pub(super) const HTTP: Spelling = Spelling { certificate: "SigningCertURL", unsubscribe: "UnsubscribeURL" };
pub(super) const LAMBDA: Spelling = Spelling { certificate: "SigningCertUrl", unsubscribe: "UnsubscribeUrl" };

/// The message as JSON. We have no key whose signature AWS's certificates would prove: the signature is empty, so that it cannot be taken for one.
pub(super) fn document(
    content: &Content,
    subscription: &Subscription,
    endpoint: &str,
    spelling: &Spelling,
) -> Document {
    let link = link(content, subscription, endpoint);
    let topic_arn = subscription.topic_arn().to_string();
    let mut document =
        Document::object().with("Type", kind(content, subscription)).with("MessageId", id(content));
    let (at, version) = match content {
        Content::Token(Asked { token, at, .. }) => {
            let message = match subscription.standing {
                Standing::Unsubscribed => format!(
                    "You have chosen to deactivate subscription {}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
                    subscription.arn()
                ),
                _ => format!(
                    "You have chosen to subscribe to the topic {topic_arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message."
                ),
            };
            document = document
                .with("Token", token.as_str())
                .with("TopicArn", topic_arn)
                .with("Message", message)
                .with("SubscribeURL", link.as_str());
            (*at, "1")
        }
        Content::Notification(Published { subject, body, at, signature_version, .. }) => {
            document.set("TopicArn", topic_arn);
            match subject {
                Some(subject) => document.set("Subject", subject.as_str()),
                // Functions find a null, endpoints find nothing.
                None if spelling.unsubscribe == LAMBDA.unsubscribe => document.set("Subject", Document::Null),
                None => {}
            }
            document.set("Message", body.as_str());
            (*at, signature_version.as_str())
        }
    };
    document = document
        .with("Timestamp", at.iso_millis())
        .with("SignatureVersion", version)
        .with("Signature", "")
        .with(spelling.certificate, "");
    if let Content::Notification(published) = content {
        document.set(spelling.unsubscribe, link);
        let is_function = spelling.unsubscribe == LAMBDA.unsubscribe;
        if is_function || !published.attributes.is_empty() {
            document.set("MessageAttributes", attributes_document(&published.attributes));
        }
    }
    document
}
