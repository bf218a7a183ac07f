//! One item: get, put, update, delete.

use crate::Dynamodb;
use crate::access::{self, IntoAccess, Keys, attributes, leading_keys, parameter};
use crate::capacity::{Direction, Usage, read_units};
use crate::expression::{Placeholders, Projection, attributes_named};
use crate::legacy;
use crate::metrics;
use crate::plan::{Change, Done, Failure, Plan, expressions, table};
use crate::refusal::validation;
use crate::state::{StoredItem, Table};
use crate::value::{Item, item_into, item_size};
use crate::{checks, plan};
use api_dynamodb::{
    DeleteItem, DeleteItemOutput, Error, GetItem, GetItemOutput, ItemCollectionMetrics, PutItem,
    PutItemOutput, ReturnItemCollectionMetrics, ReturnValue, ReturnValuesOnConditionCheckFailure, UpdateItem,
    UpdateItemOutput,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<GetItem> for Dynamodb {
    fn access(input: &GetItem, call: &Call, view: &View) -> Access {
        access::check("GetItem", &input.table_name, None, call, view, |table| {
            let mut keys = leading_keys(&table.key.hash, [&input.key]);
            let names = input.expression_attribute_names.as_ref();
            keys.extend(read_keys(
                table,
                input.projection_expression.as_deref(),
                input.attributes_to_get.as_deref(),
                &[],
                names,
            ));
            keys.extend(parameter(
                "ReturnConsumedCapacity",
                input.return_consumed_capacity.map(|value| value.as_str()),
            ));
            keys
        })
        .into_access()
    }

    fn run(input: GetItem, call: &Call, tx: &mut Tx) -> Result<GetItemOutput, Error> {
        let projection = projection(
            input.projection_expression.as_deref(),
            input.attributes_to_get,
            input.expression_attribute_names,
        )
        .map_err(validation)?;
        let table = table(tx, call, &input.table_name)?;
        let (_, key) = checks::key(&table, input.key).map_err(validation)?;
        let row = StoredItem::get(tx, table.scope, &table.id, &key)?;
        let item = row.map(|row| row.item()).transpose()?;
        let size = item.as_ref().map_or(0, item_size);
        let usage =
            Usage { table: read_units(size, input.consistent_read == Some(true)), ..Usage::default() };
        let item = item.map(|item| projection.as_ref().map_or_else(|| item.clone(), |it| it.apply(&item)));
        Ok(GetItemOutput {
            item: item.map(item_into),
            consumed_capacity: usage.tell(Direction::Read, input.return_consumed_capacity, &table, call, tx),
        })
    }
}

/// `dynamodb:Attributes` and `dynamodb:Select` of a read of one item.
pub(super) fn read_keys(
    table: &Table,
    projection: Option<&str>,
    attributes_to_get: Option<&[String]>,
    others: &[&str],
    names: Option<&BTreeMap<String, String>>,
) -> Keys {
    let mut named: Vec<String> = others.iter().flat_map(|text| attributes_named(text, names)).collect();
    named.extend(projection.into_iter().flat_map(|text| attributes_named(text, names)));
    named.extend(attributes_to_get.unwrap_or_default().iter().cloned());
    let specific = projection.is_some() || attributes_to_get.is_some();
    named.extend(table.key.names().map(str::to_owned));
    let mut keys = attributes(named);
    let select = if specific { "SPECIFIC_ATTRIBUTES" } else { "ALL_ATTRIBUTES" };
    keys.push(("dynamodb:Select".into(), vec![select.into()]));
    keys
}

/// What a read answers of an item; None for all of it.
pub(super) fn projection(
    expression: Option<&str>,
    attributes_to_get: Option<Vec<String>>,
    names: Option<BTreeMap<String, String>>,
) -> Result<Option<Projection>, String> {
    legacy::not_both(
        &[("AttributesToGet", attributes_to_get.is_some())],
        &[("ProjectionExpression", expression.is_some())],
    )?;
    let mut placeholders =
        Placeholders::new(names, None, &[("ProjectionExpression", expression.is_some())], 0)?;
    let projection = match (expression, attributes_to_get) {
        (Some(text), _) => Some(placeholders.projection(text)?),
        (None, Some(names)) => Some(legacy::attributes_to_get(names)?),
        (None, None) => None,
    };
    placeholders.finish()?;
    Ok(projection)
}

/// The condition keys of a write.
struct Written<'a> {
    names: Option<&'a BTreeMap<String, String>>,
    expressions: [Option<&'a str>; 2],
    attributes: Vec<String>,
    return_values: Option<ReturnValue>,
    capacity: Option<api_dynamodb::ReturnConsumedCapacity>,
}

impl Written<'_> {
    fn keys(self, mut keys: Keys) -> Keys {
        let named = self.expressions.into_iter().flatten();
        let mut names: Vec<String> = named.flat_map(|text| attributes_named(text, self.names)).collect();
        names.extend(self.attributes);
        keys.extend(attributes(names));
        keys.extend(parameter("ReturnValues", self.return_values.map(|value| value.as_str())));
        keys.extend(parameter("ReturnConsumedCapacity", self.capacity.map(|value| value.as_str())));
        keys
    }
}

