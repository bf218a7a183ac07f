//! The model's patterns are Java's: compiled once each, after a translation of what the regex crate says otherwise.

use regex::Regex;
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

/// A pattern: all parts must match (a leading lookahead becomes a part of its own), those that are negated must not.
struct Pattern {
    parts: Vec<(bool, Regex)>,
}

type Cache = RwLock<HashMap<(usize, usize), &'static Pattern>>;

/// The whole of `value` matches `pattern`. A pattern that cannot be expressed (lookarounds amid it, back references) would be satisfied by
/// anything; a test makes sure that no served model has one.
pub(super) fn matches(pattern: &'static str, value: &str) -> bool {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    let cache = CACHE.get_or_init(Cache::default);
    // The tables are statics: the address of a pattern is as good as its text, and quicker to hash.
    let key = (pattern.as_ptr() as usize, pattern.len());
    let known = cache.read().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
    let compiled = known.unwrap_or_else(|| {
        let compiled: &'static Pattern = Box::leak(Box::new(compile(pattern)));
        cache.write().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(compiled)
    });
    compiled.parts.iter().all(|(wanted, regex)| regex.is_match(value) == *wanted)
}

fn compile(pattern: &str) -> Pattern {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((wanted, part, after)) = lookahead(rest) {
        match Regex::new(&format!(r"\A(?:{})", translate(part))) {
            Ok(regex) => parts.push((wanted, regex)),
            Err(_) => return Pattern { parts: Vec::new() },
        }
        rest = after;
    }
    // A hyphen that no hyphen may follow (IAM's account aliases): none may anywhere.
    let single = rest.replace("-(?!-)", "-");
    if single != rest {
        parts.extend(Regex::new("--").ok().map(|regex| (false, regex)));
        rest = &single;
    }
    // `(?<!part)` at the end is a part of its own, too.
    if let Some((before, part)) = rest.rsplit_once("(?<!")
        && let Some(part) = part.strip_suffix(')').filter(|part| !part.contains(')'))
    {
        match Regex::new(&format!(r"(?s)(?:{})\z", translate(part))) {
            Ok(regex) => parts.push((false, regex)),
            Err(_) => return Pattern { parts: Vec::new() },
        }
        rest = before;
    }
    match Regex::new(&format!(r"\A(?:{})\z", translate(rest))) {
        Ok(regex) => parts.push((true, regex)),
        Err(_) => parts.clear(),
    }
    Pattern { parts }
}

/// Splits `(?!part)rest` and `(?=part)rest`, also behind a leading `^`, and in a group of its own.
fn lookahead(pattern: &str) -> Option<(bool, &str, &str)> {
    if let Some(grouped) = pattern.strip_prefix('(').filter(|grouped| grouped.starts_with("^(?")) {
        let (wanted, part, rest) = lookahead(grouped)?;
        return Some((wanted, part, rest.strip_prefix(')')?));
    }
    let inner = pattern.strip_prefix('^').unwrap_or(pattern);
    let (wanted, inner) = match (inner.strip_prefix("(?!"), inner.strip_prefix("(?=")) {
        (Some(inner), _) => (false, inner),
        (_, Some(inner)) => (true, inner),
        _ => return None,
    };
    let (mut depth, mut escaped, mut class) = (1_u32, false, false);
    for (index, letter) in inner.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((wanted, inner.get(..index)?, inner.get(index + 1..)?));
        }
    }
    None
}

