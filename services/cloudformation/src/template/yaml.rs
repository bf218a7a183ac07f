//! YAML text to a [`Document`], with CloudFormation's short tags and without YAML's surprises.
//!
//! The parser's events are read one by one (never by recursion), so that depth is bounded and each scalar's own text is at hand: what a number
//! would not write back the same (`012345678901`, `1.10`, `0o17`, `1_000`) stays text, and so do `yes`, `no`, `on`, `off` and dates.
//! Which parts of YAML are refused: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>.

use super::error::TemplateError;
use super::pointer;
use indexmap::IndexMap;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use wire::{Document, Number};

/// How deep a template may nest; AWS names no number, its own JSON reader stops at about this.
const MAXIMUM_DEPTH: usize = 128;

/// The functions that have a short tag; `Ref` and `Condition` are their own long form.
const SHORT_FORMS: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// Reads a YAML template: one document, no aliases, no name twice in a map.
pub(crate) fn parse(text: &str) -> Result<Document, TemplateError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        let (event, span) = event.map_err(|error| malformed(error.marker()))?;
        builder.take(event, &span.start)?;
    }
    Ok(builder.root.unwrap_or(Document::Null))
}

fn malformed(at: &Marker) -> TemplateError {
    TemplateError::format(format!(
        "YAML not well-formed. (line {}, column {})",
        at.line().max(1),
        at.col() + 1
    ))
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Document>,
    documents: usize,
}

/// A collection that has begun and not ended; `function` is the long form of its tag.
struct Open {
    function: Option<String>,
    content: Content,
}

enum Content {
    Sequence(Vec<Document>),
    Mapping { members: IndexMap<String, Document>, name: Option<String> },
}

impl Builder {
    fn take(&mut self, event: Event<'_>, at: &Marker) -> Result<(), TemplateError> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 { Err(malformed(at)) } else { Ok(()) }
            }
            Event::Alias(_) => {
                Err(TemplateError::template("YAML aliases are not allowed in CloudFormation templates"))
            }
            Event::Scalar(text, style, _, tag) => self.scalar(text, style, tag.as_deref(), at),
            Event::SequenceStart(_, tag) => {
                let function = collection_tag(tag.as_deref(), "seq", at)?;
                self.begin(function, Content::Sequence(Vec::new()), "list", at)
            }
            Event::MappingStart(_, tag) => {
                let function = collection_tag(tag.as_deref(), "map", at)?;
                self.begin(function, Content::Mapping { members: IndexMap::new(), name: None }, "map", at)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Err(malformed(at)) };
                let value = match open.content {
                    Content::Sequence(elements) => Document::Array(elements),
                    Content::Mapping { members, .. } => Document::Object(members),
                };
                self.value(wrap(open.function, value), at)
            }
        }
    }

    fn begin(
        &mut self,
        function: Option<String>,
        content: Content,
        what: &str,
        at: &Marker,
    ) -> Result<(), TemplateError> {
        self.require_value(what)?;
        if self.open.len() >= MAXIMUM_DEPTH {
            return Err(malformed(at));
        }
        self.open.push(Open { function, content });
        Ok(())
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        at: &Marker,
    ) -> Result<(), TemplateError> {
        let value = match tag.map(|tag| meaning(tag, at)).transpose()? {
            Some(Meaning::Function(function)) => {
                self.require_value("map")?;
                wrap(Some(function), Document::from(text.into_owned()))
            }
            Some(Meaning::Text) => Document::from(text.into_owned()),
            Some(Meaning::Plain) => plain(&text),
            Some(Meaning::Collection(_)) => return Err(malformed(at)),
            None if style == ScalarStyle::Plain => plain(&text),
            None => Document::from(text.into_owned()),
        };
        self.value(value, at)
    }

    /// Only text can name a member; AWS says what it found instead.
    fn require_value(&self, found: &str) -> Result<(), TemplateError> {
        match self.open.last().map(|open| &open.content) {
            Some(Content::Mapping { name: None, .. }) => Err(self.bad_name(&format!("a {found}"))),
            _ => Ok(()),
        }
    }

    fn bad_name(&self, found: &str) -> TemplateError {
        let steps: Vec<String> = self
            .open
            .iter()
            .filter_map(|open| match &open.content {
                Content::Sequence(elements) => Some(elements.len().to_string()),
                Content::Mapping { name, .. } => name.clone(),
            })
            .collect();
        TemplateError::format(format!(
            "[{}] map keys must be strings; received {found} instead",
            pointer(&steps)
        ))
    }

    /// Puts a finished value where it belongs: root, element, name or member.
    fn value(&mut self, value: Document, at: &Marker) -> Result<(), TemplateError> {
        if let Some(Open { content: Content::Mapping { name: None, .. }, .. }) = self.open.last() {
            let found = match &value {
                Document::String(_) => String::new(),
                Document::Number(_) => format!("numeric [{value}]"),
                Document::Boolean(_) => format!("boolean [{value}]"),
                Document::Null => "null".to_owned(),
                Document::Array(_) => "a list".to_owned(),
                Document::Object(_) => "a map".to_owned(),
            };
            if !found.is_empty() {
                return Err(self.bad_name(&found));
            }
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(value),
            Some(Content::Sequence(elements)) => elements.push(value),
            Some(Content::Mapping { members, name }) => match (name.take(), value) {
                (Some(taken), value) => {
                    members.insert(taken, value);
                }
                (None, Document::String(text)) if !members.contains_key(&text) => *name = Some(text),
                (None, _) => return Err(malformed(at)),
            },
        }
        Ok(())
    }
}

