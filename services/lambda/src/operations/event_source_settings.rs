//! What CreateEventSourceMapping and UpdateEventSourceMapping ask of a mapping: checked, and put into its settings.

use crate::error::{invalid, not_built};
use crate::event_source::Filters;
use crate::requested::refuse_unbuilt;
use crate::state::event_source_mapping::{Settings, StreamSettings};
use api_lambda::{
    CreateEventSourceMapping, DestinationConfig, Error, FilterCriteria, FunctionResponseType, ScalingConfig,
    UpdateEventSourceMapping,
};
use names::Arn;
use wire::ErrorResponse;

/// The members that both operations have; None leaves what is there.
#[derive(Default)]
pub(super) struct Asked {
    batch_size: Option<i32>,
    window: Option<i32>,
    filters: Option<FilterCriteria>,
    responses: Option<Vec<FunctionResponseType>>,
    scaling: Option<ScalingConfig>,
    destinations: Option<DestinationConfig>,
    age: Option<i32>,
    bisect: Option<bool>,
    retries: Option<i32>,
    parallel: Option<i32>,
    tumbling: Option<i32>,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Queue { fifo: bool },
    Stream,
}

impl Kind {
    /// Of a source's ARN; what is not built is refused by its name.
    pub(super) fn of(source: &Arn) -> Result<Self, Error> {
        match source.service.as_str() {
            "sqs" => Ok(Self::Queue { fifo: source.resource.ends_with(".fifo") }),
            "dynamodb" if source.resource.contains("/stream/") => Ok(Self::Stream),
            "kinesis" => Err(not_built("An event source in Kinesis")),
            "kafka" => Err(not_built("An event source in Amazon MSK")),
            "mq" => Err(not_built("An event source in Amazon MQ")),
            "rds" => Err(not_built("An event source in Amazon DocumentDB")),
            _ => Err(invalid(format!(
                "Unrecognized event source, must be kinesis, dynamodb stream or sqs. Unsupported source arn : {source}"
            ))),
        }
    }
}

impl Asked {
    pub(super) fn of_create(input: &CreateEventSourceMapping) -> Result<Self, Error> {
        refuse_unbuilt(&[
            ("Topics", input.topics.is_some()),
            ("Queues", input.queues.is_some()),
            ("SourceAccessConfigurations", input.source_access_configurations.is_some()),
            ("SelfManagedEventSource", input.self_managed_event_source.is_some()),
            ("AmazonManagedKafkaEventSourceConfig", input.amazon_managed_kafka_event_source_config.is_some()),
            ("SelfManagedKafkaEventSourceConfig", input.self_managed_kafka_event_source_config.is_some()),
            ("DocumentDBEventSourceConfig", input.document_db_event_source_config.is_some()),
            ("KMSKeyArn", input.kms_key_arn.as_deref().is_some_and(|key| !key.is_empty())),
            ("MetricsConfig", metrics(input.metrics_config.as_ref())),
            ("LoggingConfig", input.logging_config.is_some()),
            ("ProvisionedPollerConfig", input.provisioned_poller_config.is_some()),
        ])?;
        Ok(Self {
            batch_size: input.batch_size,
            window: input.maximum_batching_window_in_seconds,
            filters: input.filter_criteria.clone(),
            responses: input.function_response_types.clone(),
            scaling: input.scaling_config.clone(),
            destinations: input.destination_config.clone(),
            age: input.maximum_record_age_in_seconds,
            bisect: input.bisect_batch_on_function_error,
            retries: input.maximum_retry_attempts,
            parallel: input.parallelization_factor,
            tumbling: input.tumbling_window_in_seconds,
        })
    }

