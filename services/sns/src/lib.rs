//! SNS: topics, subscriptions, and messages that are delivered to functions, queues, loopback HTTP endpoints and a local mailbox.
//!
//! What it is: every operation on topics and subscriptions, filter policies, durable deliveries with AWS's retries (a [`contract::Task`] each,
//! enqueued in the transaction of the Publish), and the mailbox page `/_cloudchamber/mail`.
//!
//! Who publishes to a topic with a `KmsMasterKeyId` must be allowed to use that key.
//!
//! What it is not: it sends no SMS or mobile push, has no FIFO topics and no delivery to streams, and makes requests only to loopback addresses over plain HTTP. Messages are not signed: `Signature` and `SigningCertURL` are empty, never made up.
//! Each of these is refused where it is asked for.

mod access;
mod cloudformation;
mod delivery;
mod encryption;
mod filter;
mod mailbox;
mod message;
mod metrics;
mod operations;
mod page;
mod reference;
mod refusal;
mod settings;
mod state;
mod tags;

pub use settings::Settings;

use api_sns::{
    AddPermission, ConfirmSubscription, CreateTopic, DeleteTopic, GetSubscriptionAttributes,
    GetTopicAttributes, ListSubscriptions, ListSubscriptionsByTopic, ListTagsForResource, ListTopics,
    Publish, PublishBatch, RemovePermission, SetSubscriptionAttributes, SetTopicAttributes, Subscribe,
    TagResource, Unsubscribe, UntagResource,
};
use contract::Registration;
use std::sync::Arc;

/// The service, whose operations are transactions.
pub(crate) struct Sns;

/// SNS's table of contents.
#[must_use]
pub fn registration(settings: Settings) -> Registration {
    let sns = Arc::new(Sns);
    Registration::new(&api_sns::SERVICE)
        .anonymous()
        .transact::<Sns, CreateTopic>()
        .transact::<Sns, DeleteTopic>()
        .transact::<Sns, ListTopics>()
        .transact::<Sns, GetTopicAttributes>()
        .transact::<Sns, SetTopicAttributes>()
        .transact::<Sns, AddPermission>()
        .transact::<Sns, RemovePermission>()
        .transact::<Sns, Subscribe>()
        .transact::<Sns, ConfirmSubscription>()
        .transact::<Sns, Unsubscribe>()
        .transact::<Sns, ListSubscriptions>()
        .transact::<Sns, ListSubscriptionsByTopic>()
        .transact::<Sns, GetSubscriptionAttributes>()
        .transact::<Sns, SetSubscriptionAttributes>()
        .transact_data_prepared::<Sns, Publish>(&sns)
        .transact_data_prepared::<Sns, PublishBatch>(&sns)
        .transact::<Sns, TagResource>()
        .transact::<Sns, UntagResource>()
        .transact::<Sns, ListTagsForResource>()
        .resource::<state::Topic>()
        .handler(cloudformation::TopicHandler)
        .handler(cloudformation::TopicPolicyHandler)
        .handler(cloudformation::SubscriptionHandler)
        .task(delivery::Deliver::new(settings))
        .route(mailbox::Mailbox)
}
