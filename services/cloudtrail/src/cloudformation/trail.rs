//! `AWS::CloudTrail::Trail`.

use api_cloudtrail::{
    AddTags, CreateTrail, DeleteTrail, GetTrail, ListTags, RemoveTags, StartLogging, StopLogging, Tag,
    UpdateTrail,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Tags};
use std::collections::BTreeMap;
use wire::{Document, document};

pub(crate) struct TrailHandler;

#[async_trait::async_trait]
impl ResourceHandler for TrailHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::CloudTrail::Trail"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "TrailName",
            "S3BucketName",
            "S3KeyPrefix",
            "SnsTopicName",
            "IncludeGlobalServiceEvents",
            "IsMultiRegionTrail",
            "EnableLogFileValidation",
            "CloudWatchLogsLogGroupArn",
            "CloudWatchLogsRoleArn",
            "KMSKeyId",
            "IsOrganizationTrail",
            "IsLogging",
            "EventSelectors",
            "AdvancedEventSelectors",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["TrailName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "SnsTopicArn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("TrailName")?;
        let name = given.unwrap_or_else(|| context.generated_name(128));
        let logs = properties.boolean("IsLogging")?.ok_or_else(|| properties.missing("IsLogging"))?;
        let tags = wanted_tags(properties, &context.stack_tags)?;
        let create = CreateTrail {
            name: name.clone(),
            s3_bucket_name: properties.required_string("S3BucketName")?,
            s3_key_prefix: properties.string("S3KeyPrefix")?,
            sns_topic_name: properties.string("SnsTopicName")?,
            include_global_service_events: properties.boolean("IncludeGlobalServiceEvents")?,
            is_multi_region_trail: properties.boolean("IsMultiRegionTrail")?,
            enable_log_file_validation: properties.boolean("EnableLogFileValidation")?,
            cloud_watch_logs_log_group_arn: properties.string("CloudWatchLogsLogGroupArn")?,
            cloud_watch_logs_role_arn: properties.string("CloudWatchLogsRoleArn")?,
            kms_key_id: properties.string("KMSKeyId")?,
            is_organization_trail: properties.boolean("IsOrganizationTrail")?,
            tags_list: Some(listed(tags)),
        };
        match context.caller.call(create).await {
            // A trail of an earlier try of this step bears this resource's tags.
            Err(error) if error.code == "TrailAlreadyExistsException" && is_own(&name, context).await? => {}
            other => {
                other?;
            }
        }
        let made = async {
            if selects(properties) {
                put_selectors(&name, properties, context).await?;
            }
            if logs {
                context.caller.call(StartLogging { name: name.clone() }).await?;
            }
            attributes(&name, context).await
        };
        match made.await {
            Ok(attributes) => Ok(Created { physical_id: name, attributes }),
            Err(failure) => Err(failure.having_made(name)),
        }
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        // What is taken away from the template is taken away from the trail.
        let text = |name: &str| -> Result<Option<String>, HandlerFailure> {
            Ok(match (old.string(name)?, new.string(name)?) {
                (Some(_), None) => Some(String::new()),
                (_, new) => new,
            })
        };
        let update = UpdateTrail {
            name: physical_id.into(),
            s3_bucket_name: Some(new.required_string("S3BucketName")?),
            s3_key_prefix: text("S3KeyPrefix")?,
            sns_topic_name: text("SnsTopicName")?,
            include_global_service_events: Some(new.boolean("IncludeGlobalServiceEvents")?.unwrap_or(true)),
            is_multi_region_trail: Some(new.boolean("IsMultiRegionTrail")?.unwrap_or(false)),
            enable_log_file_validation: Some(new.boolean("EnableLogFileValidation")?.unwrap_or(false)),
            cloud_watch_logs_log_group_arn: text("CloudWatchLogsLogGroupArn")?,
            cloud_watch_logs_role_arn: text("CloudWatchLogsRoleArn")?,
            kms_key_id: text("KMSKeyId")?,
            is_organization_trail: new.boolean("IsOrganizationTrail")?,
        };
        context.caller.call(update).await?;
        if selects(old) || selects(new) {
            put_selectors(physical_id, new, context).await?;
        }
        let logs = new.boolean("IsLogging")?.ok_or_else(|| new.missing("IsLogging"))?;
        if logs {
            context.caller.call(StartLogging { name: physical_id.into() }).await?;
        } else {
            context.caller.call(StopLogging { name: physical_id.into() }).await?;
        }
        let told = attributes(physical_id, context).await?;
        let arn = told.get("Arn").and_then(Document::as_str).unwrap_or_default().to_owned();
        let wanted = wanted_tags(new, &context.stack_tags)?;
        let mut stale = wanted_tags(old, &context.previous_stack_tags)?;
        stale.retain(|key, _| !wanted.contains_key(key));
        if !stale.is_empty() {
            context.caller.call(RemoveTags { resource_id: arn.clone(), tags_list: listed(stale) }).await?;
        }
        if !wanted.is_empty() {
            context.caller.call(AddTags { resource_id: arn, tags_list: listed(wanted) }).await?;
        }
        Ok(Updated { attributes: told })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        match context.caller.call(DeleteTrail { name: physical_id.into() }).await {
            Err(error) if error.code != "TrailNotFoundException" => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let gone = |error: &wire::ErrorResponse| error.code == "TrailNotFoundException";
        let ask = || document!({ "Name": physical_id });
        let Some(answer) = context.ask("cloudtrail", "GetTrail", ask(), gone).await? else {
            return Ok(Actual::Gone);
        };
        let trail = answer.get("Trail").cloned().unwrap_or_default();
        let names = [
            "S3BucketName",
            "S3KeyPrefix",
            "IncludeGlobalServiceEvents",
            "IsMultiRegionTrail",
            "CloudWatchLogsLogGroupArn",
            "CloudWatchLogsRoleArn",
            "IsOrganizationTrail",
        ];
        let mut actual = Actual::picked(&trail, &names);
        let told = |name: &str| trail.get(name).cloned().unwrap_or_default();
        actual.set("TrailName", told("Name"));
        actual.set("EnableLogFileValidation", told("LogFileValidationEnabled"));
        // A topic may be named either way, and a key in more ways than one can tell from here.
        let by_arn = properties.string("SnsTopicName")?.is_some_and(|topic| topic.starts_with("arn:"));
        actual.set("SnsTopicName", told(if by_arn { "SnsTopicARN" } else { "SnsTopicName" }));
        let key = properties.string("KMSKeyId")?;
        if told("KmsKeyId").is_null() || key.is_some_and(|key| key.contains(":key/")) {
            actual.set("KMSKeyId", told("KmsKeyId"));
        }
        if properties.get("IsLogging").is_some() {
            let status = context.ask("cloudtrail", "GetTrailStatus", ask(), gone).await?.unwrap_or_default();
            actual.set("IsLogging", status.get("IsLogging").cloned().unwrap_or_default());
        }
        if selects(properties) {
            let ask = document!({ "TrailName": physical_id });
            let selectors =
                context.ask("cloudtrail", "GetEventSelectors", ask, gone).await?.unwrap_or_default();
            for name in ["EventSelectors", "AdvancedEventSelectors"] {
                actual.set(name, selectors.get(name).cloned().unwrap_or_default());
            }
        }
        if properties.get("Tags").is_some() {
            let ask = document!({ "ResourceIdList": [(told("TrailARN"))] });
            let tags = context.ask("cloudtrail", "ListTags", ask, gone).await?.unwrap_or_default();
            let list = tags.get("ResourceTagList").and_then(Document::as_array).unwrap_or_default();
            let own = list.first().and_then(|it| it.get("TagsList")).cloned();
            actual.set("Tags", own.unwrap_or_default());
        }
        Ok(Actual::Properties(actual))
    }
}

