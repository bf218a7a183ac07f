//! The query protocol: IAM, STS, SNS, CloudFormation, and SQS for old clients. Forms in, XML out.

use crate::codec::{Codec, Read, Write};
use crate::formats::form::{Dialect, Form, FormReader, FormWriter};
use crate::formats::xml::{Element, XmlReader, XmlWriter, escape, leaf};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming, set};
use crate::{Body, Document, ErrorResponse, Fault, OperationSchema, ServiceSchema, ShapeError};
use http::HeaderMap;
use names::RequestId;

pub(crate) struct Query;

/// What is said of an answer that is no XML or not the one awaited; only clients say it.
pub(crate) const UNREADABLE: (&str, &str) =
    ("SerializationException", "The response is not the XML that was awaited");

impl Codec for Query {
    fn decode_request(
        &self,
        _: &'static OperationSchema,
        incoming: &Incoming<'_>,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let mut form = Form::parse([incoming.query.as_bytes(), super::whole(incoming.body)?])?;
        // A queue's URL is the request's path.
        for (name, value) in incoming.labels {
            form.supply(name, value);
        }
        read(&mut FormReader::new(Dialect::Query, &form))
    }

    fn encode_response(
        &self,
        operation: &'static OperationSchema,
        request_id: RequestId,
        write: Write<'_>,
    ) -> Result<HttpResponse, ShapeError> {
        let mut out = Vec::with_capacity(512);
        let namespace = operation.service.xml_namespace.unwrap_or_default();
        out.extend_from_slice(format!("<{}Response", operation.name).as_bytes());
        namespace_of(namespace, &mut out);
        out.push(b'>');
        // Also where the output has no members: botocore looks for the element that the model names.
        match operation.result_wrapper {
            Some(wrapper) => write(&mut XmlWriter::new(&mut out, wrapper, None).query())?,
            None => write(&mut XmlWriter::bare(&mut out).query())?,
        }
        out.extend_from_slice(b"<ResponseMetadata>");
        leaf("RequestId", &request_id.to_string(), &mut out);
        out.extend_from_slice(format!("</ResponseMetadata></{}Response>", operation.name).as_bytes());
        Ok(xml(200, out, request_id, "text/xml"))
    }

    fn encode_error(
        &self,
        service: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse {
        let mut out = b"<ErrorResponse".to_vec();
        namespace_of(service.xml_namespace.unwrap_or_default(), &mut out);
        out.extend_from_slice(b"><Error>");
        leaf("Type", fault(error), &mut out);
        leaf("Code", error.query_code.unwrap_or(&error.code), &mut out);
        members(error, &mut out);
        out.extend_from_slice(b"</Error>");
        leaf("RequestId", &context.request_id.to_string(), &mut out);
        out.extend_from_slice(b"</ErrorResponse>");
        xml(error.status, if context.head { Vec::new() } else { out }, context.request_id, "text/xml")
    }

    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError> {
        form_request(Dialect::Query, operation, write)
    }

    fn decode_response(
        &self,
        operation: &'static OperationSchema,
        response: &HttpResponse,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let root = parse(&response.body)?;
        let result = operation.result_wrapper.and_then(|wrapper| root.child(wrapper));
        read(&mut XmlReader::new(result.unwrap_or(&root), UNREADABLE).query())
    }

    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse {
        read_error(response)
    }
}

/// ` xmlns="…"`, where there is one.
pub(crate) fn namespace_of(uri: &str, out: &mut Vec<u8>) {
    if !uri.is_empty() {
        out.extend_from_slice(b" xmlns=\"");
        escape(uri, out);
        out.push(b'"');
    }
}

/// `Sender` or `Receiver`.
pub(crate) fn fault(error: &ErrorResponse) -> &'static str {
    if error.fault == Fault::Sender { "Sender" } else { "Receiver" }
}

/// `<Message>` and the error's further members.
pub(crate) fn members(error: &ErrorResponse, out: &mut Vec<u8>) {
    if !super::says_message(error) {
        leaf("Message", &error.message, out);
    }
    for (name, value) in &error.members {
        document(name, value, out);
    }
}

fn document(name: &str, value: &Document, out: &mut Vec<u8>) {
    let start = |out: &mut Vec<u8>| out.extend_from_slice(format!("<{name}>").as_bytes());
    let end = |out: &mut Vec<u8>| out.extend_from_slice(format!("</{name}>").as_bytes());
    match value {
        Document::Null => {}
        Document::String(text) => leaf(name, text, out),
        Document::Boolean(_) | Document::Number(_) => leaf(name, &value.to_string(), out),
        Document::Array(elements) => {
            start(out);
            elements.iter().for_each(|element| document("member", element, out));
            end(out);
        }
        Document::Object(members) => {
            start(out);
            members.iter().for_each(|(name, value)| document(name, value, out));
            end(out);
        }
    }
}

pub(crate) fn xml(status: u16, out: Vec<u8>, request_id: RequestId, media: &'static str) -> HttpResponse {
    let mut headers = HeaderMap::with_capacity(4);
    set(&mut headers, "content-type", media);
    set(&mut headers, "x-amzn-requestid", &request_id.to_string());
    HttpResponse { status, headers, body: Body::Whole(out.into()) }
}

pub(crate) fn form_request(
    dialect: Dialect,
    operation: &'static OperationSchema,
    write: Write<'_>,
) -> Result<HttpRequest, ShapeError> {
    let mut form = format!("Action={}&Version={}", operation.name, operation.service.version);
    write(&mut FormWriter::new(dialect, &mut form))?;
    let mut headers = HeaderMap::with_capacity(4);
    set(&mut headers, "content-type", "application/x-www-form-urlencoded; charset=utf-8");
    Ok(HttpRequest {
        method: "POST",
        path: "/".into(),
        query: String::new(),
        host_labels: super::host_labels(operation, write)?,
        headers,
        body: Body::Whole(form.into_bytes().into()),
    })
}

/// The root of an answer; an empty body is an empty element.
pub(crate) fn parse(body: &Body) -> Result<Element, ShapeError> {
    let bytes = super::whole(body)?;
    if bytes.is_empty() {
        return Ok(Element::default());
    }
    let (code, message) = UNREADABLE;
    Element::parse(bytes).map_err(|error| ShapeError { code, message: format!("{message}: {error}") })
}

/// Reads an error of any of the XML protocols.
pub(crate) fn read_error(response: &HttpResponse) -> ErrorResponse {
    let root = parse(&response.body).unwrap_or_default();
    let inner = root.child("Errors").unwrap_or(&root);
    let error = inner.child("Error").unwrap_or(inner);
    let text = |name: &str| error.child(name).map(|child| child.text.trim().to_owned());
    let code = text("Code").unwrap_or_else(|| response.status.to_string());
    let message = text("Message").or_else(|| text("message")).unwrap_or_default();
    let mut read = ErrorResponse::new(code, message, response.status);
    if let Some(kind) = text("Type") {
        read.fault = if kind == "Sender" { Fault::Sender } else { Fault::Receiver };
    }
    read
}
