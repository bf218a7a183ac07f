//! The metrics of buckets, as CloudWatch has them in `AWS/S3` (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html>): how
//! much each holds, once a day at midnight. Noncurrent versions and the parts of uploads that are under way count too. Of an empty bucket nothing is
//! reported. Request metrics are reported only where they are configured, which is not served.

use crate::state::{Bucket, Noncurrent, Object, Part, Upload, next_midnight};
use contract::{Context, Outcome, Task, TaskHandler};
use names::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use store::{Measurement, Store, StoreError, View, whole};

/// Reports every midnight what buckets hold. It has no tasks.
pub(crate) struct Storage;

#[async_trait::async_trait]
impl TaskHandler for Storage {
    fn kind(&self) -> &'static str {
        "s3.storage"
    }

    async fn perform(&self, _: &Task, _: &Context) -> Outcome {
        Outcome::done()
    }

    async fn attend(&self, context: &Context) {
        loop {
            let midnight = next_midnight(context.clock.now());
            context.clock.sleep_until(midnight).await;
            if !context.store.is_measured() {
                continue;
            }
            // All objects are read: others want to work meanwhile.
            let store = context.store.clone();
            let reported = tokio::task::spawn_blocking(move || report(&store, midnight)).await;
            match reported {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(%error, "what buckets hold cannot be measured; it will be tried again tomorrow");
                }
                Err(error) => {
                    tracing::error!(%error, "measuring what buckets hold broke off; it will be tried again tomorrow");
                }
            }
        }
    }
}

fn report(store: &Store, midnight: Timestamp) -> Result<(), StoreError> {
    let view = store.view();
    for bucket in view.list_all::<Bucket>()? {
        let held = Held::of(&bucket, &view)?;
        if held.objects == 0 {
            continue;
        }
        let measured = |name, unit, storage_type: &str, value| {
            Measurement::new(bucket.scope, midnight, "AWS/S3", name, whole(value))
                .unit(unit)
                .dimension("BucketName", &*bucket.name)
                .dimension("StorageType", storage_type)
        };
        store.measure(measured("NumberOfObjects", "Count", "AllStorageTypes", held.objects));
        for (class, bytes) in &held.bytes {
            store.measure(measured("BucketSizeBytes", "Bytes", storage_type(class), *bytes));
        }
    }
    Ok(())
}

/// What a bucket holds.
#[derive(Default)]
struct Held {
    objects: u64,
    /// By storage class.
    bytes: BTreeMap<String, u64>,
}

impl Held {
    fn of(bucket: &Bucket, view: &View) -> Result<Self, StoreError> {
        let (scope, name) = (bucket.scope, (bucket.name.as_str(),));
        let mut held = Self::default();
        view.scan::<Object>(scope, name).each(|object| held.add_object(&object))?;
        view.scan::<Noncurrent>(scope, name).each(|Noncurrent(object)| held.add_object(&object))?;
        let uploads = view.scan::<Upload>(scope, name).rows()?;
        let uploads: HashMap<&str, &Upload> =
            uploads.iter().map(|upload| (upload.id.as_str(), upload)).collect();
        view.scan::<Part>(scope, name).each(|part| {
            if let Some(upload) = uploads.get(part.upload.as_str()) {
                held.add(&upload.storage_class, upload.sealing.plain_length(&part.body));
            }
            ControlFlow::Continue(())
        })?;
        Ok(held)
    }

    fn add_object(&mut self, object: &Object) -> ControlFlow<()> {
        if object.is_delete_marker() {
            self.objects = self.objects.saturating_add(1);
        } else {
            self.add(&object.storage_class, object.size);
        }
        ControlFlow::Continue(())
    }

    fn add(&mut self, class: &str, bytes: u64) {
        self.objects = self.objects.saturating_add(1);
        let sum = match self.bytes.get_mut(class) {
            Some(sum) => sum,
            None => self.bytes.entry(class.to_owned()).or_default(),
        };
        *sum = sum.saturating_add(bytes);
    }
}

/// The dimension of a storage class.
fn storage_type(class: &str) -> &'static str {
    match class {
        "REDUCED_REDUNDANCY" => "ReducedRedundancyStorage",
        "STANDARD_IA" => "StandardIAStorage",
        "ONEZONE_IA" => "OneZoneIAStorage",
        "INTELLIGENT_TIERING" => "IntelligentTieringFAStorage",
        "GLACIER" => "GlacierStorage",
        "DEEP_ARCHIVE" => "DeepArchiveStorage",
        "GLACIER_IR" => "GlacierInstantRetrievalStorage",
        _ => "StandardStorage",
    }
}
