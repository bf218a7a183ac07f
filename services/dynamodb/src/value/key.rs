//! Keys of items as bytes that sort as DynamoDB sorts: texts and binaries by their bytes, numbers by value.

use super::Value;

/// The longest partition key.
pub(crate) const MAX_HASH: usize = 2048;
/// The longest sort key.
pub(crate) const MAX_RANGE: usize = 1024;

/// Where an item lies in a table or index: partition, then sort key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct KeyBytes {
    pub(crate) hash: Vec<u8>,
    /// Empty where there is no sort key.
    pub(crate) range: Vec<u8>,
}

impl KeyBytes {
    pub(crate) fn new(hash: &Value, range: Option<&Value>) -> Self {
        Self { hash: ordered(hash), range: range.map(ordered).unwrap_or_default() }
    }

    /// Spreads partitions over the whole range of numbers, so that a scan is in no order that a program could rely on, and segments are ranges.
    pub(crate) fn token(&self) -> u32 {
        token(&self.hash)
    }
}

/// FNV-1a, its halves folded and mixed.
pub(crate) fn token(hash: &[u8]) -> u32 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for byte in hash {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    sum = (sum ^ (sum >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    u32::try_from(sum >> 32).unwrap_or(0)
}

/// The bytes of a key's value; other types than S, N and B are no keys, and refused before.
pub(crate) fn ordered(value: &Value) -> Vec<u8> {
    match value {
        Value::S(text) => text.as_bytes().to_vec(),
        Value::B(bytes) => bytes.to_vec(),
        Value::N(number) => {
            let mut out = Vec::with_capacity(24);
            number.ordered(&mut out);
            out
        }
        _ => Vec::new(),
    }
}
