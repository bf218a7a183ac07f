//! What the tests store.

use names::{ResourceType, Scope};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, ResourceIdentity, Row, StoreError};

/// A resource with indexes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Topic {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) labels: Vec<String>,
    /// Not yet a resource.
    pub(crate) pending: bool,
}

impl Topic {
    pub(crate) fn new(scope: Scope, name: &str, owner: &str) -> Self {
        Self { scope, name: name.into(), owner: owner.into(), labels: Vec::new(), pending: false }
    }
}

impl Row for Topic {
    const TABLE: &'static str = "test.topics";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let mut entries = vec![
            IndexEntry::new("by-owner", (&self.owner, &self.name)),
            IndexEntry::global("everywhere", self.name.as_str()),
        ];
        entries.extend(self.labels.iter().map(|label| IndexEntry::new("by-label", label)));
        entries
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        (!self.pending).then(|| ResourceIdentity {
            resource_type: ResourceType("AWS::Test::Topic"),
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: format!("arn:aws:test:::{}", self.name),
        })
    }
}

/// Plain data with a key of several elements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) scope: Scope,
    pub(crate) queue: String,
    pub(crate) number: u64,
    pub(crate) text: String,
}

impl Message {
    pub(crate) fn new(scope: Scope, queue: &str, number: u64, text: &str) -> Self {
        Self { scope, queue: queue.into(), number, text: text.into() }
    }
}

impl Row for Message {
    const TABLE: &'static str = "test.messages";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> (String, u64) {
        (self.queue.clone(), self.number)
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-text", &self.text)]
    }
}

/// A number that is counted up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counter {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) value: i64,
}

impl Row for Counter {
    const TABLE: &'static str = "test.counters";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}

/// Version 1 of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LimitV1 {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) seconds: u32,
}

impl Row for LimitV1 {
    const TABLE: &'static str = "test.limits";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}

/// Version 2 of the same row: another unit, and an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LimitV2 {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) millis: u64,
}

impl Row for LimitV2 {
    const TABLE: &'static str = "test.limits";
    const VERSION: u16 = 2;
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("by-millis", self.millis)]
    }

    fn migrate(version: u16, bytes: &[u8]) -> Result<Self, StoreError> {
        match version {
            1 => {
                let LimitV1 { scope, name, seconds } = Self::decode_as(version, bytes)?;
                Ok(Self { scope, name, millis: u64::from(seconds) * 1000 })
            }
            _ => Err(StoreError::UnknownVersion { table: Self::TABLE, version, current: Self::VERSION }),
        }
    }
}
