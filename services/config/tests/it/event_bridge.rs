//! What AWS Config tells EventBridge: a stand-in records it, or refuses it.

use crate::cloud::{Cloud, Peers, ROLE};
use api_events::{PutEvents, PutEventsOutput, PutEventsRequestEntry};
use contract::{Access, Call, Context, Orchestrate, Principal, Registration};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use store::View;
use testkit::TestCloud;
use wire::Document;

#[derive(Default)]
struct Bus {
    arrived: Mutex<Vec<PutEventsRequestEntry>>,
    fails: Mutex<bool>,
}

struct FakeEvents(Arc<Bus>);

#[async_trait::async_trait]
impl Orchestrate<PutEvents> for FakeEvents {
    fn access(&self, _: &PutEvents, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    async fn run(
        &self,
        input: PutEvents,
        call: &Call,
        _: &Context,
    ) -> Result<PutEventsOutput, api_events::Error> {
        let Principal::Service(service) = &call.principal else { panic!("not a service") };
        assert_eq!((service.name.as_str(), service.source_account), ("config.amazonaws.com", call.account));
        if *self.0.fails.lock() {
            return Err(api_events::InternalException::new("broken").into());
        }
        self.0.arrived.lock().extend(input.entries);
        Ok(PutEventsOutput { failed_entry_count: Some(0), entries: Some(Vec::new()) })
    }
}

fn cloud() -> (Cloud, Arc<Bus>) {
    let (peers, bus) = (Arc::new(Peers::default()), Arc::new(Bus::default()));
    let mut registrations = Peers::registrations(&peers);
    let events = Arc::new(FakeEvents(Arc::clone(&bus)));
    registrations.push(Registration::new(&api_events::SERVICE).orchestrate::<FakeEvents, PutEvents>(&events));
    registrations.push(config::registration());
    let test = TestCloud::new(registrations);
    assert!(ROLE.ends_with("/recorder"));
    let _ = test.role(
        "recorder",
        &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","sns:Publish"],"Resource":"*"}]}"#],
    );
    (Cloud { test, peers }, bus)
}

/// The ids of the groups whose items were told, in order.
fn told(bus: &Bus) -> Vec<String> {
    let items = bus.arrived.lock().clone().into_iter();
    let items =
        items.filter(|entry| entry.detail_type.as_deref() == Some("Config Configuration Item Change"));
    items
        .map(|entry| {
            assert_eq!(entry.source.as_deref(), Some("aws.config"));
            let detail = Document::parse(entry.detail.as_deref().unwrap()).unwrap();
            detail.at(&["configurationItem", "resourceId"]).unwrap().as_str().unwrap().to_owned()
        })
        .filter(|id: &String| id.starts_with("sg-"))
        .collect()
}

#[tokio::test]
async fn event_bridge_is_told_in_order_and_once() {
    let (cloud, bus) = cloud();
    let _work = cloud.test.start_work();
    cloud.record_groups().await;
    cloud.quiet().await;
    let ids: Vec<String> = (10..35).map(|number| format!("sg-{number}")).collect();
    for id in &ids {
        cloud.put_group(id, &[22]);
        cloud.test.advance(Duration::from_millis(1)).await;
    }
    cloud.quiet().await;
    assert_eq!(told(&bus), ids, "more than one call takes");
}

#[tokio::test]
async fn what_event_bridge_does_not_take_is_sent_again() {
    let (cloud, bus) = cloud();
    let _work = cloud.test.start_work();
    cloud.record_groups().await;
    cloud.quiet().await;
    *bus.fails.lock() = true;
    cloud.put_group("sg-1", &[22]);
    cloud.quiet().await;
    // What happens in one moment is in no order.
    cloud.test.advance(Duration::from_millis(1)).await;
    cloud.put_group("sg-2", &[22]);
    cloud.quiet().await;
    assert!(told(&bus).is_empty());
    *bus.fails.lock() = false;
    cloud.test.advance(Duration::from_secs(300)).await;
    cloud.quiet().await;
    assert_eq!(told(&bus), ["sg-1", "sg-2"]);
}
