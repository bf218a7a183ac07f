//! Backups, and the tokens of transactions.

use super::Table;
use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// A backup on demand: the table as it was. Its items are kept under its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Backup {
    pub(crate) scope: Scope,
    /// As in the ARN: milliseconds, `-`, eight digits.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) table: Table,
    pub(crate) items: i64,
    pub(crate) bytes: i64,
}

impl Backup {
    pub(crate) fn arn(&self) -> String {
        Arn::new("dynamodb", self.scope, format!("table/{}/backup/{}", self.table.name, self.id)).to_string()
    }

    pub(crate) fn get(view: &View, scope: Scope, table: &str, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, (table, id))
    }

    /// What its items are kept under: no table has such an id.
    pub(crate) fn items_id(&self) -> String {
        format!("backup/{}/{}", self.table.name, self.id)
    }
}

impl Row for Backup {
    const TABLE: &'static str = "dynamodb.backups";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.table.name.clone(), self.id.clone())
    }
}

/// A transaction that was carried out under a token: for ten minutes it is not carried out again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TransactionToken {
    pub(crate) scope: Scope,
    pub(crate) token: String,
    /// What was asked, hashed.
    pub(crate) request: String,
    pub(crate) at: Timestamp,
}

impl Row for TransactionToken {
    const TABLE: &'static str = "dynamodb.transaction_tokens";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.token.clone()
    }
}
