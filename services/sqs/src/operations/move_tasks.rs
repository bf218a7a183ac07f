//! StartMessageMoveTask, CancelMessageMoveTask and ListMessageMoveTasks: the redrive of dead letters.

use super::dead_letters::sources;
use crate::Sqs;
use crate::access::{checks, on_arn};
use crate::mailbox::count;
use crate::redrive;
use crate::reference::QueueReference;
use crate::refusal::{invalid, invalid_value};
use crate::state::{MoveTask, Queue, Status};
use api_sqs::{
    CancelMessageMoveTask, CancelMessageMoveTaskOutput, Error, ListMessageMoveTasks,
    ListMessageMoveTasksOutput, ListMessageMoveTasksResultEntry, ResourceNotFoundException,
    StartMessageMoveTask, StartMessageMoveTaskOutput, UnsupportedOperation,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::{Access, Call, Transact};
use names::{Scope, Timestamp};
use store::{Tx, View};
use wire::{Document, document};

impl Transact<StartMessageMoveTask> for Sqs {
    /// Whoever redrives must be allowed to receive and delete there, and to send to where messages go
    /// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html>).
    fn access(input: &StartMessageMoveTask, call: &Call, view: &View) -> Access {
        let mut access = on_arn("StartMessageMoveTask", &input.source_arn, call, view);
        let Some(source) = QueueReference::of_arn(&input.source_arn) else { return access };
        let mut further = Vec::new();
        for action in ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"] {
            further.extend(checks(action, &source, call, view));
        }
        match &input.destination_arn {
            Some(arn) => further.extend(
                QueueReference::of_arn(arn).iter().flat_map(|queue| checks("SendMessage", queue, call, view)),
            ),
            None => {
                let found = Queue::get(view, &source).ok().flatten();
                let origins = found.and_then(|queue| sources(&queue, view).ok()).unwrap_or_default();
                let references = origins.iter().map(Queue::reference);
                further.extend(references.flat_map(|queue| checks("SendMessage", &queue, call, view)));
            }
        }
        for check in further {
            access = access.and(check);
        }
        access
    }

    fn run(
        input: StartMessageMoveTask,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<StartMessageMoveTaskOutput, Error> {
        if let Some(rate) = input.max_number_of_messages_per_second.filter(|rate| !(1..=500).contains(rate)) {
            return Err(invalid_value(
                rate,
                "MaxNumberOfMessagesPerSecond",
                "Must be between 1 and 500, if provided.",
            ));
        }
        let source = owned(&input.source_arn, "SourceArn", call)?;
        let source = Queue::get(tx, &source)?.ok_or_else(no_resource)?;
        if sources(&source, tx)?.is_empty() {
            return Err(invalid("Source queue must be configured as a Dead Letter Queue."));
        }
        if let Some(arn) = &input.destination_arn {
            let destination = owned(arn, "DestinationArn", call)?;
            let destination = Queue::get(tx, &destination)?.ok_or_else(no_resource)?;
            if destination.name == source.name {
                return Err(invalid("Source queue arn and destination queue arn cannot be the same."));
            }
            if destination.is_fifo() != source.is_fifo() {
                return Err(invalid("Source queue and destination queue must be of the same type."));
            }
        }
        if tasks(source.scope, &source.name, tx)?.iter().any(|task| task.status.is_active()) {
            return Err(UnsupportedOperation::new("There is already a task running. Only one active task is allowed for a source queue arn at a given time.").into());
        }
        let counts = count(&source, call.now, tx)?;
        let task = MoveTask {
            scope: source.scope,
            source: source.name.clone(),
            started: call.now,
            id: call.entropy.uuid(),
            status: Status::Running,
            source_arn: input.source_arn,
            destination_arn: input.destination_arn,
            rate: input.max_number_of_messages_per_second,
            moved: 0,
            to_move: i64::try_from(counts.visible).unwrap_or(i64::MAX),
            failure: None,
        };
        redrive::enqueue(&task, call, tx)?;
        let task_handle = Some(handle(&task));
        tx.insert(task)?;
        Ok(StartMessageMoveTaskOutput { task_handle })
    }
}

/// A queue of the caller's account and of the call's region.
fn owned(arn: &str, parameter: &str, call: &Call) -> Result<QueueReference, Error> {
    let queue = QueueReference::of_arn(arn).ok_or_else(|| {
        invalid(format!("You must use this format to specify the {parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>"))
    })?;
    if queue.scope != call.scope() {
        return Err(no_resource());
    }
    Ok(queue)
}

fn no_resource() -> Error {
    ResourceNotFoundException::new(
        "The resource that you specified for the SourceArn parameter doesn't exist.",
    )
    .into()
}

/// All that are kept of a source, newest first.
fn tasks(scope: Scope, source: &str, view: &View) -> Result<Vec<MoveTask>, Error> {
    Ok(view.scan::<MoveTask>(scope, (source,)).reverse().limit(50).rows()?)
}

fn handle(task: &MoveTask) -> String {
    let text = document!({
        "taskId": (task.id.as_str()),
        "started": (task.started.millis()),
        "sourceArn": (task.source_arn.as_str()),
    });
    STANDARD.encode(text.to_string())
}

/// The source, start and id that a handle holds.
fn read_handle(handle: &str) -> Option<(String, Timestamp, String)> {
    if handle.len() > 2048 {
        return None;
    }
    let document = Document::parse_bytes(&STANDARD.decode(handle).ok()?).ok()?;
    let text = |name: &str| document.get(name)?.as_str().map(str::to_owned);
    Some((text("sourceArn")?, Timestamp::from_millis(document.get("started")?.as_i64()?), text("taskId")?))
}

impl Transact<CancelMessageMoveTask> for Sqs {
    fn access(input: &CancelMessageMoveTask, call: &Call, view: &View) -> Access {
        match read_handle(&input.task_handle) {
            Some((source, ..)) => on_arn("CancelMessageMoveTask", &source, call, view),
            None => Access::to("sqs:CancelMessageMoveTask"),
        }
    }

    fn run(
        input: CancelMessageMoveTask,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CancelMessageMoveTaskOutput, Error> {
        let (source, started, id) = read_handle(&input.task_handle)
            .ok_or_else(|| invalid_value(&input.task_handle, "TaskHandle", "It is no task handle."))?;
        let gone = || Error::from(ResourceNotFoundException::new("Task does not exist."));
        let source = owned(&source, "SourceArn", call)?;
        let task: Option<MoveTask> = tx.get(source.scope, (&source.name, started, &id))?;
        let mut task = task.ok_or_else(gone)?;
        if task.status != Status::Running {
            return Err(UnsupportedOperation::new("Only active tasks can be cancelled.").into());
        }
        task.status = Status::Cancelling;
        let approximate_number_of_messages_moved = Some(task.moved);
        tx.update(task)?;
        Ok(CancelMessageMoveTaskOutput { approximate_number_of_messages_moved })
    }
}

impl Transact<ListMessageMoveTasks> for Sqs {
    fn access(input: &ListMessageMoveTasks, call: &Call, view: &View) -> Access {
        on_arn("ListMessageMoveTasks", &input.source_arn, call, view)
    }

    fn run(
        input: ListMessageMoveTasks,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListMessageMoveTasksOutput, Error> {
        let most = input.max_results.unwrap_or(1);
        if !(1..=10).contains(&most) {
            return Err(invalid_value(most, "MaxResults", "Must be between 1 and 10, if provided."));
        }
        let source = owned(&input.source_arn, "SourceArn", call)?;
        Queue::get(tx, &source)?.ok_or_else(no_resource)?;
        let mut tasks = tasks(source.scope, &source.name, tx)?;
        tasks.truncate(usize::try_from(most).unwrap_or(1));
        let results: Vec<ListMessageMoveTasksResultEntry> = tasks.iter().map(entry).collect();
        Ok(ListMessageMoveTasksOutput { results: Some(results).filter(|results| !results.is_empty()) })
    }
}

fn entry(task: &MoveTask) -> ListMessageMoveTasksResultEntry {
    ListMessageMoveTasksResultEntry {
        task_handle: (task.status == Status::Running).then(|| handle(task)),
        status: Some(task.status.as_str().into()),
        source_arn: Some(task.source_arn.clone()),
        destination_arn: task.destination_arn.clone(),
        max_number_of_messages_per_second: task.rate,
        approximate_number_of_messages_moved: Some(task.moved),
        approximate_number_of_messages_to_move: Some(task.to_move),
        failure_reason: task.failure.clone(),
        started_timestamp: Some(task.started.millis()),
    }
}
