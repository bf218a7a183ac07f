//! Backups on demand. A backup holds the table's items as they were when it was made; it is whole when it is answered.

use super::create_table::create;
use super::recovery::known;
use super::update_table::fill;
use crate::Dynamodb;
use crate::access::{on_arn, on_table};
use crate::definition;
use crate::encryption;
use crate::reference::{TableReference, check_name};
use crate::refusal::{invalid, validation};
use crate::state::{
    Backup, Encryption, Restored, StoredItem, Table, Throughput, count, key_schema, projection,
};
use crate::tasks::Purge;
use api_dynamodb::{
    BackupDescription, BackupDetails, BackupNotFoundException, BackupStatus, BackupSummary, BackupType,
    BackupTypeFilter, BillingMode, CreateBackup, CreateBackupOutput, DeleteBackup, DeleteBackupOutput,
    DescribeBackup, DescribeBackupOutput, Error, GlobalSecondaryIndexInfo, ListBackups, ListBackupsOutput,
    LocalSecondaryIndexInfo, ProvisionedThroughput, RestoreTableFromBackup, RestoreTableFromBackupOutput,
    SourceTableDetails, SourceTableFeatureDetails, TableAlreadyExistsException,
};
use contract::{Access, Call, Check, Context, Orchestrate, Transact};
use names::Scope;
use std::collections::BTreeMap;
use store::{StoreError, Tx, View};

/// Copies all items under an id to another id.
fn copy_items(scope: Scope, from: &str, to: &Table, id: &str, tx: &mut Tx) -> Result<(), StoreError> {
    let rows = tx.scan::<StoredItem>(scope, (from,)).rows()?;
    for mut row in rows {
        row.table = id.to_owned();
        row.scope = to.scope;
        row.expires = None;
        tx.insert(row)?;
    }
    Ok(())
}

impl Transact<CreateBackup> for Dynamodb {
    fn access(input: &CreateBackup, call: &Call, view: &View) -> Access {
        on_table("CreateBackup", &input.table_name, call, view)
    }

    fn run(input: CreateBackup, call: &Call, tx: &mut Tx) -> Result<CreateBackupOutput, Error> {
        let table = known(tx, call, &input.table_name)?;
        let counted = count(tx, table.scope, &table.id)?;
        let backup = Backup {
            scope: table.scope,
            id: format!("{:014}-{}", call.now.millis(), call.entropy.hex(8)),
            name: input.backup_name,
            created: call.now,
            items: counted.items,
            bytes: counted.bytes,
            table,
        };
        copy_items(backup.scope, &backup.table.id, &backup.table, &backup.items_id(), tx)?;
        let answer = details(&backup, BackupStatus::Available);
        tx.insert(backup)?;
        Ok(CreateBackupOutput { backup_details: Some(answer) })
    }
}

fn details(backup: &Backup, status: BackupStatus) -> BackupDetails {
    BackupDetails {
        backup_arn: backup.arn(),
        backup_name: backup.name.clone(),
        backup_size_bytes: Some(backup.bytes),
        backup_status: status,
        backup_type: BackupType::User,
        backup_creation_date_time: backup.created,
        backup_expiry_date_time: None,
    }
}

fn description(backup: &Backup, status: BackupStatus) -> BackupDescription {
    let table = &backup.table;
    let units = |throughput: &Throughput| ProvisionedThroughput {
        read_capacity_units: throughput.units.read,
        write_capacity_units: throughput.units.write,
    };
    let billing = if table.on_demand_billing { BillingMode::PayPerRequest } else { BillingMode::Provisioned };
    let local = table.indexes.iter().filter(|index| !index.global).map(|index| LocalSecondaryIndexInfo {
        index_name: Some(index.name.clone()),
        key_schema: Some(key_schema(&index.key)),
        projection: Some(projection(&index.projected)),
    });
    let global = table.indexes.iter().filter(|index| index.global).map(|index| GlobalSecondaryIndexInfo {
        index_name: Some(index.name.clone()),
        key_schema: Some(key_schema(&index.key)),
        projection: Some(projection(&index.projected)),
        provisioned_throughput: Some(units(&index.throughput)),
        on_demand_throughput: index.on_demand.as_ref().map(crate::state::on_demand),
    });
    let (local, global): (Vec<_>, Vec<_>) = (local.collect(), global.collect());
    BackupDescription {
        backup_details: Some(details(backup, status)),
        source_table_details: Some(SourceTableDetails {
            table_name: table.name.clone(),
            table_id: table.id.clone(),
            table_arn: Some(table.arn().to_string()),
            table_size_bytes: Some(backup.bytes),
            key_schema: key_schema(&table.key),
            table_creation_date_time: table.created,
            provisioned_throughput: units(&table.throughput),
            on_demand_throughput: table.on_demand.as_ref().map(crate::state::on_demand),
            item_count: Some(backup.items),
            billing_mode: Some(billing),
        }),
        source_table_feature_details: Some(SourceTableFeatureDetails {
            local_secondary_indexes: Some(local).filter(|local| !local.is_empty()),
            global_secondary_indexes: Some(global).filter(|global| !global.is_empty()),
            stream_description: table.stream_specification(),
            time_to_live_description: Some(super::time_to_live::description(table)),
            sse_description: table.sse_description(),
        }),
    }
}

