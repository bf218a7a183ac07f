//! `shapes.rs`: the walk of each structure.

use super::names;
use super::plan::{Plan, unique};
use crate::problem::Problem;
use std::collections::BTreeSet;
use std::fmt::Write;

/// As in rustfmt.toml; rustfmt leaves these macros alone.
const WIDTH: usize = 110;

pub(crate) fn write(plan: &Plan<'_>) -> Result<String, Problem> {
    let mut text = String::from("use crate::schemas;\nuse crate::types::*;\nuse wire::shape;\n\n");
    for item in &plan.structs {
        let table = plan.tables.get(&(item.shape.as_str(), Default::default())).ok_or_else(|| {
            Problem::new(format!("{}: no table was planned for {}", plan.service, item.shape))
        })?;
        let mut taken = BTreeSet::new();
        let fields: Vec<String> = plan
            .members(&item.shape)?
            .into_iter()
            .enumerate()
            .map(|(index, (name, _))| format!("{index} {}", unique(names::field(name), &mut taken, "_")))
            .collect();
        shape(&mut text, &item.name, table, &fields);
    }
    for (operation, described) in &plan.model.operations {
        for (name, part) in [
            (format!("{operation}Input"), &described.input),
            (format!("{operation}Output"), &described.output),
        ] {
            if part.is_none() {
                let rust_name = name.strip_suffix("Input").unwrap_or(&name);
                shape(&mut text, rust_name, &names::screaming(&name), &[]);
            }
        }
    }
    Ok(text)
}

/// One invocation: on a line where it fits, else filled lines.
fn shape(text: &mut String, name: &str, table: &str, fields: &[String]) {
    let mut parts = vec![name.to_owned(), format!("schemas::{table}")];
    parts.extend_from_slice(fields);
    let line = format!("shape!({});", parts.join(", "));
    if line.len() <= WIDTH {
        let _ = writeln!(text, "{line}");
        return;
    }
    text.push_str("shape!(\n");
    let mut line = String::from("   ");
    for (index, part) in parts.iter().enumerate() {
        let comma = if index + 1 < parts.len() { "," } else { "" };
        if line.len() + part.len() + comma.len() + 1 > WIDTH {
            let _ = writeln!(text, "{line}");
            line = String::from("   ");
        }
        let _ = write!(line, " {part}{comma}");
    }
    let _ = writeln!(text, "{line}\n);");
}
