//! Whether destinations take what S3 will send them: asked with a test message, as S3 asks.

use super::deliver::send;
use super::{SERVICE, principal};
use crate::state::{Bucket, Destination, Notification};
use api_lambda::{InvocationType, Invoke};
use api_s3::Error;
use contract::{Call, Context};
use wire::{Document, ErrorResponse, document};

/// The members of the answer, for as many destinations as are told of.
const NAMES: [(&str, &str); 5] = [
    ("ArgumentName1", "ArgumentValue1"),
    ("ArgumentName2", "ArgumentValue2"),
    ("ArgumentName3", "ArgumentValue3"),
    ("ArgumentName4", "ArgumentValue4"),
    ("ArgumentName5", "ArgumentValue5"),
];

/// S3's answer where destinations (ARN and reason) cannot be used.
pub(crate) fn refused(why: &[(String, String)]) -> Error {
    let sentence = "Unable to validate the following destination configurations";
    let mut response = ErrorResponse::new("InvalidArgument", sentence, 400);
    for ((name, value), (arn, reason)) in NAMES.into_iter().zip(why) {
        response.members.push((name, Document::String(format!("{arn}, null"))));
        response.members.push((value, Document::String(reason.clone())));
    }
    Error::Common(response)
}

/// Sends each destination the test message. A function gets none: it is only asked whether it would be invoked.
pub(crate) async fn validate(
    notification: &Notification,
    bucket: &Bucket,
    call: &Call,
    context: &Context,
) -> Result<(), Error> {
    let test = document!({
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": (call.now.iso_millis()),
        "Bucket": (bucket.name.as_str()),
        "RequestId": (wire::short_request_id(call.id)),
        "HostId": (wire::extended_request_id(call.id)),
    })
    .to_string();
    let mut asked = Vec::new();
    let mut wrong = Vec::new();
    for rule in &notification.rules {
        let to = &rule.destination;
        if asked.contains(&to) {
            continue;
        }
        asked.push(to);
        let scope = to.scope().unwrap_or(bucket.scope);
        let caller =
            context.caller(principal(bucket.scope, &bucket.name), scope, call.chain.through(SERVICE));
        let answer = match to {
            Destination::Function(function) => {
                let invoke = Invoke {
                    function_name: function.to_string(),
                    invocation_type: Some(InvocationType::DryRun),
                    ..Default::default()
                };
                caller.call(invoke).await.map(|_| ())
            }
            _ => send(to, &test, &caller, &context.endpoint).await,
        };
        if let Err(error) = answer {
            wrong.push((to.arn().to_string(), reason(to, &error)));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(refused(&wrong)) }
}

/// In S3's words.
fn reason(to: &Destination, error: &ErrorResponse) -> String {
    let gone = error.status == 404
        || ["NonExistentQueue", "QueueDoesNotExist", "NotFound"].iter().any(|end| error.code.ends_with(end));
    match to {
        Destination::Function(function) => format!("Not authorized to invoke function [{function}]"),
        Destination::Queue(_) if gone => "The destination queue does not exist".into(),
        Destination::Topic(_) if gone => "The destination topic does not exist".into(),
        Destination::Queue(_) => {
            "Permissions on the destination queue do not allow S3 to publish notifications from this bucket"
                .into()
        }
        Destination::Topic(_) => {
            "Permissions on the destination topic do not allow S3 to publish notifications from this bucket"
                .into()
        }
    }
}
