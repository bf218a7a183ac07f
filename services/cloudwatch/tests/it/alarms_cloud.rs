//! A cloud with CloudWatch and stand-ins for what alarms act on: a topic, a function and the default event bus, each with a policy.

use api_cloudwatch::{
    AlarmType, ComparisonOperator, CompositeAlarm, DescribeAlarmHistory, DescribeAlarms, HistoryItemType,
    MetricAlarm, MetricDatum, PutCompositeAlarm, PutMetricAlarm, PutMetricData, Statistic,
};
use contract::{Access, Call, Caller, Context, Orchestrate, Principal, Registration};
use names::Timestamp;
use parking_lot::Mutex;
use policy::{Flavour, Kind, ResourcePolicy};
use std::sync::Arc;
use std::time::Duration;
use store::View;
use testkit::TestCloud;
use wire::{Document, ErrorResponse, document};

pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:alerts";
pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:fix";

/// What arrived at a stand-in.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) at: String,
    pub(crate) subject: String,
    pub(crate) body: Document,
    pub(crate) by: String,
}

/// What the stand-ins saw, and how they answer.
#[derive(Default)]
pub(crate) struct Peers {
    arrived: Mutex<Vec<Arrived>>,
    /// The topic's and the function's policies let nobody in.
    pub(crate) closed: Mutex<bool>,
    /// Answers for the next calls on the topic, instead of success.
    pub(crate) failures: Mutex<Vec<u16>>,
}

struct Peer(Arc<Peers>);

