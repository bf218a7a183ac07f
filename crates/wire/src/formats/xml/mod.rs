//! XML: a small tree to read from, a writer into one buffer.

mod reader;
#[cfg(test)]
mod tests;
mod tree;
mod writer;

pub(crate) use reader::XmlReader;
pub(crate) use tree::Element;
pub(crate) use writer::{DECLARATION, XmlWriter, escape, leaf};
