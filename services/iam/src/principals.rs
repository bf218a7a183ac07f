//! The users and roles that trust policies name. AWS keeps their unique ids: a user or role that is made again under an old name is not
//! the one that was trusted (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>).

use crate::state::{Account, Entity, Role, User};
use names::{AccountId, Arn, Scope};
use policy::PrincipalPattern;
use std::collections::BTreeMap;
use store::{StoreError, View};
use wire::Document;

/// Unique ids of the users and roles that a policy names, by what was written; or the first principal that does not exist.
///
/// Accounts are taken at their word: trusting an account that this cloud does not have lets nobody in.
pub(crate) fn resolve(
    view: &View,
    document: &policy::Document,
) -> Result<Result<BTreeMap<String, String>, String>, StoreError> {
    let mut ids = BTreeMap::new();
    for principal in document.principals() {
        let (written, id) = match principal {
            PrincipalPattern::User(arn) => (arn, id_of::<User>(view, arn, "user")?),
            PrincipalPattern::Role(arn) => (arn, id_of::<Role>(view, arn, "role")?),
            PrincipalPattern::Session(arn) => {
                if role_of_session(view, arn)?.is_none() {
                    return Ok(Err(arn.to_string()));
                }
                continue;
            }
            PrincipalPattern::UniqueId(id) => (id, arn_of(view, id)?.map(|_| id.to_string())),
            _ => continue,
        };
        match id {
            Some(id) => ids.insert(written.to_string(), id),
            None => return Ok(Err(written.to_string())),
        };
    }
    Ok(Ok(ids))
}

fn id_of<E: Entity>(view: &View, arn: &str, noun: &str) -> Result<Option<String>, StoreError> {
    let Ok(parsed) = arn.parse::<Arn>() else { return Ok(None) };
    let (Some(account), Some(name)) = (parsed.account, parsed.resource.rsplit('/').next()) else {
        return Ok(None);
    };
    if !parsed.resource.starts_with(noun) {
        return Ok(None);
    }
    let entity = E::named(view, account, name)?.filter(|entity| entity.arn() == arn);
    Ok(entity.map(|entity| entity.id().to_owned()))
}

fn role_of_session(view: &View, arn: &str) -> Result<Option<Role>, StoreError> {
    let Ok(parsed) = arn.parse::<Arn>() else { return Ok(None) };
    let name = parsed.resource_after("assumed-role/").and_then(|rest| rest.split('/').next());
    match (parsed.account, name) {
        (Some(account), Some(name)) => Ok(Role::named(view, account, name)?.filter(|role| role.name == name)),
        _ => Ok(None),
    }
}

/// The present ARN of the user or role with a unique id, in whatever account.
fn arn_of(view: &View, id: &str) -> Result<Option<String>, StoreError> {
    let accounts: Vec<AccountId> =
        view.list_all::<Account>()?.into_iter().map(|account| account.id).collect();
    for account in accounts {
        let scope = Scope::global(account);
        let arn = if id.starts_with("AIDA") {
            view.first_by_index::<User>(scope, "id", id)?.map(|user| user.arn())
        } else {
            view.first_by_index::<Role>(scope, "id", id)?.map(|role| role.arn())
        };
        if arn.is_some() {
            return Ok(arn);
        }
    }
    Ok(None)
}

/// A role's trust policy as it holds now: each user and role by its present ARN, or by its unique id where it is gone.
pub(crate) fn effective_trust(view: &View, role: &Role) -> Result<String, StoreError> {
    let mut now = BTreeMap::new();
    for (written, id) in &role.trusted {
        let present = arn_of(view, id)?.unwrap_or_else(|| id.clone());
        if present != *written {
            now.insert(written.as_str(), present);
        }
    }
    if now.is_empty() {
        return Ok(role.trust.clone());
    }
    let mut document = Document::parse(&role.trust).map_err(|error| {
        StoreError::Corrupt(format!("the trust policy of the role {} is no JSON: {error}", role.arn()))
    })?;
    if let Document::Object(members) = &mut document
        && let Some(statements) = members.get_mut("Statement")
    {
        let statements = match statements {
            Document::Array(list) => list.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for statement in statements {
            if let Document::Object(members) = statement
                && let Some(Document::Object(principals)) = members.get_mut("Principal")
                && let Some(named) = principals.get_mut("AWS")
            {
                replace(named, &now);
            }
        }
    }
    Ok(document.to_string())
}

fn replace(value: &mut Document, now: &BTreeMap<&str, String>) {
    match value {
        Document::String(text) => {
            if let Some(present) = now.get(text.as_str()) {
                text.clone_from(present);
            }
        }
        Document::Array(elements) => elements.iter_mut().for_each(|element| replace(element, now)),
        _ => {}
    }
}
