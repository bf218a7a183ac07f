//! `Principal` and `NotPrincipal`.

use super::Kind;
use super::finding::Report;
use super::place::Place;
use super::structure::{Statement, Texts, texts};
use super::{values, variables};
use policy::{Effect, Member, Value};

/// Reads the element.
pub(super) fn read(
    member: &Member,
    at: Place,
    statement_at: &Place,
    statement: &mut Statement,
    report: &mut Report,
) {
    let negated = member.name == "NotPrincipal";
    let key = statement_at.key(member);
    match report.kind {
        Kind::Identity => {
            let (kind, name) = (report.kind.name(), &member.name);
            let details = format!(
                "The policy type {kind} does not support the {name} element. Remove the {name} element."
            );
            return report.error("UNSUPPORTED_PRINCIPAL", details, key);
        }
        Kind::ServiceControl => {
            let details =
                "SCPs do not support specifying principals. Remove the Principal or NotPrincipal element.";
            return report.error("SCP_SYNTAX_ERROR_PRINCIPAL", details, key);
        }
        Kind::ResourceControl if negated || member.node.value != Value::Text("*".into()) => {
            let details = "The Principal element contents are not valid. RCPs only support specifying all principals (\"*\") in the \
                           Principal element. The NotPrincipal element is not supported for RCPs.";
            return report.error("RCP_SYNTAX_ERROR_PRINCIPAL", details, at);
        }
        Kind::Trust if negated => {
            let details = "Role trust policies do not support NotPrincipal. Update the policy to use a Principal element instead.";
            report.error("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", details, key);
        }
        _ => {}
    }
    if negated {
        statement
            .principals
            .push((String::new(), Texts { negated, place: Some(at.clone()), ..Texts::default() }));
    }
    match &member.node.value {
        Value::Text(text) if text == "*" && report.kind == Kind::Trust => {
            let details = "\"Principal:\" \"*\" is not supported in the principal element of a role trust policy. Replace the wildcard \
                           with a valid principal value.";
            report.error("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", details, at);
        }
        Value::Text(text) if text == "*" => statement.everybody = !negated,
        Value::Object(members) if members.is_empty() => {
            let details =
                "This statement includes no principals and does not affect the policy. Specify principals.";
            report.suggestion("EMPTY_OBJECT_PRINCIPAL", details, vec![at]);
        }
        Value::Object(members) => {
            for member in members {
                let mut values = Texts::default();
                texts(member, at.value(member), &mut values, report);
                if !["AWS", "Service", "Federated", "CanonicalUser"].contains(&member.name.as_str()) {
                    let details = format!("The principal key {} is not valid.", member.name);
                    report.error("INVALID_PRINCIPAL_KEY", details, at.key(member));
                    continue;
                }
                values.negated = negated;
                statement.principals.push((member.name.clone(), values));
            }
        }
        _ => {
            let details = "The Principal element contents are not valid. Specify a key-value pair in the Principal element.";
            report.error("INVALID_PRINCIPAL_FORMAT", details, at);
        }
    }
}

/// Checks each principal of a statement.
pub(super) fn check(statement: &Statement, report: &mut Report) {
    let negated = statement.principals.iter().find(|(_, values)| values.negated);
    if let Some((_, values)) = negated.filter(|_| statement.effect == Some(Effect::Allow)) {
        let details = "Using Allow with NotPrincipal can be overly permissive. We recommend that you use Principal instead.";
        report.security_warning("ALLOW_WITH_NOT_PRINCIPAL", details, values.place.iter().cloned().collect());
    }
    for (label, principals) in statement.principals.iter().filter(|(label, _)| !label.is_empty()) {
        if principals.items.is_empty() {
            let details =
                "This statement includes no principals and does not affect the policy. Specify principals.";
            report.suggestion("EMPTY_ARRAY_PRINCIPAL", details, principals.place.iter().cloned().collect());
        }
        for (text, place) in &principals.items {
            variables::unsupported(text, place, report);
            one(label, text, place, report);
        }
        match label.as_str() {
            "Service" => services(principals, statement, report),
            "Federated" => federated(principals, statement, report),
            _ => {}
        }
    }
}

