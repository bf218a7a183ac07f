use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Row, StoreError, View};

/// A document of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredDocument {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    pub(crate) default_version: u64,
    pub(crate) latest_version: u64,
    pub(crate) display_name: Option<String>,
    pub(crate) target_type: Option<String>,
    pub(crate) tags: Tags,
    /// Account ids, or `all`.
    pub(crate) shared_with: BTreeSet<String>,
}

/// A version of a document.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DocumentVersion {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) version: u64,
    pub(crate) version_name: Option<String>,
    pub(crate) created: Timestamp,
    /// As it was given.
    pub(crate) content: String,
    /// Given as YAML; else as JSON.
    pub(crate) is_yaml: bool,
}

impl StoredDocument {
    /// `arn:aws:ssm:REGION:ACCOUNT:document/NAME`.
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("ssm", self.scope, format!("document/{}", self.name))
    }
}

impl DocumentVersion {
    /// All versions of a document, oldest first.
    pub(crate) fn all(view: &View, scope: Scope, name: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (name,)).rows()
    }
}

impl Row for StoredDocument {
    const TABLE: &'static str = "ssm.documents";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}

impl Row for DocumentVersion {
    const TABLE: &'static str = "ssm.document_versions";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.name.clone(), self.version)
    }
}
