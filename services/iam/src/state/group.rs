use super::item;
use super::{Entity, EntityPolicies, User, name_key};
use contract::{Description, Relationship, Resource};
use names::{AccountId, Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::document;

/// A group of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) policies: EntityPolicies,
    /// Unique ids of its users.
    pub(crate) members: BTreeSet<String>,
}

impl Group {
    /// Its users, by name.
    pub(crate) fn users(&self, view: &View) -> Result<Vec<User>, StoreError> {
        let mut users = Vec::with_capacity(self.members.len());
        for id in &self.members {
            users.extend(User::by_id(view, self.account, id)?);
        }
        users.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(users)
    }
}

impl Entity for Group {
    const NOUN: &'static str = "group";
    const TITLE: &'static str = "Group";
    const INLINE_LIMIT: usize = 5120;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerGroup";

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
        Arn::new("iam", self.scope(), format!("group{}{}", self.path, self.name)).to_string()
    }
    fn policies(&self) -> &EntityPolicies {
        &self.policies
    }
    fn policies_mut(&mut self) -> &mut EntityPolicies {
        &mut self.policies
    }
    fn boundary(&self) -> Option<&str> {
        None
    }
    fn tags(&self) -> Option<&Tags> {
        None
    }
}

impl Row for Group {
    const TABLE: &'static str = "iam.groups";
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

impl Resource for Group {
    const TYPE: ResourceType = ResourceType("AWS::IAM::Group");
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
        let (arn, created) = (self.arn(), self.created.iso_millis());
        let mut configuration = document!({
            "path": (self.path.as_str()), "groupName": (self.name.as_str()), "groupId": (self.id.as_str()), "arn": arn,
            "createDate": created
        });
        configuration.set("groupPolicyList", item::inline_list(self));
        configuration.set("attachedManagedPolicies", item::attached_list(self));
        let mut relationships: Vec<Relationship> = self
            .users(view)?
            .into_iter()
            .map(|user| Relationship {
                resource_type: User::TYPE.as_str().into(),
                id: Some(user.id),
                name: Some(user.name),
                relation: "Contains User".into(),
            })
            .collect();
        relationships.extend(item::to_policies(self, view)?);
        Ok(item::item(self.identity(), self.created, configuration, relationships, Tags::new()))
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Self::by_id(view, scope.account, id)
    }
}
