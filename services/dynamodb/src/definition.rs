//! What a table's definition must be: keys, indexes, throughput.

use crate::reference::check_name;
use crate::refusal::{invalid, validation};
use crate::state::{Index, KeySchema, KeyType, OnDemand, Projected, Throughput, Units};
use api_dynamodb::{
    AttributeDefinition, Error, GlobalSecondaryIndex, KeySchemaElement, LocalSecondaryIndex,
    OnDemandThroughput, Projection, ProjectionType, ProvisionedThroughput, WarmThroughput,
};
use std::collections::BTreeSet;

const LOCAL_INDEXES: usize = 5;
const GLOBAL_INDEXES: usize = 20;
/// Non-key attributes that all indexes of a table may project by name.
const PROJECTED: usize = 100;

/// Attribute definitions, in their order.
pub(crate) fn attributes(definitions: &[AttributeDefinition]) -> Result<Vec<(String, KeyType)>, Error> {
    let mut found: Vec<(String, KeyType)> = Vec::new();
    for AttributeDefinition { attribute_name, attribute_type } in definitions {
        let key_type = match attribute_type.as_str() {
            "S" => KeyType::S,
            "N" => KeyType::N,
            _ => KeyType::B,
        };
        match found.iter().find(|(name, _)| name == attribute_name) {
            Some(_) => {
                return Err(invalid(format!("Cannot redefine AttributeDefinition: {attribute_name}")));
            }
            None => found.push((attribute_name.clone(), key_type)),
        }
    }
    Ok(found)
}

