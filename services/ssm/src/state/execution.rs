use contract::{Chain, Principal};
use names::{Arn, Scope, Tags, Timestamp};
use policy::{Flavour, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{IndexEntry, Row};

/// An execution of a runbook. JSON values are kept as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Execution {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) document: String,
    pub(crate) version: String,
    /// The runbook as JSON, as it was when the execution started.
    pub(crate) content: String,
    /// As shown.
    pub(crate) parameters: BTreeMap<String, Vec<String>>,
    /// As steps see them, in JSON.
    pub(crate) values: BTreeMap<String, String>,
    /// The role that steps act as; else they act as who started it.
    pub(crate) role: Option<Arn>,
    pub(crate) principal: Principal,
    pub(crate) chain: Chain,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    /// `InProgress`, `Cancelling`, or how it ended.
    pub(crate) status: String,
    pub(crate) steps: Vec<StepState>,
    /// The step that is next or under way.
    pub(crate) current: usize,
    /// How often steps were begun, to end what goes round in circles.
    pub(crate) begun: u32,
    /// A critical step failed, and the runbook went on.
    pub(crate) degraded: bool,
    pub(crate) outputs: BTreeMap<String, Vec<String>>,
    pub(crate) failure: Option<String>,
    pub(crate) tags: Tags,
    pub(crate) client_token: Option<String>,
    /// Where it is `Cancelling`: the step that is under way may end by itself.
    #[serde(default)]
    pub(crate) finishes_step: bool,
}

/// What became of a step.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct StepState {
    pub(crate) id: String,
    /// `Pending`, `InProgress`, or how it ended.
    pub(crate) status: String,
    pub(crate) started: Option<Timestamp>,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) attempts: u32,
    /// As resolved, in JSON where they are not text.
    pub(crate) inputs: BTreeMap<String, String>,
    /// In JSON.
    pub(crate) outputs: BTreeMap<String, String>,
    pub(crate) response: Option<String>,
    pub(crate) response_code: Option<String>,
    pub(crate) failure: Option<String>,
    /// What was said to it, in order.
    #[serde(default)]
    pub(crate) signals: Vec<Signal>,
    /// Its approvers were told.
    #[serde(default)]
    pub(crate) notified: bool,
}

/// A signal that somebody sent to a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signal {
    /// `Approve`, `Reject` or `Resume`.
    pub(crate) kind: String,
    /// The principal's ARN.
    pub(crate) by: String,
    pub(crate) comment: String,
    pub(crate) at: Timestamp,
}

impl Execution {
    /// `arn:aws:ssm:REGION:ACCOUNT:automation-execution/ID`.
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("ssm", self.scope, format!("automation-execution/{}", self.id))
    }

    /// AWS Config looks after the executions that its remediation role started: the role's own policy lets it start them and no more, so that
    /// the execution lets the service read it.
    pub(crate) fn watched_by(&self) -> Option<Arc<policy::Document>> {
        let Principal::Role(session) = &self.principal else { return None };
        if session.role_name != "AWSServiceRoleForConfigRemediation" {
            return None;
        }
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"config.amazonaws.com"}},"Action":"ssm:GetAutomationExecution","Resource":"{}","Condition":{{"StringEquals":{{"aws:SourceAccount":"{}"}}}}}}]}}"#,
            self.arn(),
            self.scope.account
        );
        policy::parse(&text, Kind::Resource(Flavour::Other)).ok()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.is_some()
    }
}

impl Row for Execution {
    const TABLE: &'static str = "ssm.executions";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let mut entries = vec![IndexEntry::new("started", (self.started, &self.id))];
        entries.extend(self.client_token.as_ref().map(|token| IndexEntry::new("token", token.as_str())));
        entries
    }
}
