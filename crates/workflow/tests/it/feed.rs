//! What all subscribers have passed goes from the feed; what one of them has not, stays.

use contract::{Context, Registration, Subscriber};
use names::{ResourceType, Scope};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{Change, Position, ResourceIdentity, Row, StoreError, Tx};
use testkit::TestCloud;

const MINUTE: Duration = Duration::from_secs(60);
/// More than are kept.
const CHANGES: usize = 10_050;

#[derive(Clone, Serialize, Deserialize)]
struct Thing {
    scope: Scope,
    name: String,
}

impl Row for Thing {
    const TABLE: &'static str = "test.things";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        let resource_type = ResourceType("AWS::Test::Thing");
        Some(ResourceIdentity { resource_type, id: self.name.clone(), name: None, arn: self.name.clone() })
    }
}

/// Takes changes unless it is stuck.
struct Reader {
    name: &'static str,
    stuck: Arc<AtomicBool>,
}

impl Subscriber for Reader {
    fn name(&self) -> &'static str {
        self.name
    }

    fn take(&self, _: &[Change], _: &Context, _: &mut Tx) -> Result<(), StoreError> {
        match self.stuck.load(Ordering::SeqCst) {
            true => Err(StoreError::Backend("on purpose".into())),
            false => Ok(()),
        }
    }
}

fn left(cloud: &TestCloud) -> usize {
    cloud.context().store.view().changes_since(Position::START, 2 * CHANGES).unwrap().len()
}

async fn an_hour(cloud: &TestCloud) {
    for _ in 0..61 {
        cloud.advance(MINUTE).await;
    }
}

#[tokio::test]
async fn what_all_subscribers_have_passed_goes() {
    let stuck = Arc::new(AtomicBool::new(true));
    let reader = |name, stuck: &Arc<AtomicBool>| Reader { name, stuck: Arc::clone(stuck) };
    let registration = Registration::new(&api_logs::SERVICE)
        .subscriber(reader("test.quick", &Arc::default()))
        .subscriber(reader("test.stuck", &stuck));
    let cloud = TestCloud::new(vec![registration]);
    let scope = cloud.scope();
    let make = |tx: &mut Tx| (0..CHANGES).try_for_each(|n| tx.insert(Thing { scope, name: n.to_string() }));
    cloud.context().store.transact(None, make).unwrap();
    let all = left(&cloud);
    assert!(all >= CHANGES);
    let _work = cloud.start_work();
    an_hour(&cloud).await;
    assert_eq!(left(&cloud), all, "one has not passed them");

    stuck.store(false, Ordering::SeqCst);
    an_hour(&cloud).await;
    let trimmed = async || {
        cloud.advance(MINUTE).await;
        (left(&cloud) <= 10_000).then_some(())
    };
    cloud.until("what all have passed is removed", trimmed).await;
    assert_eq!(left(&cloud), 10_000);
}