    pub(super) fn of_update(input: &UpdateEventSourceMapping) -> Result<Self, Error> {
        refuse_unbuilt(&[
            ("SourceAccessConfigurations", input.source_access_configurations.is_some()),
            ("AmazonManagedKafkaEventSourceConfig", input.amazon_managed_kafka_event_source_config.is_some()),
            ("SelfManagedKafkaEventSourceConfig", input.self_managed_kafka_event_source_config.is_some()),
            ("DocumentDBEventSourceConfig", input.document_db_event_source_config.is_some()),
            ("KMSKeyArn", input.kms_key_arn.as_deref().is_some_and(|key| !key.is_empty())),
            ("MetricsConfig", metrics(input.metrics_config.as_ref())),
            ("LoggingConfig", input.logging_config.is_some()),
            ("ProvisionedPollerConfig", input.provisioned_poller_config.is_some()),
        ])?;
        Ok(Self {
            batch_size: input.batch_size,
            window: input.maximum_batching_window_in_seconds,
            filters: input.filter_criteria.clone(),
            responses: input.function_response_types.clone(),
            scaling: input.scaling_config.clone(),
            destinations: input.destination_config.clone(),
            age: input.maximum_record_age_in_seconds,
            bisect: input.bisect_batch_on_function_error,
            retries: input.maximum_retry_attempts,
            parallel: input.parallelization_factor,
            tumbling: input.tumbling_window_in_seconds,
        })
    }

    /// Checks it and puts it into settings.
    pub(super) fn apply(self, kind: Kind, settings: &mut Settings) -> Result<(), Error> {
        self.only_for(kind)?;
        settings.batch_size = self.batch_size.unwrap_or(settings.batch_size);
        settings.window = self.window.unwrap_or(settings.window);
        match kind {
            Kind::Queue { fifo: true } if settings.batch_size > 10 => {
                return Err(invalid("Batch size must be between 1 and 10 for FIFO queues."));
            }
            Kind::Queue { fifo: true } if settings.window > 0 => {
                return Err(invalid("Batching window is not supported for FIFO queues"));
            }
            Kind::Queue { .. } if settings.batch_size > 10 && settings.window < 1 => {
                return Err(invalid(
                    "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
                ));
            }
            Kind::Queue { .. } | Kind::Stream => {}
        }
        if let Some(filters) = &self.filters {
            settings.filters = Filters::check(filters)?;
        }
        if let Some(responses) = &self.responses {
            settings.partial = responses.contains(&FunctionResponseType::ReportBatchItemFailures);
        }
        if let Some(scaling) = &self.scaling {
            settings.concurrency = scaling.maximum_concurrency;
        }
        if let Some(stream) = &mut settings.stream {
            stream.age = age(self.age)?.unwrap_or(stream.age);
            stream.bisect = self.bisect.unwrap_or(stream.bisect);
            stream.retries = self.retries.unwrap_or(stream.retries);
            stream.parallel = self.parallel.unwrap_or(stream.parallel);
            if let Some(destinations) = self.destinations {
                stream.on_failure = on_failure(destinations)?;
            }
        }
        Ok(())
    }

    /// Refuses what the kind of source does not have.
    fn only_for(&self, kind: Kind) -> Result<(), Error> {
        let others: &[(&str, bool)] = match kind {
            Kind::Queue { .. } => &[
                ("BisectBatchOnFunctionError", self.bisect.is_some()),
                ("MaximumRecordAgeInSeconds", self.age.is_some()),
                ("MaximumRetryAttempts", self.retries.is_some()),
                ("ParallelizationFactor", self.parallel.is_some()),
                ("TumblingWindowInSeconds", self.tumbling.is_some()),
                ("DestinationConfig", self.destinations.as_ref().is_some_and(has_destination)),
            ],
            Kind::Stream => &[("ScalingConfig", self.scaling.is_some())],
        };
        if let Some((name, _)) = others.iter().find(|(_, given)| *given) {
            return Err(invalid(format!(
                "Unsupported {name} parameter for given event source mapping type."
            )));
        }
        refuse_unbuilt(&[("TumblingWindowInSeconds", self.tumbling.is_some_and(|window| window > 0))])
    }
}

fn metrics(config: Option<&api_lambda::EventSourceMappingMetricsConfig>) -> bool {
    config.and_then(|config| config.metrics.as_ref()).is_some_and(|metrics| !metrics.is_empty())
}

fn has_destination(config: &DestinationConfig) -> bool {
    let failure = config.on_failure.as_ref().and_then(|on| on.destination.as_ref());
    failure.is_some() || config.on_success.as_ref().and_then(|on| on.destination.as_ref()).is_some()
}

