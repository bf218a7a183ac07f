//! What the actions do.

use super::select::Path;
use super::{approval, branch, caller, interpolate, script};
use crate::document::{Action, Step, shown};
use crate::scripts::Settings;
use crate::state::Execution;
use contract::{Caller, Context};
use indexmap::IndexMap;
use names::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use wire::{Bytes, Document, ErrorResponse};

/// How often a property that is waited for is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// What a step keeps of an answer.
const MOST_RESPONSE: usize = 100_000;

/// What an action did.
#[derive(Debug, Clone)]
pub(super) enum Acted {
    /// It succeeded.
    Done(Done),
    /// It is to be gone on with at a moment.
    Wait(Timestamp),
    /// It failed.
    Failed(String),
    /// Its inputs cannot be resolved.
    Invalid(String),
    /// It took too long.
    TimedOut(String),
    /// It waits for a signal, until a moment at the latest.
    Held(Timestamp),
    /// Somebody who was asked said no.
    Rejected(String),
    /// Its script failed, and what it printed.
    Script { reason: String, done: Done },
}

/// What a successful action answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    pub(super) inputs: BTreeMap<String, String>,
    pub(super) answer: Document,
    pub(super) response: Option<String>,
    /// The step that a branch chose.
    pub(super) next: Option<String>,
}

pub(super) async fn act(
    step: &Step,
    execution: &Execution,
    known: BTreeMap<String, Document>,
    settings: &Settings,
    context: &Context,
) -> Acted {
    let inputs = match interpolate::resolved(&step.templates(), &known) {
        Ok(inputs) => inputs,
        Err(reason) => return Acted::Invalid(reason),
    };
    let done = Done { inputs: told(&inputs), ..Done::default() };
    let began =
        execution.steps.get(execution.current).and_then(|state| state.started).unwrap_or(execution.started);
    match step.action {
        Action::Branch => match branch::choose(&inputs) {
            Ok(next) => Acted::Done(Done { next, ..done }),
            Err(reason) => Acted::Failed(reason),
        },
        Action::Sleep => match until(&inputs, began) {
            Ok(until) if context.clock.now() >= until => Acted::Done(done),
            Ok(until) => Acted::Wait(until),
            Err(reason) => Acted::Invalid(reason),
        },
        Action::Pause => approval::pause(step, execution, done, began),
        Action::Approve => approval::approve(step, &inputs, execution, done, began, context).await,
        Action::ExecuteScript => {
            let text = step.inputs.get("Script").and_then(Document::as_str).unwrap_or_default();
            let Some(state) = execution.steps.get(execution.current) else {
                return Acted::Failed("The step is not in the runbook".to_owned());
            };
            let deadline = began.plus(Duration::from_secs(step.time_limit().unwrap_or(script::LONGEST)));
            script::run(&inputs, text, done, (execution, state, deadline), settings, context).await
        }
        Action::ExecuteAwsApi | Action::AssertProperty | Action::WaitForProperty | Action::InvokeFunction => {
            let caller = match caller(execution, context).await {
                Ok(caller) => caller,
                Err(error) => return Acted::Failed(not_assumed(&error)),
            };
            match step.action {
                Action::InvokeFunction => invoke(&inputs, done, &caller).await,
                Action::ExecuteAwsApi => match request(&inputs, &caller, &[]).await {
                    Ok(answer) => {
                        Acted::Done(Done { response: Some(cut(&answer.to_string())), answer, ..done })
                    }
                    Err(reason) => Acted::Failed(reason),
                },
                Action::AssertProperty => match property(&inputs, &caller).await {
                    Ok((_, Property::Desired, answer)) => Acted::Done(Done { answer, ..done }),
                    Ok((found, Property::Other(desired), _)) => Acted::Failed(format!(
                        "Property value from the API output \"{found}\" is not in the desired values [{desired}]"
                    )),
                    Err(reason) => Acted::Failed(reason),
                },
                _ => match property(&inputs, &caller).await {
                    Ok((_, Property::Desired, answer)) => Acted::Done(Done { answer, ..done }),
                    Ok((_, Property::Other(_), _)) => Acted::Wait(context.clock.now().plus(LOOK_AGAIN)),
                    Err(reason) => Acted::Failed(reason),
                },
            }
        }
    }
}

