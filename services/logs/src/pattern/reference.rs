use super::scanner::Scanner;
use super::selector::Selector;
use super::{Form, Pattern};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use wire::Document;

/// A message that several patterns look at: it is parsed once, and only where one asks for that.
#[derive(Debug)]
pub(crate) struct Message<'m> {
    text: &'m str,
    document: OnceCell<Option<Document>>,
}

/// What a pattern selected.
#[derive(Debug)]
pub(crate) enum Selected<'e> {
    /// Of any form: nothing in it has a name.
    Text,
    Json(&'e Document),
    /// Its fields by `$name` or `$1`.
    Fields(BTreeMap<String, String>),
}

/// What names a part of the events that a pattern selects: `$.requestParameters.name`, `$status_code`, `$3`.
#[derive(Debug, Clone)]
pub(crate) struct Reference(Place);

#[derive(Debug, Clone)]
enum Place {
    Json(Selector),
    Field(String),
}

impl<'m> Message<'m> {
    pub(crate) fn new(text: &'m str) -> Self {
        Self { text, document: OnceCell::new() }
    }

    /// The message, where it is a JSON object.
    fn document(&self) -> Option<&Document> {
        // Most lines of text are told apart without a parser.
        let parse =
            || self.text.trim_start().starts_with('{').then(|| Document::parse(self.text).ok()).flatten();
        self.document.get_or_init(parse).as_ref()
    }
}

impl Pattern {
    /// What is selected of a message; None where it is not selected.
    pub(crate) fn select<'e>(&self, message: &'e Message<'_>) -> Option<Selected<'e>> {
        match &self.form {
            Form::Everything => Some(Selected::Text),
            Form::Terms(terms) => terms.matches(message.text).then_some(Selected::Text),
            Form::Json(json) => message.document().filter(|event| json.matches(event)).map(Selected::Json),
            Form::Fields(fields) => fields.extract(message.text).map(Selected::Fields),
        }
    }

    /// Whether parts of what it selects have names, as those of JSON and of fields between spaces do.
    pub(crate) fn names_parts(&self) -> bool {
        matches!(self.form, Form::Json(_) | Form::Fields(_))
    }

    /// What a text names in events that this pattern selects; None where it names nothing there, or more than one thing.
    pub(crate) fn reference(&self, text: &str) -> Option<Reference> {
        match &self.form {
            Form::Json(_) => {
                let mut scanner = Scanner::new(text);
                let selector = Selector::parse(&mut scanner).ok()?;
                let one = scanner.peek().is_none() && selector.wildcards() == 0;
                one.then_some(Reference(Place::Json(selector)))
            }
            Form::Fields(fields) => {
                let name = text.strip_prefix('$')?;
                let numbered = !name.starts_with('0') && name.parse::<u16>().is_ok();
                (numbered || fields.has(name)).then(|| Reference(Place::Field(text.to_owned())))
            }
            Form::Everything | Form::Terms(_) => None,
        }
    }
}

impl Selected<'_> {
    /// What stands at a reference, as text; None where nothing does, or what is no text, number or truth value.
    pub(crate) fn value(&self, reference: &Reference) -> Option<String> {
        match (self, &reference.0) {
            (Self::Json(event), Place::Json(selector)) => match selector.only(event)? {
                Document::String(text) => Some(text.clone()),
                value @ (Document::Number(_) | Document::Boolean(_)) => Some(value.to_string()),
                _ => None,
            },
            (Self::Fields(fields), Place::Field(name)) => fields.get(name).cloned(),
            _ => None,
        }
    }
}
