//! A service's model, as `cargo xtask models` wrote it and the patches corrected it. A trait that is not named here is refused: whoever meets
//! one teaches the generator what it means, or drops it in `models/filter.rs`.

use crate::problem::Problem;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) all_operations: Vec<String>,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
}

impl Model {
    /// Reads a model that has been patched.
    pub(crate) fn read(service: &str, model: Value) -> Result<Self, Problem> {
        serde_json::from_value(model)
            .map_err(|error| Problem::new(format!("models/botocore/{service}.json: {error}")))
    }

    /// A shape by name.
    pub(crate) fn shape(&self, name: &str) -> Result<&Shape, Problem> {
        self.shapes
            .get(name)
            .ok_or_else(|| Problem::new(format!("the model has no shape {name}; run `cargo xtask models`")))
    }
}

/// Other members (`uid`, `serviceFullName` …) say nothing that a server needs.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) api_version: String,
    pub(crate) endpoint_prefix: String,
    pub(crate) signing_name: Option<String>,
    pub(crate) service_id: String,
    pub(crate) protocols: Vec<String>,
    pub(crate) json_version: Option<String>,
    pub(crate) target_prefix: Option<String>,
    pub(crate) xml_namespace: Option<String>,
    #[serde(default)]
    pub(crate) aws_query_compatible: Option<Value>,
    /// Ours: IAM's prefix of actions.
    pub(crate) action_prefix: Option<String>,
    /// Ours: one endpoint for all regions.
    #[serde(default)]
    pub(crate) global: bool,
    /// Ours: the code of a 500.
    pub(crate) internal_error_code: Option<String>,
    /// Ours: the code of violated constraints.
    pub(crate) constraint_code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) http: Http,
    pub(crate) input: Option<Reference>,
    pub(crate) output: Option<Reference>,
    #[serde(default)]
    pub(crate) errors: Vec<Reference>,
    pub(crate) authtype: Option<String>,
    #[serde(default)]
    pub(crate) auth: Vec<String>,
    #[serde(default)]
    pub(crate) http_checksum_required: bool,
    pub(crate) http_checksum: Option<HttpChecksum>,
    /// Known and not needed: retries are the client's, hosts are matched by the gateway.
    #[serde(rename = "idempotent")]
    pub(crate) _idempotent: Option<bool>,
    #[serde(rename = "readonly")]
    pub(crate) _readonly: Option<bool>,
    #[serde(rename = "endpoint")]
    pub(crate) _endpoint: Option<Value>,
    #[serde(rename = "unsignedPayload")]
    pub(crate) _unsigned_payload: Option<bool>,
    /// Known and not needed: the gateway inflates the body of any call that says it is gzip.
    #[serde(rename = "requestcompression")]
    pub(crate) _request_compression: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) request_uri: String,
    pub(crate) response_code: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HttpChecksum {
    #[serde(default)]
    pub(crate) request_checksum_required: bool,
}

/// A use of a shape, with the traits of this use.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Reference {
    pub(crate) shape: String,
    pub(crate) location: Option<String>,
    pub(crate) location_name: Option<String>,
    pub(crate) query_name: Option<String>,
    pub(crate) result_wrapper: Option<String>,
    pub(crate) xml_namespace: Option<XmlNamespace>,
    #[serde(default)]
    pub(crate) xml_attribute: bool,
    pub(crate) timestamp_format: Option<String>,
    #[serde(default)]
    pub(crate) flattened: bool,
    #[serde(default)]
    pub(crate) streaming: bool,
    #[serde(default)]
    pub(crate) jsonvalue: bool,
    #[serde(default)]
    pub(crate) idempotency_token: bool,
    #[serde(default)]
    pub(crate) host_label: bool,
    /// Known and not needed: presence is in every type, event streams are left out.
    #[serde(rename = "box")]
    pub(crate) _box: Option<bool>,
    #[serde(rename = "eventpayload")]
    pub(crate) _event_payload: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum XmlNamespace {
    Uri(String),
    Prefixed {
        #[serde(default)]
        prefix: String,
        uri: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Type {
    Structure,
    List,
    Map,
    String,
    Character,
    Boolean,
    Integer,
    Long,
    Float,
    Double,
    Blob,
    Timestamp,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: Type,
    #[serde(default)]
    pub(crate) members: IndexMap<String, Reference>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) pattern: Option<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    #[serde(default)]
    pub(crate) flattened: bool,
    #[serde(default)]
    pub(crate) streaming: bool,
    #[serde(default)]
    pub(crate) jsonvalue: bool,
    #[serde(default)]
    pub(crate) union: bool,
    #[serde(default)]
    pub(crate) document: bool,
    #[serde(default)]
    pub(crate) eventstream: bool,
    pub(crate) payload: Option<String>,
    pub(crate) timestamp_format: Option<String>,
    pub(crate) location_name: Option<String>,
    pub(crate) xml_namespace: Option<XmlNamespace>,
    #[serde(default)]
    pub(crate) fault: bool,
    pub(crate) error: Option<ErrorTrait>,
    /// Known and not needed: an error is what an operation names as such.
    #[serde(rename = "exception")]
    pub(crate) _exception: Option<bool>,
    #[serde(rename = "box")]
    pub(crate) _box: Option<bool>,
    #[serde(rename = "retryable")]
    pub(crate) _retryable: Option<Value>,
    #[serde(rename = "event")]
    pub(crate) _event: Option<bool>,
    #[serde(rename = "wrapper")]
    pub(crate) _wrapper: Option<bool>,
    #[serde(rename = "synthetic")]
    pub(crate) _synthetic: Option<bool>,
    #[serde(rename = "requiresLength")]
    pub(crate) _requires_length: Option<bool>,
    #[serde(rename = "xmlOrder")]
    pub(crate) _xml_order: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ErrorTrait {
    pub(crate) code: Option<String>,
    pub(crate) http_status_code: Option<u16>,
    pub(crate) sender_fault: Option<bool>,
}
