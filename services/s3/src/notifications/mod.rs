//! Event notifications: what happens to objects is told to queues, topics, functions and EventBridge.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html>
//!
//! Each event is a durable task, enqueued in the transaction that it tells of: exactly the acknowledged changes are told, at least once.

mod deliver;
mod destination;
mod record;

pub(crate) use deliver::Deliver;
pub(crate) use destination::{refused, validate};
pub(crate) use record::SERVICE;

use crate::state::{Bucket, Destination, Object};
use contract::{Call, Task};
use deliver::Delivery;
use record::Happened;
use store::{StoreError, Tx};

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    Put,
    Post,
    Copy,
    CompleteMultipartUpload,
    Delete,
    DeleteMarkerCreated,
    Expired,
    ExpiredToMarker,
    TagsPut,
    TagsDeleted,
    AclPut,
}

impl Event {
    /// As S3 names it, without `s3:`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Put => "ObjectCreated:Put",
            Self::Post => "ObjectCreated:Post",
            Self::Copy => "ObjectCreated:Copy",
            Self::CompleteMultipartUpload => "ObjectCreated:CompleteMultipartUpload",
            Self::Delete => "ObjectRemoved:Delete",
            Self::DeleteMarkerCreated => "ObjectRemoved:DeleteMarkerCreated",
            Self::Expired => "LifecycleExpiration:Delete",
            Self::ExpiredToMarker => "LifecycleExpiration:DeleteMarkerCreated",
            Self::TagsPut => "ObjectTagging:Put",
            Self::TagsDeleted => "ObjectTagging:Delete",
            Self::AclPut => "ObjectAcl:Put",
        }
    }
}

/// Tells whoever the bucket's configuration names, once the transaction is committed. `object` is what was made, changed or removed.
pub(crate) fn tell(
    tx: &mut Tx,
    call: &Call,
    bucket: &Bucket,
    event: Event,
    object: &Object,
) -> Result<(), StoreError> {
    let notification = &bucket.notification;
    if notification.rules.is_empty() && !notification.event_bridge {
        return Ok(());
    }
    let happened = Happened { event, bucket, object, call, commit: tx.view().sequence() };
    for rule in notification.rules.iter().filter(|rule| rule.wants(event.name(), &object.key)) {
        let message = happened.message(&rule.id);
        let delivery = Delivery::Event { to: rule.destination.clone(), message };
        enqueue(tx, call, bucket, &delivery)?;
    }
    if notification.event_bridge {
        let (detail_type, detail) = happened.for_event_bridge();
        enqueue(tx, call, bucket, &Delivery::Bridge { detail_type, detail, at: call.now })?;
    }
    Ok(())
}

fn enqueue(tx: &mut Tx, call: &Call, bucket: &Bucket, delivery: &Delivery) -> Result<(), StoreError> {
    let work = deliver::Work { bucket: bucket.name.clone(), delivery: delivery.clone() };
    let id = call.entropy.uuid();
    Task::new(deliver::KIND, id, bucket.scope, call.now, &work)?.through(call.chain.clone()).enqueue(tx)
}

/// Whom the service acts as when it tells: itself, for the bucket.
fn principal(scope: names::Scope, bucket: &str) -> contract::Principal {
    contract::Principal::service(SERVICE, scope.account, Some(names::Arn::bare("s3", bucket)))
}

/// The queue's URL here.
fn queue_url(endpoint: &str, queue: &names::Arn) -> String {
    let account = queue.account.map(|account| account.to_string()).unwrap_or_default();
    format!("{endpoint}/{account}/{}", queue.resource)
}

impl Destination {
    /// Where it is.
    fn scope(&self) -> Option<names::Scope> {
        self.arn().scope()
    }
}
