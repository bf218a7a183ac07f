//! The part of JSON path that EventBridge supports: names by dots or in brackets, array indices, wildcards.

use wire::Document;

const LONGEST: usize = 64;

/// A read path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
    All,
}

impl Path {
    /// Reads `$`, `$.detail.state`, `$.resources[0]`, `$.detail['a b']`, `$.detail.list[*].name`; None where it is none.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if steps.len() >= LONGEST {
                return None;
            }
            let step;
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, left) = after.split_at_checked(end)?;
                step = match name {
                    "*" => Step::All,
                    name if is_name(name) => Step::Name(name.to_owned()),
                    _ => return None,
                };
                rest = left;
            } else {
                let inside = rest.strip_prefix('[')?;
                (step, rest) = bracket(inside)?;
            }
            steps.push(step);
        }
        Some(Self(steps))
    }

    /// The value at the path. With a wildcard it is a list of all that fit.
    pub(crate) fn find(&self, event: &Document) -> Option<Document> {
        let mut found = vec![event];
        let mut many = false;
        for step in &self.0 {
            many |= *step == Step::All;
            found = found.into_iter().flat_map(|value| step.of(value)).collect();
        }
        if many {
            return Some(found.into_iter().cloned().collect());
        }
        found.first().map(|value| (*value).clone())
    }
}

impl Step {
    fn of<'a>(&self, value: &'a Document) -> Vec<&'a Document> {
        match (self, value) {
            (Self::Name(name), value) => value.get(name).into_iter().collect(),
            (Self::Index(index), Document::Array(elements)) => elements.get(*index).into_iter().collect(),
            (Self::All, Document::Array(elements)) => elements.iter().collect(),
            (Self::All, Document::Object(members)) => members.values().collect(),
            _ => Vec::new(),
        }
    }
}

fn is_name(name: &str) -> bool {
    let fits = |character: char| {
        character.is_alphanumeric() || matches!(character, '-' | '_' | '/' | ':' | '$' | '@')
    };
    !name.is_empty() && name.chars().all(fits)
}

/// What follows an opening bracket, and what follows the closing one.
fn bracket(text: &str) -> Option<(Step, &str)> {
    if let Some(quote) = text.chars().next().filter(|quote| matches!(quote, '\'' | '"')) {
        let (name, rest) = text.get(1..)?.split_once(quote)?;
        return Some((Step::Name(name.to_owned()), rest.strip_prefix(']')?));
    }
    let (index, rest) = text.split_once(']')?;
    if index == "*" {
        return Some((Step::All, rest));
    }
    let digits = !index.is_empty() && index.len() <= 9 && index.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| index.parse().ok()).flatten().map(|index| (Step::Index(index), rest))
}
