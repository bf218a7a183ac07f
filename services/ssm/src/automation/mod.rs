//! Carries out executions of runbooks: a durable task that goes on, step by step, from what the row says is done.

mod act;
pub(crate) mod approval;
pub(crate) mod branch;
pub(crate) mod interpolate;
mod outputs;
mod progress;
pub(crate) mod script;
pub(crate) mod select;

use crate::document::{Runbook, Step};
use crate::scripts::Settings;
use crate::state::Execution;
use act::Acted;
use contract::{Call, Caller, Context, Outcome, Principal, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, ErrorResponse};

const KIND: &str = "ssm.automation";
/// In whose name roles are assumed.
pub(crate) const PRINCIPAL: &str = "ssm.amazonaws.com";
/// How long an execution waits after a failure of ours.
const AFTER_FAULT: Duration = Duration::from_secs(5);
/// How often it is looked whether a step that takes long was stopped, beside being told.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Sees to it that an execution is gone on with now.
pub(crate) fn enqueue(tx: &mut Tx, execution: &Execution, now: Timestamp) -> Result<(), StoreError> {
    Task::new(KIND, execution.id.as_str(), execution.scope, now, &execution.id)?
        .through(execution.chain.clone())
        .enqueue(tx)
}

/// What is signalled when an execution ends: `ssm/automation/ACCOUNT/REGION/ID`.
fn ended_topic(execution: &Execution) -> String {
    format!("ssm/automation/{}/{}/{}", execution.scope.account, execution.scope.region, execution.id)
}

/// What is signalled when somebody stops an execution.
pub(crate) fn stop_topic(execution: &Execution) -> String {
    format!("ssm/automation-stop/{}/{}/{}", execution.scope.account, execution.scope.region, execution.id)
}

/// Ends when somebody stops the execution and does not wait for its step's end.
async fn interrupted(execution: &Execution, context: &Context) {
    let mut stopped = context.store.listen(&stop_topic(execution));
    loop {
        let row = context.store.view().get::<Execution>(execution.scope, execution.id.as_str());
        if let Ok(Some(row)) = row
            && row.status == "Cancelling"
            && !row.finishes_step
        {
            return;
        }
        tokio::select! {
            () = stopped.signalled() => {}
            () = context.clock.sleep_until(context.clock.now().plus(LOOK_AGAIN)) => {}
        }
    }
}

/// The caller in whose name steps act: a session of the role, or whoever started the execution.
pub(crate) async fn caller(execution: &Execution, context: &Context) -> Result<Caller, ErrorResponse> {
    let chain = execution.chain.through(PRINCIPAL);
    let Some(role) = &execution.role else {
        return Ok(context.caller(execution.principal.clone(), execution.scope, chain));
    };
    let session = format!("Automation-{}", execution.id);
    service_caller(execution, context).assume_role(role, &session).await
}

/// The service itself, for an execution.
fn service_caller(execution: &Execution, context: &Context) -> Caller {
    let service = Principal::service(PRINCIPAL, execution.scope.account, Some(execution.arn()));
    context.caller(service, execution.scope, execution.chain.through(PRINCIPAL))
}

/// The runbook of an execution. It was accepted once, so that this cannot fail but by a change of this program.
fn runbook(execution: &Execution) -> Result<Runbook, String> {
    let document = Document::parse(&execution.content).map_err(|error| error.message)?;
    Runbook::parse(&document).map_err(|fault| fault.message().to_owned())
}

/// The step that is next or under way, and its inputs as far as they can be resolved.
pub(crate) fn current(execution: &Execution) -> Option<(Step, Document)> {
    let runbook = runbook(execution).ok()?;
    let step = runbook.steps.get(execution.current)?.clone();
    let inputs = interpolate::resolved(&step.templates(), &known(execution, &runbook)).ok()?;
    Some((step, inputs))
}

/// What references of a runbook stand for.
fn known(execution: &Execution, runbook: &Runbook) -> BTreeMap<String, Document> {
    let parse = |text: &String| Document::parse(text).unwrap_or_default();
    let mut known: BTreeMap<String, Document> =
        execution.values.iter().map(|(name, value)| (name.clone(), parse(value))).collect();
    for (step, state) in runbook.steps.iter().zip(&execution.steps) {
        known.extend(
            state.outputs.iter().map(|(name, value)| (format!("{}.{name}", step.name), parse(value))),
        );
    }
    // The moment at which the execution started: the same in each of its steps, also after a restart.
    let moment = execution.started.iso_seconds();
    let date = moment.split('T').next().unwrap_or_default().to_owned();
    let time = moment.trim_end_matches('Z').replace('T', "_").replace(':', ".");
    known.insert("global:DATE".into(), date.into());
    known.insert("global:DATE_TIME".into(), time.into());
    known.insert("global:REGION".into(), execution.scope.region.as_str().into());
    known.insert("automation:EXECUTION_ID".into(), execution.id.as_str().into());
    known
}

