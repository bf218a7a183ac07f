//! What a function, or a version of it, is made of.

use blobs::BlobId;
use contract::Secret;
use names::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Code and configuration: `$LATEST`'s, or a version's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Configuration {
    /// Such as `python3.12`.
    pub(crate) runtime: String,
    /// The execution role's ARN.
    pub(crate) role: String,
    pub(crate) handler: String,
    pub(crate) description: String,
    /// Seconds.
    pub(crate) timeout: i32,
    /// MB.
    pub(crate) memory: i32,
    /// `/tmp`, in MB.
    pub(crate) storage: i32,
    /// None: the function was never given any.
    pub(crate) environment: Option<BTreeMap<String, Secret>>,
    /// `x86_64` or `arm64`.
    pub(crate) architecture: String,
    /// `Active` or `PassThrough`.
    pub(crate) tracing: String,
    pub(crate) vpc: Option<Vpc>,
    /// The ARN of a queue or topic.
    pub(crate) dead_letter: Option<String>,
    pub(crate) layers: Vec<LayerUse>,
    pub(crate) logging: Logging,
    /// `PublishedVersions` or `None`.
    pub(crate) snap_start: String,
    pub(crate) code: Code,
    pub(crate) modified: Timestamp,
    pub(crate) revision: String,
}

/// A deployment package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) blob: BlobId,
    /// `CodeSha256`.
    pub(crate) sha256: String,
}

impl Code {
    /// Bytes.
    pub(crate) fn size(&self) -> i64 {
        i64::try_from(self.blob.length).unwrap_or(i64::MAX)
    }
}

/// A layer's version that a function uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LayerUse {
    pub(crate) arn: String,
    pub(crate) blob: BlobId,
}

/// Where a function's network would be. Checked, stored and shown; functions here share no network with EC2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Vpc {
    pub(crate) vpc: String,
    pub(crate) subnets: Vec<String>,
    pub(crate) security_groups: Vec<String>,
    pub(crate) ipv6: bool,
}

/// How a function logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logging {
    /// `Text` or `JSON`.
    pub(crate) format: String,
    pub(crate) group: String,
    /// With JSON only.
    pub(crate) application_level: Option<String>,
    /// With JSON only.
    pub(crate) system_level: Option<String>,
}

impl Logging {
    /// `/aws/lambda/NAME`, as text.
    pub(crate) fn usual(name: &str) -> Self {
        Self {
            format: "Text".into(),
            group: format!("/aws/lambda/{name}"),
            application_level: None,
            system_level: None,
        }
    }
}

impl Configuration {
    /// Whether publishing would make the same version again: everything but the times, revisions and description.
    pub(crate) fn same_version(&self, other: &Self) -> bool {
        let plain = |configuration: &Self| Self {
            modified: Timestamp::default(),
            revision: String::new(),
            description: String::new(),
            ..configuration.clone()
        };
        plain(self) == plain(other)
    }
}