fn not_found(arn: &str) -> Error {
    BackupNotFoundException::new(format!("Backup not found: {arn}")).into()
}

fn backup(view: &View, call: &Call, arn: &str) -> Result<Backup, Error> {
    let (reference, rest) =
        TableReference::read_arn(arn).map_err(|_| validation(format!("Invalid BackupArn: {arn}")))?;
    let id = rest.as_deref().and_then(|rest| rest.strip_prefix("backup/"));
    let id = id.ok_or_else(|| validation(format!("Invalid BackupArn: {arn}")))?;
    if reference.scope != call.scope() {
        return Err(not_found(arn));
    }
    Backup::get(view, reference.scope, &reference.name, id)?.ok_or_else(|| not_found(arn))
}

impl Transact<DescribeBackup> for Dynamodb {
    fn access(input: &DescribeBackup, call: &Call, view: &View) -> Access {
        on_backup("DescribeBackup", &input.backup_arn, call, view)
    }

    fn run(input: DescribeBackup, call: &Call, tx: &mut Tx) -> Result<DescribeBackupOutput, Error> {
        let backup = backup(tx, call, &input.backup_arn)?;
        Ok(DescribeBackupOutput { backup_description: Some(description(&backup, BackupStatus::Available)) })
    }
}

/// A table's own policy and tags say nothing of its backups.
fn on_backup(action: &str, arn: &str, call: &Call, view: &View) -> Access {
    let mut access = on_arn(action, arn, call, view);
    for check in &mut access.checks {
        check.resource_policy = None;
        check.context.clear();
    }
    access
}

impl Transact<DeleteBackup> for Dynamodb {
    fn access(input: &DeleteBackup, call: &Call, view: &View) -> Access {
        on_backup("DeleteBackup", &input.backup_arn, call, view)
    }

    fn run(input: DeleteBackup, call: &Call, tx: &mut Tx) -> Result<DeleteBackupOutput, Error> {
        let backup = backup(tx, call, &input.backup_arn)?;
        Purge::schedule(&backup.items_id(), backup.scope, call.now, tx)?;
        tx.remove::<Backup>(backup.scope, (backup.table.name.as_str(), backup.id.as_str()))?;
        Ok(DeleteBackupOutput { backup_description: Some(description(&backup, BackupStatus::Deleted)) })
    }
}

impl Transact<ListBackups> for Dynamodb {
    fn access(_: &ListBackups, _: &Call, _: &View) -> Access {
        Access::to("dynamodb:ListBackups")
    }

    fn run(input: ListBackups, call: &Call, tx: &mut Tx) -> Result<ListBackupsOutput, Error> {
        let scope = call.scope();
        let limit = input.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(100);
        let mut all = match &input.table_name {
            Some(name) => {
                let reference = TableReference::read(name, scope)?;
                if reference.scope != scope {
                    return Err(validation("Backups are listed in the caller's own account and region"));
                }
                tx.scan::<Backup>(scope, (reference.name.as_str(),)).rows()?
            }
            None => tx.list::<Backup>(scope)?,
        };
        // Only backups that users make exist here.
        if matches!(input.backup_type, Some(BackupTypeFilter::System | BackupTypeFilter::AwsBackup)) {
            all.clear();
        }
        all.retain(|backup| {
            input.time_range_lower_bound.is_none_or(|lower| backup.created >= lower)
                && input.time_range_upper_bound.is_none_or(|upper| backup.created < upper)
        });
        if let Some(start) = &input.exclusive_start_backup_arn {
            let (reference, rest) = TableReference::read_arn(start)?;
            let id =
                rest.as_deref().and_then(|rest| rest.strip_prefix("backup/")).unwrap_or_default().to_owned();
            let after = (reference.name, id);
            all.retain(|backup| (&backup.table.name, &backup.id) > (&after.0, &after.1));
        }
        let more = all.len() > limit;
        all.truncate(limit);
        let last = all.last().filter(|_| more).map(Backup::arn);
        let summaries = all.iter().map(|backup| BackupSummary {
            table_name: Some(backup.table.name.clone()),
            table_id: Some(backup.table.id.clone()),
            table_arn: Some(backup.table.arn().to_string()),
            backup_arn: Some(backup.arn()),
            backup_name: Some(backup.name.clone()),
            backup_creation_date_time: Some(backup.created),
            backup_expiry_date_time: None,
            backup_status: Some(BackupStatus::Available),
            backup_type: Some(BackupType::User),
            backup_size_bytes: Some(backup.bytes),
        });
        Ok(ListBackupsOutput { backup_summaries: Some(summaries.collect()), last_evaluated_backup_arn: last })
    }
}

