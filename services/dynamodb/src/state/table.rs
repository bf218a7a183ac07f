//! Tables.

use crate::value::{Item, KeyBytes, Value};
use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{ResourceIdentity, Row, StoreError, View};

/// The type of a key's attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyType {
    S,
    N,
    B,
}

/// The key of a table or index: attributes' names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeySchema {
    pub(crate) hash: String,
    pub(crate) range: Option<String>,
}

/// What an index copies beside the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Projected {
    All,
    KeysOnly,
    Include(Vec<String>),
}

/// Read and write units a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Units {
    pub(crate) read: i64,
    pub(crate) write: i64,
}

/// Provisioned units, and their changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Throughput {
    pub(crate) units: Units,
    pub(crate) increased: Option<Timestamp>,
    pub(crate) decreased: Option<Timestamp>,
}

/// The most units a second of a table on demand. It is kept and answered; nothing is throttled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OnDemand {
    pub(crate) read: Option<i64>,
    pub(crate) write: Option<i64>,
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) global: bool,
    pub(crate) key: KeySchema,
    pub(crate) projected: Projected,
    pub(crate) throughput: Throughput,
    pub(crate) on_demand: Option<OnDemand>,
    pub(crate) warm: Option<Units>,
}

/// A stream that is on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StreamSettings {
    pub(crate) label: String,
    /// `NEW_IMAGE` …
    pub(crate) view_type: String,
    pub(crate) shards: u32,
}

/// Encryption with a key of KMS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Encryption {
    pub(crate) key_arn: String,
}

/// Point-in-time recovery that is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recovery {
    pub(crate) since: Timestamp,
    pub(crate) days: i32,
}

/// A resource policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPolicy {
    pub(crate) text: String,
    pub(crate) revision: String,
}

/// Where a restored table came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Restored {
    pub(crate) backup_arn: String,
    pub(crate) table_arn: String,
    pub(crate) at: Timestamp,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    /// The attributes of keys, in the order in which they were defined.
    pub(crate) attributes: Vec<(String, KeyType)>,
    pub(crate) key: KeySchema,
    pub(crate) indexes: Vec<Index>,
    pub(crate) on_demand_billing: bool,
    /// When it last became on-demand.
    pub(crate) on_demand_since: Option<Timestamp>,
    pub(crate) throughput: Throughput,
    pub(crate) on_demand: Option<OnDemand>,
    pub(crate) warm: Option<Units>,
    pub(crate) stream: Option<StreamSettings>,
    pub(crate) latest_stream: Option<String>,
    pub(crate) encryption: Option<Encryption>,
    pub(crate) infrequent_access: Option<bool>,
    pub(crate) class_changed: Option<Timestamp>,
    pub(crate) deletion_protection: bool,
    /// The attribute that ends items.
    pub(crate) time_to_live: Option<String>,
    pub(crate) recovery: Option<Recovery>,
    pub(crate) tags: Tags,
    /// By what they are on: empty for the table, a stream's label.
    pub(crate) policies: BTreeMap<String, StoredPolicy>,
    pub(crate) restored: Option<Restored>,
}

impl KeyType {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
        }
    }
}

impl KeySchema {
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.hash.as_str()).chain(self.range.as_deref())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// Where an item lies; None where it lacks a part of the key.
    pub(crate) fn key_of(&self, item: &Item) -> Option<KeyBytes> {
        let range = match &self.range {
            None => None,
            Some(name) => Some(item.get(name)?),
        };
        Some(KeyBytes::new(item.get(&self.hash)?, range))
    }
}

impl Index {
    pub(crate) fn id(&self, table: &Table) -> String {
        format!("{}/{}", table.id, self.name)
    }

    /// Whether a copy has an attribute.
    pub(crate) fn projects(&self, table: &Table, attribute: &str) -> bool {
        match &self.projected {
            Projected::All => true,
            Projected::KeysOnly => self.key.has(attribute) || table.key.has(attribute),
            Projected::Include(names) => {
                self.key.has(attribute)
                    || table.key.has(attribute)
                    || names.iter().any(|name| name == attribute)
            }
        }
    }

    /// The copy of an item.
    pub(crate) fn copy(&self, table: &Table, item: &Item) -> Item {
        let members = item.iter().filter(|(name, _)| self.projects(table, name));
        members.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl Table {
    pub(crate) fn get(view: &View, scope: Scope, name: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, name)
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("dynamodb", self.scope, format!("table/{}", self.name))
    }

    pub(crate) fn index_arn(&self, index: &str) -> String {
        format!("{}/index/{index}", self.arn())
    }

    pub(crate) fn stream_arn(&self, label: &str) -> String {
        format!("{}/stream/{label}", self.arn())
    }

    pub(crate) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    pub(crate) fn key_type(&self, attribute: &str) -> Option<KeyType> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, key_type)| *key_type)
    }

    /// When time to live ends an item: a whole number of seconds, as AWS reads it.
    pub(crate) fn expiry(&self, item: &Item) -> Option<u64> {
        match item.get(self.time_to_live.as_ref()?)? {
            Value::N(number) => number.whole().and_then(|seconds| u64::try_from(seconds).ok()),
            _ => None,
        }
    }
}

impl Row for Table {
    const TABLE: &'static str = "dynamodb.tables";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(contract::Resource::identity(self))
    }
}
