//! `AWS::S3::Bucket`.

use super::gone_is_done;
use super::wanted::{AccessControl, Wanted};
use crate::acls::listed;
use crate::state::{Acl, Bucket};
use api_s3::{
    AccessControlPolicy, BucketCannedACL, BucketLoggingStatus, BucketVersioningStatus, CreateBucket,
    CreateBucketConfiguration, DeleteBucket, DeleteBucketEncryption, DeleteBucketLifecycle,
    DeleteBucketOwnershipControls, DeleteBucketTagging, DeletePublicAccessBlock, OwnershipControls,
    OwnershipControlsRule, PutBucketAcl, PutBucketEncryption, PutBucketLifecycleConfiguration,
    PutBucketLogging, PutBucketNotificationConfiguration, PutBucketOwnershipControls, PutBucketTagging,
    PutBucketVersioning, PutPublicAccessBlock, Tagging, VersioningConfiguration,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::Region;
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct BucketHandler;

#[async_trait::async_trait]
impl ResourceHandler for BucketHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::S3::Bucket"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "BucketName",
            "AccessControl",
            "BucketEncryption",
            "LifecycleConfiguration",
            "LoggingConfiguration",
            "NotificationConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
            "VersioningConfiguration",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["BucketName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("BucketName")?;
        let name = given.clone().unwrap_or_else(|| context.generated_name(63).to_lowercase());
        let wanted = Wanted::of(properties, &context.stack_tags, &name)?;
        if !made_before(&name, given.is_some(), context)? {
            let region = context.caller.scope().region;
            let create = CreateBucket {
                bucket: name.clone(),
                acl: matches!(wanted.access_control, Some(AccessControl::Canned(BucketCannedACL::Private)))
                    .then_some(BucketCannedACL::Private),
                object_ownership: wanted.ownership,
                create_bucket_configuration: Some(CreateBucketConfiguration {
                    location_constraint: (region != Region::US_EAST_1).then(|| region.to_string()),
                    tags: Some(wanted.tags.clone()),
                    ..Default::default()
                }),
                ..Default::default()
            };
            context.caller.call(create).await?;
        }
        let made = Wanted {
            ownership: wanted.ownership,
            tags: wanted.tags.clone(),
            access_control: wanted
                .access_control
                .filter(|list| *list == AccessControl::Canned(BucketCannedACL::Private)),
            ..Wanted::default()
        };
        if let Err(failure) = change(&name, &made, &wanted, context).await {
            // A resource that was not made leaves nothing; where even that fails, the first failure is the one to tell.
            let delete = DeleteBucket { bucket: name.clone(), ..Default::default() };
            if let Err(error) = context.caller.call(delete).await {
                tracing::warn!(%error, "a bucket whose settings a stack could not put stays behind");
                return Err(failure.having_made(name));
            }
            return Err(failure);
        }
        Ok(Created { attributes: attributes(&name, context), physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let before = Wanted::of(old, &context.previous_stack_tags, physical_id)?;
        let after = Wanted::of(new, &context.stack_tags, physical_id)?;
        change(physical_id, &before, &after, context).await?;
        Ok(Updated { attributes: attributes(physical_id, context) })
    }

    /// A bucket that holds objects stays, and the stack says so.
    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteBucket { bucket: physical_id.into(), ..Default::default() };
        Ok(gone_is_done(context.caller.call(delete).await)?)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::read(physical_id, properties, context).await
    }
}

/// Whether an earlier try of this step made the bucket: it bears the stack's name and the resource's, or a name that nobody else draws.
fn made_before(name: &str, given: bool, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    let bucket = Bucket::named(&context.context.store.view(), name)
        .map_err(|error| HandlerFailure::new("InternalFailure", error.to_string()))?;
    let Some(bucket) = bucket.filter(|bucket| bucket.scope.account == context.caller.scope().account) else {
        return Ok(false);
    };
    let own =
        |key: &str| context.stack_tags.get(key).is_some_and(|value| bucket.tags.get(key) == Some(value));
    if !given || (own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id")) {
        return Ok(true);
    }
    Err(HandlerFailure {
        service_code: Some("BucketAlreadyOwnedByYou".into()),
        ..HandlerFailure::new("AlreadyExists", format!("{name} already exists"))
    })
}

/// Brings a bucket from what was wanted to what is. Lists come last: they need the ownership and the block that allow them.
async fn change(
    name: &str,
    old: &Wanted,
    new: &Wanted,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let (caller, bucket) = (&context.caller, name.to_owned());
    if old.ownership != new.ownership {
        match new.ownership {
            Some(object_ownership) => {
                let rules = vec![OwnershipControlsRule { object_ownership }];
                let ownership_controls = OwnershipControls { rules };
                let put = PutBucketOwnershipControls {
                    bucket: bucket.clone(),
                    ownership_controls,
                    ..Default::default()
                };
                caller.call(put).await?;
            }
            None => {
                let delete = DeleteBucketOwnershipControls { bucket: bucket.clone(), ..Default::default() };
                caller.call(delete).await?;
            }
        }
    }
    if old.public_access_block != new.public_access_block {
        match new.public_access_block.clone() {
            Some(public_access_block_configuration) => {
                let put = PutPublicAccessBlock {
                    bucket: bucket.clone(),
                    public_access_block_configuration,
                    ..Default::default()
                };
                caller.call(put).await?;
            }
            None => {
                caller.call(DeletePublicAccessBlock { bucket: bucket.clone(), ..Default::default() }).await?;
            }
        }
    }
    if old.encryption != new.encryption {
        match new.encryption.clone() {
            Some(server_side_encryption_configuration) => {
                let put = PutBucketEncryption {
                    bucket: bucket.clone(),
                    server_side_encryption_configuration,
                    ..Default::default()
                };
                caller.call(put).await?;
            }
            None => {
                caller.call(DeleteBucketEncryption { bucket: bucket.clone(), ..Default::default() }).await?;
            }
        }
    }
    if old.versioning != new.versioning {
        // There is no way back to a bucket without versions.
        let status = new.versioning.unwrap_or(BucketVersioningStatus::Suspended);
        let versioning_configuration = VersioningConfiguration { status: Some(status), mfa_delete: None };
        let put =
            PutBucketVersioning { bucket: bucket.clone(), versioning_configuration, ..Default::default() };
        caller.call(put).await?;
    }
    if old.tags != new.tags {
        if new.tags.is_empty() {
            caller.call(DeleteBucketTagging { bucket: bucket.clone(), ..Default::default() }).await?;
        } else {
            let tagging = Tagging { tag_set: new.tags.clone() };
            caller.call(PutBucketTagging { bucket: bucket.clone(), tagging, ..Default::default() }).await?;
        }
    }
    if old.access_control != new.access_control {
        let mut put = PutBucketAcl { bucket, ..Default::default() };
        match new.access_control.unwrap_or(AccessControl::Canned(BucketCannedACL::Private)) {
            AccessControl::Canned(list) => put.acl = Some(list),
            AccessControl::LogDeliveryWrite => {
                let account = caller.scope().account;
                let grants = Some(listed(&Acl::canned("log-delivery-write", account, account)));
                put.access_control_policy = Some(AccessControlPolicy { grants, owner: None });
            }
        }
        caller.call(put).await?;
    }
    if old.lifecycle != new.lifecycle {
        match new.lifecycle.clone() {
            Some(configuration) => {
                let put = PutBucketLifecycleConfiguration {
                    bucket: name.to_owned(),
                    lifecycle_configuration: Some(configuration),
                    ..Default::default()
                };
                caller.call(put).await?;
            }
            None => {
                caller.call(DeleteBucketLifecycle { bucket: name.to_owned(), ..Default::default() }).await?;
            }
        }
    }
    if old.logging != new.logging {
        let bucket_logging_status = BucketLoggingStatus { logging_enabled: new.logging.clone() };
        let put = PutBucketLogging { bucket: name.to_owned(), bucket_logging_status, ..Default::default() };
        caller.call(put).await?;
    }
    if old.notification != new.notification {
        let put = PutBucketNotificationConfiguration {
            bucket: name.to_owned(),
            notification_configuration: new.notification.clone(),
            ..Default::default()
        };
        caller.call(put).await?;
    }
    Ok(())
}

/// Regions whose website endpoints are written with a hyphen; all later ones have a dot.
const HYPHENATED: [&str; 8] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-west-1",
    "sa-east-1",
];

fn attributes(name: &str, context: &HandlerContext) -> BTreeMap<String, Document> {
    let region = context.caller.scope().region;
    let separator = if HYPHENATED.contains(&region.as_str()) { '-' } else { '.' };
    let attribute = |key: &str, value: String| (key.to_owned(), Document::String(value));
    BTreeMap::from([
        attribute("Arn", format!("arn:aws:s3:::{name}")),
        attribute("DomainName", format!("{name}.s3.amazonaws.com")),
        attribute("DualStackDomainName", format!("{name}.s3.dualstack.{region}.amazonaws.com")),
        attribute("RegionalDomainName", format!("{name}.s3.{region}.amazonaws.com")),
        attribute("WebsiteURL", format!("http://{name}.s3-website{separator}{region}.amazonaws.com")),
    ])
}
