//! `aws:approve` and `aws:pause`: steps that wait for a signal
//! (<https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html>).

use super::act::{Acted, Done, cut, not_assumed, refused, text};
use crate::document::{Fault, Step, content};
use crate::state::{Execution, Signal, StepState};
use api_sns::Publish;
use contract::{Context, Principal};
use names::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use wire::{Document, document};

const MOST_APPROVERS: usize = 10;

/// Checks the inputs of an `aws:approve` step, as far as references let one.
pub(crate) fn check(inputs: &Document, step: &str) -> Result<(), Fault> {
    match inputs.get("Approvers") {
        Some(Document::Array(list)) if !list.is_empty() && list.len() <= MOST_APPROVERS => Ok(()),
        Some(Document::String(reference)) if reference.contains("{{") => Ok(()),
        _ => content(format!(
            "Approvers of the step {step} must be a list of 1 to {MOST_APPROVERS} approvers."
        )),
    }
}

/// The names of those who may decide, of inputs whose references are resolved.
pub(crate) fn approvers(inputs: &Document) -> Vec<String> {
    inputs.get("Approvers").map(crate::document::shown).unwrap_or_default()
}

/// Whether a principal is among approvers: names or ARNs of users, ARNs of roles or of their sessions.
pub(crate) fn may_decide(principal: &Principal, approvers: &[String]) -> bool {
    let own: Vec<String> = match principal {
        Principal::User(user) => vec![user.name.clone(), user.arn().to_string()],
        Principal::Role(session) => vec![session.role_arn().to_string(), session.arn().to_string()],
        _ => vec![principal.arn()],
    };
    approvers.iter().any(|approver| own.contains(approver))
}

/// Which of the approvers has decided: of sessions of a role that is one, all together are, so that nobody approves twice by a session of another
/// name.
fn approver_of<'a>(by: &'a str, approvers: &[String]) -> &'a str {
    let is_named = approvers.iter().any(|approver| approver == by);
    match by.rsplit_once('/').filter(|(role, _)| !is_named && role.contains(":assumed-role/")) {
        Some((role, _)) => role,
        None => by,
    }
}

fn state(execution: &Execution) -> StepState {
    execution.steps.get(execution.current).cloned().unwrap_or_default()
}

fn deadline(step: &Step, began: Timestamp) -> Timestamp {
    began.plus(Duration::from_secs(step.time_limit().unwrap_or_default()))
}

/// `aws:pause`: until somebody resumes.
pub(super) fn pause(step: &Step, execution: &Execution, done: Done, began: Timestamp) -> Acted {
    match state(execution).signals.iter().any(|signal| signal.kind == "Resume") {
        true => Acted::Done(done),
        false => Acted::Held(deadline(step, began)),
    }
}

/// `aws:approve`: until enough have approved, or one has rejected.
pub(super) async fn approve(
    step: &Step,
    inputs: &Document,
    execution: &Execution,
    done: Done,
    began: Timestamp,
    context: &Context,
) -> Acted {
    let state = state(execution);
    let needed = match inputs.get("MinRequiredApprovals") {
        None => Some(1),
        Some(Document::String(text)) => text.parse().ok(),
        Some(number) => number.as_i64().and_then(|number| usize::try_from(number).ok()),
    };
    let approvers = approvers(inputs);
    let Some(needed) = needed.filter(|needed| (1..=approvers.len()).contains(needed)) else {
        return Acted::Invalid(
            "MinRequiredApprovals must be a number between 1 and that of the approvers".into(),
        );
    };
    if let Some(rejection) = state.signals.iter().find(|signal| signal.kind == "Reject") {
        let comment =
            if rejection.comment.is_empty() { String::new() } else { format!(": {}", rejection.comment) };
        return Acted::Rejected(format!("The approval was rejected by {}{comment}", rejection.by));
    }
    // The last word of each counts.
    let decisions: BTreeMap<&str, &Signal> =
        state.signals.iter().map(|signal| (approver_of(&signal.by, &approvers), signal)).collect();
    let told: Vec<Document> = decisions
        .values()
        .map(|signal| {
            document!({
                "Approver": (signal.by.as_str()),
                "Decision": (signal.kind.as_str()),
                "Comment": (signal.comment.as_str()),
                "DecisionTime": (signal.at.iso_seconds()),
            })
        })
        .collect();
    if decisions.len() >= needed {
        let answer = document!({
            "ApprovalStatus": "Approved",
            "ApproverDecisions": (Document::Array(told).to_string()),
        });
        return Acted::Done(Done { response: Some(cut(&answer.to_string())), answer, ..done });
    }
    if !state.notified
        && inputs.get("NotificationArn").is_some()
        && let Err(reason) = notify(step, inputs, execution, context).await
    {
        return Acted::Failed(reason);
    }
    Acted::Held(deadline(step, began))
}

/// Tells the approvers, by the topic that they subscribe to.
async fn notify(
    step: &Step,
    inputs: &Document,
    execution: &Execution,
    context: &Context,
) -> Result<(), String> {
    let caller = super::caller(execution, context).await.map_err(|error| not_assumed(&error))?;
    let message = inputs.get("Message").and_then(Document::as_str).unwrap_or_default();
    let body = format!(
        "Approval request for step {} of Automation execution {} ({}).\n{message}\n\nApprovers: {}\nTo decide, call SendAutomationSignal with AutomationExecutionId {} and SignalType Approve or Reject.",
        step.name,
        execution.id,
        execution.document,
        approvers(inputs).join(", "),
        execution.id,
    );
    let publish = Publish {
        topic_arn: Some(text(inputs, "NotificationArn")?.to_owned()),
        subject: Some("Approval Request from Automation".into()),
        message: body,
        ..Publish::default()
    };
    caller.call(publish).await.map(drop).map_err(|error| refused("Publish", &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_a_role_are_one_approver() {
        let role = "arn:aws:sts::111122223333:assumed-role/lead/".to_owned();
        let (one, two) = (format!("{role}one"), format!("{role}two"));
        let by_role = ["arn:aws:iam::111122223333:role/x/lead".to_owned(), "ann".to_owned()];
        assert_eq!(approver_of(&one, &by_role), approver_of(&two, &by_role));
        let by_session = [one.clone(), two.clone()];
        assert_ne!(approver_of(&one, &by_session), approver_of(&two, &by_session));
        let ann = "arn:aws:iam::111122223333:user/ann";
        assert_eq!(approver_of(ann, &by_role), ann);
    }
}
