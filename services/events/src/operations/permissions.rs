//! PutPermission and RemovePermission: a bus's policy, by statement or whole.

use crate::Events;
use crate::access::on_bus;
use crate::reference::{self, BusReference};
use crate::refusal::invalid;
use crate::state::{DEFAULT, EventBus};
use api_events::{
    Error, PolicyLengthExceededException, PutPermission, PutPermissionOutput, RemovePermission,
    RemovePermissionOutput, ResourceNotFoundException,
};
use contract::{Access, Call, Transact};
use policy::{Flavour, Kind};
use store::{Tx, View};
use wire::{Document, document};

const LONGEST: usize = 10_240;

impl Transact<PutPermission> for Events {
    fn access(input: &PutPermission, call: &Call, view: &View) -> Access {
        let name = input.event_bus_name.as_deref().unwrap_or(DEFAULT);
        on_bus("PutPermission", &BusReference::own(name, call), view)
    }

    fn run(input: PutPermission, call: &Call, tx: &mut Tx) -> Result<PutPermissionOutput, Error> {
        let name = input.event_bus_name.as_deref().unwrap_or(DEFAULT);
        let mut bus = reference::bus(tx, &BusReference::own(name, call))?;
        let by_statement = input.action.is_some()
            || input.principal.is_some()
            || input.statement_id.is_some()
            || input.condition.is_some();
        let policy = match input.policy {
            Some(_) if by_statement => {
                return Err(invalid(
                    "Parameter Policy cannot be used together with Action, Principal, StatementId or Condition.",
                ));
            }
            Some(whole) => whole,
            None => with_statement(&bus, &statement(&bus, input)?)?,
        };
        if policy.len() > LONGEST {
            return Err(PolicyLengthExceededException::new("The event bus policy is too long.").into());
        }
        policy::parse(&policy, Kind::Resource(Flavour::Other)).map_err(|error| {
            invalid(format!("Parameter Policy is not valid. Reason: {}", error.message()))
        })?;
        bus.policy = Some(policy);
        bus.modified = call.now;
        tx.put(bus)?;
        Ok(PutPermissionOutput {})
    }
}

/// The statement that the parameters say.
fn statement(bus: &EventBus, input: PutPermission) -> Result<Document, Error> {
    let missing = |name: &str| invalid(format!("Parameter {name} must be specified."));
    let action = input.action.ok_or_else(|| missing("Action"))?;
    let principal = input.principal.ok_or_else(|| missing("Principal"))?;
    let sid = input.statement_id.ok_or_else(|| missing("StatementId"))?;
    if action != "events:PutEvents" {
        return Err(invalid("Provided value in parameter 'action' is not supported."));
    }
    let principal = match principal.as_str() {
        "*" => Document::from("*"),
        account => document!({ "AWS": (format!("arn:aws:iam::{account}:root")) }),
    };
    let mut statement = document!({
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": (bus.arn().to_string()),
    });
    if let Some(condition) = input.condition {
        if condition.r#type != "StringEquals" || condition.key != "aws:PrincipalOrgID" {
            return Err(invalid(
                "Parameter Condition is not valid. Reason: Type must be StringEquals and Key must be aws:PrincipalOrgID.",
            ));
        }
        let pair = Document::object().with(condition.key, condition.value);
        statement.set("Condition", Document::object().with(condition.r#type, pair));
    }
    Ok(statement)
}

/// The bus's policy with a statement in the place of the one with its id.
fn with_statement(bus: &EventBus, statement: &Document) -> Result<String, Error> {
    let (mut policy, mut statements) = read(bus)?;
    statements.retain(|other| other.get("Sid") != statement.get("Sid"));
    statements.push(statement.clone());
    policy.set("Statement", statements);
    Ok(policy.to_string())
}

fn read(bus: &EventBus) -> Result<(Document, Vec<Document>), Error> {
    let Some(text) = &bus.policy else { return Ok((document!({ "Version": "2012-10-17" }), Vec::new())) };
    let policy = Document::parse(text).map_err(|_| invalid("The event bus policy is not valid JSON."))?;
    let statements = match policy.get("Statement") {
        Some(Document::Array(statements)) => statements.clone(),
        Some(statement) => vec![statement.clone()],
        None => Vec::new(),
    };
    Ok((policy, statements))
}

impl Transact<RemovePermission> for Events {
    fn access(input: &RemovePermission, call: &Call, view: &View) -> Access {
        let name = input.event_bus_name.as_deref().unwrap_or(DEFAULT);
        on_bus("RemovePermission", &BusReference::own(name, call), view)
    }

    fn run(input: RemovePermission, call: &Call, tx: &mut Tx) -> Result<RemovePermissionOutput, Error> {
        let name = input.event_bus_name.as_deref().unwrap_or(DEFAULT);
        let mut bus = reference::bus(tx, &BusReference::own(name, call))?;
        bus.modified = call.now;
        if input.remove_all_permissions == Some(true) {
            bus.policy = None;
            tx.put(bus)?;
            return Ok(RemovePermissionOutput {});
        }
        let Some(sid) = input.statement_id else {
            return Err(invalid("Parameter StatementId must be specified."));
        };
        if bus.policy.is_none() {
            return Err(ResourceNotFoundException::new("EventBus does not have a policy.").into());
        }
        let (mut policy, mut statements) = read(&bus)?;
        let before = statements.len();
        statements.retain(|statement| statement.get("Sid").and_then(Document::as_str) != Some(sid.as_str()));
        if statements.len() == before {
            let message = "Statement with the provided id does not exist.";
            return Err(ResourceNotFoundException::new(message).into());
        }
        let empty = statements.is_empty();
        policy.set("Statement", statements);
        bus.policy = (!empty).then(|| policy.to_string());
        tx.put(bus)?;
        Ok(RemovePermissionOutput {})
    }
}
