//! Inline policies of users, groups and roles.

use super::{Iam, Result, entities};
use crate::page::{Page, page};
use crate::state::{Entity, Group, Role, User};
use crate::{authority, documents, refusal};
use api_iam::{
    DeleteGroupPolicy, DeleteGroupPolicyOutput, DeleteRolePolicy, DeleteRolePolicyOutput, DeleteUserPolicy,
    DeleteUserPolicyOutput, GetGroupPolicy, GetGroupPolicyOutput, GetRolePolicy, GetRolePolicyOutput,
    GetUserPolicy, GetUserPolicyOutput, ListGroupPolicies, ListGroupPoliciesOutput, ListRolePolicies,
    ListRolePoliciesOutput, ListUserPolicies, ListUserPoliciesOutput, PutGroupPolicy, PutGroupPolicyOutput,
    PutRolePolicy, PutRolePolicyOutput, PutUserPolicy, PutUserPolicyOutput,
};
use contract::{Access, Call, Registration, Transact};
use policy::Kind;
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, PutUserPolicy>()
        .transact::<Iam, PutGroupPolicy>()
        .transact::<Iam, PutRolePolicy>()
        .transact::<Iam, GetUserPolicy>()
        .transact::<Iam, GetGroupPolicy>()
        .transact::<Iam, GetRolePolicy>()
        .transact::<Iam, DeleteUserPolicy>()
        .transact::<Iam, DeleteGroupPolicy>()
        .transact::<Iam, DeleteRolePolicy>()
        .transact::<Iam, ListUserPolicies>()
        .transact::<Iam, ListGroupPolicies>()
        .transact::<Iam, ListRolePolicies>()
}

fn put<E: Entity>(tx: &mut Tx, call: &Call, name: &str, policy: String, document: String) -> Result<()> {
    let mut entity = entities::modifiable::<E>(tx, call, name)?;
    documents::parsed(&document, Kind::Identity).map_err(|error| refusal::malformed(error.message()))?;
    let inline = &mut entity.policies_mut().inline;
    inline.insert(policy, document);
    let size: usize = inline.values().map(|text| documents::size(text)).sum();
    if size > E::INLINE_LIMIT {
        let (limit, noun) = (E::INLINE_LIMIT, E::NOUN);
        let name = entity.name();
        return Err(refusal::limit_exceeded(format!(
            "Maximum policy size of {limit} bytes exceeded for {noun} {name}"
        )));
    }
    Ok(tx.update(entity)?)
}

fn no_policy<E: Entity>(policy: &str) -> api_iam::Error {
    refusal::no_such(format!("The {} policy with name {policy} cannot be found.", E::NOUN))
}

/// The names as they are written, and the document as answered.
fn get<E: Entity>(view: &View, call: &Call, name: &str, policy: &str) -> Result<(String, String)> {
    let entity = entities::existing::<E>(view, call, name)?;
    let document = entity.policies().inline.get(policy).ok_or_else(|| no_policy::<E>(policy))?;
    Ok((entity.name().to_owned(), documents::encoded(document)))
}

fn delete<E: Entity>(tx: &mut Tx, call: &Call, name: &str, policy: &str) -> Result<()> {
    let mut entity = entities::modifiable::<E>(tx, call, name)?;
    if entity.policies_mut().inline.remove(policy).is_none() {
        return Err(no_policy::<E>(policy));
    }
    Ok(tx.update(entity)?)
}

fn list<E: Entity>(
    view: &View,
    call: &Call,
    name: &str,
    marker: Option<&str>,
    max_items: Option<i32>,
) -> Result<Page<String>> {
    let entity = entities::existing::<E>(view, call, name)?;
    page(entity.policies().inline.keys().cloned(), Clone::clone, marker, max_items)
}

macro_rules! inline_policies {
    ($entity:ty, $field:ident, $put:ident $put_output:ident, $get:ident $get_output:ident, $delete:ident $delete_output:ident, $list:ident $list_output:ident) => {
        impl Transact<$put> for Iam {
            fn access(input: &$put, call: &Call, view: &View) -> Access {
                authority::on_bounded::<$entity>(concat!("iam:", stringify!($put)), &input.$field, call, view)
            }
            fn run(input: $put, call: &Call, tx: &mut Tx) -> Result<$put_output> {
                put::<$entity>(tx, call, &input.$field, input.policy_name, input.policy_document)?;
                Ok($put_output {})
            }
        }

        impl Transact<$get> for Iam {
            fn access(input: &$get, call: &Call, view: &View) -> Access {
                authority::on::<$entity>(concat!("iam:", stringify!($get)), &input.$field, call, view)
            }
            fn run(input: $get, call: &Call, tx: &mut Tx) -> Result<$get_output> {
                let ($field, policy_document) = get::<$entity>(tx, call, &input.$field, &input.policy_name)?;
                Ok($get_output { $field, policy_name: input.policy_name, policy_document })
            }
        }

        impl Transact<$delete> for Iam {
            fn access(input: &$delete, call: &Call, view: &View) -> Access {
                authority::on_bounded::<$entity>(
                    concat!("iam:", stringify!($delete)),
                    &input.$field,
                    call,
                    view,
                )
            }
            fn run(input: $delete, call: &Call, tx: &mut Tx) -> Result<$delete_output> {
                delete::<$entity>(tx, call, &input.$field, &input.policy_name)?;
                Ok($delete_output {})
            }
        }

        impl Transact<$list> for Iam {
            fn access(input: &$list, call: &Call, view: &View) -> Access {
                authority::on::<$entity>(concat!("iam:", stringify!($list)), &input.$field, call, view)
            }
            fn run(input: $list, call: &Call, tx: &mut Tx) -> Result<$list_output> {
                let page =
                    list::<$entity>(tx, call, &input.$field, input.marker.as_deref(), input.max_items)?;
                let is_truncated = page.truncated();
                Ok($list_output { policy_names: page.items, is_truncated, marker: page.marker })
            }
        }
    };
}

inline_policies!(
    User, user_name,
    PutUserPolicy PutUserPolicyOutput, GetUserPolicy GetUserPolicyOutput,
    DeleteUserPolicy DeleteUserPolicyOutput, ListUserPolicies ListUserPoliciesOutput
);
inline_policies!(
    Group, group_name,
    PutGroupPolicy PutGroupPolicyOutput, GetGroupPolicy GetGroupPolicyOutput,
    DeleteGroupPolicy DeleteGroupPolicyOutput, ListGroupPolicies ListGroupPoliciesOutput
);
inline_policies!(
    Role, role_name,
    PutRolePolicy PutRolePolicyOutput, GetRolePolicy GetRolePolicyOutput,
    DeleteRolePolicy DeleteRolePolicyOutput, ListRolePolicies ListRolePoliciesOutput
);
