//! Deletion of rules and of their results, which takes its time.

use super::results;
use super::task::OrAgain;
use crate::state::{Evaluation, EvaluationResult, Pace, Rule, RuleStatus};
use api_config::ConfigRuleState;
use contract::{Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};

/// Deletes results, and rules whose results are gone.
pub(crate) struct Delete;

const KIND: &str = "config.delete-results";
const AT_ONCE: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    rule_id: String,
    /// The rule goes, too.
    whole: bool,
    /// How many batches went before.
    batch: u64,
}

/// Begins deleting a rule's results, and the rule itself where `whole`.
pub(crate) fn enqueue(tx: &mut Tx, rule: &Rule, whole: bool, now: Timestamp) -> Result<(), StoreError> {
    put(tx, rule.scope, Work { rule_id: rule.id.clone(), whole, batch: 0 }, now)
}

fn put(tx: &mut Tx, scope: Scope, work: Work, now: Timestamp) -> Result<(), StoreError> {
    Task::new(KIND, work.rule_id.clone(), scope, now, &work)?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for Delete {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let scope = task.scope;
        task.payload::<Work>()
            .map(|work| Outcome::done_with(move |call, tx| batch(tx, scope, &work, call.now)))
            .or_again(task, context)
    }
}

fn batch(tx: &mut Tx, scope: Scope, work: &Work, now: Timestamp) -> Result<(), StoreError> {
    let Some(rule) = Rule::by_id(tx, scope, &work.rule_id)? else { return Ok(()) };
    let page = tx.scan::<EvaluationResult>(scope, (rule.name.as_str(),)).limit(AT_ONCE).page()?;
    for result in &page.rows {
        results::remove(tx, &rule, result)?;
    }
    if page.more {
        return put(tx, scope, Work { batch: work.batch + 1, ..work.clone() }, now);
    }
    if !work.whole {
        // A rule that is deleted meanwhile stays in that state.
        let results_only = rule.state == ConfigRuleState::DeletingResults;
        return if results_only { tx.put(Rule { state: ConfigRuleState::Active, ..rule }) } else { Ok(()) };
    }
    for pace in tx.scan::<Pace>(scope, (rule.id.as_str(),)).rows()? {
        tx.remove::<Pace>(
            scope,
            (pace.rule_id.as_str(), pace.resource_type.as_str(), pace.resource_id.as_str()),
        )?;
    }
    tx.remove::<RuleStatus>(scope, rule.name.as_str())?;
    tx.remove::<Rule>(scope, rule.name.as_str())?;
    Ok(())
}

/// Whether an evaluation by a rule is under way.
pub(crate) fn is_evaluating(tx: &Tx, rule: &Rule, now: Timestamp) -> Result<bool, StoreError> {
    let evaluations = tx.list::<Evaluation>(rule.scope)?;
    Ok(evaluations.iter().any(|evaluation| evaluation.rule_id == rule.id && evaluation.deadline > now))
}
