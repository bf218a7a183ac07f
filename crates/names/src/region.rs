use crate::NameError;
use std::fmt;
use std::str::FromStr;

/// A region's name, such as `us-east-1`; at most 24 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region {
    length: u8,
    text: [u8; 24],
}

impl Region {
    /// The scope of global services' rows. Not a region that a client can name: ARNs leave it empty.
    pub const GLOBAL: Self = Self::constant("global");
    /// Where global services are signed for and recorded.
    pub const US_EAST_1: Self = Self::constant("us-east-1");

    /// AWS's commercial regions.
    pub const COMMERCIAL: [Self; 34] = [
        Self::constant("us-east-1"),
        Self::constant("us-east-2"),
        Self::constant("us-west-1"),
        Self::constant("us-west-2"),
        Self::constant("af-south-1"),
        Self::constant("ap-east-1"),
        Self::constant("ap-east-2"),
        Self::constant("ap-northeast-1"),
        Self::constant("ap-northeast-2"),
        Self::constant("ap-northeast-3"),
        Self::constant("ap-south-1"),
        Self::constant("ap-south-2"),
        Self::constant("ap-southeast-1"),
        Self::constant("ap-southeast-2"),
        Self::constant("ap-southeast-3"),
        Self::constant("ap-southeast-4"),
        Self::constant("ap-southeast-5"),
        Self::constant("ap-southeast-6"),
        Self::constant("ap-southeast-7"),
        Self::constant("ca-central-1"),
        Self::constant("ca-west-1"),
        Self::constant("eu-central-1"),
        Self::constant("eu-central-2"),
        Self::constant("eu-north-1"),
        Self::constant("eu-south-1"),
        Self::constant("eu-south-2"),
        Self::constant("eu-west-1"),
        Self::constant("eu-west-2"),
        Self::constant("eu-west-3"),
        Self::constant("il-central-1"),
        Self::constant("me-central-1"),
        Self::constant("me-south-1"),
        Self::constant("mx-central-1"),
        Self::constant("sa-east-1"),
    ];

    const fn constant(name: &str) -> Self {
        let bytes = name.as_bytes();
        let mut text = [0; 24];
        let mut index = 0;
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time, on the constants above")]
        while index < bytes.len() {
            text[index] = bytes[index];
            index += 1;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the constants above are short")]
        Self { length: bytes.len() as u8, text }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text
            .get(..usize::from(self.length))
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

impl FromStr for Region {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fits = !text.is_empty()
            && text.len() <= 24
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if fits { Ok(Self::constant(text)) } else { Err(NameError::new(text, "a region's name")) }
    }
}

impl TryFrom<String> for Region {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.as_str().to_owned()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        assert_eq!("eu-west-3".parse::<Region>().unwrap().to_string(), "eu-west-3");
        for bad in ["", "US-EAST-1", "a b", "a-region-name-that-is-far-too-long"] {
            assert!(bad.parse::<Region>().is_err(), "{bad}");
        }
    }
}
