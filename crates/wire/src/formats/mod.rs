//! Syntaxes, each with a reader and a writer that the protocols put together: JSON, XML, forms, CBOR, and single texts (headers, labels, parameters).

pub(crate) mod cbor;
pub(crate) mod document;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod moment;
pub(crate) mod percent;
pub(crate) mod text;
pub(crate) mod xml;
