//! Query.

use crate::Dynamodb;
use crate::access::{self, IntoAccess, Keys, attributes, parameter};
use crate::capacity::Direction;
use crate::expression::{Comparator, KeyCondition, Placeholders, RangeCondition, attributes_named};
use crate::legacy;
use crate::metrics;
use crate::plan::table;
use crate::reading::{self, Extent, Parameters};
use crate::refusal::validation;
use crate::state::{KeySchema, KeyType, Table};
use crate::value::{Value, item_into, ordered};
use api_dynamodb::{Error, Query, QueryOutput, Select};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<Query> for Dynamodb {
    fn access(input: &Query, call: &Call, view: &View) -> Access {
        access::check("Query", &input.table_name, input.index_name.as_deref(), call, view, |table| {
            condition_keys(input, table)
        })
        .into_access()
    }

    fn run(input: Query, call: &Call, tx: &mut Tx) -> Result<QueryOutput, Error> {
        let (asked, condition) = read(&input).map_err(validation)?;
        let table = table(tx, call, &input.table_name)?;
        let index = reading::index(&table, input.index_name.as_deref()).map_err(validation)?;
        let wanted = asked.fit(&table, index).map_err(validation)?;
        let key = index.map_or(&table.key, |index| &index.key);
        let mut extent = extent(&table, key, condition).map_err(validation)?;
        if let Some(filter) = &wanted.filter {
            let parameter = if input.query_filter.is_some() { "QueryFilter" } else { "Filter Expression" };
            let mut primary = None;
            filter.each_path(&mut |path| {
                if key.has(&path.attribute) {
                    primary = Some(path.attribute.clone());
                }
            });
            if let Some(name) = primary {
                return Err(validation(format!(
                    "{parameter} can only contain non-primary key attributes: Primary key attribute: {name}"
                )));
            }
        }
        extent.reverse = input.scan_index_forward == Some(false);
        if let Some(start) = input.exclusive_start_key {
            let start = reading::start(&table, index, start).map_err(validation)?;
            if extent.hash.as_ref() != Some(&start.key.hash) {
                return Err(validation(
                    "The provided starting key is outside query boundaries based on provided conditions",
                ));
            }
            extent.start = Some(start);
        }
        let page = reading::read(tx, &table, index, &extent, &wanted)?;
        let usage = page.usage(index, wanted.consistent);
        metrics::returned("Query", page.count, &table, call.now, tx);
        let items = page.items.into_iter().map(item_into).collect();
        Ok(QueryOutput {
            items: (!wanted.count_only).then_some(items),
            count: i32::try_from(page.count).ok(),
            scanned_count: i32::try_from(page.scanned).ok(),
            last_evaluated_key: page.last.map(item_into),
            consumed_capacity: usage.tell(Direction::Read, input.return_consumed_capacity, &table, call, tx),
        })
    }
}

/// The condition keys of a query; what cannot be read has none, and is refused before it is carried out.
fn condition_keys(input: &Query, table: &Table) -> Keys {
    let names = input.expression_attribute_names.as_ref();
    let schema = match &input.index_name {
        Some(name) => table.index(name).map(|index| &index.key),
        None => Some(&table.key),
    };
    let condition = key_condition(input).map(|(_, condition)| condition);
    let mut keys = Keys::new();
    if let (Some(schema), Ok(condition)) = (schema, condition) {
        let hash = condition.conditions.into_iter().find(|(name, _)| *name == schema.hash);
        if let Some((_, RangeCondition::Compare(Comparator::Equal, value))) = hash
            && let Some(text) = access::key_text(&value.into())
        {
            keys.push(("dynamodb:LeadingKeys".into(), vec![text]));
        }
    }
    let expressions =
        [&input.projection_expression, &input.filter_expression, &input.key_condition_expression];
    let mut named: Vec<String> =
        expressions.into_iter().flatten().flat_map(|text| attributes_named(text, names)).collect();
    named.extend(input.attributes_to_get.iter().flatten().cloned());
    for conditions in [&input.key_conditions, &input.query_filter].into_iter().flatten() {
        named.extend(conditions.keys().cloned());
    }
    keys.extend(attributes(named));
    let specific = input.projection_expression.is_some() || input.attributes_to_get.is_some();
    keys.push(select(input.select, specific, input.index_name.is_some()));
    let capacity = input.return_consumed_capacity.map(|value| value.as_str());
    keys.extend(parameter("ReturnConsumedCapacity", capacity));
    keys
}

/// `dynamodb:Select`: as given, or as it is meant.
pub(super) fn select(given: Option<Select>, specific: bool, index: bool) -> (String, Vec<String>) {
    let select = given.unwrap_or(match (specific, index) {
        (true, _) => Select::SpecificAttributes,
        (false, true) => Select::AllProjectedAttributes,
        (false, false) => Select::AllAttributes,
    });
    ("dynamodb:Select".into(), vec![select.as_str().to_owned()])
}

