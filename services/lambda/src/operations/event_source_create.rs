//! CreateEventSourceMapping.

use super::event_source_settings::{Asked, Kind, usual};
use super::{Found, find};
use crate::error::{conflict, invalid};
use crate::event_source::{check_queue, check_stream, transition};
use crate::execution::{NOT_ASSUMABLE, as_function};
use crate::reference::FunctionReference;
use crate::state::EventSourceMapping;
use crate::state::event_source_mapping::{Phase, Settings, mapping_arn};
use crate::tags::{self, STEP};
use crate::{Lambda, answer};
use api_lambda::{CreateEventSourceMapping, Error, EventSourceMappingConfiguration, EventSourcePosition};
use contract::{Access, Call, Check, Context, Orchestrate};
use names::Arn;
use store::{Tx, View};
use wire::ErrorResponse;

/// Where a mapping reads from.
pub(super) struct Source {
    pub(super) arn: Arn,
    pub(super) kind: Kind,
}

impl Source {
    pub(super) fn read(text: &str, call: &Call) -> Result<Self, Error> {
        let unrecognized = || {
            invalid(format!(
                "Unrecognized event source, must be kinesis, dynamodb stream or sqs. Unsupported source arn : {text}"
            ))
        };
        let arn: Arn = text.parse().map_err(|_| unrecognized())?;
        let kind = Kind::of(&arn)?;
        if arn.region != Some(call.region) {
            return Err(invalid("The event source must be in the region of the function."));
        }
        Ok(Self { arn, kind })
    }

    /// Asks the source, as the function's role, whether that role may read it.
    pub(super) async fn check(&self, found: &Found, context: &Context) -> Result<(), Error> {
        let function = &found.function;
        let role = as_function(context, function.scope, &function.name, &found.configuration.role).await;
        let role = role.map_err(|error| {
            tracing::debug!(%error, "the function's role cannot be assumed");
            invalid(NOT_ASSUMABLE)
        })?;
        let timeout = found.configuration.timeout;
        match self.kind {
            Kind::Queue { .. } => {
                let facts = check_queue(&role, &self.arn, context).await?;
                if facts.visibility < timeout {
                    return Err(invalid(format!(
                        "Queue visibility timeout: {} seconds is less than Function timeout: {timeout} seconds",
                        facts.visibility
                    )));
                }
                Ok(())
            }
            Kind::Stream => check_stream(&role, &self.arn.to_string()).await,
        }
    }
}

/// `LATEST` or `TRIM_HORIZON`, for a stream.
fn start(input: &CreateEventSourceMapping, kind: Kind) -> Result<Option<&'static str>, Error> {
    match (kind, input.starting_position) {
        (Kind::Queue { .. }, None) => Ok(None),
        (Kind::Queue { .. }, Some(_)) => Err(invalid("StartingPosition is not valid for SQS event sources.")),
        (Kind::Stream, None) => Err(Error::Common(ErrorResponse::sender(
            "ValidationException",
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
        ))),
        (Kind::Stream, Some(EventSourcePosition::AtTimestamp)) => {
            Err(invalid("Unsupported starting position for arn type: dynamodb"))
        }
        (Kind::Stream, Some(position)) => Ok(Some(position.as_str())),
    }
}

/// The mapping of the same source and function, or the one that this CloudFormation step made before.
fn existing(
    source: &Source,
    reference: &FunctionReference,
    view: &View,
) -> Result<Option<EventSourceMapping>, Error> {
    let source = source.arn.to_string();
    let all = EventSourceMapping::of_function(view, reference.scope, &reference.name)?;
    Ok(all.into_iter().find(|other| {
        other.source == source && other.qualifier == reference.qualifier && other.phase != Phase::Deleting
    }))
}

