use super::{Iam, Result, entities};
use crate::ids::Unique;
use crate::page::page;
use crate::state::{AccessKey, Entity, EntityPolicies, LoginProfile, User, name_key};
use crate::{answers, authority, refusal, tags};
use api_iam::{
    CreateUser, CreateUserOutput, DeleteUser, DeleteUserOutput, GetUser, GetUserOutput, ListUsers,
    ListUsersOutput, UpdateUser, UpdateUserOutput,
};
use contract::{Access, Call, Principal, Registration, Transact};
use names::Tags;
use std::collections::BTreeSet;
use store::{Row, Tx, View};

const MOST_USERS: usize = 5000;

pub(super) fn register(registration: Registration) -> Registration {
    registration
        .transact::<Iam, CreateUser>()
        .transact::<Iam, GetUser>()
        .transact::<Iam, ListUsers>()
        .transact::<Iam, UpdateUser>()
        .transact::<Iam, DeleteUser>()
}

/// The name that was given, or the caller's own where the caller is a user.
pub(super) fn named_or_own<'a>(name: Option<&'a str>, call: &'a Call) -> Option<&'a str> {
    match (&call.principal, name) {
        (_, Some(name)) => Some(name),
        (Principal::User(user), None) => Some(&user.name),
        _ => None,
    }
}

/// Access to the user that is named, or to oneself.
pub(super) fn on_user_or_self(action: &str, name: Option<&str>, call: &Call, view: &View) -> Access {
    match named_or_own(name, call) {
        Some(name) => authority::on::<User>(action, name, call, view),
        None => Access::on(action, call.principal.arn()),
    }
}

/// The refusal where a user must be named.
pub(super) fn must_name_user() -> api_iam::Error {
    refusal::validation("Must specify userName when calling with non-User credentials")
}

impl Transact<CreateUser> for Iam {
    fn access(input: &CreateUser, call: &Call, _: &View) -> Access {
        let access =
            authority::on_new("iam:CreateUser", "user", input.path.as_deref(), &input.user_name, call);
        let access = authority::bounded(access, input.permissions_boundary.as_deref());
        entities::tagged_on_create(access, "iam:TagUser", input.tags.as_deref())
    }

    fn run(input: CreateUser, call: &Call, tx: &mut Tx) -> Result<CreateUserOutput> {
        entities::new::<User>(tx, call, &input.user_name, MOST_USERS)?;
        let mut all = Tags::new();
        tags::add(&mut all, input.tags, call)?;
        let user = User {
            account: call.account,
            name: input.user_name,
            path: input.path.unwrap_or_else(|| "/".into()),
            id: Unique::User.id(&call.entropy),
            created: crate::state::moment(call),
            boundary: input.permissions_boundary,
            tags: all,
            policies: EntityPolicies::default(),
            groups: BTreeSet::new(),
        };
        entities::bind(tx, call.account, &user.id, None, user.boundary())?;
        let answer = answers::user(&user, true);
        tx.insert(user)?;
        Ok(CreateUserOutput { user: Some(answer) })
    }
}

impl Transact<GetUser> for Iam {
    fn access(input: &GetUser, call: &Call, view: &View) -> Access {
        on_user_or_self("iam:GetUser", input.user_name.as_deref(), call, view)
    }

    fn run(input: GetUser, call: &Call, tx: &mut Tx) -> Result<GetUserOutput> {
        if let (Principal::Root(account), None) = (&call.principal, &input.user_name) {
            let created =
                tx.get::<crate::state::Account>(call.global_scope(), ())?.map(|account| account.created);
            let user = api_iam::User {
                user_id: account.to_string(),
                arn: call.principal.arn(),
                create_date: created.unwrap_or_default(),
                ..api_iam::User::default()
            };
            return Ok(GetUserOutput { user });
        }
        let name = named_or_own(input.user_name.as_deref(), call).ok_or_else(must_name_user)?;
        let user = entities::existing::<User>(tx, call, name)?;
        let password_last_used = last_used(tx, &user)?;
        Ok(GetUserOutput { user: api_iam::User { password_last_used, ..answers::user(&user, true) } })
    }
}

