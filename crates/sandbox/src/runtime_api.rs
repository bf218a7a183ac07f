//! The Lambda Runtime API of one environment.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use crate::endpoint;
use crate::faults::{MAXIMUM_PAYLOAD, document};
use crate::invocation::Invocation;
use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

/// The port of the Runtime API inside a sandbox, as on Lambda.
pub(crate) const PORT: u16 = 9001;

/// Connections at a time; further ones wait. A runtime needs one or two, and each can make the server hold one result.
const MOST_CONNECTIONS: usize = 16;

const PREFIX: &str = "/2018-06-01/runtime/";

/// What a runtime has said.
#[derive(Debug)]
pub(crate) enum Event {
    /// It has asked for its first event: initialization is over.
    Ready,
    /// It could not initialize the function.
    InitError { error_type: String, payload: Bytes },
    /// The result of the event that it had.
    Response(Bytes),
    /// The error of the event that it had.
    Error { error_type: String, payload: Bytes },
    /// The result was larger than AWS takes.
    TooLarge,
}

/// The state between the two sides: the service offers events, the runtime takes and answers them.
pub(crate) struct RuntimeApi {
    /// A secret first part of the path where other processes can reach the listener, empty where none can.
    secret: String,
    state: Mutex<State>,
    offered: Notify,
    events: mpsc::UnboundedSender<Event>,
}

#[derive(Default)]
struct State {
    ready: bool,
    offer: Option<(Invocation, Duration)>,
    in_flight: Option<String>,
}

impl RuntimeApi {
    pub(crate) fn new(secret: String, events: mpsc::UnboundedSender<Event>) -> RuntimeApi {
        RuntimeApi { secret, state: Mutex::default(), offered: Notify::new(), events }
    }

    /// Puts an event up for the runtime to take. `limit` is the time that it gets from then on.
    pub(crate) fn offer(&self, invocation: Invocation, limit: Duration) {
        self.state.lock().offer = Some((invocation, limit));
        self.offered.notify_one();
    }

    /// Serves connections until the future is dropped.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            while connections.len() >= MOST_CONNECTIONS {
                connections.join_next().await;
            }
            let stream = endpoint::accept(&listener).await;
            let api = Arc::clone(&self);
            connections.spawn(async move {
                let service = hyper::service::service_fn(move |request| {
                    let api = Arc::clone(&api);
                    async move { Ok::<_, Infallible>(api.answer(request).await) }
                });
                // A connection that breaks is the runtime's affair; if it mattered, the event will time out.
                let server = hyper::server::conn::http1::Builder::new();
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let Some(path) = request.uri().path().strip_prefix(self.secret.as_str()) else {
            return not_found();
        };
        let Some(path) = path.strip_prefix(PREFIX).map(str::to_owned) else { return not_found() };
        let parts: Vec<&str> = path.split('/').collect();
        match (request.method(), parts.as_slice()) {
            (&Method::GET, ["invocation", "next"]) => self.next().await,
            (&Method::POST, ["invocation", id, "response"]) => self.response(id, request).await,
            (&Method::POST, ["invocation", id, "error"]) => self.error(id, request).await,
            (&Method::POST, ["init", "error"]) => self.init_error(request).await,
            (_, ["invocation", "next"] | ["invocation", _, "response" | "error"] | ["init", "error"]) => {
                plain(StatusCode::METHOD_NOT_ALLOWED, Bytes::new())
            }
            _ => not_found(),
        }
    }

    async fn next(&self) -> Response<Full<Bytes>> {
        {
            let mut state = self.state.lock();
            if state.in_flight.is_some() {
                return out_of_turn("Running", "Ready");
            }
            if !state.ready {
                state.ready = true;
                let _ = self.events.send(Event::Ready);
            }
        }
        loop {
            let offered = self.offered.notified();
            let offer = self.state.lock().take_offer();
            if let Some((invocation, limit)) = offer {
                return event(invocation, limit);
            }
            offered.await;
        }
    }

    async fn response(&self, id: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if self.state.lock().in_flight.as_deref() != Some(id) {
            return wrong_id();
        }
        match body(request).await {
            Some(Ok(payload)) => self.settle(id, Event::Response(payload)),
            Some(Err(TooLarge)) => {
                // The runtime hears of it, and the caller gets an error.
                self.settle(id, Event::TooLarge);
                let message = format!("Exceeded maximum allowed payload size ({MAXIMUM_PAYLOAD} bytes).");
                json(StatusCode::PAYLOAD_TOO_LARGE, document("RequestEntityTooLarge", &message))
            }
            None => wrong_id(),
        }
    }

    async fn error(&self, id: &str, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if self.state.lock().in_flight.as_deref() != Some(id) {
            return wrong_id();
        }
        let named = named_type(&request);
        match body(request).await {
            Some(Ok(payload)) => {
                let error_type =
                    error_type(&payload).or(named).unwrap_or_else(|| "Runtime.Unknown".to_owned());
                self.settle(id, Event::Error { error_type, payload })
            }
            Some(Err(TooLarge)) => self.settle(id, Event::TooLarge),
            None => wrong_id(),
        }
    }

    async fn init_error(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        if self.state.lock().ready {
            return out_of_turn("Ready", "InitError");
        }
        let named = named_type(&request);
        let payload = body(request).await.and_then(Result::ok).unwrap_or_default();
        let error_type = error_type(&payload).or(named).unwrap_or_else(|| "Runtime.Unknown".to_owned());
        let _ = self.events.send(Event::InitError { error_type, payload });
        accepted()
    }

    /// Ends the event that is in flight, unless another connection was faster.
    fn settle(&self, id: &str, event: Event) -> Response<Full<Bytes>> {
        let mut state = self.state.lock();
        if state.in_flight.as_deref() != Some(id) {
            return wrong_id();
        }
        state.in_flight = None;
        let _ = self.events.send(event);
        accepted()
    }
}

