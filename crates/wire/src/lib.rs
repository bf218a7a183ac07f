//! The wire: one walk over a shape, and codecs that follow it.
//!
//! What it is: the traits that generated shapes implement ([`Shape`], [`Operation`]), the tables that describe them ([`Schema`]), the six AWS
//! protocols, constraint checks, error encoding and [`Document`], a JSON value. What it is not: it knows no service and opens no socket.
//!
//! The gateway's way through it:
//! 1. recognize: [`uri::recognize`] over [`uri::Template::of`] each operation of an HTTP-bound service (gives the labels), or the operation's name from
//!    `X-Amz-Target`, `Action` ([`uri::parameter`]) or the CBOR path;
//! 2. collect the body unless [`streams_input`] says that it is streamed;
//! 3. [`decode`]`::<I>(protocol, &Incoming { headers, query, labels, body }, &fresh_uuid)` gives `I` or the [`ErrorResponse`] of malformed input or
//!    violated constraints;
//! 4. [`encode`]`::<I>(protocol, &output, request_id)` or [`encode_error`]`(protocol, service, &error, &ErrorContext { request_id, head, resource })`
//!    gives the [`HttpResponse`].
//!
//! A client in the same process goes the other way: [`encode_request`], [`decode_response`]. A call that never was on a wire is checked by
//! [`check_input`].

mod body;
mod check;
mod codec;
pub mod document;
mod error;
mod fault;
mod formats;
mod impls;
mod macros;
mod message;
mod operation;
mod protocols;
mod redact;
mod schema;
mod shape;
mod table;
pub mod uri;

pub use body::{Body, Chunks};
pub use check::{Rule, Violation, check, refusal};
pub use codec::{
    Read, Write, check_input, check_input_with, decode, decode_response, decode_response_with, decode_with,
    encode, encode_error, encode_request, encode_request_with, encode_response, from_document, record_json,
    to_document,
};
pub use document::{Document, DocumentError, Number};
pub use error::{ErrorResponse, Fault};
pub use fault::{FaultCause, error_document, error_member, internal_failure, private};
pub use impls::{get, put};
pub use macros::UnknownValue;
pub use message::{
    ErrorContext, HttpRequest, HttpResponse, Incoming, Labels, extended_request_id, short_request_id,
    streams_input, streams_output,
};
pub use operation::{HttpBinding, Operation, OperationSchema, Protocol, ServiceError, ServiceSchema};
pub use redact::debug;
pub use schema::{Constraints, Kind, Location, Member, Schema, TimestampFormat};
pub use shape::{Reader, Shape, ShapeError, Writer};

pub use bytes::Bytes;
pub use names::Timestamp;
