//! CreateTable.

use crate::Dynamodb;
use crate::access::{IntoAccess, Keys, check};
use crate::definition;
use crate::encryption;
use crate::operations::policies;
use crate::reference::TableReference;
use crate::refusal::{in_use, invalid, not_built, validation};
use crate::state::{Encryption, StoredPolicy, Table, Throughput};
use crate::tags;
use crate::writing::start_stream;
use api_dynamodb::{BillingMode, CreateTable, CreateTableOutput, Error, TableClass};
use contract::{Access, Call, Context, Orchestrate};
use names::Tags;
use std::collections::BTreeMap;
use store::{Tx, View};

/// Tables of an account in a region: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
const TABLES: usize = 2500;

#[async_trait::async_trait]
impl Orchestrate<CreateTable> for Dynamodb {
    fn access(&self, input: &CreateTable, call: &Call, view: &View) -> Access {
        let name = &input.table_name;
        let need = |action: &str| check(action, name, None, call, view, |_| Keys::new());
        let mut access = need("CreateTable").into_access();
        let tags = input.tags.as_deref().unwrap_or_default();
        if !tags.is_empty() {
            access = access.and(need("TagResource"));
        }
        if input.resource_policy.is_some() {
            access = access.and(need("PutResourcePolicy"));
        }
        access.with_request_tags(tags::pairs(tags))
    }

    async fn run(
        &self,
        input: CreateTable,
        call: &Call,
        context: &Context,
    ) -> Result<CreateTableOutput, Error> {
        let encryption = encryption::resolve(input.sse_specification.as_ref(), call, context).await?;
        context
            .transact(call, |call, tx| {
                let (mut table, view_type) = define(input.clone(), encryption.clone(), call)?;
                if let Some(policy) = &input.resource_policy {
                    policies::check(policy)?;
                    let stored = StoredPolicy { text: policy.clone(), revision: policies::revision(call) };
                    table.policies.insert(String::new(), stored);
                }
                create(&mut table, view_type.as_deref(), call, tx)?;
                let description = table.description(tx, false)?;
                Ok(CreateTableOutput { table_description: Some(description) })
            })
            .await
    }
}

/// Makes a table whose definition is checked.
pub(super) fn create(table: &mut Table, stream: Option<&str>, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    if Table::get(tx, table.scope, &table.name)?.is_some() {
        return Err(in_use(format!("Table already exists: {}", table.name)));
    }
    check_quota(call, tx)?;
    if let Some(view_type) = stream {
        start_stream(table, view_type, call, tx)?;
    }
    tx.insert(table.clone())?;
    Ok(())
}

/// Whether the account may have another table; a count of its own, since it reads all of them.
fn check_quota(call: &Call, tx: &Tx) -> Result<(), Error> {
    if tx.scan::<Table>(call.scope(), ()).limit(TABLES).count()? >= TABLES {
        return Err(api_dynamodb::LimitExceededException::new(format!(
            "Subscriber limit exceeded: There is a limit of {TABLES} tables per subscriber"
        ))
        .into());
    }
    Ok(())
}

/// The table that a request describes, and its stream's view type.
fn define(
    input: CreateTable,
    encryption: Option<Encryption>,
    call: &Call,
) -> Result<(Table, Option<String>), Error> {
    if input.global_table_source_arn.is_some() || input.global_table_settings_replication_mode.is_some() {
        return Err(not_built("Global tables are"));
    }
    let reference = TableReference::read(&input.table_name, call.scope())?;
    if reference.scope != call.scope() {
        return Err(validation("A table is created in the caller's own account and region"));
    }
    let missing = |name: &str| {
        validation(format!(
            "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
        ))
    };
    let attributes =
        definition::attributes(&input.attribute_definitions.ok_or_else(|| missing("attributeDefinitions"))?)?;
    let key = definition::key_schema(&input.key_schema.ok_or_else(|| missing("keySchema"))?)?;
    let on_demand_billing = input.billing_mode == Some(BillingMode::PayPerRequest);
    let units = definition::provisioned(input.provisioned_throughput.as_ref(), on_demand_billing)?;
    let mut indexes = Vec::new();
    for (name, empty) in [
        ("LocalSecondaryIndexes", input.local_secondary_indexes.as_ref().is_some_and(Vec::is_empty)),
        ("GlobalSecondaryIndexes", input.global_secondary_indexes.as_ref().is_some_and(Vec::is_empty)),
    ] {
        if empty {
            return Err(invalid(format!("List of {name} is empty")));
        }
    }
    for given in input.local_secondary_indexes.unwrap_or_default() {
        indexes.push(definition::local(&given)?);
    }
    for given in input.global_secondary_indexes.unwrap_or_default() {
        indexes.push(definition::global(&given, on_demand_billing)?);
    }
    definition::check_whole(&attributes, &key, &indexes)?;
    let on_demand = definition::on_demand(input.on_demand_throughput.as_ref())?;
    if on_demand.is_some() && !on_demand_billing {
        return Err(invalid("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED"));
    }
    let stream = stream_type(input.stream_specification.as_ref())?;
    let mut tags = Tags::new();
    tags::add(&mut tags, input.tags.unwrap_or_default(), call)?;
    let table = Table {
        scope: reference.scope,
        name: reference.name,
        id: call.entropy.uuid(),
        created: call.now,
        attributes,
        key,
        indexes,
        on_demand_billing,
        on_demand_since: on_demand_billing.then_some(call.now),
        throughput: Throughput { units, ..Throughput::default() },
        on_demand,
        warm: definition::warm(input.warm_throughput.as_ref())?,
        stream: None,
        latest_stream: None,
        encryption,
        infrequent_access: input.table_class.map(|class| class == TableClass::StandardInfrequentAccess),
        class_changed: None,
        deletion_protection: input.deletion_protection_enabled == Some(true),
        time_to_live: None,
        recovery: None,
        tags,
        policies: BTreeMap::new(),
        restored: None,
    };
    Ok((table, stream))
}

/// The view type of a stream that shall be on; None where there shall be none.
pub(super) fn stream_type(
    given: Option<&api_dynamodb::StreamSpecification>,
) -> Result<Option<String>, Error> {
    match given {
        None => Ok(None),
        Some(given) => match (given.stream_enabled, given.stream_view_type) {
            (true, Some(view_type)) => Ok(Some(view_type.as_str().to_owned())),
            (true, None) => Err(invalid("StreamViewType is required when StreamEnabled is true")),
            (false, None) => Ok(None),
            (false, Some(_)) => {
                Err(invalid("StreamViewType cannot be specified when StreamEnabled is false"))
            }
        },
    }
}
