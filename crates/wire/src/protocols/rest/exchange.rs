use super::{Payload, RestWriter, Written, has_document, payload};
use crate::codec::Write;
use crate::message::{HttpRequest, HttpResponse};
use crate::uri::Template;
use crate::{Body, Kind, Member, OperationSchema, Schema, ShapeError};
use http::header::{CONTENT_TYPE, HeaderValue};

/// A syntax's part in an HTTP message.
pub(crate) struct Style<'a> {
    /// The media type of documents.
    pub(crate) media: &'static str,
    /// The media type of bytes whose type is not given.
    pub(crate) bytes: &'static str,
    /// Writes a payload that is a document.
    pub(crate) payload: Payload<'a>,
    /// Writes the document of the members that travel in it; nothing where it would be without meaning.
    pub(crate) document: &'a dyn Fn(&mut Vec<u8>) -> Result<(), ShapeError>,
    /// What stands for a payload of a structure that is absent.
    pub(crate) absent: &'static [u8],
}

impl Style<'_> {
    /// Completes the headers and gives the body.
    fn body(&self, schema: &'static Schema, written: &mut Written) -> Result<Body, ShapeError> {
        let (body, media) = match written.raw.take() {
            Some((body, "application/octet-stream")) => (body, self.bytes),
            Some(raw) => raw,
            None => {
                let document = match payload(schema) {
                    Some(_) if written.payload => std::mem::take(&mut written.document),
                    Some(Member {
                        schema: Schema { kind: Kind::Structure { union: false, .. }, .. },
                        ..
                    }) => self.absent.to_vec(),
                    Some(_) => Vec::new(),
                    None if has_document(schema) => {
                        let mut out = Vec::with_capacity(256);
                        (self.document)(&mut out)?;
                        out
                    }
                    None => Vec::new(),
                };
                if document.is_empty() {
                    return Ok(Body::default());
                }
                (Body::Whole(document.into()), self.media)
            }
        };
        if !media.is_empty() && !written.headers.contains_key(CONTENT_TYPE) {
            written.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
        }
        Ok(body)
    }
}

/// A client's request.
pub(crate) fn request(
    operation: &'static OperationSchema,
    write: Write<'_>,
    style: &Style<'_>,
) -> Result<HttpRequest, ShapeError> {
    let mut written = Written::default();
    write(&mut RestWriter::new(operation.input, &mut written, style.payload))?;
    let label = |name: &str| {
        let found = written.labels.iter().find(|(label, _)| *label == name);
        found.map(|(_, text)| text.clone())
    };
    let (path, mut query) = Template::parse(operation.http.uri).fill(&label).map_err(|name| ShapeError {
        code: "ValidationException",
        message: format!("The label {name} of the path {} is missing or empty", operation.http.uri),
    })?;
    if !written.query.is_empty() {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&written.query);
    }
    let body = style.body(operation.input, &mut written)?;
    Ok(HttpRequest {
        method: operation.http.method,
        path,
        query,
        host_labels: written.host_labels,
        headers: written.headers,
        body,
    })
}

/// A server's answer.
pub(crate) fn response(
    operation: &'static OperationSchema,
    write: Write<'_>,
    style: &Style<'_>,
) -> Result<HttpResponse, ShapeError> {
    let mut written = Written::default();
    write(&mut RestWriter::new(operation.output, &mut written, style.payload))?;
    let status = written.status.unwrap_or(operation.http.status);
    let body = if status == 204 || status == 304 {
        Body::default()
    } else {
        style.body(operation.output, &mut written)?
    };
    Ok(HttpResponse { status, headers: written.headers, body })
}
