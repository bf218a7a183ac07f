//! Policy documents from JSON text, with AWS's errors and their positions.
//!
//! Grammar: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

mod actions;
mod compile;
mod json;
mod kind;
mod principals;
mod problem;
mod resources;
mod shape;
mod spans;
#[cfg(test)]
mod tests;

pub use json::{JsonError, Member, Node, Position, Value, read as read_json};
pub use kind::{Flavour, Kind};
pub use problem::Problem;
pub use spans::{Span, statement_spans};

use crate::Document;
use std::fmt;
use std::sync::Arc;

/// Why a document is refused, and where. `Display` is for its author; [`ParseError::message`] is what AWS prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub problem: Problem,
    /// The kind of document that was expected.
    pub kind: Kind,
    /// Where in the text.
    pub position: Position,
    /// Where in the document, such as `$.Statement[0].Action[1]`.
    pub path: String,
}

impl ParseError {
    /// The sentence that AWS prints.
    #[must_use]
    pub fn message(&self) -> String {
        self.problem.sentence(self.kind)
    }

    /// The error code that AWS answers, on the wire.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.error_code()
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(f, "line {line}, column {column} ({}): {}", self.path, self.problem)
    }
}

impl std::error::Error for ParseError {}

/// A problem at a byte offset.
#[derive(Debug)]
struct Fault {
    at: usize,
    path: String,
    problem: Problem,
}

/// Reads and compiles a document.
///
/// # Errors
/// [`ParseError`] with AWS's sentence, the position and an explanation.
pub fn parse(text: &str, kind: Kind) -> Result<Arc<Document>, ParseError> {
    read(text, kind).map(Arc::new).map_err(|Fault { at, path, problem }| ParseError {
        problem,
        kind,
        position: Position::of(text, at),
        path,
    })
}

fn read(text: &str, kind: Kind) -> Result<Document, Fault> {
    let fault = |at, problem| Fault { at, path: "$".into(), problem };
    if !text.starts_with('{') && kind == Kind::Resource(Flavour::S3) {
        return Err(fault(0, Problem::FirstByte));
    }
    let node = json::read(text).map_err(|error| fault(error.at, Problem::Json(error.detail)))?;
    compile::document(shape::document(&node)?, kind)
}
