//! Settling: changes of a resource while an evaluation of it is under way are noted, and looked at once at its end.

use super::task::OrAgain;
use super::{record, recorder};
use crate::state::{Evaluation, Recorder, Unsettled};
use contract::{Catalog, Context, Outcome, Task, TaskHandler};
use names::{Arn, PARTITION, Scope, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Change, Position, StoreError, Tx};

/// Looks at a resource whose evaluation never ended.
pub(crate) struct Settle;

const KIND: &str = "config.settle";
/// How many changes are looked through for those of one resource.
const AT_MOST: usize = 1000;

fn task_id(resource: (&str, &str)) -> String {
    format!("{}|{}", resource.0, resource.1)
}

/// Notes that a resource changed while it was evaluated. Should the evaluation never end, its deadline ends it.
pub(crate) fn note(
    tx: &mut Tx,
    scope: Scope,
    resource: (&str, &str),
    by: &BTreeSet<String>,
    deadline: Timestamp,
) -> Result<(), StoreError> {
    Task::new(KIND, task_id(resource), scope, deadline, &resource)?.enqueue(tx)?;
    let mut all = tx.get::<Unsettled>(scope, resource)?.map(|unsettled| unsettled.by).unwrap_or_default();
    all.extend(by.iter().cloned());
    tx.put(Unsettled {
        scope,
        resource_type: resource.0.to_owned(),
        resource_id: resource.1.to_owned(),
        by: all,
    })
}

/// A rule that has just found a resource compliant, and its function.
pub(crate) struct Satisfied {
    /// The rule's id.
    pub(crate) rule_id: String,
    /// The function's ARN.
    pub(crate) function: Arn,
}

impl Satisfied {
    /// Whether a principal is a session in which the function runs: its name is the function's.
    fn is_function(&self, principal: &str) -> bool {
        let Some(account) = self.function.account else { return false };
        let Some(name) = self.function.resource_after("function:").and_then(|rest| rest.split(':').next())
        else {
            return false;
        };
        principal
            .strip_prefix(&format!("arn:{PARTITION}:sts::{account}:assumed-role/"))
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(_, session)| session == name)
    }
}

/// Who made the changes of a resource that the recorder has not come to yet.
fn late(tx: &Tx, scope: Scope, resource: (&str, &str)) -> Result<BTreeSet<String>, StoreError> {
    let position = tx.cursor(recorder::CURSOR)?.unwrap_or(Position::START);
    let changes = tx.changes_since(position, AT_MOST)?;
    if changes.len() == AT_MOST {
        // Too many to know: somebody else may be among them.
        return Ok(BTreeSet::from([String::new()]));
    }
    let own = |change: &&Change| {
        let here = change.scope == scope || change.scope == Scope::global(scope.account);
        here && recorder::resource_of(change) == resource
    };
    Ok(changes.iter().filter(own).map(recorder::principal_of).collect())
}

/// Looks at a resource whose evaluation has ended, where it changed meanwhile and no other evaluation is under way.
///
/// A rule that found the resource compliant after its function, and nobody else, had changed it, has judged the state that is recorded now: it is
/// not asked again. Whatever anybody else changed meanwhile is judged like any other change.
pub(crate) fn end(
    tx: &mut Tx,
    catalog: &Catalog,
    scope: Scope,
    resource: (&str, &str),
    satisfied: Option<&Satisfied>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if Evaluation::under_way(tx, scope, resource, now)?.is_some() {
        return Ok(());
    }
    let mut by = late(tx, scope, resource)?;
    by.extend(tx.remove::<Unsettled>(scope, resource)?.map(|unsettled| unsettled.by).unwrap_or_default());
    if by.is_empty() {
        return Ok(());
    }
    let satisfied = satisfied.filter(|rule| by.iter().all(|principal| rule.is_function(principal)));
    let id = task_id(resource);
    tx.remove::<Task>(scope, (KIND, id.as_str()))?;
    match Recorder::of(tx, scope)? {
        Some(recorder) if recorder.recording && recorder.group.records(resource.0) => {
            record::record(tx, catalog, &recorder, resource, satisfied.map(|rule| rule.rule_id.as_str()), now)
        }
        _ => Ok(()),
    }
}

#[async_trait::async_trait]
impl TaskHandler for Settle {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let scope = task.scope;
        let catalog = Arc::clone(&context.catalog);
        let resource = task.payload::<(String, String)>();
        resource
            .map(|resource| {
                Outcome::done_with(move |call, tx| {
                    end(tx, &catalog, scope, (&resource.0, &resource.1), None, call.now)
                })
            })
            .or_again(task, context)
    }
}
