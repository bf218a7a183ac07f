//! The ARNs of topics and subscriptions.

use crate::refusal::invalid;
use api_sns::Error;
use names::{Arn, Region, Scope};

/// A topic, by its account, region and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TopicReference {
    pub(crate) scope: Scope,
    pub(crate) name: String,
}

/// A subscription: its topic and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubscriptionReference {
    pub(crate) topic: TopicReference,
    pub(crate) id: String,
}

impl TopicReference {
    /// From `arn:aws:sns:REGION:ACCOUNT:NAME`; `parameter` is named where it is none.
    pub(crate) fn read(parameter: &str, text: &str) -> Result<Self, Error> {
        let (scope, resource) = read(parameter, text)?;
        if resource.contains(':') {
            return Err(invalid(parameter));
        }
        Ok(Self { scope, name: resource })
    }

    /// As [`TopicReference::read`], of a topic in the region that the call was sent to.
    pub(crate) fn read_in(parameter: &str, text: &str, region: Region) -> Result<Self, Error> {
        let topic = Self::read(parameter, text)?;
        if topic.scope.region != region {
            return Err(invalid(parameter));
        }
        Ok(topic)
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("sns", self.scope, self.name.clone())
    }
}

impl SubscriptionReference {
    /// From `arn:aws:sns:REGION:ACCOUNT:TOPIC:ID`.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let (scope, resource) = read("SubscriptionArn", text)?;
        match resource.split_once(':') {
            Some((name, id)) if !id.is_empty() && !id.contains(':') => {
                Ok(Self { topic: TopicReference { scope, name: name.into() }, id: id.into() })
            }
            _ => Err(invalid("SubscriptionArn Reason: An ARN of a subscription must have 7 elements")),
        }
    }

    /// As [`SubscriptionReference::read`], in the region that the call was sent to.
    pub(crate) fn read_in(text: &str, region: Region) -> Result<Self, Error> {
        let subscription = Self::read(text)?;
        if subscription.topic.scope.region != region {
            return Err(invalid("SubscriptionArn"));
        }
        Ok(subscription)
    }
}

fn read(parameter: &str, text: &str) -> Result<(Scope, String), Error> {
    let elements = text.split(':').count();
    if elements < 6 {
        return Err(invalid(format!(
            "{parameter} Reason: An ARN must have at least 6 elements, not {elements}"
        )));
    }
    let arn: Arn = text.parse().map_err(|_| invalid(parameter))?;
    match (arn.service.as_str(), arn.account, arn.region) {
        ("sns", Some(account), Some(region)) if arn.partition == names::PARTITION => {
            Ok((Scope::new(account, region), arn.resource))
        }
        _ => Err(invalid(parameter)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_names_a_topic_or_a_subscription() {
        let topic = TopicReference::read("TopicArn", "arn:aws:sns:us-east-1:111122223333:t").unwrap();
        assert_eq!(topic.arn().to_string(), "arn:aws:sns:us-east-1:111122223333:t");
        let subscription = SubscriptionReference::read("arn:aws:sns:us-east-1:111122223333:t:1-2").unwrap();
        assert_eq!((subscription.topic, subscription.id.as_str()), (topic, "1-2"));
    }

    #[test]
    fn says_what_is_wrong_with_the_rest() {
        let sentence = |text: &str| TopicReference::read("TopicArn", text).unwrap_err().to_string();
        assert_eq!(
            sentence("topic"),
            "InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1"
        );
        for wrong in [
            "arn:aws:sqs:us-east-1:111122223333:t",
            "arn:aws:sns:us-east-1::t",
            "arn:aws:sns:us-east-1:111122223333:t:x",
        ] {
            assert_eq!(sentence(wrong), "InvalidParameter: Invalid parameter: TopicArn", "{wrong}");
        }
        assert!(SubscriptionReference::read("arn:aws:sns:us-east-1:111122223333:t").is_err());
        assert!(SubscriptionReference::read("PendingConfirmation").is_err());
    }
}
