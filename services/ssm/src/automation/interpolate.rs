//! `{{ name }}` in inputs: parameters, outputs of steps, and what the execution knows of itself.

use std::collections::{BTreeMap, BTreeSet};
use wire::Document;

/// The names that every runbook may use.
pub(crate) const GLOBALS: &[&str] =
    &["global:DATE", "global:DATE_TIME", "global:REGION", "automation:EXECUTION_ID"];

/// Text and references, in turn.
enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, remainder)) = after.split_once("}}") else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Name(name.trim()));
        rest = remainder;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Collects the names that a document refers to.
pub(crate) fn references(document: &Document, names: &mut BTreeSet<String>) {
    match document {
        Document::String(text) => {
            for piece in pieces(text) {
                if let Piece::Name(name) = piece {
                    names.insert(name.to_owned());
                }
            }
        }
        Document::Array(elements) => elements.iter().for_each(|element| references(element, names)),
        Document::Object(members) => members.values().for_each(|member| references(member, names)),
        Document::Null | Document::Boolean(_) | Document::Number(_) => {}
    }
}

/// The document with its references replaced: one that is the whole of a text keeps its type. The error is a sentence.
pub(crate) fn resolved(document: &Document, known: &BTreeMap<String, Document>) -> Result<Document, String> {
    match document {
        Document::String(text) => resolved_text(text, known),
        Document::Array(elements) => elements
            .iter()
            .map(|element| resolved(element, known))
            .collect::<Result<Vec<_>, _>>()
            .map(Document::Array),
        Document::Object(members) => {
            let members = members.iter().map(|(name, member)| Ok((name.clone(), resolved(member, known)?)));
            members.collect::<Result<_, String>>().map(Document::Object)
        }
        other => Ok(other.clone()),
    }
}

fn resolved_text(text: &str, known: &BTreeMap<String, Document>) -> Result<Document, String> {
    let value = |name: &str| {
        known.get(name).ok_or_else(|| format!("The value of {{{{ {name} }}}} is not known yet: the step that gives it did not run, or has no such output"))
    };
    let pieces = pieces(text);
    if let [Piece::Name(name)] = pieces.as_slice() {
        return value(name).cloned();
    }
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Name(name) => match value(name)? {
                Document::String(text) => out.push_str(text),
                other => out.push_str(&other.to_string()),
            },
        }
    }
    Ok(Document::String(out))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn whole_references_keep_their_type_and_others_become_text() {
        let known = BTreeMap::from([
            ("Flag".to_owned(), Document::from(true)),
            ("read.Ids".to_owned(), document!(["a", "b"])),
        ]);
        let given = document!({ "A": "{{ Flag }}", "B": "x{{Flag}}-{{ read.Ids }}", "C": ["{{read.Ids}}"], "D": "{{ open" });
        let wanted = document!({ "A": true, "B": "xtrue-[\"a\",\"b\"]", "C": [["a", "b"]], "D": "{{ open" });
        assert_eq!(resolved(&given, &known).unwrap(), wanted);
        assert!(resolved(&Document::from("{{ Gone }}"), &known).unwrap_err().contains("{{ Gone }}"));
        let mut names = BTreeSet::new();
        references(&given, &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["Flag", "read.Ids"]);
    }
}
