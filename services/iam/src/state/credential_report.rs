use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// An account's last credential report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CredentialReport {
    pub(crate) account: AccountId,
    pub(crate) generated: Timestamp,
    /// As CSV.
    pub(crate) content: String,
}

impl Row for CredentialReport {
    const TABLE: &'static str = "iam.credential-reports";
    type Key = ();

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) {}
}
