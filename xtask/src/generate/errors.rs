//! `errors.rs`: a struct a modelled error, and the service's enum of them.

use super::model::{Shape, Type};
use super::names;
use super::plan::Plan;
use crate::problem::Problem;
use std::collections::BTreeMap;
use std::fmt::Write;

pub(crate) fn write(plan: &Plan<'_>) -> Result<String, Problem> {
    let mut text = String::new();
    let mut names = Vec::new();
    let mut codes: BTreeMap<String, &str> = BTreeMap::new();
    for name in &plan.errors {
        let error = Modelled::new(plan, name)?;
        if let Some(other) = codes.insert(error.code.clone(), name) {
            return Err(Problem::new(format!(
                "{}: {name} and {other} have the same code {}; patch one of them",
                plan.service, error.code
            )));
        }
        let _ = write!(
            text,
            "wire::modelled_error! {{\n    /// `{name}`\n    pub struct {} {{ {:?}, {}, {}, {}, {:?}",
            error.name, error.code, error.status, error.fault, error.query, error.message
        );
        for (field, wire_name) in &error.members {
            let _ = write!(text, ", {field} = {wire_name:?}");
        }
        for (field, wire_name) in &error.documents {
            let _ = write!(text, "; {field} = {wire_name:?}");
        }
        text.push_str(" }\n}\n\n");
        names.push(error.name);
    }
    let internal = plan.model.metadata.internal_error_code.as_deref().unwrap_or("InternalFailure");
    let _ = write!(text, "wire::service_errors! {{\n    {internal:?},\n");
    for name in names {
        let _ = writeln!(text, "    {name},");
    }
    text.push_str("}\n");
    Ok(text)
}

struct Modelled {
    name: String,
    code: String,
    status: u16,
    fault: &'static str,
    query: String,
    /// The message's name on the wire; in XML it always is the same.
    message: String,
    /// Fields and wire names of the members beside the message that are text.
    members: Vec<(String, String)>,
    /// The same of those that are not.
    documents: Vec<(String, String)>,
}

impl Modelled {
    fn new(plan: &Plan<'_>, name: &str) -> Result<Self, Problem> {
        let shape = plan.model.shape(name)?;
        let modelled_code = shape.error.as_ref().and_then(|error| error.code.clone());
        // A service that came from the query protocol sends its old codes in a header of their own.
        let compatible = plan.model.metadata.aws_query_compatible.is_some();
        let (code, query) = match modelled_code {
            Some(code) if compatible => (name.to_owned(), format!("Some({code:?})")),
            Some(code) => (code, "None".to_owned()),
            None => (name.to_owned(), "None".to_owned()),
        };
        let status = status(shape);
        let sender = shape.error.as_ref().and_then(|error| error.sender_fault).unwrap_or(status < 500);
        let json = plan.model.metadata.protocols.iter().any(|protocol| protocol.contains("json"));
        let mut message = "message".to_owned();
        let (mut members, mut documents) = (Vec::new(), Vec::new());
        for (member, reference) in plan.members(name)? {
            if member.eq_ignore_ascii_case("message") {
                if json {
                    message = reference.location_name.clone().unwrap_or_else(|| member.to_owned());
                }
                continue;
            }
            // A header of an error (Lambda's Retry-After): ErrorResponse carries members of the body only.
            if reference.location.is_some() {
                continue;
            }
            let wire_name = reference.location_name.clone().unwrap_or_else(|| member.to_owned());
            let is_text = matches!(plan.model.shape(&reference.shape)?.kind, Type::String);
            if is_text { &mut members } else { &mut documents }.push((names::field(member), wire_name));
        }
        let name = names::type_name(name);
        Ok(Self {
            name,
            code,
            status,
            fault: if sender { "Sender" } else { "Receiver" },
            query,
            message,
            members,
            documents,
        })
    }
}

/// The HTTP status: the model's, else 500 for a fault and 400 for what the caller did.
fn status(shape: &Shape) -> u16 {
    shape.error.as_ref().and_then(|error| error.http_status_code).unwrap_or(if shape.fault {
        500
    } else {
        400
    })
}
