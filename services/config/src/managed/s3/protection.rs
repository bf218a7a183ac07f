//! What protects a bucket's objects: encryption, versions, locks, public access block.

use super::{ACCOUNT_BLOCK, BUCKET, blocks_off, bucket_policy};
use crate::managed::parameters::{Parameter, boolean, choice, list};
use crate::managed::policies::Stated;
use crate::managed::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use policy::{Effect, PrincipalPattern, Statement};
use store::StoreError;
use wire::Document;

const ACCOUNT_PARAMETERS: &[Parameter] = &[
    boolean("IgnorePublicAcls").or("True"),
    boolean("BlockPublicPolicy").or("True"),
    boolean("BlockPublicAcls").or("True"),
    boolean("RestrictPublicBuckets").or("True"),
];

pub(in crate::managed) const RULES: &[ManagedRule] = &[
    ManagedRule::item("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS", &[ACCOUNT_BLOCK], account_blocks)
        .with(ACCOUNT_PARAMETERS)
        .only_changes(),
    ManagedRule::account("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC", account_blocks_now)
        .with(ACCOUNT_PARAMETERS),
    ManagedRule::item("S3_BUCKET_DEFAULT_LOCK_ENABLED", &[BUCKET], default_lock)
        .with(&[choice("mode", &["GOVERNANCE", "COMPLIANCE"])]),
    ManagedRule::item("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", &[BUCKET], blocks)
        .with(&[list("excludedPublicBuckets")]),
    ManagedRule::item("S3_BUCKET_MFA_DELETE_ENABLED", &[BUCKET], mfa_delete),
    ManagedRule::item("S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED", &[BUCKET], encryption),
    ManagedRule::item("S3_BUCKET_VERSIONING_ENABLED", &[BUCKET], versioning)
        .with(&[boolean("isMfaDeleteEnabled")]),
    ManagedRule::item("S3_DEFAULT_ENCRYPTION_KMS", &[BUCKET], encryption_by_key).with(&[list("kmsKeyArns")]),
];

fn as_asked(block: Option<&Document>, parameters: &Parameters) -> Verdict {
    let wrong = ACCOUNT_PARAMETERS.iter().find_map(|parameter| {
        let wanted = parameters.flag(parameter.name).unwrap_or(true);
        let own = block.is_some_and(|block| read::is_true(read::member(block, parameter.name)));
        (own != wanted).then(|| {
            format!("{} of the account's public access block is {own}, not {wanted}.", parameter.name)
        })
    });
    Verdict::unless(wrong)
}

fn account_blocks(item: &Item, parameters: &Parameters) -> Verdict {
    as_asked(item.configuration.as_ref(), parameters)
}

fn account_blocks_now(parameters: &Parameters, others: &dyn Inventory) -> Result<Verdict, StoreError> {
    let block = others.resource(ACCOUNT_BLOCK, others.account().as_str())?;
    Ok(as_asked(block.and_then(|item| item.configuration).as_ref(), parameters))
}

fn blocks(item: &Item, parameters: &Parameters) -> Verdict {
    let excluded = parameters.list("excludedPublicBuckets").unwrap_or_default();
    if excluded.contains(&item.resource_id.as_str()) {
        return Verdict::Compliant;
    }
    let off = blocks_off(read::part(item, "PublicAccessBlockConfiguration").as_deref());
    Verdict::require(
        off.is_empty(),
        format!("The bucket's public access block does not have: {}.", off.join(", ")),
    )
}

fn default_lock(item: &Item, parameters: &Parameters) -> Verdict {
    let path = |path: &[&str]| read::text_in_part(item, "ObjectLockConfiguration", path);
    if path(&["objectLockEnabled"]).is_none_or(|value| !value.eq_ignore_ascii_case("enabled")) {
        return Verdict::NonCompliant("Object Lock is not enabled for the bucket.".into());
    }
    let Some(mode) = path(&["rule", "defaultRetention", "mode"]) else {
        return Verdict::NonCompliant("Object Lock of the bucket has no default retention.".into());
    };
    match parameters.text("mode") {
        Some(wanted) if !wanted.eq_ignore_ascii_case(&mode) => {
            Verdict::NonCompliant(format!("The mode of the default retention is {mode}, not {wanted}."))
        }
        _ => Verdict::Compliant,
    }
}

fn has_mfa_delete(item: &Item) -> bool {
    read::is_true(read::in_part(item, "BucketVersioningConfiguration", &["isMfaDeleteEnabled"]).as_ref())
}

fn mfa_delete(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(has_mfa_delete(item), "MFA delete is not enabled for the bucket.")
}

fn versioning(item: &Item, parameters: &Parameters) -> Verdict {
    let status = read::text_in_part(item, "BucketVersioningConfiguration", &["status"]);
    let status = status.as_deref().unwrap_or("Off");
    if status != "Enabled" {
        return Verdict::NonCompliant(format!("Versioning of the bucket is {status}."));
    }
    let wanted = parameters.flag("isMfaDeleteEnabled").unwrap_or_default();
    Verdict::require(!wanted || has_mfa_delete(item), "MFA delete is not enabled for the bucket.")
}

/// The default encryption: algorithm and key.
fn default_encryption(item: &Item) -> Option<(String, Option<String>)> {
    let rules = read::in_part(item, "ServerSideEncryptionConfiguration", &["rules"]);
    read::elements(rules.as_ref()).into_iter().find_map(|rule| {
        let default = read::member(rule, "applyServerSideEncryptionByDefault")?;
        let algorithm = read::member(default, "sseAlgorithm")?.as_str()?.to_owned();
        let key = read::member(default, "kmsMasterKeyID").and_then(Document::as_str).map(str::to_owned);
        Some((algorithm, key))
    })
}

fn encryption(item: &Item, _: &Parameters) -> Verdict {
    let denies = matches!(bucket_policy(item), Stated::Policy(document)
        if document.statements().iter().any(denies_unencrypted));
    Verdict::require(
        default_encryption(item).is_some() || denies,
        "The bucket has no default encryption, and its policy does not deny uploads without encryption.",
    )
}

/// A Deny of uploads by anybody who does not ask for encryption.
fn denies_unencrypted(statement: &Statement) -> bool {
    const HEADER: &str = "s3:x-amz-server-side-encryption";
    let by_condition = match statement.conditions() {
        [condition] if condition.key().eq_ignore_ascii_case(HEADER) => {
            match condition.operator().to_ascii_lowercase().as_str() {
                "stringnotequals" => condition
                    .values()
                    .iter()
                    .all(|value| matches!(value.as_str(), "AES256" | "aws:kms" | "aws:kms:dsse")),
                "null" => condition.values() == ["true"],
                _ => false,
            }
        }
        _ => false,
    };
    statement.effect() == Effect::Deny
        && !statement.is_not_principal()
        && statement.principals().any(|principal| *principal == PrincipalPattern::Everyone)
        && statement.has_action("s3:PutObject")
        && by_condition
}

fn encryption_by_key(item: &Item, parameters: &Parameters) -> Verdict {
    let Some((algorithm, key)) =
        default_encryption(item).filter(|(algorithm, _)| algorithm.starts_with("aws:kms"))
    else {
        return Verdict::NonCompliant("The bucket's default encryption is not with a KMS key.".into());
    };
    match parameters.list("kmsKeyArns") {
        Some(keys) if !key.as_deref().is_some_and(|key| keys.contains(&key)) => {
            Verdict::NonCompliant(format!(
                "The bucket's default encryption ({algorithm}) is not with one of the keys of kmsKeyArns."
            ))
        }
        _ => Verdict::Compliant,
    }
}