fn keys_of<V>(map: Option<&BTreeMap<String, V>>) -> impl Iterator<Item = String> {
    map.into_iter().flat_map(|map| map.keys().cloned())
}

pub(super) fn shows(wanted: Option<ReturnValuesOnConditionCheckFailure>) -> bool {
    wanted == Some(ReturnValuesOnConditionCheckFailure::AllOld)
}

/// Metrics of the item collection, where the table has local indexes.
pub(super) fn collection(
    wanted: Option<ReturnItemCollectionMetrics>,
    table: &Table,
    key: &Item,
) -> Option<ItemCollectionMetrics> {
    if wanted != Some(ReturnItemCollectionMetrics::Size) || table.indexes.iter().all(|index| index.global) {
        return None;
    }
    let hash = key.get(&table.key.hash)?.clone();
    Some(ItemCollectionMetrics {
        item_collection_key: Some(BTreeMap::from([(table.key.hash.clone(), hash.into())])),
        size_estimate_range_gb: Some(vec![0.0, 1.0]),
    })
}

impl Transact<PutItem> for Dynamodb {
    fn access(input: &PutItem, call: &Call, view: &View) -> Access {
        access::check("PutItem", &input.table_name, None, call, view, |table| {
            Written {
                names: input.expression_attribute_names.as_ref(),
                expressions: [input.condition_expression.as_deref(), None],
                attributes: input.item.keys().cloned().chain(keys_of(input.expected.as_ref())).collect(),
                return_values: input.return_values,
                capacity: input.return_consumed_capacity,
            }
            .keys(leading_keys(&table.key.hash, [&input.item]))
        })
        .into_access()
    }

    fn run(input: PutItem, call: &Call, tx: &mut Tx) -> Result<PutItemOutput, Error> {
        check_return_values(input.return_values)?;
        let condition = condition(
            input.condition_expression.as_deref(),
            input.expression_attribute_names,
            input.expression_attribute_values,
            input.expected,
            input.conditional_operator,
        )
        .map_err(validation)?;
        let table = table(tx, call, &input.table_name)?;
        let plan = Plan::put(&table, input.item).map_err(validation)?;
        let key_item = plan.key_item.clone();
        let plan = plan.only_if(condition, shows(input.return_values_on_condition_check_failure));
        let done = carry_out(plan, &table, call, tx)?;
        Ok(PutItemOutput {
            attributes: old(&done, input.return_values),
            consumed_capacity: done.usage.tell(
                Direction::Write,
                input.return_consumed_capacity,
                &table,
                call,
                tx,
            ),
            item_collection_metrics: collection(input.return_item_collection_metrics, &table, &key_item),
        })
    }
}

/// Carries out a write that is a request of its own.
fn carry_out(plan: Plan, table: &Table, call: &Call, tx: &mut Tx) -> Result<Done, Error> {
    let done = plan.carry_out(table, call, tx);
    if let Err(Failure::Condition { units, .. }) = &done {
        metrics::condition_failed(*units, table, call.now, tx);
    }
    Ok(done?)
}

fn check_return_values(wanted: Option<ReturnValue>) -> Result<(), Error> {
    match wanted {
        None | Some(ReturnValue::None | ReturnValue::AllOld) => Ok(()),
        Some(_) => Err(validation("Return values set to invalid value")),
    }
}

fn old(done: &Done, wanted: Option<ReturnValue>) -> Option<crate::value::Wire> {
    done.before.clone().filter(|_| wanted == Some(ReturnValue::AllOld)).map(item_into)
}

/// The condition of a write, in either form.
fn condition(
    expression: Option<&str>,
    names: Option<BTreeMap<String, String>>,
    values: Option<crate::value::Wire>,
    expected: Option<BTreeMap<String, api_dynamodb::ExpectedAttributeValue>>,
    operator: Option<api_dynamodb::ConditionalOperator>,
) -> Result<Option<crate::expression::Condition>, String> {
    legacy::not_both(
        &[("Expected", expected.is_some()), ("ConditionalOperator", operator.is_some())],
        &[("ConditionExpression", expression.is_some())],
    )?;
    let read = expressions(expression, None, names, values)?;
    Ok(read.condition.or(legacy::expected(expected, operator)?))
}

