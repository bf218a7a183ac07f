//! What SEARCH searches for: `{Namespace,Dimension} words AND Name="value"`
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html>).

use crate::state::MetricId;
use std::collections::BTreeSet;

/// Deeper are no brackets nested.
const MAX_DEPTH: usize = 20;

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Search {
    /// A namespace, and the names of all dimensions that a metric has.
    schema: Option<(String, BTreeSet<String>)>,
    term: Option<Term>,
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    And(Vec<Term>),
    Or(Vec<Term>),
    Not(Box<Term>),
    /// The value of what is named (or any) is the text, or has its words in it.
    Is {
        name: Option<String>,
        text: String,
        exact: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
enum Word {
    Open,
    Close,
    /// Of one operand: `name=`
    Named(String),
    Plain(String),
    Quoted(String),
}

impl Search {
    /// Reads a search.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (schema, rest) = match text.strip_prefix('{') {
            None => (None, text),
            Some(inner) => {
                let (schema, rest) = inner.split_once('}').ok_or("A metric schema is not closed")?;
                (Some(read_schema(schema)?), rest)
            }
        };
        let words = words(rest)?;
        let mut reader = Reader { words: &words, at: 0, depth: 0 };
        let term = if words.is_empty() { None } else { Some(reader.any()?) };
        if reader.at < words.len() {
            return Err("A search has a bracket too many".into());
        }
        if schema.is_none() && term.is_none() {
            return Err("A search needs a metric schema or a search term".into());
        }
        Ok(Self { schema, term })
    }

    /// The namespace to which it is bound.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.schema.as_ref().map(|(namespace, _)| namespace.as_str())
    }

    /// Whether it finds a metric.
    pub(crate) fn finds(&self, metric: &MetricId) -> bool {
        let of_schema = self.schema.as_ref().is_none_or(|(namespace, names)| {
            *namespace == metric.namespace
                && names.len() == metric.dimensions.len()
                && metric.dimensions.iter().all(|(name, _)| names.contains(name))
        });
        of_schema && self.term.as_ref().is_none_or(|term| term.holds(metric))
    }
}

impl Term {
    fn holds(&self, metric: &MetricId) -> bool {
        match self {
            Self::And(all) => all.iter().all(|term| term.holds(metric)),
            Self::Or(all) => all.iter().any(|term| term.holds(metric)),
            Self::Not(term) => !term.holds(metric),
            Self::Is { name, text, exact } => {
                let fits = |value: &str| {
                    if *exact { value == text } else { has_words(&subwords(value), &subwords(text)) }
                };
                match name.as_deref() {
                    Some("MetricName") => fits(&metric.name),
                    Some("Namespace") => fits(&metric.namespace),
                    Some(name) => metric.dimension(name).is_some_and(fits),
                    None => {
                        let pairs = metric.dimensions.iter();
                        let mut parts = pairs.flat_map(|(name, value)| [name.as_str(), value.as_str()]);
                        fits(&metric.name) || fits(&metric.namespace) || parts.any(fits)
                    }
                }
            }
        }
    }
}

/// Whether words follow one another somewhere among others.
fn has_words(all: &[String], words: &[String]) -> bool {
    !words.is_empty() && all.windows(words.len()).any(|window| window == words)
}

/// `CPUUtilization-group2` is `cpu`, `utilization`, `group`, `2`.
fn subwords(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() {
            let follows = characters.peek().is_some_and(|next| next.is_lowercase());
            let begins = before.is_none_or(|before| {
                !before.is_alphanumeric()
                    || before.is_ascii_digit() != character.is_ascii_digit()
                    || (character.is_uppercase() && (before.is_lowercase() || follows))
            });
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(character.to_lowercase());
            }
        }
        before = Some(character);
    }
    words
}

fn read_schema(text: &str) -> Result<(String, BTreeSet<String>), String> {
    let plain = |part: &str| part.trim().trim_matches('"').to_owned();
    let mut parts = text.split(',').map(plain);
    let namespace = parts.next().filter(|namespace| !namespace.is_empty());
    let names: BTreeSet<String> = parts.collect();
    match namespace {
        Some(namespace) if !names.contains("") => Ok((namespace, names)),
        _ => Err("A metric schema has a namespace and then names of dimensions".into()),
    }
}

fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '(' => (Word::Open, rest.get(1..)),
            ')' => (Word::Close, rest.get(1..)),
            '"' => {
                let inner = rest.get(1..).unwrap_or_default();
                let (quoted, after) = inner.split_once('"').ok_or("A quotation mark is not closed")?;
                match after.strip_prefix('=') {
                    Some(after) => (Word::Named(quoted.into()), Some(after)),
                    None => (Word::Quoted(quoted.into()), Some(after)),
                }
            }
            _ => {
                let ends =
                    |character: char| character.is_whitespace() || matches!(character, '(' | ')' | '"' | '=');
                let length = rest.find(ends).unwrap_or(rest.len());
                let (word, after) = rest.split_at_checked(length).unwrap_or_default();
                match after.strip_prefix('=') {
                    Some(after) if !word.is_empty() => (Word::Named(word.into()), Some(after)),
                    Some(_) => return Err("A search has '=' without a name".into()),
                    None => (Word::Plain(word.into()), Some(after)),
                }
            }
        };
        words.push(word);
        rest = after.unwrap_or_default().trim_start();
    }
    Ok(words)
}

