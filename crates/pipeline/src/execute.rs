//! Carrying out what is authorized.

use crate::authorize::{Authorized, Permit, authorize};
use crate::pipeline::{Decoded, Pipeline, internal_failure};
use crate::record::{CallOutcome, CallRecord};
use contract::{AnyInput, AnyOperation, AnyOutput, Call, Context, RunFailure, Unprepared};
use store::{Committed, StoreError, Tx};
use wire::ErrorResponse;

/// How often what a transaction needs of other services is asked for: again where it changed meanwhile.
const PREPARATIONS: usize = 3;

/// Why a transaction of a call ended without an output.
enum Ended {
    Store(StoreError),
    Denied(ErrorResponse),
    Failed(RunFailure),
}

impl From<StoreError> for Ended {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn execute(authorized: Authorized<'_>, tx: &mut Tx) -> Result<AnyOutput, RunFailure> {
    let Authorized { operation, input, call, denials, .. } = authorized;
    operation.transact(input, denials, call, tx)
}

async fn carry_out(
    _permit: Permit,
    operation: &dyn AnyOperation,
    input: AnyInput,
    call: &Call,
    context: &Context,
) -> Result<AnyOutput, RunFailure> {
    operation.orchestrate(input, call, context).await
}

impl Pipeline {
    pub(crate) async fn transact(&self, decoded: Decoded) -> Result<AnyOutput, ErrorResponse> {
        let Decoded { operation, input, mut call } = decoded;
        let now = || self.context.clock.now();
        let mut ended = self.attempt(&*operation, &input, &call);
        for _ in 0..PREPARATIONS {
            if !matches!(ended, Err(Ended::Failed(RunFailure::Unprepared))) {
                break;
            }
            match operation.prepare(&input, &call, &self.context).await {
                Ok(prepared) => call.prepared = Some(prepared),
                Err(failure) => {
                    return Err(self.refuse(Ended::Failed(failure), &*operation, Some(&input), &call));
                }
            }
            ended = self.attempt(&*operation, &input, &call);
        }
        match ended {
            Ok(((output, to_record), committed)) => {
                if let Err(error) = committed.wait().await {
                    return Err(internal_failure(&call, &error.to_string()));
                }
                if to_record {
                    self.recorder.append(CallRecord::allowed(&*operation, &input, &output, &call, now()));
                }
                Ok(output)
            }
            Err(ended) => Err(self.refuse(ended, &*operation, Some(&input), &call)),
        }
    }

    /// Authorizes and runs it in one transaction, with its record.
    fn attempt(
        &self,
        operation: &dyn AnyOperation,
        input: &AnyInput,
        call: &Call,
    ) -> Result<((AnyOutput, bool), Committed), Ended> {
        self.context.store.transact_pending(Some(call.cause()), |tx| {
            let call = call.again();
            let authorized =
                authorize(&*self.identities, operation, input, &call, tx.view())?.map_err(Ended::Denied)?;
            let output = execute(authorized, tx).map_err(Ended::Failed)?;
            // The record shares the commit of what it records; a call that wrote nothing needs no commit of its own.
            let wrote = tx.has_writes();
            let recorded = self.recorder.records(operation, &call, tx.view())?;
            if recorded && wrote {
                tx.put(CallRecord::allowed(operation, input, &output, &call, self.context.clock.now()))?;
            }
            Ok((output, recorded && !wrote))
        })
    }

    pub(crate) async fn orchestrate(&self, decoded: Decoded) -> Result<AnyOutput, ErrorResponse> {
        let Decoded { operation, input, call } = decoded;
        let view = self.context.store.view();
        let permit = match authorize(&*self.identities, &*operation, &input, &call, &view) {
            Err(error) => return Err(self.refuse(Ended::Store(error), &*operation, Some(&input), &call)),
            Ok(Err(denial)) => {
                return Err(self.refuse(Ended::Denied(denial), &*operation, Some(&input), &call));
            }
            Ok(Ok(authorized)) => authorized.permit(),
        };
        let recorded = match self.recorder.records(&*operation, &call, &view) {
            Ok(recorded) => recorded,
            Err(error) => return Err(self.refuse(Ended::Store(error), &*operation, Some(&input), &call)),
        };
        drop(view);
        // The input is given away, so what is recorded of it is told before.
        let record = recorded.then(|| CallRecord::parameters(&*operation, &input, &call, call.now));
        match carry_out(permit, &*operation, input, &call, &self.context).await {
            Ok(output) => {
                if let Some(record) = record {
                    let record = CallRecord { recorded: self.context.clock.now(), ..record };
                    self.recorder.append(record.answered(&*operation, &output));
                }
                Ok(output)
            }
            Err(failure) => Err(self.refuse(Ended::Failed(failure), &*operation, None, &call)),
        }
    }

    /// Records what was denied or failed, and answers it.
    fn refuse(
        &self,
        ended: Ended,
        operation: &dyn AnyOperation,
        input: Option<&AnyInput>,
        call: &Call,
    ) -> ErrorResponse {
        let (response, outcome) = match ended {
            Ended::Store(error) => {
                let response = internal_failure(call, &error.to_string());
                let outcome = CallOutcome::failed(&response);
                (response, outcome)
            }
            Ended::Denied(response) => {
                let outcome = CallOutcome::denied(&response);
                (response, outcome)
            }
            Ended::Failed(failure) => {
                let response = match failure {
                    RunFailure::Answered(response) => response,
                    RunFailure::Fault(chain) => internal_failure(call, &chain),
                    RunFailure::Unprepared => internal_failure(call, &Unprepared.to_string()),
                };
                let outcome = CallOutcome::failed(&response);
                (response, outcome)
            }
        };
        let now = self.context.clock.now();
        self.recorder.append(match input {
            Some(input) => CallRecord { outcome, ..CallRecord::parameters(operation, input, call, now) },
            None => CallRecord::without_input(operation, call, outcome, now),
        });
        response
    }
}
