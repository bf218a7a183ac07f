//! What a function reports of a batch.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting>

use wire::Document;

/// What of a batch has failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failures {
    /// These, by message id or sequence number; none: all has succeeded.
    Some(Vec<String>),
    /// The report cannot be understood: all.
    All,
}

/// Reads `{"batchItemFailures": [{"itemIdentifier": …}]}`; `known` says whether a record of the batch has an identifier.
pub(super) fn failures(payload: &[u8], known: impl Fn(&str) -> bool) -> Failures {
    if payload.is_empty() {
        return Failures::Some(Vec::new());
    }
    let Ok(answer) = Document::parse_bytes(payload) else { return Failures::All };
    let items = match answer.get("batchItemFailures") {
        None | Some(Document::Null) => return Failures::Some(Vec::new()),
        Some(Document::Array(items)) => items,
        Some(_) => return Failures::All,
    };
    let mut failed = Vec::new();
    for item in items {
        match item.get("itemIdentifier").and_then(Document::as_str) {
            Some(identifier) if known(identifier) => failed.push(identifier.to_owned()),
            _ => return Failures::All,
        }
    }
    Failures::Some(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_as_lambda_reads_them() {
        let read = |text: &str| failures(text.as_bytes(), |id| id == "a" || id == "b");
        let some = |ids: &[&str]| Failures::Some(ids.iter().map(|id| (*id).to_owned()).collect());
        for all_good in ["", "null", "{}", r#"{"batchItemFailures":[]}"#, r#"{"batchItemFailures":null}"#] {
            assert_eq!(read(all_good), some(&[]), "{all_good}");
        }
        assert_eq!(read(r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#), some(&["b"]));
        for all_bad in [
            "{",
            r#"{"batchItemFailures":"b"}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#,
            r#"{"batchItemFailures":[{"id":"a"}]}"#,
            r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"c"}]}"#,
        ] {
            assert_eq!(read(all_bad), Failures::All, "{all_bad}");
        }
    }
}
