//! A cloud with types whose handlers do as their properties say, and what tests ask of it.

use api_cloudformation::{CreateStack, DeleteStack, DescribeStackEvents, DescribeStacks, Stack, UpdateStack};
use contract::{
    Access, Call, Caller, Context, Created, HandlerContext, HandlerFailure, Orchestrate, Properties,
    Registration, ResourceHandler, Transact, Updated,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use store::{Tx, View};
use testkit::TestCloud;
use tokio::sync::watch;
use wire::{Body, Document, ErrorResponse};

/// What the stand-in types did.
#[derive(Default)]
pub(crate) struct World {
    /// `create A`, `delete A`: in the order in which the handlers were begun.
    pub(crate) calls: Mutex<Vec<String>>,
    /// Token to physical id, of what is there.
    pub(crate) things: Mutex<BTreeMap<String, String>>,
    /// Logical ids whose deletion fails.
    pub(crate) undeletable: Mutex<BTreeSet<String>>,
    /// What providers of custom resources were told.
    pub(crate) events: Mutex<Vec<Document>>,
    /// Logical ids that cannot be taken back.
    pub(crate) unrestorable: Mutex<BTreeSet<String>>,
    /// How many handlers run now, and ran at most.
    pub(crate) at_once: Mutex<(usize, usize)>,
    /// Logical ids with a closed gate that were opened.
    opened: watch::Sender<BTreeSet<String>>,
}

impl World {
    pub(crate) fn open(&self, logical_id: &str) {
        self.opened.send_modify(|opened| {
            opened.insert(logical_id.to_owned());
        });
    }

    async fn pass(&self, logical_id: &str) {
        let _ = self.opened.subscribe().wait_for(|opened| opened.contains(logical_id)).await;
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    pub(crate) fn things(&self) -> Vec<String> {
        self.things.lock().unwrap().values().cloned().collect()
    }

    fn note(&self, call: String) {
        self.calls.lock().unwrap().push(call);
    }
}

struct Thing {
    world: Arc<World>,
    name: &'static str,
}

#[async_trait::async_trait]
impl ResourceHandler for Thing {
    fn resource_type(&self) -> &'static str {
        self.name
    }
    fn properties(&self) -> &'static [&'static str] {
        &[
            "Value",
            "Needs",
            "Fail",
            "Gate",
            "GateAfter",
            "Asks",
            "Port",
            "Panic",
            "Zones",
            "GateDelete",
            "Name",
            "Kind",
            "FailUpdate",
            "GateUpdate",
            "FailRestore",
            "HalfMade",
            "Tags",
        ]
    }
    fn create_only(&self) -> &'static [&'static str] {
        &["Name", "Kind"]
    }
    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "Value"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let world = &self.world;
        let name = &context.logical_id;
        world.note(format!("create {name}"));
        properties.integer("Port")?;
        if properties.boolean("Panic")? == Some(true) {
            panic!("as it was told");
        }
        {
            let mut at_once = world.at_once.lock().unwrap();
            at_once.0 += 1;
            at_once.1 = at_once.1.max(at_once.0);
        }
        if properties.boolean("Gate")? == Some(true) {
            world.pass(name).await;
        }
        world.at_once.lock().unwrap().0 -= 1;
        if let Some(reason) = properties.string("Fail")? {
            return Err(HandlerFailure {
                reason,
                code: "AlreadyExists".into(),
                service_code: Some("Exists".into()),
                physical_id: None,
            });
        }
        if properties.boolean("Asks")? == Some(true) {
            context.caller.call(api_cloudformation::DescribeAccountLimits::default()).await?;
        }
        let named = properties.string("Name")?;
        let physical_id = {
            let mut things = world.things.lock().unwrap();
            let plain = named.unwrap_or_else(|| format!("{}-{name}", context.stack_name));
            let again = things.values().filter(|id| id.starts_with(&plain)).count();
            let id = if again == 0 { plain } else { format!("{plain}-{}", again + 1) };
            things.entry(context.token.clone()).or_insert(id).clone()
        };
        if properties.boolean("HalfMade")? == Some(true) {
            return Err(HandlerFailure::invalid("only half of it").having_made(physical_id));
        }
        if properties.boolean("GateAfter")? == Some(true) {
            world.pass(name).await;
        }
        let arn = Document::from(format!("arn:test:{physical_id}"));
        let value = properties.get("Value").cloned().unwrap_or(Document::Null);
        Ok(Created {
            physical_id,
            attributes: BTreeMap::from([("Arn".into(), arn), ("Value".into(), value)]),
        })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let value = |properties: &Properties| properties.string("Value").map(Option::unwrap_or_default);
        let mut tags = String::new();
        if context.stack_tags != context.previous_stack_tags {
            let team = |tags: &names::Tags| tags.get("team").cloned().unwrap_or_default();
            tags = format!(" team {}>{}", team(&context.previous_stack_tags), team(&context.stack_tags));
        }
        self.world.note(format!("update {} {}>{}{tags}", context.logical_id, value(old)?, value(new)?));
        if new.boolean("GateUpdate")? == Some(true) {
            self.world.pass(&format!("update {}", context.logical_id)).await;
        }
        if self.world.unrestorable.lock().unwrap().contains(&context.logical_id)
            && old.get("FailUpdate").is_some()
        {
            return Err(HandlerFailure::new("GeneralServiceException", "no way back"));
        }
        if let Some(reason) = new.string("FailUpdate")? {
            return Err(HandlerFailure::new("GeneralServiceException", reason));
        }
        let value = new.get("Value").cloned().unwrap_or(Document::Null);
        let arn = Document::from(format!("arn:test:{physical_id}"));
        Ok(Updated { attributes: BTreeMap::from([("Arn".into(), arn), ("Value".into(), value)]) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        self.world.note(format!("delete {}", context.logical_id));
        if properties.boolean("GateDelete")? == Some(true) {
            self.world.pass(&format!("delete {}", context.logical_id)).await;
        }
        if self.world.undeletable.lock().unwrap().contains(&context.logical_id) {
            return Err(HandlerFailure {
                service_code: Some("NotEmpty".into()),
                ..HandlerFailure::new("GeneralServiceException", format!("{physical_id} is not empty"))
            });
        }
        self.world.things.lock().unwrap().retain(|_, id| id != physical_id);
        Ok(())
    }
}

