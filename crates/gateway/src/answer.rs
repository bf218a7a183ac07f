//! Answers on their way out.

use crate::gateway::Refusal;
use bytes::Bytes;
use futures::StreamExt;
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use names::RequestId;
use wire::{Body, ErrorContext, HttpResponse, ServiceSchema};

/// In whose name requests are refused that are for no service we know.
static NO_SERVICE: ServiceSchema = ServiceSchema {
    name: "",
    endpoint_prefix: "",
    signing_name: "",
    action_prefix: "",
    service_id: "",
    version: "",
    target_prefix: None,
    protocols: &[],
    xml_namespace: None,
    global: false,
    constraint_code: None,
    all_operations: &[],
};

/// An HTTP answer.
pub struct Answer(pub http::Response<UnsyncBoxBody<Bytes, std::io::Error>>);

fn whole(bytes: Bytes) -> UnsyncBoxBody<Bytes, std::io::Error> {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

impl Answer {
    pub(crate) fn new(status: u16, content_type: &'static str, body: Bytes) -> Self {
        let mut response = http::Response::new(whole(body));
        *response.status_mut() =
            http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
        response
            .headers_mut()
            .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
        Self(response)
    }

    /// Of a body that may stream.
    pub(crate) fn of_body(status: u16, content_type: &'static str, body: Body) -> Self {
        match body {
            Body::Whole(bytes) => Self::new(status, content_type, bytes),
            stream => {
                let mut answer = Self::new(status, content_type, Bytes::new());
                let chunks = stream.into_chunks().map(|chunk| chunk.map(Frame::data));
                *answer.0.body_mut() = StreamBody::new(chunks).boxed_unsync();
                answer
            }
        }
    }

    /// The same head, as HEAD is answered.
    pub(crate) fn without_body(mut self) -> Self {
        *self.0.body_mut() = whole(Bytes::new());
        self
    }

    pub(crate) fn plain(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", Bytes::from(format!("{text}\n")))
    }

    pub(crate) fn json(status: u16, document: &wire::Document) -> Self {
        Self::new(status, "application/json", Bytes::from(format!("{}\n", document.pretty())))
    }
}

/// An encoded answer, ready for the network. The answer to HEAD keeps the length of the body that it does not have.
pub(crate) fn finished(response: HttpResponse, head: bool) -> Answer {
    let length = response.body.length();
    let streamed_length = match &response.body {
        Body::Stream(_, length) => *length,
        Body::Whole(_) => None,
    };
    let body = match response.body {
        _ if head => whole(Bytes::new()),
        Body::Whole(bytes) => whole(bytes),
        stream => StreamBody::new(stream.into_chunks().map(|chunk| chunk.map(Frame::data))).boxed_unsync(),
    };
    let mut answer = http::Response::new(body);
    *answer.status_mut() =
        http::StatusCode::from_u16(response.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    *answer.headers_mut() = response.headers;
    let explicit = if head { length.filter(|length| *length > 0) } else { streamed_length };
    if let Some(length) = explicit
        && !answer.headers().contains_key(http::header::CONTENT_LENGTH)
    {
        answer.headers_mut().insert(http::header::CONTENT_LENGTH, length.into());
    }
    Answer(answer)
}

/// The answer to a request that is refused.
pub(crate) fn failed(refusal: Refusal, id: RequestId) -> Answer {
    let Refusal { service, protocol, error, head, resource } = refusal;
    let context = ErrorContext { request_id: id, head, resource: &resource };
    finished(wire::encode_error(protocol, service.unwrap_or(&NO_SERVICE), &error, &context), head)
}
