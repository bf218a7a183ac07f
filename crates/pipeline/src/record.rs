//! The record that every call leaves.

use contract::{AnyInput, AnyOperation, AnyOutput, Call, Plane, Principal};
use names::{RequestId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, Store, StoreError, View};
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
    /// When the record was made: at the call's end. Records are kept in this order, give or take the time of a commit.
    pub recorded: Timestamp,
    /// Its id.
    pub id: RequestId,
    /// The service's name, such as `ec2`.
    pub service: String,
    /// The operation, such as `CreateVpc`.
    pub operation: String,
    /// Who asked.
    pub caller: Principal,
    /// The access key that signed.
    pub access_key_id: Option<String>,
    /// The peer's address.
    pub source_ip: Option<String>,
    /// The User-Agent header.
    pub user_agent: String,
    /// TLS was used.
    pub secure_transport: bool,
    /// It worked on what is in a resource (objects, items, messages).
    pub data: bool,
    /// The services that it came through.
    pub via: Vec<String>,
    /// The input as JSON, secrets redacted; None where it could not be told or is longer than 100 KB.
    pub parameters: Option<String>,
    /// The answer as JSON, secrets redacted, of calls that were allowed and change something; None as with parameters.
    pub response: Option<String>,
    /// What became of it.
    pub outcome: CallOutcome,
}

impl CallRecord {
    /// Of a call that was allowed and answered.
    pub(crate) fn allowed(
        operation: &dyn AnyOperation,
        input: &AnyInput,
        output: &AnyOutput,
        call: &Call,
        recorded: Timestamp,
    ) -> Self {
        Self::parameters(operation, input, call, recorded).answered(operation, output)
    }

    /// Of a call whose answer is still to come.
    pub(crate) fn parameters(
        operation: &dyn AnyOperation,
        input: &AnyInput,
        call: &Call,
        recorded: Timestamp,
    ) -> Self {
        let parameters = told(&|writer| operation.write_input(input, writer));
        let data = operation.plane() == Plane::Data;
        Self { parameters, data, ..Self::without_parameters(call, CallOutcome::Allowed, recorded) }
    }

    /// With the answer, where the call changes something.
    pub(crate) fn answered(mut self, operation: &dyn AnyOperation, output: &AnyOutput) -> Self {
        if !self.is_read_only() {
            self.response = told(&|writer| operation.write_output(output, writer));
        }
        self
    }

    /// Of a call whose input was given away.
    pub(crate) fn without_input(
        operation: &dyn AnyOperation,
        call: &Call,
        outcome: CallOutcome,
        recorded: Timestamp,
    ) -> Self {
        let data = operation.plane() == Plane::Data;
        Self { data, ..Self::without_parameters(call, outcome, recorded) }
    }

    fn without_parameters(call: &Call, outcome: CallOutcome, recorded: Timestamp) -> Self {
        Self {
            scope: call.scope(),
            at: call.now,
            recorded,
            id: call.id,
            service: call.operation.0.to_owned(),
            operation: call.operation.1.to_owned(),
            caller: call.principal.clone(),
            access_key_id: call.access_key_id.clone(),
            source_ip: call.client.source_ip.map(|ip| ip.to_string()),
            user_agent: call.client.user_agent.clone(),
            secure_transport: call.client.secure_transport,
            data: false,
            via: call.chain.via.clone(),
            parameters: None,
            response: None,
            outcome,
        }
    }

    /// The call describes and changes nothing, as CloudTrail tells it (`readOnly`).
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        is_read_only(&self.operation)
    }
}

/// Whether an operation describes and changes nothing, as CloudTrail tells it (`readOnly`): by its name, with the exceptions that CloudTrail makes.
#[must_use]
pub fn is_read_only(operation: &str) -> bool {
    const READS: &[&str] = &[
        "Get",
        "List",
        "Describe",
        "Head",
        "Lookup",
        "BatchGet",
        "Query",
        "Scan",
        "Select",
        "Search",
        "Simulate",
        "Validate",
        "Test",
        "Estimate",
        "Filter",
        "Receive",
        "Discover",
        "Verify",
        "TransactGet",
    ];
    const ALSO: &[&str] = &[
        "AssumeRole",
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateMac",
        "GenerateRandom",
        "ReEncrypt",
    ];
    READS.iter().any(|read| operation.starts_with(read)) || ALSO.contains(&operation)
}

/// JSON text for a record, unless it is too long or cannot be told.
fn told(write: wire::Write<'_>) -> Option<String> {
    wire::record_json(write).ok().filter(|text| text.len() <= MOST_PARAMETERS)
}

impl Row for CallRecord {
    const TABLE: &'static str = "pipeline.call-records";
    const SIGNAL: Option<&'static str> = Some(Self::TABLE);
    const QUIET: bool = true;
    type Key = (Timestamp, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.recorded, self.id.to_string())
    }
}

/// Somebody wants records of a service's data-plane calls in an account and region (a trail that selects data events).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRecording {
    /// Where.
    pub scope: Scope,
    /// The service's name, such as `s3`.
    pub service: String,
}

impl Row for DataRecording {
    const TABLE: &'static str = "pipeline.data-recordings";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        self.service.clone()
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

    /// Allowed data-plane calls leave a record only where somebody wants them, so that they cost no write.
    pub(crate) fn records(
        &self,
        operation: &dyn AnyOperation,
        call: &Call,
        view: &View,
    ) -> Result<bool, StoreError> {
        match operation.plane() {
            Plane::Management => Ok(true),
            Plane::Data => view.exists::<DataRecording>(call.scope(), call.operation.0),
        }
    }

    /// Within 50 ms, together with others.
    pub(crate) fn append(&self, record: CallRecord) {
        if let Err(error) = self.store.append_soon([record]) {
            tracing::error!(%error, "the record of a call is lost");
        }
    }
}