/// When the user last signed in to the console with the password.
fn last_used(view: &View, user: &User) -> Result<Option<names::Timestamp>> {
    let profile = view.get::<LoginProfile>(store::Row::scope(user), user.id.as_str())?;
    Ok(profile.and_then(|profile| profile.last_used))
}

impl Transact<ListUsers> for Iam {
    fn access(input: &ListUsers, call: &Call, _: &View) -> Access {
        Access::on(
            "iam:ListUsers",
            authority::arn(call, format!("user{}", input.path_prefix.as_deref().unwrap_or("/"))),
        )
    }

    fn run(input: ListUsers, call: &Call, tx: &mut Tx) -> Result<ListUsersOutput> {
        let prefix = input.path_prefix.unwrap_or_else(|| "/".into());
        let users = tx.list::<User>(call.global_scope())?;
        let users = users.into_iter().filter(|user| user.path.starts_with(&prefix));
        let page = page(users, |user| name_key(&user.name), input.marker.as_deref(), input.max_items)?;
        let is_truncated = page.truncated();
        let users = page.items.iter().map(|user| {
            let password_last_used = last_used(tx, user)?;
            Ok(api_iam::User { password_last_used, ..answers::user(user, false) })
        });
        let users = users.collect::<Result<_>>()?;
        Ok(ListUsersOutput { users, is_truncated, marker: page.marker })
    }
}

impl Transact<UpdateUser> for Iam {
    /// Renaming needs the permission on the new name too.
    fn access(input: &UpdateUser, call: &Call, view: &View) -> Access {
        let access = authority::on::<User>("iam:UpdateUser", &input.user_name, call, view);
        let Ok(Some(user)) = User::named(view, call.account, &input.user_name) else { return access };
        let path = input.new_path.as_deref().unwrap_or(&user.path);
        let name = input.new_user_name.as_deref().unwrap_or(&user.name);
        let new = authority::arn(call, format!("user{path}{name}"));
        if new == user.arn() { access } else { access.and(contract::Check::new("iam:UpdateUser", new)) }
    }

    fn run(input: UpdateUser, call: &Call, tx: &mut Tx) -> Result<UpdateUserOutput> {
        let mut user = entities::existing::<User>(tx, call, &input.user_name)?;
        let old_key = user.key();
        user.path = input.new_path.unwrap_or(user.path);
        if let Some(name) = input.new_user_name {
            if name_key(&name) != old_key && User::named(tx, call.account, &name)?.is_some() {
                return Err(refusal::taken::<User>(&name));
            }
            user.name = name;
        }
        if user.key() != old_key {
            tx.remove::<User>(call.global_scope(), old_key.as_str())?;
        }
        tx.put(user)?;
        Ok(UpdateUserOutput {})
    }
}

impl Transact<DeleteUser> for Iam {
    fn access(input: &DeleteUser, call: &Call, view: &View) -> Access {
        authority::on::<User>("iam:DeleteUser", &input.user_name, call, view)
    }

    fn run(input: DeleteUser, call: &Call, tx: &mut Tx) -> Result<DeleteUserOutput> {
        let user = entities::existing::<User>(tx, call, &input.user_name)?;
        if !user.groups.is_empty() {
            return Err(refusal::conflict("Cannot delete entity, must remove users from group first."));
        }
        entities::without_policies(&user)?;
        let scope = call.global_scope();
        if tx.scan::<AccessKey>(scope, (user.id.as_str(),)).count()? > 0 {
            return Err(refusal::conflict("Cannot delete entity, must delete access keys first."));
        }
        if tx.exists::<LoginProfile>(scope, user.id.as_str())? {
            return Err(refusal::conflict("Cannot delete entity, must delete login profile first."));
        }
        entities::delete(tx, &user)?;
        Ok(DeleteUserOutput {})
    }
}
