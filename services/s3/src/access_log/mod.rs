//! Server access logs: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html>. Best effort, as on AWS: requests that
//! services make from inside leave no line, and what the target refuses is lost.

mod deliver;
mod line;

pub(crate) use deliver::Deliver;

use crate::state::{Bucket, LogLine};
use contract::{Context, RequestLog, ServedRequest, Task};
use names::Timestamp;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::Duration;
use store::StoreError;

/// As whom S3 delivers logs.
const SERVICE: &str = "logging.s3.amazonaws.com";

/// Lines are gathered for so long.
const GATHERED: Duration = Duration::from_secs(1);

/// Writes a line for each request to a bucket that logs.
#[derive(Default)]
pub(crate) struct AccessLog {
    /// When the next delivery of a bucket is due. Held in memory: after a crash the next line enqueues a delivery for all.
    due: Mutex<HashMap<String, Timestamp>>,
}

impl RequestLog for AccessLog {
    fn note(&self, request: &ServedRequest, context: &Context) {
        if let Err(error) = self.write(request, context) {
            tracing::warn!(%error, "a line of an access log is lost");
        }
    }
}

impl AccessLog {
    fn write(&self, request: &ServedRequest, context: &Context) -> Result<(), StoreError> {
        let Some(name) = request.label("Bucket") else { return Ok(()) };
        let Some(bucket) = Bucket::named(&context.store.view(), name)? else { return Ok(()) };
        if bucket.logging.is_none() {
            return Ok(());
        }
        context.store.append_soon([LogLine {
            scope: bucket.scope,
            bucket: bucket.name.clone(),
            at: request.at,
            request: request.id,
            line: line::of(request, &bucket),
        }])?;
        let now = context.clock.now();
        {
            let mut due = self.due.lock();
            due.retain(|_, due| *due > now);
            if due.contains_key(&bucket.name) {
                return Ok(());
            }
            due.insert(bucket.name.clone(), now.plus(GATHERED));
        }
        let due = now.plus(GATHERED);
        let id = format!("{}/{}", bucket.name, due.millis());
        let task = Task::new(deliver::KIND, id, bucket.scope, due, &bucket.name)?;
        // Nobody waits for its commit.
        let ((), _committed) =
            context.store.transact_pending::<(), StoreError>(None, |tx| task.clone().enqueue(tx))?;
        Ok(())
    }
}
