//! XML: a small tree to read from, a writer into one buffer.

mod reader;
mod tree;
mod writer;

pub(crate) use reader::XmlReader;
pub(crate) use tree::Element;
pub(crate) use writer::{DECLARATION, XmlWriter, escape, leaf};
