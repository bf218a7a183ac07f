use crate::reference::QueueReference;
use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use policy::{Flavour, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A queue. What changes with each message is in other rows, so that senders and receivers only read this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Queue {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    /// This queue, among those that had its name.
    pub(crate) id: String,
    /// Under what its messages are kept; another after a purge.
    pub(crate) mailbox: String,
    /// Where its maker reached it, for the URL by which AWS Config knows it.
    pub(crate) endpoint: String,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    /// What was set; AWS's defaults are not stored.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) tags: Tags,
    /// When it was last purged.
    pub(crate) purged: Option<Timestamp>,
}

/// To where, and after how many receives, messages are moved that nobody deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redrive {
    pub(crate) target: String,
    pub(crate) after: u32,
}

impl Queue {
    pub(crate) fn get(view: &View, queue: &QueueReference) -> Result<Option<Self>, StoreError> {
        view.get(queue.scope, &queue.name)
    }

    pub(crate) fn reference(&self) -> QueueReference {
        QueueReference { scope: self.scope, name: self.name.clone() }
    }

    pub(crate) fn arn(&self) -> Arn {
        self.reference().arn()
    }

    pub(crate) fn is_fifo(&self) -> bool {
        self.name.ends_with(".fifo")
    }

    /// A number, or AWS's default.
    pub(crate) fn number(&self, name: &str) -> u32 {
        let set = self.attributes.get(name).and_then(|text| text.parse().ok());
        set.unwrap_or_else(|| crate::attributes::default(name))
    }

    pub(crate) fn is_set(&self, name: &str, value: &str) -> bool {
        self.attributes.get(name).is_some_and(|set| set == value)
    }

    /// Duplicates are found within a group, not within the queue.
    pub(crate) fn deduplicates_by_group(&self) -> bool {
        self.is_set("DeduplicationScope", "messageGroup")
    }

    /// When a message that was sent then is gone.
    pub(crate) fn expiry(&self, sent: Timestamp) -> Timestamp {
        sent.plus(std::time::Duration::from_secs(self.number("MessageRetentionPeriod").into()))
    }

    /// The redrive policy; what is stored could be read when it was set.
    pub(crate) fn redrive(&self) -> Option<Redrive> {
        let policy = Document::parse(self.attributes.get("RedrivePolicy")?).ok()?;
        let count = policy.get("maxReceiveCount")?;
        let count = count.as_i64().or_else(|| count.as_str()?.parse().ok())?;
        Some(Redrive {
            target: policy.get("deadLetterTargetArn")?.as_str()?.to_owned(),
            after: u32::try_from(count).ok()?,
        })
    }

    /// Whether its redrive allow policy takes dead letters of a queue.
    pub(crate) fn takes_dead_letters_of(&self, source: &str) -> bool {
        let Some(text) = self.attributes.get("RedriveAllowPolicy") else { return true };
        let Ok(policy) = Document::parse(text) else { return false };
        match policy.get("redrivePermission").and_then(Document::as_str) {
            Some("allowAll") => true,
            Some("byQueue") => policy
                .get("sourceQueueArns")
                .and_then(Document::as_array)
                .is_some_and(|arns| arns.iter().any(|arn| arn.as_str() == Some(source))),
            _ => false,
        }
    }

    /// The policy, to judge by.
    pub(crate) fn policy(&self) -> Result<Option<Arc<policy::Document>>, policy::ParseError> {
        match self.attributes.get("Policy") {
            None => Ok(None),
            Some(text) => policy::parse(text, Kind::Resource(Flavour::Sqs)).map(Some),
        }
    }

    pub(crate) fn managed_encryption(&self) -> bool {
        match self.attributes.get("SqsManagedSseEnabled") {
            Some(set) => set == "true",
            None => !self.attributes.contains_key("KmsMasterKeyId"),
        }
    }
}

impl Row for Queue {
    const TABLE: &'static str = "sqs.queues";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Queue {
    const TYPE: ResourceType = ResourceType("AWS::SQS::Queue");

    fn identity(&self) -> ResourceIdentity {
        let queue = self.reference();
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: queue.url(&self.endpoint),
            name: Some(self.name.clone()),
            arn: queue.arn().to_string(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let mut configuration = document!({
            "QueueName": (self.name.as_str()),
            "QueueUrl": (self.reference().url(&self.endpoint)),
            "QueueArn": (self.arn().to_string()),
            "CreatedTimestamp": (self.created.iso_millis()),
            "LastModifiedTimestamp": (self.modified.iso_millis()),
            "SqsManagedSseEnabled": (if self.managed_encryption() { "true" } else { "false" }),
        });
        for name in [
            "DelaySeconds",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "ReceiveMessageWaitTimeSeconds",
            "VisibilityTimeout",
        ] {
            configuration.set(name, i64::from(self.number(name)));
        }
        if let Some(key) = self.attributes.get("KmsMasterKeyId") {
            configuration.set("KmsMasterKeyId", key.as_str());
            configuration
                .set("KmsDataKeyReusePeriodSeconds", i64::from(self.number("KmsDataKeyReusePeriodSeconds")));
        }
        for (name, value) in crate::attributes::of_fifo(self) {
            configuration.set(name, value);
        }
        for name in ["Policy", "RedrivePolicy", "RedriveAllowPolicy"] {
            if let Some(text) = self.attributes.get(name) {
                configuration.set(name, text.as_str());
            }
        }
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration,
            supplementary: indexmap::IndexMap::new(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        let name = id.rsplit('/').next().unwrap_or_default();
        let found: Option<Self> = view.get(scope, name)?;
        Ok(found.filter(|queue| queue.identity().id == id))
    }
}