/// What a tag makes of its node.
enum Meaning {
    Function(String),
    Text,
    Plain,
    Collection(&'static str),
}

fn meaning(tag: &Tag, at: &Marker) -> Result<Meaning, TemplateError> {
    if tag.is_yaml_core_schema() {
        return match tag.suffix.as_str() {
            "str" => Ok(Meaning::Text),
            "int" | "float" | "bool" | "null" => Ok(Meaning::Plain),
            "seq" => Ok(Meaning::Collection("seq")),
            "map" => Ok(Meaning::Collection("map")),
            // binary, omap, pairs, set and timestamp are not supported by CloudFormation
            _ => Err(malformed(at)),
        };
    }
    match tag.suffix.as_str() {
        // the non-specific tag: text, whatever it looks like
        "" => Ok(Meaning::Text),
        "!" if tag.handle.is_empty() => Ok(Meaning::Text),
        name @ ("Ref" | "Condition") if tag.handle == "!" => Ok(Meaning::Function(name.to_owned())),
        name if tag.handle == "!" && SHORT_FORMS.contains(&name) => {
            Ok(Meaning::Function(format!("Fn::{name}")))
        }
        _ => Err(malformed(at)),
    }
}

fn collection_tag(tag: Option<&Tag>, own: &str, at: &Marker) -> Result<Option<String>, TemplateError> {
    match tag.map(|tag| meaning(tag, at)).transpose()? {
        None => Ok(None),
        Some(Meaning::Function(function)) => Ok(Some(function)),
        Some(Meaning::Collection(kind)) if kind == own => Ok(None),
        Some(_) => Err(malformed(at)),
    }
}

fn wrap(function: Option<String>, value: Document) -> Document {
    let Some(function) = function else { return value };
    let value = match value {
        // `!GetAtt Queue.Arn`: the attribute may contain further dots.
        Document::String(text) if function == "Fn::GetAtt" => match text.split_once('.') {
            Some((resource, attribute)) => [resource, attribute].into_iter().collect(),
            None => Document::String(text),
        },
        value => value,
    };
    Document::object().with(function, value)
}

/// A plain scalar. Numbers only where they would be written back the same.
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
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.contains('.')
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && let Ok(value) = text.parse::<f64>()
        && value.to_string() == text
    {
        return Document::Number(Number::Float(value));
    }
    text.into()
}

#[cfg(test)]
mod tests;
