//! A template's table as the service's requests.

use api_dynamodb::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, CreateTable,
    DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndex, GlobalSecondaryIndexUpdate, KeySchemaElement,
    LocalSecondaryIndex, OnDemandThroughput, Projection, ProvisionedThroughput, SSESpecification,
    StreamSpecification, TableClass, TableDescription, UpdateGlobalSecondaryIndexAction, UpdateTable,
    WarmThroughput,
};
use contract::{HandlerFailure, Properties};
use std::str::FromStr;

fn choice<T: FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
    let Some(text) = properties.string(name)? else { return Ok(None) };
    let invalid = |_| {
        HandlerFailure::invalid(format!("{}/{name}: {text} is not a valid enum value", properties.path()))
    };
    text.parse().map(Some).map_err(invalid)
}

fn required<T: FromStr>(properties: &Properties, name: &str) -> Result<T, HandlerFailure> {
    choice(properties, name)?.ok_or_else(|| properties.missing(name))
}

fn integer(properties: &Properties, name: &str) -> Result<i64, HandlerFailure> {
    properties.integer(name)?.ok_or_else(|| properties.missing(name))
}

fn definitions(properties: &Properties) -> Result<Vec<AttributeDefinition>, HandlerFailure> {
    let read = |definition: &Properties| {
        definition.only(&["AttributeName", "AttributeType"])?;
        Ok(AttributeDefinition {
            attribute_name: definition.required_string("AttributeName")?,
            attribute_type: required(definition, "AttributeType")?,
        })
    };
    properties.objects("AttributeDefinitions")?.iter().map(read).collect()
}

fn key_schema(properties: &Properties) -> Result<Vec<KeySchemaElement>, HandlerFailure> {
    let read = |element: &Properties| {
        element.only(&["AttributeName", "KeyType"])?;
        Ok(KeySchemaElement {
            attribute_name: element.required_string("AttributeName")?,
            key_type: required(element, "KeyType")?,
        })
    };
    properties.objects("KeySchema")?.iter().map(read).collect()
}

fn projection(properties: &Properties) -> Result<Projection, HandlerFailure> {
    let given = properties.object("Projection")?.ok_or_else(|| properties.missing("Projection"))?;
    given.only(&["ProjectionType", "NonKeyAttributes"])?;
    Ok(Projection {
        projection_type: choice(&given, "ProjectionType")?,
        non_key_attributes: given.strings("NonKeyAttributes")?,
    })
}

fn provisioned(properties: &Properties) -> Result<Option<ProvisionedThroughput>, HandlerFailure> {
    let Some(given) = properties.object("ProvisionedThroughput")? else { return Ok(None) };
    given.only(&["ReadCapacityUnits", "WriteCapacityUnits"])?;
    Ok(Some(ProvisionedThroughput {
        read_capacity_units: integer(&given, "ReadCapacityUnits")?,
        write_capacity_units: integer(&given, "WriteCapacityUnits")?,
    }))
}

fn on_demand(properties: &Properties) -> Result<Option<OnDemandThroughput>, HandlerFailure> {
    let Some(given) = properties.object("OnDemandThroughput")? else { return Ok(None) };
    given.only(&["MaxReadRequestUnits", "MaxWriteRequestUnits"])?;
    Ok(Some(OnDemandThroughput {
        max_read_request_units: given.integer("MaxReadRequestUnits")?,
        max_write_request_units: given.integer("MaxWriteRequestUnits")?,
    }))
}

fn warm(properties: &Properties) -> Result<Option<WarmThroughput>, HandlerFailure> {
    let Some(given) = properties.object("WarmThroughput")? else { return Ok(None) };
    given.only(&["ReadUnitsPerSecond", "WriteUnitsPerSecond"])?;
    Ok(Some(WarmThroughput {
        read_units_per_second: given.integer("ReadUnitsPerSecond")?,
        write_units_per_second: given.integer("WriteUnitsPerSecond")?,
    }))
}

fn global_indexes(properties: &Properties) -> Result<Vec<GlobalSecondaryIndex>, HandlerFailure> {
    let read = |index: &Properties| {
        index.only(&[
            "IndexName",
            "KeySchema",
            "Projection",
            "ProvisionedThroughput",
            "OnDemandThroughput",
            "WarmThroughput",
        ])?;
        Ok(GlobalSecondaryIndex {
            index_name: index.required_string("IndexName")?,
            key_schema: key_schema(index)?,
            projection: projection(index)?,
            provisioned_throughput: provisioned(index)?,
            on_demand_throughput: on_demand(index)?,
            warm_throughput: warm(index)?,
        })
    };
    properties.objects("GlobalSecondaryIndexes")?.iter().map(read).collect()
}