struct Fakes;

impl Transact<api_ec2::DescribeAvailabilityZones> for Fakes {
    fn access(_: &api_ec2::DescribeAvailabilityZones, _: &Call, _: &View) -> Access {
        Access::to("ec2:DescribeAvailabilityZones")
    }
    fn run(
        _: api_ec2::DescribeAvailabilityZones,
        call: &Call,
        _: &mut Tx,
    ) -> Result<api_ec2::DescribeAvailabilityZonesOutput, api_ec2::Error> {
        let zone = |letter: &str| api_ec2::AvailabilityZone {
            zone_name: Some(format!("{}{letter}", call.region)),
            ..Default::default()
        };
        Ok(api_ec2::DescribeAvailabilityZonesOutput { availability_zones: Some(vec![zone("a"), zone("b")]) })
    }
}

impl Transact<api_s3::GetObject> for Fakes {
    fn access(input: &api_s3::GetObject, call: &Call, _: &View) -> Access {
        let object = format!("arn:aws:s3:::{}/{}", input.bucket, input.key);
        Access::on("s3:GetObject", object).with_policy(call.account, None)
    }
    fn run(input: api_s3::GetObject, _: &Call, _: &mut Tx) -> Result<api_s3::GetObjectOutput, api_s3::Error> {
        let text = match input.key.as_str() {
            "large.yaml" => format!("Description: {}", "x".repeat(1_100_000)),
            "two.yaml" | "slow.yaml" | "bad.yaml" => {
                let more = match input.key.as_str() {
                    "bad.yaml" => ", Fail: no, FailUpdate: no",
                    "slow.yaml" => ", GateAfter: true",
                    _ => "",
                };
                format!(
                    "Parameters: {{P: {{Type: String}}}}\nResources: {{Two: {{Type: 'AWS::Test::Thing', Properties: {{Value: !Ref P{more}}}}}}}\nOutputs: {{O: {{Value: !GetAtt Two.Value}}}}"
                )
            }
            "one.yaml" => "Resources: {One: {Type: 'AWS::Test::Thing'}}".to_owned(),
            _ => {
                return Err(api_s3::Error::Common(ErrorResponse::new(
                    "NoSuchKey",
                    "The specified key does not exist.",
                    404,
                )));
            }
        };
        Ok(api_s3::GetObjectOutput { body: Some(Body::Whole(text.into())), ..Default::default() })
    }
}

