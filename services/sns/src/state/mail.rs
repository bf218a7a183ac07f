use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;
use wire::{Document, document};

/// A message in the local mailbox, which stands for all the world's mailboxes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mail {
    /// The account and region of the topic.
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) sent: Timestamp,
    pub(crate) to: String,
    /// Such as `AWS Notifications <no-reply@sns.amazonaws.com>`.
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) topic_arn: String,
    /// `SubscriptionConfirmation`, `Notification` or `UnsubscribeConfirmation`.
    pub(crate) kind: String,
    /// The link in it that confirms or unsubscribes.
    pub(crate) link: String,
}

impl Mail {
    /// As the mailbox page shows it.
    pub(crate) fn document(&self) -> Document {
        document!({
            "id": (self.id.as_str()),
            "sent": (self.sent.iso_millis()),
            "to": (self.to.as_str()),
            "from": (self.from.as_str()),
            "subject": (self.subject.as_str()),
            "body": (self.body.as_str()),
            "topicArn": (self.topic_arn.as_str()),
            "type": (self.kind.as_str()),
            "link": (self.link.as_str()),
        })
    }
}

impl Row for Mail {
    const TABLE: &'static str = "sns.mail";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
}
