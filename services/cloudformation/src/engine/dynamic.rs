//! Dynamic references: `{{resolve:ssm:NAME:VERSION}}` and `{{resolve:ssm-secure:NAME:VERSION}}` become the parameter's value just before a
//! handler is called, so that no row and no event holds it. <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>

use contract::{Caller, HandlerFailure};
use std::collections::BTreeMap;
use wire::Document;

const START: &str = "{{resolve:ssm";
/// As AWS allows for one template.
const MOST: usize = 60;

/// The properties with their references replaced.
pub(super) async fn resolved(document: &Document, caller: &Caller) -> Result<Document, HandlerFailure> {
    let mut references = BTreeMap::new();
    collect(document, &mut references);
    if references.is_empty() {
        return Ok(document.clone());
    }
    if references.len() > MOST {
        return Err(HandlerFailure::invalid(format!(
            "A template may hold at most {MOST} dynamic references."
        )));
    }
    for (reference, value) in &mut references {
        *value = asked(reference, caller).await?;
    }
    Ok(replaced(document, &references))
}

/// A reference as its place in the template tells it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Reference {
    /// By `ssm-secure`: a SecureString, and nothing else.
    secure: bool,
    /// `NAME` or `NAME:VERSION`.
    name: String,
}

async fn asked(reference: &Reference, caller: &Caller) -> Result<String, HandlerFailure> {
    let Reference { secure, name } = reference;
    let get = api_ssm::GetParameter { name: name.clone(), with_decryption: secure.then_some(true) };
    let parameter = caller.call(get).await?.parameter.unwrap_or_default();
    let is_secure = parameter.r#type == Some(api_ssm::ParameterType::SecureString);
    match parameter.value {
        Some(value) if is_secure == *secure => Ok(value),
        _ if *secure => Err(HandlerFailure::invalid(format!(
            "The parameter {name} is not of type SecureString. Use {{{{resolve:ssm:…}}}} for it."
        ))),
        _ => Err(HandlerFailure::invalid(format!(
            "The parameter {name} is of type SecureString, which {{{{resolve:ssm:…}}}} does not resolve."
        ))),
    }
}

/// The pieces of a text: what stands between references, and the references.
fn pieces(text: &str) -> Vec<Result<&str, Reference>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(found) = rest.get(from..).and_then(|tail| tail.find(START)) {
        let at = from + found;
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let after = after.strip_prefix(START).unwrap_or_default();
        let (secure, after) = match after.strip_prefix("-secure:") {
            Some(after) => (true, Some(after)),
            None => (false, after.strip_prefix(':')),
        };
        let Some((name, remainder)) = after.and_then(|after| after.split_once("}}")) else {
            // No reference of ours: what follows it may be one.
            from = at + START.len();
            continue;
        };
        pieces.push(Ok(before));
        pieces.push(Err(Reference { secure, name: name.to_owned() }));
        (rest, from) = (remainder, 0);
    }
    pieces.push(Ok(rest));
    pieces
}

fn collect(document: &Document, references: &mut BTreeMap<Reference, String>) {
    match document {
        Document::String(text) => {
            let found = pieces(text).into_iter().filter_map(Result::err);
            references.extend(found.map(|reference| (reference, String::new())));
        }
        Document::Array(elements) => elements.iter().for_each(|element| collect(element, references)),
        Document::Object(members) => members.values().for_each(|member| collect(member, references)),
        Document::Null | Document::Boolean(_) | Document::Number(_) => {}
    }
}

fn replaced(document: &Document, values: &BTreeMap<Reference, String>) -> Document {
    match document {
        Document::String(text) => {
            let texts = pieces(text).into_iter().map(|piece| match piece {
                Ok(text) => text.to_owned(),
                Err(reference) => values.get(&reference).cloned().unwrap_or_default(),
            });
            Document::String(texts.collect())
        }
        Document::Array(elements) => elements.iter().map(|element| replaced(element, values)).collect(),
        Document::Object(members) => Document::Object(
            members.iter().map(|(name, member)| (name.clone(), replaced(member, values))).collect(),
        ),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn references_are_found_and_replaced_where_they_stand() {
        let document = document!({
            "A": "x{{resolve:ssm:/n:3}}y{{resolve:ssm:m}}", "B": ["{{resolve:ssm:m}}", 1], "C": "{{resolve:ssm:open",
            "D": "{{resolve:ssm-secure:m:1}}", "E": "{{resolve:ssmx}}{{resolve:ssm:m}}"
        });
        let reference = |secure: bool, name: &str| Reference { secure, name: name.to_owned() };
        let mut found = BTreeMap::new();
        collect(&document, &mut found);
        let names: Vec<Reference> = found.into_keys().collect();
        assert_eq!(names, [reference(false, "/n:3"), reference(false, "m"), reference(true, "m:1")]);
        let value = |secure: bool, name: &str, value: &str| (reference(secure, name), value.to_owned());
        let values =
            BTreeMap::from([value(false, "/n:3", "1"), value(false, "m", "2"), value(true, "m:1", "3")]);
        assert_eq!(
            replaced(&document, &values),
            document!({ "A": "x1y2", "B": ["2", 1], "C": "{{resolve:ssm:open", "D": "3", "E": "{{resolve:ssmx}}2" })
        );
    }
}
