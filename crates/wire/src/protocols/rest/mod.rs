//! What the HTTP-bound protocols share: members in headers, the query string, labels and the status, and payloads that are the body themselves.

mod exchange;
mod reader;
mod text_writer;
mod writer;

pub(crate) use exchange::{Style, request, response};
pub(crate) use reader::{Content, RestReader, Source};
pub(crate) use writer::{Payload, RestWriter, Written};

use crate::{Location, Member, Schema};

/// The member that is the body, where there is one.
pub(crate) fn payload(schema: &'static Schema) -> Option<&'static Member> {
    schema.members().iter().find(|member| member.location == Location::Payload)
}

/// Some members travel in the body's document.
pub(crate) fn has_document(schema: &'static Schema) -> bool {
    schema.members().iter().any(|member| member.location == Location::Body)
}
