//! Aliases: an action on one is an action on its key too
//! (<https://docs.aws.amazon.com/kms/latest/developerguide/alias-access.html>).

use crate::Kms;
use crate::access::{Ask, of_call};
use crate::page::{limit, page};
use crate::reference::{Reference, Takes, is_alias, key};
use crate::refusal::{invalid, no_alias, not_pending};
use crate::state::Alias;
use api_kms::{
    AliasListEntry, AlreadyExistsException, CreateAlias, CreateAliasOutput, DeleteAlias, DeleteAliasOutput,
    Error, InvalidAliasNameException, LimitExceededException, ListAliases, ListAliasesOutput, UpdateAlias,
    UpdateAliasOutput,
};
use contract::{Access, Call, Check, Transact};
use names::Arn;
use store::{Tx, View};

/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#aliases-per-key>
const LIMIT: usize = 50;

impl Transact<CreateAlias> for Kms {
    fn access(input: &CreateAlias, call: &Call, view: &View) -> Access {
        on_alias("CreateAlias", &input.alias_name, call)
            .and(Ask::own("CreateAlias", &input.target_key_id).check(call, view))
    }

    fn run(input: CreateAlias, call: &Call, tx: &mut Tx) -> Result<CreateAliasOutput, Error> {
        check_name(&input.alias_name)?;
        let target = key(&input.target_key_id, Takes::Keys, call, tx)?;
        not_pending(&target)?;
        let alias = Alias {
            scope: call.scope(),
            name: input.alias_name,
            target: target.id.clone(),
            created: call.now,
            updated: call.now,
        };
        if tx.exists::<Alias>(alias.scope, alias.name.as_str())? {
            let message = format!("An alias with the name {} already exists", alias.arn());
            return Err(AlreadyExistsException::new(message).into());
        }
        if target.aliases(tx)?.len() >= LIMIT {
            return Err(LimitExceededException::new(format!(
                "The limit of {LIMIT} aliases of the key {} is reached.",
                target.arn()
            ))
            .into());
        }
        tx.insert(alias)?;
        Ok(CreateAliasOutput {})
    }
}

impl Transact<UpdateAlias> for Kms {
    fn access(input: &UpdateAlias, call: &Call, view: &View) -> Access {
        let access = on_alias("UpdateAlias", &input.alias_name, call);
        with_present_key("UpdateAlias", access, &input.alias_name, call, view)
            .and(Ask::own("UpdateAlias", &input.target_key_id).check(call, view))
    }

    fn run(input: UpdateAlias, call: &Call, tx: &mut Tx) -> Result<UpdateAliasOutput, Error> {
        check_name(&input.alias_name)?;
        let mut alias = alias(&input.alias_name, call, tx)?;
        let target = key(&input.target_key_id, Takes::Keys, call, tx)?;
        not_pending(&target)?;
        if let Some(present) = crate::state::Key::get(tx, alias.scope, &alias.target, call.now)?
            && present.spec.usage() != target.spec.usage()
        {
            return Err(invalid(format!(
                "Alias {} cannot be changed from a key of KeyUsage {} to one of {}",
                alias.name,
                present.spec.usage(),
                target.spec.usage()
            )));
        }
        alias.target = target.id;
        alias.updated = call.now;
        tx.update(alias)?;
        Ok(UpdateAliasOutput {})
    }
}

impl Transact<DeleteAlias> for Kms {
    fn access(input: &DeleteAlias, call: &Call, view: &View) -> Access {
        let access = on_alias("DeleteAlias", &input.alias_name, call);
        with_present_key("DeleteAlias", access, &input.alias_name, call, view)
    }

    fn run(input: DeleteAlias, call: &Call, tx: &mut Tx) -> Result<DeleteAliasOutput, Error> {
        check_name(&input.alias_name)?;
        let alias = alias(&input.alias_name, call, tx)?;
        tx.remove::<Alias>(alias.scope, alias.name.as_str())?;
        Ok(DeleteAliasOutput {})
    }
}

impl Transact<ListAliases> for Kms {
    fn access(_: &ListAliases, call: &Call, _: &View) -> Access {
        of_call(call)
            .into_iter()
            .fold(Access::to("kms:ListAliases"), |access, (key, values)| access.with(key, values))
    }

    fn run(input: ListAliases, call: &Call, tx: &mut Tx) -> Result<ListAliasesOutput, Error> {
        let aliases = match &input.key_id {
            None => tx.list::<Alias>(call.scope())?,
            Some(id) => {
                // Nothing has authorized the call on that key: another account's is as if it were not there.
                let reference = Reference::read(id, Takes::Keys, call)?;
                if reference.scope != call.scope() {
                    return Err(reference.missing());
                }
                key(id, Takes::Keys, call, tx)?.aliases(tx)?
            }
        };
        let mut entries = Vec::new();
        for alias in aliases {
            // The aliases of a key that is gone are swept away a moment later.
            if crate::state::Key::get(tx, alias.scope, &alias.target, call.now)?.is_some() {
                entries.push((alias.name.clone(), entry(alias)));
            }
        }
        let list = format!("aliases {}", input.key_id.unwrap_or_default());
        let page = page(&list, input.marker.as_deref(), limit(input.limit, 50), entries)?;
        let truncated = page.truncated();
        Ok(ListAliasesOutput { aliases: Some(page.things), next_marker: page.next_marker, truncated })
    }
}

fn entry(alias: Alias) -> AliasListEntry {
    AliasListEntry {
        alias_arn: Some(alias.arn().to_string()),
        alias_name: Some(alias.name),
        target_key_id: Some(alias.target),
        creation_date: Some(alias.created),
        last_updated_date: Some(alias.updated),
    }
}

fn on_alias(action: &str, name: &str, call: &Call) -> Access {
    let resource = if is_alias(name) { Arn::new("kms", call.scope(), name).to_string() } else { "*".into() };
    let mut check = Check::new(format!("kms:{action}"), resource);
    check.context.extend(of_call(call));
    Access::default().and(check)
}

fn with_present_key(action: &'static str, access: Access, name: &str, call: &Call, view: &View) -> Access {
    match view.get::<Alias>(call.scope(), name) {
        Ok(Some(alias)) => access.and(Ask::own(action, &alias.target).check(call, view)),
        Ok(None) => access,
        // A store that cannot be read grants nothing.
        Err(_) => Access::default(),
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if !name.starts_with("alias/") {
        return Err(invalid("Invalid identifier"));
    }
    if name.starts_with("alias/aws/") || name == "alias/aws" {
        return Err(Error::sender(
            "NotAuthorizedException",
            "Alias names that begin with alias/aws/ are reserved for AWS managed keys.",
        ));
    }
    if !is_alias(name) {
        return Err(InvalidAliasNameException::new(format!(
            "{name} contains invalid characters for an alias"
        ))
        .into());
    }
    Ok(())
}

fn alias(name: &str, call: &Call, view: &View) -> Result<Alias, Error> {
    view.get(call.scope(), name)?.ok_or_else(|| no_alias(&Arn::new("kms", call.scope(), name)))
}
