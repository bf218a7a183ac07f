//! Queries at work: a task each, which is begun again after the end of the process, and is bounded in time.

use crate::insights::{Answer, Pipeline, Query as Compiled};
use crate::pointer;
use crate::state::event::LogEvent;
use crate::state::group::LogGroup;
use crate::state::query::{Query, Results, Statistics, Status};
use clock::SharedClock;
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{AccountId, Scope, Timestamp};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Store, StoreError, Tx};
use tokio::sync::{Semaphore, SemaphorePermit};

const KIND: &str = "logs.query";
/// Queries of an account and region that run at once: as many as have a turn, so that those of one region do not try for it in vain.
const LANES: u32 = 2;
/// Queries that are at work at once, each with up to the memory of [`crate::insights`].
const MOST_AT_WORK: usize = 8;
/// Those of one account, in all regions: none can have all turns.
const MOST_OF_ACCOUNT: usize = 2;
/// When a query that had no turn tries again: later each time, up to so many seconds, since each time is a write and hundreds may wait.
const NO_TURN_SECONDS: u32 = 15;
/// How long a query may run. AWS lets it for an hour, over other amounts.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// What is looked at before it is asked whether the query was stopped.
const STEP_EVENTS: usize = 2_000;
const STEP_BYTES: usize = 4 * 1024 * 1024;
/// How often a query is begun: one at which the process ends each time is not begun for ever.
const MOST_TRIES: u32 = 3;
/// Queries of an account and region that are kept. AWS keeps all of the last seven days.
const MOST_KEPT: usize = 1_000;
/// Those that are removed with each that is started.
const FORGOTTEN_AT_ONCE: usize = 10;
/// The rows and, about, bytes of a row of the store.
const RESULT_ROWS: usize = 1_000;
const RESULT_BYTES: usize = 1024 * 1024;

/// Will be run once the transaction is committed.
pub(crate) fn enqueue(tx: &mut Tx, query: &Query) -> Result<(), StoreError> {
    let lane = query.id.bytes().fold(0_u32, |sum, byte| sum.wrapping_add(byte.into())) % LANES;
    Task::new(KIND, query.id.as_str(), query.scope, query.created, &())?.in_lane(lane.to_string()).enqueue(tx)
}

/// Runs queries: of all accounts together only so many at once, since each may take much memory.
#[derive(Default)]
pub(crate) struct Run {
    turns: Turns,
}

/// Who may be at work. Nobody waits for a turn: who waits holds one of the places that all durable work shares.
struct Turns {
    free: Semaphore,
    /// How many each account has; none where it has none.
    of_accounts: Mutex<HashMap<AccountId, usize>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { free: Semaphore::new(MOST_AT_WORK), of_accounts: Mutex::default() }
    }
}

/// A turn, given back at its end.
struct Turn<'t> {
    turns: &'t Turns,
    account: AccountId,
    _permit: SemaphorePermit<'t>,
}

impl Turns {
    /// A turn for an account, where there is one.
    fn take(&self, account: AccountId) -> Option<Turn<'_>> {
        let mut of_accounts = self.of_accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = of_accounts.get(&account).copied().unwrap_or_default();
        if own >= MOST_OF_ACCOUNT {
            return None;
        }
        let permit = self.free.try_acquire().ok()?;
        of_accounts.insert(account, own + 1);
        Some(Turn { turns: self, account, _permit: permit })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut of_accounts = self.turns.of_accounts.lock().unwrap_or_else(PoisonError::into_inner);
        match of_accounts.get_mut(&self.account) {
            Some(own) if *own > 1 => *own -= 1,
            _ => {
                of_accounts.remove(&self.account);
            }
        }
    }
}

#[async_trait::async_trait]
impl TaskHandler for Run {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        // It is not begun without one, so this is none of its tries.
        let Some(_turn) = self.turns.take(task.scope.account) else {
            let seconds = task.attempt.saturating_add(1).min(NO_TURN_SECONDS);
            return Outcome::Again(context.clock.now().plus(Duration::from_secs(seconds.into())), None);
        };
        match run(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(query = task.id, %error, "a query cannot be read from the store; it will be tried again");
                Outcome::Again(context.clock.now().plus(Duration::from_secs(5)), None)
            }
        }
    }
}

/// Set where nobody waits for a query any more, since the server ends: its thread is then not waited for.
#[derive(Default)]
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What became of a query that was not stopped.
struct Ended {
    status: Status,
    statistics: Statistics,
    rows: Vec<Vec<(String, String)>>,
}

