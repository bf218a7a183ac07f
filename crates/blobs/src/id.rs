use std::fmt;
use std::str::FromStr;

/// The name of a blob: the SHA-256 of its bytes, and how many there are. Printed and stored as `<64 hex digits>-<length>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId {
    /// The SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// How many bytes there are.
    pub length: u64,
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", hex::encode(self.sha256), self.length)
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text is not the name of a blob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of a blob (64 hexadecimal digits, a hyphen and a length)")]
pub struct BlobIdError(String);

impl FromStr for BlobId {
    type Err = BlobIdError;

    fn from_str(text: &str) -> Result<Self, BlobIdError> {
        let fail = || BlobIdError(text.chars().take(100).collect());
        let (digits, length) = text.split_once('-').ok_or_else(fail)?;
        let mut sha256 = [0; 32];
        hex::decode_to_slice(digits, &mut sha256).map_err(|_| fail())?;
        let id = Self { sha256, length: length.parse().map_err(|_| fail())? };
        // One blob, one name: no upper case, no leading zeros or signs.
        if id.to_string() == text { Ok(id) } else { Err(fail()) }
    }
}

impl TryFrom<String> for BlobId {
    type Error = BlobIdError;

    fn try_from(text: String) -> Result<Self, BlobIdError> {
        text.parse()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_for_one_blob() {
        let id = BlobId { sha256: [0xAB; 32], length: 17 };
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        for bad in [
            text.to_uppercase(),
            text.replace("-17", "-017"),
            text.replace("-17", "-+17"),
            text.replace('-', "/../"),
        ] {
            assert!(bad.parse::<BlobId>().is_err(), "{bad}");
        }
    }
}
