//! CBOR (RFC 8949), as Smithy's RPC v2 uses it.

mod cursor;
mod reader;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use cursor::Cursor;
pub(crate) use reader::CborReader;
pub(crate) use writer::CborWriter;
