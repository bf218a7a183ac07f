//! Targets of rules.

use super::buses::queue;
use super::rules::{is_role, own_bus};
use crate::Events;
use crate::access::on_rule_of;
use crate::page::page;
use crate::reference::{self, BusReference};
use crate::refusal::{invalid, limit_exceeded, not_built};
use crate::state::{Retries, Rule, Target, Transformer};
use crate::transform::{Path, Refused, Template};
use api_events::{
    Error, ListRuleNamesByTarget, ListRuleNamesByTargetOutput, ListTargetsByRule, ListTargetsByRuleOutput,
    PutTargets, PutTargetsOutput, RemoveTargets, RemoveTargetsOutput,
};
use contract::{Access, Call, Check, Transact};
use names::Arn;
use store::{Tx, View};
use wire::Document;

/// Targets of a rule.
const LIMIT: usize = 5;

impl Transact<PutTargets> for Events {
    fn access(input: &PutTargets, call: &Call, view: &View) -> Access {
        let bus = input.event_bus_name.as_deref();
        let arns: Vec<&str> = input.targets.iter().map(|target| target.arn.as_str()).collect();
        let mut access =
            on_rule_of("PutTargets", bus, &input.rule, call, view).with("events:TargetArn", arns);
        for role in input.targets.iter().filter_map(|target| target.role_arn.as_deref()) {
            access = access.and(Check::pass_role(role, crate::PRINCIPAL));
        }
        access
    }

    fn run(input: PutTargets, call: &Call, tx: &mut Tx) -> Result<PutTargetsOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let targets: Vec<Target> =
            input.targets.into_iter().map(|target| read(target, call)).collect::<Result<_, _>>()?;
        let mut rule = reference::rule(tx, &bus, &input.rule)?;
        for target in targets {
            match rule.targets.iter_mut().find(|known| known.id == target.id) {
                Some(known) => *known = target,
                None => rule.targets.push(target),
            }
        }
        if rule.targets.len() > LIMIT {
            return Err(limit_exceeded());
        }
        tx.put(rule)?;
        Ok(PutTargetsOutput { failed_entry_count: Some(0), failed_entries: Some(Vec::new()) })
    }
}

/// Reads a target, and refuses what is not honoured.
fn read(target: api_events::Target, call: &Call) -> Result<Target, Error> {
    let id = target.id;
    let arn: Arn = target.arn.parse().map_err(|_| {
        invalid(format!(
            "Parameter {} is not valid. Reason: Provided Arn is not in correct format.",
            target.arn
        ))
    })?;
    let kind = Kind::of(&arn).ok_or_else(|| {
        not_built(&format!("Arn of target {id}"), &format!("targets of the service {} are", arn.service))
    })?;
    for (name, given) in [
        ("KinesisParameters", target.kinesis_parameters.is_some()),
        ("RunCommandParameters", target.run_command_parameters.is_some()),
        ("EcsParameters", target.ecs_parameters.is_some()),
        ("BatchParameters", target.batch_parameters.is_some()),
        ("HttpParameters", target.http_parameters.is_some()),
        ("RedshiftDataParameters", target.redshift_data_parameters.is_some()),
        ("SageMakerPipelineParameters", target.sage_maker_pipeline_parameters.is_some()),
        ("AppSyncParameters", target.app_sync_parameters.is_some()),
    ] {
        if given {
            return Err(invalid(format!("Parameter(s) {name} not valid for target: {id}.")));
        }
    }
    let inputs = [target.input.is_some(), target.input_path.is_some(), target.input_transformer.is_some()];
    if inputs.iter().filter(|given| **given).count() > 1 {
        return Err(invalid(format!(
            "Only one of Input, InputPath, or InputTransformer must be provided for target {id}."
        )));
    }
    if kind == Kind::EventBus && inputs.contains(&true) {
        return Err(invalid(format!("Modifying the input for target {id} is not supported.")));
    }
    if let Some(input) = &target.input
        && Document::parse(input).is_err()
    {
        return Err(invalid(format!("JSON syntax error in input for target {id}")));
    }
    if let Some(path) = &target.input_path
        && Path::read(path).is_none()
    {
        return Err(invalid(format!("Invalid InputPath for target {id}.")));
    }
    let transformer = target.input_transformer.map(|it| transformer(it, &id)).transpose()?;
    let message_group = target.sqs_parameters.and_then(|parameters| parameters.message_group_id);
    match (kind, &message_group) {
        (Kind::Queue { fifo: true }, None) => {
            return Err(invalid(format!("Parameter(s) SqsParameters must be specified for target: {id}.")));
        }
        (Kind::Queue { .. }, _) | (_, None) => {}
        (_, Some(_)) => {
            return Err(invalid(format!("Parameter(s) SqsParameters not valid for target: {id}.")));
        }
    }
    if let Some(role) = &target.role_arn {
        if !is_role(role) {
            return Err(invalid(
                "Parameter RoleArn is not valid. Reason: Provided Arn is not in correct format.",
            ));
        }
        if kind == Kind::LogGroup {
            return Err(invalid(format!("RoleArn is not supported for target {}.", target.arn)));
        }
    }
    Ok(Target {
        id,
        arn: target.arn,
        role: target.role_arn,
        input: target.input,
        input_path: target.input_path,
        transformer,
        message_group,
        dead_letter: queue(target.dead_letter_config, call)?,
        retries: target
            .retry_policy
            .map(|it| Retries { attempts: it.maximum_retry_attempts, age: it.maximum_event_age_in_seconds }),
    })
}

