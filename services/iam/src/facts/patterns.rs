//! Texts with `*` and `?`, compared with each other.

/// Whether a pattern matches a text.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    begins(pattern, text) && glob(pattern, text, |pattern, text| pattern == text || pattern == '?')
}

/// Whether everything that `inner` matches is matched by `outer` too. Says no where it would need more than a comparison of the texts.
pub(crate) fn covers(outer: &str, inner: &str) -> bool {
    begins(outer, inner)
        && glob(outer, inner, |outer, inner| outer == inner || (outer == '?' && inner != '*'))
}

/// Whether some text is matched by both.
pub(crate) fn intersect(one: &str, other: &str) -> bool {
    meet(one, other, |one, other| one == other || one == '?' || other == '?')
}

/// Whether a text begins as a pattern does before its first wildcard: most do not, and need no walk.
fn begins(pattern: &str, text: &str) -> bool {
    text.starts_with(pattern.split(['*', '?']).next().unwrap_or_default())
}

/// Walks a text once, and back no further than to the last `*` of the pattern: policies have thousands of patterns, services hundreds of actions.
fn glob(pattern: &str, text: &str, same: impl Fn(char, char) -> bool) -> bool {
    let (mut wanted, mut rest) = (pattern.chars(), text.chars());
    // What follows the last `*`, and the text from which it is tried next.
    let mut again = None;
    loop {
        let (mut pattern_after, mut text_after) = (wanted.clone(), rest.clone());
        match (pattern_after.next(), text_after.next()) {
            (Some('*'), _) => {
                again = Some((pattern_after.clone(), rest.clone()));
                wanted = pattern_after;
                continue;
            }
            (Some(pattern), Some(text)) if same(pattern, text) => {
                (wanted, rest) = (pattern_after, text_after);
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((pattern, text)) = &mut again else { return false };
        if text.next().is_none() {
            return false;
        }
        (wanted, rest) = (pattern.clone(), text.clone());
    }
}

/// Walks both texts. `*` of each stands for any run of the other.
fn meet(one: &str, other: &str, same: impl Fn(char, char) -> bool) -> bool {
    let other: Vec<char> = other.chars().collect();
    // Row by row: can the first characters of `one` stand for the first `at` of `other`?
    let stars = |row: &mut [bool]| {
        for at in 1..row.len() {
            let star = other.get(at - 1) == Some(&'*');
            let before = row.get(at - 1) == Some(&true);
            if let Some(cell) = row.get_mut(at).filter(|_| star && before) {
                *cell = true;
            }
        }
    };
    let mut row = vec![false; other.len() + 1];
    if let Some(first) = row.first_mut() {
        *first = true;
    }
    stars(&mut row);
    for next in one.chars() {
        let mut reached = vec![false; row.len()];
        for at in 0..row.len() {
            let before =
                |row: &[bool], at: Option<usize>| at.and_then(|at| row.get(at)).copied().unwrap_or(false);
            let here = at.checked_sub(1).and_then(|at| other.get(at)).copied();
            let holds = if next == '*' {
                before(&row, Some(at)) || before(&reached, at.checked_sub(1))
            } else {
                let step = here.is_some_and(|here| same(next, here)) && before(&row, at.checked_sub(1));
                step || (here == Some('*') && (before(&row, Some(at)) || before(&row, at.checked_sub(1))))
            };
            if let Some(cell) = reached.get_mut(at) {
                *cell = holds;
            }
        }
        stars(&mut reached);
        row = reached;
    }
    row.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_and_a_text() {
        for (pattern, text, expected) in [
            ("get*", "getobject", true),
            ("*object", "getobject", true),
            ("g?t*", "getobject", true),
            ("get", "getobject", false),
            ("*", "", true),
            ("?", "", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("*ab", "aab", true),
            ("*?b*", "b", false),
            ("a**", "a", true),
            ("?*é", "xyé", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn one_pattern_covers_another() {
        for (outer, inner, expected) in [
            ("iam:get*", "iam:getrole", true),
            ("iam:get*", "iam:get*role", true),
            ("iam:get*", "iam:*credentialreport", false),
            ("iam:getrol?", "iam:getrol*", false),
            ("iam:getrol?", "iam:getrol?", true),
            ("*", "a*b", true),
        ] {
            assert_eq!(covers(outer, inner), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn two_patterns_meet() {
        for (one, other, expected) in [
            ("role/*", "*", true),
            ("role/*", "user/*", false),
            ("role/a*", "role/*b", true),
            ("a?", "*b", true),
            ("function:*", "function:x:*", true),
            ("*/*", "bucket", false),
            ("*/*", "bucket*", true),
            ("", "*", true),
        ] {
            assert_eq!(intersect(one, other), expected, "{one} {other}");
            assert_eq!(intersect(other, one), expected, "{other} {one}");
        }
    }
}
