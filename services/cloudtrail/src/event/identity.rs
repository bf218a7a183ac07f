//! `userIdentity`: who made a call.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use contract::Principal;
use names::Timestamp;
use pipeline::CallRecord;
use wire::{Document, document};

pub(super) fn document(record: &CallRecord) -> Document {
    let mut told = match &record.caller {
        Principal::Anonymous => document!({
            "type": "AWSAccount",
            "principalId": "",
            "accountId": "ANONYMOUS_PRINCIPAL",
        }),
        Principal::Service(service) => {
            return document!({ "type": "AWSService", "invokedBy": (service.name.clone()) });
        }
        principal => {
            let account = principal.account().map(|account| account.to_string()).unwrap_or_default();
            let kind = match principal {
                Principal::Root(_) => "Root",
                Principal::User(_) => "IAMUser",
                _ => "AssumedRole",
            };
            document!({
                "type": kind,
                "principalId": (principal.user_id().unwrap_or_default()),
                "arn": (principal.arn()),
                "accountId": account,
            })
        }
    };
    if let Some(key) = &record.access_key_id {
        told.set("accessKeyId", key.as_str());
    }
    match &record.caller {
        Principal::User(user) => {
            told.set("userName", user.name.as_str());
            if let Some(session) = user.session_issued {
                told.set("sessionContext", document!({ "attributes": (attributes(session.issued())) }));
            }
        }
        Principal::Role(session) => {
            let mut context = document!({
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": (session.role_id.clone()),
                    "arn": (session.role_arn().to_string()),
                    "accountId": (session.account.as_str()),
                    "userName": (session.role_name.clone()),
                },
                "attributes": (attributes(session.issued)),
            });
            if let Some(source) = &session.source_identity {
                context.set("sourceIdentity", source.as_str());
            }
            told.set("sessionContext", context);
        }
        _ => {}
    }
    if let Some(service) = record.via.last() {
        told.set("invokedBy", service.as_str());
    }
    told
}

/// Sessions here are issued without a multi-factor device.
fn attributes(issued: Timestamp) -> Document {
    document!({ "creationDate": (issued.iso_seconds()), "mfaAuthenticated": "false" })
}

/// Under which name LookupEvents finds a caller.
pub(crate) fn user_name(record: &CallRecord) -> Option<&str> {
    match &record.caller {
        Principal::Root(_) => Some("root"),
        Principal::User(user) => Some(&user.name),
        Principal::Role(session) => Some(&session.session_name),
        Principal::Anonymous | Principal::Service(_) => super::sign_in::user_name(record),
    }
}
