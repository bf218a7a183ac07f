//! A cloud with CloudTrail, and what tests do with it.

use api_cloudtrail::{Event, LookupAttribute, LookupAttributeKey, LookupEvents};
use contract::{Caller, Chain, Registration};
use testkit::TestCloud;
use wire::{Document, ErrorResponse};

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        Self::with(Vec::new())
    }

    pub(crate) fn with(mut others: Vec<Registration>) -> Self {
        others.push(cloudtrail::registration());
        others.push(sns::registration(sns::Settings::default()));
        let cloud = TestCloud::new(others);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    pub(crate) fn in_region(&self, region: &str) -> Caller {
        self.root.in_region(region.parse().unwrap())
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = "444455556666".parse().unwrap();
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(contract::Principal::Root(account), scope, Chain::default())
    }

    /// What was recorded soon is there.
    pub(crate) fn flush(&self) {
        self.cloud.context().store.flush_appended().unwrap();
    }

    pub(crate) async fn lookup(&self, key: LookupAttributeKey, value: &str) -> Vec<Event> {
        self.flush();
        let lookup = LookupEvents { lookup_attributes: Some(vec![attribute(key, value)]), ..Default::default() };
        self.root.call(lookup).await.unwrap().events.unwrap()
    }

    pub(crate) async fn topic(&self, name: &str) -> String {
        self.cloud.clock.advance(std::time::Duration::from_millis(10));
        let create = api_sns::CreateTopic { name: name.into(), ..Default::default() };
        self.root.call(create).await.unwrap().topic_arn.unwrap()
    }
}

pub(crate) fn attribute(key: LookupAttributeKey, value: &str) -> LookupAttribute {
    LookupAttribute { attribute_key: key, attribute_value: value.into() }
}

pub(crate) fn record(event: &Event) -> Document {
    Document::parse(event.cloud_trail_event.as_deref().unwrap()).unwrap()
}

pub(crate) fn text<'a>(document: &'a Document, path: &[&str]) -> &'a str {
    document.at(path).and_then(Document::as_str).unwrap_or_else(|| panic!("{path:?} in {document}"))
}

pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.err().unwrap();
    (error.code, error.message)
}