pub(super) fn not_assumed(error: &ErrorResponse) -> String {
    format!("The defined assume role is unable to be assumed. {}", error.message)
}

fn told(inputs: &Document) -> BTreeMap<String, String> {
    let none = IndexMap::new();
    let members = inputs.as_object().unwrap_or(&none);
    members.iter().map(|(name, value)| (name.clone(), cut(&value.to_string()))).collect()
}

pub(super) fn cut(text: &str) -> String {
    text.chars().take(MOST_RESPONSE).collect()
}

pub(super) fn text<'a>(inputs: &'a Document, name: &str) -> Result<&'a str, String> {
    inputs.get(name).and_then(Document::as_str).ok_or_else(|| format!("The input {name} must be a string"))
}

/// Calls the operation that the inputs name with all other inputs.
async fn request(inputs: &Document, caller: &Caller, own: &[&str]) -> Result<Document, String> {
    let (service, api) = (text(inputs, "Service")?, text(inputs, "Api")?);
    let none = IndexMap::new();
    let others = inputs.as_object().unwrap_or(&none).iter();
    let others = others
        .filter(|(name, _)| !matches!(name.as_str(), "Service" | "Api") && !own.contains(&name.as_str()));
    let input = Document::Object(others.map(|(name, value)| (name.clone(), value.clone())).collect());
    caller.call_document(service, &operation(api), input).await.map_err(|error| refused(api, &error))
}

/// boto3's method names stand for operations too: `describe_security_groups`.
fn operation(api: &str) -> String {
    if !api.starts_with(|first: char| first.is_ascii_lowercase()) {
        return api.to_owned();
    }
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    api.split('_').map(word).collect()
}

pub(super) fn refused(api: &str, error: &ErrorResponse) -> String {
    if error.code == "ParamValidationError" {
        return error.message.clone();
    }
    format!(
        "An error occurred ({}) when calling the {} operation: {}",
        error.code,
        operation(api),
        error.message
    )
}

enum Property {
    Desired,
    /// What was desired, for the message.
    Other(String),
}

/// Reads a property and compares it.
async fn property(inputs: &Document, caller: &Caller) -> Result<(String, Property, Document), String> {
    let path = Path::parse(text(inputs, "PropertySelector")?)?;
    let desired: Vec<String> = match inputs.get("DesiredValues") {
        Some(Document::Array(values)) => values.iter().flat_map(shown).collect(),
        _ => return Err("The input DesiredValues must be a list".to_owned()),
    };
    let answer = request(inputs, caller, &["PropertySelector", "DesiredValues"]).await?;
    let found = path.select(&answer);
    let texts = found.as_ref().map(shown).unwrap_or_default();
    let equal = |text: &String| {
        desired.iter().any(|wanted| {
            wanted == text || (matches!(text.as_str(), "true" | "false") && wanted.eq_ignore_ascii_case(text))
        })
    };
    // A list has a desired value where each of its elements has one; an empty one has none.
    let holds = !texts.is_empty() && texts.iter().all(equal);
    let property = if holds { Property::Desired } else { Property::Other(desired.join(", ")) };
    Ok((texts.join(", "), property, answer))
}

/// When a sleep ends: `Duration` in ISO 8601 from its beginning, or `Timestamp`.
fn until(inputs: &Document, began: Timestamp) -> Result<Timestamp, String> {
    if let Some(moment) = inputs.get("Timestamp") {
        let moment = moment.as_str().and_then(|text| Timestamp::parse_iso(text).ok());
        return moment.ok_or_else(|| "The input Timestamp is not a moment in ISO 8601".to_owned());
    }
    let duration = duration(text(inputs, "Duration")?)
        .ok_or("The input Duration is not a duration in ISO 8601, at most seven days")?;
    Ok(began.plus(duration))
}