fn taken(other: &EventSourceMapping, reference: &FunctionReference, kind: Kind) -> Error {
    let function = match &reference.qualifier {
        Some(qualifier) => format!("{}:{qualifier}", reference.name),
        None => reference.name.clone(),
    };
    let (source, uuid) = (&other.source, &other.uuid);
    conflict(match kind {
        Kind::Queue { .. } => format!(
            "An event source mapping with SQS arn (\" {source} \") and function (\" {function} \") already exists. Please update or delete \
             the existing mapping with UUID {uuid}"
        ),
        Kind::Stream => format!(
            "The event source arn (\" {source} \") and function (\" {function} \") provided mapping already exists. Please update or delete \
             the existing mapping with UUID {uuid}"
        ),
    })
}

#[async_trait::async_trait]
impl Orchestrate<CreateEventSourceMapping> for Lambda {
    fn access(&self, input: &CreateEventSourceMapping, call: &Call, _: &View) -> Access {
        let function = FunctionReference::read(&input.function_name, None, call);
        let mut access = Access::to("lambda:CreateEventSourceMapping");
        if !tags::asked(input.tags.as_ref()).is_empty() {
            access = access.and(Check::new("lambda:TagResource", mapping_arn(call.scope(), "*")));
        }
        let access = access.with_request_tags(tags::asked(input.tags.as_ref()));
        match function {
            // A mapping is its function's account's: no other account may make one, and no policy can let it.
            Ok(function) => {
                access.with("lambda:FunctionArn", [function.arn()]).with_policy(function.scope.account, None)
            }
            Err(_) => access,
        }
    }

    async fn run(
        &self,
        input: CreateEventSourceMapping,
        call: &Call,
        context: &Context,
    ) -> Result<EventSourceMappingConfiguration, Error> {
        let asked = Asked::of_create(&input)?;
        let text = input.event_source_arn.as_deref();
        let source = Source::read(text.ok_or_else(|| invalid("EventSourceArn is missing."))?, call)?;
        let start = start(&input, source.kind)?;
        if input.starting_position_timestamp.is_some() {
            return Err(invalid(
                "StartingPositionTimestamp can only be used with StartingPosition AT_TIMESTAMP.",
            ));
        }
        let reference = FunctionReference::read(&input.function_name, None, call)?;
        let mut settings = usual(source.kind, start);
        asked.apply(source.kind, &mut settings)?;
        let mut given = input.tags.clone().unwrap_or_default();
        tags::check(call, &given)?;
        let step = given.remove(STEP);
        tags::within_limit(&given)?;
        let found = find(&context.store.view(), &reference, None)?;
        // A second try of a step finds what the first has made.
        let before = existing(&source, &reference, &context.store.view())?;
        if let Some(before) = before.filter(|before| step.is_some() && before.step == step) {
            return Ok(answer::event_source_mapping(&before));
        }
        source.check(&found, context).await?;
        let enabled = input.enabled.unwrap_or(true);
        let new = New { reference, source, settings, enabled, tags: given, step };
        context.transact(call, |call, tx| new.insert(call, tx)).await
    }
}

/// A mapping to be made.
struct New {
    reference: FunctionReference,
    source: Source,
    settings: Settings,
    enabled: bool,
    tags: names::Tags,
    step: Option<String>,
}

impl New {
    fn insert(&self, call: &Call, tx: &mut Tx) -> Result<EventSourceMappingConfiguration, Error> {
        let reference = &self.reference;
        find(tx, reference, None)?;
        if let Some(other) = existing(&self.source, reference, tx)? {
            return Err(taken(&other, reference, self.source.kind));
        }
        let mapping = EventSourceMapping {
            scope: reference.scope,
            uuid: call.entropy.uuid(),
            source: self.source.arn.to_string(),
            function: reference.name.clone(),
            qualifier: reference.qualifier.clone(),
            enabled: self.enabled,
            phase: Phase::Creating,
            result: None,
            problem: None,
            modified: call.now,
            settings: self.settings.clone(),
            tags: self.tags.clone(),
            step: self.step.clone(),
        };
        transition(&mapping, call.now, tx)?;
        let answer = answer::event_source_mapping(&mapping);
        mapping.put(tx)?;
        Ok(answer)
    }
}
