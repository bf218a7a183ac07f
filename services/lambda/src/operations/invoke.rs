//! Invoke.

use super::find;
use crate::Lambda;
use crate::access::on_function;
use crate::asynchronous::{Event, enqueue};
use crate::error::{Throttle, invalid, throttled};
use crate::execution::Work;
use crate::metrics::Measured;
use crate::reference::FunctionReference;
use crate::state::alias::WHOLE;
use api_lambda::{
    Error, InvalidRequestContentException, InvocationType, Invoke, InvokeOutput, LogType,
    RequestTooLargeException,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use contract::{Access, Call, Context, Orchestrate};
use store::View;
use wire::Document;

/// The largest events, in bytes.
const LARGEST_SYNCHRONOUS: usize = 6_291_456;
pub(super) const LARGEST_ASYNCHRONOUS: usize = 1_048_576;

/// A draw among an alias's shares.
pub(super) fn draw(call: &Call) -> u32 {
    let bytes = call.entropy.bytes();
    let number = bytes.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    u32::try_from(number % u64::from(WHOLE)).unwrap_or(0)
}

/// The event, checked to be JSON; none is `{}`.
pub(super) fn event(payload: Option<Bytes>, largest: usize) -> Result<Bytes, Error> {
    let payload = payload.filter(|payload| !payload.is_empty()).unwrap_or_else(|| Bytes::from_static(b"{}"));
    if payload.len() > largest {
        let message =
            format!("Request must be smaller than {largest} bytes for the InvokeFunction operation");
        return Err(RequestTooLargeException { message, r#type: Some("User".into()) }.into());
    }
    if let Err(error) = Document::parse_bytes(&payload) {
        let message = format!("Could not parse request body into json: {error}");
        return Err(InvalidRequestContentException { message, r#type: Some("User".into()) }.into());
    }
    Ok(payload)
}

/// `X-Amz-Client-Context`, decoded.
fn client_context(encoded: Option<String>) -> Result<Option<String>, Error> {
    let Some(encoded) = encoded.filter(|encoded| !encoded.is_empty()) else { return Ok(None) };
    let refused = || {
        let message = "Client context must be a valid Base64-encoded JSON object.".to_owned();
        Error::from(InvalidRequestContentException { message, r#type: Some("User".into()) })
    };
    if encoded.len() > 3583 {
        return Err(refused());
    }
    let text =
        STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refused)?;
    match Document::parse(&text) {
        Ok(Document::Object(_)) => Ok(Some(text)),
        _ => Err(refused()),
    }
}

#[async_trait::async_trait]
impl Orchestrate<Invoke> for Lambda {
    fn access(&self, input: &Invoke, call: &Call, view: &View) -> Access {
        on_function("lambda:InvokeFunction", &input.function_name, input.qualifier.as_deref(), call, view)
    }

    async fn run(&self, input: Invoke, call: &Call, context: &Context) -> Result<InvokeOutput, Error> {
        let reference = FunctionReference::read(&input.function_name, input.qualifier.as_deref(), call)?;
        let found = find(&context.store.view(), &reference, Some(draw(call)))?;
        if input.tenant_id.is_some() {
            return Err(invalid(
                "The invoked function is not enabled with tenancy configuration, remove tenant ID from your request and try again.",
            ));
        }
        if input.durable_execution_name.is_some() {
            return Err(invalid(
                "The invoked function is not a durable function: DurableExecutionName cannot be given.",
            ));
        }
        let kind = input.invocation_type.unwrap_or(InvocationType::RequestResponse);
        let largest = if kind == InvocationType::Event { LARGEST_ASYNCHRONOUS } else { LARGEST_SYNCHRONOUS };
        let payload = event(input.payload, largest)?;
        let client_context = client_context(input.client_context)?;
        if kind == InvocationType::DryRun {
            return Ok(InvokeOutput { status_code: Some(204), ..InvokeOutput::default() });
        }
        if kind == InvocationType::Event {
            // Reserved concurrency of zero stops a function: its events are not even taken.
            if found.function.reserved_concurrency == Some(0) {
                Measured::reference(&reference).throttled(call.now, &context.store);
                return Err(throttled(Throttle::Reserved));
            }
            let event = Event::new(&reference, &found, payload, client_context, call);
            context.transact(call, |call, tx| enqueue(&event, call, tx)).await?;
            return Ok(InvokeOutput { status_code: Some(202), ..InvokeOutput::default() });
        }
        let work = Work {
            function: found.function,
            configuration: found.configuration,
            version: found.version,
            invoked_arn: reference.arn(),
            request_id: call.id.to_string(),
            payload,
            client_context,
            chain: call.chain.clone(),
        };
        let executed = self.engine.execute(work, context).await?;
        let result = &executed.outcome.result;
        Ok(InvokeOutput {
            status_code: Some(200),
            function_error: result.error_type().map(|_| "Unhandled".to_owned()),
            log_result: (input.log_type == Some(LogType::Tail)).then(|| STANDARD.encode(&executed.tail)),
            payload: Some(result.payload().clone()),
            executed_version: Some(executed.version),
            durable_execution_arn: None,
        })
    }
}
