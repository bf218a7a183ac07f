use super::name_key;
use names::{AccountId, Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// An instance profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InstanceProfile {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    /// The unique id of the one role that it may hold.
    pub(crate) role: Option<String>,
    pub(crate) tags: Tags,
}

impl InstanceProfile {
    pub(crate) fn arn(&self) -> String {
        Arn::new("iam", self.scope(), format!("instance-profile{}{}", self.path, self.name)).to_string()
    }
}

impl Row for InstanceProfile {
    const TABLE: &'static str = "iam.instance-profiles";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> String {
        name_key(&self.name)
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("id", self.id.as_str())]
    }
}
