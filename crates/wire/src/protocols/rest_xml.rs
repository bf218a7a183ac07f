//! REST XML: S3. Its errors and answers differ from other services' of this protocol in wrapping and ids.

use super::query::{self, UNREADABLE, namespace_of};
use super::rest::{self, Content, RestReader, Source, Style};
use crate::check::sentence::MALFORMED_XML;
use crate::codec::{Codec, Read, Write};
use crate::formats::xml::{DECLARATION, Element, XmlReader, XmlWriter, leaf};
use crate::message::{
    ErrorContext, HttpRequest, HttpResponse, Incoming, extended_request_id, set, short_request_id,
};
use crate::{
    Body, ErrorResponse, Location, Member, OperationSchema, Reader, Schema, ServiceSchema, ShapeError,
};
use http::HeaderMap;
use names::RequestId;

pub(crate) struct RestXml;

const MEDIA: &str = "application/xml";

struct XmlContent {
    blame: (&'static str, &'static str),
    /// The root is the only member itself (`GetBucketLocation`).
    unwrapped: bool,
}

impl XmlContent {
    fn parse(&self, body: &[u8]) -> Result<Element, ShapeError> {
        let (code, message) = self.blame;
        Element::parse(body).map_err(|_| ShapeError { code, message: message.to_owned() })
    }
}

impl Content for XmlContent {
    fn document(
        &mut self,
        body: &[u8],
        schema: &'static Schema,
        member: &mut dyn FnMut(usize, &'static Member, &mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        let mut root = self.parse(body)?;
        if self.unwrapped {
            root = Element { children: vec![root], ..Element::default() };
        }
        XmlReader::bound(&root, self.blame).structure(schema, member)
    }

    fn payload(
        &mut self,
        body: &[u8],
        _: &'static Member,
        read: &mut dyn FnMut(&mut dyn Reader) -> Result<(), ShapeError>,
    ) -> Result<(), ShapeError> {
        read(&mut XmlReader::new(&self.parse(body)?, self.blame))
    }

    fn code(&self) -> &'static str {
        "InvalidArgument"
    }
}

/// The output's only member in the body is named as its wrapper: it stands alone.
fn unwrapped(operation: &OperationSchema) -> bool {
    let mut in_body = operation.output.members().iter().filter(|member| member.location == Location::Body);
    let only = in_body.next().filter(|_| in_body.next().is_none());
    only.is_some_and(|member| operation.result_wrapper == Some(member.wire_name))
}

/// `NoSuchBucket` and not `<ErrorResponse>`; ids in headers of S3's own.
fn is_s3(service: &ServiceSchema) -> bool {
    service.signing_name == "s3"
}

