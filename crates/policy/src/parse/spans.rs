//! Where statements stand, as the policy simulator counts. Nothing that is decided needs it, so documents do not keep it: the text is read again.

use super::json::{self, Position, Value};

/// From where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Behind what precedes it: the bracket of the list, or the statement before; behind its own brace where it is in no list.
    pub start: Position,
    /// Behind its last brace.
    pub end: Position,
}

/// The span of each statement, in order; none where the text is no policy.
///
/// AWS's positions are those of its reader of JSON after it took the token before the statement, and the statement's last. Seen in
/// <https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html> (line 1, 38 to 167).
#[must_use]
pub fn statement_spans(text: &str) -> Vec<Span> {
    let Ok(node) = json::read(text) else { return Vec::new() };
    let Value::Object(members) = &node.value else { return Vec::new() };
    let Some(statement) = members.iter().find(|member| member.name == "Statement") else { return Vec::new() };
    let span = |start, end| Span { start: Position::of(text, start), end: Position::of(text, end) };
    match &statement.node.value {
        Value::List(items) => {
            let mut before = statement.node.at + 1;
            let each = items.iter().map(|item| span(std::mem::replace(&mut before, item.end), item.end));
            each.collect()
        }
        _ => vec![span(statement.node.at + 1, statement.node.end)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> Vec<(usize, usize, usize, usize)> {
        let spans = statement_spans(text).into_iter();
        spans.map(|span| (span.start.line, span.start.column, span.end.line, span.end.column)).collect()
    }

    #[test]
    fn positions_are_aws_s() {
        // The example of the CLI's reference for simulate-custom-policy.
        let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}"#;
        assert_eq!(columns(text), [(1, 38, 1, 167)]);
        // As simulate-principal-policy's: line 3, column 19 to line 9, column 10.
        let text = "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n            \"Effect\": \"Allow\",\n            \"Action\": [],\n\
             \n            \"Resource\": \"*\"\n        }\n    ]\n}";
        assert_eq!(columns(text), [(3, 19, 9, 10)]);
        // A statement begins where the one before it ended: 41 to 198, 198 to 300 in an answer of AWS.
        let text = r#"{"Statement": [{"a": 1}, {"b": 2},{}]}"#;
        assert_eq!(columns(text), [(1, 16, 1, 24), (1, 24, 1, 34), (1, 34, 1, 37)]);
    }

    #[test]
    fn what_is_no_policy_has_none() {
        for text in ["", "[]", "{}", "{\"Version\": 1}"] {
            assert_eq!(statement_spans(text), []);
        }
    }
}
