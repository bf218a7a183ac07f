//! An expression's tokens.

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bare name or keyword.
    Word,
    /// `#name`
    NamePlaceholder,
    /// `:value`
    ValuePlaceholder,
    /// Digits.
    Number,
    /// `= <> < <= > >= + - . , ( ) [ ]`
    Symbol,
    End,
}

/// A token, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// All tokens, with an [`Kind::End`] after them. The error is AWS's sentence.
pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let run = |from: usize| {
            let rest = bytes.get(from..).unwrap_or_default();
            from + rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
        };
        let (kind, end) = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (Kind::Word, run(at)),
            b'#' => (Kind::NamePlaceholder, run(at + 1)),
            b':' => (Kind::ValuePlaceholder, run(at + 1)),
            b'0'..=b'9' => (Kind::Number, run(at)),
            b'<' if matches!(bytes.get(at + 1), Some(b'>' | b'=')) => (Kind::Symbol, at + 2),
            b'>' if bytes.get(at + 1) == Some(&b'=') => (Kind::Symbol, at + 2),
            b'=' | b'<' | b'>' | b'+' | b'-' | b'.' | b',' | b'(' | b')' | b'[' | b']' => {
                (Kind::Symbol, at + 1)
            }
            _ => {
                let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                let end = at + length;
                tokens.push(Token {
                    kind: Kind::Symbol,
                    text: text.get(at..end).unwrap_or("?"),
                    start: at,
                    end,
                });
                return Err(syntax_error(text, &tokens, tokens.len() - 1));
            }
        };
        let bare = matches!(kind, Kind::NamePlaceholder | Kind::ValuePlaceholder) && end == at + 1;
        tokens.push(Token { kind, text: text.get(at..end).unwrap_or_default(), start: at, end });
        if bare {
            return Err(syntax_error(text, &tokens, tokens.len() - 1));
        }
        at = end;
    }
    tokens.push(Token { kind: Kind::End, text: "<EOF>", start: text.len(), end: text.len() });
    Ok(tokens)
}

/// `Syntax error; token: "x", near: "a x b"`: the token with its neighbours.
pub(crate) fn syntax_error(text: &str, tokens: &[Token<'_>], at: usize) -> String {
    let token = tokens.get(at).or(tokens.last());
    let start = tokens.get(at.saturating_sub(1)).map_or(0, |token| token.start);
    let end = tokens.get(at + 1).or(token).map_or(text.len(), |token| token.end);
    let near = text.get(start..end).unwrap_or_default().trim();
    format!("Syntax error; token: \"{}\", near: \"{near}\"", token.map_or("<EOF>", |token| token.text))
}
