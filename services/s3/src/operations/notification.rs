//! Whom a bucket tells of what happens to its objects.

use crate::S3;
use crate::access::{self, on_bucket};
use crate::error::invalid_argument;
use crate::notifications::{refused, validate};
use crate::state::{Destination, EVENTS, Notification, NotificationRule};
use api_s3::{
    Error, EventBridgeConfiguration, FilterRule, LambdaFunctionConfiguration, NotificationConfiguration,
    NotificationConfigurationFilter, PutBucketNotificationConfiguration,
    PutBucketNotificationConfigurationOutput, QueueConfiguration, S3KeyFilter, TopicConfiguration,
};
use contract::{Access, Call, Context, Orchestrate};
use names::{Arn, Region};
use std::collections::BTreeSet;
use store::View;

/// A bucket has at most so many rules.
const MOST_RULES: usize = 100;

/// Asynchronous, for the destinations are asked before the configuration is kept.
#[async_trait::async_trait]
impl Orchestrate<PutBucketNotificationConfiguration> for S3 {
    fn access(&self, input: &PutBucketNotificationConfiguration, call: &Call, view: &View) -> Access {
        on_bucket(view, call, &input.bucket, "s3:PutBucketNotification")
    }

    async fn run(
        &self,
        input: PutBucketNotificationConfiguration,
        call: &Call,
        context: &Context,
    ) -> Result<PutBucketNotificationConfigurationOutput, Error> {
        let owner = input.expected_bucket_owner.as_deref();
        let found = |view: &View| access::bucket(view, call, &input.bucket, owner);
        let bucket = found(&context.store.view())?;
        let wanted = notification(&input.notification_configuration, bucket.scope.region, call)?;
        if input.skip_destination_validation != Some(true) {
            validate(&wanted, &bucket, call, context).await?;
        }
        context
            .transact(call, |_, tx| -> Result<(), Error> {
                let mut bucket = found(tx)?;
                bucket.notification = wanted.clone();
                Ok(tx.put(bucket)?)
            })
            .await?;
        Ok(PutBucketNotificationConfigurationOutput {})
    }
}

on_bucket! {
    GetBucketNotificationConfiguration => NotificationConfiguration, "s3:GetBucketNotification",
    |input, bucket, call, tx| { Ok(told(&bucket.notification)) }
}

fn notification(
    given: &NotificationConfiguration,
    region: Region,
    call: &Call,
) -> Result<Notification, Error> {
    let mut rules = Vec::new();
    for topic in given.topic_configurations.iter().flatten() {
        let destination = Destination::Topic(arn(&topic.topic_arn, "sns", region)?);
        rules.push(rule(&topic.id, destination, &topic.events, &topic.filter, call)?);
    }
    for queue in given.queue_configurations.iter().flatten() {
        let destination = Destination::Queue(arn(&queue.queue_arn, "sqs", region)?);
        rules.push(rule(&queue.id, destination, &queue.events, &queue.filter, call)?);
    }
    for function in given.lambda_function_configurations.iter().flatten() {
        let destination = Destination::Function(arn(&function.lambda_function_arn, "lambda", region)?);
        rules.push(rule(&function.id, destination, &function.events, &function.filter, call)?);
    }
    if rules.len() > MOST_RULES {
        return Err(invalid_argument(
            "The number of notification configurations exceeds the limit of 100",
            "NotificationConfiguration",
            rules.len().to_string(),
        ));
    }
    let mut ids = BTreeSet::new();
    if let Some(twice) = rules.iter().find(|rule| !ids.insert(rule.id.as_str())) {
        let message = "Same ID used for multiple configurations. IDs must be unique";
        return Err(invalid_argument(message, "Id", twice.id.as_str()));
    }
    for (at, rule) in rules.iter().enumerate() {
        let Some(other) = rules.iter().skip(at + 1).find(|other| rule.overlaps(other)) else { continue };
        let message = if rule.is_filtered() || other.is_filtered() {
            "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping \
             for the same event type."
        } else {
            "Configurations overlap. Configurations on the same bucket cannot share a common event type."
        };
        return Err(invalid_argument(message, "NotificationConfiguration", other.id.as_str()));
    }
    Ok(Notification { rules, event_bridge: given.event_bridge_configuration.is_some() })
}

