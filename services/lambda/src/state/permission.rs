//! Resource policies of functions, their versions and aliases, and of layers' versions.

use policy::{Flavour, Kind, ResourcePolicy};
use serde::{Deserialize, Serialize};
use wire::Document;

/// A resource policy: statements in the order in which they were added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Permissions {
    pub(crate) revision: String,
    pub(crate) statements: Vec<Statement>,
}

/// A statement, as the JSON text that AWS prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) id: String,
    pub(crate) text: String,
}

impl Permissions {
    /// The document, as GetPolicy answers it.
    pub(crate) fn document(&self) -> String {
        let statements: Vec<&str> = self.statements.iter().map(|statement| statement.text.as_str()).collect();
        format!(r#"{{"Version":"2012-10-17","Id":"default","Statement":[{}]}}"#, statements.join(","))
    }

    /// As authorization judges by; None where there are no statements. What cannot be read denies everything: it is never an absence.
    pub(crate) fn policy(&self, arn: &str) -> Option<ResourcePolicy> {
        if self.statements.is_empty() {
            return None;
        }
        match policy::parse(&self.document(), Kind::Resource(Flavour::Lambda)) {
            Ok(document) => Some(ResourcePolicy::new(arn, document)),
            Err(error) => {
                tracing::error!(%error, arn, "a stored resource policy cannot be read; it denies");
                policy::parse(DENY, Kind::Resource(Flavour::Lambda))
                    .ok()
                    .map(|document| ResourcePolicy::new(arn, document))
            }
        }
    }

    /// The statement as JSON.
    pub(crate) fn statement(&self, id: &str) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.id == id)
    }
}

const DENY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}"#;

impl Statement {
    /// A statement of JSON.
    pub(crate) fn new(id: &str, document: &Document) -> Self {
        Self { id: id.to_owned(), text: document.to_string() }
    }
}
