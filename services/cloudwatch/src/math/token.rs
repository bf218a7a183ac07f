//! The words of an expression.

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Number(f64),
    /// Between quotation marks of either kind.
    Text(String),
    /// A query's id, a function, `AND` …
    Name(String),
    /// An operator, bracket or comma.
    Sign(&'static str),
}

/// All signs; where one begins another, the longer comes first.
const SIGNS: [&str; 20] = [
    "==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "^", "<", ">", "(", ")", "[", "]", ",", "!", "=",
];

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Name(name) => f.write_str(name),
            Self::Sign(sign) => f.write_str(sign),
        }
    }
}

/// The words of a text.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => quoted(rest, first)?,
            '0'..='9' | '.' => number(rest)?,
            'a'..='z' | 'A'..='Z' | '_' => {
                let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
                let length = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
                (Token::Name(rest.get(..length).unwrap_or_default().to_owned()), length)
            }
            other => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| format!("Unexpected character '{other}'"))?;
                (Token::Sign(sign), sign.len())
            }
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

/// A text, until the quotation mark that it began with; a backslash takes the next character as it is.
fn quoted(rest: &str, mark: char) -> Result<(Token, usize), String> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => text.extend(characters.next().map(|(_, character)| character)),
            _ if character == mark => return Ok((Token::Text(text), at + mark.len_utf8())),
            _ => text.push(character),
        }
    }
    Err("A quotation mark is not closed".into())
}

fn number(rest: &str) -> Result<(Token, usize), String> {
    let is_part = |character: char| character.is_ascii_digit() || character == '.';
    let length = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
    let text = rest.get(..length).unwrap_or_default();
    let number: f64 = text.parse().map_err(|_| format!("'{text}' is not a number"))?;
    Ok((Token::Number(number), length))
}
