//! Carries out steps: a lab's start, and solutions with and without mistakes.

use crate::environment::{Environment, Miss};
use crate::format::{Does, Mistake, Step};
use crate::grading::Waiting;
use crate::judge::judge_all;
use crate::uploads::{Key, Upload, put};
use contract::Caller;
use std::time::Duration;
use wire::Document;

/// Whoever carries out steps.
pub(crate) struct Hand {
    /// Makes its calls.
    pub(crate) caller: Caller,
    /// Signs its uploads.
    pub(crate) key: Option<Key>,
}

/// Carries out steps in order.
pub(crate) async fn carry_out(
    steps: &[Step],
    mistake: Option<&Mistake>,
    hand: &Hand,
    environment: &mut Environment<'_>,
) -> Result<(), String> {
    let then = mistake.map(|mistake| mistake.then.as_slice()).unwrap_or_default();
    for step in steps.iter().chain(then) {
        if mistake.is_some_and(|mistake| mistake.skip.contains(&step.id)) {
            continue;
        }
        let change = mistake.and_then(|mistake| mistake.change.iter().find(|(id, _)| *id == step.id));
        one(step, change.map(|(_, change)| change), hand, environment)
            .await
            .map_err(|reason| format!("the step {} (line {}) failed: {reason}", step.id, step.line))?;
    }
    Ok(())
}

async fn one(
    step: &Step,
    change: Option<&Document>,
    hand: &Hand,
    environment: &mut Environment<'_>,
) -> Result<(), String> {
    environment.forget();
    let told = |miss: Miss| match miss.why {
        Some(why) => format!("{} ({why})", miss.found),
        None => miss.found,
    };
    match &step.does {
        Does::Call { service, operation, with, save } => {
            let mut with = with.clone();
            if let Some(change) = change {
                merge(&mut with, change);
            }
            let input = environment.resolve(&with).await.map_err(told)?;
            let answer = match hand.caller.call_document(service, operation, input).await {
                Ok(answer) => answer,
                Err(error) if step.tolerates.contains(&error.code) => Document::Null,
                Err(error) => {
                    return Err(format!("{service}:{operation} answered {}: {}", error.code, error.message));
                }
            };
            for (name, expression) in save {
                let value = environment.find(&expression.text, &answer).await.map_err(told)?;
                environment.define(name, value);
            }
            Ok(())
        }
        Does::Upload(upload) => {
            let mut upload = upload.clone();
            if let Some(change) = change {
                merge(&mut upload, change);
            }
            let upload = environment.resolve(&upload).await.map_err(told)?;
            let text = |name: &str| upload.get(name).and_then(Document::as_str).unwrap_or_default();
            let upload = Upload { bucket: text("bucket"), key: text("key"), body: text("body") };
            let key = hand.key.as_ref().ok_or("nobody is there to sign the upload")?;
            let (region, context) = (hand.caller.scope().region, environment.context);
            put(&upload, key, region, &context.endpoint, context.clock.now()).await
        }
        Does::Wait { reading, until, within } => {
            let within = Duration::from_secs(*within);
            let deadline = environment.context.clock.now().plus(within);
            let mut waiting = Waiting::new(environment);
            loop {
                environment.forget();
                let found = match environment.source(reading).await {
                    Err(miss) => told(miss),
                    Ok(value) => {
                        let verdict = judge_all(until, &value, environment).await;
                        if verdict.passed {
                            return Ok(());
                        }
                        format!(
                            "{} was found; {}",
                            verdict.found,
                            verdict.why.or(verdict.expected).unwrap_or_default()
                        )
                    }
                };
                if !waiting.more(deadline, None).await {
                    return Err(format!("it did not come about within {} s: {found}", within.as_secs()));
                }
            }
        }
    }
}

/// Replaces members; null takes one out (RFC 7386).
fn merge(into: &mut Document, change: &Document) {
    let Document::Object(changes) = change else {
        into.clone_from(change);
        return;
    };
    if !matches!(into, Document::Object(_)) {
        *into = Document::object();
    }
    if let Document::Object(members) = into {
        for (name, value) in changes {
            if value.is_null() {
                members.shift_remove(name);
            } else {
                merge(members.entry(name.clone()).or_default(), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_replaces_members_and_takes_out() {
        let mut with = Document::parse(r#"{"a":{"b":1,"c":2},"d":[1]}"#).unwrap();
        merge(&mut with, &Document::parse(r#"{"a":{"b":3,"c":null},"d":[],"e":true}"#).unwrap());
        assert_eq!(with.to_string(), r#"{"a":{"b":3},"d":[],"e":true}"#);
    }
}
