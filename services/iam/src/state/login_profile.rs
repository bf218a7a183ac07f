use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Row;

const DAY: u64 = 24 * 60 * 60;

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
    /// When somebody last signed in with it.
    #[serde(default)]
    pub(crate) last_used: Option<Timestamp>,
}

impl LoginProfile {
    /// The password is older than the account's policy lets it be.
    pub(crate) fn is_expired(&self, policy: &super::PasswordPolicy, now: Timestamp) -> bool {
        let days = policy.max_age_days.and_then(|days| u64::try_from(days).ok());
        days.is_some_and(|days| now.since(self.changed) > Duration::from_secs(days * DAY))
    }
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