/// A destination's ARN, which must be of the bucket's region.
fn arn(text: &str, service: &str, region: Region) -> Result<Arn, Error> {
    let arn: Option<Arn> = text.parse().ok();
    let Some(arn) = arn.filter(|arn| arn.service == service && arn.account.is_some()) else {
        return Err(invalid_argument("The ARN is not well formed", "ARN", text));
    };
    if service == "lambda" && !arn.resource.starts_with("function:") {
        return Err(invalid_argument("The ARN is not well formed", "ARN", text));
    }
    if arn.region != Some(region) {
        let message =
            "The notification destination service region is not valid for the bucket location constraint";
        return Err(invalid_argument(message, "ARN", text));
    }
    if service != "lambda" && text.ends_with(".fifo") {
        let kind = if service == "sqs" { "FIFO SQS queues" } else { "FIFO SNS topics" };
        return Err(refused(&[(text.to_owned(), format!("{kind} are not supported"))]));
    }
    Ok(arn)
}

fn rule(
    id: &Option<String>,
    destination: Destination,
    events: &[String],
    filter: &Option<NotificationConfigurationFilter>,
    call: &Call,
) -> Result<NotificationRule, Error> {
    if let Some(unknown) =
        events.iter().find(|event| !event.strip_prefix("s3:").is_some_and(|event| EVENTS.contains(&event)))
    {
        let message = "A specified event is not supported for notifications.";
        return Err(invalid_argument(message, "Event", unknown.as_str()));
    }
    if events.is_empty() {
        return Err(crate::error::malformed_xml());
    }
    if let Some(id) = id.as_ref().filter(|id| id.len() > 255) {
        return Err(invalid_argument("ID length should not exceed allowed limit of 255", "Id", id.as_str()));
    }
    let [mut prefix, mut suffix] = [None, None];
    let key = filter.as_ref().and_then(|filter| filter.key.as_ref());
    for FilterRule { name, value } in key.iter().flat_map(|key| key.filter_rules.iter().flatten()) {
        let name = name.as_deref().unwrap_or_default();
        let place = match name.to_ascii_lowercase().as_str() {
            "prefix" => &mut prefix,
            "suffix" => &mut suffix,
            _ => {
                let message = "filter rule name must be either prefix or suffix";
                return Err(invalid_argument(message, "FilterRule.Name", name));
            }
        };
        let value = value.clone().unwrap_or_default();
        if value.len() > 1024 {
            let message = "Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation";
            return Err(invalid_argument(message, "filter-value", value));
        }
        if place.replace(value).is_some() {
            let message =
                format!("Cannot specify more than one {} rule in a filter.", name.to_ascii_lowercase());
            return Err(invalid_argument(&message, "FilterRule.Name", name));
        }
    }
    let events: Vec<String> = events.iter().map(|event| event.as_str().to_owned()).collect();
    let id = id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| call.entropy.uuid());
    Ok(NotificationRule { id, destination, events, prefix, suffix })
}

fn told(notification: &Notification) -> NotificationConfiguration {
    let mut told = NotificationConfiguration {
        event_bridge_configuration: notification.event_bridge.then_some(EventBridgeConfiguration {}),
        ..Default::default()
    };
    for rule in &notification.rules {
        let (id, events) = (Some(rule.id.clone()), rule.events.clone());
        let part = |name: &str, value: &Option<String>| {
            value.clone().map(|value| FilterRule { name: Some(name.into()), value: Some(value) })
        };
        let parts: Vec<FilterRule> =
            part("Prefix", &rule.prefix).into_iter().chain(part("Suffix", &rule.suffix)).collect();
        let filter = (!parts.is_empty()).then_some(NotificationConfigurationFilter {
            key: Some(S3KeyFilter { filter_rules: Some(parts) }),
        });
        match &rule.destination {
            Destination::Topic(arn) => {
                let topic_arn = arn.to_string();
                let configuration = TopicConfiguration { id, topic_arn, events, filter };
                told.topic_configurations.get_or_insert_default().push(configuration);
            }
            Destination::Queue(arn) => {
                let queue_arn = arn.to_string();
                let configuration = QueueConfiguration { id, queue_arn, events, filter };
                told.queue_configurations.get_or_insert_default().push(configuration);
            }
            Destination::Function(arn) => {
                let lambda_function_arn = arn.to_string();
                let configuration = LambdaFunctionConfiguration { id, lambda_function_arn, events, filter };
                told.lambda_function_configurations.get_or_insert_default().push(configuration);
            }
        }
    }
    told
}
