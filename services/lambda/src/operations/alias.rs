//! CreateAlias, GetAlias, ListAliases, UpdateAlias, DeleteAlias.

use crate::Lambda;
use crate::access::on_function;
use crate::error::{conflict, function_not_found, invalid, not_found, stale_revision};
use crate::page::page;
use crate::reference::{FunctionReference, LATEST, qualified};
use crate::state::alias::WHOLE;
use crate::state::{Alias, EventInvoke, Function, Provisioned, Version};
use api_lambda::{
    AliasConfiguration, AliasRoutingConfiguration, CreateAlias, DeleteAlias, DeleteAliasOutput, Error,
    GetAlias, ListAliases, ListAliasesOutput, UpdateAlias,
};
use contract::{Access, Call, Transact};
use names::Scope;
use std::collections::BTreeMap;
use store::{Tx, View};

fn function(view: &View, name: &str, call: &Call) -> Result<(Function, FunctionReference), Error> {
    let reference = FunctionReference::unqualified(name, call)?;
    let function = Function::named(view, reference.scope, &reference.name)?
        .ok_or_else(|| function_not_found(reference.arn()))?;
    Ok((function, reference))
}

fn alias(view: &View, reference: &FunctionReference, name: &str) -> Result<Alias, Error> {
    let found = view.get::<Alias>(reference.scope, (reference.name.as_str(), name))?;
    let arn = || qualified(reference.scope, &reference.name, Some(name));
    found.ok_or_else(|| not_found(format!("Cannot find alias arn: {}", arn())))
}

fn answer(alias: &Alias) -> AliasConfiguration {
    let share =
        |(version, millionths): (&String, &u32)| (version.clone(), f64::from(*millionths) / f64::from(WHOLE));
    let routing = (!alias.routing.is_empty()).then(|| AliasRoutingConfiguration {
        additional_version_weights: Some(alias.routing.iter().map(share).collect()),
    });
    AliasConfiguration {
        alias_arn: Some(qualified(alias.scope, &alias.function, Some(&alias.name))),
        name: Some(alias.name.clone()),
        function_version: Some(alias.version.clone()),
        description: Some(alias.description.clone()),
        routing_config: routing,
        revision_id: Some(alias.revision.clone()),
    }
}

fn check_version(view: &View, scope: Scope, function: &str, version: &str) -> Result<(), Error> {
    if version == LATEST || Version::numbered(view, scope, function, version)?.is_some() {
        return Ok(());
    }
    Err(function_not_found(qualified(scope, function, Some(version))))
}

/// The shares of an alias of a version.
fn routing(
    view: &View,
    reference: &FunctionReference,
    version: &str,
    given: Option<&AliasRoutingConfiguration>,
) -> Result<BTreeMap<String, u32>, Error> {
    let weights = given.and_then(|given| given.additional_version_weights.as_ref());
    let mut shares = BTreeMap::new();
    for (other, weight) in weights.into_iter().flatten() {
        if version == LATEST {
            return Err(invalid("$LATEST is not supported for an alias pointing to more than 1 version"));
        }
        if other == version {
            return Err(invalid(format!(
                "Invalid function version {version}. Function version {version} is already included in routing configuration."
            )));
        }
        check_version(view, reference.scope, &reference.name, other)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the model bounds weights to 0 and 1"
        )]
        let share = (weight.clamp(0.0, 1.0) * f64::from(WHOLE)).round() as u32;
        shares.insert(other.clone(), share);
    }
    if shares.len() > 1 {
        return Err(invalid("Number of items in AdditionalVersionWeights cannot be greater than 1"));
    }
    Ok(shares)
}

impl Transact<CreateAlias> for Lambda {
    fn access(input: &CreateAlias, call: &Call, view: &View) -> Access {
        on_function("lambda:CreateAlias", &input.function_name, None, call, view)
    }

