//! The in-process way in.

use crate::pipeline::{Decoded, Pipeline};
use clock::Entropy;
use contract::{AnyInput, AnyOutput, Call, Chain, ClientInfo, Dispatch, Principal};
use names::{Arn, RequestId, Scope};
use std::sync::Weak;
use wire::{Document, ErrorResponse, OperationSchema};

/// A way to the pipeline that does not keep it alive.
pub(crate) struct ToPipeline(pub(crate) Weak<Pipeline>);

fn gone() -> ErrorResponse {
    ErrorResponse::new("ServiceUnavailable", "The cloud is shutting down.", 503)
}

fn entropy(pipeline: &Pipeline) -> Result<Entropy, ErrorResponse> {
    pipeline.context.entropy().map_err(|error| {
        tracing::error!(%error, "a call from inside cannot be made");
        ErrorResponse::new("InternalFailure", "", 500)
    })
}

#[async_trait::async_trait]
impl Dispatch for ToPipeline {
    async fn dispatch(
        &self,
        schema: &'static OperationSchema,
        input: AnyInput,
        principal: Principal,
        scope: Scope,
        chain: Chain,
    ) -> Result<AnyOutput, ErrorResponse> {
        let pipeline = self.0.upgrade().ok_or_else(gone)?;
        let operation = pipeline.operation(schema).ok_or_else(|| {
            let what = format!("{}:{} is not built in Cloudchamber.", schema.service.name, schema.name);
            ErrorResponse::new("NotImplemented", what, 501)
        })?;
        let protocol = schema.service.protocols.first().copied().unwrap_or(wire::Protocol::Json11);
        wire::check_input_with(protocol, schema, &|writer| operation.write_input(&input, writer))?;
        let entropy = entropy(&pipeline)?;
        let user_agent = match &principal {
            Principal::Service(service) => service.name.clone(),
            _ => chain.via.last().cloned().unwrap_or_default(),
        };
        // As for a client: the call acts where its principal's credentials are from, not where whoever made it assumed the role from.
        let account = principal.account().unwrap_or(scope.account);
        let call = Call {
            id: RequestId(entropy.uuid_bytes()),
            now: pipeline.context.clock.now(),
            entropy: entropy.split(),
            prepared: None,
            account,
            region: scope.region,
            principal,
            access_key_id: None,
            client: ClientInfo {
                source_ip: None,
                user_agent,
                secure_transport: true,
                multi_factor: None,
                endpoint: pipeline.context.endpoint.clone(),
            },
            chain,
            operation: (schema.service.name, schema.name),
        };
        pipeline.run(Decoded { operation, input, call }).await
    }

    async fn dispatch_document(
        &self,
        (service, name): (&str, &str),
        input: Document,
        principal: Principal,
        scope: Scope,
        chain: Chain,
    ) -> Result<Document, ErrorResponse> {
        let pipeline = self.0.upgrade().ok_or_else(gone)?;
        let schema = pipeline.schema(service, name);
        let Some(operation) = schema.and_then(|schema| pipeline.operation(schema)) else {
            let what = format!("{service}:{name} is not built in Cloudchamber.");
            return Err(ErrorResponse::new("NotImplemented", what, 501));
        };
        let schema = operation.schema();
        let protocol = schema.service.protocols.first().copied().unwrap_or(wire::Protocol::Json11);
        let tokens = entropy(&pipeline)?;
        let mut read = None;
        wire::from_document(protocol, schema, &input, &|| tokens.uuid(), &mut |reader| {
            read = Some(operation.read(reader)?);
            Ok(())
        })?;
        let input = read.ok_or_else(|| ErrorResponse::new("InternalFailure", "", 500))?;
        let output = self.dispatch(schema, input, principal, scope, chain).await?;
        wire::to_document(&|writer| operation.write_output(&output, writer)).map_err(|error| {
            tracing::error!(?error, service, name, "an output cannot be told as a document");
            ErrorResponse::new("InternalFailure", "", 500)
        })
    }

    async fn assume_role(
        &self,
        role: &Arn,
        session_name: &str,
        principal: Principal,
        scope: Scope,
        chain: Chain,
    ) -> Result<Principal, ErrorResponse> {
        let identities = {
            let pipeline = self.0.upgrade().ok_or_else(gone)?;
            std::sync::Arc::clone(&pipeline.identities)
        };
        let (schema, input) = identities.assume_role(role, session_name);
        let output = self.dispatch(schema, input, principal, scope, chain).await?;
        let pipeline = self.0.upgrade().ok_or_else(gone)?;
        let view = pipeline.context.store.view();
        match identities.assumed(&view, &output) {
            Ok(Some(principal)) => Ok(principal),
            Ok(None) => Err(ErrorResponse::new("InternalFailure", "", 500)),
            Err(error) => {
                tracing::error!(%error, "the session of an assumed role cannot be read");
                Err(ErrorResponse::new("InternalFailure", "", 500))
            }
        }
    }
}
