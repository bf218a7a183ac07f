//! What a template wants of a bucket, as the requests that bring it about.

use super::lifecycle::lifecycle;
use api_s3::{
    BlockedEncryptionTypes, BucketCannedACL, BucketLifecycleConfiguration, BucketVersioningStatus,
    EventBridgeConfiguration, FilterRule, LambdaFunctionConfiguration, LoggingEnabled,
    NotificationConfiguration, NotificationConfigurationFilter, ObjectOwnership, PartitionedPrefix,
    PublicAccessBlockConfiguration, QueueConfiguration, S3KeyFilter, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, SimplePrefix, Tag, TargetObjectKeyFormat,
    TopicConfiguration,
};
use contract::{HandlerFailure, Properties};
use names::Tags;
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
    pub(super) logging: Option<LoggingEnabled>,
    pub(super) notification: NotificationConfiguration,
    pub(super) lifecycle: Option<BucketLifecycleConfiguration>,
}

/// A canned access control list, as CloudFormation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessControl {
    Canned(BucketCannedACL),
    LogDeliveryWrite,
}

impl Wanted {
    /// What a template wants, with the tags of its stack. `bucket` is where logs go that name no other bucket.
    pub(super) fn of(
        properties: &Properties,
        stack_tags: &Tags,
        bucket: &str,
    ) -> Result<Self, HandlerFailure> {
        let mut tags = stack_tags.clone();
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
            logging: logging(properties, bucket)?,
            notification: notification(properties)?,
            lifecycle: lifecycle(properties)?,
        })
    }
}

/// One of an enum's values.
pub(super) fn value<T: FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
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

fn logging(properties: &Properties, bucket: &str) -> Result<Option<LoggingEnabled>, HandlerFailure> {
    let Some(wanted) = properties.object("LoggingConfiguration")? else { return Ok(None) };
    wanted.only(&["DestinationBucketName", "LogFilePrefix", "TargetObjectKeyFormat"])?;
    let format = wanted.object("TargetObjectKeyFormat")?.map(|format| {
        format.only(&["SimplePrefix", "PartitionedPrefix"])?;
        let partitioned = format.object("PartitionedPrefix")?.map(|partitioned| {
            partitioned.only(&["PartitionDateSource"])?;
            Ok::<_, HandlerFailure>(PartitionedPrefix {
                partition_date_source: value(&partitioned, "PartitionDateSource")?,
            })
        });
        Ok::<_, HandlerFailure>(TargetObjectKeyFormat {
            simple_prefix: format.object("SimplePrefix")?.map(|_| SimplePrefix {}),
            partitioned_prefix: partitioned.transpose()?,
        })
    });
    Ok(Some(LoggingEnabled {
        target_bucket: wanted.string("DestinationBucketName")?.unwrap_or_else(|| bucket.to_owned()),
        target_prefix: wanted.string("LogFilePrefix")?.unwrap_or_default(),
        target_object_key_format: format.transpose()?,
        target_grants: None,
    }))
}

fn notification(properties: &Properties) -> Result<NotificationConfiguration, HandlerFailure> {
    let Some(wanted) = properties.object("NotificationConfiguration")? else { return Ok(Default::default()) };
    wanted.only(&[
        "EventBridgeConfiguration",
        "LambdaConfigurations",
        "QueueConfigurations",
        "TopicConfigurations",
    ])?;
    let bridge = match wanted.object("EventBridgeConfiguration")? {
        Some(bridge) => {
            bridge.only(&["EventBridgeEnabled"])?;
            bridge.boolean("EventBridgeEnabled")?.unwrap_or(true)
        }
        None => false,
    };
    let each = |list: &str, destination: &str| -> Result<Vec<Rule>, HandlerFailure> {
        wanted.objects(list)?.iter().map(|rule| self::rule(rule, destination)).collect()
    };
    let given = |list: &str| wanted.get(list).is_some();
    let queues = each("QueueConfigurations", "Queue")?
        .into_iter()
        .map(|(queue_arn, events, filter)| QueueConfiguration { id: None, queue_arn, events, filter });
    let topics = each("TopicConfigurations", "Topic")?
        .into_iter()
        .map(|(topic_arn, events, filter)| TopicConfiguration { id: None, topic_arn, events, filter });
    let functions =
        each("LambdaConfigurations", "Function")?.into_iter().map(|(lambda_function_arn, events, filter)| {
            LambdaFunctionConfiguration { id: None, lambda_function_arn, events, filter }
        });
    Ok(NotificationConfiguration {
        queue_configurations: given("QueueConfigurations").then(|| queues.collect()),
        topic_configurations: given("TopicConfigurations").then(|| topics.collect()),
        lambda_function_configurations: given("LambdaConfigurations").then(|| functions.collect()),
        event_bridge_configuration: bridge.then_some(EventBridgeConfiguration {}),
    })
}

/// A destination, its events and its filter.
type Rule = (String, Vec<String>, Option<NotificationConfigurationFilter>);

fn rule(rule: &Properties, destination: &str) -> Result<Rule, HandlerFailure> {
    rule.only(&["Event", "Filter", destination])?;
    let filter = rule.object("Filter")?.map(|filter| {
        filter.only(&["S3Key"])?;
        let key = filter.object("S3Key")?.ok_or_else(|| filter.missing("S3Key"))?;
        key.only(&["Rules"])?;
        let rules = key.objects("Rules")?.into_iter().map(|part| {
            part.only(&["Name", "Value"])?;
            let (name, value) = (part.required_string("Name")?, part.required_string("Value")?);
            Ok::<_, HandlerFailure>(FilterRule { name: Some(name), value: Some(value) })
        });
        let filter_rules = Some(rules.collect::<Result<Vec<_>, _>>()?);
        Ok::<_, HandlerFailure>(NotificationConfigurationFilter { key: Some(S3KeyFilter { filter_rules }) })
    });
    Ok((rule.required_string(destination)?, vec![rule.required_string("Event")?], filter.transpose()?))
}
