//! InvokeAsync, which AWS keeps for old clients.

use super::find;
use super::invoke::{LARGEST_ASYNCHRONOUS, draw, event};
use crate::Lambda;
use crate::access::on_function;
use crate::asynchronous::{Event, enqueue};
use crate::error::{Throttle, throttled};
use crate::metrics::Measured;
use crate::reference::FunctionReference;
use api_lambda::{Error, InvalidRequestContentException, InvokeAsync, InvokeAsyncOutput};
use bytes::BytesMut;
use contract::{Access, Call, Context, Orchestrate};
use futures::StreamExt;
use store::View;

#[async_trait::async_trait]
impl Orchestrate<InvokeAsync> for Lambda {
    fn access(&self, input: &InvokeAsync, call: &Call, view: &View) -> Access {
        on_function("lambda:InvokeAsync", &input.function_name, None, call, view)
    }

    async fn run(
        &self,
        input: InvokeAsync,
        call: &Call,
        context: &Context,
    ) -> Result<InvokeAsyncOutput, Error> {
        let reference = FunctionReference::read(&input.function_name, None, call)?;
        let mut body = BytesMut::new();
        let mut chunks = input.invoke_args.into_chunks();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| {
                let message = format!("Could not read the request body: {error}");
                Error::from(InvalidRequestContentException { message, r#type: Some("User".into()) })
            })?;
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST_ASYNCHRONOUS {
                break;
            }
        }
        let payload = event(Some(body.freeze()), LARGEST_ASYNCHRONOUS)?;
        let found = find(&context.store.view(), &reference, Some(draw(call)))?;
        if found.function.reserved_concurrency == Some(0) {
            Measured::reference(&reference).throttled(call.now, &context.store);
            return Err(throttled(Throttle::Reserved));
        }
        let event = Event::new(&reference, &found, payload, None, call);
        context.transact(call, |call, tx| enqueue(&event, call, tx)).await?;
        Ok(InvokeAsyncOutput { status: Some(202) })
    }
}