impl Transact<DeleteItem> for Dynamodb {
    fn access(input: &DeleteItem, call: &Call, view: &View) -> Access {
        access::check("DeleteItem", &input.table_name, None, call, view, |table| {
            Written {
                names: input.expression_attribute_names.as_ref(),
                expressions: [input.condition_expression.as_deref(), None],
                attributes: input.key.keys().cloned().chain(keys_of(input.expected.as_ref())).collect(),
                return_values: input.return_values,
                capacity: input.return_consumed_capacity,
            }
            .keys(leading_keys(&table.key.hash, [&input.key]))
        })
        .into_access()
    }

    fn run(input: DeleteItem, call: &Call, tx: &mut Tx) -> Result<DeleteItemOutput, Error> {
        check_return_values(input.return_values)?;
        let condition = condition(
            input.condition_expression.as_deref(),
            input.expression_attribute_names,
            input.expression_attribute_values,
            input.expected,
            input.conditional_operator,
        )
        .map_err(validation)?;
        let table = table(tx, call, &input.table_name)?;
        let plan = Plan::on_key(&table, input.key, Change::Delete).map_err(validation)?;
        let key_item = plan.key_item.clone();
        let plan = plan.only_if(condition, shows(input.return_values_on_condition_check_failure));
        let done = carry_out(plan, &table, call, tx)?;
        Ok(DeleteItemOutput {
            attributes: old(&done, input.return_values),
            consumed_capacity: done.usage.tell(
                Direction::Write,
                input.return_consumed_capacity,
                &table,
                call,
                tx,
            ),
            item_collection_metrics: collection(input.return_item_collection_metrics, &table, &key_item),
        })
    }
}

impl Transact<UpdateItem> for Dynamodb {
    fn access(input: &UpdateItem, call: &Call, view: &View) -> Access {
        access::check("UpdateItem", &input.table_name, None, call, view, |table| {
            let attributes = input.key.keys().cloned();
            let attributes = attributes.chain(keys_of(input.attribute_updates.as_ref()));
            Written {
                names: input.expression_attribute_names.as_ref(),
                expressions: [input.condition_expression.as_deref(), input.update_expression.as_deref()],
                attributes: attributes.chain(keys_of(input.expected.as_ref())).collect(),
                return_values: input.return_values,
                capacity: input.return_consumed_capacity,
            }
            .keys(leading_keys(&table.key.hash, [&input.key]))
        })
        .into_access()
    }

    fn run(input: UpdateItem, call: &Call, tx: &mut Tx) -> Result<UpdateItemOutput, Error> {
        let (update, condition) = update_of(&input).map_err(validation)?;
        let table = table(tx, call, &input.table_name)?;
        let paths: Vec<crate::expression::Path> = update.paths().cloned().collect();
        let plan = Plan::on_key(&table, input.key, Change::Update(update)).map_err(validation)?;
        let key_item = plan.key_item.clone();
        let plan = plan.only_if(condition, shows(input.return_values_on_condition_check_failure));
        let done = carry_out(plan, &table, call, tx)?;
        let touched = Projection::of(&paths);
        let attributes = match input.return_values.unwrap_or(ReturnValue::None) {
            ReturnValue::None => None,
            ReturnValue::AllOld => done.before.clone(),
            ReturnValue::AllNew => done.after.clone(),
            ReturnValue::UpdatedOld => done.before.as_ref().map(|item| touched.apply(item)),
            ReturnValue::UpdatedNew => done.after.as_ref().map(|item| touched.apply(item)),
        };
        let attributes = attributes.filter(|attributes| !attributes.is_empty());
        Ok(UpdateItemOutput {
            attributes: attributes.map(item_into),
            consumed_capacity: done.usage.tell(
                Direction::Write,
                input.return_consumed_capacity,
                &table,
                call,
                tx,
            ),
            item_collection_metrics: collection(input.return_item_collection_metrics, &table, &key_item),
        })
    }
}

/// The update and condition of a request, in either form.
fn update_of(
    input: &UpdateItem,
) -> Result<(crate::expression::Update, Option<crate::expression::Condition>), String> {
    legacy::not_both(
        &[
            ("AttributeUpdates", input.attribute_updates.is_some()),
            ("Expected", input.expected.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
        &[
            ("UpdateExpression", input.update_expression.is_some()),
            ("ConditionExpression", input.condition_expression.is_some()),
        ],
    )?;
    let read = plan::expressions(
        input.condition_expression.as_deref(),
        Some(input.update_expression.as_deref()),
        input.expression_attribute_names.clone(),
        input.expression_attribute_values.clone(),
    )?;
    let update = match read.update {
        Some(update) => update,
        None => legacy::updates(input.attribute_updates.clone().unwrap_or_default())?,
    };
    let condition = match read.condition {
        Some(condition) => Some(condition),
        None => legacy::expected(input.expected.clone(), input.conditional_operator)?,
    };
    Ok((update, condition))
}
