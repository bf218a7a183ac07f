//! Whether a bucket policy grants others more than a control policy.

use super::policies::judge_policy;
use crate::managed::{Parameters, Verdict, policies};
use crate::state::Item;
use policy::{Document, Effect, PrincipalPattern, Statement};

/// Each grant to others must be within a grant of the control policy, and what that denies must be denied.
///
/// Where it cannot be shown that a grant is within the control policy, it is not.
pub(super) fn judge(item: &Item, parameters: &Parameters) -> Verdict {
    let control = parameters.text("controlPolicy").and_then(|text| policies::parse_bucket(text).ok());
    let Some(control) = control else {
        return Verdict::NonCompliant(
            "Value for controlPolicy parameter must be an Amazon S3 bucket policy.".into(),
        );
    };
    judge_policy(item, |document| {
        let account = item.scope.account;
        let others: Vec<&Statement> = policies::allows(document)
            .filter(|statement| policies::reaches_beyond(statement, account))
            .collect();
        let wider = others
            .iter()
            .find(|statement| !policies::allows(&control).any(|allowed| is_within(statement, allowed)));
        if let Some(statement) = wider {
            let name = policies::name(statement);
            return Some(format!(
                "Statement {name} of the bucket policy allows more than the control policy."
            ));
        }
        let lost = denies(&control)
            .find(|denied| !others.is_empty() && !denies(document).any(|own| is_within(denied, own)));
        lost.map(|denied| {
            let name = policies::name(denied);
            format!("The bucket policy does not deny what statement {name} of the control policy denies.")
        })
    })
}

fn denies(document: &Document) -> impl Iterator<Item = &Statement> {
    document.statements().iter().filter(|statement| statement.effect() == Effect::Deny)
}

/// All that `narrow` is about, `wide` is about, too.
fn is_within(narrow: &Statement, wide: &Statement) -> bool {
    principals_within(narrow, wide)
        && actions_within(narrow, wide)
        && resources_within(narrow, wide)
        // A condition narrows: whatever `wide` asks for, `narrow` must ask for as well.
        && wide.conditions().iter().all(|asked| {
            narrow.conditions().iter().any(|own| {
                own.operator().eq_ignore_ascii_case(asked.operator())
                    && own.key().eq_ignore_ascii_case(asked.key())
                    && same_or_fewer(own.values(), asked.values(), asked.operator())
            })
        })
}

/// With an operator that names what is allowed, fewer values are narrower; otherwise they must be the same.
fn same_or_fewer(own: &[String], asked: &[String], operator: &str) -> bool {
    let operator = operator.to_ascii_lowercase();
    let subset = own.iter().all(|value| asked.contains(value));
    let names = !operator.contains("not") && operator != "null" && !operator.starts_with("forallvalues");
    subset && (names || asked.iter().all(|value| own.contains(value)))
}

fn principals_within(narrow: &Statement, wide: &Statement) -> bool {
    if narrow.is_not_principal() || wide.is_not_principal() {
        return narrow.is_not_principal() == wide.is_not_principal()
            && narrow.written_principals() == wide.written_principals();
    }
    let within = |own: &PrincipalPattern| {
        wide.principals().any(|other| match (own, other) {
            (_, PrincipalPattern::Everyone) => true,
            (
                PrincipalPattern::Role(arn) | PrincipalPattern::User(arn) | PrincipalPattern::Session(arn),
                PrincipalPattern::Account(account),
            ) => arn.parse::<names::Arn>().ok().and_then(|arn| arn.account) == Some(*account),
            _ => own == other,
        })
    };
    narrow.principals().all(within)
}

fn actions_within(narrow: &Statement, wide: &Statement) -> bool {
    let lower = |written: &[String]| -> Vec<String> {
        written.iter().map(|action| action.to_ascii_lowercase()).collect()
    };
    let ((negated, own), (other_negated, other)) = (narrow.actions(), wide.actions());
    let (own, other) = (lower(own), lower(other));
    match (negated, other_negated) {
        (false, false) => covered(&own, &other),
        (false, true) => !own.iter().any(|own| other.iter().any(|other| policies::meet(own, other))),
        (true, true) => covered(&other, &own),
        (true, false) => other.iter().any(|other| matches!(other.as_str(), "*" | "s3:*")),
    }
}

fn resources_within(narrow: &Statement, wide: &Statement) -> bool {
    match (narrow.resources(), wide.resources()) {
        (Some((false, own)), Some((false, other))) => covered(own, other),
        (Some((true, own)), Some((true, other))) => covered(other, own),
        (Some((false, own)), Some((true, other))) => {
            !own.iter().any(|own| other.iter().any(|other| policies::meet(own, other)))
        }
        (Some((true, _)), Some((false, other))) => other.iter().any(|other| other == "*"),
        _ => false,
    }
}

fn covered(own: &[String], other: &[String]) -> bool {
    own.iter().all(|own| other.iter().any(|other| policies::covers(other, own)))
}
