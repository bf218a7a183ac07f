//! Parts of an item.

use super::path::{Element, Path};
use crate::value::{Item, Value};
use std::collections::BTreeMap;

/// The attributes, and parts of attributes, that paths name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Projection {
    root: Node,
}

#[derive(Debug, Clone, Default)]
struct Node {
    whole: bool,
    names: BTreeMap<String, Node>,
    indexes: BTreeMap<usize, Node>,
}

impl Projection {
    pub(crate) fn of(paths: &[Path]) -> Self {
        let mut root = Node::default();
        for path in paths {
            let mut node = root.names.entry(path.attribute.clone()).or_default();
            for element in &path.rest {
                node = match element {
                    Element::Name(name) => node.names.entry(name.clone()).or_default(),
                    Element::Index(index) => node.indexes.entry(*index).or_default(),
                };
            }
            node.whole = true;
        }
        Self { root }
    }

    /// What the item has of it. Lists close up.
    pub(crate) fn apply(&self, item: &Item) -> Item {
        members(&self.root, item)
    }

    /// The attributes that it reads.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.root.names.keys().map(String::as_str)
    }
}

fn members(node: &Node, item: &Item) -> Item {
    let found =
        node.names.iter().filter_map(|(name, below)| Some((name.clone(), part(below, item.get(name)?)?)));
    found.collect()
}

fn part(node: &Node, value: &Value) -> Option<Value> {
    if node.whole {
        return Some(value.clone());
    }
    match value {
        Value::M(item) => Some(members(node, item)).filter(|found| !found.is_empty()).map(Value::M),
        Value::L(elements) => {
            let found: Vec<Value> =
                node.indexes.iter().filter_map(|(index, below)| part(below, elements.get(*index)?)).collect();
            Some(found).filter(|found| !found.is_empty()).map(Value::L)
        }
        _ => None,
    }
}
