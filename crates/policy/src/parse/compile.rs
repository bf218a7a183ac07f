//! From fields to a compiled document. The order of the checks is AWS's: it decides which of several mistakes is reported.

use super::shape::{RawCondition, RawDocument, RawStatement, Spot};
use super::{Fault, Kind, Problem, actions, principals, resources};
use crate::conditions::{Condition, Operand, Operator};
use crate::document::{Document, Effect, Statement, Version};
use std::collections::HashSet;

pub(super) fn document(raw: RawDocument, kind: Kind) -> Result<Document, Fault> {
    let at_top = |problem| Fault { at: raw.at, path: "$".into(), problem };
    let Some(statements) = raw.statements else { return Err(at_top(Problem::MissingField("Statement"))) };
    if statements.is_empty() {
        return Err(at_top(Problem::EmptyStatement));
    }
    for condition in statements.iter().flat_map(|statement| &statement.conditions) {
        if condition.key.is_some() && Operator::new(&condition.operator.text).is_none() {
            return Err(at(&condition.operator, Problem::ConditionOperator(condition.operator.text.clone())));
        }
    }
    let version = version(raw.version.as_ref(), raw.at, kind)?;
    if kind.identity_like() {
        identity_order(&statements)?;
    } else {
        sids(&statements)?;
    }
    let compiled = statements
        .iter()
        .enumerate()
        .map(|(index, statement)| self::statement(statement, index, kind, version))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Document { kind, version, id: raw.id.map(|spot| spot.text), statements: compiled })
}

fn at(spot: &Spot, problem: Problem) -> Fault {
    Fault { at: spot.at, path: spot.path.clone(), problem }
}

fn version(spot: Option<&Spot>, top: usize, kind: Kind) -> Result<Version, Fault> {
    let missing = || Fault { at: top, path: "$".into(), problem: Problem::VersionTooOld };
    match spot.map(|spot| (spot, spot.text.as_str())) {
        Some((_, "2012-10-17")) => Ok(Version::V2012),
        Some((spot, "2008-10-17")) if kind.needs_version() => Err(at(spot, Problem::VersionTooOld)),
        Some((_, "2008-10-17")) => Ok(Version::V2008),
        Some((spot, other)) => Err(at(spot, Problem::VersionUnknown(other.to_owned()))),
        None if kind.needs_version() => Err(missing()),
        None => Ok(Version::V2008),
    }
}

/// The passes of IAM over an identity policy that come before its statements are read one by one.
fn identity_order(statements: &[RawStatement]) -> Result<(), Fault> {
    for statement in statements {
        if let Some(effect) = &statement.effect {
            self::effect(effect)?;
        } else {
            return Err(in_statement(statement, Problem::MissingField("Effect")));
        }
        if let Some(resource) = &statement.resource {
            resources::first_pass(resource)?;
        }
        conditions(&statement.conditions, Effect::Allow, true)?;
    }
    sids(statements)?;
    for statement in statements {
        if let Some((negated, _)) = &statement.principal {
            let name = if *negated { "NotPrincipal" } else { "Principal" };
            return Err(Fault {
                at: statement.principal_at,
                path: format!("{}.{name}", statement.path),
                problem: Problem::ProhibitedField(name),
            });
        }
        if let Some(sid) = &statement.sid
            && !sid.text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(at(sid, Problem::SidCharacters(sid.text.clone())));
        }
    }
    for statement in statements {
        if statement.action.as_ref().is_none_or(|texts| texts.items.is_empty()) {
            return Err(in_statement(statement, Problem::MissingField("Action")));
        }
    }
    for statement in statements {
        let Some(texts) = statement.resource.as_ref().filter(|texts| !texts.items.is_empty()) else {
            return Err(in_statement(statement, Problem::MissingField("Resource")));
        };
        resources::compile(texts, Kind::Identity, true)?;
    }
    Ok(())
}

fn in_statement(statement: &RawStatement, problem: Problem) -> Fault {
    Fault { at: statement.at, path: statement.path.clone(), problem }
}

