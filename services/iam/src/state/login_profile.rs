use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A user's password for the console, as a salted and stretched hash.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoginProfile {
    pub(crate) account: AccountId,
    pub(crate) user_id: String,
    pub(crate) created: Timestamp,
    pub(crate) changed: Timestamp,
    pub(crate) password: crate::passwords::Hash,
    /// Earlier passwords, the last first, 24 at most.
    pub(crate) earlier: Vec<crate::passwords::Hash>,
    pub(crate) reset_required: bool,
}

impl Row for LoginProfile {
    const TABLE: &'static str = "iam.login-profiles";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> String {
        self.user_id.clone()
    }
}
