//! Stand-ins for targets: a function, a queue, a topic and a log group, each with a policy that must let the service in.

use contract::{Access, Call, Context, Orchestrate, Principal, Registration};
use parking_lot::Mutex;
use policy::{Flavour, Kind, ResourcePolicy};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::View;
use wire::document;

pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:fix";
pub(crate) const QUEUE: &str = "arn:aws:sqs:us-east-1:111122223333:work";
pub(crate) const FIFO: &str = "arn:aws:sqs:us-east-1:111122223333:work.fifo";
pub(crate) const DEAD: &str = "arn:aws:sqs:us-east-1:111122223333:dead";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:alarms";
pub(crate) const GROUP: &str = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/events/all";

/// What arrived at a target.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arrived {
    /// The target: an ARN, or a URL's last part.
    pub(crate) at: String,
    pub(crate) body: String,
    /// Who sent: a principal's ARN, and the resource that it acts for.
    pub(crate) by: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) group: Option<String>,
}

/// What the stand-ins saw, and how they answer.
#[derive(Default)]
pub(crate) struct Peers {
    pub(crate) arrived: Mutex<Vec<Arrived>>,
    /// The rule whose events are let in; None lets in none.
    pub(crate) lets_in: Mutex<Option<String>>,
    /// Answers for the next calls, instead of success: code and status.
    pub(crate) failures: Mutex<Vec<(&'static str, u16)>>,
}

struct Peer(Arc<Peers>);

impl Peers {
    pub(crate) fn registrations(peers: &Arc<Self>) -> Vec<Registration> {
        let peer = Arc::new(Peer(Arc::clone(peers)));
        vec![
            Registration::new(&api_lambda::SERVICE).orchestrate::<Peer, api_lambda::Invoke>(&peer),
            Registration::new(&api_sqs::SERVICE).orchestrate::<Peer, api_sqs::SendMessage>(&peer),
            Registration::new(&api_sns::SERVICE).orchestrate::<Peer, api_sns::Publish>(&peer),
            Registration::new(&api_logs::SERVICE)
                .orchestrate::<Peer, api_logs::CreateLogStream>(&peer)
                .orchestrate::<Peer, api_logs::PutLogEvents>(&peer),
        ]
    }
}

impl Peer {
    /// Dead-letter queues are open to the service; the others let in one rule.
    fn access(&self, action: &str, arn: &str, call: &Call) -> Access {
        let rule = self.0.lets_in.lock().clone();
        let rule = if arn == DEAD { Some("*".to_owned()) } else { rule };
        let policy = rule.map(|rule| {
            let text = document!({
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" }, "Action": action,
                    "Resource": arn, "Condition": { "ArnLike": { "aws:SourceArn": rule } }
                }]
            });
            let document = policy::parse(&text.to_string(), Kind::Resource(Flavour::Other)).unwrap();
            ResourcePolicy::new(arn, document)
        });
        Access::on(action, arn).with_policy(call.account, policy)
    }

    fn take(&self, call: &Call, mut arrived: Arrived) -> Option<(&'static str, u16)> {
        let mut failures = self.0.failures.lock();
        if !failures.is_empty() && arrived.at != "dead" {
            return Some(failures.remove(0));
        }
        arrived.by = match &call.principal {
            Principal::Service(service) => {
                format!("{} for {}", service.name, service.source_arn.as_ref().unwrap())
            }
            other => other.arn(),
        };
        self.0.arrived.lock().push(arrived);
        None
    }
}

fn arrived(at: &str, body: String) -> Arrived {
    Arrived { at: at.into(), body, by: String::new(), attributes: BTreeMap::new(), group: None }
}

