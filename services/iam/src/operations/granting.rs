//! Which policies let an identity into a service.

use super::simulation::on_entity;
use super::{Iam, Result, entities};
use crate::page::page;
use crate::state::{Entity, Group, Role, User};
use crate::{documents, facts, last_access, managed, refusal};
use api_iam::{
    ListPoliciesGrantingServiceAccess, ListPoliciesGrantingServiceAccessEntry,
    ListPoliciesGrantingServiceAccessOutput, PolicyGrantingServiceAccess, PolicyOwnerEntityType, PolicyType,
};
use contract::{Access, Call, Registration, Transact};
use names::Arn;
use policy::{Document, Kind};
use std::sync::Arc;
use store::{StoreError, Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration.transact::<Iam, ListPoliciesGrantingServiceAccess>()
}

type Policies = Vec<(PolicyGrantingServiceAccess, Arc<Document>)>;

/// An entity's inline and attached policies.
fn collect<E: Entity>(view: &View, entity: &E, of: PolicyOwnerEntityType, into: &mut Policies) -> Result<()> {
    let unreadable = |name: &str, error: policy::ParseError| {
        StoreError::Corrupt(format!("the stored policy {name} cannot be parsed: {error}"))
    };
    for (name, text) in &entity.policies().inline {
        let document = documents::parsed(text, Kind::Identity).map_err(|error| unreadable(name, error))?;
        let told = PolicyGrantingServiceAccess {
            policy_name: name.clone(),
            policy_type: PolicyType::Inline,
            policy_arn: None,
            entity_type: Some(of),
            entity_name: Some(entity.name().to_owned()),
        };
        into.push((told, document));
    }
    for arn in &entity.policies().attached {
        let document = match managed::find(view, entity.account(), arn)? {
            Some(managed::Managed::Aws(policy)) => policy.parsed()?,
            Some(managed::Managed::Own(policy)) => {
                documents::parsed(policy.document(), Kind::Managed).map_err(|error| unreadable(arn, error))?
            }
            None => return Err(StoreError::Corrupt(format!("the attached policy {arn} is gone")).into()),
        };
        let told = PolicyGrantingServiceAccess {
            policy_name: managed::name_of(arn).to_owned(),
            policy_type: PolicyType::Managed,
            policy_arn: Some(arn.clone()),
            entity_type: None,
            entity_name: None,
        };
        into.push((told, document));
    }
    Ok(())
}

fn policies(view: &View, call: &Call, arn: &str) -> Result<Policies> {
    let invalid = || refusal::invalid_input(format!("Invalid ARN: {arn}"));
    let parsed: Arn = arn.parse().map_err(|_| invalid())?;
    let (noun, rest) =
        parsed.resource.split_once('/').filter(|_| parsed.service == "iam").ok_or_else(invalid)?;
    let name = rest.rsplit('/').next().unwrap_or(rest);
    let mut policies = Policies::new();
    match noun {
        "user" => {
            let user = entities::existing::<User>(view, call, name)?;
            collect(view, &user, PolicyOwnerEntityType::User, &mut policies)?;
            for group in user.group_rows(view)? {
                collect(view, &group, PolicyOwnerEntityType::Group, &mut policies)?;
            }
        }
        "group" => {
            let group = entities::existing::<Group>(view, call, name)?;
            collect(view, &group, PolicyOwnerEntityType::Group, &mut policies)?;
        }
        "role" => {
            let role = entities::existing::<Role>(view, call, name)?;
            collect(view, &role, PolicyOwnerEntityType::Role, &mut policies)?;
        }
        _ => return Err(invalid()),
    }
    Ok(policies)
}

impl Transact<ListPoliciesGrantingServiceAccess> for Iam {
    fn access(input: &ListPoliciesGrantingServiceAccess, call: &Call, view: &View) -> Access {
        on_entity("iam:ListPoliciesGrantingServiceAccess", &input.arn, call, view)
    }

    fn run(
        input: ListPoliciesGrantingServiceAccess,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListPoliciesGrantingServiceAccessOutput> {
        if let Some(unknown) = input.service_namespaces.iter().find(|prefix| !facts::is_service(prefix)) {
            return Err(refusal::invalid_input(format!("Invalid service namespace: {unknown}")));
        }
        let policies = policies(tx, call, &input.arn)?;
        let namespaces = input.service_namespaces.into_iter().enumerate();
        let page = page(namespaces, |(place, _)| format!("{place:04}"), input.marker.as_deref(), None)?;
        let is_truncated = page.truncated();
        let entries = page.items.into_iter().map(|(_, prefix)| {
            let granting = policies.iter().filter(|(_, document)| last_access::grants(document, &prefix));
            let granting = granting.map(|(told, _)| told.clone()).collect();
            ListPoliciesGrantingServiceAccessEntry {
                service_namespace: Some(prefix),
                policies: Some(granting),
            }
        });
        Ok(ListPoliciesGrantingServiceAccessOutput {
            policies_granting_service_access: entries.collect(),
            is_truncated,
            marker: page.marker,
        })
    }
}
