//! A cloud with AWS Config and stand-ins for what it calls: groups to record, a function, a bucket and a topic.

use api_config as api;
use contract::{
    Access, Call, Caller, Context, Description, Orchestrate, Registration, Relationship, Resource,
};
use futures::future::BoxFuture;
use indexmap::IndexMap;
use names::{ResourceType, Scope, Tags, Timestamp};
use parking_lot::Mutex;
use policy::{Flavour, Kind, ResourcePolicy};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Position, ResourceIdentity, Row, StoreError, Tx, View};
use testkit::TestCloud;
use wire::{Document, document};

pub(crate) const GROUP: &str = "AWS::EC2::SecurityGroup";
pub(crate) const VPC: &str = "AWS::EC2::VPC";
pub(crate) const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:judge";
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/recorder";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:config";
pub(crate) const BUCKET: &str = "config-bucket";

/// A security group, as far as these tests need one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) ports: Vec<u16>,
    pub(crate) tags: Tags,
    /// Changes with every write, and is not compared.
    pub(crate) rule_id: u32,
    pub(crate) padding: String,
}

impl Row for Group {
    const TABLE: &'static str = "test.groups";
    type Key = String;
    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Group {
    const TYPE: ResourceType = ResourceType(GROUP);
    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(format!("name-of-{}", self.id)),
            arn: format!("arn:aws:ec2:us-east-1:111122223333:security-group/{}", self.id),
        }
    }
    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let ports: Document = self
            .ports
            .iter()
            .map(|port| {
                document!({ "fromPort": (i64::from(*port)), "securityGroupRuleId": (format!("sgr-{}", self.rule_id)) })
            })
            .collect();
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration: document!({ "groupId": (self.id.clone()), "ipPermissions": ports, "description": (self.padding.clone()) }),
            supplementary: IndexMap::new(),
            relationships: vec![Relationship::to("Is contained in Vpc", VPC, "vpc-1")],
            tags: self.tags.clone(),
        })
    }
    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, id)
    }
}

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

impl Peers {
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
    let deny = |principal: &str| {
        document!({ "Effect": "Deny", "Principal": { "AWS": principal }, "Action": "s3:*", "Resource": (objects.clone()) })
    };
    let mut allow = service("s3:PutObject", &objects);
    allow.set("Condition", document!({ "StringEquals": {
        "s3:x-amz-acl": "bucket-owner-full-control", "AWS:SourceAccount": (testkit::ACCOUNT) } }));
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
            return Err(api_s3::Error::Common(wire::ErrorResponse::new("NoSuchBucket", "The specified bucket does not exist", 404)));
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

/// The cloud of a test.
pub(crate) struct Cloud {
    pub(crate) test: TestCloud,
    pub(crate) peers: Arc<Peers>,
}

impl Cloud {
    /// With no recorder yet, and nothing that runs.
    pub(crate) fn new() -> Self {
        let peers = Arc::new(Peers {
            events: Mutex::default(),
            behaviour: Mutex::new(Arc::new(|_, _| Box::pin(async { answered() }))),
            may_invoke: Mutex::new(true),
            objects: Mutex::default(),
            bucket: Mutex::new(Bucket::Open),
            messages: Mutex::default(),
        });
        let lambda = Registration::new(&api_lambda::SERVICE)
            .orchestrate::<FakeLambda, api_lambda::Invoke>(&Arc::new(FakeLambda(Arc::clone(&peers))))
            .resource::<Group>();
        let s3 = Registration::new(&api_s3::SERVICE)
            .orchestrate::<FakeS3, api_s3::PutObject>(&Arc::new(FakeS3(Arc::clone(&peers))));
        let sns = Registration::new(&api_sns::SERVICE)
            .orchestrate::<FakeSns, api_sns::Publish>(&Arc::new(FakeSns(Arc::clone(&peers))));
        let test = TestCloud::new(vec![config::registration(), lambda, s3, sns]);
        // The recorder's role may write to the bucket and publish; sessions of it share its policies.
        let _ = test.role(
            "recorder",
            &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:PutObject","sns:Publish"],"Resource":"*"}]}"#],
        );
        Self { test, peers }
    }

    pub(crate) fn root(&self) -> Caller {
        self.test.root()
    }

    pub(crate) fn context(&self) -> &Context {
        self.test.context()
    }

    /// Writes a group.
    pub(crate) fn put_group(&self, id: &str, ports: &[u16]) {
        put_group(self.context(), self.test.scope(), id, ports);
    }

