use contract::Secret;
use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// A long-term access key, of a user or of the account's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccessKey {
    pub(crate) account: AccountId,
    pub(crate) id: String,
    /// The user's unique id; None for the root's.
    pub(crate) user_id: Option<String>,
    pub(crate) secret: Secret,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    /// The published key of a fresh cloud.
    pub(crate) well_known: bool,
    /// The cloud was started with it, or made it with the account: another start's replaces it.
    pub(crate) given: bool,
}

impl AccessKey {
    /// `user_id` as the key's first part: empty for the root's.
    pub(crate) fn owner(user_id: Option<&str>) -> String {
        user_id.unwrap_or_default().to_owned()
    }
}

impl Row for AccessKey {
    const TABLE: &'static str = "iam.access-keys";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> Self::Key {
        (Self::owner(self.user_id.as_deref()), self.id.clone())
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::global("id", self.id.as_str())]
    }
}
