//! Invoking a rule's function, to its end.

use super::task::caller;
use crate::state::{Evaluation, ResultToken, Rule, RuleStatus};
use api_lambda::{InvocationType, Invoke};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::{Call, Context, Task};
use futures::future::{Either, select};
use names::{Arn, Scope, Timestamp};
use sha2::{Digest, Sha256};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, ErrorResponse};

/// How long a function can run, and something for its start.
pub(crate) const LONGEST: Duration = Duration::from_secs(16 * 60);
/// How long a result token is good for: as long as Lambda would keep an asynchronous event.
const TOKEN_LIFE: Duration = Duration::from_secs(6 * 3600);
/// How many ended tokens are removed when one is made.
const PRUNED_AT_ONCE: usize = 20;
/// How often a function that failed is invoked again, and after what time first: as Lambda does with an asynchronous event.
const AFTER_FAILURE: (u32, Duration) = (2, Duration::from_secs(60));
/// How often a function that could not be invoked for now (throttled) is invoked again, and after what time first.
const AFTER_REFUSAL: (u32, Duration) = (12, Duration::from_secs(5));
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// How an invocation ended.
#[derive(Debug, Clone)]
pub(crate) enum Ended {
    /// The function answered.
    Answered,
    /// The function failed: it was invoked, and did not end well.
    Failed { code: String, message: String },
    /// The function could not be invoked.
    NotInvoked { code: String, message: String, for_now: bool },
}

impl Ended {
    /// When to try again, after so many tries; None where that is no use.
    pub(crate) fn retry_after(&self, attempt: u32) -> Option<Duration> {
        let (most, first) = match self {
            Self::Failed { .. } => AFTER_FAILURE,
            Self::NotInvoked { for_now: true, .. } => AFTER_REFUSAL,
            Self::Answered | Self::NotInvoked { for_now: false, .. } => return None,
        };
        let wait = first.saturating_mul(1_u32.checked_shl(attempt).unwrap_or(u32::MAX));
        (attempt < most).then(|| wait.min(LONGEST_WAIT))
    }
}

/// The hash under which a token is kept.
pub(crate) fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Makes a result token of a rule.
pub(crate) fn make_token(tx: &mut Tx, call: &Call, rule: &Rule) -> Result<String, StoreError> {
    let ended = tx.scan_index::<ResultToken>(rule.scope, "expires", ()).limit(PRUNED_AT_ONCE).rows()?;
    for token in ended.into_iter().filter(|token| token.expires <= call.now) {
        tx.remove::<ResultToken>(rule.scope, token.hash.as_str())?;
    }
    // The call's id, which is no secret, is made of the first bytes of the same stream.
    let _public = call.entropy.bytes();
    let token = STANDARD.encode([call.entropy.bytes(), call.entropy.bytes()].concat());
    tx.put(ResultToken {
        scope: rule.scope,
        hash: token_hash(&token),
        rule_id: rule.id.clone(),
        invoked: call.now,
        expires: call.now.plus(TOKEN_LIFE),
    })?;
    Ok(token)
}

/// Notes that a resource's evaluation has begun: from now on its changes settle.
pub(crate) fn begin(tx: &mut Tx, call: &Call, rule: &Rule, resource: (&str, &str)) -> Result<(), StoreError> {
    tx.put(Evaluation {
        scope: rule.scope,
        resource_type: resource.0.to_owned(),
        resource_id: resource.1.to_owned(),
        rule_id: rule.id.clone(),
        started: call.now,
        deadline: call.now.plus(LONGEST),
    })
}

/// Invokes a rule's function, and waits for its end.
pub(crate) async fn invoke(rule: &Rule, event: String, task: &Task, context: &Context) -> Ended {
    let Ok(function) = rule.identifier.parse::<Arn>() else {
        let message = format!("{} is not the ARN of a Lambda function.", rule.identifier);
        return Ended::NotInvoked { code: "InvalidParameterValueException".into(), message, for_now: false };
    };
    let caller =
        caller(context, task, Some(rule.arn())).in_region(function.region.unwrap_or(rule.scope.region));
    let answer = caller.call(Invoke {
        function_name: rule.identifier.clone(),
        invocation_type: Some(InvocationType::RequestResponse),
        payload: Some(event.into()),
        ..Invoke::default()
    });
    let deadline = context.clock.sleep_until(context.clock.now().plus(LONGEST));
    match select(Box::pin(answer), deadline).await {
        Either::Left((Ok(output), _)) => match output.function_error {
            None => Ended::Answered,
            Some(kind) => Ended::Failed { code: kind, message: reason(output.payload.as_deref()) },
        },
        Either::Left((Err(error), _)) => not_invoked(rule, error),
        Either::Right(_) => {
            let message = "The function did not end within 16 minutes.".to_owned();
            Ended::Failed { code: "Timeout".into(), message }
        }
    }
}

fn reason(payload: Option<&[u8]>) -> String {
    let payload = payload.and_then(|bytes| Document::parse_bytes(bytes).ok()).unwrap_or_default();
    let text = |name: &str| payload.get(name).and_then(Document::as_str).map(str::to_owned);
    let message = match (text("errorType"), text("errorMessage")) {
        (Some(kind), Some(message)) => format!("{kind}: {message}"),
        (None, Some(message)) => message,
        (Some(kind), None) => kind,
        (None, None) => "The function ended with an error.".to_owned(),
    };
    message.chars().take(1024).collect()
}

fn not_invoked(rule: &Rule, error: ErrorResponse) -> Ended {
    let for_now = error.status >= 500 || error.status == 429 || error.code.contains("TooManyRequests");
    let message =
        if super::task::is_denied(&error) { cannot_be_invoked(&rule.identifier) } else { error.message };
    Ended::NotInvoked { code: error.code, message, for_now }
}

/// AWS's sentence.
pub(crate) fn cannot_be_invoked(function: &str) -> String {
    format!(
        "The AWS Lambda function {function} cannot be invoked. Check the specified function ARN, and check the function's permissions."
    )
}

/// Notes in a rule's status how an invocation ended.
pub(crate) fn note(
    tx: &mut Tx,
    scope: Scope,
    rule: &str,
    ended: &Ended,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut status = RuleStatus::of(tx, scope, rule)?;
    status.first_evaluation_started = true;
    match ended {
        Ended::Answered => {
            status.last_successful_invocation = Some(now);
            status.error = None;
        }
        Ended::Failed { code, message } => {
            status.last_successful_invocation = Some(now);
            status.last_failed_evaluation = Some(now);
            status.error = Some((code.clone(), message.clone()));
        }
        Ended::NotInvoked { code, message, .. } => {
            status.last_failed_invocation = Some(now);
            status.last_failed_evaluation = Some(now);
            status.error = Some((code.clone(), message.clone()));
        }
    }
    tx.put(status)
}