fn one(label: &str, text: &str, place: &Place, report: &mut Report) {
    let everybody = label == "AWS" && text == "*";
    if text.contains(['*', '?']) && !everybody {
        let details = format!(
            "Wildcards (*, ?) are not supported with the principal key {label}. Replace the wildcard with a valid principal value."
        );
        return report.error("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", details, place.clone());
    }
    let unique = |prefix: &str| {
        text.len() >= 16
            && text.starts_with(prefix)
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    match label {
        "AWS" if everybody || values::is_account(text) => {}
        "AWS" if unique("AROA") => {
            let details = "The Principal element includes the IAM role ID. We recommend that you use a role ARN instead.";
            report.warning("INVALID_ROLE_REFERENCE", details, place.clone());
        }
        "AWS" if unique("AIDA") => {
            let details = "The Principal element includes the IAM user ID. We recommend that you use a user ARN instead.";
            report.warning("INVALID_USER_REFERENCE", details, place.clone());
        }
        "AWS" => {
            let fields = values::fields(text);
            let account = fields.get(4).copied().unwrap_or_default();
            if fields.first() != Some(&"arn") || fields.len() < 6 {
                let details = "The Principal element contents are not valid. Specify a key-value pair in the Principal element.";
                report.error("INVALID_PRINCIPAL_FORMAT", details, place.clone());
            } else if !values::is_account(account) && account != "cloudfront" {
                let details = format!(
                    "The resource ARN account ID {account} is not valid. Provide a 12-digit account ID."
                );
                report.error("INVALID_ARN_ACCOUNT", details, place.clone());
            }
        }
        "Service" => {
            let name = text.strip_suffix(".amazonaws.com").or_else(|| text.strip_suffix(".amazonaws.com.cn"));
            let plain = |name: &str| {
                !name.is_empty()
                    && name.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte)
                    })
            };
            let other = ["aws.internal", "amazon.com", "aws.dev"].iter().any(|domain| text.ends_with(domain));
            if !name.is_some_and(plain) && !other {
                let details = "The service principal does not match the expected format. Use the format service-name.amazonaws.com.";
                report.error("INVALID_SERVICE_PRINCIPAL_FORMAT", details, place.clone());
            }
        }
        "Federated" if report.kind != Kind::Trust => {
            let details = "The policy type does not support a federated identity provider in the principal element. Use a supported \
                           principal.";
            report.error("FEDERATED_PRINCIPAL_NOT_SUPPORTED", details, place.clone());
        }
        "Federated" if !(text.contains('.') || text.starts_with("arn:")) => {
            let details = "The principal value specifies a federated principal that does not match the expected format. Update the \
                           federated principal to a domain name or a SAML metadata ARN.";
            report.error("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", details, place.clone());
        }
        _ => {}
    }
}

/// A service that is let in for whoever makes it act.
fn services(principals: &Texts, statement: &Statement, report: &mut Report) {
    let restricted = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"]
        .iter()
        .any(|key| statement.has_condition_key(key));
    if statement.allows() && !principals.negated && !restricted && matches!(report.kind, Kind::Resource(_)) {
        let details = "Granting access to a service principal without specifying a source is overly permissive. Use aws:SourceArn, \
                       aws:SourceAccount, aws:SourceOrgID, or aws:SourceOrgPaths condition key to grant fine-grained access.";
        let places = principals.items.iter().map(|(_, place)| place.clone()).collect();
        report.security_warning("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", details, places);
    }
}

/// Identity providers in trust policies.
fn federated(principals: &Texts, statement: &Statement, report: &mut Report) {
    if report.kind != Kind::Trust {
        return;
    }
    const GITHUB: &str = "token.actions.githubusercontent.com";
    for (text, place) in &principals.items {
        let is_saml = text.contains(":saml-provider/");
        let provider = text.split_once(":oidc-provider/").map_or(text.as_str(), |(_, provider)| provider);
        mismatched(text, is_saml, place, statement, report);
        if is_saml || !statement.allows() {
            continue;
        }
        let prefix = format!("{provider}:").to_ascii_lowercase();
        let conditioned = |key: &str| key.to_ascii_lowercase().starts_with(&prefix);
        if provider == GITHUB && !statement.has_condition_key(&format!("{GITHUB}:sub")) {
            let details = format!(
                "Granting a federated GitHub principal permissions without a condition key can allow more sources to assume the role than \
                 you intended. Add the {GITHUB}:sub condition key and specify the branch and repository name in the value."
            );
            report.security_warning("MISSING_GITHUB_REPO_CONDITION_KEY", details, vec![place.clone()]);
        } else if !statement.conditions.iter().any(|condition| conditioned(&condition.key)) {
            let details = "Using an Open ID Connect principal without a condition can be overly permissive. Add condition keys with a \
                           prefix that matches your federated OIDC principals to ensure that only the intended identity provider assumes \
                           the role.";
            report.security_warning("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", details, vec![place.clone()]);
        }
    }
}

fn mismatched(text: &str, is_saml: bool, place: &Place, statement: &Statement, report: &mut Report) {
    let other = if is_saml { "sts:AssumeRoleWithWebIdentity" } else { "sts:AssumeRoleWithSAML" };
    for wrong in ["sts:AssumeRole", other] {
        let used = statement.actions.items.iter().any(|(action, _)| action.eq_ignore_ascii_case(wrong));
        if used && !statement.actions.negated {
            let details = format!(
                "The {wrong} action is invalid with the following principal(s): {text}. Use a SAML provider principal with the \
                 sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the \
                 provider is Federated if you use either of the two options."
            );
            report.error("MISMATCHED_ACTION_FOR_PRINCIPAL", details, place.clone());
        }
    }
}
