//! Document paths: `a.b[1].c`.

use crate::value::{Item, Value};
use std::fmt;

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element {
    Name(String),
    Index(usize),
}

/// A path; its first element is an attribute's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) attribute: String,
    pub(crate) rest: Vec<Element>,
}

/// How two paths of one expression disturb each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clash {
    /// One lies in the other, or is it.
    Overlap,
    /// One takes for a list what the other takes for a map.
    Conflict,
}

impl Path {
    pub(crate) fn attribute(name: impl Into<String>) -> Self {
        Self { attribute: name.into(), rest: Vec::new() }
    }

    pub(crate) fn find<'i>(&self, item: &'i Item) -> Option<&'i Value> {
        let first = item.get(&self.attribute)?;
        self.rest.iter().try_fold(first, |value, element| match (value, element) {
            (Value::M(members), Element::Name(name)) => members.get(name),
            (Value::L(elements), Element::Index(index)) => elements.get(*index),
            _ => None,
        })
    }

    pub(crate) fn clash(&self, other: &Self) -> Option<Clash> {
        if self.attribute != other.attribute {
            return None;
        }
        for (left, right) in self.rest.iter().zip(&other.rest) {
            match (left, right) {
                _ if left == right => {}
                (Element::Name(_), Element::Name(_)) | (Element::Index(_), Element::Index(_)) => return None,
                _ => return Some(Clash::Conflict),
            }
        }
        Some(Clash::Overlap)
    }
}

/// Refuses paths that overlap or conflict, in AWS's words.
pub(crate) fn check_distinct(paths: &[&Path]) -> Result<(), String> {
    for (index, path) in paths.iter().enumerate() {
        for earlier in paths.iter().take(index) {
            let verb = match earlier.clash(path) {
                None => continue,
                Some(Clash::Overlap) => "overlap",
                Some(Clash::Conflict) => "conflict",
            };
            return Err(format!(
                "Two document paths {verb} with each other; must remove or rewrite one of these paths; path one: {earlier}, path two: {path}"
            ));
        }
    }
    Ok(())
}

/// `[a, b, [1]]`, as errors print paths.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}", self.attribute)?;
        for element in &self.rest {
            match element {
                Element::Name(name) => write!(f, ", {name}")?,
                Element::Index(index) => write!(f, ", [{index}]")?,
            }
        }
        f.write_str("]")
    }
}
