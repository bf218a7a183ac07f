//! JSON text, read where it lies and written into one buffer.

mod cursor;
mod reader;
mod writer;

pub(crate) use cursor::Cursor;
pub(crate) use reader::JsonReader;
pub(crate) use writer::JsonWriter;

/// Writes a quoted and escaped text.
pub(crate) fn quote(text: &str, out: &mut Vec<u8>) {
    // Writing into memory does not fail.
    let _ = serde_json::to_writer(out, text);
}
