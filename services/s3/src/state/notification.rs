use names::Arn;
use serde::{Deserialize, Serialize};

/// Whom a bucket tells of what happens to its objects.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Notification {
    pub(crate) rules: Vec<NotificationRule>,
    /// Everything is told to EventBridge.
    pub(crate) event_bridge: bool,
}

/// Events of objects whose keys fit, to one destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NotificationRule {
    pub(crate) id: String,
    pub(crate) destination: Destination,
    /// Such as `s3:ObjectCreated:*`.
    pub(crate) events: Vec<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) suffix: Option<String>,
}

/// Where events are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Destination {
    Queue(Arn),
    Topic(Arn),
    Function(Arn),
}

impl Destination {
    pub(crate) fn arn(&self) -> &Arn {
        match self {
            Self::Queue(arn) | Self::Topic(arn) | Self::Function(arn) => arn,
        }
    }
}

/// Every event that a rule may name, without `s3:`. Wild cards end in `:*`.
pub(crate) const EVENTS: [&str; 27] = [
    "ReducedRedundancyLostObject",
    "ObjectCreated:*",
    "ObjectCreated:Put",
    "ObjectCreated:Post",
    "ObjectCreated:Copy",
    "ObjectCreated:CompleteMultipartUpload",
    "ObjectRemoved:*",
    "ObjectRemoved:Delete",
    "ObjectRemoved:DeleteMarkerCreated",
    "ObjectRestore:*",
    "ObjectRestore:Post",
    "ObjectRestore:Completed",
    "ObjectRestore:Delete",
    "Replication:*",
    "Replication:OperationFailedReplication",
    "Replication:OperationNotTracked",
    "Replication:OperationMissedThreshold",
    "Replication:OperationReplicatedAfterThreshold",
    "LifecycleTransition",
    "IntelligentTiering",
    "ObjectAcl:Put",
    "LifecycleExpiration:*",
    "LifecycleExpiration:Delete",
    "LifecycleExpiration:DeleteMarkerCreated",
    "ObjectTagging:*",
    "ObjectTagging:Put",
    "ObjectTagging:Delete",
];

/// Whether a rule's event (`s3:ObjectCreated:*`) includes another event (`s3:ObjectCreated:Put`).
pub(crate) fn includes(wide: &str, narrow: &str) -> bool {
    wide == narrow || wide.strip_suffix('*').is_some_and(|family| narrow.starts_with(family))
}

impl NotificationRule {
    /// Whether it wants an event (`ObjectCreated:Put`) of a key.
    pub(crate) fn wants(&self, event: &str, key: &str) -> bool {
        let event = format!("s3:{event}");
        self.events.iter().any(|wanted| includes(wanted, &event))
            && self.prefix.as_deref().is_none_or(|prefix| key.starts_with(prefix))
            && self.suffix.as_deref().is_none_or(|suffix| key.ends_with(suffix))
    }

    /// Whether some event of some key would be told by both rules, which S3 does not have.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let common = |one: &str| other.events.iter().any(|two| includes(one, two) || includes(two, one));
        let (prefix, others) = (text(&self.prefix), text(&other.prefix));
        let (suffix, others_suffix) = (text(&self.suffix), text(&other.suffix));
        self.events.iter().any(|event| common(event))
            && (prefix.starts_with(others) || others.starts_with(prefix))
            && (suffix.ends_with(others_suffix) || others_suffix.ends_with(suffix))
    }

    pub(crate) fn is_filtered(&self) -> bool {
        !text(&self.prefix).is_empty() || !text(&self.suffix).is_empty()
    }
}

fn text(filter: &Option<String>) -> &str {
    filter.as_deref().unwrap_or_default()
}
