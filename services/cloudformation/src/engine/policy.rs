//! Stack policies: what updates may do to which resources.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html>

use wire::Document;

/// What an update does to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Modify,
    Replace,
    Delete,
}

impl Act {
    fn name(self) -> &'static str {
        match self {
            Self::Modify => "Update:Modify",
            Self::Replace => "Update:Replace",
            Self::Delete => "Update:Delete",
        }
    }
}

/// Why a policy does not let an update do something to a resource; None where it does. A statement that cannot be read denies.
pub(crate) fn refusal(policy: &str, act: Act, logical_id: &str, resource_type: &str) -> Option<String> {
    let target = format!("LogicalResourceId/{logical_id}");
    let Ok(policy) = Document::parse(policy) else {
        return Some("Action denied by stack policy: it cannot be read".into());
    };
    let statements = match policy.get("Statement") {
        Some(Document::Array(statements)) => statements.as_slice(),
        Some(statement @ Document::Object(_)) => std::slice::from_ref(statement),
        _ => &[],
    };
    let mut allowed = false;
    for (number, statement) in statements.iter().enumerate() {
        if !applies(statement, act, &target, resource_type) {
            continue;
        }
        match statement.get("Effect").and_then(Document::as_str) {
            Some("Allow") => allowed = true,
            _ => {
                return Some(format!(
                    "Action denied by stack policy: Statement [#{}] does not allow [{}] for resource [{target}];",
                    number.saturating_add(1),
                    act.name(),
                ));
            }
        }
    }
    (!allowed).then(|| {
        format!(
            "Action denied by stack policy: no statement allows [{}] for resource [{target}];",
            act.name()
        )
    })
}

fn applies(statement: &Document, act: Act, target: &str, resource_type: &str) -> bool {
    let matched = |name: &str, not: &str, text: &str| match (statement.get(name), statement.get(not)) {
        (Some(patterns), None) => any(patterns, text),
        (None, Some(patterns)) => !any(patterns, text),
        _ => false,
    };
    matched("Action", "NotAction", act.name())
        && matched("Resource", "NotResource", target)
        && statement.get("Condition").is_none_or(|condition| holds(condition, resource_type))
}

/// `StringEquals` and `StringLike` on `ResourceType`; [`check`] lets no others in.
fn holds(condition: &Document, resource_type: &str) -> bool {
    let Document::Object(operators) = condition else { return false };
    operators.iter().all(|(operator, keys)| {
        let Some(wanted) = keys.get("ResourceType") else { return false };
        match operator.as_str() {
            "StringEquals" => texts(wanted).contains(&resource_type),
            "StringLike" => any(wanted, resource_type),
            _ => false,
        }
    })
}

fn texts(document: &Document) -> Vec<&str> {
    match document {
        Document::Array(elements) => elements.iter().filter_map(Document::as_str).collect(),
        single => single.as_str().into_iter().collect(),
    }
}

fn any(patterns: &Document, text: &str) -> bool {
    texts(patterns).into_iter().any(|pattern| like(pattern.as_bytes(), text.as_bytes()))
}

/// `*` stands for any text.
fn like(pattern: &[u8], text: &[u8]) -> bool {
    let mut parts = pattern.split(|byte| *byte == b'*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&[u8]> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        if part.is_empty() {
            continue;
        }
        let Some(at) = rest.windows(part.len()).position(|window| window == *part) else { return false };
        rest = rest.get(at.saturating_add(part.len())..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// Why a text is no stack policy.
pub(crate) fn check(policy: &str) -> Result<(), String> {
    let policy = Document::parse(policy).map_err(|error| error.to_string())?;
    let statements = match policy.get("Statement") {
        Some(Document::Array(statements)) if !statements.is_empty() => statements.as_slice(),
        Some(statement @ Document::Object(_)) => std::slice::from_ref(statement),
        _ => return Err("Invalid stack policy".into()),
    };
    for (number, statement) in statements.iter().enumerate() {
        let wrong = |what: &str| Err(format!("Statement [#{}] {what}", number.saturating_add(1)));
        if !matches!(statement.get("Effect").and_then(Document::as_str), Some("Allow" | "Deny")) {
            return wrong("must have an Effect of Allow or Deny");
        }
        if statement.get("Principal").and_then(Document::as_str) != Some("*") {
            return wrong("must have the Principal \"*\"");
        }
        for (name, not, known) in [
            (
                "Action",
                "NotAction",
                ["Update:Modify", "Update:Replace", "Update:Delete", "Update:*", "*"].as_slice(),
            ),
            ("Resource", "NotResource", &[]),
        ] {
            let given = match (statement.get(name), statement.get(not)) {
                (Some(given), None) | (None, Some(given)) => texts(given),
                _ => return wrong(&format!("must have {name} or {not}, and not both")),
            };
            let fits = |text: &&str| {
                if known.is_empty() {
                    *text == "*" || text.starts_with("LogicalResourceId/")
                } else {
                    known.contains(text)
                }
            };
            if given.is_empty() || !given.iter().all(fits) {
                return wrong(&format!("has an invalid {name}"));
            }
        }
        if let Some(condition) = statement.get("Condition") {
            let fits = condition.as_object().is_some_and(|operators| {
                operators.iter().all(|(operator, keys)| {
                    matches!(operator.as_str(), "StringEquals" | "StringLike")
                        && keys.as_object().is_some_and(|keys| keys.keys().all(|key| key == "ResourceType"))
                })
            });
            if !fits {
                return wrong("has a Condition other than StringEquals or StringLike on ResourceType");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Act, check, like, refusal};

    const POLICY: &str = r#"{"Statement":[
        {"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"*"},
        {"Effect":"Deny","Principal":"*","Action":["Update:Replace","Update:Delete"],"Resource":"LogicalResourceId/Prod*"},
        {"Effect":"Deny","Principal":"*","Action":"Update:*","Resource":"*","Condition":{"StringLike":{"ResourceType":["AWS::RDS::*"]}}}]}"#;

    #[test]
    fn a_policy_allows_and_denies() {
        assert_eq!(check(POLICY), Ok(()));
        let said = |act, name, of| refusal(POLICY, act, name, of);
        assert_eq!(said(Act::Modify, "ProdDb", "AWS::S3::Bucket"), None);
        assert_eq!(
            said(Act::Replace, "ProdDb", "AWS::S3::Bucket").as_deref(),
            Some(
                "Action denied by stack policy: Statement [#2] does not allow [Update:Replace] for resource [LogicalResourceId/ProdDb];"
            )
        );
        assert_eq!(said(Act::Delete, "Other", "AWS::S3::Bucket"), None);
        assert!(said(Act::Modify, "Other", "AWS::RDS::DBInstance").is_some());
        let none = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:Modify","NotResource":"LogicalResourceId/X"}]}"#;
        assert!(refusal(none, Act::Modify, "X", "T").is_some_and(|it| it.contains("no statement allows")));
        assert_eq!(refusal(none, Act::Modify, "Y", "T"), None);
        assert!(refusal("[", Act::Modify, "X", "T").is_some());
    }

    #[test]
    fn what_is_no_policy() {
        for wrong in [
            "[",
            "{}",
            r#"{"Statement":[{"Effect":"Perhaps","Principal":"*","Action":"Update:*","Resource":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"Update:*","Resource":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#,
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"Update:*","Resource":"X"}]}"#,
            r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":"Update:*","Resource":"*","Condition":{"Bool":{"a":"b"}}}]}"#,
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
        assert!(like(b"a*c*e", b"abcde") && !like(b"a*c", b"ab") && like(b"*", b"") && !like(b"ab", b"abc"));
    }
}
