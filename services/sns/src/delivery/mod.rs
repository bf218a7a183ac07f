//! Deliveries: a durable task each, tried again as AWS does (<https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html>).

mod envelope;
mod http;
mod lambda;
mod mail;
mod queue;
mod relay;
pub(crate) mod retry;
mod target;

pub(crate) use queue::{QueueTarget, dead_letter_target, read_redrive};
pub(crate) use target::Target;

use crate::Settings;
use crate::message::Attribute;
use crate::metrics::{self, Tried};
use crate::reference::{SubscriptionReference, TopicReference};
use crate::state::{Protocol, Standing, Subscription, Topic};
use contract::{Call, Context, Outcome, Task, TaskHandler};
use names::{Scope, Timestamp};
use retry::Retries;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};

const KIND: &str = "sns.deliver";

/// What is to be delivered to a subscription.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delivery {
    topic: String,
    subscription: String,
    content: Content,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Content {
    /// The endpoint is asked to confirm with a token, or is told that it was unsubscribed and may come back with it.
    Token(Asked),
    Notification(Published),
}

/// A message with a token.
#[derive(Clone, Serialize, Deserialize)]
struct Asked {
    id: String,
    token: String,
    at: Timestamp,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asked({}, token ***)", self.id)
    }
}

/// A published message, as one subscription gets it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Published {
    pub(crate) id: String,
    pub(crate) subject: Option<String>,
    pub(crate) body: String,
    pub(crate) attributes: BTreeMap<String, Attribute>,
    pub(crate) at: Timestamp,
    pub(crate) signature_version: String,
    /// For fair queues.
    #[serde(default)]
    pub(crate) group: Option<String>,
}

impl Delivery {
    pub(crate) fn confirmation(subscription: &Subscription, token: String, call: &Call) -> Self {
        Self::of(subscription, Content::Token(Asked { id: call.entropy.uuid(), token, at: call.now }))
    }

    pub(crate) fn notification(subscription: &Subscription, published: Published) -> Self {
        Self::of(subscription, Content::Notification(published))
    }

    fn of(subscription: &Subscription, content: Content) -> Self {
        Self { topic: subscription.topic.clone(), subscription: subscription.id.clone(), content }
    }

    /// Will be delivered once the transaction is committed.
    pub(crate) fn enqueue(&self, id: &str, scope: Scope, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
        Task::new(KIND, id, scope, call.now, self)?.through(call.chain.clone()).enqueue(tx)
    }
}

/// Why a delivery was not made.
struct Failed {
    why: String,
    /// It may be made later. What the endpoint refuses for good is not tried again.
    again: bool,
}

/// Delivers.
pub(crate) struct Deliver {
    settings: Settings,
}

impl Deliver {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings }
    }
}

#[async_trait::async_trait]
impl TaskHandler for Deliver {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match self.deliver(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(task = task.id, %error, "a delivery cannot be read from the store; it will be tried again");
                Outcome::Again(context.clock.now().plus(std::time::Duration::from_secs(5)), None)
            }
        }
    }
}

