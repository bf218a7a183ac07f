//! Carrying out what is authorized.

use crate::authorize::{Authorized, Permit, authorize};
use crate::pipeline::{Decoded, Pipeline, internal_failure};
use crate::record::{CallOutcome, CallRecord};
use contract::{AnyInput, AnyOperation, AnyOutput, Call, Context, RunFailure};
use store::{StoreError, Tx};
use wire::ErrorResponse;

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
    let Authorized { operation, input, call, .. } = authorized;
    operation.transact(input, call, tx)
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
        let Decoded { operation, input, call } = decoded;
        let recorded = self.recorder.records(&*operation);
        let ended = self.context.store.transact_pending(Some(call.cause()), |tx| {
            let call = call.again();
            let authorized = authorize(&*self.identities, &*operation, &input, &call, tx.view())?
                .map_err(Ended::Denied)?;
            let output = execute(authorized, tx).map_err(Ended::Failed)?;
            // The record shares the commit of what it records; a call that wrote nothing needs no commit of its own.
            let wrote = tx.has_writes();
            if recorded && wrote {
                tx.put(CallRecord::new(&*operation, &input, &call, CallOutcome::Allowed))?;
            }
            Ok((output, wrote))
        });
        match ended {
            Ok(((output, wrote), committed)) => {
                if let Err(error) = committed.wait().await {
                    return Err(internal_failure(&call, &error.to_string()));
                }
                if recorded && !wrote {
                    self.recorder.append(CallRecord::new(&*operation, &input, &call, CallOutcome::Allowed));
                }
                Ok(output)
            }
            Err(ended) => Err(self.refuse(ended, &*operation, Some(&input), &call)),
        }
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
        drop(view);
        let record = self
            .recorder
            .records(&*operation)
            .then(|| CallRecord::new(&*operation, &input, &call, CallOutcome::Allowed));
        match carry_out(permit, &*operation, input, &call, &self.context).await {
            Ok(output) => {
                if let Some(record) = record {
                    self.recorder.append(record);
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
            Ended::Failed(RunFailure { response, fault }) => {
                let response = match fault {
                    Some(fault) => internal_failure(call, &fault),
                    None => response,
                };
                let outcome = CallOutcome::failed(&response);
                (response, outcome)
            }
        };
        self.recorder.append(match input {
            Some(input) => CallRecord::new(operation, input, call, outcome),
            None => CallRecord::without_parameters(call, outcome),
        });
        response
    }
}
