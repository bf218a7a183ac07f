//! What CreateStack, UpdateStack and CreateChangeSet have in common: a template and its values, judged before anything is done.

use super::{checks, invalid, source, stored};
use crate::engine::{assume, plan, pseudo};
use crate::state::stack::{Configuration, Stack};
use crate::template::Plan;
use api_cloudformation::{Capability, Error, Parameter, RollbackConfiguration, Tag};
use contract::{Call, Context};
use indexmap::IndexMap;
use names::Arn;
use std::sync::Arc;

/// What a request asks for.
#[derive(Default)]
pub(super) struct Asked<'a> {
    pub(super) template_body: Option<&'a str>,
    pub(super) template_url: Option<&'a str>,
    pub(super) use_previous_template: bool,
    pub(super) parameters: &'a [Parameter],
    pub(super) capabilities: &'a [Capability],
    pub(super) resource_types: Option<&'a [String]>,
    pub(super) tags: Option<&'a [Tag]>,
    pub(super) notification_arns: Option<&'a [String]>,
    pub(super) rollback: Option<&'a RollbackConfiguration>,
    pub(super) role_arn: Option<&'a str>,
}

/// What it comes to.
pub(super) struct Proposal {
    pub(super) configuration: Configuration,
    pub(super) plan: Plan,
    pub(super) role_arn: Option<Arn>,
    pub(super) monitoring_minutes: Option<i32>,
}

/// Judges a request: for a new stack, or one that there is.
pub(super) async fn propose(
    asked: &Asked<'_>,
    existing: Option<&Stack>,
    (id, name): (&str, &str),
    call: &Call,
    context: &Context,
) -> Result<Proposal, Error> {
    checks::built(asked.notification_arns, asked.rollback)?;
    let tags = match (asked.tags, existing) {
        (Some(tags), _) => checks::tags(tags)?,
        (None, Some(stack)) => stack.tags.clone(),
        (None, None) => names::Tags::new(),
    };
    let (text, from) = match existing.filter(|_| asked.use_previous_template) {
        Some(stack) => {
            if asked.template_body.is_some() || asked.template_url.is_some() {
                return Err(invalid(
                    "Specify only one of UsePreviousTemplate, Template URL and Template Body.",
                ));
            }
            (stack.template.clone(), crate::template::Source::S3)
        }
        None if asked.use_previous_template => {
            return Err(invalid("There is no previous template: the stack is new."));
        }
        None => source::text(asked.template_body, asked.template_url, call, context).await?,
    };
    let template = source::parse(&text, from)?;
    checks::types(&template, asked.resource_types, context)?;
    let capabilities: Vec<String> =
        asked.capabilities.iter().map(|capability| capability.as_str().to_owned()).collect();
    template.require_capabilities(&capabilities).map_err(source::refused)?;
    let before = existing.and_then(|stack| plan(stack).ok());
    let parameters = given(asked.parameters, before.as_ref())?;
    let role = asked.role_arn.map(str::to_owned);
    let role = role.or_else(|| existing.and_then(|stack| stack.role_arn.as_ref()).map(ToString::to_string));
    let stored = stored::values(&template, &parameters, (role.as_deref(), id), call, context).await?;
    let values = template.parameter_values_with(&parameters, &stored).map_err(source::refused)?;
    checks::existing(&values, call, context).await?;
    let description = template.description.clone();
    let mut pseudo = pseudo(call.scope(), name, id);
    let notification_arns = match (asked.notification_arns, existing) {
        (Some(arns), _) => arns.to_vec(),
        (None, Some(stack)) => stack.notification_arns.clone(),
        (None, None) => Vec::new(),
    };
    pseudo.notification_arns.clone_from(&notification_arns);
    let plan = Plan::new(Arc::new(template), values, pseudo).map_err(source::refused)?;
    checks::snapshots(&plan)?;
    checks::exports(&plan)?;
    checks::attributes(&plan, context)?;
    let role_arn = match asked.role_arn {
        Some(role) => Some(trusting(role, id, call, context).await?),
        None => existing.and_then(|stack| stack.role_arn.clone()),
    };
    Ok(Proposal {
        configuration: Configuration {
            template: text,
            description,
            parameters,
            stored,
            capabilities,
            tags,
            notification_arns,
        },
        plan,
        role_arn,
        monitoring_minutes: asked.rollback.and_then(|it| it.monitoring_time_in_minutes),
    })
}

/// A role that trusts CloudFormation.
pub(super) async fn trusting(
    role: &str,
    stack_id: &str,
    call: &Call,
    context: &Context,
) -> Result<Arn, Error> {
    let arn: Arn =
        role.parse().map_err(|_| invalid(format!("Role {role} is invalid or cannot be assumed")))?;
    assume(&arn, call.scope(), stack_id, &call.chain, context).await.map_err(invalid)?;
    Ok(arn)
}

/// The parameters of a request, by name; `before` is the plan of the stack that is updated.
fn given(parameters: &[Parameter], before: Option<&Plan>) -> Result<IndexMap<String, String>, Error> {
    let mut given = IndexMap::new();
    for parameter in parameters {
        let key = parameter.parameter_key.clone().unwrap_or_default();
        let value = match (parameter.use_previous_value, &parameter.parameter_value) {
            (Some(true), Some(_)) => {
                return Err(invalid(format!(
                    "Invalid input for parameter key {key}. Cannot specify usePreviousValue as true and non empty value for a parameter"
                )));
            }
            (Some(true), None) => {
                let previous = before.and_then(|before| before.parameters().get(&key));
                previous.map(|value| value.text.clone()).ok_or_else(|| {
                    invalid(
                        "Invalid input for parameter key. Cannot specify usePreviousValue as true for a parameter key not in the previous template",
                    )
                })?
            }
            (_, Some(value)) => value.clone(),
            (_, None) => {
                return Err(invalid(format!(
                    "Invalid input for parameter key {key}. Need to specify either usePreviousValue as true or a value for the parameter"
                )));
            }
        };
        if given.insert(key.clone(), value).is_some() {
            return Err(invalid(format!("Duplicate input for parameter key: {key}")));
        }
    }
    Ok(given)
}
