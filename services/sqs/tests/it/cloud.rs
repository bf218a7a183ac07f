//! A cloud with SQS, and what tests do with it.

use api_sqs::{
    CreateQueue, DeleteMessage, GetQueueAttributes, Message, ReceiveMessage, ReceiveMessageOutput,
    SendMessage, SendMessageOutput,
};
use contract::{Caller, Chain, Principal};
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::TestCloud;
use wire::ErrorResponse;

pub(crate) const OTHER: &str = "444455556666";

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        let cloud = TestCloud::new(vec![sqs::registration(), kms::registration()]);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = OTHER.parse().unwrap();
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(Principal::Root(account), scope, Chain::default())
    }

    pub(crate) async fn queue(&self, name: &str, attributes: &[(&str, &str)]) -> String {
        self.try_queue(name, attributes).await.unwrap()
    }

    pub(crate) async fn try_queue(
        &self,
        name: &str,
        attributes: &[(&str, &str)],
    ) -> Result<String, ErrorResponse> {
        let create = CreateQueue { queue_name: name.into(), attributes: Some(map(attributes)), tags: None };
        self.root.call(create).await.map(|answer| answer.queue_url.unwrap())
    }

    pub(crate) async fn send(&self, url: &str, body: &str) -> SendMessageOutput {
        let send = SendMessage { queue_url: url.into(), message_body: body.into(), ..Default::default() };
        self.root.call(send).await.unwrap()
    }

    /// Sends to a FIFO queue, with the body as the deduplication id.
    pub(crate) async fn send_to_group(&self, url: &str, group: &str, body: &str) -> SendMessageOutput {
        let send = SendMessage {
            queue_url: url.into(),
            message_body: body.into(),
            message_group_id: Some(group.into()),
            message_deduplication_id: Some(format!("{group}-{body}")),
            ..Default::default()
        };
        self.root.call(send).await.unwrap()
    }

    pub(crate) async fn receive(&self, url: &str) -> Vec<Message> {
        self.receive_with(receive(url)).await.unwrap()
    }

    pub(crate) async fn receive_with(&self, receive: ReceiveMessage) -> Result<Vec<Message>, ErrorResponse> {
        self.root.call(receive).await.map(|answer| answer.messages.unwrap_or_default())
    }

    /// Receives beside the test.
    pub(crate) fn spawn(
        &self,
        receive: ReceiveMessage,
    ) -> tokio::task::JoinHandle<Result<ReceiveMessageOutput, ErrorResponse>> {
        let root = self.root.clone();
        tokio::spawn(async move { root.call(receive).await })
    }

    pub(crate) async fn delete(&self, url: &str, message: &Message) -> Result<(), ErrorResponse> {
        let delete =
            DeleteMessage { queue_url: url.into(), receipt_handle: message.receipt_handle.clone().unwrap() };
        self.root.call(delete).await.map(drop)
    }

    /// How many are visible, delayed and in flight.
    pub(crate) async fn counts(&self, url: &str) -> [String; 3] {
        let found = self.attributes(url).await;
        ["", "Delayed", "NotVisible"].map(|kind| found[&format!("ApproximateNumberOfMessages{kind}")].clone())
    }

    pub(crate) async fn attributes(&self, url: &str) -> BTreeMap<String, String> {
        let get = GetQueueAttributes { queue_url: url.into(), attribute_names: Some(vec!["All".into()]) };
        self.root.call(get).await.unwrap().attributes.unwrap()
    }

    pub(crate) async fn seconds(&self, seconds: u64) {
        self.cloud.advance(Duration::from_secs(seconds)).await;
    }
}

/// At most ten, with all attributes.
pub(crate) fn receive(url: &str) -> ReceiveMessage {
    ReceiveMessage {
        queue_url: url.into(),
        max_number_of_messages: Some(10),
        message_attribute_names: Some(vec!["All".into()]),
        message_system_attribute_names: Some(vec!["All".into()]),
        ..Default::default()
    }
}

pub(crate) fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_deref().unwrap()).collect()
}

pub(crate) fn system<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    message.attributes.as_ref()?.get(name).map(String::as_str)
}

pub(crate) fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.unwrap_err();
    (error.query_code.map_or(error.code, str::to_owned), error.message)
}
