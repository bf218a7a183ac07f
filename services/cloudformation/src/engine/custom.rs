//! Custom resources: a function or a topic is told what is wanted, and answers by a PUT to the URL that it was given.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html>

use super::handlers::Changed;
use crate::responses;
use crate::state::request::CustomRequest;
use crate::state::resource::StackResource;
use api_lambda::{InvocationType, Invoke};
use contract::{Context, Created, HandlerContext, HandlerFailure, Secret};
use names::{Arn, Scope};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{StoreError, Tx};
use wire::{Document, document};

/// The code of failures that the provider's own answer says.
pub(super) const CODE: &str = "CustomResource";
/// The attribute under which it is kept that the others are not to be shown. No template can ask for it.
pub(super) const NO_ECHO: &str = "\u{0}NoEcho";
/// How long an answer is waited for where `ServiceTimeout` says nothing, in seconds.
const PATIENCE: i64 = 3600;
const LONGEST_ID: usize = 1024;

/// What a provider answered.
struct Answer {
    physical_id: String,
    attributes: BTreeMap<String, Document>,
}

pub(super) async fn create(
    row: &StackResource,
    properties: &Document,
    context: &HandlerContext,
) -> Result<Created, HandlerFailure> {
    let asking = Asking { kind: "Create", row, physical_id: None, properties, old: None };
    let answer = asking.ask(context).await?;
    Ok(Created { physical_id: answer.physical_id, attributes: answer.attributes })
}

pub(super) async fn update(
    row: &StackResource,
    from: &Document,
    to: &Document,
    context: &HandlerContext,
) -> Result<Changed, HandlerFailure> {
    if from.get("ServiceToken") != to.get("ServiceToken") {
        return Err(HandlerFailure::new(CODE, "Modifying service token is not allowed."));
    }
    let physical_id = row.physical_id.as_deref();
    let asking = Asking { kind: "Update", row, physical_id, properties: to, old: Some(from) };
    let answer = asking.ask(context).await?;
    Ok(Changed { physical_id: Some(answer.physical_id), attributes: answer.attributes })
}

pub(super) async fn delete(
    row: &StackResource,
    physical_id: &str,
    properties: &Document,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let asking = Asking { kind: "Delete", row, physical_id: Some(physical_id), properties, old: None };
    asking.ask(context).await.map(|_| ())
}

/// A request to a provider.
struct Asking<'a> {
    kind: &'static str,
    row: &'a StackResource,
    physical_id: Option<&'a str>,
    properties: &'a Document,
    old: Option<&'a Document>,
}

