//! Stand-ins for what AWS Config calls: a function, a bucket and a topic.

use crate::resources::{Group, IamRole, Vpc};
use contract::{Access, Call, Context, Orchestrate, Registration};
use futures::future::BoxFuture;
use parking_lot::Mutex;
use policy::{Flavour, Kind, ResourcePolicy};
use std::sync::Arc;
use store::View;
use wire::{Document, document};

pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:judge";
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/recorder";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:config";
pub(crate) const BUCKET: &str = "config-bucket";

type Answer = Result<api_lambda::InvokeOutput, api_lambda::Error>;
type Behaviour = Arc<dyn Fn(Event, Context) -> BoxFuture<'static, Answer> + Send + Sync>;

/// What the function was sent.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) envelope: Document,
    pub(crate) invoking: Document,
}

impl Event {
    pub(crate) fn token(&self) -> String {
        self.envelope.get("resultToken").unwrap().as_str().unwrap().to_owned()
    }
    pub(crate) fn resource_id(&self) -> String {
        self.invoking.at(&["configurationItem", "resourceId"]).unwrap().as_str().unwrap().to_owned()
    }
    pub(crate) fn text(&self, path: &[&str]) -> String {
        self.invoking.at(path).unwrap().as_str().unwrap().to_owned()
    }
}

/// What the stand-ins saw, and what they do.
pub(crate) struct Peers {
    pub(crate) events: Mutex<Vec<Event>>,
    behaviour: Mutex<Behaviour>,
    pub(crate) may_invoke: Mutex<bool>,
    pub(crate) objects: Mutex<Vec<(String, Vec<u8>)>>,
    pub(crate) bucket: Mutex<Bucket>,
    pub(crate) messages: Mutex<Vec<(String, Document)>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bucket {
    Open,
    ServiceOnly,
    Closed,
    Missing,
}

impl Default for Peers {
    fn default() -> Self {
        Self {
            events: Mutex::default(),
            behaviour: Mutex::new(Arc::new(|_, _| Box::pin(async { answered() }))),
            may_invoke: Mutex::new(true),
            objects: Mutex::default(),
            bucket: Mutex::new(Bucket::Open),
            messages: Mutex::default(),
        }
    }
}

impl Peers {
    /// The services that they stand in for.
    pub(crate) fn registrations(peers: &Arc<Self>) -> Vec<Registration> {
        let lambda = Arc::new(FakeLambda(Arc::clone(peers)));
        let s3 = Arc::new(FakeS3(Arc::clone(peers)));
        let sns = Arc::new(FakeSns(Arc::clone(peers)));
        vec![
            Registration::new(&api_lambda::SERVICE)
                .orchestrate::<FakeLambda, api_lambda::Invoke>(&lambda)
                .resource::<Group>()
                .resource::<Vpc>()
                .resource::<IamRole>(),
            Registration::new(&api_s3::SERVICE).orchestrate::<FakeS3, api_s3::PutObject>(&s3),
            Registration::new(&api_sns::SERVICE).orchestrate::<FakeSns, api_sns::Publish>(&sns),
        ]
    }