/// What restoring needs on the new table: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html>
const ON_TARGET: &[&str] = &[
    "RestoreTableFromBackup",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "GetItem",
    "Query",
    "Scan",
    "BatchWriteItem",
];

#[async_trait::async_trait]
impl Orchestrate<RestoreTableFromBackup> for Dynamodb {
    fn access(&self, input: &RestoreTableFromBackup, call: &Call, view: &View) -> Access {
        let mut access = on_backup("RestoreTableFromBackup", &input.backup_arn, call, view);
        let target = TableReference { scope: call.scope(), name: input.target_table_name.clone() };
        for action in ON_TARGET {
            access = access.and(Check::new(format!("dynamodb:{action}"), target.arn()));
        }
        access
    }

    async fn run(
        &self,
        input: RestoreTableFromBackup,
        call: &Call,
        context: &Context,
    ) -> Result<RestoreTableFromBackupOutput, Error> {
        let encryption = match &input.sse_specification_override {
            None => None,
            given => Some(encryption::resolve(given.as_ref(), call, context).await?),
        };
        context
            .transact(call, |call, tx| {
                check_name(&input.target_table_name)?;
                let backup = backup(tx, call, &input.backup_arn)?;
                if Table::get(tx, call.scope(), &input.target_table_name)?.is_some() {
                    return Err(TableAlreadyExistsException::new(format!(
                        "Table already exists: {}",
                        input.target_table_name
                    ))
                    .into());
                }
                let mut table = restored(&backup, &input, encryption.clone(), call)?;
                create(&mut table, None, call, tx)?;
                copy_items(call.scope(), &backup.items_id(), &table, &table.id, tx)?;
                for index in &table.indexes {
                    fill(&table, index, tx)?;
                }
                let description = table.description(tx, true)?;
                Ok(RestoreTableFromBackupOutput { table_description: Some(description) })
            })
            .await
    }
}

/// The table as it is restored: without stream, time to live, recovery, tags and policies, which AWS does not restore either.
fn restored(
    backup: &Backup,
    input: &RestoreTableFromBackup,
    encryption: Option<Option<Encryption>>,
    call: &Call,
) -> Result<Table, Error> {
    let mut table = backup.table.clone();
    let source_arn = table.arn().to_string();
    table.name.clone_from(&input.target_table_name);
    table.scope = call.scope();
    table.id = call.entropy.uuid();
    table.created = call.now;
    table.stream = None;
    table.latest_stream = None;
    table.time_to_live = None;
    table.recovery = None;
    table.deletion_protection = false;
    table.tags.clear();
    table.policies = BTreeMap::new();
    table.restored = Some(Restored { backup_arn: backup.arn(), table_arn: source_arn, at: call.now });
    if let Some(encryption) = encryption {
        table.encryption = encryption;
    }
    if let Some(mode) = input.billing_mode_override {
        table.on_demand_billing = mode == BillingMode::PayPerRequest;
        table.on_demand_since = table.on_demand_billing.then_some(call.now);
        if table.on_demand_billing {
            table.throughput = Throughput::default();
            table.indexes.iter_mut().for_each(|index| index.throughput = Throughput::default());
        }
    }
    if input.provisioned_throughput_override.is_some()
        || (!table.on_demand_billing && table.throughput.units.read == 0)
    {
        let given = input.provisioned_throughput_override.as_ref();
        table.throughput.units = definition::provisioned(given, table.on_demand_billing)?;
    }
    if let Some(on_demand) = definition::on_demand(input.on_demand_throughput_override.as_ref())? {
        if !table.on_demand_billing {
            return Err(invalid("OnDemandThroughput cannot be specified when BillingMode is PROVISIONED"));
        }
        table.on_demand = Some(on_demand);
    }
    if let Some(given) = &input.local_secondary_index_override {
        let wanted = given.iter().map(definition::local).collect::<Result<Vec<_>, Error>>()?;
        table.indexes.retain(|index| index.global);
        table.indexes.extend(wanted);
    }
    if let Some(given) = &input.global_secondary_index_override {
        let billing = table.on_demand_billing;
        let wanted = given
            .iter()
            .map(|index| definition::global(index, billing))
            .collect::<Result<Vec<_>, Error>>()?;
        table.indexes.retain(|index| !index.global);
        table.indexes.extend(wanted);
    }
    for index in table.indexes.iter().filter(|index| input_overrides(input, index.global)) {
        if !backup.table.indexes.iter().any(|known| known.name == index.name && known.key == index.key) {
            return Err(invalid(format!(
                "Indexes of a restored table must be among those of the backup: {}",
                index.name
            )));
        }
    }
    let Table { key, indexes, attributes, .. } = &mut table;
    attributes.retain(|(name, _)| key.has(name) || indexes.iter().any(|index| index.key.has(name)));
    definition::check_whole(&table.attributes, &table.key, &table.indexes)?;
    Ok(table)
}

fn input_overrides(input: &RestoreTableFromBackup, global: bool) -> bool {
    if global {
        input.global_secondary_index_override.is_some()
    } else {
        input.local_secondary_index_override.is_some()
    }
}
