//! What a stack set, compared with what is. "CloudFormation only determines drift for property values that are explicitly set."

use crate::state::drift::Difference;
use wire::Document;

/// Members that tell which element of a list is meant, so that one that was changed is told as changed, not as another.
const IDENTITIES: &[&str] = &["Key", "Id", "AttributeName", "IndexName", "PolicyName", "Name", "Sid"];

/// The differences of the properties that both sides tell of.
pub(crate) fn differences(expected: &Document, actual: &Document) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, wanted) in expected.as_object().into_iter().flatten() {
        if let Some(value) = actual.get(name) {
            compare(&format!("/{name}"), wanted, value, is_whole(name), &mut found);
        }
    }
    found
}

/// Policies and the like are documents of their own: there, what is not set is meant not to be there.
fn is_whole(name: &str) -> bool {
    name.ends_with("Policy") || name.ends_with("PolicyDocument")
}

fn compare(path: &str, expected: &Document, actual: &Document, whole: bool, found: &mut Vec<Difference>) {
    if same(expected, actual, whole) {
        return;
    }
    match (expected, actual) {
        (Document::Object(wanted), Document::Object(values)) => {
            for (name, value) in wanted {
                let actual = values.get(name).unwrap_or(&Document::Null);
                compare(&format!("{path}/{name}"), value, actual, whole || is_whole(name), found);
            }
            for (name, value) in values.iter().filter(|(name, _)| whole && !wanted.contains_key(*name)) {
                found.push(difference(format!("{path}/{name}"), &Document::Null, value));
            }
        }
        (Document::Array(wanted), Document::Array(values)) => elements(path, wanted, values, whole, found),
        _ => found.push(difference(path.to_owned(), expected, actual)),
    }
}

/// Lists are compared without regard to their order.
fn elements(path: &str, wanted: &[Document], values: &[Document], whole: bool, found: &mut Vec<Difference>) {
    let (missing, mut more) = unmatched(wanted, values, whole);
    // Of a policy that was changed in one statement, that statement.
    let changed = whole && missing.len() == 1 && more.len() == 1;
    for (place, element) in missing {
        let path = format!("{path}/{place}");
        match more.iter().position(|(_, other)| changed || is_one(element, other)) {
            Some(at) => {
                let (_, other) = more.remove(at);
                compare(&path, element, other, whole, found);
            }
            None => found.push(difference(path, element, &Document::Null)),
        }
    }
    for (place, element) in more {
        found.push(difference(format!("{path}/{place}"), &Document::Null, element));
    }
}

/// An element of a list, and its place.
type Placed<'a> = (usize, &'a Document);

/// The elements of each side that have no equal on the other, with their places.
fn unmatched<'a>(
    wanted: &'a [Document],
    values: &'a [Document],
    whole: bool,
) -> (Vec<Placed<'a>>, Vec<Placed<'a>>) {
    let mut more: Vec<Placed<'_>> = values.iter().enumerate().collect();
    let mut missing = Vec::new();
    for (place, element) in wanted.iter().enumerate() {
        match more.iter().position(|(_, other)| same(element, other, whole)) {
            Some(at) => {
                more.remove(at);
            }
            None => missing.push((place, element)),
        }
    }
    (missing, more)
}

fn is_one(one: &Document, other: &Document) -> bool {
    IDENTITIES.iter().any(|name| match (one.get(name), other.get(name)) {
        (Some(one), Some(other)) => same(one, other, true),
        _ => false,
    })
}

/// Texts, numbers and truth values mean what they read as, and a list of one is its element.
pub(super) fn same(expected: &Document, actual: &Document, whole: bool) -> bool {
    match (expected, actual) {
        (Document::Object(wanted), Document::Object(values)) => {
            wanted.iter().all(|(name, value)| {
                same(value, values.get(name).unwrap_or(&Document::Null), whole || is_whole(name))
            }) && (!whole || values.keys().all(|name| wanted.contains_key(name)))
        }
        (Document::Array(wanted), Document::Array(values)) => {
            wanted.len() == values.len() && unmatched(wanted, values, whole).0.is_empty()
        }
        (Document::Array(list), one) | (one, Document::Array(list)) if list.len() == 1 => {
            !one.is_null() && list.first().is_some_and(|element| same(element, one, whole))
        }
        // What is set to nothing, and what is not set.
        (Document::Array(list), Document::Null) => list.is_empty(),
        (Document::Object(members), Document::Null) => members.is_empty(),
        (Document::Object(_) | Document::Array(_), _) | (_, Document::Object(_) | Document::Array(_)) => {
            false
        }
        (Document::Null, Document::Null) => true,
        (Document::Null, _) | (_, Document::Null) => false,
        (one, other) => text(one) == text(other),
    }
}

