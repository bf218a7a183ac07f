//! CreateStack.

use super::proposal::{Asked, propose};
use super::{CloudFormation, Failure, checks, invalid};
use crate::engine::{enqueue, stack_event};
use crate::state::stack::{OnFailure, Stack};
use api_cloudformation::{AlreadyExistsException, CreateStack, CreateStackOutput, Error};
use contract::{Access, Call, Check, Context, Orchestrate};
use names::Arn;
use store::View;

#[async_trait::async_trait]
impl Orchestrate<CreateStack> for CloudFormation {
    fn access(&self, input: &CreateStack, call: &Call, _: &View) -> Access {
        let resource = Arn::new("cloudformation", call.scope(), format!("stack/{}/*", input.stack_name));
        let tags = input.tags.iter().flatten().map(|tag| (tag.key.as_str(), tag.value.as_str()));
        let mut access = Access::on("cloudformation:CreateStack", resource).with_request_tags(tags);
        if let Some(url) = &input.template_url {
            access = access.with("cloudformation:TemplateUrl", [url.as_str()]);
        }
        if let Some(types) = &input.resource_types {
            access = access.with("cloudformation:ResourceTypes", types.iter().map(String::as_str));
        }
        if let Some(role) = &input.role_arn {
            access = access.with("cloudformation:RoleArn", [role.as_str()]);
            access = access.and(Check::pass_role(role, crate::engine::SERVICE_PRINCIPAL));
        }
        access
    }

    async fn run(
        &self,
        input: CreateStack,
        call: &Call,
        context: &Context,
    ) -> Result<CreateStackOutput, Error> {
        checks::name(&input.stack_name)?;
        if input.stack_policy_url.is_some() {
            return Err(checks::not_built("StackPolicyURL"));
        }
        if let Some(policy) = &input.stack_policy_body {
            super::policies::check(policy)?;
        }
        let on_failure = on_failure(&input)?;
        let uuid = call.entropy.uuid();
        let id = Arn::new("cloudformation", call.scope(), format!("stack/{}/{uuid}", input.stack_name))
            .to_string();
        let asked = Asked {
            template_body: input.template_body.as_deref(),
            template_url: input.template_url.as_deref(),
            parameters: input.parameters.as_deref().unwrap_or_default(),
            capabilities: input.capabilities.as_deref().unwrap_or_default(),
            resource_types: input.resource_types.as_deref(),
            tags: input.tags.as_deref(),
            notification_arns: input.notification_arns.as_deref(),
            rollback: input.rollback_configuration.as_ref(),
            role_arn: input.role_arn.as_deref(),
            ..Asked::default()
        };
        let proposal = propose(&asked, None, (&id, &input.stack_name), call, context).await?;
        checks::room(call, context)?;
        let stack = Stack {
            role_arn: proposal.role_arn,
            on_failure,
            retain_except_on_create: input.retain_except_on_create.unwrap_or(false),
            timeout_minutes: input.timeout_in_minutes,
            termination_protection: input.enable_termination_protection.unwrap_or(false),
            policy: input.stack_policy_body.clone(),
            token: input.client_request_token.clone(),
            monitoring_minutes: proposal.monitoring_minutes,
            ..Stack::new(id, input.stack_name.clone(), proposal.configuration, call)
        };
        let created = context
            .transact(call, |call, tx| {
                if let Some(existing) =
                    tx.first_by_index::<Stack>(call.scope(), "by-name", input.stack_name.as_str())?
                {
                    // The same request again, as clients send it after a lost answer.
                    let creating = !existing.status.starts_with("DELETE_");
                    if creating && existing.token.is_some() && existing.token == input.client_request_token {
                        return Ok(existing.id);
                    }
                    return Err(Failure(
                        AlreadyExistsException::new(format!("Stack [{}] already exists", input.stack_name))
                            .into(),
                    ));
                }
                let mut stack = stack.clone();
                stack_event(&mut stack, "CREATE_IN_PROGRESS", Some("User Initiated"), call, tx)?;
                enqueue(&stack, call.now, tx)?;
                let id = stack.id.clone();
                tx.put(stack)?;
                Ok(id)
            })
            .await
            .map_err(|Failure(error)| error)?;
        Ok(CreateStackOutput { stack_id: Some(created), operation_id: None })
    }
}

fn on_failure(input: &CreateStack) -> Result<OnFailure, Error> {
    match (input.disable_rollback, input.on_failure) {
        (Some(_), Some(_)) => {
            Err(invalid("You can specify either DisableRollback or OnFailure, but not both."))
        }
        (Some(true), None) => Ok(OnFailure::Nothing),
        (_, Some(api_cloudformation::OnFailure::DoNothing)) => Ok(OnFailure::Nothing),
        (_, Some(api_cloudformation::OnFailure::Delete)) => Ok(OnFailure::Delete),
        _ => Ok(OnFailure::Rollback),
    }
}
