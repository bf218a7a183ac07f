//! Readings, and the templates and expressions in them.

use super::assertions::known;
use super::error::LabError;
use super::fields::{Fields, list, text, whole};
use super::lab::Scope;
use super::model::{From, OnError, Pages, Reading};
use super::yaml::Node;
use crate::expression::{Expression, parts, variables};
use std::collections::BTreeMap;
use wire::Document;

/// The members of a reading.
pub(crate) const READING: &[&str] =
    &["call", "with", "pages", "page", "object", "value", "each", "take", "otherwise", "errors"];

/// What an operation's name begins with that reads and changes nothing.
const READS: &[&str] = &[
    "Get", "List", "Describe", "Lookup", "Filter", "Head", "BatchGet", "Scan", "Query", "Simulate", "Search",
    "Select", "Validate",
];

pub(crate) fn reading(fields: &Fields<'_>, scope: &Scope) -> Result<Reading, LabError> {
    let each = fields.get("each").map(|node| template(node, scope)).transpose()?;
    let inner = if each.is_some() { scope.with("item") } else { scope.clone() };
    let from = from(fields, &inner)?;
    let mut errors = BTreeMap::new();
    for (code, _, node) in fields.members("errors")? {
        let on_error = match node.document() {
            Document::String(says) => OnError::Say(says),
            Document::Object(_) => {
                OnError::Value(template(Fields::of(node, "errors", &["value"])?.need("value")?, scope)?)
            }
            _ => {
                return Err(LabError::at(
                    node.line,
                    "an error has a text to say, or {value: …} to go on with",
                ));
            }
        };
        errors.insert(code.to_owned(), on_error);
    }
    Ok(Reading {
        from,
        each,
        take: fields.get("take").map(|node| expression(node, &inner)).transpose()?,
        otherwise: fields.maybe_text("otherwise")?,
        errors,
    })
}

fn from(fields: &Fields<'_>, scope: &Scope) -> Result<From, LabError> {
    let sources: Vec<&str> =
        ["call", "page", "object", "value"].into_iter().filter(|name| fields.has(name)).collect();
    match sources.as_slice() {
        ["call"] => {
            let node = fields.need("call")?;
            let (service, operation) = known(&text(node, "call")?, node.line)?;
            if !READS.iter().any(|read| operation.starts_with(read)) {
                let message =
                    format!("{operation} may change something; a check only reads ({} …)", READS.join(", "));
                return Err(LabError::at(node.line, message));
            }
            let with = fields.get("with").map(|node| template(node, scope)).transpose()?;
            let pages = fields.get("pages").map(pages).transpose()?;
            Ok(From::Call { service, operation, with: with.unwrap_or_else(Document::object), pages })
        }
        ["page"] => {
            let page = Fields::of(fields.need("page")?, "page", &["path", "query"])?;
            let query = page.get("query").map(|node| template(node, scope)).transpose()?;
            Ok(From::Page { path: page.text("path")?, query: query.unwrap_or_else(Document::object) })
        }
        ["object"] => {
            let object = Fields::of(fields.need("object")?, "object", &["bucket", "key"])?;
            Ok(From::Object {
                bucket: template(object.need("bucket")?, scope)?,
                key: template(object.need("key")?, scope)?,
            })
        }
        ["value"] => Ok(From::Value(template(fields.need("value")?, scope)?)),
        _ => {
            let message =
                "one of call (an operation), page, object, value (or, in a check, read) says what is read";
            Err(LabError::at(fields.line, message))
        }
    }
}

fn pages(node: &Node) -> Result<Pages, LabError> {
    let fields = Fields::of(node, "pages", &["list", "token", "most"])?;
    let token = match list(fields.need("token")?, "token") {
        Ok([output, input]) => (text(output, "token")?, text(input, "token")?),
        Ok(_) => {
            return Err(LabError::at(
                node.line,
                "token is one member's name, or [the output's, the input's]",
            ));
        }
        Err(_) => {
            let name = fields.text("token")?;
            (name.clone(), name)
        }
    };
    let most = fields.get("most").map(|node| whole(node, "most", 50)).transpose()?.unwrap_or(20);
    Ok(Pages { list: fields.text("list")?, token, most: usize::try_from(most).unwrap_or(20) })
}

/// A value with `${…}` in its texts, each of which names what is defined.
pub(crate) fn template(node: &Node, scope: &Scope) -> Result<Document, LabError> {
    let document = node.document();
    check(&document, scope, node.line)?;
    Ok(document)
}

fn check(document: &Document, scope: &Scope, line: usize) -> Result<(), LabError> {
    match document {
        Document::String(text) => {
            parts(text).map_err(|message| LabError::at(line, message))?;
            scope.check(variables(text), line)
        }
        Document::Array(elements) => elements.iter().try_for_each(|element| check(element, scope, line)),
        Document::Object(members) => members.values().try_for_each(|value| check(value, scope, line)),
        _ => Ok(()),
    }
}

pub(crate) fn expression(node: &Node, scope: &Scope) -> Result<Expression, LabError> {
    let text = text(node, "an expression")?;
    let expression = Expression::parse(&text).map_err(|message| LabError::at(node.line, message))?;
    scope.check(expression.variables(), node.line)?;
    Ok(expression)
}
