//! Change sets: what an update would do, kept, and carried out when somebody has read it.

use super::proposal::{Asked, Proposal, propose};
use super::update::{Options, Proposed, UPDATABLE, begin, not_updatable, same_types};
use super::{CloudFormation, Failure, checks, invalid, on_stack, page, shown};
use crate::engine::changes::{Foretold, foretell};
use crate::engine::{SERVICE_PRINCIPAL, enqueue, plan, stack_event};
use crate::state::changes::ChangeSet;
use crate::state::stack::{Configuration, OnFailure, Stack};
use api_cloudformation::{
    AlreadyExistsException, ChangeSetNotFoundException, ChangeSetType, CreateChangeSet,
    CreateChangeSetOutput, DeleteChangeSet, DeleteChangeSetOutput, DescribeChangeSet,
    DescribeChangeSetOutput, Error, ExecuteChangeSet, ExecuteChangeSetOutput,
    InvalidChangeSetStatusException, ListChangeSets, ListChangeSetsOutput,
};
use contract::{Access, Call, Check, Context, Orchestrate, Transact};
use names::{Arn, Tags};
use store::{Tx, View};

const PAGE: usize = 100;
const NOTHING: &str =
    "The submitted information didn't contain changes. Submit different information to create a change set.";
/// As AWS allows for one stack.
const LIMIT: usize = 500;

#[async_trait::async_trait]
impl Orchestrate<CreateChangeSet> for CloudFormation {
    fn access(&self, input: &CreateChangeSet, call: &Call, view: &View) -> Access {
        let tags = input.tags.iter().flatten().map(|tag| (tag.key.as_str(), tag.value.as_str()));
        let mut access = on_stack("CreateChangeSet", &input.stack_name, call, view)
            .with_request_tags(tags)
            .with("cloudformation:ChangeSetName", [input.change_set_name.as_str()]);
        if let Some(url) = &input.template_url {
            access = access.with("cloudformation:TemplateUrl", [url.as_str()]);
        }
        if let Some(types) = &input.resource_types {
            access = access.with("cloudformation:ResourceTypes", types.iter().map(String::as_str));
        }
        if let Some(role) = &input.role_arn {
            access = access.with("cloudformation:RoleArn", [role.as_str()]);
            access = access.and(Check::pass_role(role, SERVICE_PRINCIPAL));
        }
        access
    }

    async fn run(
        &self,
        input: CreateChangeSet,
        call: &Call,
        context: &Context,
    ) -> Result<CreateChangeSetOutput, Error> {
        built(&input)?;
        let creates = input.change_set_type == Some(ChangeSetType::Create);
        let stack = stack_of(&input, creates, call, context)?;
        let asked = Asked {
            template_body: input.template_body.as_deref(),
            template_url: input.template_url.as_deref(),
            use_previous_template: input.use_previous_template == Some(true),
            parameters: input.parameters.as_deref().unwrap_or_default(),
            capabilities: input.capabilities.as_deref().unwrap_or_default(),
            resource_types: input.resource_types.as_deref(),
            tags: input.tags.as_deref(),
            notification_arns: input.notification_arns.as_deref(),
            rollback: input.rollback_configuration.as_ref(),
            role_arn: input.role_arn.as_deref(),
        };
        let existing = (!creates).then_some(&stack);
        let proposal = propose(&asked, existing, (&stack.id, &stack.name), call, context).await?;
        same_types(&stack, &proposal, &context.store.view())?;
        let caller =
            context.caller(call.principal.clone(), call.scope(), call.chain.through(SERVICE_PRINCIPAL));
        let retagged = !creates && proposal.configuration.tags != stack.tags;
        let before = existing.and_then(|stack| plan(stack).ok());
        let foretold = foretell(&stack, before.as_ref(), &proposal.plan, retagged, &caller, context).await?;
        let set = change_set(&input, &stack, proposal, foretold, retagged, call);
        let set = context
            .transact(call, |call, tx| {
                let mut owner = match tx.get::<Stack>(stack.scope, &stack.id)? {
                    Some(owner) => owner,
                    None if creates => {
                        let named = tx.first_by_index::<Stack>(call.scope(), "by-name", stack.name.as_str())?;
                        if named.is_some() {
                            return Err(Failure(invalid(format!(
                                "Stack {} was created meanwhile",
                                stack.name
                            ))));
                        }
                        let mut new = stack.clone();
                        stack_event(&mut new, "REVIEW_IN_PROGRESS", Some("User Initiated"), call, tx)?;
                        new
                    }
                    None => return Err(Failure(missing_stack(&input.stack_name))),
                };
                let others = ChangeSet::of_stack(tx, owner.scope, &owner.id)?;
                if let Some(other) = others.iter().find(|other| other.name == set.name) {
                    if other.token.is_some() && other.token == set.token {
                        return Ok(other.clone());
                    }
                    return Err(Failure(
                        AlreadyExistsException::new(format!(
                            "ChangeSet {} cannot be created due to a mismatch with existing attribute Template",
                            set.name
                        ))
                        .into(),
                    ));
                }
                if others.len() >= LIMIT {
                    return Err(Failure(
                        api_cloudformation::LimitExceededException::new(
                            "ChangeSet limit exceeded for the stack. Delete change sets that are not needed.",
                        )
                        .into(),
                    ));
                }
                owner.chain = call.chain.clone();
                tx.put(owner)?;
                tx.put(set.clone())?;
                Ok(set.clone())
            })
            .await
            .map_err(|Failure(error)| error)?;
        Ok(CreateChangeSetOutput { id: Some(set.id), stack_id: Some(set.stack_id) })
    }
}

