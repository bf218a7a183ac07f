use super::{Iam, Result, entities};
use crate::ids::Unique;
use crate::page::page;
use crate::state::{Entity, EntityPolicies, Group, name_key};
use crate::{answers, authority, refusal};
use api_iam::{
    CreateGroup, CreateGroupOutput, DeleteGroup, DeleteGroupOutput, GetGroup, GetGroupOutput, ListGroups,
    ListGroupsOutput, UpdateGroup, UpdateGroupOutput,
};
use contract::{Access, Call, Registration, Transact};
use std::collections::BTreeSet;
use store::{Row, Tx, View};

const MOST_GROUPS: usize = 300;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateGroup>()
        .transact::<Iam, GetGroup>()
        .transact::<Iam, ListGroups>()
        .transact::<Iam, UpdateGroup>()
        .transact::<Iam, DeleteGroup>()
}

impl Transact<CreateGroup> for Iam {
    fn access(input: &CreateGroup, call: &Call, _: &View) -> Access {
        authority::on_new("iam:CreateGroup", "group", input.path.as_deref(), &input.group_name, call)
    }

    fn run(input: CreateGroup, call: &Call, tx: &mut Tx) -> Result<CreateGroupOutput> {
        entities::new::<Group>(tx, call, &input.group_name, MOST_GROUPS)?;
        let group = Group {
            account: call.account,
            name: input.group_name,
            path: input.path.unwrap_or_else(|| "/".into()),
            id: Unique::Group.id(&call.entropy),
            created: crate::state::moment(call),
            policies: EntityPolicies::default(),
            members: BTreeSet::new(),
        };
        let answer = answers::group(&group);
        tx.insert(group)?;
        Ok(CreateGroupOutput { group: answer })
    }
}

impl Transact<GetGroup> for Iam {
    fn access(input: &GetGroup, call: &Call, view: &View) -> Access {
        authority::on::<Group>("iam:GetGroup", &input.group_name, call, view)
    }

    fn run(input: GetGroup, call: &Call, tx: &mut Tx) -> Result<GetGroupOutput> {
        let group = entities::existing::<Group>(tx, call, &input.group_name)?;
        let mut users = group.users(tx)?;
        users.sort_by_key(|user| name_key(&user.name));
        let page = page(users, |user| name_key(&user.name), input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let users = page.items.iter().map(|user| answers::user(user, false)).collect();
        Ok(GetGroupOutput { group: answers::group(&group), users, is_truncated, marker: page.marker })
    }
}

impl Transact<ListGroups> for Iam {
    fn access(input: &ListGroups, call: &Call, _: &View) -> Access {
        let prefix = input.path_prefix.as_deref().unwrap_or("/");
        Access::on("iam:ListGroups", authority::arn(call, format!("group{prefix}")))
    }

    fn run(input: ListGroups, call: &Call, tx: &mut Tx) -> Result<ListGroupsOutput> {
        let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
        let groups = tx.list::<Group>(call.global_scope())?;
        let groups = groups.into_iter().filter(|group| group.path.starts_with(&prefix));
        let page = page(groups, |group| name_key(&group.name), input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let groups = page.items.iter().map(answers::group).collect();
        Ok(ListGroupsOutput { groups, is_truncated, marker: page.marker })
    }
}

impl Transact<UpdateGroup> for Iam {
    /// Renaming needs the permission on the new name too.
    fn access(input: &UpdateGroup, call: &Call, view: &View) -> Access {
        let access = authority::on::<Group>("iam:UpdateGroup", &input.group_name, call, view);
        let Ok(Some(group)) = Group::named(view, call.account, &input.group_name) else { return access };
        let path = input.new_path.as_deref().unwrap_or(&group.path);
        let name = input.new_group_name.as_deref().unwrap_or(&group.name);
        let new = authority::arn(call, format!("group{path}{name}"));
        if new == group.arn() { access } else { access.and(contract::Check::new("iam:UpdateGroup", new)) }
    }

    fn run(input: UpdateGroup, call: &Call, tx: &mut Tx) -> Result<UpdateGroupOutput> {
        let mut group = entities::existing::<Group>(tx, call, &input.group_name)?;
        let old_key = group.key();
        group.path = input.new_path.unwrap_or(group.path);
        if let Some(name) = input.new_group_name {
            if name_key(&name) != old_key && Group::named(tx, call.account, &name)?.is_some() {
                return Err(refusal::taken::<Group>(&name));
            }
            group.name = name;
        }
        if group.key() != old_key {
            tx.remove::<Group>(call.global_scope(), old_key.as_str())?;
        }
        tx.put(group)?;
        Ok(UpdateGroupOutput {})
    }
}

impl Transact<DeleteGroup> for Iam {
    fn access(input: &DeleteGroup, call: &Call, view: &View) -> Access {
        authority::on::<Group>("iam:DeleteGroup", &input.group_name, call, view)
    }

    fn run(input: DeleteGroup, call: &Call, tx: &mut Tx) -> Result<DeleteGroupOutput> {
        let group = entities::existing::<Group>(tx, call, &input.group_name)?;
        if !group.members.is_empty() {
            return Err(refusal::conflict("Cannot delete entity, must remove users from group first."));
        }
        entities::without_policies(&group)?;
        entities::delete(tx, &group)?;
        Ok(DeleteGroupOutput {})
    }
}
