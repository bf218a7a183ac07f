//! Attached managed policies of users, groups and roles.

use super::{Iam, Result, entities};
use crate::page::{Page, page};
use crate::state::{Entity, Group, Role, User};
use crate::{answers, authority, managed, refusal};
use api_iam::{
    AttachGroupPolicy, AttachGroupPolicyOutput, AttachRolePolicy, AttachRolePolicyOutput, AttachUserPolicy,
    AttachUserPolicyOutput, AttachedPolicy, DetachGroupPolicy, DetachGroupPolicyOutput, DetachRolePolicy,
    DetachRolePolicyOutput, DetachUserPolicy, DetachUserPolicyOutput, ListAttachedGroupPolicies,
    ListAttachedGroupPoliciesOutput, ListAttachedRolePolicies, ListAttachedRolePoliciesOutput,
    ListAttachedUserPolicies, ListAttachedUserPoliciesOutput,
};
use contract::{Access, Call, Registration, Transact};
use store::{Tx, View};

/// The most managed policies of one user, group or role.
const MOST: usize = 10;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, AttachUserPolicy>()
        .transact::<Iam, AttachGroupPolicy>()
        .transact::<Iam, AttachRolePolicy>()
        .transact::<Iam, DetachUserPolicy>()
        .transact::<Iam, DetachGroupPolicy>()
        .transact::<Iam, DetachRolePolicy>()
        .transact::<Iam, ListAttachedUserPolicies>()
        .transact::<Iam, ListAttachedGroupPolicies>()
        .transact::<Iam, ListAttachedRolePolicies>()
}

fn attach<E: Entity>(tx: &mut Tx, call: &Call, name: &str, arn: &str) -> Result<()> {
    let mut entity = entities::modifiable::<E>(tx, call, name)?;
    managed::check_attachable(tx, call.account, arn)?;
    let attached = &mut entity.policies_mut().attached;
    if attached.iter().any(|known| known == arn) {
        return Ok(());
    }
    if attached.len() >= MOST {
        return Err(refusal::quota(E::ATTACHED_QUOTA, MOST));
    }
    attached.push(arn.to_owned());
    managed::note(tx, call.account, arn, |policy| {
        policy.attached_to.insert(entity.id().to_owned());
    })?;
    Ok(tx.update(entity)?)
}

fn detach<E: Entity>(tx: &mut Tx, call: &Call, name: &str, arn: &str) -> Result<()> {
    let mut entity = entities::modifiable::<E>(tx, call, name)?;
    managed::check_arn(arn)?;
    let attached = &mut entity.policies_mut().attached;
    let before = attached.len();
    attached.retain(|known| known != arn);
    if attached.len() == before {
        return Err(refusal::no_policy(arn));
    }
    managed::note(tx, call.account, arn, |policy| {
        policy.attached_to.remove(entity.id());
    })?;
    Ok(tx.update(entity)?)
}

/// Sorted by ARN, so that a marker holds while policies are attached and detached.
fn list<E: Entity>(
    view: &View,
    call: &Call,
    name: &str,
    path_prefix: Option<&str>,
    marker: Option<&str>,
    max_items: Option<i32>,
) -> Result<Page<AttachedPolicy>> {
    let entity = entities::existing::<E>(view, call, name)?;
    let prefix = format!(":policy{}", path_prefix.unwrap_or("/"));
    let mut arns: Vec<String> = entity.policies().attached.clone();
    arns.retain(|arn| arn.contains(&prefix));
    arns.sort();
    Ok(page(arns, Clone::clone, marker, max_items)?.map(|arn| answers::attached(&arn)))
}

macro_rules! attachments {
    ($entity:ty, $field:ident, $attach:ident $attach_output:ident, $detach:ident $detach_output:ident, $list:ident $list_output:ident) => {
        impl Transact<$attach> for Iam {
            fn access(input: &$attach, call: &Call, view: &View) -> Access {
                let action = concat!("iam:", stringify!($attach));
                authority::on_bounded::<$entity>(action, &input.$field, call, view)
                    .with("iam:PolicyARN", [input.policy_arn.as_str()])
            }
            fn run(input: $attach, call: &Call, tx: &mut Tx) -> Result<$attach_output> {
                attach::<$entity>(tx, call, &input.$field, &input.policy_arn)?;
                Ok($attach_output {})
            }
        }

        impl Transact<$detach> for Iam {
            fn access(input: &$detach, call: &Call, view: &View) -> Access {
                let action = concat!("iam:", stringify!($detach));
                authority::on_bounded::<$entity>(action, &input.$field, call, view)
                    .with("iam:PolicyARN", [input.policy_arn.as_str()])
            }
            fn run(input: $detach, call: &Call, tx: &mut Tx) -> Result<$detach_output> {
                detach::<$entity>(tx, call, &input.$field, &input.policy_arn)?;
                Ok($detach_output {})
            }
        }

        impl Transact<$list> for Iam {
            fn access(input: &$list, call: &Call, view: &View) -> Access {
                authority::on::<$entity>(concat!("iam:", stringify!($list)), &input.$field, call, view)
            }
            fn run(input: $list, call: &Call, tx: &mut Tx) -> Result<$list_output> {
                let (prefix, marker) = (input.path_prefix.as_deref(), input.marker.as_deref());
                let page = list::<$entity>(tx, call, &input.$field, prefix, marker, input.max_items)?;
                let is_truncated = page.truncated();
                Ok($list_output { attached_policies: Some(page.items), is_truncated, marker: page.marker })
            }
        }
    };
}

attachments!(
    User, user_name,
    AttachUserPolicy AttachUserPolicyOutput,
    DetachUserPolicy DetachUserPolicyOutput,
    ListAttachedUserPolicies ListAttachedUserPoliciesOutput
);
attachments!(
    Group, group_name,
    AttachGroupPolicy AttachGroupPolicyOutput,
    DetachGroupPolicy DetachGroupPolicyOutput,
    ListAttachedGroupPolicies ListAttachedGroupPoliciesOutput
);
attachments!(
    Role, role_name,
    AttachRolePolicy AttachRolePolicyOutput,
    DetachRolePolicy DetachRolePolicyOutput,
    ListAttachedRolePolicies ListAttachedRolePoliciesOutput
);
