//! The policies of a user, group or role, brought from what a template said to what it says.

use super::step::{document, gone};
use api_iam::{
    AttachGroupPolicy, AttachRolePolicy, AttachUserPolicy, DeleteGroupPolicy, DeleteRolePolicy,
    DeleteUserPolicy, DetachGroupPolicy, DetachRolePolicy, DetachUserPolicy, PutGroupPolicy, PutRolePolicy,
    PutUserPolicy,
};
use contract::{Caller, HandlerFailure, Properties};
use std::collections::BTreeMap;

/// What kind of entity has policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
    Role,
}

/// A user, group or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) kind: Kind,
    pub(super) name: String,
}

impl Target {
    pub(super) fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }

    pub(super) async fn put(
        &self,
        caller: &Caller,
        policy: &str,
        document: &str,
    ) -> Result<(), HandlerFailure> {
        let (name, policy_name, policy_document) =
            (self.name.clone(), policy.to_owned(), document.to_owned());
        match self.kind {
            Kind::User => {
                caller.call(PutUserPolicy { user_name: name, policy_name, policy_document }).await?;
            }
            Kind::Group => {
                caller.call(PutGroupPolicy { group_name: name, policy_name, policy_document }).await?;
            }
            Kind::Role => {
                caller.call(PutRolePolicy { role_name: name, policy_name, policy_document }).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn delete(&self, caller: &Caller, policy: &str) -> Result<(), HandlerFailure> {
        let (name, policy_name) = (self.name.clone(), policy.to_owned());
        match self.kind {
            Kind::User => gone(caller.call(DeleteUserPolicy { user_name: name, policy_name }).await),
            Kind::Group => gone(caller.call(DeleteGroupPolicy { group_name: name, policy_name }).await),
            Kind::Role => gone(caller.call(DeleteRolePolicy { role_name: name, policy_name }).await),
        }
    }

    pub(super) async fn attach(&self, caller: &Caller, arn: &str) -> Result<(), HandlerFailure> {
        let (name, policy_arn) = (self.name.clone(), arn.to_owned());
        match self.kind {
            Kind::User => {
                caller.call(AttachUserPolicy { user_name: name, policy_arn }).await?;
            }
            Kind::Group => {
                caller.call(AttachGroupPolicy { group_name: name, policy_arn }).await?;
            }
            Kind::Role => {
                caller.call(AttachRolePolicy { role_name: name, policy_arn }).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn detach(&self, caller: &Caller, arn: &str) -> Result<(), HandlerFailure> {
        let (name, policy_arn) = (self.name.clone(), arn.to_owned());
        match self.kind {
            Kind::User => gone(caller.call(DetachUserPolicy { user_name: name, policy_arn }).await),
            Kind::Group => gone(caller.call(DetachGroupPolicy { group_name: name, policy_arn }).await),
            Kind::Role => gone(caller.call(DetachRolePolicy { role_name: name, policy_arn }).await),
        }
    }

    /// Brings `Policies` and `ManagedPolicyArns` from the old properties (none: from nothing) to the new ones.
    pub(super) async fn reconcile(
        &self,
        caller: &Caller,
        old: Option<&Properties>,
        new: &Properties,
    ) -> Result<(), HandlerFailure> {
        let (was, wanted) = (old.map(Policies::read).transpose()?.unwrap_or_default(), Policies::read(new)?);
        for arn in was.managed.iter().filter(|arn| !wanted.managed.contains(arn)) {
            self.detach(caller, arn).await?;
        }
        for name in was.inline.keys().filter(|name| !wanted.inline.contains_key(*name)) {
            self.delete(caller, name).await?;
        }
        for arn in wanted.managed.iter().filter(|arn| !was.managed.contains(arn)) {
            self.attach(caller, arn).await?;
        }
        for (name, document) in
            wanted.inline.iter().filter(|(name, document)| was.inline.get(*name) != Some(document))
        {
            self.put(caller, name, document).await?;
        }
        Ok(())
    }

    /// Takes away the policies that the template named; others that are there keep the entity from being deleted, as on AWS.
    pub(super) async fn strip(&self, caller: &Caller, properties: &Properties) -> Result<(), HandlerFailure> {
        let policies = Policies::read(properties)?;
        for arn in &policies.managed {
            self.detach(caller, arn).await?;
        }
        for name in policies.inline.keys() {
            self.delete(caller, name).await?;
        }
        Ok(())
    }
}

/// `Policies` and `ManagedPolicyArns`.
#[derive(Debug, Default)]
struct Policies {
    inline: BTreeMap<String, String>,
    managed: Vec<String>,
}

impl Policies {
    fn read(properties: &Properties) -> Result<Self, HandlerFailure> {
        let mut inline = BTreeMap::new();
        for policy in properties.objects("Policies")? {
            policy.only(&["PolicyName", "PolicyDocument"])?;
            inline.insert(policy.required_string("PolicyName")?, document(&policy, "PolicyDocument")?);
        }
        Ok(Self { inline, managed: properties.strings("ManagedPolicyArns")?.unwrap_or_default() })
    }
}

/// The users, groups and roles that a policy's `Users`, `Groups` and `Roles` name.
pub(super) fn targets(properties: &Properties) -> Result<Vec<Target>, HandlerFailure> {
    let mut targets = Vec::new();
    for (kind, name) in [(Kind::User, "Users"), (Kind::Group, "Groups"), (Kind::Role, "Roles")] {
        let names = properties.strings(name)?.unwrap_or_default();
        targets.extend(names.into_iter().map(|name| Target::new(kind, name)));
    }
    Ok(targets)
}