/// What AWS would honour and Cloudchamber does not.
fn built(input: &CreateChangeSet) -> Result<(), Error> {
    let is_import = input.change_set_type == Some(ChangeSetType::Import)
        || input.resources_to_import.as_ref().is_some_and(|list| !list.is_empty())
        || input.import_existing_resources == Some(true);
    if is_import {
        return Err(checks::not_built("The import of resources"));
    }
    if input.include_nested_stacks == Some(true) {
        return Err(checks::not_built("IncludeNestedStacks"));
    }
    if input.deployment_mode.is_some() {
        return Err(checks::not_built("DeploymentMode"));
    }
    Ok(())
}

fn missing_stack(name: &str) -> Error {
    invalid(format!("Stack [{name}] does not exist"))
}

/// The stack that a change set is about: one that is there, or for `CREATE` one in review.
fn stack_of(input: &CreateChangeSet, creates: bool, call: &Call, context: &Context) -> Result<Stack, Error> {
    let found = Stack::find_any(&context.store.view(), call.scope(), &input.stack_name)?;
    match found {
        Some(stack) if creates && stack.is("REVIEW_IN_PROGRESS") => Ok(stack),
        Some(stack) if creates => Err(invalid(format!(
            "Stack [{}] already exists and cannot be created again with the changeSet [{}].",
            stack.name, input.change_set_name
        ))),
        Some(stack) if UPDATABLE.contains(&stack.status.as_str()) => Ok(stack),
        Some(stack) => Err(not_updatable(&stack)),
        None if creates => {
            checks::name(&input.stack_name)?;
            checks::room(call, context)?;
            let uuid = call.entropy.uuid();
            let id = Arn::new("cloudformation", call.scope(), format!("stack/{}/{uuid}", input.stack_name));
            let empty = Configuration {
                template: String::new(),
                description: None,
                parameters: indexmap::IndexMap::new(),
                stored: indexmap::IndexMap::new(),
                capabilities: Vec::new(),
                tags: Tags::new(),
                notification_arns: Vec::new(),
            };
            Ok(Stack::new(id.to_string(), input.stack_name.clone(), empty, call))
        }
        None => Err(missing_stack(&input.stack_name)),
    }
}

fn change_set(
    input: &CreateChangeSet,
    stack: &Stack,
    proposal: Proposal,
    foretold: Foretold,
    retagged: bool,
    call: &Call,
) -> ChangeSet {
    let uuid = call.entropy.uuid();
    let changes_something = !foretold.changes.is_empty() || foretold.outputs || retagged;
    let (status, reason, execution) = if changes_something {
        ("CREATE_COMPLETE", None, "AVAILABLE")
    } else {
        ("FAILED", Some(NOTHING.to_owned()), "UNAVAILABLE")
    };
    ChangeSet {
        scope: stack.scope,
        id: Arn::new("cloudformation", stack.scope, format!("changeSet/{}/{uuid}", input.change_set_name))
            .to_string(),
        name: input.change_set_name.clone(),
        stack_id: stack.id.clone(),
        stack_name: stack.name.clone(),
        description: input.description.clone(),
        creates: input.change_set_type == Some(ChangeSetType::Create),
        configuration: proposal.configuration,
        role_arn: proposal.role_arn,
        monitoring_minutes: proposal.monitoring_minutes,
        on_failure: input.on_stack_failure.map(|it| it.as_str().to_owned()),
        created: call.now,
        status: status.into(),
        reason,
        execution: execution.into(),
        token: input.client_token.clone(),
        changes: foretold.changes,
    }
}

