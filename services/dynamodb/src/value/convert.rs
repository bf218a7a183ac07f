//! Between the wire's attribute values and ours; the rules that AWS checks on the way in.

use super::{Item, MAX_DEPTH, Number, Value};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};

/// The wire's form of an item.
pub(crate) type Wire = BTreeMap<String, api_dynamodb::AttributeValue>;

/// An item as the wire has it, checked. The error is AWS's sentence.
pub(crate) fn item_from(wire: Wire) -> Result<Item, String> {
    wire.into_iter().map(|(name, value)| Ok((name, convert(value)?))).collect()
}

/// For answers.
pub(crate) fn item_into<V: From<Value>>(item: Item) -> BTreeMap<String, V> {
    item.into_iter().map(|(name, value)| (name, V::from(value))).collect()
}

/// One value. The error is AWS's sentence.
pub(crate) fn convert(wire: api_dynamodb::AttributeValue) -> Result<Value, String> {
    at_depth(wire, 0)
}

fn invalid(reason: &str) -> String {
    format!("One or more parameter values were invalid: {reason}")
}

fn at_depth(wire: api_dynamodb::AttributeValue, depth: usize) -> Result<Value, String> {
    let api_dynamodb::AttributeValue { s, n, b, ss, ns, bs, m, l, null, bool } = wire;
    let given = [
        s.is_some(),
        n.is_some(),
        b.is_some(),
        ss.is_some(),
        ns.is_some(),
        bs.is_some(),
        m.is_some(),
        l.is_some(),
        null.is_some(),
        bool.is_some(),
    ];
    match given.iter().filter(|given| **given).count() {
        0 => {
            return Err(
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                    .into(),
            );
        }
        1 => {}
        _ => {
            return Err(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
                    .into(),
            );
        }
    }
    if depth >= MAX_DEPTH && (m.is_some() || l.is_some()) {
        return Err("Nesting Levels have exceeded supported limits".into());
    }
    if let Some(text) = s {
        return Ok(Value::S(text));
    }
    if let Some(text) = n {
        return number(&text).map(Value::N);
    }
    if let Some(bytes) = b {
        return Ok(Value::B(bytes));
    }
    if let Some(value) = bool {
        return Ok(Value::Bool(value));
    }
    if let Some(null) = null {
        return if null {
            Ok(Value::Null)
        } else {
            Err(invalid("Null attribute value types must have the value of true"))
        };
    }
    if let Some(members) = m {
        let members = members.into_iter().map(|(name, value)| Ok((name, at_depth(value, depth + 1)?)));
        return members.collect::<Result<_, String>>().map(Value::M);
    }
    if let Some(elements) = l {
        let elements = elements.into_iter().map(|value| at_depth(value, depth + 1));
        return elements.collect::<Result<_, String>>().map(Value::L);
    }
    if let Some(texts) = ss {
        return text_set(texts).map(Value::Ss);
    }
    if let Some(texts) = ns {
        return number_set(texts).map(Value::Ns);
    }
    blob_set(bs.unwrap_or_default()).map(Value::Bs)
}

fn number(text: &str) -> Result<Number, String> {
    Number::parse(text).map_err(|error| error.to_string())
}

fn text_set(texts: Vec<String>) -> Result<BTreeSet<String>, String> {
    if texts.is_empty() {
        return Err(invalid("An string set  may not be empty"));
    }
    let set: BTreeSet<String> = texts.iter().cloned().collect();
    if set.len() < texts.len() {
        return Err(invalid(&format!("Input collection [{}] contains duplicates.", texts.join(", "))));
    }
    Ok(set)
}

fn number_set(texts: Vec<String>) -> Result<BTreeSet<Number>, String> {
    if texts.is_empty() {
        return Err(invalid("An number set  may not be empty"));
    }
    let set = texts.iter().map(|text| number(text)).collect::<Result<BTreeSet<Number>, String>>()?;
    if set.len() < texts.len() {
        return Err("Input collection contains duplicates".into());
    }
    Ok(set)
}

fn blob_set(blobs: Vec<Bytes>) -> Result<BTreeSet<Bytes>, String> {
    if blobs.is_empty() {
        return Err(invalid("Binary sets should not be empty"));
    }
    let count = blobs.len();
    let set: BTreeSet<Bytes> = blobs.into_iter().collect();
    if set.len() < count {
        return Err(invalid("Input collection of binaries contains duplicates."));
    }
    Ok(set)
}

macro_rules! answered {
    ($($api:ident),+) => {$(
        impl From<Value> for $api::AttributeValue {
            fn from(value: Value) -> Self {
                let mut wire = Self::default();
                match value {
                    Value::S(text) => wire.s = Some(text),
                    Value::N(number) => wire.n = Some(number.to_string()),
                    Value::B(bytes) => wire.b = Some(bytes),
                    Value::Bool(value) => wire.bool = Some(value),
                    Value::Null => wire.null = Some(true),
                    Value::M(members) => wire.m = Some(item_into(members)),
                    Value::L(elements) => wire.l = Some(elements.into_iter().map(Self::from).collect()),
                    Value::Ss(texts) => wire.ss = Some(texts.into_iter().collect()),
                    Value::Ns(numbers) => wire.ns = Some(numbers.iter().map(Number::to_string).collect()),
                    Value::Bs(blobs) => wire.bs = Some(blobs.into_iter().collect()),
                }
                wire
            }
        }
    )+};
}

answered!(api_dynamodb, api_dynamodbstreams);
