use names::{Scope, Timestamp};
use policy::{Flavour, Kind, ParseError, ResourcePolicy};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};
use wire::{Document, document};

/// A resource policy: of the account's groups in a region, or of one group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) scope: Scope,
    /// The group's ARN without `:*`; empty where it is the account's.
    pub(crate) resource: String,
    /// Empty where it is a group's.
    pub(crate) name: String,
    pub(crate) document: String,
    pub(crate) updated: Timestamp,
    pub(crate) revision: String,
}

/// What a call on a group is judged by, or why it must be denied.
pub(crate) enum Judged {
    By(Option<ResourcePolicy>),
    Unreadable(ParseError),
}

impl Policy {
    /// The policies that bear on a group, as one.
    pub(crate) fn of_group(view: &View, scope: Scope, group_arn: &str) -> Result<Judged, StoreError> {
        let mut statements: Vec<Document> = Vec::new();
        for resource in ["", group_arn] {
            for policy in view.scan::<Self>(scope, (resource,)).rows()? {
                if let Err(error) = policy::parse(&policy.document, Kind::Resource(Flavour::Logs)) {
                    return Ok(Judged::Unreadable(error));
                }
                match Document::parse(&policy.document).ok().as_ref().and_then(|it| it.get("Statement")) {
                    Some(Document::Array(own)) => statements.extend(own.iter().cloned()),
                    Some(own) => statements.push(own.clone()),
                    None => {}
                }
            }
        }
        if statements.is_empty() {
            return Ok(Judged::By(None));
        }
        let whole = document!({ "Version": "2012-10-17", "Statement": (Document::Array(statements)) });
        Ok(match policy::parse(&whole.to_string(), Kind::Resource(Flavour::Logs)) {
            Ok(document) => Judged::By(Some(ResourcePolicy::new(group_arn, document))),
            Err(error) => Judged::Unreadable(error),
        })
    }
}

impl Row for Policy {
    const TABLE: &'static str = "logs.resource_policies";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource.clone(), self.name.clone())
    }
}