    /// Lets the function do this from now on.
    pub(crate) fn function<F>(&self, behaviour: impl Fn(Event, Context) -> F + Send + Sync + 'static)
    where
        F: std::future::Future<Output = Answer> + Send + 'static,
    {
        *self.behaviour.lock() = Arc::new(move |event, context| Box::pin(behaviour(event, context)));
    }

    pub(crate) fn event_count(&self) -> usize {
        self.events.lock().len()
    }
}

pub(crate) fn answered() -> Answer {
    Ok(api_lambda::InvokeOutput { status_code: Some(200), ..api_lambda::InvokeOutput::default() })
}

struct FakeLambda(Arc<Peers>);

fn policy_of(resource: &str, flavour: Flavour, statements: Document) -> ResourcePolicy {
    let text = document!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    ResourcePolicy::new(resource, policy::parse(&text, Kind::Resource(flavour)).unwrap())
}

fn service(action: &str, resource: &str) -> Document {
    document!({
        "Effect": "Allow", "Principal": { "Service": "config.amazonaws.com" }, "Action": action, "Resource": resource,
        "Condition": { "StringEquals": { "AWS:SourceAccount": (testkit::ACCOUNT) } }
    })
}

fn bucket_policy(bucket: Bucket) -> Option<ResourcePolicy> {
    let objects = format!("arn:aws:s3:::{BUCKET}/*");
    let deny = |principal: &str| document!({ "Effect": "Deny", "Principal": { "AWS": principal }, "Action": "s3:*", "Resource": (objects.clone()) });
    let mut allow = service("s3:PutObject", &objects);
    allow.set(
        "Condition",
        document!({ "StringEquals": {
        "s3:x-amz-acl": "bucket-owner-full-control", "AWS:SourceAccount": (testkit::ACCOUNT) } }),
    );
    let statements = match bucket {
        Bucket::Open | Bucket::Missing => return None,
        Bucket::ServiceOnly => document!([allow, (deny(ROLE))]),
        Bucket::Closed => document!([(deny("*"))]),
    };
    Some(policy_of(BUCKET, Flavour::S3, statements))
}

#[async_trait::async_trait]
impl Orchestrate<api_lambda::Invoke> for FakeLambda {
    fn access(&self, input: &api_lambda::Invoke, call: &Call, _: &View) -> Access {
        let may = *self.0.may_invoke.lock();
        let policy = may.then(|| {
            let statement = service("lambda:InvokeFunction", FUNCTION);
            policy_of(FUNCTION, Flavour::Lambda, document!([statement]))
        });
        Access::on("lambda:InvokeFunction", &input.function_name).with_policy(call.account, policy)
    }
    async fn run(&self, input: api_lambda::Invoke, _: &Call, context: &Context) -> Answer {
        if input.invocation_type == Some(api_lambda::InvocationType::DryRun) {
            return answered();
        }
        let envelope = Document::parse_bytes(&input.payload.unwrap()).unwrap();
        let invoking = Document::parse(envelope.get("invokingEvent").unwrap().as_str().unwrap()).unwrap();
        let event = Event { envelope, invoking };
        self.0.events.lock().push(event.clone());
        let behaviour = Arc::clone(&*self.0.behaviour.lock());
        behaviour(event, context.clone()).await
    }
}

struct FakeS3(Arc<Peers>);

#[async_trait::async_trait]
impl Orchestrate<api_s3::PutObject> for FakeS3 {
    fn access(&self, input: &api_s3::PutObject, call: &Call, _: &View) -> Access {
        let arn = format!("arn:aws:s3:::{}/{}", input.bucket, input.key);
        let policy = bucket_policy(*self.0.bucket.lock());
        Access::on("s3:PutObject", arn)
            .with("s3:x-amz-acl", input.acl.map(|acl| acl.to_string()))
            .with_policy(call.account, policy)
    }
    async fn run(
        &self,
        input: api_s3::PutObject,
        _: &Call,
        _: &Context,
    ) -> Result<api_s3::PutObjectOutput, api_s3::Error> {
        if *self.0.bucket.lock() == Bucket::Missing {
            return Err(api_s3::Error::Common(wire::ErrorResponse::new(
                "NoSuchBucket",
                "The specified bucket does not exist",
                404,
            )));
        }
        assert_eq!(input.acl, Some(api_s3::ObjectCannedACL::BucketOwnerFullControl));
        let Some(api_s3_body) = input.body else { panic!("no body") };
        let wire::Body::Whole(bytes) = api_s3_body else { panic!("a stream") };
        self.0.objects.lock().push((input.key, bytes.to_vec()));
        Ok(api_s3::PutObjectOutput::default())
    }
}

struct FakeSns(Arc<Peers>);

#[async_trait::async_trait]
impl Orchestrate<api_sns::Publish> for FakeSns {
    fn access(&self, input: &api_sns::Publish, call: &Call, _: &View) -> Access {
        let topic = input.topic_arn.clone().unwrap_or_default();
        let policy = policy_of(&topic, Flavour::Sns, document!([(service("sns:Publish", TOPIC))]));
        Access::on("sns:Publish", topic).with_policy(call.account, Some(policy))
    }
    async fn run(
        &self,
        input: api_sns::Publish,
        _: &Call,
        _: &Context,
    ) -> Result<api_sns::PublishOutput, api_sns::Error> {
        self.0.messages.lock().push((input.subject.unwrap(), Document::parse(&input.message).unwrap()));
        Ok(api_sns::PublishOutput::default())
    }
}