/// The placeholders and the condition on the key.
fn key_condition(input: &Query) -> Result<(Placeholders, KeyCondition), String> {
    let given = [
        ("FilterExpression", input.filter_expression.is_some()),
        ("KeyConditionExpression", input.key_condition_expression.is_some()),
        ("ProjectionExpression", input.projection_expression.is_some()),
    ];
    let mut placeholders = Placeholders::new(
        input.expression_attribute_names.clone(),
        input.expression_attribute_values.clone(),
        &given,
        2,
    )?;
    let condition = match (&input.key_condition_expression, &input.key_conditions) {
        (Some(text), _) => placeholders.key_condition(text)?,
        (None, Some(conditions)) => legacy::key_conditions(conditions.clone())?,
        (None, None) => {
            return Err(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
                    .into(),
            );
        }
    };
    Ok((placeholders, condition))
}

fn read(input: &Query) -> Result<(reading::Asked, KeyCondition), String> {
    legacy::not_both(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("QueryFilter", input.query_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
            ("KeyConditions", input.key_conditions.is_some()),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
            ("KeyConditionExpression", input.key_condition_expression.is_some()),
        ],
    )?;
    let (mut placeholders, condition) = key_condition(input)?;
    let parameters = Parameters {
        index_name: input.index_name.as_deref(),
        select: input.select,
        attributes_to_get: input.attributes_to_get.clone(),
        projection: input.projection_expression.as_deref(),
        filter: input.filter_expression.as_deref(),
        limit: input.limit,
        consistent: input.consistent_read == Some(true),
    };
    let mut asked = parameters.read(&mut placeholders)?;
    placeholders.finish()?;
    if asked.wanted.filter.is_none() {
        asked.wanted.filter =
            legacy::filter(input.query_filter.clone(), input.conditional_operator, "QueryFilter")?;
    }
    Ok((asked, condition))
}

/// The range of a partition that a condition describes.
fn extent(table: &Table, key: &KeySchema, condition: KeyCondition) -> Result<Extent, String> {
    let missed = |name: &str| format!("Query condition missed key schema element: {name}");
    let unsupported = || "Query key condition not supported".to_owned();
    let mut extent = Extent::default();
    let count = condition.conditions.len();
    if count > 2 {
        return Err("Conditions can be of length 1 or 2 only".into());
    }
    let mut ranged = false;
    for (name, condition) in condition.conditions {
        if name == key.hash {
            let RangeCondition::Compare(Comparator::Equal, value) = condition else {
                return Err(unsupported());
            };
            extent.hash = Some(bound(table, &name, &value)?);
        } else if Some(&name) == key.range.as_ref() {
            ranged = true;
            restrict(&mut extent, table, &name, condition)?;
        }
    }
    if extent.hash.is_none() {
        return Err(missed(&key.hash));
    }
    match &key.range {
        Some(range) if count == 2 && !ranged => Err(missed(range)),
        None if count == 2 => Err(unsupported()),
        _ => Ok(extent),
    }
}

/// A key's value in a condition, as bytes.
fn bound(table: &Table, name: &str, value: &Value) -> Result<Vec<u8>, String> {
    if table.key_type(name).map(KeyType::text) != Some(value.type_name()) {
        return Err(
            "One or more parameter values were invalid: Condition parameter type does not match schema type"
                .into(),
        );
    }
    if value.size() == 0 {
        let kind = if matches!(value, Value::B(_)) { "binary" } else { "string" };
        return Err(format!(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}"
        ));
    }
    Ok(ordered(value))
}

/// The bytes that come next after these.
fn following(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.push(0);
    bytes
}

/// The first bytes after all that begin so; None where there are none.
fn after_prefix(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    while let Some(last) = bytes.pop() {
        if let Some(next) = last.checked_add(1) {
            bytes.push(next);
            return Some(bytes);
        }
    }
    None
}

fn restrict(extent: &mut Extent, table: &Table, name: &str, condition: RangeCondition) -> Result<(), String> {
    match condition {
        RangeCondition::Compare(comparator, value) => {
            let bytes = bound(table, name, &value)?;
            match comparator {
                Comparator::Equal => {
                    extent.high = Some(following(bytes.clone()));
                    extent.low = bytes;
                }
                Comparator::Less => extent.high = Some(bytes),
                Comparator::LessOrEqual => extent.high = Some(following(bytes)),
                Comparator::Greater => extent.low = following(bytes),
                Comparator::GreaterOrEqual => extent.low = bytes,
                Comparator::NotEqual => return Err("Query key condition not supported".into()),
            }
        }
        RangeCondition::Between(low, high) => {
            extent.low = bound(table, name, &low)?;
            extent.high = Some(following(bound(table, name, &high)?));
            if extent.high.as_ref().is_some_and(|high| *high <= extent.low) {
                return Err(
                    "One or more parameter values were invalid: The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
                        .into(),
                );
            }
        }
        RangeCondition::BeginsWith(prefix) => {
            if matches!(prefix, Value::N(_)) {
                return Err(
                    "One or more parameter values were invalid: ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"
                        .into(),
                );
            }
            let bytes = bound(table, name, &prefix)?;
            extent.high = after_prefix(bytes.clone());
            extent.low = bytes;
        }
    }
    Ok(())
}