    pub(crate) fn delete_group(&self, id: &str) {
        let scope = self.test.scope();
        self.context().store.transact(None, |tx: &mut Tx| tx.remove::<Group>(scope, id)).unwrap();
    }

    /// Waits until the feed is read and no task of the service is due.
    pub(crate) async fn quiet(&self) {
        self.test
            .until("the engine is quiet", async || {
                self.test.settle().await;
                let view = self.context().store.view();
                let read = view.cursor("config.recorder").unwrap().unwrap_or(Position::START);
                let feed = self.context().store.feed().last().unwrap();
                let now = self.test.now();
                let busy = view
                    .list_all::<contract::Task>()
                    .unwrap()
                    .into_iter()
                    .any(|task| task.due <= now && task.kind.starts_with("config."));
                (read >= feed && !busy).then_some(())
            })
            .await;
    }

    /// Puts and starts a recorder of groups, with a channel.
    pub(crate) async fn record_groups(&self) {
        self.put_recorder(including(&[GROUP])).await.unwrap();
        self.put_channel(None).await.unwrap();
        self.start().await;
    }

    pub(crate) async fn put_recorder(&self, group: api::RecordingGroup) -> Result<(), wire::ErrorResponse> {
        let recorder = api::ConfigurationRecorder {
            role_arn: Some(ROLE.into()),
            recording_group: Some(group),
            ..api::ConfigurationRecorder::default()
        };
        let put = api::PutConfigurationRecorder { configuration_recorder: recorder, tags: None };
        self.root().call(put).await.map(drop)
    }

    pub(crate) async fn put_channel(
        &self,
        frequency: Option<api::MaximumExecutionFrequency>,
    ) -> Result<(), wire::ErrorResponse> {
        let channel = api::DeliveryChannel {
            s3_bucket_name: Some(BUCKET.into()),
            sns_topic_arn: Some(TOPIC.into()),
            config_snapshot_delivery_properties: frequency
                .map(|frequency| api::ConfigSnapshotDeliveryProperties { delivery_frequency: Some(frequency) }),
            ..api::DeliveryChannel::default()
        };
        self.root().call(api::PutDeliveryChannel { delivery_channel: channel }).await.map(drop)
    }

    pub(crate) async fn start(&self) {
        let start = api::StartConfigurationRecorder { configuration_recorder_name: "default".into() };
        self.root().call(start).await.unwrap();
    }

    pub(crate) async fn stop(&self) {
        let stop = api::StopConfigurationRecorder { configuration_recorder_name: "default".into() };
        self.root().call(stop).await.unwrap();
    }

    /// The items of a resource, oldest first.
    pub(crate) async fn history(&self, resource_type: &str, id: &str) -> Vec<api::ConfigurationItem> {
        let asked = api::GetResourceConfigHistory {
            resource_type: resource_type.into(),
            resource_id: id.into(),
            chronological_order: Some(api::ChronologicalOrder::Forward),
            limit: Some(100),
            ..api::GetResourceConfigHistory::default()
        };
        self.root().call(asked).await.unwrap().configuration_items.unwrap()
    }

    pub(crate) async fn discovered(&self, resource_type: &str) -> Vec<String> {
        let asked = api::ListDiscoveredResources {
            resource_type: resource_type.into(),
            ..api::ListDiscoveredResources::default()
        };
        let found = self.root().call(asked).await.unwrap().resource_identifiers.unwrap();
        found.into_iter().map(|found| found.resource_id.unwrap()).collect()
    }

    /// Puts a rule of the function.
    pub(crate) async fn put_rule(&self, rule: api::ConfigRule) -> Result<(), wire::ErrorResponse> {
        self.root().call(api::PutConfigRule { config_rule: rule, tags: None }).await.map(drop)
    }

    pub(crate) async fn rule(&self, name: &str) -> api::ConfigRule {
        let asked = api::DescribeConfigRules {
            config_rule_names: Some(vec![name.into()]),
            ..api::DescribeConfigRules::default()
        };
        self.root().call(asked).await.unwrap().config_rules.unwrap().remove(0)
    }

    pub(crate) async fn status(&self, name: &str) -> api::ConfigRuleEvaluationStatus {
        let asked = api::DescribeConfigRuleEvaluationStatus {
            config_rule_names: Some(vec![name.into()]),
            ..api::DescribeConfigRuleEvaluationStatus::default()
        };
        let statuses = self.root().call(asked).await.unwrap().config_rules_evaluation_status;
        statuses.unwrap().remove(0)
    }