impl Asking<'_> {
    async fn ask(&self, context: &HandlerContext) -> Result<Answer, HandlerFailure> {
        let provider = self.properties.get("ServiceToken").and_then(Document::as_str).unwrap_or_default();
        let provider: Arn = provider.parse().map_err(|_| {
            HandlerFailure::new(
                CODE,
                format!("Invalid service token: {provider} is no ARN of a function or topic."),
            )
        })?;
        let timeout = self.timeout()?;
        let request = self.request(timeout, context).await?;
        if !request.sent {
            if let Err(error) = self.send(&provider, &request, context).await {
                self.forget(&request, context).await?;
                return Err(error);
            }
            self.note_sent(&request, context).await?;
        }
        let body = self.answer(&request, context).await?;
        let result = match &body {
            Some(body) => self.read(body, &request, context),
            None => {
                let reason = format!(
                    "CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [{}]. \
                     If you are using the Python cfn-response module, you may need to update your Lambda function code so that \
                     CloudFormation can attach the updated version.",
                    request.id
                );
                let failure = HandlerFailure::new(CODE, reason);
                Err(if self.kind == "Create" {
                    failure.having_made(context.generated_name(128))
                } else {
                    failure
                })
            }
        };
        // The request is kept until the resource's next one: after `kill -9` the same step reads the same answer. A failed one is asked anew.
        if result.is_err() || self.kind == "Delete" {
            self.forget(&request, context).await?;
        }
        result
    }

    fn timeout(&self) -> Result<i64, HandlerFailure> {
        let Some(given) = self.properties.get("ServiceTimeout") else { return Ok(PATIENCE) };
        let seconds = contract::Properties::new(document!({ "ServiceTimeout": (given.clone()) }));
        match seconds.integer("ServiceTimeout")? {
            Some(seconds @ 1..=3600) => Ok(seconds),
            _ => Err(HandlerFailure::new(CODE, "ServiceTimeout must be a number of seconds from 1 to 3600.")),
        }
    }

    /// Names the step: by its token, and by what is asked about.
    fn step(&self) -> String {
        format!("{}/{}/{}", self.kind, self.row.token, self.physical_id.unwrap_or_default())
    }

    /// The request of this step: that of an earlier try, or a new one.
    async fn request(&self, timeout: i64, context: &HandlerContext) -> Result<CustomRequest, HandlerFailure> {
        let scope = context.caller.scope();
        let entropy = context.context.entropy().map_err(fault)?;
        let (id, secret) = (entropy.uuid(), entropy.split().hex(64));
        let step = self.step();
        let seconds = u64::try_from(timeout).unwrap_or(0);
        write(context, |now, tx| {
            let mut found = None;
            for earlier in earlier(scope, self.row, tx)? {
                if earlier.step == step {
                    found = Some(earlier);
                } else {
                    // Nobody waits for it any longer.
                    tx.remove::<CustomRequest>(scope, &earlier.id)?;
                }
            }
            if let Some(found) = found {
                return Ok(found);
            }
            let request = CustomRequest {
                scope,
                id: id.clone(),
                stack_id: self.row.stack_id.clone(),
                logical_id: self.row.logical_id.clone(),
                step: step.clone(),
                secret: Secret(secret.clone()),
                sent: false,
                deadline: now.plus(Duration::from_secs(seconds)),
                answer: None,
            };
            tx.put(request.clone())?;
            Ok(request)
        })
        .await
    }

    async fn note_sent(
        &self,
        request: &CustomRequest,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        write(context, |_, tx| {
            if let Some(mut now) = tx.get::<CustomRequest>(request.scope, &request.id)? {
                now.sent = true;
                tx.put(now)?;
            }
            Ok(())
        })
        .await
    }

    async fn forget(&self, request: &CustomRequest, context: &HandlerContext) -> Result<(), HandlerFailure> {
        write(context, |_, tx| tx.remove::<CustomRequest>(request.scope, &request.id).map(|_| ())).await
    }

    async fn send(
        &self,
        provider: &Arn,
        request: &CustomRequest,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let event = self.event(provider, request, context);
        let caller = match provider.region {
            Some(region) => context.caller.in_region(region),
            None => context.caller.clone(),
        };
        match &*provider.service {
            "lambda" => {
                let invoke = Invoke {
                    function_name: provider.to_string(),
                    invocation_type: Some(InvocationType::Event),
                    payload: Some(event.to_string().into_bytes().into()),
                    ..Default::default()
                };
                caller.call(invoke).await.map_err(refused)?;
            }
            "sns" => {
                let publish = api_sns::Publish {
                    topic_arn: Some(provider.to_string()),
                    subject: Some("AWS CloudFormation custom resource request".into()),
                    message: event.to_string(),
                    ..Default::default()
                };
                caller.call(publish).await.map_err(refused)?;
            }
            _ => {
                return Err(HandlerFailure::new(
                    CODE,
                    format!("Invalid service token: {provider} is no ARN of a function or topic."),
                ));
            }
        }
        Ok(())
    }

    fn event(&self, provider: &Arn, request: &CustomRequest, context: &HandlerContext) -> Document {
        let mut event = document!({
            "RequestType": (self.kind),
            "ServiceToken": (provider.to_string()),
            "ResponseURL": (responses::url(request, &context.context.endpoint)),
            "StackId": (context.stack_id.as_str()),
            "RequestId": (request.id.as_str()),
            "LogicalResourceId": (context.logical_id.as_str())
        });
        if let Document::Object(members) = &mut event {
            if let Some(physical_id) = self.physical_id {
                members.insert("PhysicalResourceId".into(), physical_id.into());
            }
            members.insert("ResourceType".into(), self.row.resource_type.as_str().into());
            members.insert("ResourceProperties".into(), in_text(self.properties));
            if let Some(old) = self.old {
                members.insert("OldResourceProperties".into(), in_text(old));
            }
        }
        event
    }

    /// Waits for the answer; None where it does not come in time.
    async fn answer(
        &self,
        request: &CustomRequest,
        context: &HandlerContext,
    ) -> Result<Option<String>, HandlerFailure> {
        let store = &context.context.store;
        let mut answered = store.listen(&CustomRequest::topic(&request.id));
        loop {
            let now = store.view().get::<CustomRequest>(request.scope, &request.id).map_err(fault)?;
            let Some(now) = now else { return Ok(None) };
            if let Some(answer) = now.answer {
                return Ok(Some(answer.0));
            }
            if context.context.clock.now() >= request.deadline {
                return Ok(None);
            }
            tokio::select! {
                () = answered.signalled() => {}
                () = context.context.clock.sleep_until(request.deadline) => {}
            }
        }
    }

    fn read(
        &self,
        body: &str,
        request: &CustomRequest,
        context: &HandlerContext,
    ) -> Result<Answer, HandlerFailure> {
        let failure = |reason: String| Err(HandlerFailure::new(CODE, reason));
        if body.len() > responses::LONGEST {
            return failure("Response object is too long.".into());
        }
        let Ok(answer @ Document::Object(_)) = Document::parse(body) else {
            return failure("Invalid Response object: it is not a JSON object.".into());
        };
        let text = |name: &str| answer.get(name).and_then(Document::as_str);
        let expected = [
            ("StackId", context.stack_id.as_str()),
            ("RequestId", request.id.as_str()),
            ("LogicalResourceId", context.logical_id.as_str()),
        ];
        if let Some((name, _)) = expected.iter().find(|(name, expected)| text(name) != Some(*expected)) {
            return failure(format!(
                "Invalid Response object: Value of property {name} must be that of the request."
            ));
        }
        let physical_id = text("PhysicalResourceId").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
        match text("Status") {
            Some("SUCCESS") => {}
            Some("FAILED") => {
                let reason = text("Reason").unwrap_or_default();
                let failure = HandlerFailure::new(
                    CODE,
                    format!(
                        "Received response status [FAILED] from custom resource. Message returned: {reason} (RequestId: {})",
                        request.id
                    ),
                );
                return Err(match physical_id {
                    Some(made) if self.kind == "Create" => failure.having_made(made),
                    _ => failure,
                });
            }
            _ => {
                return failure(
                    "Invalid Response object: Value of property Status must be SUCCESS or FAILED.".into(),
                );
            }
        }
        let physical_id = match (physical_id, self.physical_id) {
            (Some(id), _) => id.to_owned(),
            (None, Some(id)) if self.kind == "Delete" => id.to_owned(),
            _ => return failure("Invalid PhysicalResourceId".into()),
        };
        let mut attributes = BTreeMap::new();
        match answer.get("Data") {
            None | Some(Document::Null) => {}
            Some(Document::Object(data)) => {
                for (name, value) in data {
                    flatten(name, value, &mut attributes);
                }
            }
            Some(_) => {
                return failure("Invalid Response object: Value of property Data must be an object.".into());
            }
        }
        if matches!(answer.get("NoEcho"), Some(Document::Boolean(true))) || text("NoEcho") == Some("true") {
            attributes.insert(NO_ECHO.into(), true.into());
        }
        Ok(Answer { physical_id, attributes })
    }
}

