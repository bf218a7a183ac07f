//! Scan.

use super::query::select;
use crate::Dynamodb;
use crate::access::{self, IntoAccess, Keys, attributes, parameter};
use crate::capacity::Direction;
use crate::expression::{Placeholders, attributes_named};
use crate::legacy;
use crate::metrics;
use crate::plan::table;
use crate::reading::{self, Asked, Extent, Parameters};
use crate::refusal::validation;
use crate::value::item_into;
use api_dynamodb::{Error, Scan, ScanOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<Scan> for Dynamodb {
    fn access(input: &Scan, call: &Call, view: &View) -> Access {
        access::check("Scan", &input.table_name, input.index_name.as_deref(), call, view, |_| {
            condition_keys(input)
        })
        .into_access()
    }

    fn run(input: Scan, call: &Call, tx: &mut Tx) -> Result<ScanOutput, Error> {
        let asked = read(&input).map_err(validation)?;
        let tokens = segment(input.segment, input.total_segments).map_err(validation)?;
        let table = table(tx, call, &input.table_name)?;
        let index = reading::index(&table, input.index_name.as_deref()).map_err(validation)?;
        let wanted = asked.fit(&table, index).map_err(validation)?;
        let mut extent = Extent { tokens, ..Extent::default() };
        if let Some(start) = input.exclusive_start_key {
            let start = reading::start(&table, index, start).map_err(validation)?;
            let token = start.key.token();
            let within =
                |(low, high): (u32, Option<u32>)| low <= token && high.is_none_or(|high| token < high);
            if !tokens.is_none_or(within) {
                return Err(validation(format!(
                    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: {} Segment: {}",
                    input.total_segments.unwrap_or(1),
                    input.segment.unwrap_or(0)
                )));
            }
            extent.start = Some(start);
        }
        let page = reading::read(tx, &table, index, &extent, &wanted)?;
        let usage = page.usage(index, wanted.consistent);
        metrics::returned("Scan", page.count, &table, call.now, tx);
        let items = page.items.into_iter().map(item_into).collect();
        Ok(ScanOutput {
            items: (!wanted.count_only).then_some(items),
            count: i32::try_from(page.count).ok(),
            scanned_count: i32::try_from(page.scanned).ok(),
            last_evaluated_key: page.last.map(item_into),
            consumed_capacity: usage.tell(Direction::Read, input.return_consumed_capacity, &table, call, tx),
        })
    }
}

fn condition_keys(input: &Scan) -> Keys {
    let names = input.expression_attribute_names.as_ref();
    let expressions = [&input.projection_expression, &input.filter_expression];
    let mut named: Vec<String> =
        expressions.into_iter().flatten().flat_map(|text| attributes_named(text, names)).collect();
    named.extend(input.attributes_to_get.iter().flatten().cloned());
    named.extend(input.scan_filter.iter().flat_map(|filter| filter.keys().cloned()));
    let mut keys = attributes(named);
    let specific = input.projection_expression.is_some() || input.attributes_to_get.is_some();
    keys.push(select(input.select, specific, input.index_name.is_some()));
    let capacity = input.return_consumed_capacity.map(|value| value.as_str());
    keys.extend(parameter("ReturnConsumedCapacity", capacity));
    keys
}

fn read(input: &Scan) -> Result<Asked, String> {
    legacy::not_both(
        &[
            ("AttributesToGet", input.attributes_to_get.is_some()),
            ("ScanFilter", input.scan_filter.is_some()),
            ("ConditionalOperator", input.conditional_operator.is_some()),
        ],
        &[
            ("ProjectionExpression", input.projection_expression.is_some()),
            ("FilterExpression", input.filter_expression.is_some()),
        ],
    )?;
    let given = [
        ("FilterExpression", input.filter_expression.is_some()),
        ("ProjectionExpression", input.projection_expression.is_some()),
    ];
    let mut placeholders = Placeholders::new(
        input.expression_attribute_names.clone(),
        input.expression_attribute_values.clone(),
        &given,
        1,
    )?;
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
            legacy::filter(input.scan_filter.clone(), input.conditional_operator, "ScanFilter")?;
    }
    Ok(asked)
}

/// The tokens of a segment: all segments together have each token once.
fn segment(segment: Option<i32>, total: Option<i32>) -> Result<Option<(u32, Option<u32>)>, String> {
    let (segment, total) = match (segment, total) {
        (None, None) => return Ok(None),
        (Some(_), None) => {
            return Err(
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
                    .into(),
            );
        }
        (None, Some(_)) => {
            return Err(
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
                    .into(),
            );
        }
        (Some(segment), Some(total)) => (segment, total),
    };
    if segment >= total {
        return Err(format!(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {segment} is not less than TotalSegments: {total}"
        ));
    }
    let bound = |part: i32| {
        let part = u64::try_from(part).unwrap_or(0);
        u32::try_from((part << 32) / u64::try_from(total.max(1)).unwrap_or(1)).ok()
    };
    Ok(Some((bound(segment).unwrap_or(0), bound(segment + 1))))
}