    /// The results of a rule: resource id and compliance.
    pub(crate) async fn results(&self, rule: &str) -> Vec<(String, api::ComplianceType)> {
        let asked = api::GetComplianceDetailsByConfigRule {
            config_rule_name: rule.into(),
            ..api::GetComplianceDetailsByConfigRule::default()
        };
        let results = self.root().call(asked).await.unwrap().evaluation_results.unwrap();
        results
            .into_iter()
            .map(|result| {
                let qualifier =
                    result.evaluation_result_identifier.unwrap().evaluation_result_qualifier.unwrap();
                (qualifier.resource_id.unwrap(), result.compliance_type.unwrap())
            })
            .collect()
    }

    pub(crate) async fn put_evaluations(
        &self,
        token: &str,
        evaluations: Vec<api::Evaluation>,
    ) -> Result<api::PutEvaluationsOutput, wire::ErrorResponse> {
        let put = api::PutEvaluations {
            evaluations: Some(evaluations),
            result_token: token.into(),
            test_mode: None,
        };
        self.root().call(put).await
    }
}

pub(crate) fn put_group(context: &Context, scope: Scope, id: &str, ports: &[u16]) {
    context
        .store
        .transact(None, |tx: &mut Tx| {
            let known = tx.get::<Group>(scope, id)?;
            let rule_id = known.as_ref().map_or(0, |known| known.rule_id + 1);
            let (tags, padding) = known.map(|known| (known.tags, known.padding)).unwrap_or_default();
            tx.put(Group { scope, id: id.into(), ports: ports.to_vec(), tags, rule_id, padding })
        })
        .unwrap();
}

pub(crate) fn including(types: &[&str]) -> api::RecordingGroup {
    api::RecordingGroup {
        resource_types: Some(types.iter().map(|own| (*own).to_owned()).collect()),
        ..api::RecordingGroup::default()
    }
}

pub(crate) fn details(messages: &[api::MessageType]) -> Vec<api::SourceDetail> {
    let detail = |message: &api::MessageType| api::SourceDetail {
        event_source: Some(api::EventSource::AwsConfig),
        message_type: Some(*message),
        maximum_execution_frequency: None,
    };
    messages.iter().map(detail).collect()
}

/// A rule of the function on groups.
pub(crate) fn group_rule(name: &str) -> api::ConfigRule {
    api::ConfigRule {
        config_rule_name: Some(name.into()),
        scope: Some(api::Scope { compliance_resource_types: Some(vec![GROUP.into()]), ..api::Scope::default() }),
        source: api::Source {
            owner: api::Owner::CustomLambda,
            source_identifier: Some(FUNCTION.into()),
            source_details: Some(details(&[api::MessageType::ConfigurationItemChangeNotification])),
            custom_policy_details: None,
        },
        input_parameters: Some(r#"{"debug":"true"}"#.into()),
        ..api::ConfigRule::default()
    }
}

pub(crate) fn evaluation(id: &str, compliance: api::ComplianceType, at: Timestamp) -> api::Evaluation {
    api::Evaluation {
        compliance_resource_type: GROUP.into(),
        compliance_resource_id: id.into(),
        compliance_type: compliance,
        annotation: Some("Permissions were modified".into()),
        ordering_timestamp: at,
    }
}

/// The ports of a group as it is now.
pub(crate) fn ports(context: &Context, scope: Scope, id: &str) -> Vec<u16> {
    context.store.view().get::<Group>(scope, id).unwrap().unwrap().ports
}

/// Reports from within the function, as the function's account.
pub(crate) async fn report(
    context: &Context,
    event: &Event,
    compliance: api::ComplianceType,
) -> Result<api::PutEvaluationsOutput, wire::ErrorResponse> {
    let account = testkit::ACCOUNT.parse().unwrap();
    let scope = Scope::new(account, testkit::REGION);
    let caller = context.caller(contract::Principal::Root(account), scope, contract::Chain::default());
    let captured = event.text(&["configurationItem", "configurationItemCaptureTime"]);
    let evaluation = evaluation(&event.resource_id(), compliance, Timestamp::parse_iso(&captured).unwrap());
    caller
        .call(api::PutEvaluations {
            evaluations: Some(vec![evaluation]),
            result_token: event.token(),
            test_mode: None,
        })
        .await
}

