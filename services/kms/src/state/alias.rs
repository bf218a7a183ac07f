use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::document;

/// A name of a key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Alias {
    pub(crate) scope: Scope,
    /// With `alias/`.
    pub(crate) name: String,
    /// The key's id.
    pub(crate) target: String,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
}

impl Alias {
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("kms", self.scope, self.name.clone())
    }
}

impl Row for Alias {
    const TABLE: &'static str = "kms.aliases";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("target", self.target.as_str())]
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Alias {
    const TYPE: ResourceType = ResourceType("AWS::KMS::Alias");

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: self.arn().to_string(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration: document!({ "AliasName": (self.name.as_str()), "TargetKeyId": (self.target.as_str()) }),
            supplementary: indexmap::IndexMap::new(),
            relationships: Vec::new(),
            tags: Tags::new(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
