//! Attributes of topics (<https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html>).

use super::topic;
use crate::Sns;
use crate::access::on_topic;
use crate::delivery::retry;
use crate::refusal::{invalid, not_built};
use crate::state::{Deleted, Standing, Subscription, Topic};
use api_sns::{
    Error, GetTopicAttributes, GetTopicAttributesOutput, InvalidParameterException, SetTopicAttributes,
    SetTopicAttributesOutput,
};
use contract::{Access, Call, Transact};
use names::Arn;
use policy::{Flavour, Kind};
use std::collections::BTreeMap;
use store::{Tx, View};

impl Transact<GetTopicAttributes> for Sns {
    fn access(input: &GetTopicAttributes, call: &Call, view: &View) -> Access {
        on_topic("GetTopicAttributes", &input.topic_arn, call, view)
    }

    fn run(input: GetTopicAttributes, call: &Call, tx: &mut Tx) -> Result<GetTopicAttributesOutput, Error> {
        let topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        Ok(GetTopicAttributesOutput { attributes: Some(shown(&topic, call, tx)?) })
    }
}

fn shown(topic: &Topic, call: &Call, view: &View) -> Result<BTreeMap<String, String>, Error> {
    let subscriptions = Subscription::of_topic(view, topic.scope, &topic.name)?;
    let there = subscriptions.iter().filter(|subscription| subscription.is_there(call.now));
    let (confirmed, pending): (Vec<&Subscription>, Vec<&Subscription>) =
        there.partition(|subscription| subscription.standing == Standing::Confirmed);
    let deleted = view.get::<Deleted>(topic.scope, &topic.name)?.map_or(0, |deleted| deleted.count);
    let mut shown = topic.attributes.clone();
    let mut put = |name: &str, value: String| shown.insert(name.to_owned(), value);
    put("TopicArn", topic.arn().to_string());
    put("Owner", topic.scope.account.to_string());
    put("Policy", topic.policy_text());
    put("DisplayName", topic.display_name().to_owned());
    put("SubscriptionsConfirmed", confirmed.len().to_string());
    put("SubscriptionsPending", pending.len().to_string());
    put("SubscriptionsDeleted", deleted.to_string());
    put(
        "EffectiveDeliveryPolicy",
        retry::effective_topic_policy(topic.attributes.get("DeliveryPolicy").map(String::as_str)),
    );
    Ok(shown)
}

impl Transact<SetTopicAttributes> for Sns {
    fn access(input: &SetTopicAttributes, call: &Call, view: &View) -> Access {
        on_topic("SetTopicAttributes", &input.topic_arn, call, view)
    }

    fn run(input: SetTopicAttributes, call: &Call, tx: &mut Tx) -> Result<SetTopicAttributesOutput, Error> {
        let mut topic = topic(tx, "TopicArn", &input.topic_arn, call)?;
        let arn = topic.arn();
        if input.attribute_name == "FifoTopic" {
            return Err(invalid("AttributeName"));
        }
        set(
            &mut topic.attributes,
            &input.attribute_name,
            input.attribute_value.as_deref().unwrap_or_default(),
            &arn,
        )?;
        tx.update(topic)?;
        Ok(SetTopicAttributesOutput {})
    }
}

