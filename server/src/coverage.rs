//! The coverage table of the docs, from the registrations: what is served, and what answers 501.

use config::ManagedRuleCoverage;
use contract::Registration;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

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
        let types: Vec<&str> =
            registration.resources.iter().map(|kind| kind.resource_type.as_str()).collect();
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
