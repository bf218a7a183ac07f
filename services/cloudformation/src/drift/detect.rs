//! Reading resources as who asked, and judging what was read.

use super::attachments;
use super::compare::differences;
use crate::engine::{self, Reading};
use crate::state::drift::{DriftDetection, ResourceDrift, StackDrift};
use crate::state::recorded::RecordedStack;
use crate::state::resource::StackResource;
use crate::state::stack::Stack;
use contract::{Actual, Call, Caller, Context, Outcome, Task, TaskHandler};
use std::time::Duration;
use store::{StoreError, Tx};
use wire::Document;

const KIND: &str = "cloudformation.drift";
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Detects the drift of stacks.
pub(crate) struct DetectDrift;

/// Has a detection carried out.
pub(crate) fn enqueue(detection: &DriftDetection, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    Task::new(KIND, detection.id.clone(), detection.scope, call.now, &())?.enqueue(tx)
}

#[async_trait::async_trait]
impl TaskHandler for DetectDrift {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match detect(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, detection = task.id, "drift cannot be detected; trying again");
                Outcome::Again(context.clock.now().plus(AFTER_FAILURE), None)
            }
        }
    }
}

async fn detect(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let view = context.store.view();
    let Some(detection) = view.get::<DriftDetection>(task.scope, &task.id)? else {
        return Ok(Outcome::done());
    };
    let stack = view.get::<Stack>(task.scope, &detection.stack_id)?;
    let resources: Vec<StackResource> =
        view.scan::<StackResource>(task.scope, (detection.stack_id.as_str(),)).rows()?;
    drop(view);
    let Some(stack) = stack.filter(|stack| !stack.is_deleted()) else {
        let reason = format!("Stack [{}] was deleted.", detection.stack_id);
        return Ok(settled(detection, Vec::new(), Some(reason)));
    };
    let caller = engine::caller_of(&stack, &detection.principal, &detection.chain, context);
    let wanted = |resource: &StackResource| {
        detection.resources.is_empty() || detection.resources.contains(&resource.logical_id)
    };
    let mut found = Vec::new();
    for resource in resources.iter().filter(|it| !it.is_gone() && it.physical_id.is_some() && wanted(it)) {
        if let Found::Checked(drift) = check(resource, &resources, &stack, &caller, context).await {
            found.push(*drift);
        }
    }
    let failed: Vec<&str> =
        found.iter().filter(|it| it.status == "UNKNOWN").map(|it| it.logical_id.as_str()).collect();
    let reason = (!failed.is_empty())
        .then(|| format!("Failed to detect drift on resource(s) [{}].", failed.join(", ")));
    Ok(settled(detection, found, reason))
}

/// Notes what was found. A detection that failed for some resources has told of the others.
fn settled(detection: DriftDetection, found: Vec<ResourceDrift>, failure: Option<String>) -> Outcome {
    Outcome::done_with(move |call, tx| {
        let Some(mut now) = tx.get::<DriftDetection>(detection.scope, &detection.id)? else { return Ok(()) };
        for drift in &found {
            tx.put(drift.clone())?;
        }
        // Those that were not asked about stand as they were found before.
        let all: Vec<ResourceDrift> = tx.scan::<ResourceDrift>(now.scope, (now.stack_id.as_str(),)).rows()?;
        let mut current = Vec::new();
        for drift in all {
            let key = (drift.stack_id.as_str(), drift.logical_id.as_str());
            let resource = tx.get::<StackResource>(now.scope, key)?.filter(|resource| !resource.is_gone());
            let Some(resource) = resource else { continue };
            current.extend(ResourceDrift::of(tx, &resource)?);
        }
        let drifted = current.iter().filter(|drift| drift.has_drifted()).count();
        let status = match (drifted, &failure) {
            (1.., _) => "DRIFTED",
            (0, Some(_)) => "UNKNOWN",
            (0, None) => "IN_SYNC",
        };
        now.status = if failure.is_some() { "DETECTION_FAILED" } else { "DETECTION_COMPLETE" }.to_owned();
        now.reason.clone_from(&failure);
        now.drift = Some(status.to_owned());
        now.drifted = Some(i32::try_from(drifted).unwrap_or(i32::MAX));
        let (scope, stack_id, id) = (now.scope, now.stack_id.clone(), now.id.clone());
        tx.put(now)?;
        let stack = StackDrift {
            scope,
            stack_id: stack_id.clone(),
            detection: id,
            status: status.to_owned(),
            at: Some(call.now),
        };
        tx.put(stack)?;
        RecordedStack::note_drift(scope, &stack_id, status, &current, call.now, tx)
    })
}

