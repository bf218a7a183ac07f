use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{IndexEntry, Row, StoreError, View};

/// An evaluation of a resource that is under way: from before the rule is invoked until it has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Evaluation {
    /// Where.
    pub(crate) scope: Scope,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
    /// The rule's id.
    pub(crate) rule_id: String,
    /// When it began.
    pub(crate) started: Timestamp,
    /// When it counts as ended, whatever became of it.
    pub(crate) deadline: Timestamp,
}

/// A resource that changed while an evaluation of it was under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Unsettled {
    /// Where.
    pub(crate) scope: Scope,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
    /// Who changed it, by ARN.
    #[serde(default)]
    pub(crate) by: BTreeSet<String>,
}

/// A resource of a type that is recorded once a day, which changed today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChangedToday {
    /// Where.
    pub(crate) scope: Scope,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
}

/// How often a rule was sent a resource lately: what keeps a function that changes its resource on every run from running all the time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pace {
    /// Where.
    pub(crate) scope: Scope,
    /// The rule's id.
    pub(crate) rule_id: String,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
    /// The minute's beginning.
    pub(crate) since: Timestamp,
    /// How often since then.
    pub(crate) count: u32,
}

/// What a rule's function proves by that it was asked: 256 random bits, of which only the hash is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResultToken {
    /// The account and region that it is good for.
    pub(crate) scope: Scope,
    /// SHA-256 of the token, in hexadecimal digits. Looking up a hash takes the same time for every wrong token.
    pub(crate) hash: String,
    /// The rule's id, so that a rule that was deleted and made again has other tokens.
    pub(crate) rule_id: String,
    /// When the rule was invoked.
    pub(crate) invoked: Timestamp,
    /// When it ends.
    pub(crate) expires: Timestamp,
}

impl Evaluation {
    /// The latest deadline of the evaluations of a resource that are under way; None where none is.
    pub(crate) fn under_way(
        view: &View,
        scope: Scope,
        resource: (&str, &str),
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let evaluations = view.scan::<Self>(scope, resource).rows()?;
        Ok(evaluations
            .into_iter()
            .map(|evaluation| evaluation.deadline)
            .filter(|deadline| *deadline > now)
            .max())
    }
}

impl Row for Evaluation {
    const TABLE: &'static str = "config.evaluations";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.resource_id.clone(), self.rule_id.clone())
    }
}

impl Row for Unsettled {
    const TABLE: &'static str = "config.unsettled";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.resource_id.clone())
    }
}

impl Row for ChangedToday {
    const TABLE: &'static str = "config.changed_today";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.resource_id.clone())
    }
}

impl Row for Pace {
    const TABLE: &'static str = "config.paces";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.rule_id.clone(), self.resource_type.clone(), self.resource_id.clone())
    }
}

impl Row for ResultToken {
    const TABLE: &'static str = "config.result_tokens";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.hash.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("expires", self.expires)]
    }
}
