use super::text;
use api_config::{ConfigurationItemStatus, RecordingFrequency};
use contract::Relationship;
use names::{Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, Row, StoreError, View};
use wire::Document;

/// A configuration item: a resource as it was found at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Where it was recorded.
    pub(crate) scope: Scope,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
    /// When it was captured; no two items of a resource have the same moment.
    pub(crate) captured: Timestamp,
    /// When it was recorded.
    pub(crate) delivered: Timestamp,
    /// Discovered, changed, gone.
    #[serde(with = "text")]
    pub(crate) status: ConfigurationItemStatus,
    /// The resource's ARN.
    pub(crate) arn: Option<String>,
    /// The resource's name, where it has one.
    pub(crate) name: Option<String>,
    /// The resource's region; `global` where it has none.
    pub(crate) region: String,
    /// The resource's zone.
    pub(crate) availability_zone: Option<String>,
    /// When the resource was made.
    pub(crate) created: Option<Timestamp>,
    /// What the resource is; None where it is gone or not recorded.
    pub(crate) configuration: Option<Document>,
    /// Further parts.
    pub(crate) supplementary: BTreeMap<String, Document>,
    /// To other resources.
    pub(crate) relationships: Vec<Relationship>,
    /// The resource's tags.
    pub(crate) tags: Tags,
    /// How often the type was recorded.
    #[serde(with = "text")]
    pub(crate) frequency: RecordingFrequency,
}

/// What is known of a resource: its last item, and whether it is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tracked {
    /// Where it was recorded.
    pub(crate) scope: Scope,
    /// Its type.
    pub(crate) resource_type: String,
    /// Its id.
    pub(crate) resource_id: String,
    /// Its name, where it has one.
    pub(crate) name: Option<String>,
    /// Its last item's moment.
    pub(crate) captured: Timestamp,
    /// Of its last item's canonical form.
    pub(crate) fingerprint: String,
    /// Its items hold its configuration; otherwise it is only known by its relationship to another resource.
    pub(crate) recorded: bool,
    /// When it was found gone.
    pub(crate) deleted: Option<Timestamp>,
}

/// An item that no history file holds yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Undelivered {
    /// Where it was recorded.
    pub(crate) scope: Scope,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// When it was captured.
    pub(crate) captured: Timestamp,
    /// The resource's id.
    pub(crate) resource_id: String,
}

impl Item {
    /// An item of a resource at its moment.
    pub(crate) fn at(
        view: &View,
        scope: Scope,
        resource: (&str, &str),
        captured: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, (resource.0, resource.1, captured))
    }

    /// The item before a moment.
    pub(crate) fn before(
        view: &View,
        scope: Scope,
        resource: (&str, &str),
        captured: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        view.scan::<Self>(scope, resource).before((resource.0, resource.1, captured)).reverse().first()
    }

    /// The resource's type and id.
    pub(crate) fn resource_key(&self) -> (&str, &str) {
        (&self.resource_type, &self.resource_id)
    }
}

impl Tracked {
    /// It is there, and its items hold its configuration.
    pub(crate) fn is_live(&self) -> bool {
        self.recorded && self.deleted.is_none()
    }
}

impl Row for Item {
    const TABLE: &'static str = "config.items";
    type Key = (String, String, Timestamp);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.resource_id.clone(), self.captured)
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("captured", self.captured)]
    }
}

impl Row for Tracked {
    const TABLE: &'static str = "config.resources";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.resource_id.clone())
    }
}

impl Row for Undelivered {
    const TABLE: &'static str = "config.undelivered_items";
    type Key = (String, Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.captured, self.resource_id.clone())
    }
}