impl State {
    fn take_offer(&mut self) -> Option<(Invocation, Duration)> {
        let offer = self.offer.take()?;
        self.in_flight = Some(offer.0.request_id.clone());
        Some(offer)
    }
}

struct TooLarge;

/// The whole body; None if the connection broke.
async fn body(request: Request<Incoming>) -> Option<Result<Bytes, TooLarge>> {
    let mut body = request.into_body();
    let mut collected = BytesMut::new();
    let mut too_large = false;
    // What is too large is read to its end all the same, or the runtime would never get to hear why it was refused.
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        if too_large || collected.len() + data.len() > MAXIMUM_PAYLOAD {
            too_large = true;
            collected = BytesMut::new();
        } else {
            collected.extend_from_slice(&data);
        }
    }
    Some(if too_large { Err(TooLarge) } else { Ok(collected.freeze()) })
}

fn named_type(request: &Request<Incoming>) -> Option<String> {
    let named = request.headers().get("lambda-runtime-function-error-type")?;
    Some(named.to_str().ok()?.chars().take(256).collect())
}

/// The `errorType` in an error document.
fn error_type(payload: &[u8]) -> Option<String> {
    let document: serde_json::Value = serde_json::from_slice(payload).ok()?;
    Some(document.get("errorType")?.as_str()?.to_owned())
}

fn event(invocation: Invocation, limit: Duration) -> Response<Full<Bytes>> {
    #[expect(clippy::disallowed_methods, reason = "the function compares this with its own real clock")]
    let deadline = SystemTime::now() + limit;
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let mut response = plain(StatusCode::OK, invocation.payload);
    let mut set = |name: &'static str, value: &str| {
        // JSON may have line breaks between its tokens, headers may not.
        let flat: Vec<u8> =
            value.bytes().map(|byte| if byte < b' ' || byte == 0x7F { b' ' } else { byte }).collect();
        if let Ok(value) = HeaderValue::from_bytes(&flat) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    set("content-type", "application/json");
    set("lambda-runtime-aws-request-id", &invocation.request_id);
    set("lambda-runtime-deadline-ms", &deadline.to_string());
    set("lambda-runtime-invoked-function-arn", &invocation.function_arn);
    let optional = [
        ("lambda-runtime-trace-id", &invocation.trace_id),
        ("lambda-runtime-client-context", &invocation.client_context),
        ("lambda-runtime-cognito-identity", &invocation.cognito_identity),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            set(name, value);
        }
    }
    response
}

fn plain(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    response
}

fn json(status: StatusCode, body: Bytes) -> Response<Full<Bytes>> {
    let mut response = plain(status, body);
    response.headers_mut().insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn accepted() -> Response<Full<Bytes>> {
    json(StatusCode::ACCEPTED, Bytes::from_static(b"{\"status\":\"OK\"}\n"))
}

fn wrong_id() -> Response<Full<Bytes>> {
    json(StatusCode::BAD_REQUEST, document("InvalidRequestID", "Invalid request ID"))
}

fn out_of_turn(from: &str, to: &str) -> Response<Full<Bytes>> {
    let message = format!(
        "State transition from {from} to {to} failed for runtime. Error: State transition is not allowed"
    );
    json(StatusCode::FORBIDDEN, document("InvalidStateTransition", &message))
}

fn not_found() -> Response<Full<Bytes>> {
    plain(StatusCode::NOT_FOUND, Bytes::from_static(b"404 page not found\n"))
}
