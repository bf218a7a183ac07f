//! Subscribe.

use super::{subscription_attributes, topic};
use crate::Sns;
use crate::access::on_topic;
use crate::delivery::Delivery;
use crate::refusal::{invalid, not_built};
use crate::state::{Protocol, Standing, Subscription, Topic};
use api_sns::{Error, FilterPolicyLimitExceededException, Subscribe, SubscribeOutput};
use contract::{Access, Call, Transact};
use names::Arn;
use std::collections::BTreeMap;
use store::{Tx, View};

/// The most filter policies of a topic.
const FILTERS: usize = 200;

impl Transact<Subscribe> for Sns {
    fn access(input: &Subscribe, call: &Call, view: &View) -> Access {
        let access = on_topic("Subscribe", &input.topic_arn, call, view)
            .with("sns:Protocol", [input.protocol.clone()]);
        match &input.endpoint {
            Some(endpoint) => access.with("sns:Endpoint", [endpoint.clone()]),
            None => access,
        }
    }

    fn run(input: Subscribe, call: &Call, tx: &mut Tx) -> Result<SubscribeOutput, Error> {
        let protocol = read_protocol(&input.protocol)?;
        let endpoint = input.endpoint.filter(|endpoint| !endpoint.is_empty());
        let endpoint = endpoint.ok_or_else(|| invalid("Endpoint Reason: no value for required parameter"))?;
        check_endpoint(protocol, &endpoint)?;
        let mut attributes = BTreeMap::new();
        for (name, value) in input.attributes.unwrap_or_default() {
            subscription_attributes::set(&mut attributes, protocol, &name, &value)?;
        }
        subscription_attributes::check_filter(&attributes)
            .map_err(|why| invalid(format!("Attributes Reason: {why}")))?;
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let owner =
            names::Scope { account: call.principal.account().unwrap_or(topic.scope.account), ..topic.scope };
        subscription_attributes::check_redrive(&attributes, owner)
            .map_err(|why| invalid(format!("Attributes Reason: {why}")))?;
        let same = tx.by_index::<Subscription>(
            topic.scope,
            "endpoint",
            (&topic.name, protocol.as_str(), &endpoint),
        )?;
        let (there, over): (Vec<_>, Vec<_>) = same.into_iter().partition(|known| known.is_there(call.now));
        // What nobody confirmed in time, or what was ended by a link, must not come back beside the new one.
        for over in over {
            tx.remove::<Subscription>(over.scope, (&over.topic, &over.id))?;
        }
        let known = there.into_iter().next();
        let subscription = match known {
            Some(known) if !attributes.is_empty() && known.attributes != attributes => {
                return Err(invalid(
                    "Attributes Reason: Subscription already exists with different attributes",
                ));
            }
            Some(known) => known,
            None => new(&topic, protocol, endpoint, attributes, call, tx)?,
        };
        let arn = subscription.arn().to_string();
        if subscription.is_confirmed() {
            tx.put(subscription)?;
            return Ok(SubscribeOutput { subscription_arn: Some(arn) });
        }
        ask(subscription, call, tx)?;
        let shown =
            if input.return_subscription_arn == Some(true) { arn } else { "pending confirmation".into() };
        Ok(SubscribeOutput { subscription_arn: Some(shown) })
    }
}

fn new(
    topic: &Topic,
    protocol: Protocol,
    endpoint: String,
    attributes: BTreeMap<String, String>,
    call: &Call,
    view: &View,
) -> Result<Subscription, Error> {
    if attributes.contains_key("FilterPolicy") {
        let all = Subscription::of_topic(view, topic.scope, &topic.name)?;
        let filters =
            all.iter().filter(|it| it.is_there(call.now) && it.attributes.contains_key("FilterPolicy"));
        if filters.count() >= FILTERS {
            return Err(FilterPolicyLimitExceededException::new(
                "The number of filter polices in your AWS account exceeds the limit.",
            )
            .into());
        }
    }
    // Whoever may subscribe a function or queue of its own account need not confirm that; all others are asked.
    let own_endpoint = matches!(protocol, Protocol::Lambda | Protocol::Sqs)
        && endpoint
            .parse::<Arn>()
            .is_ok_and(|arn| arn.account == Some(call.account) && call.principal.account() == arn.account);
    Ok(Subscription {
        scope: topic.scope,
        topic: topic.name.clone(),
        id: call.entropy.uuid(),
        owner: call.principal.account().unwrap_or(topic.scope.account),
        principal: call.principal.arn(),
        protocol,
        endpoint,
        standing: if own_endpoint { Standing::Confirmed } else { Standing::Pending },
        confirmed_signed: own_endpoint,
        authenticate_on_unsubscribe: false,
        tokens: Vec::new(),
        attributes,
    })
}

