//! CreateStack.

use super::{CloudFormation, invalid, source};
use crate::engine::{enqueue, pseudo, stack_event};
use crate::state::stack::{OnFailure, Stack};
use crate::template::{DeletionPolicy, Plan, Template, TemplateError};
use api_cloudformation::{AlreadyExistsException, CreateStack, CreateStackOutput, Error};
use contract::{Access, Call, Check, Context, Orchestrate};
use indexmap::IndexMap;
use names::{Arn, Tags};
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

    async fn run(&self, input: CreateStack, call: &Call, context: &Context) -> Result<CreateStackOutput, Error> {
        refuse_unbuilt(&input)?;
        let on_failure = on_failure(&input)?;
        let (text, from) =
            source::text(input.template_body.as_deref(), input.template_url.as_deref(), call, context).await?;
        let template = source::parse(&text, from)?;
        check_types(&template, input.resource_types.as_deref(), context)?;
        let capabilities: Vec<String> =
            input.capabilities.iter().flatten().map(|capability| capability.as_str().to_owned()).collect();
        template.require_capabilities(&capabilities).map_err(source::refused)?;
        let parameters = given(input.parameters.as_deref())?;
        let values = template.parameter_values(&parameters).map_err(source::refused)?;
        check_existing(&values, call, context)?;
        let role_arn = match &input.role_arn {
            Some(role) => Some(role.parse::<Arn>().map_err(|_| invalid(format!("Role {role} is invalid or cannot be assumed")))?),
            None => None,
        };
        let uuid = call.entropy.uuid();
        let id = Arn::new("cloudformation", call.scope(), format!("stack/{}/{uuid}", input.stack_name)).to_string();
        let description = template.description.clone();
        let plan = Plan::new(Arc::new(template), values, pseudo(call.scope(), &input.stack_name, &id)).map_err(source::refused)?;
        check_snapshots(&plan)?;

        let tags: Tags = input.tags.iter().flatten().map(|tag| (tag.key.clone(), tag.value.clone())).collect();
        check_tags(input.tags.as_deref().unwrap_or_default(), &tags)?;
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
            retained: Vec::new(),
            created: call.now,
            deleted: None,
            next_event: 0,
        };
        let created = context
            .transact(call, |call, tx| {
                if let Some(existing) = tx.first_by_index::<Stack>(call.scope(), "by-name", input.stack_name.as_str())? {
                    // The same request again, as clients send it after a lost answer.
                    if existing.token.is_some() && existing.token == input.client_request_token {
                        return Ok(existing.id);
                    }
                    return Err(Failure(
                        AlreadyExistsException::new(format!("Stack [{}] already exists", input.stack_name)).into(),
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

fn refuse_unbuilt(input: &CreateStack) -> Result<(), Error> {
    let not_built = |what: &str| Err(invalid(format!("{what} is not built in Cloudchamber.")));
    if input.notification_arns.as_ref().is_some_and(|arns| !arns.is_empty()) {
        return not_built("NotificationARNs");
    }
    let triggers = input.rollback_configuration.as_ref().and_then(|it| it.rollback_triggers.as_ref());
    if triggers.is_some_and(|triggers| !triggers.is_empty()) {
        return not_built("RollbackConfiguration with triggers");
    }
    if input.stack_policy_url.is_some() {
        return not_built("StackPolicyURL");
    }
    if let Some(policy) = &input.stack_policy_body {
        super::policies::check(policy)?;
    }
    Ok(())
}

fn on_failure(input: &CreateStack) -> Result<OnFailure, Error> {
    match (input.disable_rollback, input.on_failure) {
        (Some(_), Some(_)) => Err(invalid("You can specify either DisableRollback or OnFailure, but not both.")),
        (Some(true), None) => Ok(OnFailure::Nothing),
        (_, Some(api_cloudformation::OnFailure::DoNothing)) => Ok(OnFailure::Nothing),
        (_, Some(api_cloudformation::OnFailure::Delete)) => Ok(OnFailure::Delete),
        _ => Ok(OnFailure::Rollback),
    }
}

/// The parameters of a request, by name.
pub(super) fn given(parameters: Option<&[api_cloudformation::Parameter]>) -> Result<IndexMap<String, String>, Error> {
    let mut given = IndexMap::new();
    for parameter in parameters.unwrap_or_default() {
        let key = parameter.parameter_key.clone().unwrap_or_default();
        if parameter.use_previous_value == Some(true) {
            return Err(invalid("Invalid input for parameter key. Cannot specify usePreviousValue as true for a parameter key not in the previous template"));
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

/// Every type must be one that can be made here: nothing is pretended.
fn check_types(template: &Template, allowed: Option<&[String]>, context: &Context) -> Result<(), Error> {
    let mut unknown = Vec::new();
    for resource in template.resources.values() {
        let name = resource.resource_type.as_str();
        if !context.catalog.handlers.contains_key(name) && !unknown.contains(&name) {
            unknown.push(name);
        }
        let fits = |pattern: &String| pattern == name || pattern.strip_suffix('*').is_some_and(|start| name.starts_with(start));
        if allowed.is_some_and(|allowed| !allowed.iter().any(fits)) {
            return Err(invalid(format!("Resource type {name} is not allowed by parameter ResourceTypes {allowed:?}")));
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(source::refused(TemplateError::unrecognized_resource_types(&unknown))) }
}

/// Values of AWS-specific parameter types must name what exists.
fn check_existing(values: &crate::template::ParameterValues, call: &Call, context: &Context) -> Result<(), Error> {
    let view = context.store.view();
    for (parameter, type_name, value) in values.existing() {
        let owner = type_name.rsplit_once("::").map_or(type_name, |(owner, _)| owner);
        let Some(kind) = context.catalog.resources.get(owner) else {
            return Err(invalid(format!("Parameter {parameter}: the type {type_name} is not built in Cloudchamber.")));
        };
        let found = if type_name.ends_with("::Id") {
            (kind.describe)(&view, kind.scope(call.scope()), value)?.is_some()
        } else {
            let all = (kind.list)(&view, kind.scope(call.scope()))?;
            all.iter().any(|identity| identity.name.as_deref() == Some(value))
        };
        if !found {
            return Err(source::refused(TemplateError::parameter_value_does_not_exist(parameter, value)));
        }
    }
    Ok(())
}

/// Nothing that can be made here has snapshots.
fn check_snapshots(plan: &Plan) -> Result<(), Error> {
    for (name, resource) in plan.resources() {
        let policy = plan.deletion_policy(name).map_err(source::refused)?;
        if policy == DeletionPolicy::Snapshot {
            let of = &resource.resource_type;
            return Err(invalid(format!("Template error: resource type {of} does not support deletion policy Snapshot")));
        }
    }
    Ok(())
}

fn check_tags(given: &[api_cloudformation::Tag], tags: &Tags) -> Result<(), Error> {
    if given.len() != tags.len() {
        return Err(invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive."));
    }
    if let Some(key) = tags.keys().find(|key| key.to_ascii_lowercase().starts_with("aws:")) {
        return Err(invalid(format!("Tag keys may not start with aws: ({key}); that prefix is reserved for AWS.")));
    }
    Ok(())
}
