//! CreateStack.

use super::{CloudFormation, checks, invalid, source};
use crate::engine::{assume, enqueue, pseudo, stack_event};
use crate::state::stack::{OnFailure, Stack};
use crate::template::Plan;
use api_cloudformation::{AlreadyExistsException, CreateStack, CreateStackOutput, Error};
use contract::{Access, Call, Check, Context, Orchestrate};
use indexmap::IndexMap;
use names::Arn;
use std::sync::Arc;
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
        checks::built(&input)?;
        checks::name(&input.stack_name)?;
        if let Some(policy) = &input.stack_policy_body {
            super::policies::check(policy)?;
        }
        let on_failure = on_failure(&input)?;
        let tags = checks::tags(input.tags.as_deref().unwrap_or_default())?;
        let (text, from) =
            source::text(input.template_body.as_deref(), input.template_url.as_deref(), call, context)
                .await?;
        let template = source::parse(&text, from)?;
        checks::types(&template, input.resource_types.as_deref(), context)?;
        let capabilities: Vec<String> =
            input.capabilities.iter().flatten().map(|capability| capability.as_str().to_owned()).collect();
        template.require_capabilities(&capabilities).map_err(source::refused)?;
        let parameters = given(input.parameters.as_deref())?;
        let values = template.parameter_values(&parameters).map_err(source::refused)?;
        checks::existing(&values, call, context).await?;
        let uuid = call.entropy.uuid();
        let id = Arn::new("cloudformation", call.scope(), format!("stack/{}/{uuid}", input.stack_name))
            .to_string();
        let description = template.description.clone();
        let plan = Plan::new(Arc::new(template), values, pseudo(call.scope(), &input.stack_name, &id))
            .map_err(source::refused)?;
        checks::snapshots(&plan)?;
        checks::exports(&plan)?;
        checks::attributes(&plan, context)?;
        checks::room(call, context)?;
        let role_arn = match &input.role_arn {
            Some(role) => Some(trusting(role, &id, call, context).await?),
            None => None,
        };
        let stack = Stack {
            scope: call.scope(),
            id: id.clone(),
            name: input.stack_name.clone(),
            status: String::new(),
            reason: None,
            description,
            template: text,
            parameters,
            capabilities,
            tags,
            outputs: Vec::new(),
            role_arn,
            on_failure,
            retain_except_on_create: input.retain_except_on_create.unwrap_or(false),
            timeout_minutes: input.timeout_in_minutes,
            termination_protection: input.enable_termination_protection.unwrap_or(false),
            policy: input.stack_policy_body.clone(),
            token: input.client_request_token.clone(),
            principal: call.principal.clone(),
            chain: call.chain.clone(),
            undoing: false,
            retained: Vec::new(),
            forced: false,
            created: call.now,
            deleted: None,
            next_event: 0,
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

/// A service's error in a transaction that can fail by the store, too.
struct Failure(Error);

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Self {
        Self(error.into())
    }
}

/// A role that trusts CloudFormation.
async fn trusting(role: &str, stack_id: &str, call: &Call, context: &Context) -> Result<Arn, Error> {
    let arn: Arn =
        role.parse().map_err(|_| invalid(format!("Role {role} is invalid or cannot be assumed")))?;
    assume(&arn, call.scope(), stack_id, &call.chain, context).await.map_err(invalid)?;
    Ok(arn)
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

/// The parameters of a request, by name.
pub(super) fn given(
    parameters: Option<&[api_cloudformation::Parameter]>,
) -> Result<IndexMap<String, String>, Error> {
    let mut given = IndexMap::new();
    for parameter in parameters.unwrap_or_default() {
        let key = parameter.parameter_key.clone().unwrap_or_default();
        if parameter.use_previous_value == Some(true) {
            return Err(invalid(
                "Invalid input for parameter key. Cannot specify usePreviousValue as true for a parameter key not in the previous template",
            ));
        }
        let value = parameter
            .parameter_value
            .clone()
            .ok_or_else(|| invalid(format!("Invalid input for parameter key {key}. Need to specify either usePreviousValue as true or a value for the parameter")))?;
        if given.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("Duplicate input for parameter key: {key}")));
        }
    }
    Ok(given)
}
