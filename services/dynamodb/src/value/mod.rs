//! Values of attributes: what they are, how big, how they compare.

mod convert;
mod encoding;
mod key;
mod number;
#[cfg(test)]
mod tests;

pub(crate) use convert::{Wire, convert, item_from, item_into};
pub(crate) use encoding::{decode_item, encode_item};
pub(crate) use key::{KeyBytes, MAX_HASH, MAX_RANGE, ordered, token};
pub(crate) use number::{Number, NumberError};

use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};

/// Attributes by name.
pub(crate) type Item = BTreeMap<String, Value>;

/// How deep lists and maps may lie in each other.
pub(crate) const MAX_DEPTH: usize = 32;

/// The size of an item.
pub(crate) const MAX_ITEM_SIZE: usize = 400 * 1024;

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    S(String),
    N(Number),
    B(Bytes),
    Bool(bool),
    Null,
    M(Item),
    L(Vec<Value>),
    Ss(BTreeSet<String>),
    Ns(BTreeSet<Number>),
    Bs(BTreeSet<Bytes>),
}

impl Value {
    /// `S`, `N`, … as `attribute_type` and errors name it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Bool(_) => "BOOL",
            Self::Null => "NULL",
            Self::M(_) => "M",
            Self::L(_) => "L",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
        }
    }

    /// The longer names that errors of update expressions print.
    pub(crate) fn long_type_name(&self) -> &'static str {
        match self {
            Self::S(_) => "STRING",
            Self::N(_) => "NUMBER",
            Self::B(_) => "BINARY",
            Self::Bool(_) => "BOOLEAN",
            Self::Null => "NULL",
            Self::M(_) => "MAP",
            Self::L(_) => "LIST",
            Self::Ss(_) => "STRING_SET",
            Self::Ns(_) => "NUMBER_SET",
            Self::Bs(_) => "BINARY_SET",
        }
    }

    /// Bytes that it counts for, as AWS counts:
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::S(text) => text.len(),
            Self::N(number) => number.size(),
            Self::B(bytes) => bytes.len(),
            Self::Bool(_) | Self::Null => 1,
            Self::M(members) => {
                3 + members.iter().map(|(name, value)| name.len() + value.size() + 1).sum::<usize>()
            }
            Self::L(elements) => 3 + elements.iter().map(|value| value.size() + 1).sum::<usize>(),
            Self::Ss(texts) => texts.iter().map(String::len).sum(),
            Self::Ns(numbers) => numbers.iter().map(Number::size).sum(),
            Self::Bs(blobs) => blobs.iter().map(Bytes::len).sum(),
        }
    }

    /// What `size()` answers; None for types that have none.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Self::S(text) => Some(text.chars().count()),
            Self::B(bytes) => Some(bytes.len()),
            Self::M(members) => Some(members.len()),
            Self::L(elements) => Some(elements.len()),
            Self::Ss(texts) => Some(texts.len()),
            Self::Ns(numbers) => Some(numbers.len()),
            Self::Bs(blobs) => Some(blobs.len()),
            Self::N(_) | Self::Bool(_) | Self::Null => None,
        }
    }

    /// How deep lists and maps lie in it.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::M(members) => 1 + members.values().map(Self::depth).max().unwrap_or(0),
            Self::L(elements) => 1 + elements.iter().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The order of two strings, numbers or binaries; None where they have none.
    pub(crate) fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::S(left), Self::S(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
            (Self::N(left), Self::N(right)) => Some(left.cmp(right)),
            (Self::B(left), Self::B(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }
}

/// Bytes that an item counts for.
pub(crate) fn item_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}