/// What an action on a change set is checked on: its stack.
fn on_change_set(action: &str, name: &str, stack_name: Option<&str>, call: &Call, view: &View) -> Access {
    let found = found(name, stack_name, call, view).ok().flatten();
    let stack = found.as_ref().map(|set| set.stack_id.as_str()).or(stack_name).unwrap_or("*");
    let access = on_stack(action, stack, call, view);
    match &found {
        Some(set) => access.with("cloudformation:ChangeSetName", [set.name.as_str()]),
        None => access.with("cloudformation:ChangeSetName", [name]),
    }
}

fn found(name: &str, stack_name: Option<&str>, call: &Call, view: &View) -> Result<Option<ChangeSet>, Error> {
    let stack = match stack_name {
        Some(name) => Stack::find_any(view, call.scope(), name)?,
        None => None,
    };
    let set = ChangeSet::find(view, call.scope(), name, stack.as_ref().map(|stack| stack.id.as_str()))?;
    // A name of one stack and the id of another's change set do not go together.
    Ok(set.filter(|set| stack.is_none_or(|stack| stack.id == set.stack_id)))
}

pub(super) fn required(
    name: &str,
    stack_name: Option<&str>,
    call: &Call,
    view: &View,
) -> Result<ChangeSet, Error> {
    if !name.starts_with("arn:") {
        let Some(stack) = stack_name else {
            return Err(invalid("StackName must be specified if ChangeSetName is not specified as an ARN."));
        };
        if Stack::find_any(view, call.scope(), stack)?.is_none() {
            return Err(missing_stack(stack));
        }
    }
    found(name, stack_name, call, view)?
        .ok_or_else(|| ChangeSetNotFoundException::new(format!("ChangeSet [{name}] does not exist")).into())
}

impl Transact<DescribeChangeSet> for CloudFormation {
    fn access(input: &DescribeChangeSet, call: &Call, view: &View) -> Access {
        on_change_set("DescribeChangeSet", &input.change_set_name, input.stack_name.as_deref(), call, view)
    }

    fn run(input: DescribeChangeSet, call: &Call, tx: &mut Tx) -> Result<DescribeChangeSetOutput, Error> {
        let set = required(&input.change_set_name, input.stack_name.as_deref(), call, tx)?;
        let (changes, next_token) = page(
            set.changes.clone(),
            input.next_token.as_deref(),
            PAGE,
            |change| change.logical_id.clone(),
            |change, last| change.logical_id.as_str() > last,
        )?;
        let with_values = input.include_property_values == Some(true);
        let changes = changes.iter().map(|change| shown::change(change, with_values)).collect();
        Ok(DescribeChangeSetOutput { changes: Some(changes), next_token, ..shown::change_set(set) })
    }
}

impl Transact<ListChangeSets> for CloudFormation {
    fn access(input: &ListChangeSets, call: &Call, view: &View) -> Access {
        on_stack("ListChangeSets", &input.stack_name, call, view)
    }

    fn run(input: ListChangeSets, call: &Call, tx: &mut Tx) -> Result<ListChangeSetsOutput, Error> {
        let stack = Stack::find_any(tx, call.scope(), &input.stack_name)?
            .ok_or_else(|| missing_stack(&input.stack_name))?;
        let (sets, next_token) = page(
            ChangeSet::of_stack(tx, stack.scope, &stack.id)?,
            input.next_token.as_deref(),
            PAGE,
            |set| set.id.clone(),
            |set, last| set.id.as_str() > last,
        )?;
        Ok(ListChangeSetsOutput {
            summaries: Some(sets.into_iter().map(shown::summary).collect()),
            next_token,
        })
    }
}

impl Transact<DeleteChangeSet> for CloudFormation {
    fn access(input: &DeleteChangeSet, call: &Call, view: &View) -> Access {
        on_change_set("DeleteChangeSet", &input.change_set_name, input.stack_name.as_deref(), call, view)
    }

