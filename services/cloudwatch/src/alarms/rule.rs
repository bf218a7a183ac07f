//! The rules of composite alarms: `ALARM(cpu) AND NOT (OK("disk") OR INSUFFICIENT_DATA(net))`
//! (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html>).

use api_cloudwatch::StateValue;
use std::collections::BTreeSet;

/// Alarms that a rule may name.
const CHILDREN: usize = 100;
/// Alarms, constants and parentheses that a rule may have.
const ELEMENTS: usize = 500;
/// How deep parentheses and `NOT` may stand in each other: far more than anybody writes, far less than the stack holds.
const DEPTH: usize = 64;

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    Always(bool),
    /// An alarm, by its name or ARN, is in a state.
    Is(StateValue, String),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleError(pub(crate) String);

fn fail<T>(why: impl Into<String>) -> Result<T, RuleError> {
    Err(RuleError(why.into()))
}

impl Rule {
    /// Reads a rule. `AND` binds closer than `OR`, `NOT` closer than both.
    pub(crate) fn parse(text: &str) -> Result<Self, RuleError> {
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens, elements: 0 };
        let rule = reader.any(0)?;
        if let Some(token) = reader.tokens.first() {
            return fail(format!("unexpected {}", token.text()));
        }
        if reader.elements > ELEMENTS {
            return fail(format!("a rule has at most {ELEMENTS} elements"));
        }
        if rule.alarms().len() > CHILDREN {
            return fail(format!("a rule names at most {CHILDREN} alarms"));
        }
        Ok(rule)
    }

    /// The alarms that it names, as it names them.
    pub(crate) fn alarms(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.collect(&mut found);
        found
    }

    fn collect<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::Always(_) => {}
            Self::Is(_, alarm) => {
                found.insert(alarm);
            }
            Self::Not(inner) => inner.collect(found),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect(found)),
        }
    }

    /// Whether it holds, with the states of the alarms that it names; one that is gone is in none.
    pub(crate) fn holds(&self, state: &impl Fn(&str) -> Option<StateValue>) -> bool {
        match self {
            Self::Always(truth) => *truth,
            Self::Is(wanted, alarm) => state(alarm) == Some(*wanted),
            Self::Not(inner) => !inner.holds(state),
            Self::All(parts) => parts.iter().all(|part| part.holds(state)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(state)),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Quoted(String),
    Word(String),
}

impl Token {
    fn text(&self) -> String {
        match self {
            Self::Open => "(".into(),
            Self::Close => ")".into(),
            Self::Quoted(text) => format!("\"{text}\""),
            Self::Word(text) => text.clone(),
        }
    }
}

/// Whether what follows the opening parenthesis just read is an alarm's name, which ends at its closing parenthesis and may contain blanks.
fn names_an_alarm(tokens: &[Token]) -> bool {
    let [.., Token::Word(function), Token::Open] = tokens else { return false };
    state_of(function).is_some()
}

fn tokens(text: &str) -> Result<Vec<Token>, RuleError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' => {
                tokens.push(Token::Open);
                rest.get(1..).unwrap_or_default()
            }
            ')' => {
                tokens.push(Token::Close);
                rest.get(1..).unwrap_or_default()
            }
            '"' => {
                let inner = rest.get(1..).unwrap_or_default();
                let Some((quoted, after)) = inner.split_once('"') else {
                    return fail("a quotation mark is not closed");
                };
                tokens.push(Token::Quoted(quoted.to_owned()));
                after
            }
            _ => {
                let end = if names_an_alarm(&tokens) {
                    rest.find(')')
                } else {
                    rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
                };
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                tokens.push(Token::Word(word.trim_end().to_owned()));
                after
            }
        };
        rest = rest.trim_start();
    }
    Ok(tokens)
}