impl Transact<api_ssm::GetParameter> for Fakes {
    fn access(input: &api_ssm::GetParameter, call: &Call, _: &View) -> Access {
        Access::on(
            "ssm:GetParameter",
            format!("arn:aws:ssm:us-east-1:{}:parameter{}", call.account, input.name),
        )
    }
    fn run(
        input: api_ssm::GetParameter,
        _: &Call,
        _: &mut Tx,
    ) -> Result<api_ssm::GetParameterOutput, api_ssm::Error> {
        let kind = if input.name == "/secret" { "SecureString" } else { "String" };
        let parameter = api_ssm::Parameter {
            value: Some(format!("value of {}", input.name)),
            r#type: kind.parse().ok(),
            ..Default::default()
        };
        Ok(api_ssm::GetParameterOutput { parameter: Some(parameter) })
    }
}

/// A stand-in for Lambda and SNS as providers of custom resources.
struct Provider(Arc<World>);

#[async_trait::async_trait]
impl Orchestrate<api_lambda::Invoke> for Provider {
    fn access(&self, input: &api_lambda::Invoke, call: &Call, _: &View) -> Access {
        Access::on("lambda:InvokeFunction", input.function_name.clone()).with_policy(call.account, None)
    }
    async fn run(
        &self,
        input: api_lambda::Invoke,
        _: &Call,
        _: &Context,
    ) -> Result<api_lambda::InvokeOutput, api_lambda::Error> {
        assert_eq!(input.invocation_type, Some(api_lambda::InvocationType::Event));
        let payload = String::from_utf8(input.payload.unwrap().to_vec()).unwrap();
        self.0.events.lock().unwrap().push(Document::parse(&payload).unwrap());
        Ok(api_lambda::InvokeOutput::default())
    }
}

#[async_trait::async_trait]
impl Orchestrate<api_sns::Publish> for Provider {
    fn access(&self, input: &api_sns::Publish, call: &Call, _: &View) -> Access {
        Access::on("sns:Publish", input.topic_arn.clone().unwrap()).with_policy(call.account, None)
    }
    async fn run(
        &self,
        input: api_sns::Publish,
        _: &Call,
        _: &Context,
    ) -> Result<api_sns::PublishOutput, api_sns::Error> {
        self.0.events.lock().unwrap().push(Document::parse(&input.message).unwrap());
        Ok(api_sns::PublishOutput::default())
    }
}

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) world: Arc<World>,
    pub(crate) root: Caller,
    pub(crate) work: Option<workflow::Running>,
}

pub(crate) const THING: &str = "AWS::Test::Thing";

impl Cloud {
    pub(crate) fn new() -> Self {
        let world = Arc::new(World::default());
        let thing = |name| Thing { world: Arc::clone(&world), name };
        let ec2 = Registration::new(&api_ec2::SERVICE)
            .transact::<Fakes, api_ec2::DescribeAvailabilityZones>()
            .handler(thing(THING))
            .handler(thing("AWS::IAM::Role"));
        let s3 = Registration::new(&api_s3::SERVICE).transact_data::<Fakes, api_s3::GetObject>();
        let provider = Arc::new(Provider(Arc::clone(&world)));
        let lambda = Registration::new(&api_lambda::SERVICE)
            .orchestrate_data::<Provider, api_lambda::Invoke>(&provider);
        let sns = Registration::new(&api_sns::SERVICE).orchestrate::<Provider, api_sns::Publish>(&provider);
        let ssm = Registration::new(&api_ssm::SERVICE).transact::<Fakes, api_ssm::GetParameter>();
        let cloud = TestCloud::new(vec![cloudformation::registration(), ec2, s3, lambda, sns, ssm]);
        let root = cloud.root();
        let work = Some(cloud.start_work());
        Self { cloud, world, root, work }
    }

    /// Asks for a stack as root; its id.
    pub(crate) async fn begin(&self, name: &str, template: &str) -> String {
        self.ask(create(name, template)).await
    }

