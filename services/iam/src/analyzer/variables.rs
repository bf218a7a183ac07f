//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`.

use super::finding::Report;
use super::place::Place;

/// Checks the variables of a text in which they may stand.
pub(super) fn check(text: &str, place: &Place, has_variables: bool, report: &mut Report) {
    for inner in inner(text) {
        let Some(inner) = inner else {
            let details =
                "The policy variable is missing a closing curly brace. Add } after the variable text.";
            report.error("MISSING_BRACE_IN_VARIABLE", details, place.clone());
            continue;
        };
        if ["*", "?", "$"].contains(&inner) && has_variables {
            continue;
        }
        let (name, default) =
            inner.split_once(',').map_or((inner, None), |(name, rest)| (name, Some(rest.trim())));
        if name.trim().is_empty() {
            let details = "Empty policy variable. Remove the ${ } variable structure or provide a variable within the structure.";
            report.error("EMPTY_VARIABLE", details, place.clone());
        } else if name.contains(' ') {
            let details = "A space is not supported within the policy variable text. Remove the space.";
            report.error("UNSUPPORTED_SPACE_IN_VARIABLE", details, place.clone());
        } else if default
            .is_some_and(|text| text.len() < 2 || !text.starts_with('\'') || !text.ends_with('\''))
        {
            let details = "The policy variable default value must begin and end with a single quote. Add the missing quote.";
            report.error("MISSING_QUOTE_IN_VARIABLE", details, place.clone());
        } else if !has_variables {
            let details = "To include variables in your policy, use the policy version 2012-10-17 or later.";
            report.error("VARIABLE_UNSUPPORTED_IN_VERSION", details, place.clone());
        }
    }
}

/// Reports variables where none may stand.
pub(super) fn unsupported(text: &str, place: &Place, report: &mut Report) {
    for inner in inner(text).flatten() {
        let details = format!(
            "Policy variables are supported in the Resource and Condition elements. Remove the policy variable ${{{inner}}} from this element."
        );
        report.error("VARIABLE_UNSUPPORTED_IN_ELEMENT", details, place.clone());
    }
}

/// Whether there is any.
pub(super) fn present(text: &str) -> bool {
    text.contains("${")
}

/// What stands between the braces; None where the second is missing.
fn inner(text: &str) -> impl Iterator<Item = Option<&str>> {
    text.split("${").skip(1).map(|after| after.split_once('}').map(|(inner, _)| inner))
}
