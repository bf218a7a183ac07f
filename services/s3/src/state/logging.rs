use names::{RequestId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// Where a bucket's access logs go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logging {
    pub(crate) target: String,
    pub(crate) prefix: String,
    pub(crate) format: KeyFormat,
    /// Who may read the logs besides the target's owner: grantee and permission, in a bucket with access control lists.
    #[serde(default)]
    pub(crate) grants: Vec<super::Grant>,
}

/// How log objects are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KeyFormat {
    /// Nothing was said, which is the simple format.
    Unsaid,
    Simple,
    /// By account, region, bucket and the day of the requests.
    ByEventTime,
    /// The same, by the day of the delivery.
    ByDeliveryTime,
}

/// A line of an access log that waits for its delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogLine {
    /// The bucket's.
    pub(crate) scope: Scope,
    pub(crate) bucket: String,
    pub(crate) at: Timestamp,
    pub(crate) request: RequestId,
    pub(crate) line: String,
}

impl Row for LogLine {
    const TABLE: &'static str = "s3.log-lines";
    type Key = (String, Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.bucket.clone(), self.at, self.request.to_string())
    }
}
