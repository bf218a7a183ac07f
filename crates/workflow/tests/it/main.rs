//! Durable work: due times, lanes, retries, restarts.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking, in their helpers too")]

mod collection;
mod feed;

use contract::{Context, Outcome, Registration, Task, TaskHandler};
use names::Scope;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use testkit::TestCloud;

/// What a handler saw, in order.
type Seen = Arc<Mutex<Vec<String>>>;

/// Notes each task; how it ends is in the task's payload.
struct Noting {
    seen: Seen,
}

#[async_trait::async_trait]
impl TaskHandler for Noting {
    fn kind(&self) -> &'static str {
        "noting"
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        let how: String = task.payload().unwrap();
        self.seen.lock().push(format!("{}#{}", task.id, task.attempt));
        match how.as_str() {
            "twice" if task.attempt == 0 => {
                Outcome::Again(context.clock.now().plus(Duration::from_secs(60)), None)
            }
            "panics" if task.attempt == 0 => panic!("on purpose"),
            "hangs" => std::future::pending().await,
            "follows" => {
                let (scope, now) = (task.scope, context.clock.now());
                Outcome::done_with(move |_, tx| Task::new("noting", "second", scope, now, &"")?.enqueue(tx))
            }
            _ => Outcome::done(),
        }
    }
}

fn cloud() -> (TestCloud, Seen) {
    let seen = Seen::default();
    let registration = Registration::new(&api_logs::SERVICE).task(Noting { seen: Arc::clone(&seen) });
    (TestCloud::new(vec![registration]), seen)
}

fn enqueue(cloud: &TestCloud, id: &str, in_seconds: u64, how: &str, lane: Option<&str>) {
    let due = cloud.now().plus(Duration::from_secs(in_seconds));
    let mut task = Task::new("noting", id, cloud.scope(), due, &how).unwrap();
    task.lane = lane.map(str::to_owned);
    cloud.context().store.transact(None, |tx| task.clone().enqueue(tx)).unwrap();
}

fn waiting(cloud: &TestCloud, scope: Scope) -> Vec<Task> {
    cloud.context().store.view().list::<Task>(scope).unwrap()
}

#[tokio::test]
async fn a_task_waits_for_its_time_and_is_gone_when_done() {
    let (cloud, seen) = cloud();
    let _work = cloud.start_work();
    enqueue(&cloud, "later", 100, "", None);
    cloud.advance(Duration::from_secs(99)).await;
    assert!(seen.lock().is_empty());
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(*seen.lock(), ["later#0"]);
    assert!(waiting(&cloud, cloud.scope()).is_empty());
}

#[tokio::test]
async fn what_asks_for_it_is_tried_again_at_its_time() {
    let (cloud, seen) = cloud();
    let _work = cloud.start_work();
    enqueue(&cloud, "again", 0, "twice", None);
    cloud.settle().await;
    assert_eq!(*seen.lock(), ["again#0"]);
    cloud.advance(Duration::from_secs(60)).await;
    assert_eq!(*seen.lock(), ["again#0", "again#1"]);
    assert!(waiting(&cloud, cloud.scope()).is_empty());
}

#[tokio::test]
async fn what_panics_is_tried_again_and_stops_nothing_else() {
    let (cloud, seen) = cloud();
    let _work = cloud.start_work();
    enqueue(&cloud, "bad", 0, "panics", None);
    enqueue(&cloud, "good", 0, "", None);
    cloud.settle().await;
    assert!(seen.lock().contains(&"good#0".to_owned()));
    cloud.advance(Duration::from_secs(5)).await;
    assert!(seen.lock().contains(&"bad#1".to_owned()), "{:?}", seen.lock());
}

#[tokio::test]
async fn a_lane_is_one_after_another_and_others_go_on() {
    let (cloud, seen) = cloud();
    let _work = cloud.start_work();
    enqueue(&cloud, "a-hangs", 0, "hangs", Some("lane"));
    enqueue(&cloud, "b-same-lane", 0, "", Some("lane"));
    enqueue(&cloud, "c-other-lane", 0, "", Some("other"));
    cloud.settle().await;
    assert_eq!(*seen.lock(), ["a-hangs#0", "c-other-lane#0"]);
}

#[tokio::test]
async fn the_effect_is_committed_with_the_end() {
    let (cloud, seen) = cloud();
    let _work = cloud.start_work();
    enqueue(&cloud, "first", 0, "follows", None);
    cloud.settle().await;
    assert_eq!(*seen.lock(), ["first#0", "second#0"]);
    assert!(waiting(&cloud, cloud.scope()).is_empty());
}

#[tokio::test]
async fn unfinished_work_begins_again_after_a_restart() {
    let (cloud, seen) = cloud();
    let work = cloud.start_work();
    enqueue(&cloud, "long", 0, "hangs", None);
    cloud.settle().await;
    drop(work);
    assert_eq!(waiting(&cloud, cloud.scope()).len(), 1, "it is still enqueued");
    let _again = cloud.start_work();
    cloud.settle().await;
    assert_eq!(*seen.lock(), ["long#0", "long#0"]);
}

#[tokio::test]
async fn no_task_of_a_closed_account_runs() {
    let (cloud, seen) = cloud();
    let _work = cloud.start_work();
    enqueue(&cloud, "a-under-way", 0, "hangs", Some("lane"));
    enqueue(&cloud, "b-in-its-lane", 0, "", Some("lane"));
    enqueue(&cloud, "later", 60, "", None);
    cloud.settle().await;
    assert_eq!(*seen.lock(), ["a-under-way#0"]);
    let account = cloud.scope().account;
    let close = |tx: &mut store::Tx| {
        tx.close_account(account);
        Ok::<_, store::StoreError>(())
    };
    cloud.context().store.transact(None, close).unwrap();
    enqueue(&cloud, "new", 0, "", None);
    cloud.advance(Duration::from_secs(120)).await;
    assert_eq!(*seen.lock(), ["a-under-way#0"], "neither begun nor, since it was broken off, tried again");
    // Others' go on.
    let other = Scope::new("444455556666".parse().unwrap(), testkit::REGION);
    let task = Task::new("noting", "others", other, cloud.now(), &"").unwrap();
    cloud.context().store.transact(None, |tx| task.clone().enqueue(tx)).unwrap();
    cloud.settle().await;
    assert_eq!(*seen.lock(), ["a-under-way#0", "others#0"]);
}

#[tokio::test]
async fn a_task_enqueued_anew_while_it_runs_is_kept() {
    let (cloud, seen) = cloud();
    enqueue(&cloud, "same", 0, "", None);
    let _work = cloud.start_work();
    // The handler's first run ends after this one has replaced it.
    enqueue(&cloud, "same", 30, "", None);
    cloud.settle().await;
    cloud.advance(Duration::from_secs(30)).await;
    assert!(!seen.lock().is_empty());
    assert!(waiting(&cloud, cloud.scope()).is_empty());
}
