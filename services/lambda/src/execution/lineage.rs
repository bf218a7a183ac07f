//! Recursive loops: the trace header carries how often each function was run on the way (`Lineage=hash:count|…`).
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html>

use sha2::{Digest, Sha256};

/// How often a function may be run in one chain: AWS stops it after approximately sixteen times.
const MOST: u32 = 16;
/// Entries of a header that are read.
const ENTRIES: usize = 32;

/// What a function is called in headers.
fn hash(function_arn: &str) -> String {
    let digest = Sha256::digest(function_arn.as_bytes());
    hex::encode(digest.get(..4).unwrap_or_default())
}

/// The functions of a header and how often each was run.
fn entries(trace: Option<&str>) -> Vec<(String, u32)> {
    let field = |part: &str| part.trim().strip_prefix("Lineage=").map(str::to_owned);
    let lineage = trace.and_then(|trace| trace.split(';').find_map(field)).unwrap_or_default();
    let one = |entry: &str| {
        let (hash, count) = entry.split_once(':')?;
        let known = hash.len() <= 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        known.then_some(())?;
        Some((hash.to_owned(), count.parse().ok()?))
    };
    lineage.split('|').take(ENTRIES).filter_map(one).collect()
}

/// How often a function was run in a chain, by the header that its event came with.
pub(crate) fn count(trace: Option<&str>, function_arn: &str) -> u32 {
    let own = hash(function_arn);
    entries(trace).into_iter().find(|(hash, _)| *hash == own).map_or(0, |(_, count)| count)
}

/// Whether to run a function once more would be one time too often.
pub(crate) fn is_loop(trace: Option<&str>, function_arn: &str) -> bool {
    count(trace, function_arn) >= MOST
}

/// The `Lineage` that a run of a function gives on: the function first, so that it is never among the entries that are too many to be read.
pub(crate) fn next(trace: Option<&str>, function_arn: &str) -> String {
    let own = hash(function_arn);
    let (before, others): (Vec<_>, Vec<_>) = entries(trace).into_iter().partition(|(hash, _)| *hash == own);
    let count = before.first().map_or(1, |(_, count)| count.saturating_add(1));
    let all = std::iter::once((own, count)).chain(others).take(ENTRIES);
    let all: Vec<String> = all.map(|(hash, count)| format!("{hash}:{count}")).collect();
    format!("Lineage={}", all.join("|"))
}

/// The chain's own id, where the header has one.
pub(crate) fn root(trace: Option<&str>) -> Option<String> {
    let root = trace?.split(';').find_map(|part| part.trim().strip_prefix("Root="))?;
    let known = root.len() == 35 && root.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    known.then(|| root.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const F: &str = "arn:aws:lambda:us-east-1:111122223333:function:f";
    const G: &str = "arn:aws:lambda:us-east-1:111122223333:function:g";

    #[test]
    fn each_function_is_counted_for_itself() {
        let first = next(None, F);
        assert_eq!((count(Some(&first), F), count(Some(&first), G)), (1, 0));
        let second = next(Some(&format!("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0;{first}")), G);
        assert_eq!((count(Some(&second), F), count(Some(&second), G)), (1, 1));
        let mut trace = second;
        for _ in 0..15 {
            assert!(!is_loop(Some(&trace), F));
            trace = next(Some(&trace), F);
        }
        assert!(is_loop(Some(&trace), F) && !is_loop(Some(&trace), G));
    }

    #[test]
    fn entries_of_others_do_not_crowd_a_function_out() {
        let others: Vec<String> = (0..40).map(|number| format!("{number:08x}:1")).collect();
        let mut trace = format!("Lineage={}", others.join("|"));
        for _ in 0..MOST {
            assert!(!is_loop(Some(&trace), F));
            trace = next(Some(&trace), F);
        }
        assert!(is_loop(Some(&trace), F));
        // The gateway reads so much of a header.
        assert!(trace.len() <= 400, "{}", trace.len());
    }

    #[test]
    fn what_is_no_header_counts_nothing() {
        for odd in ["", "Lineage=", "Lineage=x", "Lineage=zz:1", "Root=1;Lineage=ab:x|cd", "\u{0}"] {
            assert_eq!(count(Some(odd), F), 0, "{odd}");
        }
        assert_eq!(root(Some("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")).unwrap().len(), 35);
        assert_eq!(root(Some("Root=evil\r\n;")), None);
        assert_eq!(count(Some(&format!("Lineage={}:9", &next(None, F)[8..16])), F), 9);
    }
}
