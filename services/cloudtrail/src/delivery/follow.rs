//! Follows the calls of accounts that have a trail which is logging; where there is none, nothing is read.

use super::{arm, bridge};
use crate::event;
use crate::state::{Cursor, Logging, Trail};
use contract::{Context, Principal};
use names::{AccountId, Region, Scope};
use pipeline::CallRecord;
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Row, StoreError};

/// How often trails are looked at although nothing was signalled.
const SLOW_TIMER: Duration = Duration::from_secs(60);
/// How long a failure of the store is waited for.
const AFTER_FAILURE: Duration = Duration::from_secs(5);
/// The name of an account's cursor.
const EVENTS: &str = "events";

/// Until it is dropped.
pub(super) async fn follow(context: &Context) {
    let mut changed = context.store.listen(Logging::TABLE);
    let mut recorded = context.store.listen(CallRecord::TABLE);
    let mut cursors: BTreeMap<AccountId, Cursor> = BTreeMap::new();
    loop {
        let logging = match turn(context, &mut cursors).await {
            Ok(logging) => logging,
            Err(error) => {
                tracing::error!(%error, "calls cannot be followed; trying again");
                context.clock.sleep_until(context.clock.now().plus(AFTER_FAILURE)).await;
                continue;
            }
        };
        tokio::select! {
            () = changed.signalled() => {}
            () = recorded.signalled(), if logging => {}
            () = context.clock.sleep_until(context.clock.now().plus(SLOW_TIMER)) => {}
        }
    }
}

/// Takes up what was recorded. Answers whether any trail is logging.
async fn turn(context: &Context, cursors: &mut BTreeMap<AccountId, Cursor>) -> Result<bool, StoreError> {
    let mut trails: BTreeMap<AccountId, Vec<Trail>> = BTreeMap::new();
    {
        let view = context.store.view();
        for logging in view.list_all::<Logging>()?.into_iter().filter(|logging| logging.on) {
            if let Some(trail) = view.get::<Trail>(logging.scope, &logging.name)? {
                trails.entry(logging.scope.account).or_default().push(trail);
            }
        }
    }
    cursors.retain(|account, _| trails.contains_key(account));
    for (account, trails) in &trails {
        let known = cursors.get(account).cloned();
        let known = match known {
            Some(known) => known,
            None => begin(context, *account, trails)?,
        };
        cursors.insert(*account, account_turn(context, *account, trails, known).await?);
    }
    Ok(!trails.is_empty())
}

/// Where an account is taken up: where it was left, or where its first trail began to log.
fn begin(context: &Context, account: AccountId, trails: &[Trail]) -> Result<Cursor, StoreError> {
    let view = context.store.view();
    let scope = Scope::new(account, Region::GLOBAL);
    let mut since = None;
    for trail in trails {
        let started = Logging::of(&view, trail.scope, &trail.name)?.started;
        since = match (since, started) {
            (Some(since), Some(started)) => Some(std::cmp::min(since, started)),
            (since, started) => since.or(started),
        };
    }
    let since = since.unwrap_or_else(|| context.clock.now());
    let left = view.get::<Cursor>(scope, EVENTS)?.filter(|left| left.through >= since);
    Ok(left.unwrap_or_else(|| Cursor::from(scope, EVENTS, since)))
}

async fn account_turn(
    context: &Context,
    account: AccountId,
    trails: &[Trail],
    mut cursor: Cursor,
) -> Result<Cursor, StoreError> {
    loop {
        let reading = cursor.read(&context.store.view(), account, context.clock.now())?;
        let told: Vec<&CallRecord> = reading
            .records
            .iter()
            .filter(|record| trails.iter().any(|trail| trail.selects(record)))
            .collect();
        if !told.is_empty() {
            arm_all(context, account, trails, &told).await?;
            bridge::send(context, account, &told).await;
        }
        cursor = reading.cursor;
        if !told.is_empty() {
            keep(context, account, &cursor).await?;
        }
        if !reading.more {
            return Ok(cursor);
        }
    }
}

/// Has the calls delivered. What CloudTrail's own deliveries do (a key that they use) is told in the next file, but makes none.
async fn arm_all(
    context: &Context,
    account: AccountId,
    trails: &[Trail],
    told: &[&CallRecord],
) -> Result<(), StoreError> {
    let others =
        |record: &&&CallRecord| !event::is_by_cloudtrail(record) && !event::is_for_cloudtrail(record);
    let due: Vec<&Trail> = trails
        .iter()
        .filter(|trail| told.iter().filter(others).any(|record| trail.selects(record)))
        .collect();
    if due.is_empty() {
        return Ok(());
    }
    let call = own_call(context, account)?;
    context
        .transact(&call, |_, tx| {
            for trail in &due {
                // One that was deleted meanwhile has nothing to deliver.
                if tx.exists::<Trail>(trail.scope, &trail.name)? {
                    arm(trail, context.clock.now(), tx)?;
                }
            }
            Ok::<(), StoreError>(())
        })
        .await
}

/// So that after a restart events are sent from here on.
async fn keep(context: &Context, account: AccountId, cursor: &Cursor) -> Result<(), StoreError> {
    let call = own_call(context, account)?;
    context.transact(&call, |_, tx| tx.put(cursor.clone())).await
}

fn own_call(context: &Context, account: AccountId) -> Result<contract::Call, StoreError> {
    let principal = Principal::service(event::PRINCIPAL, account, None);
    context.own_call("cloudtrail", "Follow", principal, Scope::new(account, Region::GLOBAL))
}
