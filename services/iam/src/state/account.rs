use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// An account of this cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name, which may be empty.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// Its alias, one among all accounts.
    pub alias: Option<String>,
    /// When it was closed: from then on no credential of it is accepted.
    #[serde(default)]
    pub closed: Option<Timestamp>,
}

impl Row for Account {
    const TABLE: &'static str = "iam.accounts";
    type Key = ();

    fn scope(&self) -> Scope {
        Scope::global(self.id)
    }

    fn key(&self) {}

    fn indexes(&self) -> Vec<IndexEntry> {
        self.alias.iter().map(|alias| IndexEntry::global("alias", alias.as_str())).collect()
    }
}
