//! Events as S3 writes them: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>, and for
//! EventBridge <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html>.

use super::Event;
use crate::grammar;
use crate::state::{Bucket, NULL_VERSION, Object, Versioning};
use contract::{Call, Principal};
use names::AccountId;
use wire::{Document, document};

/// As whom S3 tells.
pub(crate) const SERVICE: &str = "s3.amazonaws.com";

/// The MD5 of nothing, which delete markers are told to have.
const NOTHING: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// An event with all that is told of it.
pub(super) struct Happened<'a> {
    pub(super) event: Event,
    pub(super) bucket: &'a Bucket,
    pub(super) object: &'a Object,
    pub(super) call: &'a Call,
    /// The last commit before this one.
    pub(super) commit: u64,
}

/// Amazon's id of a customer, which is not the account's number.
fn customer_id(account: AccountId) -> String {
    let digest = sigv4::hex_sha256(format!("customer of {account}").as_bytes());
    let digits: String = digest.chars().take(13).collect();
    format!("A{}", digits.to_ascii_uppercase())
}

/// `userIdentity.principalId`.
fn principal_id(principal: &Principal) -> String {
    match principal {
        Principal::Anonymous => "Anonymous".into(),
        Principal::Root(account) => customer_id(*account),
        Principal::Service(service) => format!("AWS:{}", service.name),
        Principal::User(_) | Principal::Role(_) => {
            format!("AWS:{}", principal.user_id().unwrap_or_default())
        }
    }
}

impl Happened<'_> {
    /// Greater for what came later to the same key; of fixed width, so that texts compare as numbers do.
    fn sequencer(&self) -> String {
        format!("{:014X}{:04X}", self.commit & 0x00FF_FFFF_FFFF_FFFF, self.object.generation & 0xFFFF)
    }

    fn source_ip(&self) -> String {
        match (self.call.client.source_ip, &self.call.principal) {
            (Some(ip), _) => ip.to_string(),
            (None, Principal::Service(service)) => service.name.clone(),
            (None, _) => self.call.chain.via.last().cloned().unwrap_or_else(|| "AWS Internal".into()),
        }
    }

    /// The version's id, where versions are kept.
    fn version(&self) -> Option<&str> {
        let kept = self.bucket.versioning != Versioning::Off;
        Some(self.object.version.as_str()).filter(|version| kept && *version != NULL_VERSION)
    }

    /// The entity tag, where it is told.
    fn etag(&self) -> Option<&str> {
        match self.event {
            Event::Delete | Event::Expired => None,
            Event::DeleteMarkerCreated | Event::ExpiredToMarker => Some(NOTHING),
            _ => Some(&self.object.etag),
        }
    }

    fn is_created(&self) -> bool {
        self.event.name().starts_with("ObjectCreated:")
    }

    /// Tags and lists change nothing of the bytes: neither size nor order is told.
    fn is_of_settings(&self) -> bool {
        matches!(self.event, Event::TagsPut | Event::TagsDeleted | Event::AclPut)
    }

    fn described(&self, key: String, [etag, version]: [&str; 2]) -> Document {
        let mut object = Document::object().with("key", key);
        if self.is_created() {
            object.set("size", i64::try_from(self.object.size).unwrap_or(i64::MAX));
        }
        if let Some(value) = self.etag() {
            object.set(etag, value);
        }
        if let Some(value) = self.version() {
            object.set(version, value);
        }
        if !self.is_of_settings() {
            object.set("sequencer", self.sequencer());
        }
        object
    }

    /// The message for a queue, a topic or a function.
    pub(super) fn message(&self, configuration: &str) -> String {
        let version = match self.event {
            Event::Expired | Event::ExpiredToMarker | Event::TagsPut | Event::TagsDeleted | Event::AclPut => {
                "2.3"
            }
            _ => "2.1",
        };
        let record = document!({
            "eventVersion": version,
            "eventSource": "aws:s3",
            "awsRegion": (self.bucket.scope.region.as_str()),
            "eventTime": (self.call.now.iso_millis()),
            "eventName": (self.event.name()),
            "userIdentity": { "principalId": (principal_id(&self.call.principal)) },
            "requestParameters": { "sourceIPAddress": (self.source_ip()) },
            "responseElements": {
                "x-amz-request-id": (wire::short_request_id(self.call.id)),
                "x-amz-id-2": (wire::extended_request_id(self.call.id)),
            },
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": configuration,
                "bucket": {
                    "name": (self.bucket.name.as_str()),
                    "ownerIdentity": { "principalId": (customer_id(self.bucket.scope.account)) },
                    "arn": (self.bucket.arn()),
                },
                "object": (self.described(grammar::url(&self.object.key), ["eTag", "versionId"])),
            },
        });
        document!({ "Records": [record] }).to_string()
    }

    /// The detail type and the detail of the event for EventBridge, where keys are not escaped.
    pub(super) fn for_event_bridge(&self) -> (String, String) {
        let requester = match &self.call.principal {
            Principal::Service(service) => service.name.clone(),
            Principal::Anonymous => "anonymous".into(),
            principal => principal.account().map(|account| account.to_string()).unwrap_or_default(),
        };
        let mut detail = document!({
            "version": "0",
            "bucket": { "name": (self.bucket.name.as_str()) },
            "object": (self.described(self.object.key.clone(), ["etag", "version-id"])),
            "request-id": (wire::short_request_id(self.call.id)),
            "requester": requester,
            "source-ip-address": (self.source_ip()),
        });
        let reason = match self.event {
            Event::Put => Some("PutObject"),
            Event::Post => Some("POST Object"),
            Event::Copy => Some("CopyObject"),
            Event::CompleteMultipartUpload => Some("CompleteMultipartUpload"),
            Event::Delete | Event::DeleteMarkerCreated => Some("DeleteObject"),
            Event::Expired | Event::ExpiredToMarker => Some("Lifecycle Expiration"),
            Event::TagsPut | Event::TagsDeleted | Event::AclPut => None,
        };
        if let Some(reason) = reason {
            detail.set("reason", reason);
        }
        match self.event {
            Event::Delete | Event::Expired => detail.set("deletion-type", "Permanently Deleted"),
            Event::DeleteMarkerCreated | Event::ExpiredToMarker => {
                detail.set("deletion-type", "Delete Marker Created");
            }
            _ => {}
        }
        let detail_type = match self.event {
            Event::Put | Event::Post | Event::Copy | Event::CompleteMultipartUpload => "Object Created",
            Event::Delete | Event::DeleteMarkerCreated | Event::Expired | Event::ExpiredToMarker => {
                "Object Deleted"
            }
            Event::TagsPut => "Object Tags Added",
            Event::TagsDeleted => "Object Tags Deleted",
            Event::AclPut => "Object ACL Updated",
        };
        (detail_type.to_owned(), detail.to_string())
    }
}