async fn run(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let principal = contract::Principal::service("logs.amazonaws.com", task.scope.account, None);
    let call = context.own_call("logs", "Query", principal, task.scope)?;
    let begun = context
        .transact(&call, |call, tx| {
            let Some(mut query) = tx.get::<Query>(task.scope, task.id.as_str())? else { return Ok(None) };
            if query.status.is_over() {
                return Ok(None);
            }
            query.tries += 1;
            let given_up = query.tries > MOST_TRIES;
            (query.status, query.ended) =
                if given_up { (Status::Failed, Some(call.now)) } else { (Status::Running, None) };
            tx.update(query.clone())?;
            Ok::<_, StoreError>(Some(query).filter(|_| !given_up))
        })
        .await?;
    let Some(query) = begun else { return Ok(Outcome::done()) };
    let (store, clock) = (context.store.clone(), context.clock.clone());
    let id = query.id.clone();
    let dropped = Dropped::default();
    let seen = Arc::clone(&dropped.0);
    let work = tokio::task::spawn_blocking(move || answer(&query, &store, &clock, &seen));
    let ended = match work.await {
        Ok(ended) => ended?,
        Err(error) => {
            tracing::error!(query = id, %error, "a query broke off");
            Some(Ended { status: Status::Failed, statistics: Statistics::default(), rows: Vec::new() })
        }
    };
    drop(dropped);
    let Some(ended) = ended else { return Ok(Outcome::done()) };
    let scope = task.scope;
    Ok(Outcome::done_with(move |call: &Call, tx: &mut Tx| {
        // Stopped or gone at the last moment: then it stays so.
        let Some(query) = tx.get::<Query>(scope, id.as_str())?.filter(|query| !query.status.is_over()) else {
            return Ok(());
        };
        keep(tx, scope, &id, &ended.rows)?;
        let (status, statistics, rows) = (ended.status, ended.statistics, ended.rows.len());
        tx.update(Query { status, statistics, rows, ended: Some(call.now), ..query })
    }))
}

/// Writes the results, some in each row.
fn keep(tx: &mut Tx, scope: Scope, id: &str, rows: &[Vec<(String, String)>]) -> Result<(), StoreError> {
    let mut results = Results { scope, query: id.to_owned(), first: 0, rows: Vec::new() };
    let mut bytes = 0_usize;
    for (number, row) in (0..).zip(rows) {
        let size: usize = row.iter().map(|(name, value)| name.len() + value.len()).sum();
        if !results.rows.is_empty() && (results.rows.len() >= RESULT_ROWS || bytes + size > RESULT_BYTES) {
            let next = Results { first: number, rows: Vec::new(), ..results.clone() };
            tx.put(std::mem::replace(&mut results, next))?;
            bytes = 0;
        }
        bytes = bytes.saturating_add(size);
        results.rows.push(row.clone());
    }
    if !results.rows.is_empty() {
        tx.put(results)?;
    }
    Ok(())
}

