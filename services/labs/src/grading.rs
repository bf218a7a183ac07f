//! Carries out a lab's checks.

use crate::environment::Environment;
use crate::format::{Check, Lab, Settles};
use crate::judge::{Verdict, judge, judge_all};
use crate::report::{CheckResult, PartResult, Report, TaskResult};
use names::Timestamp;
use std::time::Duration;
use store::TouchListener;
use wire::Document;

/// After so long a grading waits for nothing any more.
const LONGEST: Duration = Duration::from_secs(90);
/// What is waited for is looked at again at least so often, and at most ten times as often.
const AGAIN: Duration = Duration::from_secs(1);
/// The table of the records that calls leave.
const RECORDS: &str = "pipeline.call-records";

/// Grades an account.
pub(crate) async fn grade(lab: &Lab, environment: &mut Environment<'_>) -> Report {
    let clock = environment.context.clock.clone();
    let (at, begun) = (clock.now(), clock.monotonic());
    // Records of calls that are on their way to the disk are events too.
    if let Err(error) = environment.context.store.flush_appended() {
        tracing::error!(%error, "records of calls cannot be written before a grading");
    }
    let mut waiting = Waiting::new(environment);
    let mut tasks = Vec::with_capacity(lab.tasks.len());
    for task in &lab.tasks {
        let mut checks = Vec::with_capacity(task.checks.len());
        for check in &task.checks {
            checks.push(settled(check, environment, &mut waiting, at.plus(LONGEST)).await);
        }
        tasks.push(TaskResult { id: task.id.clone(), title: task.title.clone(), checks });
    }
    let took = clock.monotonic().saturating_sub(begun);
    Report {
        lab: lab.name.clone(),
        title: lab.title.clone(),
        student: environment.place.student.clone(),
        account: environment.place.account,
        region: lab.region,
        number: None,
        at,
        milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        tasks,
    }
}

/// The result of a check, once what it looks at has settled or its time is up.
async fn settled(
    check: &Check,
    environment: &mut Environment<'_>,
    waiting: &mut Waiting,
    latest: Timestamp,
) -> CheckResult {
    let Some(settles) = &check.settles else {
        let value = environment.source(&check.reading).await;
        return result(check, value, environment).await;
    };
    let deadline = environment.context.clock.now().plus(Duration::from_secs(settles.within)).min(latest);
    let quiet = Duration::from_secs(settles.quiet);
    loop {
        let value = environment.source(&check.reading).await;
        let moving = match &value {
            Ok(value) => is_moving(settles, value, environment).await,
            Err(_) => false,
        };
        let result = result(check, value, environment).await;
        if result.points == check.points || !moving || !waiting.more(deadline, Some(quiet)).await {
            return result;
        }
        // What it is made of may have moved too.
        environment.forget();
    }
}

async fn is_moving(settles: &Settles, value: &Document, environment: &mut Environment<'_>) -> bool {
    judge_all(&settles.while_, value, environment).await.passed
}

async fn result(
    check: &Check,
    value: Result<Document, crate::environment::Miss>,
    environment: &mut Environment<'_>,
) -> CheckResult {
    let partial = check.expect.iter().all(|part| part.points.is_some());
    let mut parts = Vec::new();
    let verdict = match &value {
        Err(miss) => Verdict::missed(miss.clone()),
        Ok(value) if partial => {
            for part in &check.expect {
                let verdict = judge(part, value, environment).await;
                parts.push(PartResult {
                    says: part.says.clone().unwrap_or_default(),
                    of: part.points.unwrap_or_default(),
                    passed: verdict.passed,
                    found: Some(verdict.found),
                    why: verdict.why.or(verdict.expected),
                });
            }
            let missed = parts.iter().find(|part| !part.passed);
            Verdict {
                passed: missed.is_none(),
                found: missed.and_then(|part| part.found.clone()).unwrap_or_default(),
                why: missed.and_then(|part| part.why.clone()),
                expected: None,
            }
        }
        Ok(value) => judge_all(&check.expect, value, environment).await,
    };
    let earned = if verdict.passed {
        check.points
    } else {
        parts.iter().filter(|part| part.passed).map(|part| part.of).sum()
    };
    // The nearest to what went wrong: what a part or reading says, what the check says to every way to miss, what was expected.
    let why = || verdict.why.clone().or_else(|| check.otherwise.clone()).or_else(|| verdict.expected.clone());
    CheckResult {
        id: check.id.clone(),
        says: check.says.clone(),
        points: earned,
        of: check.points,
        why: if verdict.passed { None } else { why() },
        found: (!verdict.found.is_empty()).then_some(verdict.found),
        parts,
    }
}

/// Waits for changes of an account.
pub(crate) struct Waiting {
    touched: TouchListener,
    clock: clock::SharedClock,
    /// When something last changed, as far as it was heard.
    changed: Timestamp,
}

impl Waiting {
    pub(crate) fn new(environment: &Environment<'_>) -> Self {
        let context = environment.context;
        let touched = context.store.listen_touches(environment.place.account);
        Self { touched, clock: context.clock.clone(), changed: context.clock.now() }
    }

    /// Waits for a change, or for a while; false once the deadline has passed, or nothing has changed for as long as `quiet`. Changes are heard
    /// from the beginning, so none falls between two looks.
    pub(crate) async fn more(&mut self, deadline: Timestamp, quiet: Option<Duration>) -> bool {
        let now = self.clock.now();
        if now >= deadline || quiet.is_some_and(|quiet| now.since(self.changed) >= quiet) {
            return false;
        }
        let again = now.plus(AGAIN).min(deadline);
        tokio::select! {
            () = self.touched.touched() => {}
            () = self.clock.sleep_until(again) => {}
        }
        // Looking leaves records, which are changes too, but not of what is looked at.
        if self.touched.take().iter().any(|name| &**name != RECORDS) {
            self.changed = self.clock.now();
        }
        self.clock.sleep_until(now.plus(AGAIN / 10).min(again)).await;
        true
    }
}
