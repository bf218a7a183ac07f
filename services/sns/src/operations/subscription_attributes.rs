//! Attributes of subscriptions (<https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html>).

use super::subscription;
use crate::Sns;
use crate::access::on_subscription;
use crate::delivery::{read_redrive, retry};
use crate::filter::{self, Scope};
use crate::reference::TopicReference;
use crate::refusal::{invalid, not_built, not_owner};
use crate::state::{Protocol, Subscription, Topic};
use api_sns::{
    Error, GetSubscriptionAttributes, GetSubscriptionAttributesOutput, SetSubscriptionAttributes,
    SetSubscriptionAttributesOutput,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<GetSubscriptionAttributes> for Sns {
    fn access(input: &GetSubscriptionAttributes, call: &Call, view: &View) -> Access {
        on_subscription("GetSubscriptionAttributes", &input.subscription_arn, call, view)
    }

    fn run(
        input: GetSubscriptionAttributes,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetSubscriptionAttributesOutput, Error> {
        let subscription = subscription(tx, &input.subscription_arn, call)?;
        owned(&subscription, call)?;
        let topic = TopicReference { scope: subscription.scope, name: subscription.topic.clone() };
        let topic = Topic::get(tx, &topic)?;
        let topic_policy = topic.as_ref().and_then(|topic| topic.attributes.get("DeliveryPolicy"));
        Ok(GetSubscriptionAttributesOutput {
            attributes: Some(shown(&subscription, topic_policy.map(String::as_str))),
        })
    }
}

/// Both the account that subscribed and the topic's account may read and change a subscription.
fn owned(subscription: &Subscription, call: &Call) -> Result<(), Error> {
    let account = call.principal.account();
    let owner = account == Some(subscription.owner) || account == Some(subscription.scope.account);
    if owner { Ok(()) } else { Err(not_owner()) }
}

fn shown(subscription: &Subscription, topic_policy: Option<&str>) -> BTreeMap<String, String> {
    let mut shown = subscription.attributes.clone();
    let mut put = |name: &str, value: String| shown.insert(name.to_owned(), value);
    put("SubscriptionArn", subscription.arn().to_string());
    put("TopicArn", subscription.topic_arn().to_string());
    put("Owner", subscription.owner.to_string());
    put("Protocol", subscription.protocol.as_str().to_owned());
    put("Endpoint", subscription.endpoint.clone());
    put("SubscriptionPrincipal", subscription.principal.clone());
    put("PendingConfirmation", (!subscription.is_confirmed()).to_string());
    put("ConfirmationWasAuthenticated", subscription.confirmed_signed.to_string());
    put("RawMessageDelivery", subscription.is_raw().to_string());
    if subscription.attributes.contains_key("FilterPolicy") {
        let scope = subscription.attributes.get("FilterPolicyScope").cloned();
        put("FilterPolicyScope", scope.unwrap_or_else(|| "MessageAttributes".into()));
    }
    if subscription.protocol == Protocol::Http {
        let own = subscription.attributes.get("DeliveryPolicy").map(String::as_str);
        put("EffectiveDeliveryPolicy", retry::effective_subscription_policy(topic_policy, own));
    }
    shown
}

impl Transact<SetSubscriptionAttributes> for Sns {
    fn access(input: &SetSubscriptionAttributes, call: &Call, view: &View) -> Access {
        on_subscription("SetSubscriptionAttributes", &input.subscription_arn, call, view)
    }

    fn run(
        input: SetSubscriptionAttributes,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<SetSubscriptionAttributesOutput, Error> {
        let mut subscription = subscription(tx, &input.subscription_arn, call)?;
        owned(&subscription, call)?;
        let value = input.attribute_value.unwrap_or_default();
        set(&mut subscription.attributes, subscription.protocol, &input.attribute_name, &value)?;
        check_filter(&subscription.attributes).map_err(invalid)?;
        let owner = names::Scope { account: subscription.owner, ..subscription.scope };
        check_redrive(&subscription.attributes, owner).map_err(invalid)?;
        tx.update(subscription)?;
        Ok(SetSubscriptionAttributesOutput {})
    }
}

/// Sets an attribute, or takes it back to its default where the value is empty. [`check_filter`] comes after.
pub(super) fn set(
    attributes: &mut BTreeMap<String, String>,
    protocol: Protocol,
    name: &str,
    value: &str,
) -> Result<(), Error> {
    match name {
        "FilterPolicy" | "FilterPolicyScope" => {}
        "RawMessageDelivery" => {
            if !matches!(value, "true" | "false") {
                return Err(invalid(format!(
                    "Attributes Reason: RawMessageDelivery: Invalid value [{value}]. Must be true or false."
                )));
            }
            if value == "true" && !matches!(protocol, Protocol::Http | Protocol::Sqs) {
                return Err(invalid(format!(
                    "Attributes Reason: Delivery protocol [{}] does not support raw message delivery.",
                    protocol.as_str()
                )));
            }
        }
        "DeliveryPolicy" if value.is_empty() => {}
        "DeliveryPolicy" if protocol != Protocol::Http => {
            return Err(invalid(format!(
                "DeliveryPolicy: Delivery protocol [{}] does not support delivery policies.",
                protocol.as_str()
            )));
        }
        "DeliveryPolicy" => retry::check_subscription_policy(value)
            .map_err(|why| invalid(format!("DeliveryPolicy: {why}")))?,
        "RedrivePolicy" if value.is_empty() => {}
        "RedrivePolicy" => {
            read_redrive(value).map(drop).map_err(|why| invalid(format!("RedrivePolicy: {why}")))?;
        }
        "ReplayPolicy" | "ReplayStatus" => return Err(not_built(name, "archives of FIFO topics are")),
        "SubscriptionRoleArn" => return Err(not_built(name, "delivery to Firehose streams is")),
        _ => return Err(invalid("AttributeName")),
    }
    let removes = value.is_empty() || (name == "FilterPolicy" && value.trim() == "{}");
    if removes {
        attributes.remove(name);
    } else {
        attributes.insert(name.to_owned(), value.to_owned());
    }
    Ok(())
}

/// Whether the dead-letter queue is where it must be: in the subscription's account, in the topic's region, and no FIFO queue.
pub(super) fn check_redrive(
    attributes: &BTreeMap<String, String>,
    owner: names::Scope,
) -> Result<(), String> {
    let Some(policy) = attributes.get("RedrivePolicy") else { return Ok(()) };
    let target = read_redrive(policy).map_err(|why| format!("RedrivePolicy: {why}"))?;
    if target.scope != owner {
        return Err("RedrivePolicy: must use the same AWS account and region as the subscription".to_owned());
    }
    if target.is_fifo() {
        return Err("RedrivePolicy: FIFO SQS Queues can not be the dead-letter queue of a subscription to a standard SNS topic".to_owned());
    }
    Ok(())
}

/// Whether the filter policy can be judged by, in its scope.
pub(super) fn check_filter(attributes: &BTreeMap<String, String>) -> Result<(), String> {
    let written = attributes.get("FilterPolicyScope").map(String::as_str);
    let scope = Scope::read(written).ok_or_else(|| {
        let written = written.unwrap_or_default();
        format!(
            "FilterPolicyScope: Invalid value [{written}]. Please use either MessageBody or MessageAttributes"
        )
    })?;
    let policy = attributes.get("FilterPolicy").map_or("", String::as_str);
    filter::parse(policy, scope).map(drop).map_err(|why: filter::Refused| format!("FilterPolicy: {why}"))
}
