//! The record that every call leaves.

use contract::{AnyInput, AnyOperation, Call, Plane};
use names::{RequestId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, Store};
use wire::ErrorResponse;

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallOutcome {
    /// It was allowed and answered.
    Allowed,
    /// It was denied: code and sentence.
    Denied(String, String),
    /// It was allowed and failed: code and sentence.
    Failed(String, String),
}

/// The most bytes of an input that a record keeps, as CloudTrail does: longer ones are left out, so that calls that are denied cannot fill a disk.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
const MOST_PARAMETERS: usize = 100 * 1024;

impl CallOutcome {
    pub(crate) fn denied(response: &ErrorResponse) -> Self {
        Self::Denied(response.code.clone(), response.message.clone())
    }

    pub(crate) fn failed(response: &ErrorResponse) -> Self {
        Self::Failed(response.code.clone(), response.message.clone())
    }
}

/// One call, allowed, denied or failed. CloudTrail's events are made of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// Where it acted.
    pub scope: Scope,
    /// When it was received.
    pub at: Timestamp,
    /// Its id.
    pub id: RequestId,
    /// The service's name, such as `ec2`.
    pub service: String,
    /// The operation, such as `CreateVpc`.
    pub operation: String,
    /// The principal's ARN.
    pub principal: String,
    /// The access key that signed.
    pub access_key_id: Option<String>,
    /// The peer's address.
    pub source_ip: Option<String>,
    /// The User-Agent header.
    pub user_agent: String,
    /// The services that it came through.
    pub via: Vec<String>,
    /// The input as JSON, secrets redacted; None where it could not be told or is longer than 100 KB.
    pub parameters: Option<String>,
    /// What became of it.
    pub outcome: CallOutcome,
}

impl CallRecord {
    pub(crate) fn new(
        operation: &dyn AnyOperation,
        input: &AnyInput,
        call: &Call,
        outcome: CallOutcome,
    ) -> Self {
        let parameters = wire::record_json(&|writer| operation.write_input(input, writer));
        let parameters = parameters.ok().filter(|text| text.len() <= MOST_PARAMETERS);
        Self { parameters, ..Self::without_parameters(call, outcome) }
    }

    pub(crate) fn without_parameters(call: &Call, outcome: CallOutcome) -> Self {
        Self {
            scope: call.scope(),
            at: call.now,
            id: call.id,
            service: call.operation.0.to_owned(),
            operation: call.operation.1.to_owned(),
            principal: call.principal.arn(),
            access_key_id: call.access_key_id.clone(),
            source_ip: call.client.source_ip.map(|ip| ip.to_string()),
            user_agent: call.client.user_agent.clone(),
            via: call.chain.via.clone(),
            parameters: None,
            outcome,
        }
    }
}

impl Row for CallRecord {
    const TABLE: &'static str = "pipeline.call-records";
    type Key = (Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.at, self.id.to_string())
    }
}

/// Writes records of calls that have no commit of their own.
pub(crate) struct Recorder {
    store: Store,
}

impl Recorder {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Allowed data-plane calls leave a record only where a trail selects them; until trails exist, none does.
    pub(crate) fn records(&self, operation: &dyn AnyOperation) -> bool {
        operation.plane() == Plane::Management
    }

    /// Within 50 ms, together with others.
    pub(crate) fn append(&self, record: CallRecord) {
        if let Err(error) = self.store.append_soon([record]) {
            tracing::error!(%error, "the record of a call is lost");
        }
    }
}
