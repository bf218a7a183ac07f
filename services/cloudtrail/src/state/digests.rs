//! What the next digest files tell of, and what they follow.

use names::{Region, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A log file that was delivered since the last digest file of its region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogFile {
    /// The trail's.
    pub(crate) scope: Scope,
    pub(crate) trail: String,
    /// Whose events it has.
    pub(crate) region: Region,
    pub(crate) bucket: String,
    pub(crate) object: String,
    /// SHA-256 of what it has uncompressed, in hexadecimal.
    pub(crate) hash: String,
    pub(crate) oldest: Timestamp,
    pub(crate) newest: Timestamp,
}

impl Row for LogFile {
    const TABLE: &'static str = "cloudtrail.log_files";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.trail.clone(), self.object.clone())
    }
}

/// A region's digest files of a trail, each of which names the one before it. It ends when logging stops, and another begins when it starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DigestChain {
    /// The trail's.
    pub(crate) scope: Scope,
    pub(crate) trail: String,
    pub(crate) region: Region,
    /// When the last digest file's hour ended, or the chain began.
    pub(crate) since: Timestamp,
    /// None before the first, the starting digest file.
    pub(crate) previous: Option<PreviousDigest>,
}

/// What a digest file tells of the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PreviousDigest {
    pub(crate) bucket: String,
    pub(crate) object: String,
    /// SHA-256 of what it has uncompressed, in hexadecimal.
    pub(crate) hash: String,
    /// In hexadecimal.
    pub(crate) signature: String,
}

impl DigestChain {
    pub(crate) fn begin(scope: Scope, trail: &str, region: Region, since: Timestamp) -> Self {
        Self { scope, trail: trail.to_owned(), region, since, previous: None }
    }
}

impl Row for DigestChain {
    const TABLE: &'static str = "cloudtrail.digest_chains";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.trail.clone(), self.region.to_string())
    }
}
