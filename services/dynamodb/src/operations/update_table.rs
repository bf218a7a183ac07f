//! UpdateTable. Every change is complete when it is answered: an index is filled in the same transaction.

use super::tables::known;
use crate::Dynamodb;
use crate::access::{IntoAccess, Keys, check};
use crate::definition;
use crate::encryption;
use crate::refusal::{in_use, invalid, not_built, validation};
use crate::state::{Encryption, Index, StoredItem, Table, Throughput, Units, primary};
use crate::writing::{end_stream, index_key, index_row, start_stream};
use api_dynamodb::{
    BillingMode, CreateGlobalSecondaryIndexAction, Error, GlobalSecondaryIndex, GlobalSecondaryIndexUpdate,
    ResourceNotFoundException, TableClass, UpdateTable, UpdateTableOutput,
};
use contract::{Access, Call, Context, Orchestrate};
use names::Timestamp;
use std::ops::ControlFlow;
use store::{StoreError, Tx, View};

#[async_trait::async_trait]
impl Orchestrate<UpdateTable> for Dynamodb {
    fn access(&self, input: &UpdateTable, call: &Call, view: &View) -> Access {
        check("UpdateTable", &input.table_name, None, call, view, |_| Keys::new()).into_access()
    }

    async fn run(
        &self,
        input: UpdateTable,
        call: &Call,
        context: &Context,
    ) -> Result<UpdateTableOutput, Error> {
        let encryption = match &input.sse_specification {
            None => None,
            given => Some(encryption::resolve(given.as_ref(), call, context).await?),
        };
        context
            .transact(call, |call, tx| {
                let mut table = known(tx, call, &input.table_name)?;
                let before = table.clone();
                update(&mut table, &input, encryption.clone(), call, tx)?;
                if table == before && nothing(&input) {
                    return Err(validation(
                        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
                    ));
                }
                let description = table.description(tx, false)?;
                tx.put(table)?;
                Ok(UpdateTableOutput { table_description: Some(description) })
            })
            .await
    }
}

fn nothing(input: &UpdateTable) -> bool {
    *input
        == UpdateTable {
            table_name: input.table_name.clone(),
            attribute_definitions: input.attribute_definitions.clone(),
            ..UpdateTable::default()
        }
}

fn update(
    table: &mut Table,
    input: &UpdateTable,
    encryption: Option<Option<Encryption>>,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), Error> {
    if input.replica_updates.is_some()
        || input.multi_region_consistency.is_some()
        || input.global_table_witness_updates.is_some()
        || input.global_table_settings_replication_mode.is_some()
    {
        return Err(not_built("Global tables are"));
    }
    billing(table, input, call)?;
    if let Some(on_demand) = &input.on_demand_throughput {
        if !table.on_demand_billing {
            return Err(invalid("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED"));
        }
        table.on_demand = definition::on_demand(Some(on_demand))?;
    }
    if let Some(warm) = definition::warm(input.warm_throughput.as_ref())? {
        table.warm = Some(warm);
    }
    if let Some(encryption) = encryption {
        table.encryption = encryption;
    }
    if let Some(class) = input.table_class {
        let infrequent = class == TableClass::StandardInfrequentAccess;
        if table.infrequent_access.unwrap_or(false) != infrequent {
            table.class_changed = Some(call.now);
        }
        table.infrequent_access = Some(infrequent);
    }
    if let Some(protected) = input.deletion_protection_enabled {
        table.deletion_protection = protected;
    }
    if let Some(specification) = &input.stream_specification {
        match (super::create_table::stream_type(Some(specification))?, table.stream.is_some()) {
            (Some(_), true) => {
                return Err(validation(format!(
                    "Table already has an enabled stream: TableName: {}",
                    table.name
                )));
            }
            (Some(view_type), false) => start_stream(table, &view_type, call, tx)?,
            (None, true) => end_stream(table, call, tx)?,
            (None, false) => {
                return Err(validation(format!(
                    "Table stream is already disabled: TableName: {}",
                    table.name
                )));
            }
        }
    }
    if let Some(definitions) = &input.attribute_definitions {
        for (name, key_type) in definition::attributes(definitions)? {
            match table.key_type(&name) {
                Some(known) if known != key_type => {
                    return Err(invalid(format!(
                        "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: key{{{name}:{}:}}] New schema: Schema:[SchemaElement: key{{{name}:{}:}}]",
                        known.text(),
                        key_type.text()
                    )));
                }
                Some(_) => {}
                None => table.attributes.push((name, key_type)),
            }
        }
    }
    indexes(table, input.global_secondary_index_updates.as_deref().unwrap_or_default(), call, tx)?;
    // Definitions that no key uses any more go with the index that used them.
    let Table { key, indexes, attributes, .. } = table;
    attributes.retain(|(name, _)| key.has(name) || indexes.iter().any(|index| index.key.has(name)));
    definition::check_whole(&table.attributes, &table.key, &table.indexes)
}

