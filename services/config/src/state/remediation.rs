use names::{Arn, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, View};

/// How a rule's resources are put right. A rule has one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RemediationConfiguration {
    pub(crate) scope: Scope,
    pub(crate) rule: String,
    /// A random part of its ARN.
    pub(crate) id: String,
    /// The runbook, by name or ARN.
    pub(crate) target: String,
    pub(crate) target_version: Option<String>,
    pub(crate) parameters: BTreeMap<String, RemediationParameter>,
    pub(crate) resource_type: Option<String>,
    pub(crate) automatic: bool,
    /// `ConcurrentExecutionRatePercentage` and `ErrorPercentage`, as given.
    pub(crate) controls: Option<(Option<i32>, Option<i32>)>,
    pub(crate) attempts: Option<i32>,
    pub(crate) seconds: Option<i64>,
}

/// A parameter of the runbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum RemediationParameter {
    /// The resource's id.
    ResourceId,
    /// Always these.
    Static(Vec<String>),
}

/// What is done, or was done last, to put a resource right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remediation {
    pub(crate) scope: Scope,
    pub(crate) rule: String,
    pub(crate) resource_type: String,
    pub(crate) resource_id: String,
    /// Of AWS's: `QUEUED`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED`.
    pub(crate) state: String,
    pub(crate) automatic: bool,
    pub(crate) invoked: Timestamp,
    pub(crate) updated: Timestamp,
    /// When automatic executions were started lately.
    pub(crate) starts: Vec<Timestamp>,
    /// So that an execution that was started before a `kill -9` is found again.
    pub(crate) token: String,
    pub(crate) execution: Option<String>,
    pub(crate) steps: Vec<RemediationStep>,
}

/// A step of the runbook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RemediationStep {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) error: Option<String>,
    pub(crate) started: Option<Timestamp>,
    pub(crate) stopped: Option<Timestamp>,
}

/// A resource that a rule's automatic remediation leaves alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RemediationException {
    pub(crate) scope: Scope,
    pub(crate) rule: String,
    pub(crate) resource_type: String,
    pub(crate) resource_id: String,
    pub(crate) message: Option<String>,
    pub(crate) expires: Option<Timestamp>,
}

impl RemediationConfiguration {
    /// `arn:aws:config:REGION:ACCOUNT:remediation-configuration/RULE/ID`.
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("config", self.scope, format!("remediation-configuration/{}/{}", self.rule, self.id))
    }
}

impl Remediation {
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.state.as_str(), "QUEUED" | "IN_PROGRESS")
    }
}

impl RemediationException {
    /// The exception of a resource, unless it has expired.
    pub(crate) fn of(
        view: &View,
        scope: Scope,
        key: (&str, &str, &str),
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let found = view.get::<Self>(scope, key)?;
        Ok(found.filter(|exception| exception.expires.is_none_or(|expires| expires > now)))
    }
}

impl Row for RemediationConfiguration {
    const TABLE: &'static str = "config.remediation_configurations";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.rule.clone()
    }
}

impl Row for Remediation {
    const TABLE: &'static str = "config.remediations";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.rule.clone(), self.resource_type.clone(), self.resource_id.clone())
    }
}

impl Row for RemediationException {
    const TABLE: &'static str = "config.remediation_exceptions";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.rule.clone(), self.resource_type.clone(), self.resource_id.clone())
    }
}