fn difference(path: String, expected: &Document, actual: &Document) -> Difference {
    let kind = match (expected, actual) {
        (Document::Null, _) => "ADD",
        (_, Document::Null) => "REMOVE",
        _ => "NOT_EQUAL",
    };
    Difference { path, expected: text(expected), actual: text(actual), kind: kind.to_owned() }
}

/// A value as differences show it.
fn text(value: &Document) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    fn told(expected: Document, actual: Document) -> Vec<(String, String, String, String)> {
        let found = differences(&expected, &actual);
        found.into_iter().map(|it| (it.kind, it.path, it.expected, it.actual)).collect()
    }

    fn row(kind: &str, path: &str, expected: &str, actual: &str) -> (String, String, String, String) {
        (kind.into(), path.into(), expected.into(), actual.into())
    }

    #[test]
    fn what_reads_the_same_is_the_same_and_what_was_not_set_is_not_compared() {
        let expected =
            document!({ "Port": "443", "On": "true", "Names": ["a", "b"], "One": "x", "Unread": 1 });
        let actual = document!({ "Port": 443, "On": true, "Names": ["b", "a"], "One": ["x"], "Other": "set by others" });
        assert_eq!(told(expected, actual), []);
        assert_eq!(told(document!({ "Tags": [] }), document!({ "Tags": (Document::Null) })), []);
    }

    #[test]
    fn differences_have_aws_s_kinds_and_paths() {
        let expected = document!({
            "DelaySeconds": 20,
            "KmsKey": "k",
            "RedrivePolicy": { "maxReceiveCount": 10, "deadLetterTargetArn": "arn" },
            "Tags": [{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }],
            "Ingress": [{ "FromPort": 22 }, { "FromPort": 443 }]
        });
        let actual = document!({
            "DelaySeconds": 120,
            "KmsKey": (Document::Null),
            "RedrivePolicy": { "maxReceiveCount": 12, "deadLetterTargetArn": "arn" },
            "Tags": [{ "Key": "b", "Value": "3" }, { "Key": "a", "Value": "1" }],
            "Ingress": [{ "FromPort": 443, "Description": "" }, { "FromPort": 8080 }]
        });
        assert_eq!(
            told(expected, actual),
            [
                row("NOT_EQUAL", "/DelaySeconds", "20", "120"),
                row("REMOVE", "/KmsKey", "k", "null"),
                row("NOT_EQUAL", "/RedrivePolicy/maxReceiveCount", "10", "12"),
                row("NOT_EQUAL", "/Tags/1/Value", "2", "3"),
                row("REMOVE", "/Ingress/0", r#"{"FromPort":22}"#, "null"),
                row("ADD", "/Ingress/1", "null", r#"{"FromPort":8080}"#),
            ]
        );
    }

    #[test]
    fn a_policy_is_compared_whole() {
        let statement = document!({ "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*" });
        let wider = statement.clone().with("Condition", document!({ "Bool": { "a": "b" } }));
        let policy = |statement: Document| document!({ "PolicyDocument": { "Statement": [statement] } });
        assert_eq!(told(policy(statement.clone()), policy(statement.clone())), []);
        assert_eq!(
            told(policy(statement.clone()), policy(wider.clone())),
            [row("ADD", "/PolicyDocument/Statement/0/Condition", "null", r#"{"Bool":{"a":"b"}}"#)]
        );
        let plain = |of: Document| document!({ "Rules": [of] });
        assert_eq!(told(plain(statement), plain(wider)), []);
    }
}
