//! Access control lists as policy statements, so that one evaluation decides.
//! The mapping: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions>.

use crate::state::{ALL_USERS, AUTHENTICATED_USERS, Acl, Bucket, Grant, Grantee, LOG_DELIVERY, Object};
use wire::{Document, document};

/// The bucket's policy with the statements that its lists and the object's amount to; None where they grant nothing to others.
///
/// Only grants to the predefined groups become statements: a caller's canonical user id does not reach authorization, and
/// within an account lists grant nothing that identity policies do not.
pub(super) fn merged(bucket: &Bucket, object: Option<&Object>) -> Option<String> {
    if bucket.acls_disabled() {
        return None;
    }
    let public = !bucket.blocks().ignore_public_acls;
    let arn = bucket.arn();
    let mut statements = Vec::new();
    statements.extend(log_delivery(&bucket.acl, &arn));
    if public {
        statements.extend(grants(&bucket.acl, &arn, bucket_actions));
    }
    if let Some((object, acl)) =
        object.filter(|_| public).and_then(|object| Some((object, object.acl.as_ref()?)))
    {
        statements.extend(grants(acl, &format!("{arn}/{}", object.key), object_actions));
    }
    if statements.is_empty() {
        return None;
    }
    let mut policy = match bucket.policy.as_deref().map(Document::parse) {
        Some(Ok(policy)) => policy,
        // A policy that was accepted is JSON; were it not, the caller's own parse has failed before.
        Some(Err(_)) => return bucket.policy.clone(),
        None => document!({ "Version": "2012-10-17" }),
    };
    match policy.get("Statement") {
        Some(Document::Array(own)) => statements.extend(own.iter().cloned()),
        Some(own) => statements.push(own.clone()),
        None => {}
    }
    policy.set("Statement", Document::Array(statements));
    Some(policy.to_string())
}

/// The log delivery group is the service that delivers access logs.
fn log_delivery(acl: &Acl, arn: &str) -> Vec<Document> {
    let to_group = |grant: &&Grant| matches!(&grant.grantee, Grantee::Group(uri) if uri == LOG_DELIVERY);
    let granted = acl.grants.iter().filter(to_group);
    granted
        .flat_map(|grant| {
            bucket_actions(&grant.permission, arn).into_iter().map(|(actions, resource)| {
                let actions = Document::Array(actions.iter().map(|action| Document::from(*action)).collect());
                document!({
                    "Effect": "Allow",
                    "Principal": { "Service": "logging.s3.amazonaws.com" },
                    "Action": actions,
                    "Resource": resource,
                })
            })
        })
        .collect()
}

type Actions = fn(&str, &str) -> Vec<(&'static [&'static str], String)>;

fn grants(acl: &Acl, arn: &str, actions: Actions) -> Vec<Document> {
    let to_group = |grant: &Grant| match &grant.grantee {
        Grantee::Group(uri) if uri == ALL_USERS => Some(document!({})),
        Grantee::Group(uri) if uri == AUTHENTICATED_USERS => {
            Some(document!({ "Null": { "aws:PrincipalAccount": "false" } }))
        }
        _ => None,
    };
    let granted = acl.grants.iter().filter_map(|grant| Some((to_group(grant)?, &grant.permission)));
    granted
        .flat_map(|(condition, permission)| {
            actions(permission, arn).into_iter().map(move |(actions, resource)| {
                let actions = Document::Array(actions.iter().map(|action| Document::from(*action)).collect());
                document!({
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": actions,
                    "Resource": resource,
                    "Condition": (condition.clone()),
                })
            })
        })
        .collect()
}

fn bucket_actions(permission: &str, arn: &str) -> Vec<(&'static [&'static str], String)> {
    const READ: &[&str] = &["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"];
    let inside = || format!("{arn}/*");
    match permission {
        "READ" => vec![(READ, arn.to_owned())],
        "WRITE" => vec![(&["s3:PutObject"], inside())],
        "READ_ACP" => vec![(&["s3:GetBucketAcl"], arn.to_owned())],
        "WRITE_ACP" => vec![(&["s3:PutBucketAcl"], arn.to_owned())],
        "FULL_CONTROL" => ["READ", "WRITE", "READ_ACP", "WRITE_ACP"]
            .iter()
            .flat_map(|permission| bucket_actions(permission, arn))
            .collect(),
        _ => Vec::new(),
    }
}

fn object_actions(permission: &str, arn: &str) -> Vec<(&'static [&'static str], String)> {
    // A key may hold what a policy reads as a pattern; written as variables they stand for themselves.
    let arn = arn.replace('$', "${$}").replace('*', "${*}").replace('?', "${?}");
    let actions: &[&str] = match permission {
        "READ" => &["s3:GetObject", "s3:GetObjectVersion"],
        "READ_ACP" => &["s3:GetObjectAcl", "s3:GetObjectVersionAcl"],
        "WRITE_ACP" => &["s3:PutObjectAcl", "s3:PutObjectVersionAcl"],
        "FULL_CONTROL" => &[
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:GetObjectAcl",
            "s3:GetObjectVersionAcl",
            "s3:PutObjectAcl",
            "s3:PutObjectVersionAcl",
        ],
        _ => return Vec::new(),
    };
    vec![(actions, arn)]
}