fn billing(table: &mut Table, input: &UpdateTable, call: &Call) -> Result<(), Error> {
    match input.billing_mode {
        Some(BillingMode::PayPerRequest) if !table.on_demand_billing => {
            table.on_demand_billing = true;
            table.on_demand_since = Some(call.now);
            table.throughput = Throughput::default();
            table.indexes.iter_mut().for_each(|index| index.throughput = Throughput::default());
        }
        Some(BillingMode::Provisioned) if table.on_demand_billing => {
            table.on_demand_billing = false;
            table.on_demand = None;
            let units = definition::provisioned(input.provisioned_throughput.as_ref(), false)?;
            table.throughput.units = units;
            // AWS wants throughput for each global index; what is not given is as the table's.
            for index in table.indexes.iter_mut().filter(|index| index.global) {
                index.throughput.units = units;
            }
            return Ok(());
        }
        _ => {}
    }
    if let Some(given) = &input.provisioned_throughput {
        let units = definition::provisioned(Some(given), table.on_demand_billing)?;
        if units == table.throughput.units && input.billing_mode.is_none() && !table.on_demand_billing {
            return Err(validation(format!(
                "The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: {}. Requested ReadCapacityUnits: {}. Current WriteCapacityUnits provisioned for the table: {}. Requested WriteCapacityUnits: {}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.",
                units.read, units.read, units.write, units.write
            )));
        }
        change_units(&mut table.throughput, units, call.now);
    }
    Ok(())
}

fn change_units(throughput: &mut Throughput, units: Units, now: Timestamp) {
    let Throughput { units: before, .. } = *throughput;
    if units.read > before.read || units.write > before.write {
        throughput.increased = Some(now);
    }
    if units.read < before.read || units.write < before.write {
        throughput.decreased = Some(now);
    }
    throughput.units = units;
}

fn indexes(
    table: &mut Table,
    updates: &[GlobalSecondaryIndexUpdate],
    call: &Call,
    tx: &mut Tx,
) -> Result<(), Error> {
    let changes = updates.iter().filter(|update| update.create.is_some() || update.delete.is_some());
    if changes.count() > 1 {
        return Err(api_dynamodb::LimitExceededException::new(
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
        )
        .into());
    }
    for update in updates {
        match (&update.create, &update.update, &update.delete) {
            (Some(create), None, None) => create_index(table, create, tx)?,
            (None, Some(change), None) => {
                let billing = table.on_demand_billing;
                let index = global(table, &change.index_name)?;
                if let Some(given) = &change.provisioned_throughput {
                    let units = definition::provisioned(Some(given), billing)?;
                    change_units(&mut index.throughput, units, call.now);
                }
                if let Some(on_demand) = &change.on_demand_throughput {
                    index.on_demand = definition::on_demand(Some(on_demand))?;
                }
                if let Some(warm) = definition::warm(change.warm_throughput.as_ref())? {
                    index.warm = Some(warm);
                }
            }
            (None, None, Some(delete)) => {
                let id = global(table, &delete.index_name)?.clone().id(table);
                table.indexes.retain(|index| index.name != delete.index_name);
                // At once, and not in the background: an index of the same name, which is made next, has the same id.
                purge_now(table, &id, tx)?;
            }
            _ => {
                return Err(invalid(
                    "Exactly one of Create, Update and Delete must be given in a GlobalSecondaryIndexUpdate",
                ));
            }
        }
    }
    Ok(())
}

fn global<'t>(table: &'t mut Table, name: &str) -> Result<&'t mut Index, Error> {
    let found = table.indexes.iter_mut().find(|index| index.global && index.name == name);
    found.ok_or_else(|| {
        ResourceNotFoundException::new("Requested resource not found: the table has no such global index")
            .into()
    })
}

fn purge_now(table: &Table, id: &str, tx: &mut Tx) -> Result<(), StoreError> {
    use store::Row as _;
    let rows = tx.scan::<crate::state::IndexItem>(table.scope, (id,)).rows()?;
    for row in rows {
        tx.remove::<crate::state::IndexItem>(table.scope, row.key())?;
    }
    Ok(())
}

fn create_index(
    table: &mut Table,
    create: &CreateGlobalSecondaryIndexAction,
    tx: &mut Tx,
) -> Result<(), Error> {
    if table.index(&create.index_name).is_some() {
        return Err(in_use(format!(
            "Attempting to create an index which already exists: {}",
            create.index_name
        )));
    }
    let given = GlobalSecondaryIndex {
        index_name: create.index_name.clone(),
        key_schema: create.key_schema.clone(),
        projection: create.projection.clone(),
        provisioned_throughput: create.provisioned_throughput.clone(),
        on_demand_throughput: create.on_demand_throughput.clone(),
        warm_throughput: create.warm_throughput.clone(),
    };
    table.indexes.push(definition::global(&given, table.on_demand_billing)?);
    definition::check_whole(&table.attributes, &table.key, &table.indexes)?;
    if let Some(index) = table.indexes.last() {
        fill(table, index, tx)?;
    }
    Ok(())
}

/// Copies the items that are there into an index.
pub(super) fn fill(table: &Table, index: &Index, tx: &mut Tx) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    let mut failure = None;
    tx.scan::<StoredItem>(table.scope, (table.id.as_str(),)).each(|row| match row.item() {
        Ok(item) => {
            if let Some(key) = index_key(table, index, &item) {
                let copy = index.copy(table, &item);
                rows.push(index_row(table, index.id(table), &key, primary(&row.key_bytes()), &copy));
            }
            ControlFlow::Continue(())
        }
        Err(error) => {
            failure = Some(error);
            ControlFlow::Break(())
        }
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    rows.into_iter().try_for_each(|row| tx.put(row))
}
