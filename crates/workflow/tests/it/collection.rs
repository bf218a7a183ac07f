//! Blobs that nothing refers to go, an hour and more after; all others stay.

use blobs::BlobId;
use bytes::Bytes;
use contract::{LiveBlobs, Registration};
use names::{AccountId, Scope};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::time::Duration;
use store::{Row, StoreError, View};
use testkit::TestCloud;

const MINUTE: Duration = Duration::from_secs(60);

/// A row that keeps its bytes in a blob.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    scope: Scope,
    name: String,
    blob: BlobId,
}

impl Row for Kept {
    const TABLE: &'static str = "test.kept";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}

fn kept(view: &View, _: Option<AccountId>) -> Result<HashSet<BlobId>, StoreError> {
    Ok(view.list_all::<Kept>()?.into_iter().map(|kept| kept.blob).collect())
}

fn unreadable(_: &View, _: Option<AccountId>) -> Result<HashSet<BlobId>, StoreError> {
    Err(StoreError::Backend("on purpose".into()))
}

fn cloud(lists: &[LiveBlobs]) -> TestCloud {
    let mut all = Vec::new();
    for list in lists {
        all.push(Registration::new(&api_logs::SERVICE).live_blobs(*list));
    }
    TestCloud::new(all)
}

async fn write(cloud: &TestCloud, byte: u8) -> BlobId {
    cloud.context().blobs.write(Bytes::from(vec![byte; 20_000])).await.unwrap().id
}

fn keep(cloud: &TestCloud, name: &str, blob: BlobId) {
    let scope = cloud.scope();
    let row = || Kept { scope, name: name.into(), blob };
    cloud.context().store.transact(None, |tx| tx.put(row())).unwrap();
}

fn drop_row(cloud: &TestCloud, name: &str) {
    cloud.context().store.transact(None, |tx| tx.remove::<Kept>(cloud.scope(), name).map(|_| ())).unwrap();
}

async fn exists(cloud: &TestCloud, id: &BlobId) -> bool {
    cloud.context().blobs.exists(id).await.unwrap()
}

/// Moves the clock until a blob is gone.
async fn until_gone(cloud: &TestCloud, id: &BlobId) {
    cloud
        .until("the blob is collected", async || {
            cloud.advance(MINUTE).await;
            (!exists(cloud, id).await).then_some(())
        })
        .await;
}

#[tokio::test]
async fn what_nothing_refers_to_goes_an_hour_later_and_the_rest_stays() {
    let cloud = cloud(&[kept]);
    let (used, replaced) = (write(&cloud, 1).await, write(&cloud, 2).await);
    keep(&cloud, "used", used);
    keep(&cloud, "replaced", replaced);
    let _work = cloud.start_work();
    drop_row(&cloud, "replaced");
    let begun = cloud.now();
    until_gone(&cloud, &replaced).await;
    // Once it was found without a row, and again an hour later.
    assert!(cloud.now() >= begun.plus(60 * MINUTE), "{:?}", cloud.now());
    assert!(exists(&cloud, &used).await);
}

#[tokio::test]
async fn a_body_whose_row_is_yet_to_come_stays() {
    let cloud = cloud(&[kept]);
    let old = write(&cloud, 1).await;
    cloud.clock.advance(2 * MINUTE);
    let uploaded = write(&cloud, 2).await;
    cloud.clock.advance(59 * MINUTE);
    let _work = cloud.start_work();
    cloud.until("the old one is collected", async || (!exists(&cloud, &old).await).then_some(())).await;
    assert!(exists(&cloud, &uploaded).await);
}

#[tokio::test]
async fn where_one_cannot_say_what_it_keeps_nothing_goes() {
    let cloud = cloud(&[kept, unreadable]);
    let orphan = write(&cloud, 1).await;
    cloud.clock.advance(120 * MINUTE);
    let _work = cloud.start_work();
    for _ in 0..300 {
        cloud.advance(MINUTE).await;
    }
    assert!(exists(&cloud, &orphan).await);
}

#[tokio::test]
async fn a_start_collects_at_once_what_an_earlier_process_left() {
    let cloud = cloud(&[kept]);
    let (orphan, used) = (write(&cloud, 1).await, write(&cloud, 2).await);
    keep(&cloud, "used", used);
    // A process that was killed before its second collection.
    drop(cloud.start_work());
    cloud.advance(61 * MINUTE).await;
    let _work = cloud.start_work();
    let now = cloud.now();
    cloud.until("it is collected", async || (!exists(&cloud, &orphan).await).then_some(())).await;
    assert_eq!(cloud.now(), now);
    assert!(exists(&cloud, &used).await);
}
