use super::{Entity, Group, Role, User, item, name_key};
use contract::{Description, Relationship, Resource};
use names::{AccountId, Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A managed policy of an account's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManagedPolicy {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) tags: Tags,
    /// In the order of creation, five at most, never none.
    pub(crate) versions: Vec<Version>,
    /// The number of the default version.
    pub(crate) default: u32,
    /// The number that the next version gets.
    pub(crate) next: u32,
    /// Unique ids of the users, groups and roles that it is attached to: they change with each attachment, and so does this row.
    pub(crate) attached_to: BTreeSet<String>,
    /// Unique ids of the users and roles whose permissions boundary it is.
    pub(crate) boundary_of: BTreeSet<String>,
}

/// A version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    /// 1 for `v1`.
    pub(crate) number: u32,
    pub(crate) document: String,
    pub(crate) created: Timestamp,
}

impl Version {
    /// `v1`
    pub(crate) fn id(&self) -> String {
        format!("v{}", self.number)
    }
}

impl ManagedPolicy {
    pub(crate) fn arn(&self) -> String {
        Arn::new("iam", self.scope(), format!("policy{}{}", self.path, self.name)).to_string()
    }

    /// By ARN, where it is this account's and is written exactly so.
    pub(crate) fn by_arn(view: &View, account: AccountId, arn: &str) -> Result<Option<Self>, StoreError> {
        let name = crate::managed::name_of(arn);
        let found = view.get::<Self>(Scope::global(account), name_key(name).as_str())?;
        Ok(found.filter(|policy| policy.arn() == arn))
    }

    pub(crate) fn by_id(view: &View, account: AccountId, id: &str) -> Result<Option<Self>, StoreError> {
        view.first_by_index::<Self>(Scope::global(account), "id", id)
    }

    /// The default version's document; there is always one.
    pub(crate) fn document(&self) -> &str {
        let version = self.versions.iter().find(|version| version.number == self.default);
        version.map(|version| version.document.as_str()).unwrap_or_default()
    }
}

impl Row for ManagedPolicy {
    const TABLE: &'static str = "iam.policies";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }
    fn key(&self) -> String {
        name_key(&self.name)
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("id", self.id.as_str())]
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for ManagedPolicy {
    const TYPE: ResourceType = ResourceType("AWS::IAM::Policy");
    const GLOBAL: bool = true;

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(self.name.clone()),
            arn: self.arn(),
        }
    }

    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let (arn, default) = (self.arn(), format!("v{}", self.default));
        let (created, updated) = (self.created.iso_millis(), self.updated.iso_millis());
        let count = |ids: &BTreeSet<String>| i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let (attached, bounds) = (count(&self.attached_to), count(&self.boundary_of));
        let mut configuration = document!({
            "policyName": (self.name.as_str()), "policyId": (self.id.as_str()), "arn": arn, "path": (self.path.as_str()),
            "defaultVersionId": default, "attachmentCount": attached, "permissionsBoundaryUsageCount": bounds,
            "isAttachable": true
        });
        configuration.set("description", self.description.as_deref().map_or(Document::Null, Document::from));
        configuration.set("createDate", created);
        configuration.set("updateDate", updated);
        let versions = self.versions.iter().rev().map(|version| {
            let encoded = crate::documents::encoded(&version.document);
            let (id, created) = (version.id(), version.created.iso_millis());
            let default = version.number == self.default;
            document!({ "document": encoded, "versionId": id, "isDefaultVersion": default, "createDate": created })
        });
        configuration.set("policyVersionList", Document::Array(versions.collect()));
        let relationships = self.relationships(view)?;
        Ok(item::item(self.identity(), self.created, configuration, relationships, self.tags.clone()))
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Self::by_id(view, scope.account, id)
    }
}

impl ManagedPolicy {
    fn relationships(&self, view: &View) -> Result<Vec<Relationship>, StoreError> {
        let mut relationships = Vec::new();
        for id in &self.attached_to {
            let name = match id.get(..4) {
                Some("AIDA") => User::by_id(view, self.account, id)?.map(|user| (User::TYPE, user.name)),
                Some("AGPA") => Group::by_id(view, self.account, id)?.map(|group| (Group::TYPE, group.name)),
                _ => Role::by_id(view, self.account, id)?.map(|role| (Role::TYPE, role.name)),
            };
            if let Some((resource_type, name)) = name {
                let noun = resource_type.as_str().rsplit(':').next().unwrap_or_default();
                relationships.push(Relationship {
                    resource_type: resource_type.as_str().into(),
                    id: Some(id.clone()),
                    name: Some(name),
                    relation: format!("Is attached to {noun}"),
                });
            }
        }
        Ok(relationships)
    }
}
