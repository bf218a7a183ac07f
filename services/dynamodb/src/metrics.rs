//! The metrics of tables, as CloudWatch has them in `AWS/DynamoDB` (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html>).
//!
//! As on AWS nothing is measured that is zero. What a table consumes is that of its items and local indexes; global indexes have series of their own.
//! Nothing is throttled here, so nothing measures that. `UserErrors` and `SuccessfulRequestLatency` are not measured: operations know neither which
//! calls were refused before them nor how long they take.

use crate::capacity::{Direction, Usage};
use crate::state::{Stream, Table};
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use store::{Measurement, StoreError, Tx, whole};

/// How often provisioned units are reported.
const PROVISIONED: i64 = 300_000;

fn measured(scope: Scope, table: &str, at: Timestamp, name: &'static str, value: f64) -> Measurement {
    Measurement::new(scope, at, "AWS/DynamoDB", name, value).unit("Count").dimension("TableName", table)
}

/// What a call consumed of a table.
pub(crate) fn consumed(usage: &Usage, direction: Direction, table: &Table, now: Timestamp, tx: &mut Tx) {
    if !tx.is_measured() {
        return;
    }
    let name = match direction {
        Direction::Read => "ConsumedReadCapacityUnits",
        Direction::Write => "ConsumedWriteCapacityUnits",
    };
    let is_global = |name: &str| table.index(name).is_some_and(|index| index.global);
    let local = usage.indexes.iter().filter(|(name, _)| !is_global(name)).map(|(_, units)| units);
    let own = usage.table + local.sum::<f64>();
    if own > 0.0 {
        tx.measure(|| measured(table.scope, &table.name, now, name, own));
    }
    for (index, units) in usage.indexes.iter().filter(|(name, units)| is_global(name) && **units > 0.0) {
        tx.measure(|| {
            measured(table.scope, &table.name, now, name, *units)
                .dimension("GlobalSecondaryIndexName", &**index)
        });
    }
}

/// A write whose condition did not hold, of an item that would have cost so many units: it costs them all the same.
pub(crate) fn condition_failed(units: f64, table: &Table, now: Timestamp, tx: &mut Tx) {
    let name = "ConditionalCheckFailedRequests";
    tx.measure_refusal(|| measured(table.scope, &table.name, now, name, 1.0));
    tx.measure_refusal(|| measured(table.scope, &table.name, now, "ConsumedWriteCapacityUnits", units));
}

/// Items that Query or Scan answered.
pub(crate) fn returned(operation: &'static str, count: usize, table: &Table, now: Timestamp, tx: &mut Tx) {
    if count > 0 {
        tx.measure(|| {
            measured(table.scope, &table.name, now, "ReturnedItemCount", whole(count))
                .dimension("Operation", operation)
        });
    }
}

/// Records that GetRecords answered, and their bytes.
pub(crate) fn returned_records(count: usize, bytes: u64, stream: &Stream, now: Timestamp, tx: &mut Tx) {
    if count == 0 {
        return;
    }
    for (name, unit, value) in
        [("ReturnedRecordsCount", "Count", whole(count)), ("ReturnedBytes", "Bytes", whole(bytes))]
    {
        tx.measure(|| {
            measured(stream.scope, &stream.table, now, name, value)
                .unit(unit)
                .dimension("Operation", "GetRecords")
                .dimension("StreamLabel", &*stream.label)
        });
    }
}

/// Items that time to live removed.
pub(crate) fn expired(count: usize, table: &Table, now: Timestamp, tx: &mut Tx) {
    if count > 0 {
        tx.measure(|| measured(table.scope, &table.name, now, "TimeToLiveDeletedItemCount", whole(count)));
    }
}

/// Reports every five minutes what is provisioned. It has no tasks.
pub(crate) struct Provisioned;

#[async_trait::async_trait]
impl TaskHandler for Provisioned {
    fn kind(&self) -> &'static str {
        "dynamodb-provisioned"
    }

    async fn perform(&self, _: &Task, _: &Context) -> Outcome {
        Outcome::done()
    }

    async fn attend(&self, context: &Context) {
        loop {
            let next = context.clock.now().millis().div_euclid(PROVISIONED).saturating_add(1);
            context.clock.sleep_until(Timestamp::from_millis(next.saturating_mul(PROVISIONED))).await;
            if !context.store.is_measured() {
                continue;
            }
            if let Err(error) = report(context) {
                tracing::error!(%error, "what tables have provisioned cannot be measured; it will be tried again in five minutes");
            }
        }
    }
}

fn report(context: &Context) -> Result<(), StoreError> {
    let now = context.clock.now();
    let tables = context.store.view().list_all::<Table>()?;
    for table in tables.iter().filter(|table| !table.on_demand_billing) {
        let global = table.indexes.iter().filter(|index| index.global);
        let of_indexes = global.map(|index| (Some(&index.name), index.throughput.units));
        for (index, units) in std::iter::once((None, table.throughput.units)).chain(of_indexes) {
            for (name, value) in
                [("ProvisionedReadCapacityUnits", units.read), ("ProvisionedWriteCapacityUnits", units.write)]
            {
                let measurement = measured(table.scope, &table.name, now, name, whole(value));
                context.store.measure(match index {
                    Some(index) => measurement.dimension("GlobalSecondaryIndexName", &**index),
                    None => measurement,
                });
            }
        }
    }
    Ok(())
}