    fn run(input: DeleteChangeSet, call: &Call, tx: &mut Tx) -> Result<DeleteChangeSetOutput, Error> {
        if let Some(set) = found(&input.change_set_name, input.stack_name.as_deref(), call, tx)? {
            if set.execution == "EXECUTE_IN_PROGRESS" {
                return Err(InvalidChangeSetStatusException::new(format!(
                    "ChangeSet [{}] cannot be deleted in its current execution status of [{}]",
                    set.id, set.execution
                ))
                .into());
            }
            tx.remove::<ChangeSet>(set.scope, &set.id)?;
        } else if !input.change_set_name.starts_with("arn:") && input.stack_name.is_none() {
            return Err(invalid("StackName must be specified if ChangeSetName is not specified as an ARN."));
        }
        Ok(DeleteChangeSetOutput {})
    }
}

impl Transact<ExecuteChangeSet> for CloudFormation {
    fn access(input: &ExecuteChangeSet, call: &Call, view: &View) -> Access {
        on_change_set("ExecuteChangeSet", &input.change_set_name, input.stack_name.as_deref(), call, view)
    }

    fn run(input: ExecuteChangeSet, call: &Call, tx: &mut Tx) -> Result<ExecuteChangeSetOutput, Error> {
        let mut set = required(&input.change_set_name, input.stack_name.as_deref(), call, tx)?;
        let mut stack =
            tx.get::<Stack>(set.scope, &set.stack_id)?.ok_or_else(|| missing_stack(&set.stack_name))?;
        let repeated = stack.change_set.as_ref() == Some(&set.id)
            && input.client_request_token.is_some()
            && stack.token == input.client_request_token;
        if repeated {
            return Ok(ExecuteChangeSetOutput {});
        }
        if set.execution != "AVAILABLE" || set.status != "CREATE_COMPLETE" {
            return Err(InvalidChangeSetStatusException::new(format!(
                "ChangeSet [{}] cannot be executed in its current status of [{}]",
                set.id,
                if set.status == "CREATE_COMPLETE" { &set.execution } else { &set.status }
            ))
            .into());
        }
        let on_failure = set.on_failure.as_deref();
        if input.disable_rollback.is_some() && on_failure.is_some() {
            return Err(invalid("You can specify either DisableRollback or OnStackFailure, but not both."));
        }
        let keeps_failures = input.disable_rollback == Some(true) || on_failure == Some("DO_NOTHING");
        let retain_except_on_create = input.retain_except_on_create == Some(true);
        stack.change_set = Some(set.id.clone());
        if set.creates {
            if !stack.is("REVIEW_IN_PROGRESS") {
                return Err(not_updatable(&stack));
            }
            stack.configure(set.configuration.clone());
            stack.role_arn.clone_from(&set.role_arn);
            stack.monitoring_minutes = set.monitoring_minutes;
            stack.retain_except_on_create = retain_except_on_create;
            stack.on_failure = match on_failure {
                _ if keeps_failures => OnFailure::Nothing,
                Some("DELETE") => OnFailure::Delete,
                _ => OnFailure::Rollback,
            };
            stack.principal = call.principal.clone();
            stack.chain = call.chain.clone();
            stack.token = input.client_request_token;
            stack.created = call.now;
            stack_event(&mut stack, "CREATE_IN_PROGRESS", Some("User Initiated"), call, tx)?;
            enqueue(&stack, call.now, tx)?;
        } else {
            if !UPDATABLE.contains(&stack.status.as_str()) {
                return Err(not_updatable(&stack));
            }
            let proposed = Proposed {
                configuration: set.configuration.clone(),
                role_arn: set.role_arn.clone(),
                monitoring_minutes: set.monitoring_minutes,
            };
            let options = Options {
                keeps_failures,
                retain_except_on_create,
                token: input.client_request_token,
                ..Options::default()
            };
            begin(&mut stack, &proposed, options, call, tx)?;
        }
        set.execution = "EXECUTE_IN_PROGRESS".into();
        tx.put(stack)?;
        // The others of a new stack were about a stack that is in review.
        for mut other in ChangeSet::of_stack(tx, set.scope, &set.stack_id)? {
            if other.id != set.id && other.execution == "AVAILABLE" {
                other.execution = "OBSOLETE".into();
                tx.put(other)?;
            }
        }
        tx.put(set)?;
        Ok(ExecuteChangeSetOutput {})
    }
}
