//! EC2's dialect of the query protocol.

use super::query::{self, UNREADABLE, namespace_of};
use crate::codec::{Codec, Read, Write};
use crate::formats::form::{Dialect, Form, FormReader};
use crate::formats::xml::{DECLARATION, XmlReader, XmlWriter, leaf};
use crate::message::{ErrorContext, HttpRequest, HttpResponse, Incoming};
use crate::{ErrorResponse, OperationSchema, ServiceSchema, ShapeError};
use names::RequestId;

pub(crate) struct Ec2;

const MEDIA: &str = "text/xml;charset=UTF-8";

impl Codec for Ec2 {
    fn decode_request(
        &self,
        _: &'static OperationSchema,
        incoming: &Incoming<'_>,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        let form = Form::parse([incoming.query.as_bytes(), super::whole(incoming.body)?])?;
        read(&mut FormReader::new(Dialect::Ec2, &form))?;
        // EC2, unlike the other services, refuses parameters that it does not know.
        match form.unused() {
            None => Ok(()),
            Some(name) => {
                let name = name.rsplit('.').find(|step| step.parse::<u32>().is_err()).unwrap_or(name);
                let message = format!("The parameter {name} is not recognized");
                Err(ShapeError { code: "UnknownParameter", message })
            }
        }
    }

    fn encode_response(
        &self,
        operation: &'static OperationSchema,
        request_id: RequestId,
        write: Write<'_>,
    ) -> Result<HttpResponse, ShapeError> {
        let mut out = Vec::with_capacity(1024);
        out.extend_from_slice(DECLARATION.as_bytes());
        out.extend_from_slice(format!("<{}Response", operation.name).as_bytes());
        namespace_of(operation.service.xml_namespace.unwrap_or_default(), &mut out);
        out.push(b'>');
        leaf("requestId", &request_id.to_string(), &mut out);
        write(&mut XmlWriter::bare(&mut out))?;
        out.extend_from_slice(format!("</{}Response>", operation.name).as_bytes());
        Ok(query::xml(200, out, request_id, MEDIA))
    }

    fn encode_error(
        &self,
        _: &ServiceSchema,
        error: &ErrorResponse,
        context: &ErrorContext<'_>,
    ) -> HttpResponse {
        let mut out = DECLARATION.as_bytes().to_vec();
        out.extend_from_slice(b"<Response><Errors><Error>");
        leaf("Code", &error.code, &mut out);
        query::members(error, &mut out);
        out.extend_from_slice(b"</Error></Errors>");
        leaf("RequestID", &context.request_id.to_string(), &mut out);
        out.extend_from_slice(b"</Response>");
        query::xml(error.status, if context.head { Vec::new() } else { out }, context.request_id, MEDIA)
    }

    fn encode_request(
        &self,
        operation: &'static OperationSchema,
        write: Write<'_>,
    ) -> Result<HttpRequest, ShapeError> {
        query::form_request(Dialect::Ec2, operation, write)
    }

    fn decode_response(
        &self,
        _: &'static OperationSchema,
        response: &HttpResponse,
        read: Read<'_>,
    ) -> Result<(), ShapeError> {
        read(&mut XmlReader::new(&query::parse(&response.body)?, UNREADABLE))
    }

    fn decode_error(&self, response: &HttpResponse) -> ErrorResponse {
        query::read_error(response)
    }
}
