//! Lists of subscriptions.

use super::topic;
use crate::Sns;
use crate::access::{on_all, on_topic};
use crate::page::page;
use crate::state::Subscription;
use api_sns::{
    Error, ListSubscriptions, ListSubscriptionsByTopic, ListSubscriptionsByTopicOutput,
    ListSubscriptionsOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ListSubscriptions> for Sns {
    fn access(_: &ListSubscriptions, call: &Call, _: &View) -> Access {
        on_all("ListSubscriptions", call)
    }

    /// Those of the caller's account, to whosever topics.
    fn run(input: ListSubscriptions, call: &Call, tx: &mut Tx) -> Result<ListSubscriptionsOutput, Error> {
        let own =
            tx.by_global_index::<Subscription>("owner", (call.account.as_str(), call.region.as_str()))?;
        let (subscriptions, next_token) =
            page("subscriptions", input.next_token.as_deref(), keyed(own, call))?;
        Ok(ListSubscriptionsOutput { subscriptions: Some(subscriptions), next_token })
    }
}

impl Transact<ListSubscriptionsByTopic> for Sns {
    fn access(input: &ListSubscriptionsByTopic, call: &Call, view: &View) -> Access {
        on_topic("ListSubscriptionsByTopic", &input.topic_arn, call, view)
    }

    fn run(
        input: ListSubscriptionsByTopic,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListSubscriptionsByTopicOutput, Error> {
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let all = Subscription::of_topic(tx, topic.scope, &topic.name)?;
        let list = format!("subscriptions of {}", topic.name);
        let (subscriptions, next_token) = page(&list, input.next_token.as_deref(), keyed(all, call))?;
        Ok(ListSubscriptionsByTopicOutput { subscriptions: Some(subscriptions), next_token })
    }
}

fn keyed(subscriptions: Vec<Subscription>, call: &Call) -> Vec<(String, api_sns::Subscription)> {
    let there = subscriptions.into_iter().filter(|subscription| subscription.is_there(call.now));
    there.map(|subscription| (subscription.arn().to_string(), shown(subscription))).collect()
}

fn shown(subscription: Subscription) -> api_sns::Subscription {
    let arn = if subscription.is_confirmed() {
        subscription.arn().to_string()
    } else {
        "PendingConfirmation".into()
    };
    api_sns::Subscription {
        subscription_arn: Some(arn),
        owner: Some(subscription.owner.to_string()),
        protocol: Some(subscription.protocol.as_str().to_owned()),
        topic_arn: Some(subscription.topic_arn().to_string()),
        endpoint: Some(subscription.endpoint),
    }
}
