use super::InvalidPattern;

/// Bytes of the compiled expression: keeps time and memory small whatever the repetitions.
const SIZE: usize = 64 * 1024;

/// A regular expression of AWS's subset, matched in time linear in the text.
#[derive(Debug, Clone)]
pub(super) struct Regex(regex_lite::Regex);

impl Regex {
    /// Letters, digits, spaces, ten symbols and the operators without parentheses; `\` before an operator, `\d \s \w \D \S \W` and `\xhh`.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let mut characters = text.chars().peekable();
        let mut expression = String::with_capacity(text.len());
        while let Some(character) = characters.next() {
            match character {
                '\\' => {
                    let escaped = characters.next().ok_or(InvalidPattern::Syntax)?;
                    let known =
                        matches!(escaped, 'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'x') || is_operator(escaped);
                    // Symbols stand for themselves, escaped or not.
                    if !known && !is_symbol(escaped) {
                        return Err(InvalidPattern::Syntax);
                    }
                    if known {
                        expression.push('\\');
                    }
                    expression.push(escaped);
                    if escaped == 'x' {
                        for _ in 0..2 {
                            let digit = characters.next().filter(char::is_ascii_hexdigit);
                            expression.push(digit.ok_or(InvalidPattern::Syntax)?);
                        }
                    }
                }
                '{' => {
                    expression.push('{');
                    // `{,n}` is AWS's, `{0,n}` the engine's.
                    if characters.peek() == Some(&',') {
                        expression.push('0');
                    }
                }
                _ if character.is_ascii_alphanumeric() || is_symbol(character) || is_operator(character) => {
                    expression.push(character);
                }
                _ => return Err(InvalidPattern::Syntax),
            }
        }
        let built = regex_lite::RegexBuilder::new(&expression).size_limit(SIZE).build();
        built.map(Self).map_err(|_| InvalidPattern::Syntax)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

fn is_symbol(character: char) -> bool {
    matches!(character, ':' | '_' | '#' | '=' | '@' | '/' | ';' | ',' | '-' | ' ')
}

fn is_operator(character: char) -> bool {
    matches!(character, '^' | '$' | '?' | '[' | ']' | '{' | '}' | '|' | '\\' | '*' | '+' | '.')
}
