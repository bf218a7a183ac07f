use names::{AccountId, Scope};
use serde::{Deserialize, Serialize};
use store::Row;

/// An account's password policy; where there is none, AWS's default holds ([`PasswordPolicy::of_aws`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PasswordPolicy {
    pub(crate) account: AccountId,
    pub(crate) minimum_length: i32,
    pub(crate) symbols: bool,
    pub(crate) numbers: bool,
    pub(crate) uppercase: bool,
    pub(crate) lowercase: bool,
    pub(crate) users_may_change: bool,
    pub(crate) max_age_days: Option<i32>,
    pub(crate) reuse_prevention: Option<i32>,
    pub(crate) hard_expiry: bool,
}

impl PasswordPolicy {
    /// What an account without a policy of its own has: eight characters, of three of the four kinds, and not the account's or user's name
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html>); checked apart.
    pub(crate) fn of_aws(account: AccountId) -> Self {
        Self {
            account,
            minimum_length: 8,
            symbols: false,
            numbers: false,
            uppercase: false,
            lowercase: false,
            users_may_change: false,
            max_age_days: None,
            reuse_prevention: None,
            hard_expiry: false,
        }
    }
}

impl Row for PasswordPolicy {
    const TABLE: &'static str = "iam.password-policies";
    type Key = ();

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) {}
}