fn selects(properties: &Properties) -> bool {
    properties.get("EventSelectors").is_some() || properties.get("AdvancedEventSelectors").is_some()
}

/// The selectors of a template have the members of the API's. Without any, the trail gets back those that it began with.
async fn put_selectors(
    name: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let mut input = document!({ "TrailName": name });
    for property in ["EventSelectors", "AdvancedEventSelectors"] {
        if let Some(selectors) = properties.get(property) {
            input.set(property, selectors.clone());
        }
    }
    if !selects(properties) {
        let all = document!([{ "ReadWriteType": "All", "IncludeManagementEvents": true }]);
        input.set("EventSelectors", all);
    }
    context.caller.call_document("cloudtrail", "PutEventSelectors", input).await?;
    Ok(())
}

async fn attributes(
    name: &str,
    context: &HandlerContext,
) -> Result<BTreeMap<String, Document>, HandlerFailure> {
    let trail = context.caller.call(GetTrail { name: name.into() }).await?.trail.unwrap_or_default();
    let mut told = BTreeMap::new();
    for (name, value) in [("Arn", trail.trail_arn), ("SnsTopicArn", trail.sns_topic_arn)] {
        if let Some(value) = value {
            told.insert(name.to_owned(), Document::from(value));
        }
    }
    Ok(told)
}

fn wanted_tags(properties: &Properties, stack_tags: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack_tags.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}

fn listed(tags: Tags) -> Vec<Tag> {
    tags.into_iter().map(|(key, value)| Tag { key, value: Some(value) }).collect()
}

async fn is_own(name: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    let arn = Arn::new("cloudtrail", context.caller.scope(), format!("trail/{name}")).to_string();
    let found = match context.caller.call(ListTags { resource_id_list: vec![arn], next_token: None }).await {
        Ok(found) => found,
        Err(error) if error.code == "ResourceNotFoundException" => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let tags: Tags = found
        .resource_tag_list
        .into_iter()
        .flatten()
        .flat_map(|resource| resource.tags_list.unwrap_or_default())
        .map(|tag| (tag.key, tag.value.unwrap_or_default()))
        .collect();
    let own = |key: &str| context.stack_tags.get(key).is_some_and(|value| tags.get(key) == Some(value));
    Ok(own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id"))
}
