//! What services' request logs are told (S3's server access logs).

use crate::answer::Answer;
use crate::gateway::Gateway;
use crate::received::Received;
use contract::{Call, RequestLog, ServedRequest, SignedBy};
use std::sync::Arc;
use wire::{ErrorResponse, Labels, OperationSchema};

/// A request that its service's log will be told of.
pub(crate) struct Noted {
    log: Arc<dyn RequestLog>,
    request: ServedRequest,
}

impl Gateway {
    /// The note of a request, where its service keeps a log.
    pub(crate) fn note(
        &self,
        received: &Received,
        call: &Call,
        schema: &OperationSchema,
        labels: &Labels,
    ) -> Option<Noted> {
        let (_, log) = self.request_logs.iter().find(|(name, _)| *name == schema.service.name)?;
        let signed_by = match &call.access_key_id {
            None => SignedBy::Nobody,
            Some(_) if call.operation.1 == crate::form_upload::OPERATION => SignedBy::Form,
            Some(_) if received.header("authorization").is_some() => SignedBy::Header,
            Some(_) => SignedBy::Query,
        };
        let question = if received.query().is_empty() { "" } else { "?" };
        let number = |name: &str| received.header(name)?.parse::<u64>().ok();
        let request = ServedRequest {
            operation: call.operation.1,
            labels: labels.clone(),
            id: call.id,
            at: call.now,
            elapsed: std::time::Duration::ZERO,
            method: received.method().to_owned(),
            uri: format!("{}{question}{}", received.path(), received.query()),
            principal: call.principal.clone(),
            signed_by,
            source_ip: call.client.source_ip,
            user_agent: call.client.user_agent.clone(),
            referer: received.header("referer").map(|referer| referer.chars().take(1024).collect()),
            host: received.host().to_owned(),
            tls: received.tls,
            status: 200,
            error_code: None,
            sent: None,
            object_size: number("x-amz-decoded-content-length")
                .or_else(|| number("content-length"))
                .filter(|_| wire::streams_input(schema)),
        };
        Some(Noted { log: Arc::clone(log), request })
    }
}

impl Noted {
    /// It was refused.
    pub(crate) fn refused(mut self, error: &ErrorResponse, gateway: &Gateway) {
        self.request.status = error.status;
        self.request.error_code = Some(error.code.clone());
        self.tell(gateway);
    }

    /// It was answered.
    pub(crate) fn answered(mut self, answer: &Answer, gateway: &Gateway) {
        let header = |name: &str| answer.0.headers().get(name).and_then(|value| value.to_str().ok());
        self.request.status = answer.0.status().as_u16();
        let length = header("content-length").and_then(|length| length.parse::<u64>().ok());
        let exact = http_body::Body::size_hint(answer.0.body()).exact();
        self.request.sent = if self.request.method == "HEAD" { None } else { length.or(exact) };
        let of = header("content-range").and_then(|range| range.rsplit('/').next()?.parse().ok());
        if matches!(self.request.operation, "GetObject" | "HeadObject") {
            self.request.object_size = of.or(length);
        }
        self.tell(gateway);
    }

    fn tell(mut self, gateway: &Gateway) {
        let context = gateway.pipeline.context();
        self.request.elapsed = context.clock.now().since(self.request.at);
        self.log.note(&self.request, context);
    }
}
