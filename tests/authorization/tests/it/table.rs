//! The table.

use std::collections::BTreeMap;

/// One operation.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// All actions that the input needs; these and no others are allowed in the last case.
    #[serde(default)]
    pub(crate) actions: Vec<String>,
    /// A valid input as JSON, in wire names (`x-amz-acl`, not `ACL`); what it names need not exist.
    #[serde(default = "empty")]
    pub(crate) input: String,
    /// It needs no permission.
    #[serde(default)]
    pub(crate) unconditional: bool,
    /// Each thing in the input is denied by itself: in an answer that succeeds, as an `<Error>` with its code.
    #[serde(default)]
    pub(crate) each: bool,
    /// It needs no signature.
    #[serde(default)]
    pub(crate) unsigned: bool,
}

fn empty() -> String {
    "{}".into()
}

/// The rows by `service:Operation`. One that names no actions needs the action of its own name.
pub(crate) fn rows() -> BTreeMap<String, Row> {
    let mut rows: BTreeMap<String, Row> = toml::from_str(include_str!("../../operations.toml")).unwrap();
    for (name, row) in &mut rows {
        if row.actions.is_empty() {
            row.actions.push(name.clone());
        }
    }
    rows
}
