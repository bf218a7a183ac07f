//! The six protocols: how each puts syntaxes and HTTP together, in both directions.

pub(crate) mod cbor;
pub(crate) mod ec2;
pub(crate) mod json;
pub(crate) mod query;
pub(crate) mod rest_json;
pub(crate) mod rest_xml;
