//! Outputs of steps and executions.

use crate::document::{Action, Output, OutputKind, Runbook, Step, shown};
use crate::state::Execution;
use std::collections::BTreeMap;
use wire::Document;

/// The outputs of a step, in JSON, from what its action answered.
pub(super) fn of(step: &Step, answer: &Document) -> Result<BTreeMap<String, String>, String> {
    let mut outputs = BTreeMap::new();
    if step.action == Action::ExecuteScript {
        outputs.insert("OutputPayload".to_owned(), Document::from(answer.to_string()).to_string());
    }
    if matches!(step.action, Action::InvokeFunction | Action::Approve)
        && let Some(members) = answer.as_object()
    {
        outputs.extend(members.iter().map(|(name, value)| (name.clone(), value.to_string())));
    }
    for output in &step.outputs {
        let path = super::select::Path::parse(&output.selector)?;
        let value = typed(output, path.select(answer).unwrap_or_default())?;
        outputs.insert(output.name.clone(), value.to_string());
    }
    Ok(outputs)
}

/// The value as the output's type; what the answer has not is empty.
fn typed(output: &Output, value: Document) -> Result<Document, String> {
    let fits = match (output.kind, &value) {
        (OutputKind::String, Document::Null) => return Ok(Document::from("")),
        (OutputKind::StringList | OutputKind::MapList, Document::Null) => {
            return Ok(Document::Array(Vec::new()));
        }
        (OutputKind::StringMap, Document::Null) => return Ok(Document::object()),
        (OutputKind::String, Document::String(_)) => true,
        (OutputKind::String, Document::Boolean(_) | Document::Number(_)) => {
            return Ok(value.to_string().into());
        }
        (OutputKind::StringList, Document::Array(list)) => list.iter().all(|one| one.as_str().is_some()),
        (OutputKind::MapList, Document::Array(list)) => list.iter().all(|one| one.as_object().is_some()),
        (OutputKind::StringMap, Document::Object(_))
        | (OutputKind::Boolean, Document::Boolean(_))
        | (OutputKind::Integer, Document::Number(_)) => true,
        _ => false,
    };
    if fits {
        return Ok(value);
    }
    let (name, selector) = (&output.name, &output.selector);
    Err(format!("The output {name} is of the type {:?}, and {selector} selects {value}", output.kind))
}

/// What an execution answers, by `step.Output`.
pub(super) fn of_execution(execution: &Execution, runbook: &Runbook) -> BTreeMap<String, Vec<String>> {
    let value = |name: &str| -> Option<Vec<String>> {
        let (step, output) = name.split_once('.')?;
        let state = execution.steps.get(runbook.index_of(step)?)?;
        Some(shown(&Document::parse(state.outputs.get(output)?).ok()?))
    };
    let missing = || vec!["No output available yet because the step is not successfully executed".to_owned()];
    runbook.outputs.iter().map(|name| (name.clone(), value(name).unwrap_or_else(missing))).collect()
}
