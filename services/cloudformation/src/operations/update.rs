//! UpdateStack, CancelUpdateStack and ContinueUpdateRollback.

use super::proposal::{Asked, Proposal, propose, trusting};
use super::{CloudFormation, Failure, any_stack, checks, invalid, on_stack, policies};
use crate::engine::changes::foretell;
use crate::engine::{SERVICE_PRINCIPAL, enqueue, plan, stack_event, turn_back};
use crate::state::changes::ChangeSet;
use crate::state::resource::StackResource;
use crate::state::stack::{Stack, Update};
use api_cloudformation::{
    CancelUpdateStack, CancelUpdateStackOutput, ContinueUpdateRollback, ContinueUpdateRollbackOutput, Error,
    UpdateStack, UpdateStackOutput,
};
use contract::{Access, Call, Check, Context, Orchestrate, Transact};
use store::{StoreError, Tx, View};

/// The states in which a stack may be updated.
pub(super) const UPDATABLE: &[&str] =
    &["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED", "IMPORT_COMPLETE"];

/// AWS's sentence about a stack that is not at rest, or has failed.
pub(super) fn not_updatable(stack: &Stack) -> Error {
    invalid(format!("Stack:{} is in {} state and can not be updated.", stack.id, stack.status))
}

/// Resources whose type another template changes.
pub(super) fn same_types(stack: &Stack, proposal: &Proposal, view: &View) -> Result<(), Error> {
    let rows = view.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()?;
    let changed: Vec<String> = rows
        .into_iter()
        .filter(|row| !row.is_gone())
        .filter(|row| {
            let declared = proposal.plan.resource(&row.logical_id);
            declared.is_some_and(|declared| declared.resource_type != row.resource_type)
        })
        .map(|row| row.logical_id)
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
        changed.join(", ")
    )))
}

/// Lets a stack take on what an update wants, and begins it.
pub(super) fn begin(
    stack: &mut Stack,
    proposal: &Proposed,
    update: Options,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    let before = stack.configure(proposal.configuration.clone());
    // After an update that failed and was left as it is, what was before that one is what is gone back to.
    let other = stack.update.take().map_or(before, |earlier| earlier.other);
    stack.update = Some(Update {
        other,
        policy: update.policy_during_update,
        keeps_failures: update.keeps_failures,
        retain_except_on_create: update.retain_except_on_create,
        stopped: None,
        skipped: Vec::new(),
    });
    if let Some(role) = &proposal.role_arn {
        stack.role_arn = Some(role.clone());
    }
    if let Some(policy) = update.policy {
        stack.policy = Some(policy);
    }
    stack.monitoring_minutes = proposal.monitoring_minutes.or(stack.monitoring_minutes);
    stack.principal = call.principal.clone();
    stack.chain = call.chain.clone();
    stack.token = update.token;
    stack.updated = Some(call.now);
    stack.undoing = false;
    stack_event(stack, "UPDATE_IN_PROGRESS", Some("User Initiated"), call, tx)?;
    enqueue(stack, call.now, tx)?;
    // What was foretold of the stack as it was is foretold no longer.
    for mut set in ChangeSet::of_stack(tx, stack.scope, &stack.id)? {
        if set.execution == "AVAILABLE" && stack.change_set.as_ref() != Some(&set.id) {
            set.execution = "OBSOLETE".into();
            tx.put(set)?;
        }
    }
    Ok(())
}

/// What an update changes.
pub(super) struct Proposed {
    pub(super) configuration: crate::state::stack::Configuration,
    pub(super) role_arn: Option<names::Arn>,
    pub(super) monitoring_minutes: Option<i32>,
}

/// How an update is to be done.
#[derive(Default)]
pub(super) struct Options {
    pub(super) policy: Option<String>,
    pub(super) policy_during_update: Option<String>,
    pub(super) keeps_failures: bool,
    pub(super) retain_except_on_create: bool,
    pub(super) token: Option<String>,
}