/// -1, or at least a minute.
fn age(given: Option<i32>) -> Result<Option<i32>, Error> {
    match given {
        Some(seconds @ 0..60) => Err(Error::Common(ErrorResponse::sender(
            "ValidationException",
            format!(
                "1 validation error detected: Value '{seconds}' at 'maximumRecordAgeInSeconds' failed to satisfy constraint: Member must \
                 have value greater than or equal to 60"
            ),
        ))),
        other => Ok(other),
    }
}

fn on_failure(destinations: DestinationConfig) -> Result<Option<String>, Error> {
    if destinations.on_success.and_then(|on| on.destination).is_some() {
        return Err(invalid("Unsupported OnSuccess destination for given event source mapping type."));
    }
    let target = destinations.on_failure.and_then(|on| on.destination).filter(|target| !target.is_empty());
    let Some(target) = target else { return Ok(None) };
    let arn: Arn =
        target.parse().map_err(|_| invalid(format!("The destination ARN {target} is invalid.")))?;
    match arn.service.as_str() {
        "sqs" | "sns" if arn.account.is_some() && arn.region.is_some() => Ok(Some(target)),
        "s3" => Err(not_built("A destination in S3")),
        _ => Err(invalid(format!("The destination ARN {target} is invalid."))),
    }
}

/// What a new mapping has where nothing else is asked for.
pub(super) fn usual(kind: Kind, start: Option<&str>) -> Settings {
    let stream = (kind == Kind::Stream).then(|| StreamSettings {
        start: start.unwrap_or("TRIM_HORIZON").to_owned(),
        bisect: false,
        retries: -1,
        age: -1,
        parallel: 1,
        on_failure: None,
    });
    Settings {
        batch_size: if stream.is_some() { 100 } else { 10 },
        window: 0,
        filters: Vec::new(),
        partial: false,
        concurrency: None,
        stream,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::ServiceError;

    fn refusal(kind: Kind, asked: Asked) -> String {
        asked.apply(kind, &mut usual(kind, None)).unwrap_err().into_response().message
    }

    #[test]
    fn each_source_has_its_own_settings() {
        let queue = Kind::Queue { fifo: false };
        let fifo = Kind::Queue { fifo: true };
        let asked = |batch_size, window| Asked { batch_size, window, ..Asked::default() };
        assert!(asked(Some(100), Some(1)).apply(queue, &mut usual(queue, None)).is_ok());
        assert_eq!(
            refusal(queue, asked(Some(11), None)),
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        );
        assert_eq!(refusal(fifo, asked(None, Some(1))), "Batching window is not supported for FIFO queues");
        assert_eq!(
            refusal(queue, Asked { bisect: Some(true), ..Asked::default() }),
            "Unsupported BisectBatchOnFunctionError parameter for given event source mapping type."
        );
        let scaling = || Some(ScalingConfig { maximum_concurrency: Some(2) });
        assert_eq!(
            refusal(Kind::Stream, Asked { scaling: scaling(), ..Asked::default() }),
            "Unsupported ScalingConfig parameter for given event source mapping type."
        );
        assert!(refusal(Kind::Stream, Asked { age: Some(59), ..Asked::default() }).contains("equal to 60"));
        assert!(refusal(Kind::Stream, Asked { tumbling: Some(5), ..Asked::default() }).contains("not built"));
    }

    #[test]
    fn sources_that_are_not_built_are_named() {
        let refused = |arn: &str| Kind::of(&arn.parse().unwrap()).unwrap_err().into_response().message;
        assert!(refused("arn:aws:kinesis:us-east-1:111122223333:stream/s").contains("Kinesis"));
        assert!(refused("arn:aws:kafka:us-east-1:111122223333:cluster/c/1").contains("MSK"));
        assert!(refused("arn:aws:sns:us-east-1:111122223333:t").starts_with("Unrecognized event source"));
        assert!(refused("arn:aws:dynamodb:us-east-1:111122223333:table/t").starts_with("Unrecognized"));
    }
}
