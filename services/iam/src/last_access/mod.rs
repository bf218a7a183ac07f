//! Who called what when, from the calls' records
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html>).
//!
//! What it is: [`Follow`] reads the records some seconds behind the calls and keeps a row for each user or role and service, and for each action;
//! an attempt counts, also one that was denied, as on AWS. What it is not: calls on data leave a record only where a trail selects them, and so
//! are seen only then; single actions are told of management calls alone, as AWS tracks them.

mod granted;

pub(crate) use granted::{grants, services};

use crate::state::{AccessCursor, Account, LastAccess};
use crate::{facts, regions};
use contract::{Context, Outcome, Principal, Task, TaskHandler};
use names::{AccountId, Region, Scope, Timestamp};
use pipeline::CallRecord;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;
use store::{Row, Store, StoreError, Tx};

/// How long calls are gathered before their rows are written.
const GATHER: Duration = Duration::from_secs(10);
/// How often records are looked at although nothing was signalled.
const SLOW_TIMER: Duration = Duration::from_secs(300);
/// How much later than others of its time a record may appear. To read one twice changes nothing.
const OVERLAP: Duration = Duration::from_secs(2);

/// Follows the calls of all accounts.
pub(crate) struct Follow;

#[async_trait::async_trait]
impl TaskHandler for Follow {
    fn kind(&self) -> &'static str {
        "iam.last-access"
    }

    async fn perform(&self, _: &Task, _: &Context) -> Outcome {
        Outcome::done()
    }

    async fn attend(&self, context: &Context) {
        let mut recorded = context.store.listen(CallRecord::TABLE);
        loop {
            if let Err(error) = turn(context).await {
                tracing::error!(%error, "calls cannot be followed for their last use; trying again");
            }
            let slow = context.clock.now().plus(SLOW_TIMER);
            tokio::select! {
                () = recorded.signalled() => {}
                () = context.clock.sleep_until(slow) => {}
            }
            context.clock.sleep_until(context.clock.now().plus(GATHER)).await;
        }
    }
}

async fn turn(context: &Context) -> Result<(), StoreError> {
    let accounts = context.store.view().list_all::<Account>()?;
    for account in accounts.into_iter().filter(|account| account.closed.is_none()) {
        catch_up(context, account.id).await?;
    }
    Ok(())
}

/// (Entity, service, action) to when and where.
type Seen = BTreeMap<(String, String, String), (Timestamp, Region)>;

/// Takes up what was recorded of an account's calls until now.
pub(crate) async fn catch_up(context: &Context, account: AccountId) -> Result<(), StoreError> {
    let store = context.store.clone();
    // There may be many, and what serves calls is not kept waiting.
    let reading = tokio::task::spawn_blocking(move || read(&store, account)).await;
    let (seen, through) = reading.map_err(|error| StoreError::Backend(error.to_string().into()))??;
    if seen.is_empty() {
        return Ok(());
    }
    let principal = Principal::service("iam.amazonaws.com", account, None);
    let call = context.own_call("iam", "FollowLastAccess", principal, Scope::global(account))?;
    context
        .transact(&call, |_, tx| {
            for (key, (at, region)) in &seen {
                write(tx, account, key, *at, *region)?;
            }
            let scope = Scope::global(account);
            let known = tx.get::<AccessCursor>(scope, ())?.map(|cursor| cursor.through);
            match known.is_none_or(|known| known < through) {
                true => tx.put(AccessCursor { account, through }),
                false => Ok(()),
            }
        })
        .await
}

fn write(
    tx: &mut Tx,
    account: AccountId,
    key: &(String, String, String),
    at: Timestamp,
    region: Region,
) -> Result<(), StoreError> {
    let known = tx.get::<LastAccess>(Scope::global(account), key.clone())?;
    if known.is_some_and(|known| known.at >= at) {
        return Ok(());
    }
    let (entity, service, action) = key.clone();
    tx.put(LastAccess { account, entity, service, action, at, region })
}

/// What the records tell that were made since the last time, and the time of the last of them.
fn read(store: &Store, account: AccountId) -> Result<(Seen, Timestamp), StoreError> {
    let view = store.view();
    let known = view.get::<AccessCursor>(Scope::global(account), ())?.map(|cursor| cursor.through);
    let from = known.map_or(Timestamp::from_seconds(0), |through| through.minus(OVERLAP));
    let (mut seen, mut through) = (Seen::new(), from);
    for region in regions::recorded() {
        let scan = view.scan::<CallRecord>(Scope::new(account, region), ()).from((from, String::new()));
        scan.each(|record| {
            through = through.max(record.recorded);
            note(&record, &mut seen);
            ControlFlow::Continue(())
        })?;
    }
    // What was taken up before is not written again where nothing followed.
    if known.is_some_and(|known| through <= known) {
        seen.clear();
    }
    Ok((seen, through))
}

fn note(record: &CallRecord, seen: &mut Seen) {
    let entity = match &record.caller {
        Principal::User(user) => &user.id,
        Principal::Role(session) => &session.role_id,
        Principal::Anonymous | Principal::Root(_) | Principal::Service(_) => return,
    };
    let at = Timestamp::from_seconds(record.at.seconds());
    let mut keep = |service: &str, action: &str| {
        let last = seen
            .entry((entity.clone(), service.to_owned(), action.to_owned()))
            .or_insert((at, record.scope.region));
        if last.0 < at {
            *last = (at, record.scope.region);
        }
    };
    keep("", "");
    let Some(prefix) = prefix(&record.service) else { return };
    keep(prefix, "");
    let is_action = |prefix: &str| {
        let service = facts::service(prefix);
        service.is_some_and(|service| service.matching(&record.operation).next().is_some())
    };
    if !record.data && is_action(prefix) {
        keep(prefix, &record.operation);
    }
}

/// The prefix that a service's actions have, by the name of its API here.
fn prefix(service: &str) -> Option<&str> {
    match service {
        "s3control" => Some("s3"),
        "dynamodbstreams" => Some("dynamodb"),
        "accessanalyzer" => Some("access-analyzer"),
        other => facts::is_service(other).then_some(other),
    }
}
