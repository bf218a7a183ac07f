//! YAML text to a tree that knows its lines: one document, no aliases, no tags, no name twice; limited in size, depth and number of values.

use super::error::LabError;
use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle};
use wire::{Document, Number};

/// The longest lab.yaml, in bytes.
pub(crate) const MOST_BYTES: usize = 512 * 1024;
const MOST_DEPTH: usize = 48;
const MOST_NODES: usize = 30_000;

/// A value and the line that it begins in.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) value: Value,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Scalar(Document),
    List(Vec<Node>),
    Map(IndexMap<String, (usize, Node)>),
}

impl Node {
    /// Without its lines.
    pub(crate) fn document(&self) -> Document {
        match &self.value {
            Value::Scalar(document) => document.clone(),
            Value::List(nodes) => nodes.iter().map(Self::document).collect(),
            Value::Map(members) => {
                members.iter().map(|(name, (_, node))| (name.clone(), node.document())).collect()
            }
        }
    }

    pub(crate) fn what(&self) -> &'static str {
        match &self.value {
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            Value::Scalar(Document::String(_)) => "text",
            Value::Scalar(Document::Number(_)) => "a number",
            Value::Scalar(Document::Boolean(_)) => "true or false",
            Value::Scalar(_) => "nothing",
        }
    }
}

enum Open {
    List(Vec<Node>),
    Map { members: IndexMap<String, (usize, Node)>, name: Option<(usize, String)> },
}

/// Reads a YAML file.
pub(crate) fn parse(text: &str) -> Result<Node, LabError> {
    if text.len() > MOST_BYTES {
        let message = format!("the file has {} bytes; at most {MOST_BYTES} are read", text.len());
        return Err(LabError::at(0, message));
    }
    let mut open: Vec<(usize, Open)> = Vec::new();
    let mut root = None;
    let (mut documents, mut nodes) = (0, 0);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            LabError::at(error.marker().line(), format!("this is not YAML: {}", error.info()))
        })?;
        let line = span.start.line().max(1);
        let node = match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(LabError::at(line, "a second document begins here; a lab has one"));
                }
                continue;
            }
            Event::Alias(_) => {
                return Err(LabError::at(line, "aliases (*name) are not read; write the value out"));
            }
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    return Err(LabError::at(
                        line,
                        "tags (!name) are not read in lab.yaml; templates have files of their own",
                    ));
                }
                let plain = style == ScalarStyle::Plain;
                let value = if plain { scalar(&text) } else { Document::from(text.into_owned()) };
                Node { line, value: Value::Scalar(value) }
            }
            Event::SequenceStart(_, tag) | Event::MappingStart(_, tag) if tag.is_some() => {
                return Err(LabError::at(line, "tags (!name) are not read in lab.yaml"));
            }
            Event::SequenceStart(..) => {
                begin(&mut open, line, Open::List(Vec::new()))?;
                continue;
            }
            Event::MappingStart(..) => {
                begin(&mut open, line, Open::Map { members: IndexMap::new(), name: None })?;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some((line, Open::List(nodes))) => Node { line, value: Value::List(nodes) },
                Some((line, Open::Map { members, .. })) => Node { line, value: Value::Map(members) },
                None => continue,
            },
            _ => continue,
        };
        nodes += 1;
        if nodes > MOST_NODES {
            return Err(LabError::at(line, format!("more than {MOST_NODES} values")));
        }
        put(&mut open, &mut root, node)?;
    }
    root.ok_or_else(|| LabError::at(0, "the file is empty"))
}

fn begin(open: &mut Vec<(usize, Open)>, line: usize, what: Open) -> Result<(), LabError> {
    if open.len() >= MOST_DEPTH {
        return Err(LabError::at(line, format!("nested deeper than {MOST_DEPTH}")));
    }
    if let Some((_, Open::Map { name: None, .. })) = open.last() {
        return Err(LabError::at(line, "a name must be text"));
    }
    open.push((line, what));
    Ok(())
}

fn put(open: &mut [(usize, Open)], root: &mut Option<Node>, node: Node) -> Result<(), LabError> {
    match open.last_mut() {
        None => *root = Some(node),
        Some((_, Open::List(nodes))) => nodes.push(node),
        Some((_, Open::Map { members, name })) => match name.take() {
            Some((line, named)) => {
                members.insert(named, (line, node));
            }
            None => {
                let Value::Scalar(key) = &node.value else {
                    return Err(LabError::at(node.line, "a name must be text"));
                };
                let key = match key {
                    Document::String(text) => text.clone(),
                    Document::Null => return Err(LabError::at(node.line, "a name must be text")),
                    other => other.to_string(),
                };
                if members.contains_key(&key) {
                    return Err(LabError::at(node.line, format!("{key} is there twice")));
                }
                *name = Some((node.line, key));
            }
        },
    }
    Ok(())
}

/// A plain scalar: a number only where it would be written back the same, so that an account id keeps its zeros.
fn scalar(text: &str) -> Document {
    match text {
        "" | "~" | "null" => return Document::Null,
        "true" => return true.into(),
        "false" => return false.into(),
        _ => {}
    }
    if let Ok(whole) = text.parse::<i64>()
        && whole.to_string() == text
    {
        return whole.into();
    }
    if text.contains('.')
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && let Ok(value) = text.parse::<f64>()
        && value.to_string() == text
    {
        return Document::Number(Number::Float(value));
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn values_keep_their_lines() {
        let node = parse("a: 1\nb:\n  - x\n  - {c: 012345678901}\n").unwrap();
        assert_eq!(node.document().to_string(), r#"{"a":1,"b":["x",{"c":"012345678901"}]}"#);
        let Value::Map(members) = &node.value else { panic!() };
        let Value::List(list) = &members["b"].1.value else { panic!() };
        assert_eq!((members["b"].0, list[0].line, list[1].line), (2, 3, 4));
    }

    #[test]
    fn what_is_refused_says_where() {
        assert_eq!(refused("a: 1\na: 2\n"), "line 2: a is there twice");
        assert!(refused("a: [1\nb: 2").starts_with("line 2: this is not YAML"), "{}", refused("a: [1\nb: 2"));
        assert!(refused("a: &x 1\nb: *x\n").starts_with("line 2: aliases"));
        assert!(refused("a: !Ref b\n").starts_with("line 1: tags"));
        assert!(refused("a: 1\n---\nb: 1\n").starts_with("line 2: a second document"));
        assert!(refused(&"[".repeat(100)).starts_with("line 1: nested deeper"));
        assert!(refused(&format!("a: {}", "x".repeat(MOST_BYTES))).contains("at most"));
        assert!(refused(&format!("[{}1]", "1,".repeat(MOST_NODES))).contains("more than"));
        assert_eq!(refused(""), "the file is empty");
    }
}
