//! What a template wants of a bucket, as the requests that bring it about.

use api_s3::{
    BlockedEncryptionTypes, BucketCannedACL, BucketVersioningStatus, ObjectOwnership,
    PublicAccessBlockConfiguration, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule, Tag,
};
use contract::{HandlerContext, HandlerFailure, Properties};
use std::str::FromStr;

/// The settings of a template's bucket; None where the template does not say.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Wanted {
    pub(super) access_control: Option<AccessControl>,
    pub(super) encryption: Option<ServerSideEncryptionConfiguration>,
    pub(super) ownership: Option<ObjectOwnership>,
    pub(super) public_access_block: Option<PublicAccessBlockConfiguration>,
    pub(super) versioning: Option<BucketVersioningStatus>,
    pub(super) tags: Vec<Tag>,
}

/// A canned access control list, as CloudFormation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessControl {
    Canned(BucketCannedACL),
    LogDeliveryWrite,
}

impl Wanted {
    pub(super) fn of(properties: &Properties, context: &HandlerContext) -> Result<Self, HandlerFailure> {
        let mut tags = context.stack_tags.clone();
        tags.extend(properties.tags("Tags")?);
        Ok(Self {
            access_control: access_control(properties)?,
            encryption: encryption(properties)?,
            ownership: ownership(properties)?,
            public_access_block: public_access_block(properties)?,
            versioning: match properties.object("VersioningConfiguration")? {
                Some(nested) => {
                    nested.only(&["Status"])?;
                    Some(value(&nested, "Status")?.ok_or_else(|| nested.missing("Status"))?)
                }
                None => None,
            },
            tags: tags.into_iter().map(|(key, value)| Tag { key, value }).collect(),
        })
    }
}

/// One of an enum's values.
fn value<T: FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
    let Some(text) = properties.string(name)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        HandlerFailure::invalid(format!("{}/{name}: {text} is not a valid enum value", properties.path()))
    })
}

fn access_control(properties: &Properties) -> Result<Option<AccessControl>, HandlerFailure> {
    let Some(name) = properties.string("AccessControl")? else { return Ok(None) };
    Ok(Some(match name.as_str() {
        "Private" => AccessControl::Canned(BucketCannedACL::Private),
        "PublicRead" => AccessControl::Canned(BucketCannedACL::PublicRead),
        "PublicReadWrite" => AccessControl::Canned(BucketCannedACL::PublicReadWrite),
        "AuthenticatedRead" => AccessControl::Canned(BucketCannedACL::AuthenticatedRead),
        "LogDeliveryWrite" => AccessControl::LogDeliveryWrite,
        other => {
            let reason = format!("#/AccessControl: {other} is not a valid enum value");
            return Err(HandlerFailure::invalid(reason));
        }
    }))
}

fn ownership(properties: &Properties) -> Result<Option<ObjectOwnership>, HandlerFailure> {
    let Some(controls) = properties.object("OwnershipControls")? else { return Ok(None) };
    controls.only(&["Rules"])?;
    let rules = controls.objects("Rules")?;
    let [rule] = rules.as_slice() else {
        return Err(HandlerFailure::invalid("#/OwnershipControls/Rules: expected maximum item count: 1"));
    };
    rule.only(&["ObjectOwnership"])?;
    value(rule, "ObjectOwnership")
}

fn public_access_block(
    properties: &Properties,
) -> Result<Option<PublicAccessBlockConfiguration>, HandlerFailure> {
    let Some(block) = properties.object("PublicAccessBlockConfiguration")? else { return Ok(None) };
    block.only(&["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"])?;
    let flag = |name: &str| Ok::<_, HandlerFailure>(Some(block.boolean(name)?.unwrap_or_default()));
    Ok(Some(PublicAccessBlockConfiguration {
        block_public_acls: flag("BlockPublicAcls")?,
        ignore_public_acls: flag("IgnorePublicAcls")?,
        block_public_policy: flag("BlockPublicPolicy")?,
        restrict_public_buckets: flag("RestrictPublicBuckets")?,
    }))
}

fn encryption(properties: &Properties) -> Result<Option<ServerSideEncryptionConfiguration>, HandlerFailure> {
    let Some(configuration) = properties.object("BucketEncryption")? else { return Ok(None) };
    configuration.only(&["ServerSideEncryptionConfiguration"])?;
    let mut rules = Vec::new();
    for rule in configuration.objects("ServerSideEncryptionConfiguration")? {
        rule.only(&["ServerSideEncryptionByDefault", "BucketKeyEnabled", "BlockedEncryptionTypes"])?;
        let default = rule.object("ServerSideEncryptionByDefault")?;
        let default = default.map(|default| {
            default.only(&["SSEAlgorithm", "KMSMasterKeyID"])?;
            Ok::<_, HandlerFailure>(ServerSideEncryptionByDefault {
                sse_algorithm: value(&default, "SSEAlgorithm")?
                    .ok_or_else(|| default.missing("SSEAlgorithm"))?,
                kms_master_key_id: default.string("KMSMasterKeyID")?,
            })
        });
        let blocked = rule.object("BlockedEncryptionTypes")?.map(|blocked| {
            blocked.only(&["EncryptionType"])?;
            let kinds = blocked.strings("EncryptionType")?.unwrap_or_default();
            let kinds: Result<Vec<_>, _> = kinds.iter().map(|kind| kind.parse()).collect();
            kinds.map(|kinds| BlockedEncryptionTypes { encryption_type: Some(kinds) }).map_err(|_| {
                HandlerFailure::invalid(format!("{}/EncryptionType: not a valid enum value", blocked.path()))
            })
        });
        rules.push(ServerSideEncryptionRule {
            apply_server_side_encryption_by_default: default.transpose()?,
            bucket_key_enabled: rule.boolean("BucketKeyEnabled")?,
            blocked_encryption_types: blocked.transpose()?,
        });
    }
    Ok(Some(ServerSideEncryptionConfiguration { rules }))
}