fn sids(statements: &[RawStatement]) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for sid in statements.iter().filter_map(|statement| statement.sid.as_ref()) {
        if !sid.text.is_empty() && !seen.insert(sid.text.as_str()) {
            return Err(at(sid, Problem::DuplicateSid(sid.text.clone())));
        }
    }
    Ok(())
}

fn effect(spot: &Spot) -> Result<Effect, Fault> {
    match spot.text.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(at(spot, Problem::Effect(other.to_owned()))),
    }
}

fn statement(raw: &RawStatement, index: usize, kind: Kind, version: Version) -> Result<Statement, Fault> {
    let variables = version == Version::V2012;
    let missing = |name| in_statement(raw, Problem::MissingField(name));
    let effect = self::effect(raw.effect.as_ref().ok_or_else(|| missing("Effect"))?)?;
    let principals = match &raw.principal {
        None if kind.identity_like() => None,
        None => return Err(missing("Principal")),
        Some((true, _)) if effect == Effect::Allow => {
            return Err(principal_fault(raw, Problem::AllowNotPrincipal));
        }
        Some((true, _)) if matches!(kind, Kind::Trust | Kind::ResourceControl) => {
            return Err(principal_fault(raw, Problem::ProhibitedField("NotPrincipal")));
        }
        Some((negated, principal)) => {
            Some(principals::compile(principal, *negated, (raw.principal_at, &raw.path), kind)?)
        }
    };
    let actions =
        raw.action.as_ref().filter(|texts| !texts.items.is_empty()).ok_or_else(|| missing("Action"))?;
    let actions = actions::compile(actions, kind)?;
    let resources = match raw.resource.as_ref() {
        Some(texts) if kind == Kind::Trust => {
            let name = if texts.negated { "NotResource" } else { "Resource" };
            let problem = Problem::ProhibitedField(name);
            return Err(Fault { at: texts.at, path: texts.path.clone(), problem });
        }
        Some(texts) if !texts.items.is_empty() => {
            resources::first_pass(texts)?;
            Some(resources::compile(texts, kind, variables)?)
        }
        None if kind == Kind::Trust || kind.resource_optional() => None,
        _ => return Err(missing("Resource")),
    };
    let (conditions, never) = conditions(&raw.conditions, effect, variables)?;
    Ok(Statement {
        sid: raw.sid.as_ref().map(|spot| spot.text.clone()).filter(|sid| !sid.is_empty()),
        index,
        effect,
        principals,
        actions,
        resources,
        conditions,
        never,
    })
}

fn principal_fault(raw: &RawStatement, problem: Problem) -> Fault {
    Fault { at: raw.principal_at, path: format!("{}.NotPrincipal", raw.path), problem }
}

/// Compiles conditions. The second answer: the statement can never apply, because it is an Allow under an operator that does
/// not exist (which AWS accepts as long as the operator has no keys).
fn conditions(
    raw: &[RawCondition],
    effect: Effect,
    variables: bool,
) -> Result<(Vec<Condition>, bool), Fault> {
    let mut compiled = Vec::with_capacity(raw.len());
    let mut never = false;
    for condition in raw {
        let name = &condition.operator.text;
        let (Some(operator), Some(key)) = (Operator::new(name), &condition.key) else {
            never |= Operator::new(name).is_none() && effect == Effect::Allow;
            continue;
        };
        let mut operands = Vec::with_capacity(condition.values.len());
        for value in &condition.values {
            let problem = || Problem::ConditionValue {
                operator: name.clone(),
                key: key.text.clone(),
                value: value.text.clone(),
            };
            operands.push(
                Operand::new(operator.test, &value.text, variables).ok_or_else(|| at(value, problem()))?,
            );
        }
        compiled.push(Condition {
            operator,
            name: name.as_str().into(),
            key: key.text.as_str().into(),
            lowercase: key.text.to_lowercase().into(),
            written: condition.values.iter().map(|value| value.text.clone()).collect(),
            operands: operands.into(),
        });
    }
    Ok((compiled, never))
}
