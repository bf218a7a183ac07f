//! `AWS::Logs::LogGroup`.

use api_logs::{
    CreateLogGroup, DeleteLogGroup, DeleteRetentionPolicy, ListTagsForResource, LogGroupClass,
    PutLogGroupDeletionProtection, PutRetentionPolicy, TagResource, UntagResource,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Tags};
use std::collections::BTreeMap;
use wire::{Document, ErrorResponse, document};

/// The longest name of a log group.
const LONGEST_NAME: usize = 512;

/// Makes, changes and deletes log groups.
pub(crate) struct LogGroupHandler;

#[async_trait::async_trait]
impl ResourceHandler for LogGroupHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Logs::LogGroup"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["LogGroupName", "LogGroupClass", "RetentionInDays", "DeletionProtectionEnabled", "Tags"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["LogGroupName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let wanted = Wanted::read(properties, &context.stack_tags)?;
        let name = properties.string("LogGroupName")?.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let create = CreateLogGroup {
            log_group_name: name.clone(),
            tags: Some(wanted.tags.clone()).filter(|tags| !tags.is_empty()),
            log_group_class: Some(wanted.class),
            deletion_protection_enabled: Some(wanted.protected),
            ..Default::default()
        };
        if let Err(error) = context.caller.call(create).await
            && !is_ours(&name, &error, context).await?
        {
            return Err(error.into());
        }
        if let Some(days) = wanted.retention {
            retain(&name, Some(days), context).await?;
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
        let (was, wanted) =
            (Wanted::read(old, &context.previous_stack_tags)?, Wanted::read(new, &context.stack_tags)?);
        if was.class != wanted.class {
            return Err(HandlerFailure {
                code: "NotUpdatable".into(),
                ..HandlerFailure::invalid("LogGroupClass of a log group cannot be changed.")
            });
        }
        if was.retention != wanted.retention {
            retain(physical_id, wanted.retention, context).await?;
        }
        if was.protected != wanted.protected {
            let log_group_identifier = physical_id.to_owned();
            let deletion_protection_enabled = wanted.protected;
            context
                .caller
                .call(PutLogGroupDeletionProtection { log_group_identifier, deletion_protection_enabled })
                .await?;
        }
        let tag_keys: Vec<String> =
            was.tags.keys().filter(|key| !wanted.tags.contains_key(*key)).cloned().collect();
        if !tag_keys.is_empty() {
            context.caller.call(UntagResource { resource_arn: arn(physical_id, context), tag_keys }).await?;
        }
        if !wanted.tags.is_empty() {
            context
                .caller
                .call(TagResource { resource_arn: arn(physical_id, context), tags: wanted.tags })
                .await?;
        }
        Ok(Updated { attributes: attributes(physical_id, context) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        match context.caller.call(DeleteLogGroup { log_group_name: physical_id.to_owned() }).await {
            Err(error) if error.code != "ResourceNotFoundException" => Err(error.into()),
            _ => Ok(()),
        }
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let mut input = document!({ "logGroupNamePrefix": physical_id });
        let group = loop {
            let page = context.ask("logs", "DescribeLogGroups", input, |_| false).await?.unwrap_or_default();
            let groups = page.get("logGroups").and_then(Document::as_array).unwrap_or_default();
            let same =
                |it: &&Document| it.get("logGroupName").and_then(Document::as_str) == Some(physical_id);
            if let Some(group) = groups.iter().find(same) {
                break group.clone();
            }
            let Some(token) = page.get("nextToken").and_then(Document::as_str) else {
                return Ok(Actual::Gone);
            };
            input = document!({ "logGroupNamePrefix": physical_id, "nextToken": token });
        };
        let told = |name: &str| group.get(name).cloned().unwrap_or_default();
        let mut actual = document!({
            "LogGroupName": physical_id,
            "LogGroupClass": (told("logGroupClass")),
            "RetentionInDays": (told("retentionInDays")),
            "DeletionProtectionEnabled": (group.get("deletionProtectionEnabled").cloned().unwrap_or(false.into()))
        });
        if properties.get("Tags").is_some() {
            let ask = document!({ "resourceArn": (arn(physical_id, context)) });
            let tags = context.ask("logs", "ListTagsForResource", ask, |_| false).await?.unwrap_or_default();
            actual.set("Tags", Actual::listed_tags(tags.get("tags")));
        }
        Ok(Actual::Properties(actual))
    }
}

/// What a template asks for.
struct Wanted {
    class: LogGroupClass,
    retention: Option<i32>,
    protected: bool,
    /// With those of the stack.
    tags: Tags,
}

impl Wanted {
    fn read(properties: &Properties, stack_tags: &Tags) -> Result<Self, HandlerFailure> {
        let class = match properties.string("LogGroupClass")? {
            None => LogGroupClass::Standard,
            Some(class) => class.parse().map_err(|_| {
                HandlerFailure::invalid(format!("#/LogGroupClass: {class} is not a valid enum value"))
            })?,
        };
        let retention = properties.integer("RetentionInDays")?;
        // A number that is none of AWS's is left to the service, which answers by its own sentence.
        let retention = retention.map(|days| i32::try_from(days).unwrap_or(i32::MAX));
        let protected = properties.boolean("DeletionProtectionEnabled")?.unwrap_or(false);
        let mut tags = stack_tags.clone();
        tags.extend(properties.tags("Tags")?);
        Ok(Self { class, retention, protected, tags })
    }
}

/// Whether a group that is there already is what an earlier try of this step made.
async fn is_ours(
    name: &str,
    error: &ErrorResponse,
    context: &HandlerContext,
) -> Result<bool, HandlerFailure> {
    if error.code != "ResourceAlreadyExistsException" {
        return Ok(false);
    }
    let tags = context.caller.call(ListTagsForResource { resource_arn: arn(name, context) }).await?.tags;
    let is =
        |key: &str, value: &str| tags.as_ref().and_then(|tags| tags.get(key)).is_some_and(|tag| tag == value);
    Ok(is("aws:cloudformation:stack-id", &context.stack_id)
        && is("aws:cloudformation:logical-id", &context.logical_id))
}

async fn retain(name: &str, days: Option<i32>, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let log_group_name = name.to_owned();
    match days {
        Some(retention_in_days) => {
            context.caller.call(PutRetentionPolicy { log_group_name, retention_in_days }).await?;
        }
        None => {
            context.caller.call(DeleteRetentionPolicy { log_group_name }).await?;
        }
    }
    Ok(())
}

fn arn(name: &str, context: &HandlerContext) -> String {
    Arn::new("logs", context.caller.scope(), format!("log-group:{name}")).to_string()
}

fn attributes(name: &str, context: &HandlerContext) -> BTreeMap<String, Document> {
    BTreeMap::from([("Arn".to_owned(), Document::String(format!("{}:*", arn(name, context))))])
}
