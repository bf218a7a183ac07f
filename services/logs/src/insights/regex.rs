use std::sync::Arc;

/// The longest expression, in characters.
const LONGEST: usize = 1024;
/// Bytes of the compiled expression, and what it then costs to look at a byte with it: time is at most its size by the length of the text.
const SIZES: [(usize, usize); 3] = [(2 * 1024, 4), (8 * 1024, 16), (64 * 1024, 128)];
/// So many groups cost as much again.
const GROUPS: usize = 4;
const DEEPEST: u32 = 32;

/// A regular expression, matched in time linear in the text. One without operators is looked for as it is.
#[derive(Debug, Clone)]
pub(super) struct Regex {
    literal: Option<Arc<str>>,
    compiled: regex_lite::Regex,
    /// Of a byte, in those that are looked at by a plain search.
    cost: usize,
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
        // It does not tell its size, so the least limit that it fits in is looked for.
        let mut built = Err(String::new());
        for (size, cost) in SIZES {
            let builder =
                regex_lite::RegexBuilder::new(&expression).size_limit(size).nest_limit(DEEPEST).build();
            built = builder.map(|compiled| (compiled, cost)).map_err(|error| error.to_string());
            if built.is_ok() {
                break;
            }
        }
        let (compiled, cost) = built?;
        let plain =
            |character: char| character.is_alphanumeric() || " _:;,=@/#<>'\"!~&%-".contains(character);
        let literal = (!expression.is_empty() && expression.chars().all(plain)).then(|| expression.into());
        Ok(Self { literal, compiled, cost })
    }

    /// What it costs to match it with a text, in bytes that are looked at.
    pub(super) fn cost(&self, text: &str) -> usize {
        if self.literal.is_some() { text.len() } else { text.len().saturating_mul(self.cost) }
    }

    /// What it costs to find its groups in a text.
    pub(super) fn capturing_cost(&self, text: &str) -> usize {
        let groups = self.compiled.captures_len() / GROUPS;
        text.len().saturating_mul(self.cost).saturating_mul(1 + groups)
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
        // The larger it is, the dearer.
        let cost = |expression: &str| Regex::new(expression).unwrap().cost("0123456789");
        assert_eq!(["ERROR", r"\d+ ms", r"\d{100}", r"\d{1000}"].map(cost), [10, 40, 160, 1280]);
        // What backtracks elsewhere takes linear time.
        assert!(!matches("(a+)+$", &format!("{}b", "a".repeat(20_000))));
    }
}
