//! `ConsoleLogin`: who signed in to the console, or failed to.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html>

use super::{VERSION, event_id, event_source, origin, parsed, region};
use contract::Principal;
use pipeline::{CallOutcome, CallRecord};
use wire::{Document, document};

/// The service under which sign-ins are recorded.
pub(crate) const SERVICE: &str = "signin";
/// In the place of a name that no user has: it may be a password that was typed into the wrong field.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Under which name LookupEvents finds who signed in.
pub(super) fn user_name(record: &CallRecord) -> Option<&str> {
    let is_hidden = record.service == SERVICE && matches!(record.caller, Principal::Anonymous);
    is_hidden.then_some(HIDDEN)
}

/// The whole record.
pub(super) fn document(record: &CallRecord) -> Document {
    let (address, agent) = origin(record);
    let failure = match &record.outcome {
        CallOutcome::Allowed => None,
        CallOutcome::Denied(_, sentence) | CallOutcome::Failed(_, sentence) => Some(sentence.as_str()),
    };
    let mut told = document!({
        "eventVersion": VERSION,
        "userIdentity": (identity(record, failure.is_some())),
        "eventTime": (record.at.iso_seconds()),
        "eventSource": (event_source(&record.service)),
        "eventName": (record.operation.as_str()),
        "awsRegion": (region(record).as_str()),
        "sourceIPAddress": address,
        "userAgent": agent,
    });
    if let Some(sentence) = failure {
        told.set("errorMessage", sentence);
    }
    told.set("requestParameters", Document::Null);
    told.set(
        "responseElements",
        document!({ "ConsoleLogin": (if failure.is_some() { "Failure" } else { "Success" }) }),
    );
    let place = parsed(record.parameters.as_deref());
    let place = place.as_ref().and_then(|place| place.get("LoginTo")?.as_str()).unwrap_or_default();
    told.set("additionalEventData", document!({ "LoginTo": place, "MobileVersion": "No", "MFAUsed": "No" }));
    told.set("eventID", event_id(record));
    told.set("readOnly", false);
    told.set("eventType", "AwsConsoleSignIn");
    told.set("managementEvent", true);
    told.set("recipientAccountId", record.scope.account.as_str());
    told.set("eventCategory", "Management");
    told
}

fn identity(record: &CallRecord, failed: bool) -> Document {
    let account = record.scope.account.as_str();
    match &record.caller {
        Principal::Root(_) => document!({
            "type": "Root", "principalId": account, "arn": (record.caller.arn()), "accountId": account, "accessKeyId": ""
        }),
        Principal::User(user) if !failed => document!({
            "type": "IAMUser", "principalId": (user.id.as_str()), "arn": (user.arn().to_string()), "accountId": account,
            "userName": (user.name.as_str())
        }),
        caller => {
            let name = if let Principal::User(user) = caller { user.name.as_str() } else { HIDDEN };
            document!({ "type": "IAMUser", "accountId": account, "accessKeyId": "", "userName": name })
        }
    }
}