fn local_indexes(properties: &Properties) -> Result<Vec<LocalSecondaryIndex>, HandlerFailure> {
    let read = |index: &Properties| {
        index.only(&["IndexName", "KeySchema", "Projection"])?;
        Ok(LocalSecondaryIndex {
            index_name: index.required_string("IndexName")?,
            key_schema: key_schema(index)?,
            projection: projection(index)?,
        })
    };
    properties.objects("LocalSecondaryIndexes")?.iter().map(read).collect()
}

/// `StreamSpecification`: that it is there turns the stream on.
fn stream(properties: &Properties) -> Result<Option<StreamSpecification>, HandlerFailure> {
    let Some(given) = properties.object("StreamSpecification")? else { return Ok(None) };
    given.only(&["StreamViewType", "ResourcePolicy"])?;
    let view_type = required(&given, "StreamViewType")?;
    Ok(Some(StreamSpecification { stream_enabled: true, stream_view_type: Some(view_type) }))
}

fn encryption(properties: &Properties) -> Result<Option<SSESpecification>, HandlerFailure> {
    let Some(given) = properties.object("SSESpecification")? else { return Ok(None) };
    given.only(&["SSEEnabled", "SSEType", "KMSMasterKeyId"])?;
    let enabled = given.boolean("SSEEnabled")?.ok_or_else(|| given.missing("SSEEnabled"))?;
    Ok(Some(SSESpecification {
        enabled: Some(enabled),
        sse_type: choice(&given, "SSEType")?,
        kms_master_key_id: given.string("KMSMasterKeyId")?,
    }))
}

fn none_if_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    if list.is_empty() { None } else { Some(list) }
}

/// The table's creation, without tags.
pub(super) fn create(properties: &Properties, name: &str) -> Result<CreateTable, HandlerFailure> {
    let keys = key_schema(properties)?;
    if keys.is_empty() {
        return Err(properties.missing("KeySchema"));
    }
    // CloudFormation's default is the old one: what is not said is provisioned.
    Ok(CreateTable {
        attribute_definitions: Some(definitions(properties)?),
        table_name: name.to_owned(),
        key_schema: Some(keys),
        local_secondary_indexes: none_if_empty(local_indexes(properties)?),
        global_secondary_indexes: none_if_empty(global_indexes(properties)?),
        billing_mode: choice(properties, "BillingMode")?,
        provisioned_throughput: provisioned(properties)?,
        stream_specification: stream(properties)?,
        sse_specification: encryption(properties)?,
        tags: None,
        table_class: choice(properties, "TableClass")?,
        deletion_protection_enabled: properties.boolean("DeletionProtectionEnabled")?,
        warm_throughput: warm(properties)?,
        resource_policy: None,
        on_demand_throughput: on_demand(properties)?,
        global_table_source_arn: None,
        global_table_settings_replication_mode: None,
    })
}

/// What makes the table as it is into the one that is wanted: one request a change, as the service demands for streams and indexes.
pub(super) fn updates(
    name: &str,
    table: &TableDescription,
    new: &Properties,
) -> Result<Vec<UpdateTable>, HandlerFailure> {
    let request = || UpdateTable { table_name: name.to_owned(), ..UpdateTable::default() };
    let mut updates = Vec::new();
    updates.extend(plain(name, table, new)?);
    let now = table.stream_specification.as_ref().and_then(|stream| stream.stream_view_type);
    let then = stream(new)?.and_then(|stream| stream.stream_view_type);
    if now != then {
        if now.is_some() {
            let off = StreamSpecification { stream_enabled: false, stream_view_type: None };
            updates.push(UpdateTable { stream_specification: Some(off), ..request() });
        }
        if then.is_some() {
            let on = StreamSpecification { stream_enabled: true, stream_view_type: then };
            updates.push(UpdateTable { stream_specification: Some(on), ..request() });
        }
    }
    if let Some(wanted) = encryption(new)? {
        updates.push(UpdateTable { sse_specification: Some(wanted), ..request() });
    } else if table.sse_description.is_some() {
        let off = SSESpecification { enabled: Some(false), ..SSESpecification::default() };
        updates.push(UpdateTable { sse_specification: Some(off), ..request() });
    }
    let definitions = definitions(new)?;
    for update in index_updates(table, new)? {
        updates.push(UpdateTable {
            attribute_definitions: Some(definitions.clone()),
            global_secondary_index_updates: Some(vec![update]),
            ..request()
        });
    }
    Ok(updates)
}