/// Sends the endpoint a token with which it can confirm.
pub(super) fn ask(mut subscription: Subscription, call: &Call, tx: &mut Tx) -> Result<(), Error> {
    let token = call.entropy.hex(192);
    subscription.expect_token(&token, call.now);
    Delivery::confirmation(&subscription, token, call).enqueue(
        &call.entropy.uuid(),
        subscription.scope,
        call,
        tx,
    )?;
    Ok(tx.put(subscription)?)
}

fn read_protocol(text: &str) -> Result<Protocol, Error> {
    match text {
        "email" => Ok(Protocol::Email),
        "email-json" => Ok(Protocol::EmailJson),
        "http" => Ok(Protocol::Http),
        "lambda" => Ok(Protocol::Lambda),
        "sqs" => Ok(Protocol::Sqs),
        "https" => Err(not_built("Protocol", "delivery over https (use http to a loopback address) is")),
        "sms" => Err(not_built("Protocol", "delivery by SMS is")),
        "application" => Err(not_built("Protocol", "delivery to mobile applications is")),
        "firehose" => Err(not_built("Protocol", "delivery to Firehose streams is")),
        other => Err(invalid(format!("Amazon SNS does not support this protocol string: {other}"))),
    }
}

fn check_endpoint(protocol: Protocol, endpoint: &str) -> Result<(), Error> {
    match protocol {
        Protocol::Email | Protocol::EmailJson if is_mail_address(endpoint) => Ok(()),
        Protocol::Email | Protocol::EmailJson => Err(invalid("Email address")),
        Protocol::Lambda => {
            let arn: Option<Arn> = endpoint.parse().ok();
            let function =
                arn.filter(|arn| arn.service == "lambda" && arn.scope().is_some() && arn.region.is_some());
            match function.as_ref().and_then(|arn| arn.resource_after("function:")) {
                Some(name) if !name.is_empty() => Ok(()),
                _ => Err(invalid("Lambda endpoint ARN")),
            }
        }
        Protocol::Sqs => match crate::delivery::QueueTarget::read(endpoint) {
            None => Err(invalid("SQS endpoint ARN")),
            Some(queue) if queue.is_fifo() => {
                Err(invalid("Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"))
            }
            Some(_) => Ok(()),
        },
        Protocol::Http => match crate::delivery::Target::read(endpoint) {
            Ok(_) => Ok(()),
            Err(why) => Err(invalid(why)),
        },
    }
}

/// A plain `local@domain`: nothing that could end a header line or add a recipient.
fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let in_local = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !label.is_empty() && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let dots = local.starts_with('.') || local.ends_with('.') || local.contains("..");
    text.len() <= 320
        && !local.is_empty()
        && !dots
        && local.bytes().all(in_local)
        && domain.contains('.')
        && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_fit_their_protocols() {
        let refused = |protocol, endpoint: &str| check_endpoint(protocol, endpoint).unwrap_err().to_string();
        for address in ["ann@example.com", "a.b+c@mail.example.com"] {
            assert!(check_endpoint(Protocol::Email, address).is_ok(), "{address}");
        }
        for address in [
            "ann",
            "@example.com",
            "ann@",
            "ann@localhost",
            "a b@example.com",
            "ann@example.com\r\nBcc: x@example.com",
            "a@b@c.d",
            "a..b@c.d",
        ] {
            assert_eq!(
                refused(Protocol::EmailJson, address),
                "InvalidParameter: Invalid parameter: Email address",
                "{address}"
            );
        }
        for arn in [
            "f",
            "arn:aws:lambda:us-east-1:111122223333:layer:x",
            "arn:aws:lambda:us-east-1:111122223333:function:",
            "arn:aws:sqs:us-east-1:111122223333:q",
        ] {
            assert_eq!(
                refused(Protocol::Lambda, arn),
                "InvalidParameter: Invalid parameter: Lambda endpoint ARN",
                "{arn}"
            );
        }
        assert!(check_endpoint(Protocol::Sqs, "arn:aws:sqs:us-east-1:111122223333:q").is_ok());
        for arn in ["q", "arn:aws:sns:us-east-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:a/b"] {
            assert_eq!(
                refused(Protocol::Sqs, arn),
                "InvalidParameter: Invalid parameter: SQS endpoint ARN",
                "{arn}"
            );
        }
        assert!(refused(Protocol::Sqs, "arn:aws:sqs:us-east-1:111122223333:q.fifo").contains("FIFO"));
        assert_eq!(
            refused(Protocol::Http, "ann@example.com"),
            "InvalidParameter: Invalid parameter: Endpoint must match the specified protocol"
        );
        assert!(refused(Protocol::Http, "http://169.254.169.254/latest").contains("loopback"));
    }
}
