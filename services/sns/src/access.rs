//! What calls on topics need: the action on the topic's ARN, judged by the topic's policy too.

use crate::reference::{SubscriptionReference, TopicReference};
use crate::state::Topic;
use contract::{Access, Call, Principal};
use policy::ResourcePolicy;
use store::View;

/// Services whose calls carry `AWS:SourceOwner`, so that a topic's default policy lets them in
/// (<https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html#source-account-versus-source-owner>). Newer ones, and
/// the account's own users and roles, have no such key: they need a policy that names them.
const SOURCE_OWNER: &[&str] = &[
    "cloudwatch.amazonaws.com",
    "apigateway.amazonaws.com",
    "elasticache.amazonaws.com",
    "glacier.amazonaws.com",
    "redshift.amazonaws.com",
    "ses.amazonaws.com",
];

/// An action on a topic.
pub(crate) fn on_topic(action: &str, topic_arn: &str, call: &Call, view: &View) -> Access {
    match TopicReference::read("TopicArn", topic_arn) {
        Ok(topic) => on_reference(action, &topic, call, view),
        // What is no topic's ARN is told to those who may do the action at all.
        Err(_) => Access::to(format!("sns:{action}")),
    }
}

/// An action on a subscription: AWS judges it on the topic.
pub(crate) fn on_subscription(action: &str, subscription_arn: &str, call: &Call, view: &View) -> Access {
    match SubscriptionReference::read(subscription_arn) {
        Ok(subscription) => on_reference(action, &subscription.topic, call, view),
        Err(_) => Access::to(format!("sns:{action}")),
    }
}

pub(crate) fn on_reference(action: &str, topic: &TopicReference, call: &Call, view: &View) -> Access {
    let access = Access::on(format!("sns:{action}"), topic.arn());
    // A store that cannot be read grants nothing: `run` then fails on the same read.
    let found = Topic::get(view, topic).ok().flatten();
    let policy = match found.as_ref().map(Topic::policy) {
        None => None,
        Some(Ok(policy)) => policy.map(|document| ResourcePolicy::new(&topic.arn().to_string(), document)),
        // None is stored unread. One that cannot be read all the same might deny: then nothing is allowed.
        Some(Err(error)) => {
            tracing::error!(topic = %topic.arn(), error = error.message(), "a stored topic policy cannot be read: all calls on the topic are denied");
            return Access::default();
        }
    };
    let mut access = access.with_policy(topic.scope.account, policy);
    if let Principal::Service(service) = &call.principal
        && SOURCE_OWNER.contains(&service.name.as_str())
    {
        access = access.with("AWS:SourceOwner", [service.source_account.as_str()]);
    }
    match found {
        Some(found) => access.with_resource_tags(&found.tags),
        None => access,
    }
}

/// An action on all topics of the account and region.
pub(crate) fn on_all(action: &str, call: &Call) -> Access {
    Access::on(format!("sns:{action}"), names::Arn::new("sns", call.scope(), "*"))
}
