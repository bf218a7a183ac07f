use super::regex::Regex;
use super::value::Value;
use std::sync::Arc;

/// What `parse` finds in a text, and under which names.
#[derive(Debug)]
pub(super) enum Extract {
    /// What stands between pieces of text; one more piece than names.
    Glob(Vec<String>, Vec<Arc<str>>),
    /// Groups of an expression: their numbers and names.
    Regex(Regex, Vec<(usize, Arc<str>)>),
}

impl Extract {
    /// A glob: each `*` is one of the names.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn glob(pattern: &str, names: Vec<Arc<str>>) -> Result<Self, String> {
        let pieces: Vec<String> = pattern.split('*').map(str::to_owned).collect();
        if pieces.len() == 1 {
            return Err("a pattern of parse needs at least one * or a regular expression".to_owned());
        }
        if pieces.len() != names.len() + 1 {
            return Err(format!("a pattern of parse with {} * needs as many names", pieces.len() - 1));
        }
        Ok(Self::Glob(pieces, names))
    }

    /// A regular expression: its named groups or, where there are names behind it, as many groups.
    ///
    /// # Errors
    /// Why it is none.
    pub(super) fn regex(regex: Regex, names: Vec<Arc<str>>) -> Result<Self, String> {
        let groups = || regex.compiled().capture_names().enumerate().skip(1);
        let named: Vec<(usize, Arc<str>)> =
            groups().filter_map(|(number, name)| Some((number, Arc::from(name?)))).collect();
        let unnamed = groups().filter(|(_, name)| name.is_none()).map(|(number, _)| number);
        let groups = match (names.is_empty(), named.is_empty()) {
            (true, false) => named,
            (false, true) if unnamed.clone().count() == names.len() => unnamed.zip(names).collect(),
            (true, true) => {
                return Err("a regular expression of parse needs named groups, or names after it".to_owned());
            }
            (false, false) => {
                return Err(
                    "a regular expression of parse has named groups or names after it, not both".to_owned()
                );
            }
            (false, true) => {
                return Err(
                    "a regular expression of parse needs as many groups as there are names".to_owned()
                );
            }
        };
        Ok(Self::Regex(regex, groups))
    }

    /// The names that it gives.
    pub(super) fn names(&self) -> Vec<Arc<str>> {
        match self {
            Self::Glob(_, names) => names.clone(),
            Self::Regex(_, groups) => groups.iter().map(|(_, name)| Arc::clone(name)).collect(),
        }
    }

    /// What it costs to look for it in a text, see [`Regex::cost`].
    pub(super) fn cost(&self, text: &str) -> usize {
        match self {
            Self::Glob(..) => text.len(),
            Self::Regex(regex, _) => regex.capturing_cost(text),
        }
    }

    /// What is found; nothing where the whole is not.
    pub(super) fn find(&self, text: &str) -> Vec<(Arc<str>, Value)> {
        match self {
            Self::Glob(pieces, names) => between(text, pieces).map_or_else(Vec::new, |found| {
                names.iter().cloned().zip(found.into_iter().map(Value::text)).collect()
            }),
            Self::Regex(regex, groups) => regex.compiled().captures(text).map_or_else(Vec::new, |found| {
                let value = |(number, name): &(usize, Arc<str>)| {
                    Some((Arc::clone(name), Value::text(found.get(*number)?.as_str())))
                };
                groups.iter().filter_map(value).collect()
            }),
        }
    }
}

/// What stands between pieces, each as short as possible; before an empty first piece and after an empty last one is all that there is.
fn between<'t>(text: &'t str, pieces: &[String]) -> Option<Vec<&'t str>> {
    let (first, pieces) = pieces.split_first()?;
    let mut rest = if first.is_empty() { text } else { text.split_once(first.as_str())?.1 };
    let mut found = Vec::with_capacity(pieces.len());
    for (number, piece) in pieces.iter().enumerate() {
        let last = number + 1 == pieces.len();
        let (value, after) =
            if piece.is_empty() && last { (rest, "") } else { rest.split_once(piece.as_str())? };
        found.push(value);
        rest = after;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<Arc<str>> {
        names.iter().map(|name| Arc::from(*name)).collect()
    }

    fn found(extract: &Extract, text: &str) -> String {
        let found = extract.find(text).into_iter();
        found.map(|(name, value)| format!("{name}={}", value.print())).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn globs_find_what_is_between() {
        let glob = |pattern: &str, given: &[&str]| Extract::glob(pattern, names(given)).unwrap();
        let line = "25 May 2019 10:24:39,474 [ERROR] {foo=2} The error was: DataIntegrityException";
        let three = glob("* [*] *", &["time", "level", "message"]);
        assert_eq!(
            found(&three, line),
            "time=25 May 2019 10:24:39,474 level=ERROR message={foo=2} The error was: DataIntegrityException"
        );
        let inside = glob("user=*, method:*, latency := *", &["user", "method", "latency"]);
        assert_eq!(
            found(&inside, "2019 user=ann, method:GET, latency := 12"),
            "user=ann method=GET latency=12"
        );
        assert_eq!(found(&glob("id=*;", &["id"]), "x id=7; y"), "id=7");
        assert_eq!(found(&inside, "user=ann, latency := 12"), "", "all or nothing");
        assert!(Extract::glob("user=*", names(&["a", "b"])).is_err());
        assert!(Extract::glob("user", names(&["a"])).is_err());
    }

    #[test]
    fn regular_expressions_find_their_groups() {
        let regex =
            |expression: &str, given: &[&str]| Extract::regex(Regex::new(expression).unwrap(), names(given));
        let named = regex(r"user=(?<user>\w+)(, id=(?<id>\d+))?", &[]).unwrap();
        assert_eq!(found(&named, "x user=ann, id=7"), "user=ann id=7");
        assert_eq!(found(&named, "x user=ann"), "user=ann", "a group that is not there is missing");
        assert_eq!(found(&regex(r"(\d+)-(\d+)", &["low", "high"]).unwrap(), "x 1-22"), "low=1 high=22");
        assert!(regex(r"(\d+)", &[]).is_err());
        assert!(regex(r"(\d+)", &["a", "b"]).is_err());
        assert!(regex(r"(?<a>\d+)", &["b"]).is_err());
    }
}
