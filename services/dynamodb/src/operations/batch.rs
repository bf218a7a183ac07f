//! Several items in one request, each on its own.

use super::items::{collection, projection, read_keys};
use crate::Dynamodb;
use crate::access::{self, leading_keys, parameter};
use crate::capacity::{Direction, Usage, read_units};
use crate::checks;
use crate::plan::{Change, Plan, table};
use crate::refusal::validation;
use crate::state::StoredItem;
use crate::value::{Wire, item_into, item_size};
use api_dynamodb::{
    BatchGetItem, BatchGetItemOutput, BatchWriteItem, BatchWriteItemOutput, Error, KeysAndAttributes,
};
use contract::{Access, Call, Check, Transact};
use std::collections::{BTreeMap, BTreeSet};
use store::{Tx, View};

/// The most that one BatchGetItem answers; the rest is left unprocessed.
const ANSWER: usize = 16 << 20;

impl Transact<BatchGetItem> for Dynamodb {
    fn access(input: &BatchGetItem, call: &Call, view: &View) -> Access {
        let check = |(name, wanted): (&String, &KeysAndAttributes)| {
            access::check("BatchGetItem", name, None, call, view, |table| {
                let mut keys = leading_keys(&table.key.hash, &wanted.keys);
                keys.extend(read_keys(
                    table,
                    wanted.projection_expression.as_deref(),
                    wanted.attributes_to_get.as_deref(),
                    &[],
                    wanted.expression_attribute_names.as_ref(),
                ));
                let capacity = input.return_consumed_capacity.map(|value| value.as_str());
                keys.extend(parameter("ReturnConsumedCapacity", capacity));
                keys
            })
        };
        all(input.request_items.iter().map(check), "BatchGetItem")
    }

    fn run(input: BatchGetItem, call: &Call, tx: &mut Tx) -> Result<BatchGetItemOutput, Error> {
        let count: usize = input.request_items.values().map(|wanted| wanted.keys.len()).sum();
        if count > 100 {
            return Err(validation("Too many items requested for the BatchGetItem call"));
        }
        let mut responses = BTreeMap::new();
        let mut unprocessed = BTreeMap::new();
        let mut capacities = Vec::new();
        let mut answered = 0;
        for (name, wanted) in input.request_items {
            let projection = projection(
                wanted.projection_expression.as_deref(),
                wanted.attributes_to_get.clone(),
                wanted.expression_attribute_names.clone(),
            )
            .map_err(validation)?;
            let table = table(tx, call, &name)?;
            let mut seen = BTreeSet::new();
            let mut found = Vec::new();
            let mut left = Vec::new();
            let mut usage = Usage::default();
            for wire in &wanted.keys {
                let (_, key) = checks::key(&table, wire.clone()).map_err(validation)?;
                if !seen.insert((key.hash.clone(), key.range.clone())) {
                    return Err(validation("Provided list of item keys contains duplicates"));
                }
                if answered > ANSWER {
                    left.push(wire.clone());
                    continue;
                }
                let row = StoredItem::get(tx, table.scope, &table.id, &key)?;
                let item = row.map(|row| row.item()).transpose()?;
                let size = item.as_ref().map_or(0, item_size);
                usage.table += read_units(size, wanted.consistent_read == Some(true));
                answered += size;
                if let Some(item) = item {
                    found.push(item_into(
                        projection.as_ref().map_or_else(|| item.clone(), |it| it.apply(&item)),
                    ));
                }
            }
            if !left.is_empty() {
                unprocessed.insert(name.clone(), KeysAndAttributes { keys: left, ..wanted });
            }
            capacities.extend(usage.tell(Direction::Read, input.return_consumed_capacity, &table, call, tx));
            responses.insert(name, found);
        }
        Ok(BatchGetItemOutput {
            responses: Some(responses),
            unprocessed_keys: Some(unprocessed),
            consumed_capacity: Some(capacities).filter(|capacities| !capacities.is_empty()),
        })
    }
}

/// All checks; a request without any needs the action all the same.
fn all(checks: impl Iterator<Item = Check>, action: &str) -> Access {
    let checks: Vec<Check> = checks.collect();
    if checks.is_empty() {
        return Access::to(format!("dynamodb:{action}"));
    }
    Access { checks, unconditional: false }
}

impl Transact<BatchWriteItem> for Dynamodb {
    fn access(input: &BatchWriteItem, call: &Call, view: &View) -> Access {
        let checks = input.request_items.iter().map(|(name, writes)| {
            access::check("BatchWriteItem", name, None, call, view, |table| {
                let wires = || {
                    writes.iter().flat_map(|write| {
                        let put = write.put_request.iter().map(|put| &put.item);
                        put.chain(write.delete_request.iter().map(|delete| &delete.key))
                    })
                };
                let mut keys = leading_keys(&table.key.hash, wires());
                keys.extend(access::attributes(wires().flat_map(|wire: &Wire| wire.keys().cloned())));
                let capacity = input.return_consumed_capacity.map(|value| value.as_str());
                keys.extend(parameter("ReturnConsumedCapacity", capacity));
                keys
            })
        });
        all(checks, "BatchWriteItem")
    }

    fn run(input: BatchWriteItem, call: &Call, tx: &mut Tx) -> Result<BatchWriteItemOutput, Error> {
        let count: usize = input.request_items.values().map(Vec::len).sum();
        if count > 25 {
            return Err(validation("Too many items requested for the BatchWriteItem call"));
        }
        let mut capacities = Vec::new();
        let mut metrics = BTreeMap::new();
        for (name, writes) in input.request_items {
            let table = table(tx, call, &name)?;
            let mut seen = BTreeSet::new();
            let mut usage = Usage::default();
            for write in writes {
                let plan = match (write.put_request, write.delete_request) {
                    (Some(put), None) => Plan::put(&table, put.item),
                    (None, Some(delete)) => Plan::on_key(&table, delete.key, Change::Delete),
                    (None, None) => Err(
                        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                            .into(),
                    ),
                    (Some(_), Some(_)) => Err(
                        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
                            .into(),
                    ),
                };
                let plan = plan.map_err(validation)?;
                if !seen.insert((plan.key.hash.clone(), plan.key.range.clone())) {
                    return Err(validation("Provided list of item keys contains duplicates"));
                }
                let collection = collection(input.return_item_collection_metrics, &table, &plan.key_item);
                metrics.entry(name.clone()).or_insert_with(Vec::new).extend(collection);
                usage.add(&plan.carry_out(&table, call, tx)?.usage);
            }
            capacities.extend(usage.tell(Direction::Write, input.return_consumed_capacity, &table, call, tx));
        }
        metrics.retain(|_, metrics| !metrics.is_empty());
        Ok(BatchWriteItemOutput {
            unprocessed_items: Some(BTreeMap::new()),
            item_collection_metrics: Some(metrics).filter(|metrics| !metrics.is_empty()),
            consumed_capacity: Some(capacities).filter(|capacities| !capacities.is_empty()),
        })
    }
}
