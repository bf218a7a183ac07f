use std::sync::Arc;

/// The longest expression, in characters.
const LONGEST: usize = 1024;
/// Bytes of the compiled expression. Time is at most its size by the length of the text.
const SIZE: usize = 64 * 1024;
const DEEPEST: u32 = 32;

/// A regular expression, matched in time linear in the text. One without operators is looked for as it is.
#[derive(Debug, Clone)]
pub(super) struct Regex {
    literal: Option<Arc<str>>,
    compiled: regex_lite::Regex,
}

impl Regex {
    /// Reads what stands between slashes, where `\/` is a slash.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST {
            return Err(format!("a regular expression has no more than {LONGEST} characters"));
        }
        let expression = text.replace("\\/", "/");
        let built = regex_lite::RegexBuilder::new(&expression).size_limit(SIZE).nest_limit(DEEPEST).build();
        let compiled = built.map_err(|error| error.to_string())?;
        let plain =
            |character: char| character.is_alphanumeric() || " _:;,=@/#<>'\"!~&%-".contains(character);
        let literal = (!expression.is_empty() && expression.chars().all(plain)).then(|| expression.into());
        Ok(Self { literal, compiled })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match &self.literal {
            Some(literal) => text.contains(&**literal),
            None => self.compiled.is_match(text),
        }
    }

    pub(super) fn compiled(&self) -> &regex_lite::Regex {
        &self.compiled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_match_and_are_limited() {
        let matches = |expression: &str, text: &str| Regex::new(expression).unwrap().matches(text);
        assert!(matches("ERROR", "an ERROR") && !matches("ERROR", "an error"));
        assert!(matches("(?i)error", "an ERROR"));
        assert!(matches(r"\d{3}-\w+", "x 123-ab"));
        assert!(matches(r"a\/b", "a/b"));
        assert!(matches("", "anything"));
        assert!(Regex::new(r"(?=a)").is_err() && Regex::new("(").is_err());
        assert!(Regex::new(r"(\d{1000}){1000}").is_err());
        assert!(Regex::new(&"a".repeat(1025)).is_err());
        assert!(Regex::new(&format!("{}a{}", "(".repeat(100), ")".repeat(100))).is_err());
        // What backtracks elsewhere takes linear time.
        assert!(!matches("(a+)+$", &format!("{}b", "a".repeat(20_000))));
    }
}
