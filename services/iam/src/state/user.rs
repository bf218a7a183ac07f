use super::item;
use super::{Entity, EntityPolicies, Group, name_key};
use contract::{Description, Relationship, Resource, UserIdentity};
use names::{AccountId, Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) boundary: Option<String>,
    pub(crate) tags: Tags,
    pub(crate) policies: EntityPolicies,
    /// Unique ids of its groups; the groups list it likewise, so that a change of membership is a change of both.
    pub(crate) groups: BTreeSet<String>,
}

impl User {
    /// As a principal with long-term credentials.
    pub(crate) fn principal(&self) -> UserIdentity {
        UserIdentity {
            account: self.account,
            id: self.id.clone(),
            name: self.name.clone(),
            path: self.path.clone(),
            session_issued: None,
        }
    }

    /// Its groups, by name.
    pub(crate) fn group_rows(&self, view: &View) -> Result<Vec<Group>, StoreError> {
        let mut groups = Vec::with_capacity(self.groups.len());
        for id in &self.groups {
            groups.extend(Group::by_id(view, self.account, id)?);
        }
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(groups)
    }
}

impl Entity for User {
    const NOUN: &'static str = "user";
    const TITLE: &'static str = "User";
    const INLINE_LIMIT: usize = 2048;
    const ATTACHED_QUOTA: &'static str = "PoliciesPerUser";

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
        Arn::new("iam", self.scope(), format!("user{}{}", self.path, self.name)).to_string()
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
}

impl Row for User {
    const TABLE: &'static str = "iam.users";
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

impl Resource for User {
    const TYPE: ResourceType = ResourceType("AWS::IAM::User");
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
        let groups = self.group_rows(view)?;
        let (arn, created) = (self.arn(), self.created.iso_millis());
        let mut configuration = document!({
            "path": (self.path.as_str()), "userName": (self.name.as_str()), "userId": (self.id.as_str()), "arn": arn,
            "createDate": created
        });
        configuration.set("userPolicyList", item::inline_list(self));
        let names = groups.iter().map(|group| Document::from(group.name.as_str())).collect();
        configuration.set("groupList", Document::Array(names));
        configuration.set("attachedManagedPolicies", item::attached_list(self));
        configuration.set("permissionsBoundary", item::boundary(self));
        configuration.set("tags", item::tag_list(&self.tags));
        let mut relationships: Vec<Relationship> = groups
            .into_iter()
            .map(|group| Relationship {
                resource_type: Group::TYPE.as_str().into(),
                id: Some(group.id),
                name: Some(group.name),
                relation: "Is attached to Group".into(),
            })
            .collect();
        relationships.extend(item::to_policies(self, view)?);
        Ok(item::item(self.identity(), self.created, configuration, relationships, self.tags.clone()))
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        Self::by_id(view, scope.account, id)
    }
}