fn transformer(given: api_events::InputTransformer, id: &str) -> Result<Transformer, Error> {
    let paths = given.input_paths_map.unwrap_or_default();
    for (name, path) in &paths {
        if name.to_ascii_lowercase().starts_with("aws") {
            return Err(invalid(format!("InputPathsMap for target {id} contains reserved key {name}.")));
        }
        if Path::read(path).is_none() {
            return Err(invalid(format!("InputPathsMap for target {id} contains invalid path {path}.")));
        }
    }
    Template::read(&given.input_template).check(&paths).map_err(|refused| match refused {
        Refused::Placeholder(name) => {
            invalid(format!("InputTemplate for target {id} contains invalid placeholder {name}."))
        }
        Refused::Json(line, column) => invalid(format!(
            "Invalid InputTemplate for target {id} : [Source: (String)\"{}\"; line: {line}, column: {column}].",
            given.input_template
        )),
    })?;
    Ok(Transformer { paths: Some(paths).filter(|paths| !paths.is_empty()), template: given.input_template })
}

/// What can be a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Function,
    Queue { fifo: bool },
    Topic,
    LogGroup,
    EventBus,
}

impl Kind {
    fn of(arn: &Arn) -> Option<Self> {
        arn.scope()?;
        match arn.service.as_str() {
            "lambda" if arn.resource.starts_with("function:") => Some(Self::Function),
            "sqs" if !arn.resource.contains(['/', ':']) => {
                Some(Self::Queue { fifo: arn.resource.ends_with(".fifo") })
            }
            "sns" if !arn.resource.contains([':', '/']) => Some(Self::Topic),
            "logs" if arn.resource.starts_with("log-group:") => Some(Self::LogGroup),
            "events" if arn.resource.starts_with("event-bus/") => Some(Self::EventBus),
            _ => None,
        }
    }
}

impl Transact<RemoveTargets> for Events {
    fn access(input: &RemoveTargets, call: &Call, view: &View) -> Access {
        on_rule_of("RemoveTargets", input.event_bus_name.as_deref(), &input.rule, call, view)
    }

    /// Targets that are gone are removed.
    fn run(input: RemoveTargets, call: &Call, tx: &mut Tx) -> Result<RemoveTargetsOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let mut rule = reference::rule(tx, &bus, &input.rule)?;
        rule.targets.retain(|target| !input.ids.contains(&target.id));
        tx.put(rule)?;
        Ok(RemoveTargetsOutput { failed_entry_count: Some(0), failed_entries: Some(Vec::new()) })
    }
}

impl Transact<ListTargetsByRule> for Events {
    fn access(input: &ListTargetsByRule, call: &Call, view: &View) -> Access {
        on_rule_of("ListTargetsByRule", input.event_bus_name.as_deref(), &input.rule, call, view)
    }

    fn run(input: ListTargetsByRule, call: &Call, tx: &mut Tx) -> Result<ListTargetsByRuleOutput, Error> {
        let bus = BusReference::read_here(input.event_bus_name.as_deref(), call)?;
        let rule = reference::rule(tx, &bus, &input.rule)?;
        let things = rule.targets.into_iter().map(|target| (target.id.clone(), target.answer())).collect();
        let (targets, next_token) = page("targets", input.next_token.as_deref(), input.limit, things)?;
        Ok(ListTargetsByRuleOutput { targets: Some(targets), next_token })
    }
}

impl Transact<ListRuleNamesByTarget> for Events {
    fn access(_: &ListRuleNamesByTarget, _: &Call, _: &View) -> Access {
        Access::to("events:ListRuleNamesByTarget")
    }

    fn run(
        input: ListRuleNamesByTarget,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListRuleNamesByTargetOutput, Error> {
        let bus = own_bus(input.event_bus_name.as_deref(), call)?;
        reference::bus(tx, &bus)?;
        let things = Rule::of_bus(tx, bus.scope, &bus.name)?
            .into_iter()
            .filter(|rule| rule.targets.iter().any(|target| target.arn == input.target_arn))
            .map(|rule| (rule.name.clone(), rule.name))
            .collect();
        let (names, next_token) = page("rule names", input.next_token.as_deref(), input.limit, things)?;
        Ok(ListRuleNamesByTargetOutput { rule_names: Some(names), next_token })
    }
}
