//! YAML text to a [`Document`]. Events are read one by one, so that depth is bounded; aliases, tags of one's own and names given twice are refused.

use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle};
use wire::{Document, Number};

const MAXIMUM_DEPTH: usize = 64;

/// A collection that has begun and not ended.
enum Open {
    Sequence(Vec<Document>),
    Mapping(IndexMap<String, Document>, Option<String>),
}

/// Reads a document; the error says where and what.
pub(crate) fn parse(text: &str) -> Result<Document, String> {
    let (mut open, mut root, mut documents): (Vec<Open>, Option<Document>, usize) = (Vec::new(), None, 0);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let at = error.marker();
            format!("YAML not well-formed. at Line: {}, Column: {}", at.line().max(1), at.col() + 1)
        })?;
        let at = format!("at Line: {}, Column: {}", span.start.line().max(1), span.start.col() + 1);
        let finished = match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(format!("YAML not well-formed: more than one document. {at}"));
                }
                continue;
            }
            Event::Alias(_) => return Err(format!("YAML aliases are not allowed in documents. {at}")),
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= MAXIMUM_DEPTH => {
                return Err(format!("The document is nested too deeply. {at}"));
            }
            Event::SequenceStart(..) => {
                open.push(Open::Sequence(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Mapping(IndexMap::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::Sequence(elements)) => Document::Array(elements),
                Some(Open::Mapping(members, _)) => Document::Object(members),
                None => return Err(format!("YAML not well-formed. {at}")),
            },
            Event::Scalar(text, ScalarStyle::Plain, _, None) => {
                let names = matches!(open.last(), Some(Open::Mapping(_, None)));
                if names { Document::from(text.into_owned()) } else { plain(&text) }
            }
            Event::Scalar(text, ..) => Document::from(text.into_owned()),
        };
        match open.last_mut() {
            None => root = Some(finished),
            Some(Open::Sequence(elements)) => elements.push(finished),
            Some(Open::Mapping(members, name)) => match (name.take(), finished) {
                (Some(taken), value) => {
                    members.insert(taken, value);
                }
                (None, Document::String(text)) if !members.contains_key(&text) => *name = Some(text),
                (None, Document::String(text)) => return Err(format!("Duplicate key {text}. {at}")),
                (None, _) => return Err(format!("YAML not well-formed: a key must be text. {at}")),
            },
        }
    }
    root.ok_or_else(|| "The document is empty.".to_owned())
}

/// A plain scalar; numbers only where they would be written back the same.
fn plain(text: &str) -> Document {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Document::Null,
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    if let Ok(whole) = text.parse::<i64>()
        && whole.to_string() == text
    {
        return whole.into();
    }
    match text.parse::<f64>() {
        Ok(value) if value.to_string() == text && text.contains('.') => {
            Document::Number(Number::Float(value))
        }
        _ => text.into(),
    }
}
