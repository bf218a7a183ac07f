//! A cloud with EventBridge and stand-ins for its targets, and what tests do with it.

use crate::peers::{Arrived, Peers};
use api_events::{
    CreateEventBus, PutEvents, PutEventsRequestEntry, PutPermission, PutRule, PutTargets, Target,
};
use contract::{Caller, Chain, Principal};
use names::Scope;
use std::sync::Arc;
use testkit::TestCloud;
use wire::{Document, ErrorResponse};

pub(crate) const OTHER: &str = "444455556666";
pub(crate) const RULE: &str = "arn:aws:events:us-east-1:111122223333:rule/rule";

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    pub(crate) peers: Arc<Peers>,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let peers = Arc::new(Peers::default());
        let mut registrations = Peers::registrations(&peers);
        registrations.push(events::registration());
        let cloud = TestCloud::new(registrations);
        *peers.lets_in.lock() = Some("arn:aws:events:us-east-1:111122223333:rule/*".into());
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, peers, _running: running }
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = OTHER.parse().unwrap();
        self.cloud.context().caller(
            Principal::Root(account),
            Scope::new(account, testkit::REGION),
            Chain::default(),
        )
    }

    pub(crate) async fn rule(&self, pattern: &str) {
        self.rule_on(None, pattern).await;
    }

    pub(crate) async fn rule_on(&self, bus: Option<&str>, pattern: &str) {
        let put = PutRule {
            name: "rule".into(),
            event_pattern: Some(pattern.into()),
            event_bus_name: bus.map(str::to_owned),
            ..Default::default()
        };
        self.root.call(put).await.unwrap();
    }

    pub(crate) async fn bus(&self, name: &str) {
        self.root.call(CreateEventBus { name: name.into(), ..Default::default() }).await.unwrap();
    }

    pub(crate) async fn policy(&self, bus: &str, statements: &str) {
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        let put =
            PutPermission { event_bus_name: Some(bus.into()), policy: Some(policy), ..Default::default() };
        self.root.call(put).await.unwrap();
    }

    pub(crate) async fn target(&self, target: Target) -> Result<(), ErrorResponse> {
        self.target_on(None, target).await
    }

    pub(crate) async fn target_on(&self, bus: Option<&str>, target: Target) -> Result<(), ErrorResponse> {
        let put =
            PutTargets { rule: "rule".into(), event_bus_name: bus.map(str::to_owned), targets: vec![target] };
        self.root.call(put).await.map(drop)
    }

    /// Sends an event, and answers its id.
    pub(crate) async fn send(&self, detail: &str) -> String {
        sent(&self.root, entry(detail)).await.unwrap()
    }

    /// What has arrived after all work that is due is done.
    pub(crate) async fn arrived(&self) -> Vec<Arrived> {
        self.idle().await;
        self.peers.arrived.lock().clone()
    }

    /// Until no task is due.
    pub(crate) async fn idle(&self) {
        self.cloud
            .until("no task is due", async || {
                let tasks = self.cloud.context().store.view().list_all::<contract::Task>().unwrap();
                tasks.iter().all(|task| task.due > self.cloud.now()).then_some(())
            })
            .await;
    }

    pub(crate) fn tasks(&self) -> Vec<contract::Task> {
        self.cloud.context().store.view().list_all::<contract::Task>().unwrap()
    }
}

pub(crate) fn entry(detail: &str) -> PutEventsRequestEntry {
    PutEventsRequestEntry {
        source: Some("my.app".into()),
        detail_type: Some("order".into()),
        detail: Some(detail.into()),
        ..Default::default()
    }
}

/// Sends one entry: its id, or code and sentence.
pub(crate) async fn sent(caller: &Caller, entry: PutEventsRequestEntry) -> Result<String, (String, String)> {
    let answer = caller.call(PutEvents { entries: vec![entry], endpoint_id: None }).await;
    let answer = answer.map_err(|error| (error.code, error.message))?;
    let result = answer.entries.unwrap().remove(0);
    match result.error_code {
        Some(code) => {
            assert_eq!((answer.failed_entry_count, result.event_id), (Some(1), None));
            Err((code, result.error_message.unwrap()))
        }
        None => {
            assert_eq!(answer.failed_entry_count, Some(0));
            Ok(result.event_id.unwrap())
        }
    }
}

pub(crate) fn to(arn: &str) -> Target {
    Target { id: "t".into(), arn: arn.into(), ..Default::default() }
}

pub(crate) fn json(text: &str) -> Document {
    Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub(crate) fn text<'a>(document: &'a Document, name: &str) -> &'a str {
    document.get(name).and_then(Document::as_str).unwrap_or_else(|| panic!("{name} in {document}"))
}

pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.map(drop).unwrap_err();
    (error.code, error.message)
}

pub(crate) fn sentence<T>(result: Result<T, ErrorResponse>, code: &str) -> String {
    let (found, message) = refusal(result);
    assert_eq!(found, code, "{message}");
    message
}