#[async_trait::async_trait]
impl Orchestrate<UpdateStack> for CloudFormation {
    fn access(&self, input: &UpdateStack, call: &Call, view: &View) -> Access {
        let tags = input.tags.iter().flatten().map(|tag| (tag.key.as_str(), tag.value.as_str()));
        let mut access = on_stack("UpdateStack", &input.stack_name, call, view).with_request_tags(tags);
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
        input: UpdateStack,
        call: &Call,
        context: &Context,
    ) -> Result<UpdateStackOutput, Error> {
        if input.stack_policy_url.is_some() || input.stack_policy_during_update_url.is_some() {
            return Err(checks::not_built("StackPolicyURL"));
        }
        for policy in [&input.stack_policy_body, &input.stack_policy_during_update_body].into_iter().flatten()
        {
            policies::check(policy)?;
        }
        let stack = Stack::find_any(&context.store.view(), call.scope(), &input.stack_name)?
            .ok_or_else(|| invalid(format!("Stack [{}] does not exist", input.stack_name)))?;
        let answer = UpdateStackOutput { stack_id: Some(stack.id.clone()), operation_id: None };
        let repeated = |stack: &Stack| {
            input.client_request_token.is_some()
                && stack.token == input.client_request_token
                && stack.status.starts_with("UPDATE_")
        };
        if repeated(&stack) {
            return Ok(answer);
        }
        if !UPDATABLE.contains(&stack.status.as_str()) {
            return Err(not_updatable(&stack));
        }
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
        let proposal = propose(&asked, Some(&stack), (&stack.id, &stack.name), call, context).await?;
        same_types(&stack, &proposal, &context.store.view())?;
        let caller =
            context.caller(call.principal.clone(), call.scope(), call.chain.through(SERVICE_PRINCIPAL));
        let retagged = proposal.configuration.tags != stack.tags;
        let before = plan(&stack).ok();
        let foretold = foretell(&stack, before.as_ref(), &proposal.plan, retagged, &caller, context).await?;
        if foretold.changes.is_empty() && !foretold.outputs && !retagged && !stack.is("UPDATE_FAILED") {
            return Err(invalid("No updates are to be performed."));
        }
        let proposed = Proposed {
            configuration: proposal.configuration,
            role_arn: proposal.role_arn,
            monitoring_minutes: proposal.monitoring_minutes,
        };
        context
            .transact(call, |call, tx| {
                let mut now = any_stack(tx, call, &stack.id).map_err(Failure)?;
                if repeated(&now) {
                    return Ok(());
                }
                if !UPDATABLE.contains(&now.status.as_str()) {
                    return Err(Failure(not_updatable(&now)));
                }
                let options = Options {
                    policy: input.stack_policy_body.clone(),
                    policy_during_update: input.stack_policy_during_update_body.clone(),
                    keeps_failures: input.disable_rollback == Some(true),
                    retain_except_on_create: input.retain_except_on_create == Some(true),
                    token: input.client_request_token.clone(),
                };
                begin(&mut now, &proposed, options, call, tx)?;
                tx.put(now)?;
                Ok(())
            })
            .await
            .map_err(|Failure(error)| error)?;
        Ok(answer)
    }
}

impl Transact<CancelUpdateStack> for CloudFormation {
    fn access(input: &CancelUpdateStack, call: &Call, view: &View) -> Access {
        on_stack("CancelUpdateStack", &input.stack_name, call, view)
    }

    fn run(input: CancelUpdateStack, call: &Call, tx: &mut Tx) -> Result<CancelUpdateStackOutput, Error> {
        let mut stack = Stack::find_any(tx, call.scope(), &input.stack_name)?
            .ok_or_else(|| invalid(format!("Stack [{}] does not exist", input.stack_name)))?;
        if !stack.is("UPDATE_IN_PROGRESS") {
            return Err(invalid("CancelUpdateStack cannot be called from current stack status"));
        }
        stack.token = input.client_request_token;
        turn_back(&mut stack, "User Initiated", call, tx)?;
        enqueue(&stack, call.now, tx)?;
        tx.put(stack)?;
        Ok(CancelUpdateStackOutput {})
    }
}

#[async_trait::async_trait]
impl Orchestrate<ContinueUpdateRollback> for CloudFormation {
    fn access(&self, input: &ContinueUpdateRollback, call: &Call, view: &View) -> Access {
        let mut access = on_stack("ContinueUpdateRollback", &input.stack_name, call, view);
        if let Some(role) = &input.role_arn {
            access = access.with("cloudformation:RoleArn", [role.as_str()]);
            access = access.and(Check::pass_role(role, SERVICE_PRINCIPAL));
        }
        access
    }

    async fn run(
        &self,
        input: ContinueUpdateRollback,
        call: &Call,
        context: &Context,
    ) -> Result<ContinueUpdateRollbackOutput, Error> {
        let stack = any_stack(&context.store.view(), call, &input.stack_name)?;
        let role = match &input.role_arn {
            Some(role) => Some(trusting(role, &stack.id, call, context).await?),
            None => None,
        };
        let skipped = input.resources_to_skip.clone().unwrap_or_default();
        context
            .transact(call, |call, tx| {
                let mut stack = any_stack(tx, call, &stack.id).map_err(Failure)?;
                if !stack.is("UPDATE_ROLLBACK_FAILED") {
                    return Err(Failure(invalid(format!(
                        "Stack:{} is in {} state and can not continue rolling back.",
                        stack.id, stack.status
                    ))));
                }
                for name in &skipped {
                    let row = tx.get::<StackResource>(stack.scope, (&stack.id, name))?;
                    if !row.is_some_and(|row| row.is("UPDATE_FAILED")) {
                        return Err(Failure(invalid(format!(
                            "Resource [{name}] cannot be skipped: only resources that are in the UPDATE_FAILED state because a rollback failed can be."
                        ))));
                    }
                }
                if let Some(update) = &mut stack.update {
                    update.skipped.clone_from(&skipped);
                }
                if let Some(role) = &role {
                    stack.role_arn = Some(role.clone());
                }
                stack.principal = call.principal.clone();
                stack.chain = call.chain.clone();
                stack.token.clone_from(&input.client_request_token);
                stack_event(&mut stack, "UPDATE_ROLLBACK_IN_PROGRESS", Some("User Initiated"), call, tx)?;
                enqueue(&stack, call.now, tx)?;
                tx.put(stack)?;
                Ok(())
            })
            .await
            .map_err(|Failure(error)| error)?;
        Ok(ContinueUpdateRollbackOutput {})
    }
}
