//! A map's members, taken one by one: what is missing, of another kind or unknown is said with its line.

use super::error::LabError;
use super::yaml::{Node, Value};
use indexmap::IndexMap;
use wire::Document;

/// The members of a map.
pub(crate) struct Fields<'a> {
    pub(crate) line: usize,
    what: String,
    members: &'a IndexMap<String, (usize, Node)>,
}

impl<'a> Fields<'a> {
    /// The members of `node`, which is `what` (for messages) and has no others than `known`.
    pub(crate) fn of(node: &'a Node, what: &str, known: &[&str]) -> Result<Self, LabError> {
        let Value::Map(members) = &node.value else {
            return Err(LabError::at(node.line, format!("{what} must be a map, not {}", node.what())));
        };
        if let Some((name, (line, _))) = members.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            let message = format!("{what} has no member {name}; it may have {}", known.join(", "));
            return Err(LabError::at(*line, message));
        }
        Ok(Self { line: node.line, what: what.to_owned(), members })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Node> {
        self.members.get(name).map(|(_, node)| node)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(crate) fn need(&self, name: &str) -> Result<&'a Node, LabError> {
        self.get(name).ok_or_else(|| LabError::at(self.line, format!("{} needs {name}", self.what)))
    }

    pub(crate) fn text(&self, name: &str) -> Result<String, LabError> {
        text(self.need(name)?, name)
    }

    pub(crate) fn maybe_text(&self, name: &str) -> Result<Option<String>, LabError> {
        self.get(name).map(|node| text(node, name)).transpose()
    }

    pub(crate) fn maybe_whole(&self, name: &str, most: u64) -> Result<Option<u64>, LabError> {
        self.get(name).map(|node| whole(node, name, most)).transpose()
    }

    pub(crate) fn list(&self, name: &str) -> Result<&'a [Node], LabError> {
        match self.get(name) {
            None => Ok(&[]),
            Some(node) => list(node, name),
        }
    }

    pub(crate) fn members(&self, name: &str) -> Result<Vec<(&'a str, usize, &'a Node)>, LabError> {
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(node) => members(node, name),
        }
    }
}

pub(crate) fn text(node: &Node, name: &str) -> Result<String, LabError> {
    match &node.value {
        Value::Scalar(Document::String(text)) => Ok(text.clone()),
        Value::Scalar(number @ Document::Number(_)) => Ok(number.to_string()),
        _ => Err(LabError::at(node.line, format!("{name} must be text, not {}", node.what()))),
    }
}

pub(crate) fn whole(node: &Node, name: &str, most: u64) -> Result<u64, LabError> {
    let found = match &node.value {
        Value::Scalar(value) => value.as_i64().and_then(|value| u64::try_from(value).ok()),
        _ => None,
    };
    found
        .filter(|value| *value <= most)
        .ok_or_else(|| LabError::at(node.line, format!("{name} must be a whole number from 0 to {most}")))
}

pub(crate) fn list<'a>(node: &'a Node, name: &str) -> Result<&'a [Node], LabError> {
    match &node.value {
        Value::List(nodes) => Ok(nodes),
        _ => Err(LabError::at(node.line, format!("{name} must be a list, not {}", node.what()))),
    }
}

pub(crate) fn members<'a>(node: &'a Node, name: &str) -> Result<Vec<(&'a str, usize, &'a Node)>, LabError> {
    match &node.value {
        Value::Map(members) => {
            Ok(members.iter().map(|(name, (line, node))| (name.as_str(), *line, node)).collect())
        }
        _ => Err(LabError::at(node.line, format!("{name} must be a map, not {}", node.what()))),
    }
}
