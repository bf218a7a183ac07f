//! `operations.rs`: the service, its operations' descriptions, and `impl Operation` for each input.

use super::model::{Metadata, Operation, Reference, XmlNamespace};
use super::names;
use super::plan::Plan;
use crate::problem::Problem;
use std::fmt::Write;

pub(crate) fn write(plan: &Plan<'_>) -> Result<String, Problem> {
    let mut text = String::from(
        "use crate::errors::Error;\nuse crate::schemas;\nuse crate::types::*;\n\
         use wire::{HttpBinding, OperationSchema, Protocol, ServiceSchema, operation};\n\n",
    );
    service(plan, &mut text)?;
    let mut list = String::new();
    for (name, described) in &plan.model.operations {
        let table = names::screaming(name);
        let _ = write!(
            text,
            "static {table}: OperationSchema = OperationSchema {{\n\
             name: {:?}, service: &SERVICE, http: HttpBinding {{ method: {:?}, uri: {:?}, status: {} }},\n\
             input: &schemas::{}, output: &schemas::{}, result_wrapper: {:?}, input_element: {},\n\
             checksum_required: {}, unsigned: {} }};\n\
             operation!({name} => {name}Output, Error, {table});\n\n",
            described.name,
            described.http.method,
            described.http.request_uri,
            described.http.response_code.unwrap_or(200),
            structure(plan, name, "Input", described.input.as_ref())?,
            structure(plan, name, "Output", described.output.as_ref())?,
            described.output.as_ref().and_then(|output| output.result_wrapper.as_ref()),
            input_element(described),
            described.http_checksum_required
                || described
                    .http_checksum
                    .as_ref()
                    .is_some_and(|checksum| checksum.request_checksum_required),
            described.authtype.as_deref() == Some("none")
                || described.auth.iter().any(|auth| auth == "smithy.api#noAuth"),
        );
        let _ = write!(list, "&{table},");
    }
    let _ = write!(
        text,
        "/// The operations that are generated, by name.\npub static OPERATIONS: &[&OperationSchema] = &[{list}];\n"
    );
    Ok(text)
}

/// The table of an input or output; an empty one where the model has none.
fn structure(
    plan: &Plan<'_>,
    operation: &str,
    side: &str,
    part: Option<&Reference>,
) -> Result<String, Problem> {
    part.map_or_else(
        || Ok(names::screaming(&format!("{operation}{side}"))),
        |reference| plan.table(reference).map(str::to_owned),
    )
}

fn input_element(operation: &Operation) -> String {
    let Some((name, input)) =
        operation.input.as_ref().and_then(|input| Some((input.location_name.as_ref()?, input)))
    else {
        return "None".to_owned();
    };
    let uri = match &input.xml_namespace {
        Some(XmlNamespace::Uri(uri) | XmlNamespace::Prefixed { uri, .. }) => Some(uri),
        None => None,
    };
    format!("Some(({name:?}, {uri:?}))")
}

fn service(plan: &Plan<'_>, text: &mut String) -> Result<(), Problem> {
    let metadata = &plan.model.metadata;
    let signing_name = metadata.signing_name.as_ref().unwrap_or(&metadata.endpoint_prefix);
    let _ = write!(
        text,
        "/// The service's description.\n\
         pub static SERVICE: ServiceSchema = ServiceSchema {{\n\
         name: {:?}, endpoint_prefix: {:?}, signing_name: {signing_name:?}, action_prefix: {:?}, service_id: {:?},\n\
         version: {:?}, target_prefix: {:?}, protocols: &[{}], xml_namespace: {:?}, global: {}, constraint_code: {:?}, all_operations: &{:?} }};\n\n",
        plan.service,
        metadata.endpoint_prefix,
        metadata.action_prefix.as_ref().unwrap_or(signing_name),
        metadata.service_id,
        metadata.api_version,
        metadata.target_prefix,
        protocols(metadata)?,
        metadata.xml_namespace,
        metadata.global,
        metadata.constraint_code,
        plan.model.all_operations,
    );
    Ok(())
}

fn protocols(metadata: &Metadata) -> Result<String, Problem> {
    let mut names = Vec::new();
    for protocol in &metadata.protocols {
        names.push(match (protocol.as_str(), metadata.json_version.as_deref()) {
            ("json", Some("1.0")) => "Protocol::Json10",
            ("json", _) => "Protocol::Json11",
            ("query", _) => "Protocol::Query",
            ("ec2", _) => "Protocol::Ec2",
            ("rest-json", _) => "Protocol::RestJson",
            ("rest-xml", _) => "Protocol::RestXml",
            ("smithy-rpc-v2-cbor", _) => "Protocol::Cbor",
            (other, _) => return Err(Problem::new(format!("unknown protocol {other}"))),
        });
    }
    Ok(names.join(", "))
}