/// What became of the check of a resource.
pub(crate) enum Found {
    /// Its type cannot be checked.
    NotSupported,
    /// It was read, or could not be.
    Checked(Box<ResourceDrift>),
}

/// Reads a resource, and compares.
pub(crate) async fn check(
    resource: &StackResource,
    siblings: &[StackResource],
    stack: &Stack,
    caller: &Caller,
    context: &Context,
) -> Found {
    let at = context.clock.now();
    let (expected, hidden) = engine::expected(resource);
    let drift = |status: &str, actual: Option<Document>| ResourceDrift {
        scope: resource.scope,
        stack_id: resource.stack_id.clone(),
        logical_id: resource.logical_id.clone(),
        physical_id: resource.physical_id.clone(),
        resource_type: resource.resource_type.clone(),
        status: status.to_owned(),
        reason: None,
        at,
        expected: shown(&expected, &hidden),
        actual,
        differences: Vec::new(),
    };
    let Reading { actual, stack_tags } = engine::read(resource, stack, caller, context).await;
    let checked = match actual {
        Ok(Actual::NotSupported) => return Found::NotSupported,
        Ok(Actual::Gone) => drift("DELETED", None),
        Ok(Actual::Properties(mut actual)) => {
            if let Some(tags) = actual.get("Tags").cloned() {
                actual.set("Tags", own_tags(&tags, expected.get("Tags"), &stack_tags));
            }
            attachments::without(&mut actual, resource, siblings);
            let mut compared = Document::object();
            for name in expected.as_object().into_iter().flat_map(|it| it.keys()) {
                if let Some(value) = actual.get(name).filter(|_| !hidden.contains(name)) {
                    compared.set(name.clone(), value.clone());
                }
            }
            let differences = differences(&expected, &compared);
            let status = if differences.is_empty() { "IN_SYNC" } else { "MODIFIED" };
            // Nothing is shown of what is not set, nor of what cannot be compared but as it was wanted.
            let mut told = Document::object();
            for (name, wanted) in expected.as_object().into_iter().flatten() {
                match compared.get(name) {
                    Some(Document::Null) => {}
                    Some(value) => told.set(name.clone(), value.clone()),
                    None if hidden.contains(name) => told.set(name.clone(), MASK),
                    None => told.set(name.clone(), wanted.clone()),
                }
            }
            ResourceDrift { differences, ..drift(status, Some(told)) }
        }
        Err(failure) => ResourceDrift { reason: Some(failure.reason), ..drift("UNKNOWN", None) },
    };
    Found::Checked(Box::new(checked))
}

const MASK: &str = "****";

fn shown(expected: &Document, hidden: &[String]) -> Document {
    let mut shown = expected.clone();
    for name in hidden {
        shown.set(name.clone(), MASK);
    }
    shown
}

/// Tags without those that the stack as a whole put on the resource, and AWS's own.
fn own_tags(tags: &Document, expected: Option<&Document>, stack_tags: &names::Tags) -> Document {
    let wanted = |key: &str| {
        expected
            .and_then(Document::as_array)
            .is_some_and(|list| list.iter().any(|tag| tag.get("Key").and_then(Document::as_str) == Some(key)))
            || expected.is_some_and(|map| map.get(key).is_some())
    };
    let is_own = |key: &str, value: Option<&str>| {
        wanted(key)
            || !(key.starts_with("aws:")
                || stack_tags.get(key).map(String::as_str).is_some_and(|it| Some(it) == value))
    };
    match tags {
        Document::Array(list) => {
            let own = list.iter().filter(|tag| {
                let text = |name: &str| tag.get(name).and_then(Document::as_str);
                is_own(text("Key").unwrap_or_default(), text("Value"))
            });
            Document::Array(own.cloned().collect())
        }
        Document::Object(map) => {
            let own = map.iter().filter(|(key, value)| is_own(key, value.as_str()));
            Document::Object(own.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        other => other.clone(),
    }
}
