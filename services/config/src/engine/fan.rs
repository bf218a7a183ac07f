//! Evaluation of all resources of a rule: when it is made or changed, or asked for. In batches, each a transaction.

use super::evaluate::{activate, enqueue_last};
use super::sweep::{self, Stage};
use super::task::OrAgain;
use crate::state::{Rule, Tracked};
use contract::{Catalog, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{StoreError, Tx};

/// Sends a rule all resources that it judges.
pub(crate) struct EvaluateRule;

pub(crate) const KIND: &str = "config.evaluate-rule";
/// How many resources a batch holds.
pub(super) const AT_ONCE: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    rule_id: String,
    /// When it was asked for, which tells one request from the next.
    requested: Timestamp,
    /// The last resource of the batch before.
    after: Option<(String, String)>,
    /// How far it has come, where the rule is a managed one.
    #[serde(default)]
    stage: Option<Stage>,
}

/// Sends a rule all resources that it judges, from the first.
pub(crate) fn enqueue(tx: &mut Tx, rule: &Rule, now: Timestamp) -> Result<(), StoreError> {
    let work = Work { rule_id: rule.id.clone(), requested: now, after: None, stage: None };
    Task::new(KIND, rule.id.as_str(), rule.scope, now, &work)?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for EvaluateRule {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let own = task.clone();
        let catalog = Arc::clone(&context.catalog);
        task.payload::<Work>()
            .map(|work| Outcome::done_with(move |call, tx| batch(tx, &catalog, &own, &work, call.now)))
            .or_again(task, context)
    }
}

fn batch(tx: &mut Tx, catalog: &Catalog, own: &Task, work: &Work, now: Timestamp) -> Result<(), StoreError> {
    let Some(rule) = Rule::by_id(tx, own.scope, &work.rule_id)?.filter(|rule| !rule.is_deleting()) else {
        return Ok(());
    };
    if rule.is_managed() {
        let stage = work.stage.clone().unwrap_or(Stage::Judging(None));
        let Some(next) = sweep::batch(tx, catalog, &rule, &stage, work.requested, now)? else {
            return activate(tx, own.scope, &rule.id, Some(own));
        };
        let work = Work { stage: Some(next), ..work.clone() };
        return Task::new(KIND, rule.id.as_str(), own.scope, now, &work)?.enqueue(tx);
    }
    if !rule.is_change_triggered() {
        return activate(tx, own.scope, &rule.id, Some(own));
    }
    let Some((tracked, next)) = next_batch(tx, own.scope, &rule, work.after.as_ref())? else {
        return activate(tx, own.scope, &rule.id, Some(own));
    };
    for tracked in &tracked {
        enqueue_last(tx, &rule, tracked, now)?;
    }
    let work = Work { after: Some(next), ..work.clone() };
    Task::new(KIND, rule.id.as_str(), own.scope, now, &work)?.enqueue(tx)
}

/// Tracked resources that follow a key, and the key of the last of them; None where all were seen.
type Batch = Option<(Vec<Tracked>, (String, String))>;

fn next_batch(
    tx: &Tx,
    scope: Scope,
    rule: &Rule,
    after: Option<&(String, String)>,
) -> Result<Batch, StoreError> {
    let mut types: Vec<&str> = rule.target.types.iter().map(String::as_str).collect();
    types.sort_unstable();
    if types.is_empty() {
        let mut scan = tx.scan::<Tracked>(scope, ()).limit(AT_ONCE);
        if let Some((resource_type, id)) = after {
            scan = scan.after((resource_type, id));
        }
        return Ok(with_last(scan.rows()?));
    }
    let begun = after.map_or("", |after| after.0.as_str());
    for resource_type in types.into_iter().filter(|resource_type| *resource_type >= begun) {
        let mut scan = tx.scan::<Tracked>(scope, (resource_type,)).limit(AT_ONCE);
        if let Some((last_type, id)) = after
            && last_type == resource_type
        {
            scan = scan.after((last_type, id));
        }
        if let Some(batch) = with_last(scan.rows()?) {
            return Ok(Some(batch));
        }
    }
    Ok(None)
}

fn with_last(rows: Vec<Tracked>) -> Batch {
    let last = rows.last().map(|last| (last.resource_type.clone(), last.resource_id.clone()))?;
    Some((rows, last))
}