/// S3's errors have headers too (`x-amz-bucket-region`, `x-amz-delete-marker`, `etag` …): members that are named as headers are, in lower case.
fn is_header(member: &str) -> bool {
    !member.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn identify(headers: &mut HeaderMap, service: &ServiceSchema, request_id: RequestId) {
    if is_s3(service) {
        set(headers, "x-amz-request-id", &short_request_id(request_id));
        set(headers, "x-amz-id-2", &extended_request_id(request_id));
    } else {
        set(headers, "x-amzn-requestid", &request_id.to_string());
    }
}

impl Codec for RestXml {
    fn decode_request(
        &self,
        _: &'static OperationSchema,
        incoming: &Incoming<'_>,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let Incoming { headers, query, labels, body } = *incoming;
        let mut content = XmlContent { blame: ("MalformedXML", MALFORMED_XML), unwrapped: false };
        read(&mut RestReader::new(Source { headers, query, labels, status: 0, body }, &mut content))
    }

    fn encode_response(
        &self,
        operation: &'static OperationSchema,
        request_id: RequestId,
        write: Write<'_>,
    ) -> Result<HttpResponse, ShapeError> {
        let namespace = operation.service.xml_namespace.map(|uri| ("", uri));
        let style = Style {
            media: MEDIA,
            bytes: "binary/octet-stream",
            payload: &|member, out, value| {
                out.extend_from_slice(DECLARATION.as_bytes());
                value(&mut XmlWriter::new(out, member.wire_name, member.xml_namespace.or(namespace)))
            },
            document: &|out| {
                out.extend_from_slice(DECLARATION.as_bytes());
                let name = operation.result_wrapper.unwrap_or(operation.output.name);
                if !unwrapped(operation) {
                    return write(&mut XmlWriter::bound(out, name, namespace));
                }
                // The namespace goes into the start tag of the member, which is the root.
                let mut only = Vec::new();
                write(&mut XmlWriter::bare(&mut only))?;
                out.extend_from_slice(format!("<{name}").as_bytes());
                namespace_of(operation.service.xml_namespace.unwrap_or_default(), out);
                match only.get(name.len() + 1..) {
                    Some(rest) => out.extend_from_slice(rest),
                    None => out.extend_from_slice(b"/>"),
                }
                Ok(())
            },
            absent: b"",
        };
        let mut response = rest::response(operation, write, &style)?;
        if response.status == 200 && response.headers.contains_key(http::header::CONTENT_RANGE) {
            // The model has no member for the status of a part of an object.
            response.status = 206;
        }
        identify(&mut response.headers, operation.service, request_id);
        Ok(response)
    }

    fn encode_error(
        &self,
        service: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse {
        let mut out = DECLARATION.as_bytes().to_vec();
        if is_s3(service) {
            out.extend_from_slice(b"<Error>");
            leaf("Code", &error.code, &mut out);
            let in_body: Vec<_> =
                error.members.iter().filter(|(name, _)| !is_header(name)).cloned().collect();
            let bare = in_body.is_empty();
            query::members(&ErrorResponse { members: in_body, ..error.clone() }, &mut out);
            if bare && !context.resource.is_empty() {
                leaf("Resource", context.resource, &mut out);
            }
            leaf("RequestId", &short_request_id(context.request_id), &mut out);
            leaf("HostId", &extended_request_id(context.request_id), &mut out);
            out.extend_from_slice(b"</Error>");
        } else {
            out.extend_from_slice(b"<ErrorResponse");
            namespace_of(service.xml_namespace.unwrap_or_default(), &mut out);
            out.extend_from_slice(b"><Error>");
            leaf("Type", query::fault(error), &mut out);
            leaf("Code", &error.code, &mut out);
            query::members(error, &mut out);
            out.extend_from_slice(b"</Error>");
            leaf("RequestId", &context.request_id.to_string(), &mut out);
            out.extend_from_slice(b"</ErrorResponse>");
        }
        let mut headers = HeaderMap::with_capacity(4);
        set(&mut headers, "content-type", MEDIA);
        identify(&mut headers, service, context.request_id);
        for (name, value) in error.members.iter().filter(|(name, _)| is_s3(service) && is_header(name)) {
            set(&mut headers, name, value.as_str().unwrap_or_default());
        }
        let bodiless = context.head || matches!(error.status, 204 | 304);
        let body = if bodiless { Body::default() } else { Body::Whole(out.into()) };
        HttpResponse { status: error.status, headers, body }
    }

    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError> {
        let style = Style {
            media: MEDIA,
            bytes: "application/octet-stream",
            payload: &|member, out, value| {
                value(&mut XmlWriter::new(out, member.wire_name, member.xml_namespace))
            },
            document: &|out| {
                let (name, uri) = operation.input_element.unwrap_or((operation.input.name, None));
                let uri = uri.or(operation.service.xml_namespace);
                write(&mut XmlWriter::bound(out, name, uri.map(|uri| ("", uri))))
            },
            absent: b"",
        };
        rest::request(operation, write, &style)
    }

    fn decode_response(
        &self,
        operation: &'static OperationSchema,
        response: &HttpResponse,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let HttpResponse { status, headers, body } = response;
        let source = Source { headers, query: "", labels: &[], status: *status, body };
        let mut content = XmlContent { blame: UNREADABLE, unwrapped: unwrapped(operation) };
        read(&mut RestReader::new(source, &mut content))
    }

    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse {
        query::read_error(response)
    }
}