fn state_of(function: &str) -> Option<StateValue> {
    match function {
        "ALARM" => Some(StateValue::Alarm),
        "OK" => Some(StateValue::Ok),
        "INSUFFICIENT_DATA" => Some(StateValue::InsufficientData),
        _ => None,
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    elements: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Word(word)) if word == keyword);
        if found {
            self.next();
        }
        found
    }

    fn any(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let mut parts = vec![self.all(depth)?];
        while self.takes("OR") {
            parts.push(self.all(depth)?);
        }
        Ok(only(parts, Rule::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let mut parts = vec![self.one(depth)?];
        while self.takes("AND") {
            parts.push(self.one(depth)?);
        }
        Ok(only(parts, Rule::All))
    }

    fn one(&mut self, depth: usize) -> Result<Rule, RuleError> {
        if depth > DEPTH {
            return fail("its parentheses are nested too deeply");
        }
        if self.takes("NOT") {
            return Ok(Rule::Not(Box::new(self.one(depth.saturating_add(1))?)));
        }
        self.elements = self.elements.saturating_add(1);
        match self.next() {
            None => fail("it ends where an alarm is expected"),
            Some(Token::Open) => {
                let inner = self.any(depth.saturating_add(1))?;
                self.close()?;
                Ok(inner)
            }
            Some(Token::Word(word)) => match word.as_str() {
                "TRUE" => Ok(Rule::Always(true)),
                "FALSE" => Ok(Rule::Always(false)),
                function => match state_of(function) {
                    Some(state) => self.alarm(state),
                    None => fail(format!("unexpected {function}")),
                },
            },
            Some(token) => fail(format!("unexpected {}", token.text())),
        }
    }

    fn alarm(&mut self, state: StateValue) -> Result<Rule, RuleError> {
        if self.next() != Some(&Token::Open) {
            return fail(format!("{state} is not followed by an alarm in parentheses"));
        }
        let name = match self.next() {
            Some(Token::Quoted(name) | Token::Word(name)) if !name.is_empty() => name.clone(),
            _ => return fail(format!("{state}() names no alarm")),
        };
        self.close()?;
        Ok(Rule::Is(state, name))
    }

    fn close(&mut self) -> Result<(), RuleError> {
        match self.next() {
            Some(Token::Close) => Ok(()),
            Some(token) => fail(format!("unexpected {} where ) is expected", token.text())),
            None => fail("a parenthesis is not closed"),
        }
    }
}

fn only(mut parts: Vec<Rule>, join: fn(Vec<Rule>) -> Rule) -> Rule {
    match parts.pop() {
        Some(single) if parts.is_empty() => single,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(rule: &str, states: &[(&str, StateValue)]) -> bool {
        let state = |name: &str| states.iter().find(|(known, _)| *known == name).map(|(_, state)| *state);
        Rule::parse(rule).unwrap().holds(&state)
    }

    #[test]
    fn rules_hold_as_they_are_written() {
        let states = [
            ("a", StateValue::Alarm),
            ("b", StateValue::Ok),
            ("c", StateValue::InsufficientData),
            ("CPU too high", StateValue::Alarm),
        ];
        for (rule, expected) in [
            ("TRUE", true),
            ("FALSE", false),
            ("ALARM(a)", true),
            ("ALARM(\"a\")", true),
            ("ALARM( a )", true),
            ("OK(a)", false),
            ("OK(b) AND INSUFFICIENT_DATA(c)", true),
            ("ALARM(CPU too high)", true),
            ("ALARM(\"CPU too high\") AND NOT ALARM(b)", true),
            ("ALARM(b) OR ALARM(a) AND ALARM(c)", false),
            ("(ALARM(b) OR ALARM(a)) AND NOT ALARM(c)", true),
            ("NOT ALARM(a) OR OK(b)", true),
            ("NOT NOT ALARM(a)", true),
            ("ALARM(gone)", false),
            ("NOT ALARM(gone)", true),
            ("(((TRUE)))", true),
            ("ALARM(a)\n\tAND\nOK(b)", true),
        ] {
            assert_eq!(holds(rule, &states), expected, "{rule}");
        }
    }

    #[test]
    fn a_rule_names_its_alarms_once() {
        let rule = Rule::parse("ALARM(b) OR OK(a) AND NOT (ALARM(arn:aws:cloudwatch:r:1:alarm:x) OR OK(b))")
            .unwrap();
        assert_eq!(
            rule.alarms().into_iter().collect::<Vec<_>>(),
            ["a", "arn:aws:cloudwatch:r:1:alarm:x", "b"]
        );
    }

    #[test]
    fn what_is_no_rule_is_refused_with_a_reason() {
        for (text, why) in [
            ("", "it ends where an alarm is expected"),
            ("ALARM", "ALARM is not followed by an alarm in parentheses"),
            ("ALARM()", "ALARM() names no alarm"),
            ("ALARM(a", "a parenthesis is not closed"),
            ("ALARM(\"a)", "a quotation mark is not closed"),
            ("ALARM(a) ALARM(b)", "unexpected ALARM"),
            ("ALARM(a) AND", "it ends where an alarm is expected"),
            ("AND ALARM(a)", "unexpected AND"),
            ("alarm(a)", "unexpected alarm"),
            ("(TRUE", "a parenthesis is not closed"),
            ("TRUE)", "unexpected )"),
            ("\"a\"", "unexpected \"a\""),
        ] {
            assert_eq!(Rule::parse(text).unwrap_err().0, why, "{text}");
        }
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let many = |count: usize, part: &dyn Fn(usize) -> String| {
            (0..count).map(part).collect::<Vec<_>>().join(" OR ")
        };
        assert!(Rule::parse(&many(100, &|n| format!("ALARM(a{n})"))).is_ok());
        assert_eq!(
            Rule::parse(&many(101, &|n| format!("ALARM(a{n})"))).unwrap_err().0,
            "a rule names at most 100 alarms"
        );
        assert!(Rule::parse(&many(500, &|_| "TRUE".into())).is_ok());
        assert_eq!(
            Rule::parse(&many(501, &|_| "TRUE".into())).unwrap_err().0,
            "a rule has at most 500 elements"
        );
        let deep = |depth: usize| format!("{}TRUE{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Rule::parse(&deep(64)).is_ok());
        assert!(Rule::parse(&deep(65)).is_err());
        assert!(Rule::parse(&"NOT ".repeat(5000)).is_err());
    }
}
