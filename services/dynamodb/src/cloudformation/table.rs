//! `AWS::DynamoDB::Table`.

mod reading;
mod settings;
mod wanted;

use api_dynamodb::{
    CreateTable, DeleteTable, DescribeTable, TableDescription, Tag, TagResource, UntagResource,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Tags};
use std::collections::BTreeMap;
use wire::{Document, ErrorResponse};

pub(crate) struct TableHandler;

const PROPERTIES: &[&str] = &[
    "AttributeDefinitions",
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "LocalSecondaryIndexes",
    "OnDemandThroughput",
    "PointInTimeRecoverySpecification",
    "ProvisionedThroughput",
    "ResourcePolicy",
    "SSESpecification",
    "StreamSpecification",
    "TableClass",
    "TableName",
    "Tags",
    "TimeToLiveSpecification",
    "WarmThroughput",
];

#[async_trait::async_trait]
impl ResourceHandler for TableHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::DynamoDB::Table"
    }

    fn properties(&self) -> &'static [&'static str] {
        PROPERTIES
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["TableName", "KeySchema", "LocalSecondaryIndexes"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "StreamArn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let name = match properties.string("TableName")? {
            Some(name) => name,
            None => context.generated_name(255),
        };
        let tags = wanted_tags(properties, &context.stack_tags)?;
        let mut create = wanted::create(properties, &name)?;
        create.tags = Some(tags.into_iter().map(|(key, value)| Tag { key, value }).collect());
        let table = match made_before(&name, context).await? {
            Some(table) => table,
            None => make(create, context).await?,
        };
        let failed = |error: HandlerFailure| error.having_made(name.clone());
        let empty = Properties::new(Document::object());
        settings::apply(&name, &table, &empty, properties, context).await.map_err(failed)?;
        Ok(Created { attributes: attributes(&table), physical_id: name })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let mut table = described(physical_id, context).await?;
        for update in wanted::updates(physical_id, &table, new)? {
            if let Some(changed) = context.caller.call(update).await?.table_description {
                table = changed;
            }
        }
        settings::apply(physical_id, &table, old, new, context).await?;
        let tags = wanted_tags(new, &context.stack_tags)?;
        let before = wanted_tags(old, &context.previous_stack_tags)?;
        let arn = table.table_arn.clone().unwrap_or_default();
        let stale: Vec<String> = before.into_keys().filter(|key| !tags.contains_key(key)).collect();
        if !stale.is_empty() {
            context.caller.call(UntagResource { resource_arn: arn.clone(), tag_keys: stale }).await?;
        }
        if !tags.is_empty() {
            let tags = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
            context.caller.call(TagResource { resource_arn: arn, tags }).await?;
        }
        Ok(Updated { attributes: attributes(&table) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        match context.caller.call(DeleteTable { table_name: physical_id.into() }).await {
            Ok(_) => Ok(()),
            Err(error) if error.code == "ResourceNotFoundException" => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        reading::read(physical_id, properties, context).await
    }
}

async fn described(name: &str, context: &HandlerContext) -> Result<TableDescription, HandlerFailure> {
    let answer = context.caller.call(DescribeTable { table_name: name.into() }).await?;
    answer.table.ok_or_else(|| HandlerFailure::invalid("DescribeTable answered no table"))
}

/// The table that an earlier try of this step made: it bears this resource's tags.
async fn made_before(
    name: &str,
    context: &HandlerContext,
) -> Result<Option<TableDescription>, HandlerFailure> {
    let arn = Arn::new("dynamodb", context.caller.scope(), format!("table/{name}")).to_string();
    let mut found = Tags::new();
    let mut next_token = None;
    loop {
        let list = api_dynamodb::ListTagsOfResource { resource_arn: arn.clone(), next_token };
        match context.caller.call(list).await {
            Ok(page) => {
                found.extend(page.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)));
                next_token = page.next_token;
            }
            // Who may not look has not made one: creating says what is the matter.
            Err(ErrorResponse { code, .. })
                if code == "ResourceNotFoundException" || code == "AccessDeniedException" =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        if next_token.is_none() {
            break;
        }
    }
    let own = |key: &str| context.stack_tags.get(key).is_some_and(|value| found.get(key) == Some(value));
    if own("aws:cloudformation:stack-id") && own("aws:cloudformation:logical-id") {
        return described(name, context).await.map(Some);
    }
    Ok(None)
}

async fn make(create: CreateTable, context: &HandlerContext) -> Result<TableDescription, HandlerFailure> {
    let name = create.table_name.clone();
    match context.caller.call(create).await {
        Ok(made) => {
            made.table_description.ok_or_else(|| HandlerFailure::invalid("CreateTable answered no table"))
        }
        Err(error) if error.code == "ResourceInUseException" => Err(HandlerFailure {
            service_code: Some(error.code),
            ..HandlerFailure::new(
                "AlreadyExists",
                format!("Resource of type 'AWS::DynamoDB::Table' with identifier '{name}' already exists."),
            )
        }),
        Err(error) => Err(error.into()),
    }
}

fn wanted_tags(properties: &Properties, stack: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}

fn attributes(table: &TableDescription) -> BTreeMap<String, Document> {
    let mut attributes = BTreeMap::new();
    if let Some(arn) = &table.table_arn {
        attributes.insert("Arn".to_owned(), Document::from(arn.as_str()));
    }
    if let Some(arn) = table.latest_stream_arn.as_ref().filter(|_| table.stream_specification.is_some()) {
        attributes.insert("StreamArn".to_owned(), Document::from(arn.as_str()));
    }
    attributes
}
