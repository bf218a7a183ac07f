//! Collecting blobs: once an hour, what no row refers to is removed.

use blobs::{BlobId, Collected};
use contract::{Context, LiveBlobs};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, View};

/// How often is collected, how old a blob must be, and for how long nothing must have referred to it: longer than any call takes from
/// writing a blob, or reading the row that refers to one, to its commit.
const HOUR: Duration = Duration::from_secs(3600);

/// What there was no reference to.
enum Unreferenced {
    /// When this process began, in a view of before its first call: what is not referred to there can get a new reference only by being
    /// written anew, since no call that read an old one is left.
    AtStart(View),
    /// An hour ago.
    Before(HashSet<BlobId>),
}

/// Collects until it is dropped. Nothing is remembered beyond this process: after `kill -9` the next start collects.
pub(crate) async fn collect_hourly(lists: Vec<LiveBlobs>, start: View, context: Context) {
    let lists: Arc<[LiveBlobs]> = lists.into();
    let mut before = Unreferenced::AtStart(start);
    loop {
        let due = context.clock.now().plus(HOUR);
        match collect(&lists, before, &context).await {
            Ok((collected, unreferenced)) => {
                if collected.blobs > 0 {
                    tracing::info!(
                        blobs = collected.blobs,
                        bytes = collected.bytes,
                        "removed bodies that nothing referred to"
                    );
                }
                before = Unreferenced::Before(unreferenced);
            }
            Err(error) => {
                tracing::error!(
                    error,
                    "bodies that nothing refers to cannot be removed; trying again in an hour"
                );
                before = Unreferenced::Before(HashSet::new());
            }
        }
        context.clock.sleep_until(due).await;
    }
}

/// Removes what nothing refers to now and nothing referred to before; answers also what it would remove next.
async fn collect(
    lists: &Arc<[LiveBlobs]>,
    before: Unreferenced,
    context: &Context,
) -> Result<(Collected, HashSet<BlobId>), String> {
    let (view, at_start, before) = match before {
        Unreferenced::AtStart(view) => (view, true, HashSet::new()),
        Unreferenced::Before(before) => (context.store.view(), false, before),
    };
    let lists = Arc::clone(lists);
    // All rows of some tables: too long for a thread that others wait for.
    let live = tokio::task::spawn_blocking(move || list(&lists, &view)).await;
    let live = live.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    let unreferenced = Arc::new(Mutex::new(HashSet::new()));
    let found = Arc::clone(&unreferenced);
    let keep = move |id: &BlobId| {
        if live.contains(id) {
            return true;
        }
        found.lock().insert(*id);
        !at_start && !before.contains(id)
    };
    let collected = context.blobs.garbage_collect(HOUR, keep).await.map_err(|error| error.to_string())?;
    Ok((collected, std::mem::take(&mut *unreferenced.lock())))
}

/// What all services refer to; where one of them cannot say, nothing is known.
fn list(lists: &[LiveBlobs], view: &View) -> Result<HashSet<BlobId>, StoreError> {
    let mut live = HashSet::new();
    for list in lists {
        live.extend(list(view, None)?);
    }
    Ok(live)
}
