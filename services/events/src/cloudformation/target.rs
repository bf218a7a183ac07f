//! `Targets` of `AWS::Events::Rule`.

use super::dead_letter;
use api_events::{InputTransformer, RetryPolicy, SqsParameters, Target};
use contract::{HandlerFailure, Properties};
use std::collections::BTreeMap;

/// Reads all targets of a rule.
pub(super) fn targets(properties: &Properties) -> Result<Vec<Target>, HandlerFailure> {
    properties.objects("Targets")?.iter().map(target).collect()
}

fn target(given: &Properties) -> Result<Target, HandlerFailure> {
    given.only(&[
        "Id",
        "Arn",
        "RoleArn",
        "Input",
        "InputPath",
        "InputTransformer",
        "SqsParameters",
        "DeadLetterConfig",
        "RetryPolicy",
    ])?;
    let sqs_parameters = match given.object("SqsParameters")? {
        None => None,
        Some(parameters) => {
            parameters.only(&["MessageGroupId"])?;
            Some(SqsParameters { message_group_id: Some(parameters.required_string("MessageGroupId")?) })
        }
    };
    let retry_policy = match given.object("RetryPolicy")? {
        None => None,
        Some(policy) => {
            policy.only(&["MaximumRetryAttempts", "MaximumEventAgeInSeconds"])?;
            Some(RetryPolicy {
                maximum_retry_attempts: number(&policy, "MaximumRetryAttempts")?,
                maximum_event_age_in_seconds: number(&policy, "MaximumEventAgeInSeconds")?,
            })
        }
    };
    Ok(Target {
        id: given.required_string("Id")?,
        arn: given.required_string("Arn")?,
        role_arn: given.string("RoleArn")?,
        input: given.string("Input")?,
        input_path: given.string("InputPath")?,
        input_transformer: given.object("InputTransformer")?.as_ref().map(transformer).transpose()?,
        sqs_parameters,
        dead_letter_config: dead_letter(given)?,
        retry_policy,
        ..Default::default()
    })
}

fn transformer(given: &Properties) -> Result<InputTransformer, HandlerFailure> {
    given.only(&["InputPathsMap", "InputTemplate"])?;
    let mut paths = None;
    if let Some(map) = given.object("InputPathsMap")? {
        let names = map.document().as_object().into_iter().flat_map(|members| members.keys());
        let read = names.map(|name| Ok((name.clone(), map.required_string(name)?)));
        paths = Some(read.collect::<Result<BTreeMap<String, String>, HandlerFailure>>()?);
    }
    Ok(InputTransformer { input_paths_map: paths, input_template: given.required_string("InputTemplate")? })
}

fn number(given: &Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    let number = given.integer(name)?.map(i32::try_from).transpose();
    number.map_err(|_| HandlerFailure::invalid(format!("{}/{name}: expected type: Integer", given.path())))
}
