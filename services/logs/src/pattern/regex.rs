use super::InvalidPattern;
use std::iter::Peekable;
use std::str::Chars;

/// Bytes of the compiled expression.
const SIZE: usize = 64 * 1024;
/// The sum of all counts in braces. Each count is as many states to be in at once, and time is their number by the length of the text.
const MOST_REPEATED: usize = 256;

/// A regular expression of AWS's subset, matched in time linear in the text.
#[derive(Debug, Clone)]
pub(super) struct Regex(regex_lite::Regex);

impl Regex {
    /// Letters, digits, spaces, ten symbols and the operators without parentheses; `\` before an operator, `\d \s \w \D \S \W` and `\xhh`.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let mut characters = text.chars().peekable();
        let mut expression = String::with_capacity(text.len());
        let (mut in_class, mut repeated, mut total) = (false, false, 0_usize);
        while let Some(character) = characters.next() {
            let was_repeated = std::mem::replace(&mut repeated, !in_class && "*+?{".contains(character));
            match character {
                '\\' => escape(&mut characters, &mut expression)?,
                '{' if !in_class => {
                    // What is repeated is not repeated again: that would multiply.
                    let count = repetition(&mut characters, &mut expression).filter(|_| !was_repeated);
                    total = total.saturating_add(count.ok_or(InvalidPattern::Syntax)?);
                }
                _ if character.is_ascii_alphanumeric() || is_symbol(character) || is_operator(character) => {
                    in_class = if in_class { character != ']' } else { character == '[' };
                    expression.push(character);
                }
                _ => return Err(InvalidPattern::Syntax),
            }
        }
        if total > MOST_REPEATED {
            return Err(InvalidPattern::Syntax);
        }
        let built = regex_lite::RegexBuilder::new(&expression).size_limit(SIZE).build();
        built.map(Self).map_err(|_| InvalidPattern::Syntax)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// What follows a backslash.
fn escape(characters: &mut Peekable<Chars<'_>>, expression: &mut String) -> Result<(), InvalidPattern> {
    let escaped = characters.next().ok_or(InvalidPattern::Syntax)?;
    match escaped {
        // Symbols stand for themselves, escaped or not.
        _ if is_symbol(escaped) => expression.push(escaped),
        'd' | 'D' | 's' | 'S' | 'w' | 'W' => expression.extend(['\\', escaped]),
        'x' => {
            expression.push_str("\\x");
            for _ in 0..2 {
                let digit = characters.next().filter(char::is_ascii_hexdigit);
                expression.push(digit.ok_or(InvalidPattern::Syntax)?);
            }
        }
        _ if is_operator(escaped) => expression.extend(['\\', escaped]),
        _ => return Err(InvalidPattern::Syntax),
    }
    Ok(())
}

/// What follows `{`: `m}`, `m,n}`, `m,}` or `,n}`. Answers the higher count.
fn repetition(characters: &mut Peekable<Chars<'_>>, expression: &mut String) -> Option<usize> {
    let mut number = |end: &[char]| -> Option<(Option<usize>, char)> {
        let (mut digits, mut end_found) = (String::new(), None);
        for character in characters.by_ref().filter(|character| *character != ' ') {
            if end.contains(&character) {
                end_found = Some(character);
                break;
            }
            digits.push(character);
        }
        let count = if digits.is_empty() { None } else { Some(digits.parse().ok()?) };
        Some((count, end_found?))
    };
    let (least, end) = number(&[',', '}'])?;
    if end == '}' {
        let exactly = least?;
        expression.push_str(&format!("{{{exactly}}}"));
        return Some(exactly);
    }
    let (most, _) = number(&['}'])?;
    match (least, most) {
        (None, None) => return None,
        (least, Some(most)) => expression.push_str(&format!("{{{},{most}}}", least.unwrap_or(0))),
        (Some(least), None) => expression.push_str(&format!("{{{least},}}")),
    }
    most.or(least)
}

fn is_symbol(character: char) -> bool {
    matches!(character, ':' | '_' | '#' | '=' | '@' | '/' | ';' | ',' | '-' | ' ')
}

fn is_operator(character: char) -> bool {
    matches!(character, '^' | '$' | '?' | '[' | ']' | '{' | '}' | '|' | '\\' | '*' | '+' | '.')
}
