//! What goes into an environment and what comes out.

use crate::logs::Logs;
use bytes::Bytes;
use std::time::Duration;

/// One event for a function.
#[derive(Clone)]
pub struct Invocation {
    /// The id that AWS answers in `x-amzn-RequestId`.
    pub request_id: String,
    /// The event. JSON; an Invoke without a payload is the service's to turn into `{}`.
    pub payload: Bytes,
    /// The function's timeout: the time it has from when it gets the event.
    pub deadline: Duration,
    /// The ARN by which the function was called, with its qualifier.
    pub function_arn: String,
    /// The decoded JSON of `X-Amz-Client-Context`.
    pub client_context: Option<String>,
    /// The JSON of the Cognito identity, if there is one.
    pub cognito_identity: Option<String>,
    /// The value of `X-Amzn-Trace-Id`.
    pub trace_id: Option<String>,
}

impl std::fmt::Debug for Invocation {
    /// Without the event, which may hold secrets.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Invocation").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}

/// What came of an invocation.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The result or the error.
    pub result: InvocationResult,
    /// What was printed, initialization included if this was the first.
    pub logs: Logs,
    /// What Lambda writes to the log after the `REPORT` line when the function was ended or ended itself, newlines
    /// included: `… Task timed out after 3.00 seconds`, or `RequestId: … Error: …` and the type of the error.
    pub platform_line: Option<String>,
    /// How long initialization took, if this was the first.
    pub init_duration: Option<Duration>,
    /// From when the function was ready for the event to its answer.
    pub duration: Duration,
    /// The most memory that the environment has used so far, in MB.
    pub max_memory_used_mb: u32,
}

/// The result or the error. All but the first mean `FunctionError: Unhandled`, with the payload as the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvocationResult {
    /// The function's result.
    Response(Bytes),
    /// An error that the function or its runtime reported.
    FunctionError {
        /// `errorType`, such as `KeyError` or `Runtime.ImportModuleError`.
        error_type: String,
        /// The error document.
        payload: Bytes,
    },
    /// It took longer than its timeout. The environment has been ended.
    TimedOut {
        /// The error document (`Sandbox.Timedout`).
        payload: Bytes,
    },
    /// The runtime's process ended. The environment has ended with it.
    Exited {
        /// The wait status; None if the process was killed from outside.
        status: Option<i32>,
        /// The error document (`Runtime.ExitError`).
        payload: Bytes,
    },
    /// It used more memory than it may. The environment has been ended. Reports name this `Runtime.OutOfMemory`.
    OutOfMemory {
        /// The error document (`Runtime.ExitError`, as AWS answers it).
        payload: Bytes,
    },
}

impl InvocationResult {
    /// What Invoke answers in its body.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        match self {
            InvocationResult::Response(payload)
            | InvocationResult::FunctionError { payload, .. }
            | InvocationResult::TimedOut { payload }
            | InvocationResult::Exited { payload, .. }
            | InvocationResult::OutOfMemory { payload } => payload,
        }
    }

    /// The type of the error, as reports name it; None for a result.
    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        match self {
            InvocationResult::Response(_) => None,
            InvocationResult::FunctionError { error_type, .. } => Some(error_type),
            InvocationResult::TimedOut { .. } => Some("Sandbox.Timedout"),
            InvocationResult::Exited { .. } => Some("Runtime.ExitError"),
            InvocationResult::OutOfMemory { .. } => Some("Runtime.OutOfMemory"),
        }
    }
}