/// Java's classes `\d \w \s` are ASCII; a `[` in a class and `&&`, `--`, `~~` mean nothing special there (AWS writes none that do); `$` stands also
/// before a last line break, which no constraint means.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut letters = pattern.chars().peekable();
    let mut class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('d') => out.push_str(if class { "0-9" } else { "[0-9]" }),
                Some('w') => out.push_str(if class { "0-9A-Za-z_" } else { "[0-9A-Za-z_]" }),
                Some('s') => out.push_str(if class { r" \t\n\x0B\x0C\r" } else { r"[ \t\n\x0B\x0C\r]" }),
                Some('S') if class => out.push_str(r"\x00-\x08\x0E-\x1F!-\x{10FFFF}"),
                Some('S') => out.push_str(r"[^ \t\n\x0B\x0C\r]"),
                Some('b') => out.push_str(r"(?-u:\b)"),
                Some('D') => out.push_str("[^0-9]"),
                Some('W') => out.push_str("[^0-9A-Za-z_]"),
                Some('u') => unicode(&mut letters, &mut out),
                Some('p') if posix(&mut letters, &mut out, class) => {}
                Some('_') => out.push('_'),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push_str(r"\\"),
            },
            '[' if class => out.push_str(r"\["),
            '[' => {
                class = true;
                out.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                if letters.next_if_eq(&']').is_some() {
                    out.push_str(r"\]");
                }
            }
            ']' if class => {
                class = false;
                out.push(']');
            }
            '&' | '~' if class => {
                out.push('\\');
                out.push(letter);
            }
            // `a-zA-Z-_` is a range and two letters in Java, and an error here.
            '-' if class && (out.ends_with('[') || letters.peek() == Some(&']') || after_range(&out)) => {
                out.push_str(r"\-");
            }
            _ => out.push(letter),
        }
    }
    out
}

/// The class so far ends in a range (`a-z`), so that a further `-` is itself.
fn after_range(out: &str) -> bool {
    let mut last = out.chars().rev();
    let (end, dash, start) = (last.next(), last.next(), last.next());
    dash == Some('-')
        && start.is_some_and(|start| start != '\\' && start != '[')
        && end.is_some_and(|end| end != '\\')
}

/// `\uXXXX`; the models write code points beyond the basic plane as `\u10000-\u10FFFF`, and surrogates, which Rust's text never holds.
fn unicode(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let mut digits = String::new();
    while digits.len() < 4
        && let Some(digit) = letters.next_if(char::is_ascii_hexdigit)
    {
        digits.push(digit);
    }
    // `\u10000` and `\u10FFFF`: AWS means the code points.
    if digits == "1000" && letters.next_if_eq(&'0').is_some() {
        digits.push('0');
    } else if digits == "10FF" {
        while letters.next_if_eq(&'F').is_some() {
            digits.push('F');
        }
    }
    let point = u32::from_str_radix(&digits, 16).unwrap_or(0xFFFD);
    let point = match point {
        0xD800..=0xDBFF => 0x1_0000,
        0xDC00..=0xDFFF => 0x10_FFFF,
        other => other,
    };
    out.push_str(&format!("\\x{{{point:X}}}"));
}

/// `\p{Print}` and its like, which are ASCII in Java.
fn posix(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String, class: bool) -> bool {
    let rest: String = letters.clone().take_while(|letter| *letter != '}').collect();
    let ranges = match rest.as_str() {
        "{Print" => r" -~",
        "{Graph" => r"!-~",
        "{Alpha" => "A-Za-z",
        "{Alnum" => "0-9A-Za-z",
        "{Digit" => "0-9",
        "{ASCII" => r"\x00-\x7F",
        _ => {
            out.push_str(r"\p");
            return true;
        }
    };
    for _ in 0..=rest.len() {
        letters.next();
    }
    out.push_str(&if class { ranges.to_owned() } else { format!("[{ranges}]") });
    true
}

#[cfg(test)]
mod tests {
    use super::compile;

    /// None of the served models' patterns takes just anything because it could not be translated.
    #[test]
    fn all_patterns_are_expressed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/botocore");
        let (mut count, mut unexpressed) = (0, std::collections::BTreeSet::new());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let model: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
            for shape in model["shapes"].as_object().into_iter().flatten().map(|(_, shape)| shape) {
                if let Some(pattern) = shape.get("pattern").and_then(serde_json::Value::as_str) {
                    count += 1;
                    if compile(pattern).parts.is_empty() {
                        unexpressed.insert(pattern.to_owned());
                    }
                }
            }
        }
        assert!(count > 50, "only {count} patterns were found");
        assert_eq!(unexpressed.into_iter().collect::<Vec<_>>(), Vec::<String>::new());
    }
}
