//! Selectors: JSONPath with names, indexes, `*`, `..name` and filters of equalities (`[?(@.State == 'open' && @.IsEgress == false)]`).

use wire::Document;

/// A selector that was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Name(String),
    Deep(String),
    Index(i64),
    All,
    /// Terms that must all hold: path within the element, equal or not, value.
    Filter(Vec<(Vec<String>, bool, Document)>),
}

impl Path {
    /// Reads a selector; the error is a sentence.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut rest = text.strip_prefix('$').ok_or("it does not begin with $")?;
        let mut parts = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("..") {
                let (name, remainder) = name(after)?;
                parts.push(Part::Deep(name));
                rest = remainder;
            } else if let Some(after) = rest.strip_prefix(".*") {
                parts.push(Part::All);
                rest = after;
            } else if let Some(after) = rest.strip_prefix('.') {
                let (name, remainder) = name(after)?;
                parts.push(Part::Name(name));
                rest = remainder;
            } else if let Some(after) = rest.strip_prefix("[?(") {
                let (filter, remainder) = after.split_once(")]").ok_or("a filter has no end")?;
                parts.push(Part::Filter(terms(filter)?));
                rest = remainder;
            } else if let Some(after) = rest.strip_prefix('[') {
                let (inside, remainder) = after.split_once(']').ok_or("a bracket has no end")?;
                parts.push(bracketed(inside.trim())?);
                rest = remainder;
            } else {
                return Err(format!("{rest:?} is not understood"));
            }
        }
        Ok(Self(parts))
    }

    /// It can find several values, so that what it finds is a list.
    fn is_plural(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Deep(_) | Part::All | Part::Filter(_)))
    }

    /// What it selects; None where there is nothing.
    pub(crate) fn select(&self, document: &Document) -> Option<Document> {
        let mut found = vec![document];
        for part in &self.0 {
            found = found.into_iter().flat_map(|at| part.step(at)).collect();
        }
        if self.is_plural() {
            return Some(found.into_iter().cloned().collect());
        }
        found.first().map(|one| (*one).clone())
    }
}

fn name(text: &str) -> Result<(String, &str), String> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    if name.is_empty() { Err("a name is missing".to_owned()) } else { Ok((name.to_owned(), rest)) }
}

fn bracketed(inside: &str) -> Result<Part, String> {
    if inside == "*" {
        return Ok(Part::All);
    }
    if let Ok(index) = inside.parse::<i64>() {
        return Ok(Part::Index(index));
    }
    quoted(inside).map(Part::Name).ok_or_else(|| format!("[{inside}] is not understood"))
}

fn quoted(text: &str) -> Option<String> {
    let inner = |mark: char| text.strip_prefix(mark)?.strip_suffix(mark).map(str::to_owned);
    inner('\'').or_else(|| inner('"'))
}

fn terms(filter: &str) -> Result<Vec<(Vec<String>, bool, Document)>, String> {
    if filter.contains("||") {
        return Err("filters with || are not built in Cloudchamber".to_owned());
    }
    filter.split("&&").map(term).collect()
}

fn term(text: &str) -> Result<(Vec<String>, bool, Document), String> {
    let (path, equal, value) = match (text.split_once("=="), text.split_once("!=")) {
        (Some((path, value)), _) => (path, true, value),
        (None, Some((path, value))) => (path, false, value),
        (None, None) => return Err(format!("the filter {text} compares nothing by == or !=")),
    };
    let path = path.trim().strip_prefix("@.").ok_or("a filter does not begin with @.")?;
    let value = value.trim();
    let value = match quoted(value) {
        Some(text) => Document::from(text),
        None => Document::parse(value).map_err(|_| format!("{value} is no value"))?,
    };
    Ok((path.split('.').map(str::to_owned).collect(), equal, value))
}

impl Part {
    fn step<'a>(&self, at: &'a Document) -> Vec<&'a Document> {
        match self {
            Self::Name(name) => match at {
                // A name asked of a list is asked of each element, as AWS's own runbooks do.
                Document::Array(elements) => {
                    elements.iter().filter_map(|element| element.get(name)).collect()
                }
                other => other.get(name).into_iter().collect(),
            },
            Self::Deep(name) => {
                let mut found = Vec::new();
                deep(at, name, &mut found);
                found
            }
            Self::Index(index) => {
                let elements = at.as_array().unwrap_or_default();
                let length = i64::try_from(elements.len()).unwrap_or(i64::MAX);
                let index = if *index < 0 { index.saturating_add(length) } else { *index };
                usize::try_from(index).ok().and_then(|index| elements.get(index)).into_iter().collect()
            }
            Self::All => match at {
                Document::Array(elements) => elements.iter().collect(),
                Document::Object(members) => members.values().collect(),
                _ => Vec::new(),
            },
            Self::Filter(terms) => {
                let holds = |element: &&Document| {
                    terms.iter().all(|(path, equal, value)| {
                        let path: Vec<&str> = path.iter().map(String::as_str).collect();
                        (element.at(&path) == Some(value)) == *equal
                    })
                };
                at.as_array().unwrap_or_default().iter().filter(holds).collect()
            }
        }
    }
}

/// Recursion is bounded by the depth of answers of our own services.
fn deep<'a>(at: &'a Document, name: &str, found: &mut Vec<&'a Document>) {
    found.extend(at.get(name));
    match at {
        Document::Array(elements) => elements.iter().for_each(|element| deep(element, name, found)),
        Document::Object(members) => members.values().for_each(|member| deep(member, name, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn selects_by_name_index_star_depth_and_filter() {
        let answer = document!({ "Rules": [{ "Id": "a", "Cidr": "0.0.0.0/0", "Egress": false }, { "Id": "b", "Cidr": "10.0.0.0/8", "Egress": false }] });
        let select = |path: &str| Path::parse(path).unwrap().select(&answer);
        assert_eq!(select("$.Rules[0].Id"), Some("a".into()));
        assert_eq!(select("$.Rules[-1].Id"), Some("b".into()));
        assert_eq!(select("$['Rules'][1]['Cidr']"), Some("10.0.0.0/8".into()));
        assert_eq!(select("$.Rules[*].Id"), Some(document!(["a", "b"])));
        assert_eq!(select("$..Id"), Some(document!(["a", "b"])));
        assert_eq!(
            select("$.Rules[?(@.Cidr == '0.0.0.0/0' && @.Egress == false)].Id"),
            Some(document!(["a"]))
        );
        assert_eq!(select("$.Rules[?(@.Cidr != '0.0.0.0/0')].Id"), Some(document!(["b"])));
        assert_eq!(select("$.Rules[5].Id"), None);
        assert_eq!(select("$.Gone"), None);
        assert_eq!(select("$"), Some(answer.clone()));
        for wrong in ["Rules", "$.", "$[", "$[?(@.a == 1", "$[x]", "$[?(@.a)]", "$x"] {
            assert!(Path::parse(wrong).is_err(), "{wrong}");
        }
    }
}