impl Peer {
    fn access(&self, action: &str, arn: &str, principal: &str, call: &Call) -> Access {
        let policy = document!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": { "Service": principal }, "Action": action, "Resource": arn,
                "Condition": {
                    "ArnLike": { "aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:*" },
                    "StringEquals": { "aws:SourceAccount": "111122223333" }
                }
            }]
        });
        let policy = policy::parse(&policy.to_string(), Kind::Resource(Flavour::Other)).unwrap();
        let policy = (!*self.0.closed.lock()).then(|| ResourcePolicy::new(arn, policy));
        Access::on(action, arn).with_policy(call.account, policy)
    }

    fn take(&self, call: &Call, at: &str, subject: Option<String>, body: &str) {
        let by = match &call.principal {
            Principal::Service(service) => {
                format!("{} for {}", service.name, service.source_arn.as_ref().unwrap())
            }
            other => other.arn(),
        };
        let body = Document::parse(body).unwrap();
        let arrived = Arrived { at: at.into(), subject: subject.unwrap_or_default(), body, by };
        self.0.arrived.lock().push(arrived);
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_sns::Publish> for Peer {
    fn access(&self, input: &api_sns::Publish, call: &Call, _: &View) -> Access {
        let topic = input.topic_arn.as_deref().unwrap();
        self.access("sns:Publish", topic, "cloudwatch.amazonaws.com", call)
    }

    async fn run(
        &self,
        input: api_sns::Publish,
        call: &Call,
        _: &Context,
    ) -> Result<api_sns::PublishOutput, api_sns::Error> {
        if let Some(status) = self.0.failures.lock().pop() {
            let error = ErrorResponse::new("Stand-in", "the stand-in fails", status);
            return Err(wire::ServiceError::from_response(error));
        }
        assert_eq!(input.message_structure.as_deref(), Some("json"));
        self.take(call, &input.topic_arn.unwrap(), input.subject, &input.message);
        Ok(api_sns::PublishOutput::default())
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_lambda::Invoke> for Peer {
    fn access(&self, input: &api_lambda::Invoke, call: &Call, _: &View) -> Access {
        let principal = "lambda.alarms.cloudwatch.amazonaws.com";
        self.access("lambda:InvokeFunction", &input.function_name, principal, call)
    }

    async fn run(
        &self,
        input: api_lambda::Invoke,
        call: &Call,
        _: &Context,
    ) -> Result<api_lambda::InvokeOutput, api_lambda::Error> {
        assert_eq!(input.invocation_type, Some(api_lambda::InvocationType::Event));
        let body = String::from_utf8(input.payload.unwrap().to_vec()).unwrap();
        self.take(call, &input.function_name, None, &body);
        Ok(api_lambda::InvokeOutput::default())
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_events::PutEvents> for Peer {
    fn access(&self, _: &api_events::PutEvents, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    async fn run(
        &self,
        input: api_events::PutEvents,
        call: &Call,
        _: &Context,
    ) -> Result<api_events::PutEventsOutput, api_events::Error> {
        for entry in input.entries {
            assert_eq!(entry.source.as_deref(), Some("aws.cloudwatch"));
            let subject = format!("{}: {}", entry.detail_type.unwrap(), entry.resources.unwrap().join(" "));
            self.take(call, "events", Some(subject), &entry.detail.unwrap());
        }
        Ok(api_events::PutEventsOutput::default())
    }
}

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    pub(crate) peers: Arc<Peers>,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let peers = Arc::new(Peers::default());
        let peer = Arc::new(Peer(Arc::clone(&peers)));
        let cloud = TestCloud::new(vec![
            cloudwatch::registration(),
            Registration::new(&api_sns::SERVICE).orchestrate::<Peer, api_sns::Publish>(&peer),
            Registration::new(&api_lambda::SERVICE).orchestrate::<Peer, api_lambda::Invoke>(&peer),
            Registration::new(&api_events::SERVICE).orchestrate::<Peer, api_events::PutEvents>(&peer),
        ]);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, peers, _running: running }
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

    /// Moves the clock by seconds, and lets all that is due be done.
    pub(crate) async fn pass(&self, seconds: u64) {
        self.cloud.advance(Duration::from_secs(seconds)).await;
        self.idle().await;
    }

    /// Data of the metric `App` `Errors`, so many seconds ago.
    pub(crate) async fn measure_ago(&self, seconds: u64, value: f64) {
        let datum = MetricDatum {
            metric_name: "Errors".into(),
            timestamp: Some(self.cloud.now().minus(Duration::from_secs(seconds))),
            value: Some(value),
            ..Default::default()
        };
        let put =
            PutMetricData { namespace: "App".into(), metric_data: Some(vec![datum]), ..Default::default() };
        self.root.call(put).await.unwrap();
    }

    /// Data of this minute, and the minute over.
    pub(crate) async fn minute(&self, value: f64) {
        self.measure_ago(0, value).await;
        self.pass(60).await;
    }

    pub(crate) async fn alarm(&self, put: PutMetricAlarm) {
        self.root.call(put).await.unwrap();
        self.idle().await;
    }

    pub(crate) async fn composite(&self, put: PutCompositeAlarm) {
        self.root.call(put).await.unwrap();
        self.idle().await;
    }

    pub(crate) async fn metric_alarm(&self, name: &str) -> MetricAlarm {
        let describe = DescribeAlarms { alarm_names: Some(vec![name.into()]), ..Default::default() };
        self.root.call(describe).await.unwrap().metric_alarms.unwrap().remove(0)
    }

    pub(crate) async fn composite_alarm(&self, name: &str) -> CompositeAlarm {
        let describe = DescribeAlarms {
            alarm_names: Some(vec![name.into()]),
            alarm_types: Some(vec![AlarmType::CompositeAlarm]),
            ..Default::default()
        };
        self.root.call(describe).await.unwrap().composite_alarms.unwrap().remove(0)
    }

    /// The state's name.
    pub(crate) async fn state(&self, name: &str) -> String {
        self.metric_alarm(name).await.state_value.unwrap().to_string()
    }

    pub(crate) async fn composite_state(&self, name: &str) -> String {
        self.composite_alarm(name).await.state_value.unwrap().to_string()
    }

    /// The summaries of an alarm's history of a type, oldest first.
    pub(crate) async fn history(&self, name: &str, kind: HistoryItemType) -> Vec<String> {
        let describe = DescribeAlarmHistory {
            alarm_name: Some(name.into()),
            alarm_types: Some(vec![AlarmType::MetricAlarm, AlarmType::CompositeAlarm]),
            history_item_type: Some(kind),
            scan_by: Some(api_cloudwatch::ScanBy::TimestampAscending),
            ..Default::default()
        };
        let items = self.root.call(describe).await.unwrap().alarm_history_items.unwrap();
        items.into_iter().map(|item| item.history_summary.unwrap()).collect()
    }

    /// What has arrived at a stand-in.
    pub(crate) fn arrived(&self, at: &str) -> Vec<Arrived> {
        self.peers.arrived.lock().iter().filter(|arrived| arrived.at == at).cloned().collect()
    }

    /// The messages at the topic.
    pub(crate) fn messages(&self) -> Vec<Document> {
        let read = |arrived: &Arrived| Document::parse(text(&arrived.body, "default")).unwrap();
        self.arrived(TOPIC).iter().map(read).collect()
    }

    /// The subjects at the topic.
    pub(crate) fn subjects(&self) -> Vec<String> {
        self.arrived(TOPIC).into_iter().map(|arrived| arrived.subject).collect()
    }
}

/// An alarm on more than one error in a minute.
pub(crate) fn errors(name: &str) -> PutMetricAlarm {
    PutMetricAlarm {
        alarm_name: name.into(),
        metric_name: Some("Errors".into()),
        namespace: Some("App".into()),
        statistic: Some(Statistic::Sum),
        period: Some(60),
        evaluation_periods: Some(1),
        datapoints_to_alarm: Some(1),
        threshold: Some(1.0),
        comparison_operator: Some(ComparisonOperator::GreaterThanThreshold),
        ..Default::default()
    }
}

pub(crate) fn rule(name: &str, rule: &str) -> PutCompositeAlarm {
    PutCompositeAlarm { alarm_name: name.into(), alarm_rule: rule.into(), ..Default::default() }
}

pub(crate) fn text<'a>(document: &'a Document, name: &str) -> &'a str {
    document.get(name).and_then(Document::as_str).unwrap_or_else(|| panic!("{name} in {document}"))
}

pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.map(drop).unwrap_err();
    (error.code, error.message)
}

/// `2026-11-21T09:30:00.000+0000`
pub(crate) fn long(at: Timestamp) -> String {
    at.iso_millis().replace('Z', "+0000")
}
