//! One remediation: a durable task.

use super::role;
use crate::engine::task::{OrAgain, caller};
use crate::state::{
    EvaluationResult, Remediation, RemediationConfiguration, RemediationException, RemediationParameter,
    RemediationStep,
};
use api_config::ComplianceType;
use api_ssm::{
    AutomationExecution, AutomationExecutionStatus, GetAutomationExecution, StartAutomationExecution,
};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{StoreError, Tx};
use wire::ErrorResponse;

const KIND: &str = "config.remediate";
/// AWS's defaults.
const ATTEMPTS: i32 = 5;
const SECONDS: i64 = 60;
/// How often an execution is looked at although nothing woke us.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

pub(super) struct Perform;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Work {
    rule: String,
    resource_type: String,
    resource_id: String,
}

impl Work {
    fn key(&self) -> (&str, &str, &str) {
        (&self.rule, &self.resource_type, &self.resource_id)
    }
}

/// How many automatic attempts within how long.
fn window(configuration: &RemediationConfiguration) -> (usize, Duration) {
    let attempts = usize::try_from(configuration.attempts.unwrap_or(ATTEMPTS)).unwrap_or(1).max(1);
    let seconds = u64::try_from(configuration.seconds.unwrap_or(SECONDS)).unwrap_or(1).max(1);
    (attempts, Duration::from_secs(seconds))
}

/// Begins a remediation, unless one of the resource is under way. Answers whether it did.
pub(crate) fn begin(
    tx: &mut Tx,
    configuration: &RemediationConfiguration,
    (resource_type, resource_id): (&str, &str),
    automatic: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let scope = configuration.scope;
    let key = (configuration.rule.as_str(), resource_type, resource_id);
    let of_type = configuration.resource_type.as_deref().is_none_or(|own| own == resource_type);
    let known = tx.get::<Remediation>(scope, key)?;
    if !of_type || known.as_ref().is_some_and(Remediation::is_under_way) {
        return Ok(false);
    }
    let mut starts = known.map(|known| known.starts).unwrap_or_default();
    if automatic {
        if RemediationException::of(tx, scope, key, now)?.is_some() {
            return Ok(false);
        }
        let (attempts, within) = window(configuration);
        starts.retain(|start| start.plus(within) > now);
        if starts.len() >= attempts {
            // It turns noncompliant again and again.
            except(tx, scope, key, attempts)?;
            return Ok(false);
        }
    }
    let remediation = Remediation {
        scope,
        rule: configuration.rule.clone(),
        resource_type: resource_type.to_owned(),
        resource_id: resource_id.to_owned(),
        state: "QUEUED".into(),
        automatic,
        invoked: now,
        updated: now,
        starts,
        token: String::new(),
        execution: None,
        steps: Vec::new(),
    };
    tx.put(remediation)?;
    let work = Work {
        rule: configuration.rule.clone(),
        resource_type: resource_type.to_owned(),
        resource_id: resource_id.to_owned(),
    };
    let id = format!("{}|{resource_type}|{resource_id}", configuration.rule);
    Task::new(KIND, id, scope, now, &work)?.enqueue(tx)?;
    Ok(true)
}

/// Leaves a resource alone from now on.
fn except(tx: &mut Tx, scope: Scope, key: (&str, &str, &str), attempts: usize) -> Result<(), StoreError> {
    tracing::warn!(
        rule = key.0,
        resource = key.2,
        attempts,
        "automatic remediation gives up a resource: it gets a remediation exception"
    );
    tx.put(RemediationException {
        scope,
        rule: key.0.to_owned(),
        resource_type: key.1.to_owned(),
        resource_id: key.2.to_owned(),
        message: Some(format!("Added by AWS Config: {attempts} automatic remediation attempts were made.")),
        expires: None,
    })
}

#[async_trait::async_trait]
impl TaskHandler for Perform {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        perform(task, context).await.or_again(task, context)
    }
}