struct Reader<'w> {
    words: &'w [Word],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn is(&self, word: &str) -> bool {
        matches!(self.words.get(self.at), Some(Word::Plain(known)) if known == word)
    }

    /// Terms with OR between them.
    fn any(&mut self) -> Result<Term, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("A search is nested too deeply".into());
        }
        let mut terms = vec![self.all()?];
        while self.is("OR") {
            self.at += 1;
            terms.push(self.all()?);
        }
        self.depth -= 1;
        Ok(Term::Or(terms))
    }

    /// Terms with AND or nothing between them.
    fn all(&mut self) -> Result<Term, String> {
        let mut terms = vec![self.one()?];
        loop {
            if self.is("AND") {
                self.at += 1;
            } else if self.is("OR") || matches!(self.words.get(self.at), None | Some(Word::Close)) {
                return Ok(Term::And(terms));
            }
            terms.push(self.one()?);
        }
    }

    fn one(&mut self) -> Result<Term, String> {
        let word = self.words.get(self.at).ok_or("A search ends where a term should be")?;
        self.at += 1;
        match word {
            Word::Open => {
                let inner = self.any()?;
                self.at += 1;
                match self.words.get(self.at - 1) {
                    Some(Word::Close) => Ok(inner),
                    _ => Err("A bracket of a search is not closed".into()),
                }
            }
            Word::Close => Err("A search has a bracket too many".into()),
            Word::Plain(word) if word == "NOT" => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err("A search is nested too deeply".into());
                }
                let term = self.one()?;
                self.depth -= 1;
                Ok(Term::Not(Box::new(term)))
            }
            Word::Plain(word) if word == "AND" || word == "OR" => {
                Err(format!("A search has {word} without a term before it"))
            }
            Word::Plain(text) => Ok(Term::Is { name: None, text: text.clone(), exact: false }),
            Word::Quoted(text) => Ok(Term::Is { name: None, text: text.clone(), exact: true }),
            Word::Named(name) if name.starts_with(':') => {
                Err(format!("{name} is not built in Cloudchamber: an account sees its own metrics only"))
            }
            Word::Named(name) => self.named(name),
        }
    }

    /// What follows `name=`: a value, or several in brackets with AND, OR and NOT.
    fn named(&mut self, name: &str) -> Result<Term, String> {
        fn name_all(term: &mut Term, of: &str) {
            match term {
                Term::And(all) | Term::Or(all) => all.iter_mut().for_each(|term| name_all(term, of)),
                Term::Not(term) => name_all(term, of),
                Term::Is { name, .. } => *name = Some(name.take().unwrap_or_else(|| of.to_owned())),
            }
        }
        let mut term = self.one()?;
        name_all(&mut term, name);
        Ok(term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> MetricId {
        let dimensions =
            dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        MetricId { namespace: namespace.into(), name: name.into(), dimensions }
    }

    #[test]
    fn schemas_and_terms_find_metrics() {
        let instance = metric("AWS/EC2", "CPUUtilization", &[("InstanceId", "i-0abc")]);
        let kind = metric("AWS/EC2", "CPUUtilization", &[("InstanceType", "t2.micro")]);
        let app = metric("My App", "RequestCount", &[("Service Name", "AutoScaling-web")]);
        let cases: [(&str, [bool; 3]); 17] = [
            ("{AWS/EC2,InstanceId}", [true, false, false]),
            ("{AWS/EC2,InstanceId} MetricName=\"CPUUtilization\"", [true, false, false]),
            ("{AWS/EC2, InstanceType} InstanceType=micro", [false, true, false]),
            ("{AWS/EC2,InstanceType} InstanceType=\"micro\"", [false, false, false]),
            ("{AWS/EC2,InstanceType} InstanceType=\"t2.micro\"", [false, true, false]),
            ("{\"My App\",\"Service Name\"}", [false, false, true]),
            ("{AWS/EC2}", [false, false, false]),
            ("utilization", [true, true, false]),
            ("CPU", [true, true, false]),
            ("request OR micro", [false, true, true]),
            ("NOT micro", [true, false, true]),
            ("cpuutilization", [false, false, false]),
            ("(i OR micro) AND NOT t2", [true, false, false]),
            ("Namespace=AWS", [true, true, false]),
            ("\"Service Name\"=(web OR db)", [false, false, true]),
            ("auto scaling", [false, false, true]),
            ("Utilization", [true, true, false]),
        ];
        for (text, expected) in cases {
            let search = Search::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let found = [&instance, &kind, &app].map(|metric| search.finds(metric));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_search_says_why() {
        for text in
            ["", "{", "{}", "{A,}", "(a", "a)", "a AND", "OR a", "NOT", "=x", "\"a", ":aws.AccountId=1"]
        {
            assert!(Search::parse(text).is_err(), "{text}");
        }
        assert!(Search::parse(&"(".repeat(500)).is_err());
        assert!(Search::parse(&"NOT ".repeat(500)).is_err());
    }
}
