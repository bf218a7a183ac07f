//! A cloud with types whose handlers do as their properties say, and what tests ask of it.

use api_cloudformation::{CreateStack, DeleteStack, DescribeStackEvents, DescribeStacks, Stack};
use contract::{
    Access, Call, Caller, Created, HandlerContext, HandlerFailure, Properties, Registration, ResourceHandler,
    Transact, Updated,
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
        &["Value", "Needs", "Fail", "Gate", "GateAfter", "Asks", "Port", "Panic", "Zones", "GateDelete"]
    }
    fn create_only(&self) -> &'static [&'static str] {
        &[]
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
            });
        }
        if properties.boolean("Asks")? == Some(true) {
            context.caller.call(api_cloudformation::DescribeAccountLimits::default()).await?;
        }
        let physical_id = {
            let mut things = world.things.lock().unwrap();
            things
                .entry(context.token.clone())
                .or_insert_with(|| format!("{}-{name}", context.stack_name))
                .clone()
        };
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
        _: &str,
        _: &Properties,
        _: &Properties,
        _: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        Err(HandlerFailure::invalid("cannot be updated"))
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
                reason: format!("{physical_id} is not empty"),
                code: "GeneralServiceException".into(),
                service_code: Some("NotEmpty".into()),
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
        let cloud = TestCloud::new(vec![cloudformation::registration(), ec2, s3]);
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