/// Answers a query; None where it was stopped. Each step has a view of its own, so that none is kept for long.
fn answer(
    query: &Query,
    store: &Store,
    clock: &SharedClock,
    dropped: &AtomicBool,
) -> Result<Option<Ended>, StoreError> {
    let mut statistics = Statistics::default();
    let ended = |status, statistics| Ok(Some(Ended { status, statistics, rows: Vec::new() }));
    let compiled = match Compiled::parse(&query.text) {
        Ok(compiled) => compiled,
        // It was one when it was started, by an older cloud.
        Err(malformed) => {
            tracing::error!(query = query.id, %malformed, "a stored query cannot be read");
            return ended(Status::Failed, statistics);
        }
    };
    let mut pipeline = Pipeline::new(&compiled, query.created.millis(), query.limit);
    let until = clock.monotonic().saturating_add(LONGEST);
    for group in &query.groups {
        statistics.groups += 1;
        let mut place = Some(Place::start(query, group));
        while let Some(from) = place.take() {
            let view = store.view();
            if view.get::<Query>(query.scope, query.id.as_str())?.is_none_or(|query| query.status.is_over()) {
                return Ok(None);
            }
            let Some(group) = view.get::<LogGroup>(query.scope, group)? else { break };
            let oldest = query.start.saturating_mul(1000).max(group.horizon(clock.now()));
            let (mut events, mut bytes, mut failed) = (0_usize, 0_usize, None);
            let scan = view.scan_index::<LogEvent>(query.scope, LogEvent::BY_TIME, group.name.as_str());
            scan.reverse().after(&from.0).each(|event| {
                if event.at < oldest {
                    return ControlFlow::Break(());
                }
                (events, bytes) = (events + 1, bytes + event.size());
                if let Err(too_much) = pipeline.take(pointer::record(&event, query.scope)) {
                    tracing::warn!(query = query.id, %too_much, "a query failed");
                    failed = Some(Status::Failed);
                } else if clock.monotonic() > until || dropped.load(Ordering::Relaxed) {
                    failed = Some(Status::Timeout);
                }
                if failed.is_some() {
                    return ControlFlow::Break(());
                }
                if events >= STEP_EVENTS || bytes >= STEP_BYTES {
                    place = Some(Place(LogEvent { message: String::new(), ..event }));
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            })?;
            statistics.scanned = statistics.scanned.saturating_add(events.try_into().unwrap_or(u64::MAX));
            statistics.bytes = statistics.bytes.saturating_add(bytes.try_into().unwrap_or(u64::MAX));
            if let Some(status) = failed {
                return ended(status, statistics);
            }
        }
    }
    match pipeline.finish() {
        Ok(Answer { rows, matched }) => {
            statistics.matched = matched;
            Ok(Some(Ended { status: Status::Complete, statistics, rows }))
        }
        Err(too_much) => {
            tracing::warn!(query = query.id, %too_much, "a query failed");
            ended(Status::Failed, statistics)
        }
    }
}

/// Before what a step goes on: an event without its message.
struct Place(LogEvent);

impl Place {
    /// After the query's last second.
    fn start(query: &Query, group: &str) -> Self {
        let end = query.end.saturating_add(1).saturating_mul(1000);
        Self(LogEvent::place(query.scope, group, end))
    }
}

/// Removes some queries whose results are kept no longer, or before which there are too many later ones; oldest first.
pub(crate) fn forget(tx: &mut Tx, mut known: Vec<Query>, now: Timestamp) -> Result<(), StoreError> {
    known.sort_by_key(|query| query.created);
    let too_many = known.len().saturating_sub(MOST_KEPT);
    let gone = known
        .into_iter()
        .enumerate()
        .filter(|(number, query)| query.status.is_over() && (*number < too_many || !query.is_kept(now)));
    for (_, query) in gone.take(FORGOTTEN_AT_ONCE) {
        for results in tx.scan::<Results>(query.scope, (query.id.as_str(),)).rows()? {
            tx.remove::<Results>(query.scope, (results.query.as_str(), results.first))?;
        }
        tx.remove::<Query>(query.scope, query.id.as_str())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: usize) -> AccountId {
        format!("{number:012}").parse().unwrap()
    }

    #[test]
    fn an_account_has_two_turns_and_all_together_eight() {
        let turns = Turns::default();
        let mut own: Vec<_> = (0..3).map_while(|_| turns.take(account(1))).collect();
        assert_eq!(own.len(), MOST_OF_ACCOUNT);
        let others: Vec<_> = (2..10).map_while(|number| turns.take(account(number))).collect();
        assert_eq!(others.len(), MOST_AT_WORK - MOST_OF_ACCOUNT, "one account leaves turns for others");
        drop(own.pop());
        assert!(turns.take(account(1)).is_some(), "what is given back can be had again");
        own.clear();
        drop(others);
        assert!(turns.of_accounts.lock().unwrap().is_empty(), "nothing is kept of who has none");
        assert_eq!(turns.free.available_permits(), MOST_AT_WORK);
    }

    #[tokio::test]
    async fn a_query_without_a_turn_waits_in_the_queue_and_is_not_begun() {
        let cloud = testkit::TestCloud::new(vec![crate::registration()]);
        let context = cloud.context();
        let run = Run::default();
        let scope = cloud.scope();
        let _turns = [run.turns.take(scope.account).unwrap(), run.turns.take(scope.account).unwrap()];
        for (attempt, seconds) in [(0, 1), (1, 2), (u32::MAX, 15)] {
            let task = Task { attempt, ..Task::new(KIND, "query", scope, cloud.now(), &()).unwrap() };
            let Outcome::Again(at, None) = run.perform(&task, context).await else { panic!("it had a turn") };
            assert_eq!(at, cloud.now().plus(Duration::from_secs(seconds)));
        }
    }
}
