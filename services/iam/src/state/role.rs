use super::item;
use super::{Entity, EntityPolicies, InstanceProfile, name_key};
use contract::{Description, Resource};
use names::{AccountId, Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    /// The trust policy as written.
    pub(crate) trust: String,
    /// The users and roles that it names: ARN to the unique id that it had when it was written.
    pub(crate) trusted: BTreeMap<String, String>,
    pub(crate) description: Option<String>,
    /// Seconds.
    pub(crate) max_session: i32,
    pub(crate) boundary: Option<String>,
    pub(crate) tags: Tags,
    pub(crate) policies: EntityPolicies,
    /// Keys of the instance profiles that hold it.
    pub(crate) instance_profiles: BTreeSet<String>,
    /// The service that it is linked to.
    pub(crate) service: Option<String>,
}

impl Entity for Role {
    const NOUN: &'static str = "role";
    const TITLE: &'static str = "Role";
    const INLINE_LIMIT: usize = 10240;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerRole";

    fn account(&self) -> AccountId {
        self.account
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
    fn path(&self) -> &str {
        &self.path
    }
    fn arn(&self) -> String {
        Arn::new("iam", self.scope(), format!("role{}{}", self.path, self.name)).to_string()
    }
    fn policies(&self) -> &EntityPolicies {
        &self.policies
    }
    fn policies_mut(&mut self) -> &mut EntityPolicies {
        &mut self.policies
    }
    fn boundary(&self) -> Option<&str> {
        self.boundary.as_deref()
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn service_linked(&self) -> Option<&str> {
        self.service.as_deref()
    }
}

impl Row for Role {
    const TABLE: &'static str = "iam.roles";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }
    fn key(&self) -> String {
        name_key(&self.name)
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        self.entity_indexes()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Role {
    const TYPE: ResourceType = ResourceType("AWS::IAM::Role");
    const GLOBAL: bool = true;

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(self.name.clone()),
            arn: self.arn(),
        }
    }

    /// As `GetAccountAuthorizationDetails` describes it. `roleLastUsed` is left null: it changes without a change of the role.
    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let mut profiles = Vec::new();
        for key in &self.instance_profiles {
            if let Some(profile) = view.get::<InstanceProfile>(self.scope(), key.as_str())? {
                profiles.push(self.profile(&profile));
            }
        }
        let arn = self.arn();
        let (path, name, id) = (self.path.as_str(), self.name.as_str(), self.id.as_str());
        let created = self.created.iso_millis();
        let trust = crate::documents::encoded(&crate::principals::effective_trust(view, self)?);
        let mut configuration = document!({
            "path": path, "roleName": name, "roleId": id, "arn": arn, "createDate": created,
            "assumeRolePolicyDocument": trust
        });
        configuration.set("instanceProfileList", Document::Array(profiles));
        configuration.set("rolePolicyList", item::inline_list(self));
        configuration.set("attachedManagedPolicies", item::attached_list(self));
        configuration.set("permissionsBoundary", item::boundary(self));
        configuration.set("tags", item::tag_list(&self.tags));
        configuration.set("roleLastUsed", Document::Null);
        let relationships = item::to_policies(self, view)?;
        Ok(item::item(self.identity(), self.created, configuration, relationships, self.tags.clone()))
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Self::by_id(view, scope.account, id)
    }
}

impl Role {
    /// An instance profile in the role's item.
    fn profile(&self, profile: &InstanceProfile) -> Document {
        let (created, role_created) = (profile.created.iso_millis(), self.created.iso_millis());
        let (arn, role_arn) = (profile.arn(), self.arn());
        document!({
            "path": (profile.path.as_str()),
            "instanceProfileName": (profile.name.as_str()),
            "instanceProfileId": (profile.id.as_str()),
            "arn": arn,
            "createDate": created,
            "roles": [{
                "path": (self.path.as_str()),
                "roleName": (self.name.as_str()),
                "roleId": (self.id.as_str()),
                "arn": role_arn,
                "createDate": role_created
            }]
        })
    }
}
