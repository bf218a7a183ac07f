use api_accessanalyzer::{Location, PathElement, Position, Span};
use policy::{Member, Node};

/// Where something stands: the way to it through the JSON, and its byte offsets.
#[derive(Debug, Clone)]
pub(super) struct Place {
    path: Vec<Step>,
    start: usize,
    end: usize,
}

#[derive(Debug, Clone)]
enum Step {
    /// The value of a member.
    Value(String),
    /// A member's name itself.
    Key(String),
    Index(usize),
}

impl Place {
    /// A spot that the path cannot name, such as that of a mistake in the JSON.
    pub(super) fn spot(at: usize) -> Self {
        Self { path: Vec::new(), start: at, end: at }
    }

    pub(super) fn root(node: &Node) -> Self {
        Self { path: Vec::new(), start: node.at, end: node.end }
    }

    pub(super) fn value(&self, member: &Member) -> Self {
        self.step(Step::Value(member.name.clone()), member.node.at, member.node.end)
    }

    pub(super) fn key(&self, member: &Member) -> Self {
        self.step(Step::Key(member.name.clone()), member.at, member.end)
    }

    pub(super) fn item(&self, index: usize, node: &Node) -> Self {
        self.step(Step::Index(index), node.at, node.end)
    }

    fn step(&self, step: Step, start: usize, end: usize) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { path, start, end }
    }

    /// The byte offset of its beginning.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// As answered.
    pub(super) fn location(&self, text: &str) -> Location {
        let element = |step: &Step| match step {
            Step::Value(name) => PathElement { value: Some(name.clone()), ..PathElement::default() },
            Step::Key(name) => PathElement { key: Some(name.clone()), ..PathElement::default() },
            Step::Index(index) => PathElement { index: Some(number(*index)), ..PathElement::default() },
        };
        let span = Span { start: position(text, self.start), end: position(text, self.end) };
        Location { path: self.path.iter().map(element).collect(), span }
    }
}

/// Lines count from 1; columns and offsets from 0, in characters.
pub(super) fn position(text: &str, at: usize) -> Position {
    let policy::Position { line, column } = policy::Position::of(text, at);
    let offset = text.get(..at).unwrap_or(text).chars().count();
    Position { line: number(line), column: number(column.saturating_sub(1)), offset: number(offset) }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
