//! What items and keys must be, in AWS's words.

use crate::state::{KeyType, Table};
use crate::value::{Item, KeyBytes, MAX_HASH, MAX_ITEM_SIZE, MAX_RANGE, Value, Wire, item_from, item_size};

/// A key of a table as a request gives it.
pub(crate) fn key(table: &Table, wire: Wire) -> Result<(Item, KeyBytes), String> {
    let item = item_from(wire)?;
    let mismatch = || "The provided key element does not match the schema".to_owned();
    if item.len() != table.key.names().count() {
        return Err(mismatch());
    }
    for name in table.key.names() {
        let value = item.get(name).ok_or_else(mismatch)?;
        if table.key_type(name).map(KeyType::text) != Some(value.type_name()) {
            return Err(mismatch());
        }
    }
    let key = whole_key(table, &item)?;
    Ok((item, key))
}

/// The key of an item that is put: its attributes are there, of the right type, and neither empty nor too long.
pub(crate) fn whole_key(table: &Table, item: &Item) -> Result<KeyBytes, String> {
    for name in table.key.names() {
        let Some(value) = item.get(name) else {
            return Err(format!(
                "One or more parameter values were invalid: Missing the key {name} in the item"
            ));
        };
        let expected = table.key_type(name).map(KeyType::text).unwrap_or_default();
        if expected != value.type_name() {
            return Err(format!(
                "One or more parameter values were invalid: Type mismatch for key {name} expected: {expected} actual: {}",
                value.type_name()
            ));
        }
        if let Some(kind) = empty(value) {
            return Err(format!(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}"
            ));
        }
    }
    let key = table.key.key_of(item).ok_or("The provided key element does not match the schema")?;
    check_length(item.get(&table.key.hash), table.key.range.as_ref().and_then(|range| item.get(range)))?;
    Ok(key)
}

fn empty(value: &Value) -> Option<&'static str> {
    match value {
        Value::S(text) if text.is_empty() => Some("string"),
        Value::B(bytes) if bytes.is_empty() => Some("binary"),
        _ => None,
    }
}

fn check_length(hash: Option<&Value>, range: Option<&Value>) -> Result<(), String> {
    // The missing space is AWS's.
    if hash.is_some_and(|value| value.size() > MAX_HASH) {
        return Err(format!(
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of{MAX_HASH} bytes"
        ));
    }
    if range.is_some_and(|value| value.size() > MAX_RANGE) {
        return Err(format!(
            "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of {MAX_RANGE} bytes"
        ));
    }
    Ok(())
}

/// A whole item that is about to be stored.
pub(crate) fn item(table: &Table, item: &Item, too_large: &str) -> Result<(), String> {
    for index in &table.indexes {
        for name in index.key.names() {
            let Some(value) = item.get(name) else { continue };
            let expected = table.key_type(name).map(KeyType::text).unwrap_or_default();
            if expected != value.type_name() {
                return Err(format!(
                    "One or more parameter values were invalid: Type mismatch for Index Key {name} Expected: {expected} Actual: {} IndexName: {}",
                    value.type_name(),
                    index.name
                ));
            }
            if let Some(kind) = empty(value) {
                return Err(format!(
                    "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty {kind} value. IndexName: {}, IndexKey: {name}",
                    index.name
                ));
            }
        }
        check_length(item.get(&index.key.hash), index.key.range.as_ref().and_then(|range| item.get(range)))?;
    }
    if item_size(item) > MAX_ITEM_SIZE {
        return Err(too_large.to_owned());
    }
    Ok(())
}

/// What PutItem says of an item that is too large.
pub(crate) const TOO_LARGE: &str = "Item size has exceeded the maximum allowed size";
/// What UpdateItem says of one.
pub(crate) const UPDATE_TOO_LARGE: &str = "Item size to update has exceeded the maximum allowed size";
