//! The coverage table of the docs, from the registrations: what is served, and what answers 501.

use config::ManagedRuleCoverage;
use contract::Registration;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use wire::Document;

/// AWS's managed rules by service, built and not, and by the controls that they bear on.
fn managed_rules(out: &mut String) {
    let rules: Vec<ManagedRuleCoverage> = config::managed_rules().collect();
    let built = rules.iter().filter(|rule| rule.built).count();
    let _ = writeln!(out, "\n## Managed rules of AWS Config\n");
    let _ = writeln!(
        out,
        "Built: {built} of the {} that AWS has. `PutConfigRule` answers `501 NotImplemented` to the others.",
        rules.len()
    );
    let mut services: BTreeMap<&str, Vec<&ManagedRuleCoverage>> = BTreeMap::new();
    for rule in &rules {
        services
            .entry(if rule.service.is_empty() { "several" } else { rule.service })
            .or_default()
            .push(rule);
    }
    let names = |rules: &[&ManagedRuleCoverage], built: bool| {
        let names: Vec<&str> =
            rules.iter().filter(|rule| rule.built == built).map(|rule| rule.identifier).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    for (service, rules) in &services {
        let _ =
            writeln!(out, "\n{service}: built {}; not built {}.", names(rules, true), names(rules, false));
    }
    let mut controls: BTreeMap<&str, Vec<&ManagedRuleCoverage>> = BTreeMap::new();
    for rule in &rules {
        for control in rule.nist_800_53_r5 {
            controls.entry(control).or_default().push(rule);
        }
    }
    let _ = writeln!(out, "\n### Rules by control of NIST SP 800-53 r5\n");
    let _ = writeln!(out, "| control | rules built | of | which |\n|---|---|---|---|");
    for (control, rules) in &controls {
        let built = rules.iter().filter(|rule| rule.built).count();
        if built > 0 {
            let _ = writeln!(out, "| {control} | {built} | {} | {} |", rules.len(), names(rules, true));
        }
    }
}

/// The types of a service that AWS Config records: it does not record all that have names.
fn recorded(registration: &Registration) -> impl Iterator<Item = &str> {
    let types = registration.resources.iter().map(|kind| kind.resource_type.as_str());
    types.filter(|resource_type| config::is_supported(resource_type))
}

/// The table as Markdown.
#[must_use]
pub fn table(registrations: &[Registration]) -> String {
    let mut out = String::from(
        "# Coverage\n\nGenerated from the registrations by `cargo xtask coverage`; do not edit. An operation that is not served answers `501 \
         NotImplemented` with its name.\n\n| service | served | of |\n|---|---|---|\n",
    );
    for registration in registrations {
        let all = registration.schema.all_operations.len();
        let _ = writeln!(out, "| {} | {} | {all} |", registration.schema.name, registration.operations.len());
    }
    for registration in registrations {
        let served: BTreeSet<&str> = registration.operations.iter().map(|it| it.schema().name).collect();
        let not: Vec<&str> = registration
            .schema
            .all_operations
            .iter()
            .copied()
            .filter(|name| !served.contains(name))
            .collect();
        let _ = writeln!(out, "\n## {}\n", registration.schema.name);
        let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let _ = writeln!(out, "Served: {}.\n", list(served.into_iter().collect()));
        let _ = writeln!(out, "Not served: {}.", list(not));
        let types: Vec<&str> = recorded(registration).collect();
        if !types.is_empty() {
            let _ = writeln!(out, "\nRecorded by AWS Config: {}.", list(types));
        }
        let mut types: Vec<&str> =
            registration.handlers.iter().map(|handler| handler.resource_type()).collect();
        types.sort_unstable();
        if !types.is_empty() {
            let _ = writeln!(out, "\nMade by CloudFormation: {}.", list(types));
        }
    }
    managed_rules(&mut out);
    out
}

/// What the console's pages cannot ask the APIs for: the types that AWS Config records here, and AWS's managed rules with name, service and controls;
/// of those that are built also what they judge and take. The others are there for the page that shows which rules bear on a control.
#[must_use]
pub fn console_json(registrations: &[Registration]) -> String {
    let texts = |texts: &[&str]| Document::Array(texts.iter().map(|text| Document::from(*text)).collect());
    let types: BTreeSet<&str> = registrations.iter().flat_map(recorded).collect();
    let types: Vec<String> = types.into_iter().map(|own| Document::from(own).to_string()).collect();
    let built: BTreeMap<&str, config::BuiltRule> =
        config::built_rules().map(|rule| (rule.identifier, rule)).collect();
    let rules: Vec<String> = config::managed_rules()
        .map(|rule| {
            let entry = Document::object()
                .with("identifier", rule.identifier)
                .with("name", rule.name)
                .with("service", rule.service)
                .with("controls", texts(rule.nist_800_53_r5));
            match built.get(rule.identifier) {
                Some(built) => entry.with("built", built_rule(built)).to_string(),
                None => entry.to_string(),
            }
        })
        .collect();
    // A rule a line, so that a diff shows what changed.
    format!(
        "{{\n\"resourceTypes\": [\n{}\n],\n\"rules\": [\n{}\n]\n}}\n",
        types.join(",\n"),
        rules.join(",\n")
    )
}

fn built_rule(rule: &config::BuiltRule) -> Document {
    let texts = |texts: &[&str]| Document::Array(texts.iter().map(|text| Document::from(*text)).collect());
    let parameters = rule.parameters.iter().map(|parameter| {
        let mut entry = Document::object()
            .with("name", parameter.name)
            .with("type", parameter.kind)
            .with("required", parameter.required);
        if let Some(default) = parameter.default {
            entry.set("default", default);
        }
        if !parameter.one_of.is_empty() {
            entry.set("oneOf", texts(parameter.one_of));
        }
        entry
    });
    Document::object()
        .with("types", texts(rule.types))
        .with("changes", rule.changes)
        .with("periodic", rule.periodic)
        .with("parameters", Document::Array(parameters.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::{Choices, registrations};

    #[test]
    fn the_console_is_told_of_each_rule_and_of_what_the_built_ones_take() {
        let all = Document::parse(&console_json(&registrations(&Choices::for_tests()))).unwrap();
        let types = all.get("resourceTypes").and_then(Document::as_array).unwrap();
        assert!(types.iter().any(|own| own.as_str() == Some("AWS::S3::Bucket")));
        let rules = all.get("rules").and_then(Document::as_array).unwrap();
        assert_eq!(rules.len(), config::managed_rules().count());
        let of = |identifier: &str| {
            let is = |rule: &&Document| rule.get("identifier").and_then(Document::as_str) == Some(identifier);
            rules.iter().find(is).unwrap()
        };
        let policy = of("IAM_POLICY_IN_USE");
        assert_eq!(policy.at(&["built", "changes"]).and_then(Document::as_bool), Some(false));
        let parameters = policy.at(&["built", "parameters"]).and_then(Document::as_array).unwrap();
        let name = |own: &Document| own.get("name").and_then(Document::as_str).map(str::to_owned);
        assert_eq!(parameters.first().and_then(name).as_deref(), Some("policyARN"));
        assert!(of("ACM_CERTIFICATE_EXPIRATION_CHECK").get("built").is_none());
    }
}