    fn run(input: CreateAlias, call: &Call, tx: &mut Tx) -> Result<AliasConfiguration, Error> {
        let (_, reference) = function(tx, &input.function_name, call)?;
        let (scope, name) = (reference.scope, reference.name.clone());
        check_version(tx, scope, &name, &input.function_version)?;
        if tx.exists::<Alias>(scope, (name.as_str(), input.name.as_str()))? {
            let arn = qualified(scope, &name, Some(&input.name));
            return Err(conflict(format!("Alias already exists: {arn}")));
        }
        let alias = Alias {
            scope,
            routing: routing(tx, &reference, &input.function_version, input.routing_config.as_ref())?,
            function: name,
            name: input.name,
            version: input.function_version,
            description: input.description.unwrap_or_default(),
            revision: call.entropy.uuid(),
        };
        let output = answer(&alias);
        tx.insert(alias)?;
        Ok(output)
    }
}

impl Transact<GetAlias> for Lambda {
    fn access(input: &GetAlias, call: &Call, view: &View) -> Access {
        on_function("lambda:GetAlias", &input.function_name, None, call, view)
    }

    fn run(input: GetAlias, call: &Call, tx: &mut Tx) -> Result<AliasConfiguration, Error> {
        let (_, reference) = function(tx, &input.function_name, call)?;
        Ok(answer(&alias(tx, &reference, &input.name)?))
    }
}

impl Transact<ListAliases> for Lambda {
    fn access(input: &ListAliases, call: &Call, view: &View) -> Access {
        on_function("lambda:ListAliases", &input.function_name, None, call, view)
    }

    fn run(input: ListAliases, call: &Call, tx: &mut Tx) -> Result<ListAliasesOutput, Error> {
        let (_, reference) = function(tx, &input.function_name, call)?;
        let aliases = Alias::of(tx, reference.scope, &reference.name)?;
        let points = |alias: &Alias| {
            let version = input.function_version.as_deref();
            version.is_none_or(|version| alias.version == version || alias.routing.contains_key(version))
        };
        let things = aliases.into_iter().filter(points).map(|alias| (alias.name.clone(), answer(&alias)));
        let list = format!("aliases of {}", reference.name);
        let (aliases, next_marker) = page(&list, input.marker.as_deref(), input.max_items, things.collect())?;
        Ok(ListAliasesOutput { aliases: Some(aliases), next_marker })
    }
}

impl Transact<UpdateAlias> for Lambda {
    fn access(input: &UpdateAlias, call: &Call, view: &View) -> Access {
        on_function("lambda:UpdateAlias", &input.function_name, None, call, view)
    }

    fn run(input: UpdateAlias, call: &Call, tx: &mut Tx) -> Result<AliasConfiguration, Error> {
        let (_, reference) = function(tx, &input.function_name, call)?;
        let mut alias = alias(tx, &reference, &input.name)?;
        if input.revision_id.as_ref().is_some_and(|revision| *revision != alias.revision) {
            return Err(stale_revision("GetFunction/GetAlias"));
        }
        if let Some(version) = input.function_version {
            check_version(tx, reference.scope, &reference.name, &version)?;
            alias.version = version;
        }
        match &input.routing_config {
            Some(given) => alias.routing = routing(tx, &reference, &alias.version, Some(given))?,
            None if alias.routing.contains_key(&alias.version) => {
                return Err(invalid(format!(
                    "Invalid function version {0}. Function version {0} is already included in routing configuration.",
                    alias.version
                )));
            }
            None => {}
        }
        if let Some(description) = input.description {
            alias.description = description;
        }
        alias.revision = call.entropy.uuid();
        let output = answer(&alias);
        tx.update(alias)?;
        Ok(output)
    }
}

impl Transact<DeleteAlias> for Lambda {
    fn access(input: &DeleteAlias, call: &Call, view: &View) -> Access {
        on_function("lambda:DeleteAlias", &input.function_name, None, call, view)
    }

    fn run(input: DeleteAlias, call: &Call, tx: &mut Tx) -> Result<DeleteAliasOutput, Error> {
        let (mut function, reference) = function(tx, &input.function_name, call)?;
        let key = (reference.name.as_str(), input.name.as_str());
        // One that is not there is deleted, as on AWS.
        if tx.remove::<Alias>(reference.scope, key)?.is_some() {
            tx.remove::<EventInvoke>(reference.scope, key)?;
            tx.remove::<Provisioned>(reference.scope, key)?;
            function.permissions.remove(&input.name);
            tx.update(function)?;
        }
        Ok(DeleteAliasOutput {})
    }
}
