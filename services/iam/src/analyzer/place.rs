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
    pub(super) fn location(&self, positions: &Positions) -> Location {
        let element = |step: &Step| match step {
            Step::Value(name) => PathElement { value: Some(name.clone()), ..PathElement::default() },
            Step::Key(name) => PathElement { key: Some(name.clone()), ..PathElement::default() },
            Step::Index(index) => PathElement { index: Some(number(*index)), ..PathElement::default() },
        };
        let span = Span { start: positions.at(self.start), end: positions.at(self.end) };
        Location { path: self.path.iter().map(element).collect(), span }
    }
}

/// The lines and columns of a text, counted once for all that is asked of it.
pub(super) struct Positions {
    /// Of each byte, and of the end: how many characters are before it, and in which line it is.
    places: Vec<(usize, usize)>,
    /// How many characters are before each line.
    lines: Vec<usize>,
}

impl Positions {
    pub(super) fn of(text: &str) -> Self {
        let (mut places, mut lines) = (Vec::with_capacity(text.len() + 1), vec![0]);
        let mut before = 0;
        for character in text.chars() {
            places.extend(std::iter::repeat_n((before, lines.len() - 1), character.len_utf8()));
            before += 1;
            if character == '\n' {
                lines.push(before);
            }
        }
        places.push((before, lines.len() - 1));
        Self { places, lines }
    }

    /// Lines count from 1; columns and offsets from 0, in characters.
    pub(super) fn at(&self, at: usize) -> Position {
        let (offset, line) = self.places.get(at).or_else(|| self.places.last()).copied().unwrap_or_default();
        let begins = self.lines.get(line).copied().unwrap_or_default();
        Position { line: number(line + 1), column: number(offset - begins), offset: number(offset) }
    }
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
