//! Dynamic references: `{{resolve:ssm:NAME:VERSION}}` becomes the parameter's value just before a handler is called, so that no row and no
//! event holds it. <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html>

use contract::{Caller, HandlerFailure};
use std::collections::BTreeMap;
use wire::Document;

const START: &str = "{{resolve:ssm:";
/// As AWS allows for one template.
const MOST: usize = 60;

/// The properties with their references replaced.
pub(super) async fn resolved(document: &Document, caller: &Caller) -> Result<Document, HandlerFailure> {
    let mut names = BTreeMap::new();
    collect(document, &mut names);
    if names.is_empty() {
        return Ok(document.clone());
    }
    if names.len() > MOST {
        return Err(HandlerFailure::invalid(format!(
            "A template may hold at most {MOST} dynamic references."
        )));
    }
    for (name, value) in &mut names {
        *value = asked(name, caller).await?;
    }
    Ok(replaced(document, &names))
}

/// What SSM answers for `NAME` or `NAME:VERSION`.
pub(crate) async fn asked(name: &str, caller: &Caller) -> Result<String, HandlerFailure> {
    let get = api_ssm::GetParameter { name: name.to_owned(), with_decryption: None };
    let parameter = caller.call(get).await?.parameter.unwrap_or_default();
    let is_secure = parameter.r#type.is_some_and(|kind| kind.as_str() == "SecureString");
    match parameter.value {
        Some(value) if !is_secure => Ok(value),
        _ => Err(HandlerFailure::invalid(format!(
            "The parameter {name} is of type SecureString, which {{{{resolve:ssm:…}}}} does not resolve."
        ))),
    }
}

/// The pieces of a text: what stands between references, and the references' names.
fn pieces(text: &str) -> Vec<Result<&str, &str>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let Some((name, remainder)) = after.split_once("}}") else { break };
        pieces.push(Ok(before));
        pieces.push(Err(name));
        rest = remainder;
    }
    pieces.push(Ok(rest));
    pieces
}

fn collect(document: &Document, names: &mut BTreeMap<String, String>) {
    match document {
        Document::String(text) => {
            names.extend(
                pieces(text).into_iter().filter_map(Result::err).map(|name| (name.to_owned(), String::new())),
            );
        }
        Document::Array(elements) => elements.iter().for_each(|element| collect(element, names)),
        Document::Object(members) => members.values().for_each(|member| collect(member, names)),
        Document::Null | Document::Boolean(_) | Document::Number(_) => {}
    }
}

fn replaced(document: &Document, values: &BTreeMap<String, String>) -> Document {
    match document {
        Document::String(text) => {
            let texts = pieces(text).into_iter().map(|piece| match piece {
                Ok(text) => text,
                Err(name) => values.get(name).map(String::as_str).unwrap_or_default(),
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
        let document = document!({ "A": "x{{resolve:ssm:/n:3}}y{{resolve:ssm:m}}", "B": ["{{resolve:ssm:m}}", 1], "C": "{{resolve:ssm:open" });
        let mut names = BTreeMap::new();
        collect(&document, &mut names);
        assert_eq!(names.keys().collect::<Vec<_>>(), ["/n:3", "m"]);
        let values = BTreeMap::from([("/n:3".to_owned(), "1".to_owned()), ("m".to_owned(), "2".to_owned())]);
        assert_eq!(
            replaced(&document, &values),
            document!({ "A": "x1y2", "B": ["2", 1], "C": "{{resolve:ssm:open" })
        );
    }
}
