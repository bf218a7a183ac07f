use super::InvalidPattern;
use super::regex::Regex;
use super::scanner::Scanner;

/// A pattern for events of any form: terms that they must, may and must not contain.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    required: Vec<Term>,
    /// At least one of these; AWS ignores them where there are others.
    optional: Vec<Term>,
    excluded: Vec<Term>,
}

#[derive(Debug, Clone)]
enum Term {
    Text(String),
    Regex(Regex),
}

impl Terms {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        let mut terms = Self::default();
        loop {
            scanner.skip_spaces();
            let kind = match scanner.peek() {
                None => return Ok(terms),
                Some('?') => &mut terms.optional,
                Some('-') => &mut terms.excluded,
                Some(_) => &mut terms.required,
            };
            let _ = scanner.eat("?") || scanner.eat("-");
            kind.push(Term::parse(scanner)?);
        }
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        let contains = |term: &Term| match term {
            Term::Text(text) => message.contains(text),
            Term::Regex(regex) => regex.matches(message),
        };
        if self.required.is_empty() && self.excluded.is_empty() {
            return self.optional.iter().any(contains);
        }
        self.required.iter().all(contains) && !self.excluded.iter().any(contains)
    }
}

impl Term {
    fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        if scanner.eat("%") {
            return scanner.regex().map(Self::Regex);
        }
        if scanner.eat("\"") {
            let text = scanner.quoted('"')?;
            return match text.as_str() {
                "" => Err(InvalidPattern::Characters("\"\"".into())),
                // AWS's way to write everything.
                " " => Ok(Self::Text(String::new())),
                _ => Ok(Self::Text(text)),
            };
        }
        // Documented are letters, digits and the underscore; AWS also takes these three.
        let word = scanner.take_while(|character| character.is_alphanumeric() || "_.-/".contains(character));
        if word.is_empty() { Err(scanner.unexpected()) } else { Ok(Self::Text(word.to_owned())) }
    }
}