    pub(crate) async fn ask(&self, input: CreateStack) -> String {
        self.root.call(input).await.unwrap().stack_id.unwrap()
    }

    /// Asks for a stack and waits until it rests.
    pub(crate) async fn make(&self, name: &str, template: &str) -> Stack {
        self.rests(&self.begin(name, template).await).await
    }

    pub(crate) async fn refused(&self, input: CreateStack) -> String {
        said(self.root.call(input).await.map(|_| ()).unwrap_err())
    }

    pub(crate) async fn delete(&self, id: &str) -> Stack {
        self.root.call(DeleteStack { stack_name: id.into(), ..Default::default() }).await.unwrap();
        self.rests(id).await
    }

    pub(crate) async fn stack(&self, name_or_id: &str) -> Stack {
        let describe = DescribeStacks { stack_name: Some(name_or_id.into()), ..Default::default() };
        self.root.call(describe).await.unwrap().stacks.unwrap().remove(0)
    }

    pub(crate) async fn rests(&self, id: &str) -> Stack {
        let resting = async || {
            Some(self.stack(id).await).filter(|stack| !stack.stack_status.as_str().ends_with("IN_PROGRESS"))
        };
        self.cloud.until("the stack rests", resting).await
    }

    /// Asks for an update, and waits until the stack rests.
    pub(crate) async fn update(&self, name: &str, template: &str) -> Stack {
        let id = self.ask_update(update(name, template)).await;
        self.rests(&id).await
    }

    pub(crate) async fn ask_update(&self, input: UpdateStack) -> String {
        self.root.call(input).await.unwrap().stack_id.unwrap()
    }

    /// What happened since an event.
    pub(crate) async fn events_since(&self, name_or_id: &str, event: &str) -> Vec<String> {
        let events = self.events(name_or_id).await;
        let at = events.iter().rposition(|line| line == event);
        let at = at.unwrap_or_else(|| panic!("{event} is not in {events:#?}"));
        events.into_iter().skip(at).collect()
    }

    /// As `kill -9`, and a new start.
    pub(crate) async fn restart(&mut self) {
        drop(self.work.take());
        self.cloud.settle().await;
        self.work = Some(self.cloud.start_work());
    }

    /// Waits until handlers were begun.
    pub(crate) async fn called(&self, calls: &[&str]) {
        self.cloud
            .until("the handlers are called", async || (self.world.calls() == calls).then_some(()))
            .await;
    }

    /// Oldest first: `LOGICAL-ID STATUS REASON`, ids of requests left out.
    pub(crate) async fn events(&self, name_or_id: &str) -> Vec<String> {
        let describe = DescribeStackEvents { stack_name: name_or_id.into(), ..Default::default() };
        let events = self.root.call(describe).await.unwrap().stack_events.unwrap();
        let shown = events.into_iter().rev().map(|event| {
            let status = event.resource_status.unwrap();
            let reason = event.resource_status_reason.unwrap_or_default();
            let line =
                format!("{} {} {}", event.logical_resource_id.unwrap(), status.as_str(), untold(&reason));
            line.strip_suffix(' ').filter(|_| reason.is_empty()).unwrap_or(&line).to_owned()
        });
        shown.collect()
    }
}

/// Without the request's token.
fn untold(reason: &str) -> String {
    match reason.split_once("RequestToken: ") {
        Some((start, rest)) => format!("{start}RequestToken: T{}", &rest[36..]),
        None => reason.to_owned(),
    }
}

pub(crate) fn create(name: &str, template: &str) -> CreateStack {
    CreateStack { stack_name: name.into(), template_body: Some(template.into()), ..Default::default() }
}

pub(crate) fn update(name: &str, template: &str) -> UpdateStack {
    UpdateStack { stack_name: name.into(), template_body: Some(template.into()), ..Default::default() }
}

pub(crate) fn said(error: ErrorResponse) -> String {
    format!("{}: {}", error.code, error.message)
}

/// A template of things: name and the rest of the declaration, in YAML's flow form.
pub(crate) fn things(things: &[(&str, &str)]) -> String {
    let lines = things.iter().map(|(name, rest)| {
        format!("  {name}: {{Type: '{THING}'{}{rest}}}\n", if rest.is_empty() { "" } else { ", " })
    });
    format!("Resources:\n{}", lines.collect::<String>())
}