async fn perform(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let work: Work = task.payload()?;
    let found = {
        let view = context.store.view();
        let remediation = view.get::<Remediation>(task.scope, work.key())?;
        remediation.zip(view.get::<RemediationConfiguration>(task.scope, work.rule.as_str())?)
    };
    // The rule's remediation was deleted meanwhile.
    let Some((remediation, configuration)) = found.filter(|(remediation, _)| remediation.is_under_way())
    else {
        return Ok(Outcome::done());
    };
    match remediation.execution.clone() {
        None => start(task, work, remediation, configuration, context).await,
        Some(execution) => follow(task, work, execution, configuration, context).await,
    }
}

/// Starts the runbook.
async fn start(
    task: &Task,
    work: Work,
    remediation: Remediation,
    configuration: RemediationConfiguration,
    context: &Context,
) -> Result<Outcome, StoreError> {
    let scope = task.scope;
    let own = context.own_call("config", "Remediate", crate::engine::task::principal(scope, None), scope)?;
    // The token is kept first: an execution that was started before a `kill -9` is then not started twice.
    let ready = context.transact(&own, |call, tx| prepare(tx, scope, &work, call)).await?;
    let Some(token) = ready else { return Ok(Outcome::done()) };
    let started = execute(&configuration, &remediation, token, task, context).await;
    let outcome_at = context.clock.now();
    let effect = move |call: &Call, tx: &mut Tx| {
        let Some(mut remediation) = tx.get::<Remediation>(scope, work.key())? else { return Ok(()) };
        remediation.updated = call.now;
        match &started {
            Ok(execution) => {
                remediation.state = "IN_PROGRESS".into();
                remediation.execution = Some(execution.clone());
                tx.put(remediation)
            }
            Err(error) => {
                let step = RemediationStep {
                    name: configuration.target.clone(),
                    state: "FAILED".into(),
                    error: Some(error.message.clone()),
                    started: Some(call.now),
                    stopped: Some(call.now),
                };
                remediation.steps = vec![step];
                failed(tx, remediation, &configuration)
            }
        }
    };
    Ok(Outcome::Again(outcome_at, Some(Box::new(effect))))
}

/// How long a failed attempt is away from the next: all attempts are within the configured time.
fn pause(configuration: &RemediationConfiguration) -> Duration {
    let (attempts, within) = window(configuration);
    within.checked_div(u32::try_from(attempts).unwrap_or(1)).unwrap_or(within)
}

/// Notes the start of an attempt; None where the resource is not noncompliant any more, or excepted.
fn prepare(tx: &mut Tx, scope: Scope, work: &Work, call: &Call) -> Result<Option<String>, StoreError> {
    let Some(mut remediation) = tx.get::<Remediation>(scope, work.key())? else { return Ok(None) };
    if remediation.automatic {
        let result = tx.get::<EvaluationResult>(scope, work.key())?;
        let bad = result.is_some_and(|result| result.compliance == ComplianceType::NonCompliant);
        if !bad || RemediationException::of(tx, scope, work.key(), call.now)?.is_some() {
            remediation.state = if bad { "FAILED" } else { "SUCCEEDED" }.into();
            remediation.updated = call.now;
            tx.put(remediation)?;
            return Ok(None);
        }
    }
    if remediation.token.is_empty() {
        remediation.token = call.entropy.uuid();
        if remediation.automatic {
            remediation.starts.push(call.now);
        }
        tx.put(remediation.clone())?;
    }
    Ok(Some(remediation.token))
}

async fn execute(
    configuration: &RemediationConfiguration,
    remediation: &Remediation,
    token: String,
    task: &Task,
    context: &Context,
) -> Result<String, ErrorResponse> {
    let caller = role::session(context, task.scope, &task.chain).await?;
    let parameters = configuration.parameters.iter().map(|(name, value)| {
        let values = match value {
            RemediationParameter::ResourceId => vec![remediation.resource_id.clone()],
            RemediationParameter::Static(values) => values.clone(),
        };
        (name.clone(), values)
    });
    let parameters: BTreeMap<String, Vec<String>> = parameters.collect();
    let input = StartAutomationExecution {
        document_name: configuration.target.clone(),
        document_version: configuration.target_version.clone(),
        parameters: Some(parameters).filter(|parameters| !parameters.is_empty()),
        client_token: Some(token),
        ..StartAutomationExecution::default()
    };
    Ok(caller.call(input).await?.automation_execution_id.unwrap_or_default())
}

