use contract::{Principal, Secret};
use names::{AccountId, Region, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{IndexEntry, Row};

/// Temporary credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) account: AccountId,
    /// `ASIA…`
    pub(crate) access_key_id: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    pub(crate) principal: Principal,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    /// The region whose endpoint issued it.
    pub(crate) region: Region,
    pub(crate) multi_factor: bool,
    /// Keys of session tags that sessions assumed from this one inherit.
    pub(crate) transitive_tags: BTreeSet<String>,
    /// A key that all the world knows signed in for it: it is good only where that is.
    #[serde(default)]
    pub(crate) well_known: bool,
}

impl Session {
    /// The unique id of the user or role behind it; the account's id for root.
    fn owner(&self) -> String {
        match &self.principal {
            Principal::User(user) => user.id.clone(),
            Principal::Role(session) => session.role_id.clone(),
            _ => self.account.to_string(),
        }
    }
}

impl Row for Session {
    const TABLE: &'static str = "iam.sessions";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> String {
        self.access_key_id.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![
            IndexEntry::global("id", self.access_key_id.as_str()),
            IndexEntry::new("expires", (self.expires, self.access_key_id.as_str())),
            IndexEntry::new("owner", (self.owner(), self.issued)),
        ]
    }
}
