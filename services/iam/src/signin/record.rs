//! What a sign-in leaves: a record that CloudTrail tells as `ConsoleLogin`.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html>

use contract::{Call, Principal};
use names::Timestamp;
use pipeline::{CallOutcome, CallRecord};

pub(super) const SERVICE: &str = "signin";
pub(super) const OPERATION: &str = "ConsoleLogin";

pub(super) fn succeeded(call: &Call, principal: Principal, now: Timestamp) -> CallRecord {
    record(call, principal, CallOutcome::Allowed, now)
}

/// Of the user or root that somebody said to be. Anonymous stands for a name that no user has, which is not kept: people type passwords there.
pub(super) fn failed(call: &Call, now: Timestamp) -> CallRecord {
    let sentence = match call.principal {
        Principal::Anonymous => "No username found in supplied account",
        _ => "Failed authentication",
    };
    let outcome = CallOutcome::Failed("AuthenticationFailed".into(), sentence.into());
    record(call, call.principal.clone(), outcome, now)
}

fn record(call: &Call, caller: Principal, outcome: CallOutcome, now: Timestamp) -> CallRecord {
    let console = format!("{}/console/", call.client.endpoint);
    CallRecord {
        scope: call.scope(),
        at: call.now,
        recorded: now,
        id: call.id,
        service: SERVICE.into(),
        operation: OPERATION.into(),
        caller,
        access_key_id: None,
        source_ip: call.client.source_ip.map(|ip| ip.to_string()),
        user_agent: call.client.user_agent.clone(),
        secure_transport: call.client.secure_transport,
        data: false,
        via: Vec::new(),
        parameters: Some(wire::document!({ "LoginTo": console }).to_string()),
        response: None,
        outcome,
    }
}
