//! Access control lists, and public access by them or by the policy.

use super::{ACCOUNT_BLOCK, BUCKET, bucket_policy};
use crate::managed::policies::{self, Class, Stated};
use crate::managed::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use store::StoreError;
use wire::Document;

pub(in crate::managed) const RULES: &[ManagedRule] = &[
    ManagedRule::item("S3_BUCKET_ACL_PROHIBITED", &[BUCKET], no_grants),
    ManagedRule::related("S3_BUCKET_PUBLIC_READ_PROHIBITED", &[BUCKET], no_public_read).and_periodic(),
    ManagedRule::related("S3_BUCKET_PUBLIC_WRITE_PROHIBITED", &[BUCKET], no_public_write).and_periodic(),
];

/// A grant of the list: to whom (an id, or a group's name), and what.
struct Grant {
    grantee: String,
    permission: String,
}

/// The reason where there is no list, or one that cannot be read.
const UNKNOWN: &str = "The bucket's access control list is not known.";

fn list(item: &Item) -> Option<Document> {
    let list = match read::part(item, "AccessControlList")?.as_ref() {
        // AWS Config encodes it twice.
        Document::String(text) => Document::parse(text).ok()?,
        list => list.clone(),
    };
    list.as_object().is_some().then_some(list)
}

fn grants(list: &Document) -> Vec<Grant> {
    let grants = read::elements(read::member(list, "grantList")).into_iter();
    grants
        .filter_map(|grant| {
            let grantee = read::member(grant, "grantee")?;
            let id = grantee.as_str().or_else(|| read::member(grantee, "id")?.as_str())?;
            let permission = read::member(grant, "permission")?.as_str()?;
            Some(Grant { grantee: id.to_owned(), permission: permission.to_owned() })
        })
        .collect()
}

fn no_grants(item: &Item, _: &Parameters) -> Verdict {
    // Every bucket has one.
    let Some(list) = list(item) else { return Verdict::NonCompliant(UNKNOWN.into()) };
    let owner = read::at(&list, &["owner", "id"]).and_then(Document::as_str);
    let other = grants(&list).into_iter().find(|grant| Some(grant.grantee.as_str()) != owner);
    Verdict::unless(other.map(|grant| {
        format!("The bucket's access control list grants {} to {}.", grant.permission, grant.grantee)
    }))
}

const READ: &[&str] = &[
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetObjectAcl",
    "s3:GetObjectTagging",
    "s3:GetObjectAttributes",
];
const LIST: &[&str] = &[
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:ListBucketMultipartUploads",
    "s3:GetBucketAcl",
    "s3:GetBucketPolicy",
    "s3:GetBucketLocation",
    "s3:GetBucketTagging",
    "s3:GetBucketLogging",
    "s3:GetBucketNotification",
    "s3:GetBucketVersioning",
    "s3:GetLifecycleConfiguration",
    "s3:GetEncryptionConfiguration",
    "s3:GetReplicationConfiguration",
];
const WRITE: &[&str] = &[
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
    "s3:PutObjectRetention",
    "s3:PutObjectLegalHold",
    "s3:RestoreObject",
    "s3:AbortMultipartUpload",
    "s3:BypassGovernanceRetention",
    "s3:ReplicateObject",
    "s3:ReplicateDelete",
];
/// How the names of actions that write begin.
const WRITES: &[&str] = &[
    "s3:put*",
    "s3:delete*",
    "s3:create*",
    "s3:abort*",
    "s3:restore*",
    "s3:replicate*",
    "s3:bypass*",
    "s3:objectowner*",
    "s3:initiate*",
    "s3:update*",
];
const CHANGE: &[&str] = &[
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketTagging",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
    "s3:PutBucketVersioning",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
];

/// Nobody but those who are let in by name may read.
pub(in crate::managed) fn no_public_read(
    item: &Item,
    _: &Parameters,
    others: &dyn Inventory,
) -> Result<Verdict, StoreError> {
    let class = Class { patterns: &["s3:get*", "s3:list*"], on_objects: READ, on_bucket: LIST };
    no_public(item, others, ("read", &["Read", "ReadAcp", "FullControl"]), &class)
}

/// Nobody but those who are let in by name may write.
pub(in crate::managed) fn no_public_write(
    item: &Item,
    _: &Parameters,
    others: &dyn Inventory,
) -> Result<Verdict, StoreError> {
    let class = Class { patterns: WRITES, on_objects: WRITE, on_bucket: CHANGE };
    no_public(item, others, ("write", &["Write", "WriteAcp", "FullControl"]), &class)
}

fn no_public(
    item: &Item,
    others: &dyn Inventory,
    (access, permissions): (&str, &[&str]),
    class: &Class<'_>,
) -> Result<Verdict, StoreError> {
    let account = others.resource(ACCOUNT_BLOCK, item.scope.account.as_str())?;
    let blocked = |name: &str| {
        let own = read::in_part(item, "PublicAccessBlockConfiguration", &[name]);
        let all = account.as_ref().and_then(|account| read::setting(account, &[name]));
        read::is_true(own.as_ref()) || read::is_true(all)
    };
    if !blocked("restrictPublicBuckets") {
        match bucket_policy(item) {
            Stated::Nothing => {}
            Stated::Unreadable => return Ok(Verdict::NonCompliant(policies::UNREADABLE.into())),
            Stated::Policy(document) => {
                if let Some(statement) =
                    policies::public_grant(&document, class, &item.resource_id, item.scope.account)
                {
                    let name = policies::name(statement);
                    return Ok(Verdict::NonCompliant(format!(
                        "The S3 bucket policy allows public {access} access: statement {name}."
                    )));
                }
            }
        }
    }
    if !blocked("ignorePublicAcls") {
        let Some(list) = list(item) else { return Ok(Verdict::NonCompliant(UNKNOWN.into())) };
        let public = grants(&list).into_iter().find(|grant| {
            matches!(grant.grantee.as_str(), "AllUsers" | "AuthenticatedUsers")
                && permissions.contains(&grant.permission.as_str())
        });
        if let Some(grant) = public {
            return Ok(Verdict::NonCompliant(format!(
                "The S3 bucket ACL allows public {access} access: {} to {}.",
                grant.permission, grant.grantee
            )));
        }
    }
    Ok(Verdict::Compliant)
}
