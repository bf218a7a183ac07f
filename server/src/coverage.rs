//! The coverage table of the docs, from the registrations: what is served, and what answers 501.

use contract::Registration;
use std::collections::BTreeSet;
use std::fmt::Write;

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
    out
}
