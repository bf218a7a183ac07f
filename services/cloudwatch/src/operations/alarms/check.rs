//! What both kinds of alarms check when they are put.

use crate::refusal::validation;
use api_cloudwatch::Error;
use contract::Call;
use names::Arn;

/// Services whose actions AWS has for alarms, and this cloud has not.
const NOT_BUILT: &[&str] = &["automate", "swf", "autoscaling", "ssm", "ssm-incidents", "aiops"];

/// Refuses names that AWS refuses beyond the model's limits.
pub(super) fn name(name: &str) -> Result<(), Error> {
    if name.chars().any(|c| c.is_ascii_control()) {
        return Err(validation("AlarmName must not contain ASCII control characters."));
    }
    Ok(())
}

/// Refuses targets that cannot be acted on: what is no ARN, is in another region, or is of a service that is not built.
pub(super) fn actions<'a>(actions: impl IntoIterator<Item = &'a String>, call: &Call) -> Result<(), Error> {
    actions.into_iter().try_for_each(|action| one(action, call))
}

fn one(action: &str, call: &Call) -> Result<(), Error> {
    let syntax = || validation(format!("Invalid arn syntax: {action}"));
    // `arn:aws:automate:us-east-1:ec2:stop` is no ARN of an account's.
    let service = action.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1)).unwrap_or_default();
    if NOT_BUILT.contains(&service) {
        return Err(validation(format!(
            "Alarm actions of {service} are not built in Cloudchamber: {action}"
        )));
    }
    let arn: Arn = action.parse().map_err(|_| syntax())?;
    let own = call.region.as_str();
    let region = arn.region.map(|region| region.to_string()).unwrap_or_default();
    match arn.service.as_str() {
        "sns" | "lambda" if arn.account.is_none() || region.is_empty() => Err(syntax()),
        "sns" | "lambda" if region != own => {
            Err(validation(format!("Invalid region {region} specified. Only {own} is supported.")))
        }
        "sns" if arn.resource.contains([':', '/']) || arn.resource.is_empty() => Err(syntax()),
        "sns" => Ok(()),
        "lambda" if arn.resource_after("function:").is_none_or(str::is_empty) => Err(syntax()),
        "lambda" => Ok(()),
        _ => Err(validation(format!("Invalid alarm action: {action}"))),
    }
}
