//! One file a noun.

mod confirm;
mod permissions;
mod publish;
mod subscribe;
mod subscription_attributes;
mod subscriptions;
mod tags;
mod topic_attributes;
mod topics;
mod unsubscribe;

use crate::reference::{SubscriptionReference, TopicReference};
use crate::refusal::{no_subscription, no_topic};
use crate::state::{Subscription, Topic};
use api_sns::Error;
use contract::{Call, Principal};
use names::Region;
use store::View;

/// The region that the caller chose. One address serves all regions, and only signatures name one: unsigned links go where their ARN says.
fn region(call: &Call) -> Option<Region> {
    (call.principal != Principal::Anonymous).then_some(call.region)
}

/// The topic with an ARN, in the region that was called.
pub(crate) fn topic(view: &View, parameter: &str, arn: &str, call: &Call) -> Result<Topic, Error> {
    let reference = match region(call) {
        Some(region) => TopicReference::read_in(parameter, arn, region)?,
        None => TopicReference::read(parameter, arn)?,
    };
    Topic::get(view, &reference)?.ok_or_else(no_topic)
}

/// The subscription with an ARN, in the region that was called.
fn subscription(view: &View, arn: &str, call: &Call) -> Result<Subscription, Error> {
    let reference = match region(call) {
        Some(region) => SubscriptionReference::read_in(arn, region)?,
        None => SubscriptionReference::read(arn)?,
    };
    let found = Subscription::get(view, &reference)?.filter(|found| found.is_there(call.now));
    found.ok_or_else(no_subscription)
}