/// `Fn::GetAtt` reaches what is nested by names with points.
fn flatten(name: &str, value: &Document, attributes: &mut BTreeMap<String, Document>) {
    if let Document::Object(members) = value {
        for (member, value) in members {
            flatten(&format!("{name}.{member}"), value, attributes);
        }
    }
    attributes.insert(name.to_owned(), value.clone());
}

/// As AWS sends properties: numbers and truth values are text.
fn in_text(document: &Document) -> Document {
    match document {
        Document::Object(members) => {
            Document::Object(members.iter().map(|(name, value)| (name.clone(), in_text(value))).collect())
        }
        Document::Array(elements) => elements.iter().map(in_text).collect(),
        Document::Boolean(_) | Document::Number(_) => document.to_string().into(),
        other => other.clone(),
    }
}

fn refused(error: wire::ErrorResponse) -> HandlerFailure {
    let failure: HandlerFailure = error.into();
    HandlerFailure { code: CODE.into(), ..failure }
}

fn fault(error: StoreError) -> HandlerFailure {
    HandlerFailure::new("InternalFailure", error.to_string())
}

fn earlier(scope: Scope, row: &StackResource, tx: &Tx) -> Result<Vec<CustomRequest>, StoreError> {
    tx.by_index::<CustomRequest>(scope, "by-resource", (row.stack_id.as_str(), row.logical_id.as_str()))
}

async fn write<T>(
    context: &HandlerContext,
    mut body: impl FnMut(names::Timestamp, &mut Tx) -> Result<T, StoreError>,
) -> Result<T, HandlerFailure> {
    let inner: &Context = &context.context;
    let scope = context.caller.scope();
    let call = inner
        .own_call("cloudformation", "CustomResource", context.caller.principal().clone(), scope)
        .map_err(fault)?;
    inner.transact(&call, |call, tx| body(call.now, tx)).await.map_err(fault)
}
