//! A bucket as AWS Config describes it: hardly anything in `configuration`, all settings in `supplementaryConfiguration`.

use super::{
    Acl, Bucket, DefaultEncryption, Destination, Expiration, FilterForm, Grantee, LifecycleRule,
    Notification, Versioning, canonical_id,
};
use crate::state::acl::{ALL_USERS, AUTHENTICATED_USERS};
use contract::{Description, Resource};
use indexmap::IndexMap;
use names::{ResourceType, Scope};
use store::{ResourceIdentity, StoreError, View};
use wire::{Document, document};

impl Resource for Bucket {
    const TYPE: ResourceType = Bucket::TYPE;

    fn identity(&self) -> ResourceIdentity {
        Bucket::identity(self)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let owner = document!({ "displayName": null, "id": (canonical_id(self.scope.account)) });
        Ok(Description {
            identity: Bucket::identity(self),
            availability_zone: "Regional".into(),
            created: Some(self.created),
            configuration: document!({
                "name": (self.name.as_str()),
                "owner": (owner.clone()),
                "creationDate": (self.created.iso_millis()),
            }),
            supplementary: self.supplementary(owner),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}

impl Bucket {
    fn supplementary(&self, owner: Document) -> IndexMap<String, Document> {
        let mut parts = IndexMap::new();
        let mut part = |name: &str, value: Document| parts.insert(name.to_owned(), value);
        // Config keeps this one as text.
        part("AccessControlList", Document::String(acl(&self.acl, owner).to_string()));
        part("BucketAccelerateConfiguration", document!({ "status": null }));
        if !self.lifecycle.is_empty() {
            part("BucketLifecycleConfiguration", lifecycle(&self.lifecycle));
        }
        let logging = self.logging.as_ref();
        let text = |text: Option<&str>| text.map_or(Document::Null, Document::from);
        part(
            "BucketLoggingConfiguration",
            document!({
                "destinationBucketName": (text(logging.map(|logging| logging.target.as_str()))),
                "logFilePrefix": (text(logging.map(|logging| logging.prefix.as_str()))),
            }),
        );
        part("BucketNotificationConfiguration", notification(&self.notification));
        part(
            "BucketPolicy",
            document!({ "policyText": (self.policy.clone().map_or(Document::Null, Document::String)) }),
        );
        if !self.tags.is_empty() {
            let tags = self.tags.iter().map(|(key, value)| (key.clone(), Document::from(value.as_str())));
            let tags = Document::Object(tags.collect());
            part("BucketTaggingConfiguration", document!({ "tagSets": [{ "tags": tags }] }));
        }
        let status = match self.versioning {
            Versioning::Off => "Off",
            Versioning::Enabled => "Enabled",
            Versioning::Suspended => "Suspended",
        };
        part("BucketVersioningConfiguration", document!({ "status": status, "isMfaDeleteEnabled": null }));
        part("IsRequesterPaysEnabled", Document::Boolean(false));
        if let Some(block) = self.public_access_block {
            part("PublicAccessBlockConfiguration", block.described());
        }
        let encryption = match &self.encryption.default {
            DefaultEncryption::None => None,
            DefaultEncryption::S3 => Some(("AES256", None)),
            DefaultEncryption::Kms(key) => Some(("aws:kms", key.clone())),
        };
        if let Some((algorithm, key)) = encryption {
            part(
                "ServerSideEncryptionConfiguration",
                document!({ "rules": [{
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": algorithm,
                        "kmsMasterKeyID": (key.map_or(Document::Null, Document::String)),
                    },
                    "bucketKeyEnabled": (self.encryption.bucket_key_enabled),
                }] }),
            );
        }
        parts
    }
}

/// As the SDK for Java describes them: filters are predicates.
fn lifecycle(rules: &[LifecycleRule]) -> Document {
    let rules = rules.iter().map(|rule| {
        let filter = &rule.filter;
        let number = |number: Option<u32>| number.map_or(Document::Null, |number| Document::from(i64::from(number)));
        let prefix = filter.prefix.as_ref().map(|prefix| {
            document!({ "type": "LifecyclePrefixPredicate", "prefix": (prefix.as_str()) })
        });
        let tags = filter.tags.iter().map(|(key, value)| {
            document!({ "type": "LifecycleTagPredicate", "tag": { "key": (key.as_str()), "value": (value.as_str()) } })
        });
        let mut predicates: Vec<Document> = prefix.into_iter().chain(tags).collect();
        let predicate = if filter.form == FilterForm::And {
            document!({ "type": "LifecycleAndOperator", "operands": (Document::Array(predicates)) })
        } else {
            predicates.pop().unwrap_or(Document::Null)
        };
        let (days, date, markers) = match rule.expiration {
            Some(Expiration::Days(days)) => (Some(days), None, false),
            Some(Expiration::Date(date)) => (None, Some(date), false),
            Some(Expiration::Markers) => (None, None, true),
            None => (None, None, false),
        };
        document!({
            "id": (rule.id.as_str()),
            "status": (if rule.enabled { "Enabled" } else { "Disabled" }),
            "filter": { "predicate": predicate },
            "expirationInDays": (number(days)),
            "expirationDate": (date.map_or(Document::Null, |date| Document::from(date.iso_millis()))),
            "expiredObjectDeleteMarker": markers,
            "noncurrentVersionExpirationInDays": (number(rule.noncurrent.map(|it| it.days))),
            "abortIncompleteMultipartUpload": (rule.abort_uploads.map_or(
                Document::Null,
                |days| document!({ "daysAfterInitiation": (i64::from(days)) }),
            )),
        })
    });
    document!({ "rules": (Document::Array(rules.collect())) })
}

/// By the rules' ids, as the SDK for Java describes them.
fn notification(notification: &Notification) -> Document {
    let rules = notification.rules.iter().map(|rule| {
        let (kind, name) = match &rule.destination {
            Destination::Queue(_) => ("QueueConfiguration", "queueARN"),
            Destination::Topic(_) => ("TopicConfiguration", "topicARN"),
            Destination::Function(_) => ("LambdaConfiguration", "functionARN"),
        };
        let part = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| document!({ "name": name, "value": (value.as_str()) }))
        };
        let parts: Vec<Document> =
            part("Prefix", &rule.prefix).into_iter().chain(part("Suffix", &rule.suffix)).collect();
        let filter = if parts.is_empty() {
            Document::Null
        } else {
            document!({ "s3KeyFilter": { "filterRules": (Document::Array(parts)) } })
        };
        let mut described = document!({
            "events": (Document::Array(rule.events.iter().map(|event| Document::from(event.as_str())).collect())),
            "filter": filter,
            "objectPrefixes": [],
            "type": kind,
        });
        described.set(name, rule.destination.arn().to_string());
        (rule.id.clone(), described)
    });
    document!({ "configurations": (rules.collect::<Document>()) })
}

fn acl(acl: &Acl, owner: Document) -> Document {
    let grants = acl.grants.iter().map(|grant| {
        let grantee = match &grant.grantee {
            Grantee::User(id) => document!({ "id": (id.as_str()), "displayName": null }),
            Grantee::Group(uri) if uri == ALL_USERS => Document::from("AllUsers"),
            Grantee::Group(uri) if uri == AUTHENTICATED_USERS => Document::from("AuthenticatedUsers"),
            Grantee::Group(_) => Document::from("LogDelivery"),
        };
        let permission = match grant.permission.as_str() {
            "FULL_CONTROL" => "FullControl",
            "READ" => "Read",
            "WRITE" => "Write",
            "READ_ACP" => "ReadAcp",
            _ => "WriteAcp",
        };
        document!({ "grantee": grantee, "permission": permission })
    });
    let grants = Document::Array(grants.collect());
    document!({ "grantSet": null, "grantList": grants, "owner": owner, "isRequesterCharged": false })
}