fn failure((code, status): (&'static str, u16)) -> wire::ErrorResponse {
    wire::ErrorResponse::new(code, format!("the stand-in answers {code}"), status)
}

#[async_trait::async_trait]
impl Orchestrate<api_lambda::Invoke> for Peer {
    fn access(&self, input: &api_lambda::Invoke, call: &Call, _: &View) -> Access {
        self.access("lambda:InvokeFunction", &input.function_name, call)
    }

    async fn run(
        &self,
        input: api_lambda::Invoke,
        call: &Call,
        _: &Context,
    ) -> Result<api_lambda::InvokeOutput, api_lambda::Error> {
        assert_eq!(input.invocation_type, Some(api_lambda::InvocationType::Event));
        let body = String::from_utf8(input.payload.unwrap().to_vec()).unwrap();
        match self.take(call, arrived(&input.function_name, body)) {
            Some(refused) => Err(wire::ServiceError::from_response(failure(refused))),
            None => Ok(api_lambda::InvokeOutput { status_code: Some(202), ..Default::default() }),
        }
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_sqs::SendMessage> for Peer {
    fn access(&self, input: &api_sqs::SendMessage, call: &Call, _: &View) -> Access {
        let name = input.queue_url.rsplit('/').next().unwrap();
        assert!(input.queue_url.ends_with(&format!("/111122223333/{name}")), "{}", input.queue_url);
        self.access("sqs:SendMessage", &format!("arn:aws:sqs:us-east-1:111122223333:{name}"), call)
    }

    async fn run(
        &self,
        input: api_sqs::SendMessage,
        call: &Call,
        _: &Context,
    ) -> Result<api_sqs::SendMessageOutput, api_sqs::Error> {
        let mut message = arrived(input.queue_url.rsplit('/').next().unwrap(), input.message_body);
        message.group = input.message_group_id;
        assert_eq!(message.group.is_some(), input.message_deduplication_id.is_some());
        let attributes = input.message_attributes.into_iter().flatten();
        message.attributes = attributes.map(|(name, value)| (name, value.string_value.unwrap())).collect();
        match self.take(call, message) {
            Some(refused) => Err(wire::ServiceError::from_response(failure(refused))),
            None => Ok(api_sqs::SendMessageOutput::default()),
        }
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_sns::Publish> for Peer {
    fn access(&self, input: &api_sns::Publish, call: &Call, _: &View) -> Access {
        self.access("sns:Publish", input.topic_arn.as_deref().unwrap(), call)
    }

    async fn run(
        &self,
        input: api_sns::Publish,
        call: &Call,
        _: &Context,
    ) -> Result<api_sns::PublishOutput, api_sns::Error> {
        match self.take(call, arrived(&input.topic_arn.unwrap(), input.message)) {
            Some(refused) => Err(wire::ServiceError::from_response(failure(refused))),
            None => Ok(api_sns::PublishOutput::default()),
        }
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_logs::CreateLogStream> for Peer {
    fn access(&self, _: &api_logs::CreateLogStream, call: &Call, _: &View) -> Access {
        self.access("logs:CreateLogStream", GROUP, call)
    }

    async fn run(
        &self,
        input: api_logs::CreateLogStream,
        _: &Call,
        _: &Context,
    ) -> Result<api_logs::CreateLogStreamOutput, api_logs::Error> {
        assert_eq!(input.log_group_name, "/aws/events/all");
        Ok(api_logs::CreateLogStreamOutput {})
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_logs::PutLogEvents> for Peer {
    fn access(&self, _: &api_logs::PutLogEvents, call: &Call, _: &View) -> Access {
        self.access("logs:PutLogEvents", GROUP, call)
    }

    async fn run(
        &self,
        input: api_logs::PutLogEvents,
        call: &Call,
        _: &Context,
    ) -> Result<api_logs::PutLogEventsOutput, api_logs::Error> {
        let event = input.log_events.into_iter().next().unwrap();
        assert_eq!(event.timestamp, call.now.millis());
        match self.take(call, arrived(&input.log_group_name, event.message)) {
            Some(refused) => Err(wire::ServiceError::from_response(failure(refused))),
            None => Ok(api_logs::PutLogEventsOutput::default()),
        }
    }
}