/// Billing, class, protection: what one request changes.
fn plain(
    name: &str,
    table: &TableDescription,
    new: &Properties,
) -> Result<Option<UpdateTable>, HandlerFailure> {
    let mut update = UpdateTable { table_name: name.to_owned(), ..UpdateTable::default() };
    let now = table.billing_mode_summary.as_ref().and_then(|billing| billing.billing_mode);
    let now = now.unwrap_or(BillingMode::Provisioned);
    let then = choice(new, "BillingMode")?.unwrap_or(BillingMode::Provisioned);
    if now != then {
        update.billing_mode = Some(then);
    }
    if then == BillingMode::Provisioned {
        let wanted = provisioned(new)?;
        let there = table.provisioned_throughput.as_ref().map(|there| ProvisionedThroughput {
            read_capacity_units: there.read_capacity_units.unwrap_or(0),
            write_capacity_units: there.write_capacity_units.unwrap_or(0),
        });
        update.provisioned_throughput = wanted.filter(|wanted| now != then || Some(wanted) != there.as_ref());
    }
    let limits = on_demand(new)?;
    if limits != table.on_demand_throughput && then == BillingMode::PayPerRequest {
        let none = OnDemandThroughput { max_read_request_units: Some(-1), max_write_request_units: Some(-1) };
        update.on_demand_throughput = Some(limits.unwrap_or(none));
    }
    update.warm_throughput = warm(new)?;
    let class = choice(new, "TableClass")?.unwrap_or(TableClass::Standard);
    let there = table.table_class_summary.as_ref().and_then(|summary| summary.table_class);
    if there.unwrap_or(TableClass::Standard) != class {
        update.table_class = Some(class);
    }
    let protected = new.boolean("DeletionProtectionEnabled")?.unwrap_or(false);
    if table.deletion_protection_enabled != Some(protected) {
        update.deletion_protection_enabled = Some(protected);
    }
    let nothing = UpdateTable { table_name: name.to_owned(), ..UpdateTable::default() };
    Ok((update != nothing).then_some(update))
}

/// Indexes that go, come or change. One whose keys or projection change goes and comes again.
fn index_updates(
    table: &TableDescription,
    new: &Properties,
) -> Result<Vec<GlobalSecondaryIndexUpdate>, HandlerFailure> {
    let there = table.global_secondary_indexes.clone().unwrap_or_default();
    let wanted = global_indexes(new)?;
    let mut updates = Vec::new();
    let mut again = Vec::new();
    for index in &there {
        let name = index.index_name.clone().unwrap_or_default();
        let same = wanted.iter().find(|wanted| wanted.index_name == name).is_some_and(|wanted| {
            index.key_schema.as_ref() == Some(&wanted.key_schema)
                && index.projection.as_ref() == Some(&wanted.projection)
        });
        if !same {
            again.push(name.clone());
            let delete = Some(DeleteGlobalSecondaryIndexAction { index_name: name });
            updates.push(GlobalSecondaryIndexUpdate { delete, ..GlobalSecondaryIndexUpdate::default() });
        }
    }
    for index in wanted {
        let known = there.iter().find(|known| known.index_name.as_ref() == Some(&index.index_name));
        match known.filter(|_| !again.contains(&index.index_name)) {
            None => {
                let create = CreateGlobalSecondaryIndexAction {
                    index_name: index.index_name,
                    key_schema: index.key_schema,
                    projection: index.projection,
                    provisioned_throughput: index.provisioned_throughput,
                    on_demand_throughput: index.on_demand_throughput,
                    warm_throughput: index.warm_throughput,
                };
                let create = Some(create);
                updates.push(GlobalSecondaryIndexUpdate { create, ..GlobalSecondaryIndexUpdate::default() });
            }
            Some(_)
                if index.provisioned_throughput.is_none()
                    && index.on_demand_throughput.is_none()
                    && index.warm_throughput.is_none() => {}
            Some(_) => {
                let update = Some(UpdateGlobalSecondaryIndexAction {
                    index_name: index.index_name,
                    provisioned_throughput: index.provisioned_throughput,
                    on_demand_throughput: index.on_demand_throughput,
                    warm_throughput: index.warm_throughput,
                });
                updates.push(GlobalSecondaryIndexUpdate { update, ..GlobalSecondaryIndexUpdate::default() });
            }
        }
    }
    Ok(updates)
}