impl Deliver {
    async fn deliver(&self, task: &Task, context: &Context) -> Result<Outcome, StoreError> {
        let delivery: Delivery = task.payload()?;
        let found = {
            let view = context.store.view();
            let topic = TopicReference { scope: task.scope, name: delivery.topic.clone() };
            let reference = SubscriptionReference { topic: topic.clone(), id: delivery.subscription.clone() };
            Topic::get(&view, &topic)?.zip(Subscription::get(&view, &reference)?)
        };
        // Deleted, confirmed or unsubscribed meanwhile: then nobody waits for it.
        let Some((topic, subscription)) = found.filter(|(_, found)| delivery.content.suits(found.standing))
        else {
            return Ok(Outcome::done());
        };
        let own = subscription.attributes.get("DeliveryPolicy").map(String::as_str);
        let policies = retry::resolve(topic.attributes.get("DeliveryPolicy").map(String::as_str), own);
        let (retries, result) = match subscription.protocol {
            Protocol::Email | Protocol::EmailJson => {
                return Ok(self.mail(task, &delivery, &topic, &subscription, context).await);
            }
            Protocol::Lambda => {
                (Retries::AWS_MANAGED, lambda::deliver(task, &delivery.content, &subscription, context).await)
            }
            Protocol::Sqs => {
                let target = QueueTarget::read(&subscription.endpoint);
                let sent = queue::deliver(task, &delivery.content, &subscription, target, context).await;
                (Retries::AWS_MANAGED, sent)
            }
            Protocol::Http => {
                let content_type = policies.content_type.as_deref();
                (
                    policies.retries,
                    http::deliver(&delivery.content, &subscription, content_type, context).await,
                )
            }
        };
        // Told with the end of the try, so that one that is made again counts once.
        let counts = |what: &[Tried]| metrics::counts(&topic, delivery.content.counted(what));
        let Err(failed) = result else { return Ok(Outcome::Done(Some(counts(&[Tried::Delivered])))) };
        let is_http = subscription.protocol == Protocol::Http;
        // Over HTTP each try counts, elsewhere the end.
        let failed_once = || counts(if is_http { &[Tried::Failed] } else { &[] });
        let next = retries.next(task.attempt, context.clock.now()).filter(|_| failed.again);
        if next.is_none()
            && let Some(target) = dead_letter_target(&subscription)
        {
            let buried = bury(task, &delivery.content, &subscription, target, &failed.why, context).await;
            return Ok(match buried {
                Buried::There => Outcome::Done(Some(counts(&[Tried::Failed, Tried::Redriven]))),
                Buried::Lost => Outcome::Done(Some(counts(&[Tried::Failed, Tried::NotRedriven]))),
                Buried::Later(moment) => Outcome::Again(moment, Some(failed_once())),
            });
        }
        let subscription = subscription.arn();
        match next {
            Some(moment) => {
                tracing::info!(%subscription, why = failed.why, attempt = task.attempt, "a delivery failed and will be tried again");
                Ok(Outcome::Again(moment, Some(failed_once())))
            }
            None => {
                tracing::warn!(%subscription, why = failed.why, attempt = task.attempt, "a delivery failed for good; its message is dropped");
                Ok(Outcome::Done(Some(counts(&[Tried::Failed]))))
            }
        }
    }

    /// The local mailbox gets it at once; a folder and a relay get it too, where they are set, again and again until they take it.
    async fn mail(
        &self,
        task: &Task,
        delivery: &Delivery,
        topic: &Topic,
        to: &Subscription,
        context: &Context,
    ) -> Outcome {
        let mail = mail::compose(task, &delivery.content, topic, to, &context.endpoint);
        let result = relay::pass_on(&mail, &self.settings).await;
        let effect = move |_: &Call, tx: &mut Tx| tx.put(mail.clone());
        let counts = |what: &[Tried]| metrics::counts(topic, delivery.content.counted(what));
        let Err(why) = result else {
            let delivered = counts(&[Tried::Delivered]);
            return Outcome::done_with(move |call, tx| effect(call, tx).and_then(|()| delivered(call, tx)));
        };
        match Retries::MAIL.next(task.attempt, context.clock.now()) {
            Some(moment) => {
                tracing::warn!(
                    task = task.id,
                    why,
                    "a mail is in the local mailbox, and could not be passed on; it will be tried again"
                );
                // Only the first try writes the mailbox, so that emptying it is not undone.
                let effect = (task.attempt == 0).then(|| Box::new(effect) as contract::Effect);
                Outcome::Again(moment, effect)
            }
            None => {
                tracing::error!(
                    task = task.id,
                    why,
                    "a mail could not be passed on, and will not be tried again"
                );
                Outcome::Done(Some(counts(&[Tried::Failed])))
            }
        }
    }
}

/// What became of what could not be delivered.
enum Buried {
    There,
    Lost,
    Later(Timestamp),
}

/// Sends what could not be delivered to the subscription's dead-letter queue.
async fn bury(
    task: &Task,
    content: &Content,
    subscription: &Subscription,
    target: QueueTarget,
    why: &str,
    context: &Context,
) -> Buried {
    let arn = subscription.arn();
    match queue::deliver(task, content, subscription, Some(target), context).await {
        Ok(()) => {
            tracing::info!(subscription = %arn, why, "a delivery failed for good; its message is in the dead-letter queue");
            Buried::There
        }
        Err(failed) if failed.again => {
            Buried::Later(context.clock.now().plus(std::time::Duration::from_secs(20)))
        }
        Err(failed) => {
            tracing::warn!(subscription = %arn, why, dead_letter = failed.why, "a delivery failed for good, and so did the one to its dead-letter queue; its message is dropped");
            Buried::Lost
        }
    }
}

impl Content {
    /// Only notifications count.
    fn counted<'a>(&self, what: &'a [Tried]) -> &'a [Tried] {
        match self {
            Self::Notification(_) => what,
            Self::Token(_) => &[],
        }
    }

    /// Whether a subscription that stands so still waits for it.
    fn suits(&self, standing: Standing) -> bool {
        match self {
            Self::Notification(_) => standing == Standing::Confirmed,
            Self::Token(_) => standing != Standing::Confirmed,
        }
    }
}