/// Waits for the end of the runbook.
async fn follow(
    task: &Task,
    work: Work,
    id: String,
    configuration: RemediationConfiguration,
    context: &Context,
) -> Result<Outcome, StoreError> {
    let scope = task.scope;
    let ended = format!("ssm/automation/{}/{}/{id}", scope.account, scope.region);
    let mut ended = context.store.listen(&ended);
    let read = || async {
        let get = GetAutomationExecution { automation_execution_id: id.clone() };
        caller(context, task, Some(configuration.arn())).call(get).await
    };
    let mut answer = read().await;
    let under_way = |answer: &Result<api_ssm::GetAutomationExecutionOutput, ErrorResponse>| {
        let execution = answer.as_ref().ok().and_then(|answer| answer.automation_execution.as_ref());
        execution.is_some_and(|execution| execution.execution_end_time.is_none())
    };
    if under_way(&answer) {
        tokio::select! {
            () = ended.signalled() => {}
            () = context.clock.sleep_until(context.clock.now().plus(LOOK_AGAIN)) => {}
        }
        answer = read().await;
    }
    let still = under_way(&answer);
    let execution = answer.map(|answer| answer.automation_execution.unwrap_or_default());
    let effect = move |call: &Call, tx: &mut Tx| {
        let Some(mut remediation) = tx.get::<Remediation>(scope, work.key())? else { return Ok(()) };
        remediation.updated = call.now;
        match &execution {
            Ok(execution) => {
                remediation.steps = steps(execution);
                match execution.automation_execution_status {
                    _ if still => tx.put(remediation),
                    Some(AutomationExecutionStatus::Success) => {
                        remediation.state = "SUCCEEDED".into();
                        tx.put(remediation)
                    }
                    _ => failed(tx, remediation, &configuration),
                }
            }
            Err(error) => {
                tracing::warn!(%error, "AWS Config cannot read the execution of a remediation");
                failed(tx, remediation, &configuration)
            }
        }
    };
    if still {
        return Ok(Outcome::Again(context.clock.now(), Some(Box::new(effect))));
    }
    Ok(Outcome::done_with(effect))
}

/// Ends a failed attempt: an automatic one is tried again within the configured time, and then given up with an exception.
fn failed(
    tx: &mut Tx,
    mut remediation: Remediation,
    configuration: &RemediationConfiguration,
) -> Result<(), StoreError> {
    let (scope, now) = (remediation.scope, remediation.updated);
    remediation.execution = None;
    remediation.token = String::new();
    let work = Work {
        rule: remediation.rule.clone(),
        resource_type: remediation.resource_type.clone(),
        resource_id: remediation.resource_id.clone(),
    };
    let (attempts, within) = window(configuration);
    remediation.starts.retain(|start| start.plus(within) > now);
    let again = remediation.automatic && remediation.starts.len() < attempts;
    if remediation.automatic && !again {
        except(tx, scope, work.key(), attempts)?;
    }
    remediation.state = if again { "QUEUED" } else { "FAILED" }.into();
    tx.put(remediation)?;
    if again {
        let id = format!("{}|{}|{}", work.rule, work.resource_type, work.resource_id);
        Task::new(KIND, id, scope, now.plus(pause(configuration)), &work)?.enqueue(tx)?;
    }
    Ok(())
}

fn steps(execution: &AutomationExecution) -> Vec<RemediationStep> {
    let steps = execution.step_executions.iter().flatten();
    steps
        .map(|step| RemediationStep {
            name: step.step_name.clone().unwrap_or_default(),
            state: match step.step_status {
                Some(AutomationExecutionStatus::Success) => "SUCCEEDED",
                Some(AutomationExecutionStatus::Pending) => "PENDING",
                Some(AutomationExecutionStatus::InProgress | AutomationExecutionStatus::Waiting) => {
                    "IN_PROGRESS"
                }
                Some(AutomationExecutionStatus::Failed | AutomationExecutionStatus::TimedOut) => "FAILED",
                Some(AutomationExecutionStatus::Cancelled | AutomationExecutionStatus::Cancelling) => {
                    "EXITED"
                }
                _ => "UNKNOWN",
            }
            .into(),
            error: step.failure_message.clone(),
            started: step.execution_start_time,
            stopped: step.execution_end_time,
        })
        .collect()
}