/// Goes on with executions.
pub(crate) struct Automation(pub(crate) Settings);

#[async_trait::async_trait]
impl TaskHandler for Automation {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        step(task, &self.0, context).await.unwrap_or_else(|error| {
            tracing::error!(id = task.id, %error, "an execution of a runbook cannot be gone on with; it is tried again");
            Outcome::Again(context.clock.now().plus(AFTER_FAULT), None)
        })
    }
}

/// Carries out one step, or a part of it.
async fn step(task: &Task, settings: &Settings, context: &Context) -> Result<Outcome, StoreError> {
    let id: String = task.payload()?;
    let scope = task.scope;
    let own = Principal::service(PRINCIPAL, scope.account, None);
    let call = context.own_call("ssm", "Automation", own, scope)?;
    let begun = context.transact(&call, |call, tx| begin(tx, scope, &id, call.now)).await?;
    let Some(execution) = begun else { return Ok(Outcome::done()) };
    let acted = match runbook(&execution) {
        Err(reason) => Acted::Failed(reason),
        Ok(runbook) => match runbook.steps.get(execution.current) {
            None => Acted::Failed("The step is not in the runbook".to_owned()),
            Some(step) => within_time(step, &execution, &runbook, settings, context).await,
        },
    };
    let number = execution.begun;
    // The outcome has to be known before the effect; both are decided by the same function.
    let mut after = execution.clone();
    let due = progress::apply(&mut after, &acted, context.clock.now());
    let effect = move |call: &Call, tx: &mut Tx| {
        let Some(mut execution) = tx.get::<Execution>(scope, id.as_str())? else { return Ok(()) };
        // Stopped meanwhile, or a task that was given twice: the row has gone on.
        if execution.has_ended() || execution.begun != number {
            return Ok(());
        }
        progress::apply(&mut execution, &acted, call.now);
        if execution.has_ended() {
            tx.signal(ended_topic(&execution));
        }
        tx.put(execution)
    };
    Ok(match due {
        Some(due) => Outcome::Again(due, Some(Box::new(effect))),
        None => Outcome::done_with(effect),
    })
}

/// Marks the step as under way; None where there is nothing to do any more.
fn begin(tx: &mut Tx, scope: Scope, id: &str, now: Timestamp) -> Result<Option<Execution>, StoreError> {
    let Some(mut execution) = tx.get::<Execution>(scope, id)?.filter(|execution| !execution.has_ended())
    else {
        return Ok(None);
    };
    let under_way = |execution: &Execution| {
        let state = execution.steps.get(execution.current);
        state.is_some_and(|state| matches!(state.status.as_str(), "InProgress" | "Waiting"))
    };
    if execution.status == "Cancelling" && execution.finishes_step && under_way(&execution) {
        return Ok(Some(execution));
    }
    if execution.status == "Cancelling" {
        progress::cancel(&mut execution, now);
        tx.signal(ended_topic(&execution));
        tx.put(execution)?;
        return Ok(None);
    }
    progress::begin(&mut execution, now);
    tx.put(execution.clone())?;
    Ok(Some(execution))
}

async fn within_time(
    step: &Step,
    execution: &Execution,
    runbook: &Runbook,
    settings: &Settings,
    context: &Context,
) -> Acted {
    let acting = act::act(step, execution, known(execution, runbook), settings, context);
    let began = execution.steps.get(execution.current).and_then(|state| state.started);
    let deadline =
        step.time_limit().zip(began).map(|(seconds, began)| began.plus(Duration::from_secs(seconds)));
    let late_at = async {
        match deadline {
            Some(deadline) => context.clock.sleep_until(deadline).await,
            None => std::future::pending().await,
        }
    };
    let passed = |until: Timestamp| {
        deadline.is_some_and(|deadline| until >= deadline && context.clock.now() >= deadline)
    };
    let sooner = |until: Timestamp| deadline.map_or(until, |deadline| until.min(deadline));
    let late = || {
        let limit = step.time_limit().unwrap_or_default();
        Acted::TimedOut(format!("The step did not end within {limit} seconds"))
    };
    tokio::select! {
        biased;
        acted = acting => match acted {
            Acted::Wait(until) | Acted::Held(until) if passed(until) => late(),
            Acted::Wait(until) => Acted::Wait(sooner(until)),
            Acted::Held(until) => Acted::Held(sooner(until)),
            acted => acted,
        },
        () = late_at => late(),
        // What its row says is what becomes of it.
        () = interrupted(execution, context) => Acted::Wait(context.clock.now()),
    }
}
