//! What lifecycle rules do, once a day at midnight.

use crate::notifications::SERVICE;
use crate::operations::end_upload;
use crate::state::{Bucket, LifecycleRule, Noncurrent, Object, Upload, after_days, next_midnight};
use crate::versions::{self, By};
use api_s3::Error;
use contract::{Call, Context, Outcome, Principal, Task, TaskHandler};
use names::{Arn, Timestamp};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;
use store::{Row, StoreError, Tx};

const KIND: &str = "s3.lifecycle";

/// So many go in one transaction.
const AT_ONCE: usize = 200;

/// Has the bucket looked at next midnight.
pub(crate) fn schedule(bucket: &Bucket, now: Timestamp, tx: &mut Tx) -> Result<(), StoreError> {
    Task::new(KIND, bucket.name.as_str(), bucket.scope, next_midnight(now), &())?.enqueue(tx)
}

/// Looks at a bucket.
pub(crate) struct Expire;

#[async_trait::async_trait]
impl TaskHandler for Expire {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let now = context.clock.now();
        match expire(task, context).await {
            Ok(true) => Outcome::Again(next_midnight(now), None),
            Ok(false) => Outcome::done(),
            Err(error) => {
                tracing::error!(bucket = task.id, %error, "a lifecycle configuration cannot be carried out; it will be tried again");
                Outcome::Again(now.plus(Duration::from_secs(300)), None)
            }
        }
    }
}

/// What is to go.
enum Victim {
    Current(String),
    /// A version that has not been current for long enough.
    Noncurrent(String, String),
    /// A delete marker with no version behind it.
    Marker(String, String),
    Upload(Box<Upload>),
}

/// Whether there is a configuration still.
async fn expire(task: &Task, context: &Context) -> Result<bool, String> {
    let readable = |error: StoreError| error.to_string();
    let bucket = {
        let view = context.store.view();
        view.get::<Bucket>(task.scope, task.id.as_str()).map_err(readable)?
    };
    let Some(bucket) = bucket.filter(|bucket| !bucket.lifecycle.is_empty()) else { return Ok(false) };
    let now = context.clock.now();
    let victims = victims(&bucket, now, context).map_err(readable)?;
    let source = Arn::bare("s3", bucket.name.as_str());
    let principal = Principal::service(SERVICE, bucket.scope.account, Some(source));
    let call = context.own_call("s3", "LifecycleExpiration", principal, bucket.scope).map_err(readable)?;
    for some in victims.chunks(AT_ONCE) {
        context
            .transact(&call, |call: &Call, tx: &mut Tx| remove(some, &bucket, call, tx))
            .await
            .map_err(|error: Error| format!("{error:?}"))?;
    }
    Ok(true)
}

/// Looks again at each, for it may have been written since.
fn remove(some: &[Victim], bucket: &Bucket, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    let Some(bucket) = tx.get::<Bucket>(bucket.scope, bucket.name.as_str())? else { return Ok(()) };
    for victim in some {
        match victim {
            Victim::Current(key) => {
                let current: Option<Object> = tx.get(bucket.scope, (bucket.name.as_str(), key.as_str()))?;
                let expires =
                    |object: &Object| bucket.lifecycle.iter().any(|rule| rule.expires(object, call.now));
                if current.as_ref().is_some_and(expires) {
                    versions::delete(tx, call, &bucket, key, By::Lifecycle)?;
                }
            }
            Victim::Noncurrent(key, version) => {
                // Somebody may have made it the current one again, by deleting what stood before it.
                let noncurrent = Noncurrent::find(tx, bucket.scope, &bucket.name, key, version)?;
                let goes = |rule: &LifecycleRule, row: &Noncurrent| {
                    rule.enabled && rule.noncurrent.is_some() && rule.filter.fits(&row.0)
                };
                if noncurrent.is_some_and(|row| bucket.lifecycle.iter().any(|rule| goes(rule, &row))) {
                    versions::delete_version(tx, call, &bucket, key, version, By::Lifecycle)?;
                }
            }
            Victim::Marker(key, version) => {
                let current: Option<Object> = tx.get(bucket.scope, (bucket.name.as_str(), key.as_str()))?;
                let goes = |object: &Object| {
                    object.version == *version
                        && object.is_delete_marker()
                        && bucket.lifecycle.iter().any(|rule| rule.removes_marker(object))
                };
                let behind =
                    tx.scan::<Noncurrent>(bucket.scope, (bucket.name.as_str(), key.as_str())).first()?;
                if behind.is_none() && current.as_ref().is_some_and(goes) {
                    versions::delete_version(tx, call, &bucket, key, version, By::Lifecycle)?;
                }
            }
            Victim::Upload(upload) => {
                let there = tx.get::<Upload>(upload.scope, upload.key())?;
                if there
                    .is_some_and(|upload| bucket.lifecycle.iter().any(|rule| rule.aborts(&upload, call.now)))
                {
                    end_upload(tx, upload)?;
                }
            }
        }
    }
    Ok(())
}

fn victims(bucket: &Bucket, now: Timestamp, context: &Context) -> Result<Vec<Victim>, StoreError> {
    let view = context.store.view();
    let mut victims = Vec::new();
    let rules: Vec<&LifecycleRule> = bucket.lifecycle.iter().filter(|rule| rule.enabled).collect();
    let mut markers = Vec::new();
    // When each key got its newest version: the version before it has not been current since then.
    let mut since = HashMap::new();
    let with_noncurrent = rules.iter().any(|rule| rule.noncurrent.is_some());
    view.scan::<Object>(bucket.scope, (bucket.name.as_str(),)).each(|object| {
        if with_noncurrent {
            since.insert(object.key.clone(), object.modified);
        }
        if object.is_delete_marker() {
            markers.push(object);
        } else if rules.iter().any(|rule| rule.expires(&object, now)) {
            victims.push(Victim::Current(object.key));
        }
        ControlFlow::Continue(())
    })?;
    for marker in markers {
        let wanted = rules.iter().any(|rule| rule.removes_marker(&marker));
        let lonely =
            || view.scan::<Noncurrent>(bucket.scope, (bucket.name.as_str(), marker.key.as_str())).first();
        if wanted && lonely()?.is_none() {
            victims.push(Victim::Marker(marker.key.clone(), marker.version.clone()));
        }
    }
    let mut seen: HashMap<String, u32> = HashMap::new();
    // The newest of a key comes first.
    view.scan::<Noncurrent>(bucket.scope, (bucket.name.as_str(),)).each(|Noncurrent(version)| {
        let newer = seen.entry(version.key.clone()).or_default();
        let replaced = since.insert(version.key.clone(), version.modified).unwrap_or(version.modified);
        let due = rules.iter().any(|rule| {
            let noncurrent = rule.noncurrent.filter(|_| rule.filter.fits(&version));
            noncurrent.is_some_and(|it| *newer >= it.keep && after_days(replaced, it.days) <= now)
        });
        *newer += 1;
        if due {
            victims.push(Victim::Noncurrent(version.key, version.version));
        }
        ControlFlow::Continue(())
    })?;
    for upload in view.scan::<Upload>(bucket.scope, (bucket.name.as_str(),)).rows()? {
        if rules.iter().any(|rule| rule.aborts(&upload, now)) {
            victims.push(Victim::Upload(Box::new(upload)));
        }
    }
    Ok(victims)
}
