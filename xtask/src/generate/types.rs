//! `types.rs`: a struct a structure, an enum an enum.

use super::names;
use super::plan::{Plan, unique};
use crate::problem::Problem;
use std::collections::BTreeSet;
use std::fmt::Write;

pub(crate) fn write(plan: &Plan<'_>) -> Result<String, Problem> {
    let mut body = String::new();
    for item in &plan.structs {
        let _ = write!(
            body,
            "/// `{}`\n#[derive(Clone, Default, PartialEq)]\npub struct {} {{\n",
            item.shape, item.name
        );
        let shape = plan.model.shape(&item.shape)?;
        let mut taken = BTreeSet::new();
        for (name, member) in plan.members(&item.shape)? {
            let kind = plan.rust_type(&item.shape, member)?;
            let field = unique(names::field(name), &mut taken, "_");
            if shape.required.iter().any(|required| required == name) {
                let _ = writeln!(body, "pub {field}: {kind},");
            } else {
                let _ = writeln!(body, "pub {field}: Option<{kind}>,");
            }
        }
        body.push_str("}\n\n");
    }
    for (operation, described) in &plan.model.operations {
        for (name, part) in
            [(operation.clone(), &described.input), (format!("{operation}Output"), &described.output)]
        {
            if part.is_none() {
                let _ = write!(
                    body,
                    "/// `{name}`, without members\n#[derive(Clone, Default, PartialEq)]\npub struct {name} {{}}\n\n"
                );
            }
        }
    }
    for (name, target) in &plan.aliases {
        let _ = write!(
            body,
            "/// The output of `{}`\npub type {name} = {target};\n\n",
            name.trim_end_matches("Output")
        );
    }
    for shape in &plan.enums {
        let name = plan.type_of(shape).unwrap_or_default();
        let _ = write!(body, "wire::string_enum! {{\n    /// `{shape}`\n    pub enum {name} {{\n");
        let mut taken = BTreeSet::new();
        for value in &plan.model.shape(shape)?.values {
            let _ = writeln!(body, "        {} = {value:?},", unique(names::variant(value), &mut taken, ""));
        }
        body.push_str("    }\n}\n\n");
    }
    Ok(format!("{}\n{body}", imports(&body)))
}

/// Imports what the text mentions.
fn imports(body: &str) -> String {
    let mentions = |name: &str| {
        body.match_indices(name).any(|(at, _)| {
            let before = body.get(..at).and_then(|text| text.chars().next_back());
            let after = body.get(at + name.len()..).and_then(|text| text.chars().next());
            matches!(before, Some(' ' | '<')) && matches!(after, Some(',' | '>' | '<'))
        })
    };
    let mut text = String::new();
    if mentions("BTreeMap") {
        text.push_str("use std::collections::BTreeMap;\n");
    }
    let used: Vec<&str> =
        ["Body", "Bytes", "Document", "Timestamp"].into_iter().filter(|name| mentions(name)).collect();
    if !used.is_empty() {
        let _ = writeln!(text, "use wire::{{{}}};", used.join(", "));
    }
    text
}
