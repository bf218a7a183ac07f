//! The types that CloudFormation makes, by CloudWatch's public operations as the stack's principal.

mod alarm;
mod composite_alarm;
mod dashboard;
mod tags;

pub(crate) use alarm::AlarmHandler;
pub(crate) use composite_alarm::CompositeAlarmHandler;
pub(crate) use dashboard::DashboardHandler;

use api_cloudwatch::{AlarmType, DescribeAlarms, ListTagsForResource};
use contract::{Actual, HandlerContext, HandlerFailure, Properties};
use names::Tags;
use std::collections::BTreeMap;
use wire::{Document, ErrorResponse, document};

/// Deleting what is gone already has done its work.
fn gone_is_done<T>(result: Result<T, ErrorResponse>) -> Result<(), ErrorResponse> {
    match result {
        Err(error) if !matches!(error.code.as_str(), "ResourceNotFound" | "DashboardNotFoundError") => {
            Err(error)
        }
        _ => Ok(()),
    }
}

/// The alarm's name, and whether the template gives it.
fn name_of(properties: &Properties, context: &HandlerContext) -> Result<(String, bool), HandlerFailure> {
    let given = properties.string("AlarmName")?;
    let is_given = given.is_some();
    Ok((given.unwrap_or_else(|| context.generated_name(255)), is_given))
}

fn attributes(name: &str, context: &HandlerContext) -> BTreeMap<String, Document> {
    let arn = crate::state::arn(context.caller.scope(), name).to_string();
    BTreeMap::from([("Arn".to_owned(), Document::from(arn))])
}

/// Putting an alarm changes one that is there; CloudFormation must not adopt another's. One of an earlier try of this step bears this resource's tags.
async fn is_another_s(
    alarm_type: AlarmType,
    name: &str,
    context: &HandlerContext,
) -> Result<bool, HandlerFailure> {
    let describe = DescribeAlarms {
        alarm_names: Some(vec![name.to_owned()]),
        alarm_types: Some(vec![alarm_type]),
        ..Default::default()
    };
    let found = context.caller.call(describe).await?;
    let count = |alarms: Option<usize>| alarms.unwrap_or(0);
    if count(found.metric_alarms.map(|all| all.len())) + count(found.composite_alarms.map(|all| all.len()))
        == 0
    {
        return Ok(false);
    }
    let resource_arn = crate::state::arn(context.caller.scope(), name).to_string();
    let found = context.caller.call(ListTagsForResource { resource_arn }).await?;
    let found: Tags = found.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)).collect();
    Ok(!bears_own_tags(&found, context))
}

/// Whether tags are those that CloudFormation gives the resource of this step.
fn bears_own_tags(found: &Tags, context: &HandlerContext) -> bool {
    let own = |key: &str| context.stack_tags.get(key).is_some_and(|value| found.get(key) == Some(value));
    own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id")
}

fn number(properties: &Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    let Some(number) = properties.integer(name)? else { return Ok(None) };
    i32::try_from(number)
        .map(Some)
        .map_err(|_| HandlerFailure::invalid(format!("{}/{name}: expected type: Integer", properties.path())))
}

/// What an alarm is now, in the template's form.
async fn actual(
    name: &str,
    (list, ask): (&str, Document),
    told: &[&str],
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let answer = context.ask("cloudwatch", "DescribeAlarms", ask, |_| false).await?.unwrap_or_default();
    let Some(alarm) = answer.get(list).and_then(Document::as_array).and_then(<[Document]>::first) else {
        return Ok(Actual::Gone);
    };
    let mut actual = Actual::picked(alarm, told);
    if properties.get("Tags").is_some() {
        let resource = crate::state::arn(context.caller.scope(), name).to_string();
        let ask = document!({ "ResourceARN": resource });
        let gone = |error: &ErrorResponse| error.code == "ResourceNotFoundException";
        let tags = context.ask("cloudwatch", "ListTagsForResource", ask, gone).await?.unwrap_or_default();
        actual.set("Tags", tags.get("Tags").cloned().unwrap_or_default());
    }
    Ok(Actual::Properties(actual))
}
