//! Configuration history files: every six hours, one file for each type that changed.

use super::task::{OrAgain, caller};
use super::{deliver, notify};
use crate::state::{Channel, ChannelStatus, Item, Recorder, Undelivered};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::document;

/// Delivers history files.
pub(crate) struct History;

const KIND: &str = "config.history";
const PERIOD: Duration = Duration::from_secs(6 * 3600);
/// How many items a file holds at most.
const ITEMS_IN_A_FILE: usize = 1000;

/// Begins the periods of a recorder that was started, unless they run already.
pub(crate) fn begin_periods(tx: &mut Tx, scope: Scope, now: Timestamp) -> Result<(), StoreError> {
    if tx.exists::<Task>(scope, (KIND, ""))? { Ok(()) } else { enqueue(tx, scope, now.plus(PERIOD)) }
}

fn enqueue(tx: &mut Tx, scope: Scope, due: Timestamp) -> Result<(), StoreError> {
    if let Some(channel) = Channel::of(tx, scope)? {
        let mut status = ChannelStatus::of(tx, scope, &channel.name)?;
        status.history.next = Some(due);
        tx.put(status)?;
    }
    Task::new(KIND, "", scope, due, &())?.enqueue(tx)
}

/// A file that is to be written: its type's items.
struct File {
    resource_type: String,
    number: usize,
    undelivered: Vec<Undelivered>,
}

#[async_trait::async_trait]
impl TaskHandler for History {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        deliver_history(task, context).await.or_again(task, context)
    }
}

async fn deliver_history(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let scope = task.scope;
    let end = task.due;
    if let Some((role, channel)) = deliver::destination(context, scope)? {
        for file in files(context, scope, end)? {
            if let Err(failure) = deliver_file(task, context, (&role, &channel), file).await? {
                return Ok(Outcome::done_with(move |call: &Call, tx: &mut Tx| {
                    deliver::note(tx, scope, |status| &mut status.history, Some(failure.clone()), call.now)?;
                    next(tx, scope, end, call.now)
                }));
            }
        }
    }
    Ok(Outcome::done_with(move |call: &Call, tx: &mut Tx| next(tx, scope, end, call.now)))
}

/// The next period, as long as there is a recorder that runs.
fn next(tx: &mut Tx, scope: Scope, end: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    if !Recorder::of(tx, scope)?.is_some_and(|recorder| recorder.recording) {
        return Ok(());
    }
    let due = end.plus(PERIOD);
    enqueue(tx, scope, if due > now { due } else { now.plus(PERIOD) })
}

fn files(context: &Context, scope: Scope, end: Timestamp) -> Result<Vec<File>, StoreError> {
    let mut files: Vec<File> = Vec::new();
    let undelivered = context.store.view().list::<Undelivered>(scope)?;
    for undelivered in undelivered.into_iter().filter(|undelivered| undelivered.captured <= end) {
        match files.last_mut() {
            Some(file) if file.resource_type == undelivered.resource_type => {
                if file.undelivered.len() < ITEMS_IN_A_FILE {
                    file.undelivered.push(undelivered);
                } else {
                    let number = file.number + 1;
                    let resource_type = undelivered.resource_type.clone();
                    files.push(File { resource_type, number, undelivered: vec![undelivered] });
                }
            }
            _ => {
                let resource_type = undelivered.resource_type.clone();
                files.push(File { resource_type, number: 1, undelivered: vec![undelivered] });
            }
        }
    }
    Ok(files)
}

/// Writes a file, and forgets that its items were not delivered; the inner error is the bucket's.
async fn deliver_file(
    task: &Task,
    context: &Context,
    (role, channel): (&str, &Channel),
    file: File,
) -> Result<Result<(), (String, String)>, StoreError> {
    let scope = task.scope;
    let mut items = Vec::new();
    for undelivered in &file.undelivered {
        let resource = (undelivered.resource_type.as_str(), undelivered.resource_id.as_str());
        items.extend(Item::at(&context.store.view(), scope, resource, undelivered.captured)?);
    }
    let first = file.undelivered.first().map_or(task.due, |first| first.captured);
    let last = file.undelivered.last().map_or(task.due, |last| last.captured);
    let (year, month, day) = task.due.date();
    let key = format!(
        "{}{region}/{year}/{month}/{day}/ConfigHistory/{}_Config_{region}_ConfigHistory_{}_{}_{}_{}.json.gz",
        channel.root(),
        scope.account,
        file.resource_type,
        first.compact(),
        last.compact(),
        file.number,
        region = scope.region,
    );
    let call = context.own_call("config", "DeliverHistory", super::task::principal(scope, None), scope)?;
    let body = deliver::gzip(&deliver::file(&call.entropy.uuid(), &items))?;
    if let Err(error) = deliver::put_object(&caller(context, task, None), role, channel, &key, body).await {
        return Ok(Err((error.code, error.message)));
    }
    context
        .transact(&call, |call, tx| {
            for row in &file.undelivered {
                let key = (row.resource_type.as_str(), row.captured, row.resource_id.as_str());
                tx.remove::<Undelivered>(scope, key)?;
            }
            deliver::note(tx, scope, |status| &mut status.history, None, call.now)?;
            let members = document!({ "s3ObjectKey": (key.clone()), "s3Bucket": (channel.bucket.clone()) });
            notify::delivery(tx, scope, ("History", "Completed"), members, call.now)
        })
        .await
        .map(Ok)
}