/// Sets an attribute, or takes it back to its default where the value is empty.
pub(super) fn set(
    attributes: &mut BTreeMap<String, String>,
    name: &str,
    value: &str,
    arn: &Arn,
) -> Result<(), Error> {
    match name {
        "Policy" if value.is_empty() => {}
        "Policy" => check_policy(value, arn)?,
        "DisplayName" => {
            if value.chars().count() > 100 || value.chars().any(char::is_control) {
                return Err(invalid("DisplayName"));
            }
        }
        "DeliveryPolicy" if value.is_empty() => {}
        "DeliveryPolicy" => {
            retry::check_topic_policy(value).map_err(|why| invalid(format!("DeliveryPolicy: {why}")))?
        }
        "SignatureVersion" if matches!(value, "" | "1" | "2") => {}
        "SignatureVersion" => {
            return Err(invalid(format!(
                "SignatureVersion Reason: Invalid value [{value}]. Must be 1 or 2."
            )));
        }
        "TracingConfig" => match value {
            "" | "PassThrough" => {}
            "Active" => return Err(not_built("TracingConfig", "active tracing to X-Ray is")),
            _ => {
                return Err(invalid(format!(
                    "TracingConfig Reason: Invalid value [{value}]. Must be PassThrough or Active."
                )));
            }
        },
        // An id, alias or ARN, which need not be there before something is published.
        "KmsMasterKeyId" if value.len() <= LONGEST_KEY_ID => {}
        "KmsMasterKeyId" => return Err(invalid("KmsMasterKeyId")),
        "FifoTopic" | "ContentBasedDeduplication" => match value {
            "" | "false" => return Ok(()),
            "true" => return Err(not_built(name, "FIFO topics, which deliver only to SQS queues, are")),
            _ => {
                return Err(invalid(format!(
                    "{name} Reason: Invalid value [{value}]. Must be true or false."
                )));
            }
        },
        "FifoThroughputScope" | "ArchivePolicy" | "BeginningArchiveTime" => {
            return Err(not_built(name, "FIFO topics, which deliver only to SQS queues, are"));
        }
        name if is_feedback(name) && value.is_empty() => return Ok(()),
        name if is_feedback(name) => return Err(not_built(name, "delivery status logging is")),
        _ => return Err(invalid("AttributeName")),
    }
    if value.is_empty() {
        attributes.remove(name);
    } else {
        attributes.insert(name.to_owned(), value.to_owned());
    }
    Ok(())
}

/// CreateTopic names what is wrong as one of its attributes.
pub(super) fn in_create(error: Error, name: &str) -> Error {
    match error {
        Error::InvalidParameterException(InvalidParameterException { message, .. })
            if message == "Invalid parameter: AttributeName" =>
        {
            invalid(format!("Attributes Reason: Unknown attribute {name}"))
        }
        Error::InvalidParameterException(InvalidParameterException { message, .. }) if name != "Policy" => {
            invalid(format!("Attributes Reason: {}", message.trim_start_matches("Invalid parameter: ")))
        }
        error => error,
    }
}

fn is_feedback(name: &str) -> bool {
    let kinds = ["HTTP", "Lambda", "Firehose", "Application", "SQS"];
    let rest = kinds.iter().find_map(|kind| name.strip_prefix(kind));
    matches!(rest, Some("SuccessFeedbackRoleArn" | "SuccessFeedbackSampleRate" | "FailureFeedbackRoleArn"))
}

/// As of KMS (<https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html>).
const LONGEST_KEY_ID: usize = 2048;

/// The longest topic policy, in bytes.
const LONGEST_POLICY: usize = 30 * 1024;

/// Refuses what authorization could not judge by. A topic's policy speaks of this topic alone.
pub(super) fn check_policy(text: &str, arn: &Arn) -> Result<(), Error> {
    if text.len() > LONGEST_POLICY {
        return Err(invalid("Policy Error: null"));
    }
    let refused =
        |error: policy::ParseError| -> Error { InvalidParameterException::new(error.message()).into() };
    let document = policy::parse(text, Kind::Resource(Flavour::Sns)).map_err(refused)?;
    let arn = arn.to_string();
    let resources = document.statements().iter().filter_map(policy::Statement::resources);
    for resource in resources.flat_map(|(_, written)| written) {
        let stem = resource.split(['*', '?']).next().unwrap_or_default();
        let fits = if stem.len() == resource.len() { *resource == arn } else { arn.starts_with(stem) };
        if !fits {
            return Err(invalid("Policy statement resource does not match topic ARN"));
        }
    }
    Ok(())
}
