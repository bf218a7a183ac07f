//! Users in groups.

use super::{Iam, Result, entities};
use crate::page::page;
use crate::state::{Group, User, name_key};
use crate::{answers, authority, refusal};
use api_iam::{
    AddUserToGroup, AddUserToGroupOutput, ListGroupsForUser, ListGroupsForUserOutput, RemoveUserFromGroup,
    RemoveUserFromGroupOutput,
};
use contract::{Access, Call, Registration, Transact};
use store::{Tx, View};

/// The most groups of one user.
const MOST: usize = 10;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, AddUserToGroup>()
        .transact::<Iam, RemoveUserFromGroup>()
        .transact::<Iam, ListGroupsForUser>()
}

impl Transact<AddUserToGroup> for Iam {
    fn access(input: &AddUserToGroup, call: &Call, view: &View) -> Access {
        authority::on::<Group>("iam:AddUserToGroup", &input.group_name, call, view)
    }

    fn run(input: AddUserToGroup, call: &Call, tx: &mut Tx) -> Result<AddUserToGroupOutput> {
        let mut group = entities::existing::<Group>(tx, call, &input.group_name)?;
        let mut user = entities::existing::<User>(tx, call, &input.user_name)?;
        if user.groups.insert(group.id.clone()) && user.groups.len() > MOST {
            return Err(refusal::quota("GroupsPerUser", MOST));
        }
        group.members.insert(user.id.clone());
        tx.update(group)?;
        tx.update(user)?;
        Ok(AddUserToGroupOutput {})
    }
}

impl Transact<RemoveUserFromGroup> for Iam {
    fn access(input: &RemoveUserFromGroup, call: &Call, view: &View) -> Access {
        authority::on::<Group>("iam:RemoveUserFromGroup", &input.group_name, call, view)
    }

    /// A user who is no member is removed already.
    fn run(input: RemoveUserFromGroup, call: &Call, tx: &mut Tx) -> Result<RemoveUserFromGroupOutput> {
        let mut group = entities::existing::<Group>(tx, call, &input.group_name)?;
        let mut user = entities::existing::<User>(tx, call, &input.user_name)?;
        user.groups.remove(&group.id);
        group.members.remove(&user.id);
        tx.update(group)?;
        tx.update(user)?;
        Ok(RemoveUserFromGroupOutput {})
    }
}

impl Transact<ListGroupsForUser> for Iam {
    fn access(input: &ListGroupsForUser, call: &Call, view: &View) -> Access {
        authority::on::<User>("iam:ListGroupsForUser", &input.user_name, call, view)
    }

    fn run(input: ListGroupsForUser, call: &Call, tx: &mut Tx) -> Result<ListGroupsForUserOutput> {
        let user = entities::existing::<User>(tx, call, &input.user_name)?;
        let mut groups = user.group_rows(tx)?;
        groups.sort_by_key(|group| name_key(&group.name));
        let page = page(groups, |group| name_key(&group.name), input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let groups = page.items.iter().map(answers::group).collect();
        Ok(ListGroupsForUserOutput { groups, is_truncated, marker: page.marker })
    }
}
