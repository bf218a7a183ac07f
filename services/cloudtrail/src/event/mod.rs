//! CloudTrail's record of a call, made from the pipeline's.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

mod casing;
mod identity;
mod naming;
mod resources;
mod sign_in;

pub(crate) use identity::user_name;
pub(crate) use naming::{event_name, event_source};
pub(crate) use resources::{arns, named};

use contract::{Principal, UserIdentity, UserSession};
use names::Region;
use pipeline::{CallOutcome, CallRecord};
use sha2::{Digest, Sha256};
use wire::{Document, document};

/// The version of the record's format.
const VERSION: &str = "1.11";
/// The service's principal.
pub(crate) const PRINCIPAL: &str = "cloudtrail.amazonaws.com";

/// The region whose history and trails tell a call: IAM's calls are told in us-east-1, wherever they were signed for.
pub(crate) fn region(record: &CallRecord) -> Region {
    if is_global(record) { Region::US_EAST_1 } else { record.scope.region }
}

/// The call is of a service that belongs to no region.
pub(crate) fn is_global(record: &CallRecord) -> bool {
    matches!(record.service.as_str(), "iam" | sign_in::SERVICE) || record.scope.region == Region::GLOBAL
}

/// CloudTrail itself made the call, or it was made for one of its own.
pub(crate) fn is_by_cloudtrail(record: &CallRecord) -> bool {
    matches!(&record.caller, Principal::Service(service) if service.name == PRINCIPAL)
}

/// Another service made the call while it worked for CloudTrail.
pub(crate) fn is_for_cloudtrail(record: &CallRecord) -> bool {
    record.via.last().is_some_and(|service| service == PRINCIPAL)
}

/// The same for the same call, so that a record that is told twice can be known.
pub(crate) fn event_id(record: &CallRecord) -> String {
    let digest = Sha256::digest(format!("cloudtrail-event\n{}", record.id));
    let hex = hex::encode(digest);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // The bits of a random UUID's version and variant.
    let variant = match part(16, 17) {
        "0" | "4" | "8" | "c" => "8",
        "1" | "5" | "9" | "d" => "9",
        "2" | "6" | "a" | "e" => "a",
        _ => "b",
    };
    format!("{}-{}-4{}-{variant}{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// The whole record.
pub(crate) fn document(record: &CallRecord) -> Document {
    if is_sign_in(record) {
        return sign_in::document(record);
    }
    let (address, agent) = origin(record);
    let parameters = parsed(record.parameters.as_deref());
    let answer = parsed(record.response.as_deref());
    let mut told = document!({
        "eventVersion": VERSION,
        "userIdentity": (identity::document(record)),
        "eventTime": (record.at.iso_seconds()),
        "eventSource": (event_source(&record.service)),
        "eventName": (event_name(&record.service, &record.operation)),
        "awsRegion": (region(record).as_str()),
        "sourceIPAddress": address,
        "userAgent": agent,
    });
    if let CallOutcome::Denied(code, message) | CallOutcome::Failed(code, message) = &record.outcome {
        told.set("errorCode", error_code(&record.service, code));
        told.set("errorMessage", message.as_str());
    }
    told.set("requestParameters", casing::parameters(&record.service, parameters.as_ref()));
    let response = match &record.outcome {
        CallOutcome::Allowed if !record.is_read_only() => {
            casing::response(&record.service, &record.id.to_string(), answer.as_ref())
        }
        _ => Document::Null,
    };
    told.set("responseElements", response);
    told.set("requestID", record.id.to_string());
    told.set("eventID", event_id(record));
    told.set("readOnly", record.is_read_only());
    let resources = resources::document(record, parameters.as_ref());
    if resources.as_array().is_some_and(|resources| !resources.is_empty()) {
        told.set("resources", resources);
    }
    told.set("eventType", "AwsApiCall");
    told.set("managementEvent", !record.data);
    told.set("recipientAccountId", record.scope.account.as_str());
    told.set("eventCategory", if record.data { "Data" } else { "Management" });
    if let Principal::User(UserIdentity { session_issued: Some(UserSession::Console { .. }), .. }) =
        &record.caller
    {
        told.set("sessionCredentialFromConsole", "true");
    }
    told
}

/// Somebody signed in to the console: no call of an API.
pub(crate) fn is_sign_in(record: &CallRecord) -> bool {
    record.service == sign_in::SERVICE
}

/// What a record keeps as JSON; None where it kept nothing.
pub(crate) fn parsed(text: Option<&str>) -> Option<Document> {
    text.and_then(|text| Document::parse(text).ok())
}

/// The address and the agent: those of the service that made the call, where one did.
fn origin(record: &CallRecord) -> (String, String) {
    let service = match &record.caller {
        Principal::Service(service) => Some(&service.name),
        _ => record.via.last(),
    };
    match (service, &record.source_ip) {
        (Some(service), _) => (service.clone(), service.clone()),
        (None, Some(address)) => (address.clone(), record.user_agent.clone()),
        (None, None) => ("AWS Internal".into(), "AWS Internal".into()),
    }
}

/// EC2's codes say whose mistake it was.
fn error_code(service: &str, code: &str) -> String {
    match (service, code) {
        ("ec2", "InternalError" | "InternalFailure" | "Unavailable" | "InsufficientInstanceCapacity") => {
            format!("Server.{code}")
        }
        ("ec2", _) => format!("Client.{code}"),
        _ => code.to_owned(),
    }
}

#[cfg(test)]
mod tests;
