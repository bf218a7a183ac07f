use api_ssm::{ParameterTier, ParameterType};
use contract::Secret;
use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Row, StoreError, View};
use wire::Bytes;

/// A parameter of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredParameter {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    /// The newest version's number.
    pub(crate) latest: u64,
    pub(crate) tags: Tags,
    /// When an Expiration policy of the newest version deletes it.
    pub(crate) expires: Option<Timestamp>,
}

/// A version of a parameter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ParameterVersion {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) version: u64,
    /// As AWS names it.
    pub(crate) kind: String,
    pub(crate) value: Value,
    pub(crate) description: Option<String>,
    pub(crate) allowed_pattern: Option<String>,
    /// As it was given, or the alias of the account's own.
    pub(crate) key_id: Option<String>,
    /// As AWS names it: Standard or Advanced.
    pub(crate) tier: String,
    pub(crate) policies: Vec<Policy>,
    pub(crate) labels: BTreeSet<String>,
    pub(crate) modified: Timestamp,
    pub(crate) modified_by: String,
}

/// What a version holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Value {
    Plain(Secret),
    /// Under a key of KMS: the value itself, or the data key that `sealed` is sealed with.
    Encrypted {
        ciphertext: Bytes,
        sealed: Option<Bytes>,
    },
}

/// A parameter policy that was given: its type and its own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) kind: String,
    pub(crate) text: String,
}

/// `arn:aws:ssm:REGION:ACCOUNT:parameter/NAME`, whether or not the name begins with a slash.
pub(crate) fn arn_of(scope: Scope, name: &str) -> Arn {
    Arn::new("ssm", scope, format!("parameter/{}", name.strip_prefix('/').unwrap_or(name)))
}

impl StoredParameter {
    pub(crate) fn arn(&self) -> Arn {
        arn_of(self.scope, &self.name)
    }

    /// It is past its expiration, though the task that deletes it has not run yet.
    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl ParameterVersion {
    /// All versions of a parameter, oldest first.
    pub(crate) fn all(view: &View, scope: Scope, name: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (name,)).rows()
    }

    pub(crate) fn kind(&self) -> Option<ParameterType> {
        self.kind.parse().ok()
    }

    pub(crate) fn tier(&self) -> Option<ParameterTier> {
        self.tier.parse().ok()
    }
}

impl Row for StoredParameter {
    const TABLE: &'static str = "ssm.parameters";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}

impl Row for ParameterVersion {
    const TABLE: &'static str = "ssm.parameter_versions";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.name.clone(), self.version)
    }
}