/// A key schema: a partition key, and perhaps a sort key.
pub(crate) fn key_schema(elements: &[KeySchemaElement]) -> Result<KeySchema, Error> {
    let mut elements = elements.iter();
    let Some(hash) = elements.next().filter(|first| first.key_type == api_dynamodb::KeyType::Hash) else {
        return Err(invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
    };
    let range = elements.next();
    if range.is_some_and(|range| range.key_type != api_dynamodb::KeyType::Range) {
        return Err(invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"));
    }
    if range.is_some_and(|range| range.attribute_name == hash.attribute_name) {
        return Err(invalid(
            "Both the Hash Key and the Range Key element in the KeySchema have the same name",
        ));
    }
    if elements.next().is_some() {
        return Err(invalid(
            "Keys of several attributes are not built in Cloudchamber: a key schema has one HASH and at most one RANGE element",
        ));
    }
    Ok(KeySchema {
        hash: hash.attribute_name.clone(),
        range: range.map(|range| range.attribute_name.clone()),
    })
}

fn projected(projection: &Projection) -> Result<Projected, Error> {
    let names = projection.non_key_attributes.as_ref();
    match (projection.projection_type, names) {
        (None, _) => Err(invalid("Unknown ProjectionType: null")),
        (Some(ProjectionType::All), None) => Ok(Projected::All),
        (Some(ProjectionType::KeysOnly), None) => Ok(Projected::KeysOnly),
        (Some(ProjectionType::Include), Some(names)) => Ok(Projected::Include(names.clone())),
        (Some(ProjectionType::Include), None) => {
            Err(invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"))
        }
        (Some(other), Some(_)) => {
            Err(invalid(format!("ProjectionType is {other}, but NonKeyAttributes is specified")))
        }
    }
}

/// Units as provisioned.
pub(crate) fn units(throughput: &ProvisionedThroughput) -> Units {
    Units { read: throughput.read_capacity_units, write: throughput.write_capacity_units }
}

/// Limits on demand; -1 takes one away.
pub(crate) fn on_demand(given: Option<&OnDemandThroughput>) -> Result<Option<OnDemand>, Error> {
    let Some(given) = given else { return Ok(None) };
    let limit = |name: &str, value: Option<i64>| match value {
        None | Some(-1) => Ok(None),
        Some(value) if value >= 1 => Ok(Some(value)),
        Some(value) => Err(invalid(format!("{name} must be at least 1, or -1 for none: {value}"))),
    };
    let found = OnDemand {
        read: limit("MaxReadRequestUnits", given.max_read_request_units)?,
        write: limit("MaxWriteRequestUnits", given.max_write_request_units)?,
    };
    Ok((found.read.is_some() || found.write.is_some()).then_some(found))
}

/// Warm throughput, both parts of which must be given.
pub(crate) fn warm(given: Option<&WarmThroughput>) -> Result<Option<Units>, Error> {
    let Some(given) = given else { return Ok(None) };
    match (given.read_units_per_second, given.write_units_per_second) {
        (Some(read), Some(write)) if read >= 1 && write >= 1 => Ok(Some(Units { read, write })),
        _ => Err(invalid("Warm throughput needs ReadUnitsPerSecond and WriteUnitsPerSecond of at least 1")),
    }
}

/// A local index.
pub(crate) fn local(given: &LocalSecondaryIndex) -> Result<Index, Error> {
    check_name(&given.index_name)?;
    Ok(Index {
        name: given.index_name.clone(),
        global: false,
        key: key_schema(&given.key_schema)?,
        projected: projected(&given.projection)?,
        throughput: Throughput::default(),
        on_demand: None,
        warm: None,
    })
}

/// A global index, billed as its table.
pub(crate) fn global(given: &GlobalSecondaryIndex, on_demand_billing: bool) -> Result<Index, Error> {
    check_name(&given.index_name)?;
    let name = &given.index_name;
    let units = match (&given.provisioned_throughput, on_demand_billing) {
        (Some(throughput), false) => units(throughput),
        (None, true) => Units::default(),
        (Some(throughput), true) if units(throughput) == Units::default() => Units::default(),
        (Some(_), true) => {
            return Err(invalid(format!(
                "ProvisionedThroughput should not be specified for index: {name} when BillingMode is PAY_PER_REQUEST"
            )));
        }
        (None, false) => {
            return Err(invalid(format!("ProvisionedThroughput is not specified for index: {name}")));
        }
    };
    Ok(Index {
        name: name.clone(),
        global: true,
        key: key_schema(&given.key_schema)?,
        projected: projected(&given.projection)?,
        throughput: Throughput { units, ..Throughput::default() },
        on_demand: on_demand(given.on_demand_throughput.as_ref())?,
        warm: warm(given.warm_throughput.as_ref())?,
    })
}

/// Provisioned units as a billing mode demands them.
pub(crate) fn provisioned(
    given: Option<&ProvisionedThroughput>,
    on_demand_billing: bool,
) -> Result<Units, Error> {
    match (given, on_demand_billing) {
        (Some(throughput), false) => Ok(units(throughput)),
        (None, true) => Ok(Units::default()),
        (Some(throughput), true) if units(throughput) == Units::default() => Ok(Units::default()),
        (Some(_), true) => Err(invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
        )),
        (None, false) => Err(invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
        )),
    }
}

/// Keys and indexes together.
pub(crate) fn check_whole(
    attributes: &[(String, KeyType)],
    key: &KeySchema,
    indexes: &[Index],
) -> Result<(), Error> {
    let shown = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<&str>>().join(", ");
    let defined = |name: &str| attributes.iter().any(|(defined, _)| defined == name);
    let all_defined = || shown(&mut attributes.iter().map(|(name, _)| name.as_str()));
    if key.names().any(|name| !defined(name)) {
        return Err(invalid(format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
            shown(&mut key.names()),
            all_defined()
        )));
    }
    let mut names = BTreeSet::new();
    for index in indexes {
        if !names.insert(index.name.as_str()) {
            return Err(invalid(format!("Duplicate index name: {}", index.name)));
        }
        if index.key.names().any(|name| !defined(name)) {
            return Err(invalid(format!(
                "Some index key attributes are not defined in AttributeDefinitions. Keys: [{}], AttributeDefinitions: [{}]",
                shown(&mut index.key.names()),
                all_defined()
            )));
        }
        if index.global {
            continue;
        }
        if key.range.is_none() {
            return Err(invalid(
                "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
            ));
        }
        if index.key.range.is_none() {
            return Err(invalid(format!(
                "Index KeySchema does not have a range key for index: {}",
                index.name
            )));
        }
        if index.key.hash != key.hash {
            return Err(invalid(format!(
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. index hash key: {}, table hash key: {}",
                index.name, index.key.hash, key.hash
            )));
        }
    }
    let used = |name: &str| key.has(name) || indexes.iter().any(|index| index.key.has(name));
    if attributes.iter().any(|(name, _)| !used(name)) {
        if indexes.is_empty() {
            return Err(invalid(
                "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
            ));
        }
        let mut keys: Vec<&str> =
            key.names().chain(indexes.iter().flat_map(|index| index.key.names())).collect();
        keys.sort_unstable();
        keys.dedup();
        return Err(invalid(format!(
            "Some AttributeDefinitions are not used. AttributeDefinitions: [{}], keys used: [{}]",
            all_defined(),
            keys.join(", ")
        )));
    }
    check_counts(indexes)
}

fn check_counts(indexes: &[Index]) -> Result<(), Error> {
    let global = indexes.iter().filter(|index| index.global).count();
    if indexes.len() - global > LOCAL_INDEXES {
        return Err(invalid(format!(
            "Number of LocalSecondaryIndexes exceeds per-table limit of {LOCAL_INDEXES}"
        )));
    }
    if global > GLOBAL_INDEXES {
        return Err(invalid(format!(
            "GlobalSecondaryIndex count exceeds the per-table limit of {GLOBAL_INDEXES}"
        )));
    }
    let included: usize = indexes
        .iter()
        .map(|index| match &index.projected {
            Projected::Include(names) => names.len(),
            _ => 0,
        })
        .sum();
    if included > PROJECTED {
        return Err(validation(format!(
            "One or more parameter values were invalid: Number of NonKeyAttributes across all indexes exceeds the limit of {PROJECTED}"
        )));
    }
    Ok(())
}
