//! Who uses a managed policy.

use super::{Iam, Result};
use crate::page::page;
use crate::state::{Entity, Group, Role, User};
use crate::{authority, managed, refusal};
use api_iam::{
    EntityType, ListEntitiesForPolicy, ListEntitiesForPolicyOutput, PolicyGroup, PolicyRole, PolicyUsageType,
    PolicyUser,
};
use contract::{Access, Call, Registration, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

pub(super) fn register(registration: Registration) -> Registration {
    registration.transact::<Iam, ListEntitiesForPolicy>()
}

/// Users, groups and roles by a key that puts them in that order.
type Users = BTreeMap<String, (EntityType, String, String)>;

fn collect<E: Entity>(
    view: &View,
    call: &Call,
    input: &ListEntitiesForPolicy,
    kind: EntityType,
    into: &mut Users,
) -> Result<()> {
    if input.entity_filter.is_some_and(|wanted| wanted != kind) {
        return Ok(());
    }
    let prefix = input.path_prefix.as_deref().unwrap_or("/");
    let indexes = match input.policy_usage_filter {
        Some(PolicyUsageType::PermissionsPolicy) => &["attached"][..],
        Some(PolicyUsageType::PermissionsBoundary) => &["boundary"][..],
        None => &["attached", "boundary"][..],
    };
    for index in indexes {
        for entity in view.by_index::<E>(call.global_scope(), index, input.policy_arn.as_str())? {
            if entity.path().starts_with(prefix) {
                let key = format!("{}/{}", E::NOUN, entity.name());
                into.insert(key, (kind, entity.name().to_owned(), entity.id().to_owned()));
            }
        }
    }
    Ok(())
}

impl Transact<ListEntitiesForPolicy> for Iam {
    fn access(input: &ListEntitiesForPolicy, call: &Call, view: &View) -> Access {
        authority::on_policy("iam:ListEntitiesForPolicy", &input.policy_arn, call, view)
    }

    fn run(input: ListEntitiesForPolicy, call: &Call, tx: &mut Tx) -> Result<ListEntitiesForPolicyOutput> {
        managed::check_arn(&input.policy_arn)?;
        if managed::find(tx, call.account, &input.policy_arn)?.is_none() {
            return Err(refusal::no_policy(&input.policy_arn));
        }
        let mut users = Users::new();
        collect::<User>(tx, call, &input, EntityType::User, &mut users)?;
        collect::<Group>(tx, call, &input, EntityType::Group, &mut users)?;
        collect::<Role>(tx, call, &input, EntityType::Role, &mut users)?;
        let page = page(users, |(key, _)| key.clone(), input.marker.as_deref(), input.max_items)?;
        let mut output = ListEntitiesForPolicyOutput {
            policy_groups: Some(Vec::new()),
            policy_users: Some(Vec::new()),
            policy_roles: Some(Vec::new()),
            is_truncated: page.truncated(),
            marker: page.marker,
        };
        for (_, (kind, name, id)) in page.items {
            let (name, id) = (Some(name), Some(id));
            match kind {
                EntityType::User => output
                    .policy_users
                    .get_or_insert_default()
                    .push(PolicyUser { user_name: name, user_id: id }),
                EntityType::Group => {
                    output
                        .policy_groups
                        .get_or_insert_default()
                        .push(PolicyGroup { group_name: name, group_id: id });
                }
                _ => output
                    .policy_roles
                    .get_or_insert_default()
                    .push(PolicyRole { role_name: name, role_id: id }),
            }
        }
        Ok(output)
    }
}