/// `P1DT2H3M4S`, at most seven days.
fn duration(text: &str) -> Option<Duration> {
    let rest = text.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').map_or((rest, ""), |(days, time)| (days, time));
    let mut seconds: u64 = 0;
    for (part, units) in
        [(days, [('W', 604_800), ('D', 86_400), ('?', 0)]), (time, [('H', 3600), ('M', 60), ('S', 1)])]
    {
        let mut digits = String::new();
        for letter in part.chars() {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            let (_, unit) = units.iter().find(|(unit, _)| *unit == letter)?;
            seconds = seconds.checked_add(digits.parse::<u64>().ok()?.checked_mul(*unit)?)?;
            digits.clear();
        }
        if !digits.is_empty() {
            return None;
        }
    }
    (seconds > 0 && seconds <= 604_800).then(|| Duration::from_secs(seconds))
}

async fn invoke(inputs: &Document, done: Done, caller: &Caller) -> Acted {
    match invocation(inputs, caller).await {
        Ok(answer) => {
            match answer.get("FunctionError").and_then(Document::as_str).filter(|error| !error.is_empty()) {
                Some(error) => {
                    let payload = answer.get("Payload").and_then(Document::as_str).unwrap_or_default();
                    Acted::Failed(format!(
                        "Lambda function returned FunctionError={error}. Payload: {}",
                        cut(payload)
                    ))
                }
                None => Acted::Done(Done { response: Some(cut(&answer.to_string())), answer, ..done }),
            }
        }
        Err(reason) => Acted::Failed(reason),
    }
}

async fn invocation(inputs: &Document, caller: &Caller) -> Result<Document, String> {
    let optional = |name: &str| inputs.get(name).and_then(Document::as_str).map(str::to_owned);
    let payload = match (inputs.get("InputPayload"), inputs.get("Payload")) {
        (Some(_), Some(_)) => return Err("Only one of InputPayload and Payload can be given".to_owned()),
        (Some(Document::String(text)), None) | (None, Some(Document::String(text))) => Some(text.clone()),
        (Some(value), None) | (None, Some(value)) => Some(value.to_string()),
        (None, None) => None,
    };
    let parsed = |name: &str, value: Option<String>| match value {
        None => Ok(None),
        Some(value) => value.parse().map(Some).map_err(|_| format!("The input {name} is not valid: {value}")),
    };
    let log_type = match optional("LogType") {
        None => None,
        Some(value) => Some(value.parse().map_err(|_| format!("The input LogType is not valid: {value}"))?),
    };
    let input = api_lambda::Invoke {
        function_name: text(inputs, "FunctionName")?.to_owned(),
        invocation_type: parsed("InvocationType", optional("InvocationType"))?,
        log_type,
        client_context: optional("ClientContext"),
        qualifier: optional("Qualifier"),
        payload: payload.map(Bytes::from),
        ..api_lambda::Invoke::default()
    };
    let answer = caller.call(input).await.map_err(|error| refused("Invoke", &error))?;
    let payload = answer.payload.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(Document::object()
        .with("StatusCode", i64::from(answer.status_code.unwrap_or_default()))
        .with("FunctionError", answer.function_error.unwrap_or_default())
        .with("LogResult", answer.log_result.unwrap_or_default())
        .with("Payload", payload.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_iso_8601_up_to_seven_days() {
        assert_eq!(duration("PT10M"), Some(Duration::from_secs(600)));
        assert_eq!(duration("P1DT1H1S"), Some(Duration::from_secs(90_001)));
        for wrong in ["", "P", "PT", "10M", "PT10", "P8D", "PTM", "P1H", "PT1D"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn method_names_of_boto3_stand_for_operations() {
        assert_eq!(operation("describe_security_groups"), "DescribeSecurityGroups");
        assert_eq!(operation("PutBucketAcl"), "PutBucketAcl");
    }
}
