//! A cloud with SNS, and what tests do with it.

use api_sns::{ConfirmSubscription, CreateTopic, Publish, Subscribe};
use contract::{Caller, Chain, Principal, Registration, RouteRequest, Signer};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::TestCloud;
use wire::{Document, ErrorResponse};

pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:alarms";
pub(crate) const OTHER: &str = "444455556666";

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        Self::with(Vec::new()).await
    }

    pub(crate) async fn with(mut others: Vec<Registration>) -> Self {
        others.push(sns::registration(sns::Settings::default()));
        let cloud = TestCloud::new(others);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    pub(crate) async fn topic(&self) -> String {
        let create = CreateTopic { name: "alarms".into(), ..Default::default() };
        self.root.call(create).await.unwrap().topic_arn.unwrap()
    }

    pub(crate) fn anonymous(&self) -> Caller {
        self.cloud.caller(Principal::Anonymous)
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = OTHER.parse().unwrap();
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(Principal::Root(account), scope, Chain::default())
    }

    pub(crate) async fn subscribe(
        &self,
        protocol: &str,
        endpoint: &str,
        attributes: &[(&str, &str)],
    ) -> Result<String, ErrorResponse> {
        let subscribe = Subscribe {
            topic_arn: TOPIC.into(),
            protocol: protocol.into(),
            endpoint: Some(endpoint.into()),
            attributes: Some(map(attributes)).filter(|attributes| !attributes.is_empty()),
            return_subscription_arn: Some(true),
        };
        self.root.call(subscribe).await.map(|answer| answer.subscription_arn.unwrap())
    }

    /// Subscribes an address and confirms by the link in its mail.
    pub(crate) async fn subscribe_mail(&self, address: &str, attributes: &[(&str, &str)]) -> String {
        let arn = self.subscribe("email", address, attributes).await.unwrap();
        let mail = self.mail_to(address, 1).await.remove(0);
        self.confirm(&token(&mail)).await.unwrap();
        arn
    }

    pub(crate) async fn confirm(&self, token: &str) -> Result<String, ErrorResponse> {
        let confirm = ConfirmSubscription {
            topic_arn: TOPIC.into(),
            token: token.into(),
            authenticate_on_unsubscribe: None,
        };
        self.anonymous().call(confirm).await.map(|answer| answer.subscription_arn.unwrap())
    }

    pub(crate) async fn publish(&self, message: &str) -> String {
        // Mail of one moment is in no order.
        self.cloud.clock.advance(std::time::Duration::from_millis(1));
        let publish =
            Publish { topic_arn: Some(TOPIC.into()), message: message.into(), ..Default::default() };
        self.root.call(publish).await.unwrap().message_id.unwrap()
    }

    /// The mail of an address, newest first, once there are so many.
    pub(crate) async fn mail_to(&self, address: &str, count: usize) -> Vec<Document> {
        self.cloud
            .until("the mail is there", async || {
                let mail = self.mailbox("GET", "", &[("to", address)]).await.1;
                let messages = mail.get("messages").unwrap().as_array().unwrap().to_vec();
                (messages.len() >= count).then_some(messages)
            })
            .await
    }

    /// All mail that there is after all work is done.
    pub(crate) async fn settled_mail(&self) -> Vec<Document> {
        self.idle().await;
        self.mailbox("GET", "", &[]).await.1.get("messages").unwrap().as_array().unwrap().to_vec()
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

    pub(crate) async fn mailbox(&self, method: &str, path: &str, query: &[(&str, &str)]) -> (u16, Document) {
        self.mailbox_of(None, method, path, query).await
    }

    /// As the mailbox answers who signs.
    pub(crate) async fn mailbox_of(
        &self,
        signer: Option<Principal>,
        method: &str,
        path: &str,
        query: &[(&str, &str)],
    ) -> (u16, Document) {
        let registration = sns::registration(sns::Settings::default());
        let route = Arc::clone(&registration.routes[0]);
        let request = RouteRequest {
            method: method.into(),
            path: path.into(),
            query: query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            signer: signer.map(|principal| Signer { principal, access_key_id: "AKIA".into() }),
            ..RouteRequest::default()
        };
        let answer = route.answer(request, self.cloud.context()).await;
        (answer.status, Document::parse_bytes(answer.bytes()).unwrap())
    }
}

pub(crate) fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn text<'a>(document: &'a Document, name: &str) -> &'a str {
    document.get(name).and_then(Document::as_str).unwrap_or_else(|| panic!("{name} in {document}"))
}

/// The token in a message's link.
pub(crate) fn token(mail: &Document) -> String {
    let link = text(mail, "link");
    link.split("Token=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.unwrap_err();
    (error.code, error.message)
}
