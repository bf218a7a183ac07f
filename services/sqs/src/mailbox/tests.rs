use super::{Candidates, Taking};
use crate::reference::QueueReference;
use crate::state::Queue;
use api_sqs::{CreateQueue, PurgeQueue, SendMessage};
use names::Timestamp;
use std::time::Duration;
use testkit::TestCloud;

/// A receiver that looked before a purge takes nothing after it.
#[tokio::test]
async fn what_was_purged_meanwhile_is_not_given() {
    let cloud = TestCloud::new(vec![crate::registration()]);
    let root = cloud.root();
    let create = CreateQueue { queue_name: "q".into(), ..Default::default() };
    let url = root.call(create).await.unwrap().queue_url.unwrap();
    let send = SendMessage { queue_url: url.clone(), message_body: "m".into(), ..Default::default() };
    root.call(send).await.unwrap();
    let store = &cloud.context().store;
    let reference = QueueReference { scope: cloud.scope(), name: "q".into() };
    let queue = || Queue::get(&store.view(), &reference).unwrap().unwrap();
    let now = cloud.now();
    let candidates = Candidates::look(&queue(), 1, now, Timestamp::from_millis(0), &store.view()).unwrap();
    assert!(!candidates.is_empty());
    root.call(PurgeQueue { queue_url: url }).await.unwrap();
    let queue = queue();
    let receipt = || "r".to_owned();
    let taking = Taking { most: 1, now, visible: now.plus(Duration::from_secs(30)), receipt: &receipt };
    let taken = store.transact_async(None, |tx| candidates.take(&queue, &taking, tx)).await.unwrap();
    assert!(taken.is_empty());
}
