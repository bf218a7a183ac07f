//! Types that are recorded once a day: what changed during a day (UTC) is compared with its last item at the day's end.

use super::task::OrAgain;
use super::{record, settle};
use crate::state::{ChangedToday, Evaluation, Recorder};
use contract::{Catalog, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{StoreError, Tx};

/// Ends the day.
pub(crate) struct Daily;

const KIND: &str = "config.daily";
const AT_ONCE: usize = 25;
const DAY: i64 = 24 * 3600 * 1000;

/// Sees to it that the day will end.
pub(crate) fn enqueue(tx: &mut Tx, scope: Scope, now: Timestamp) -> Result<(), StoreError> {
    if tx.exists::<Task>(scope, (KIND, ""))? {
        return Ok(());
    }
    Task::new(KIND, "", scope, day_after(now), &now)?.enqueue(tx)
}

fn day_after(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.millis().div_euclid(DAY).saturating_add(1).saturating_mul(DAY))
}

#[async_trait::async_trait]
impl TaskHandler for Daily {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let scope = task.scope;
        let catalog = Arc::clone(&context.catalog);
        // The payload is read only to tell a broken task from a good one.
        task.payload::<Timestamp>()
            .map(|_| Outcome::done_with(move |call, tx| end_of_day(tx, &catalog, scope, call.now)))
            .or_again(task, context)
    }
}

fn end_of_day(tx: &mut Tx, catalog: &Catalog, scope: Scope, now: Timestamp) -> Result<(), StoreError> {
    let Some(recorder) = Recorder::of(tx, scope)?.filter(|recorder| recorder.recording) else {
        return Ok(());
    };
    let page = tx.scan::<ChangedToday>(scope, ()).limit(AT_ONCE).page()?;
    for changed in page.rows {
        let resource = (changed.resource_type.as_str(), changed.resource_id.as_str());
        tx.remove::<ChangedToday>(scope, resource)?;
        if !recorder.group.records(resource.0) {
            continue;
        }
        match Evaluation::under_way(tx, scope, resource, now)? {
            Some(deadline) => settle::note(tx, scope, resource, &BTreeSet::from([String::new()]), deadline)?,
            None => record::record(tx, catalog, &recorder, resource, None, now)?,
        }
    }
    if page.more { Task::new(KIND, "", scope, now, &now)?.enqueue(tx) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_midnight() {
        let noon = Timestamp::parse_iso("2026-11-21T12:00:00Z").unwrap();
        assert_eq!(day_after(noon).iso_seconds(), "2026-11-22T00:00:00Z");
        assert_eq!(day_after(day_after(noon)).iso_seconds(), "2026-11-23T00:00:00Z");
    }
}
