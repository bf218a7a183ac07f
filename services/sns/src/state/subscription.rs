use crate::reference::{SubscriptionReference, TopicReference};
use names::{AccountId, Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{IndexEntry, Row, StoreError, View};

/// How long a confirmation can be made.
const TOKEN_LIFE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// How a subscription's messages are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Protocol {
    Email,
    EmailJson,
    Http,
    Lambda,
    Sqs,
}

impl Protocol {
    /// As in requests, and as the key of a message by protocol.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::EmailJson => "email-json",
            Self::Http => "http",
            Self::Lambda => "lambda",
            Self::Sqs => "sqs",
        }
    }
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Standing {
    /// It waits for its confirmation, until the last token ends.
    Pending,
    Confirmed,
    /// It was ended by an unsigned link, and comes back if its endpoint asks for that in time. No list shows it.
    Unsubscribed,
}

/// A subscription, kept in its topic's account and region.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) scope: Scope,
    pub(crate) topic: String,
    pub(crate) id: String,
    /// The account that subscribed.
    pub(crate) owner: AccountId,
    /// The ARN of who subscribed.
    pub(crate) principal: String,
    pub(crate) protocol: Protocol,
    pub(crate) endpoint: String,
    pub(crate) standing: Standing,
    /// Confirmed by a signed call, or by subscribing one's own endpoint.
    pub(crate) confirmed_signed: bool,
    /// Only a signed call may end it.
    pub(crate) authenticate_on_unsubscribe: bool,
    /// SHA-256 of each token that was sent, in hexadecimal, and when it ends.
    pub(crate) tokens: Vec<(String, Timestamp)>,
    /// What was set.
    pub(crate) attributes: BTreeMap<String, String>,
}

impl Subscription {
    pub(crate) fn get(view: &View, subscription: &SubscriptionReference) -> Result<Option<Self>, StoreError> {
        let SubscriptionReference { topic: TopicReference { scope, name }, id } = subscription;
        view.get(*scope, (name, id))
    }

    /// All of a topic, in the order of their ids.
    pub(crate) fn of_topic(view: &View, scope: Scope, topic: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (topic,)).rows()
    }

    /// The one to which a token was sent.
    pub(crate) fn by_token(view: &View, scope: Scope, token: &str) -> Result<Option<Self>, StoreError> {
        view.first_by_index(scope, "token", hashed(token))
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("sns", self.scope, format!("{}:{}", self.topic, self.id))
    }

    pub(crate) fn topic_arn(&self) -> Arn {
        Arn::new("sns", self.scope, self.topic.clone())
    }

    /// Whether it is to be seen: a confirmation that nobody made in time is over.
    pub(crate) fn is_there(&self, now: Timestamp) -> bool {
        match self.standing {
            Standing::Confirmed => true,
            Standing::Pending => self.tokens.iter().any(|(_, ends)| now < *ends),
            Standing::Unsubscribed => false,
        }
    }

    pub(crate) fn is_confirmed(&self) -> bool {
        self.standing == Standing::Confirmed
    }

    /// Takes up a token that will be sent. The last ten can confirm.
    pub(crate) fn expect_token(&mut self, token: &str, now: Timestamp) {
        self.tokens.push((hashed(token), now.plus(TOKEN_LIFE)));
        let surplus = self.tokens.len().saturating_sub(10);
        self.tokens.drain(..surplus);
    }

    /// Whether a token was sent to it and has not ended.
    pub(crate) fn accepts(&self, token: &str, now: Timestamp) -> bool {
        // Hashes are compared: how long that takes says nothing of the token.
        let hash = hashed(token);
        self.tokens.iter().any(|(known, ends)| *known == hash && now < *ends)
    }

    pub(crate) fn is_raw(&self) -> bool {
        self.attributes.get("RawMessageDelivery").is_some_and(|value| value == "true")
    }
}

fn hashed(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl Row for Subscription {
    const TABLE: &'static str = "sns.subscriptions";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.topic.clone(), self.id.clone())
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let mut entries = vec![
            IndexEntry::new("endpoint", (&self.topic, self.protocol.as_str(), &self.endpoint)),
            IndexEntry::global("owner", (self.owner.as_str(), self.scope.region.as_str())),
        ];
        entries.extend(self.tokens.iter().map(|(hash, _)| IndexEntry::new("token", hash)));
        entries
    }
}
