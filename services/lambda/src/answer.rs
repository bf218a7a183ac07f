//! Functions as the API answers them.

use crate::reference::{LATEST, qualified};
use crate::state::event_source_mapping::Phase;
use crate::state::{Configuration, EventSourceMapping, Function};
use api_lambda::{
    Architecture, DeadLetterConfig, DestinationConfig, EnvironmentResponse, EphemeralStorage,
    EventSourceMappingConfiguration, Filter, FilterCriteria, FunctionConfiguration, FunctionResponseType,
    LastUpdateStatus, Layer, LogFormat, LoggingConfig, OnFailure, PackageType, RuntimeVersionConfig,
    ScalingConfig, SnapStartApplyOn, SnapStartOptimizationStatus, SnapStartResponse, State,
    TracingConfigResponse, TracingMode, VpcConfigResponse,
};
use names::Timestamp;
use sha2::{Digest, Sha256};

/// `2026-11-21T09:30:00.123+0000`, Lambda's own form.
pub(crate) fn last_modified(at: Timestamp) -> String {
    let text = at.iso_millis();
    format!("{}+0000", text.trim_end_matches('Z'))
}

/// The ARN of the one version that each runtime has here.
pub(crate) fn runtime_version_arn(region: names::Region, runtime: &str) -> String {
    let digest = hex::encode(Sha256::digest(format!("cloudchamber {runtime}")));
    format!("arn:aws:lambda:{region}::runtime:{digest}")
}

/// A configuration, under the qualifier by which it was asked for (none: the function's own ARN) and the version that it is.
pub(crate) fn configuration(
    function: &Function,
    configuration: &Configuration,
    qualifier: Option<&str>,
    version: &str,
) -> FunctionConfiguration {
    let arn = qualified(function.scope, &function.name, qualifier);
    let snap_start = configuration.snap_start.parse().unwrap_or(SnapStartApplyOn::None);
    let optimized = snap_start == SnapStartApplyOn::PublishedVersions && version != LATEST;
    FunctionConfiguration {
        function_name: Some(function.name.clone()),
        function_arn: Some(arn),
        runtime: configuration.runtime.parse().ok(),
        role: Some(configuration.role.clone()),
        handler: Some(configuration.handler.clone()),
        code_size: Some(configuration.code.size()),
        description: Some(configuration.description.clone()),
        timeout: Some(configuration.timeout),
        memory_size: Some(configuration.memory),
        last_modified: Some(last_modified(configuration.modified)),
        code_sha256: Some(configuration.code.sha256.clone()),
        version: Some(version.to_owned()),
        vpc_config: configuration.vpc.as_ref().map(|vpc| VpcConfigResponse {
            subnet_ids: Some(vpc.subnets.clone()),
            security_group_ids: Some(vpc.security_groups.clone()),
            vpc_id: Some(vpc.vpc.clone()),
            ipv6_allowed_for_dual_stack: Some(vpc.ipv6),
        }),
        dead_letter_config: configuration
            .dead_letter
            .as_ref()
            .map(|target| DeadLetterConfig { target_arn: Some(target.clone()) }),
        environment: configuration.environment.as_ref().map(|variables| EnvironmentResponse {
            variables: Some(variables.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect()),
            error: None,
        }),
        tracing_config: Some(TracingConfigResponse {
            mode: Some(configuration.tracing.parse().unwrap_or(TracingMode::PassThrough)),
        }),
        revision_id: Some(configuration.revision.clone()),
        layers: (!configuration.layers.is_empty()).then(|| layers(configuration)),
        state: Some(State::Active),
        last_update_status: Some(LastUpdateStatus::Successful),
        package_type: Some(PackageType::Zip),
        architectures: Some(vec![configuration.architecture.parse().unwrap_or(Architecture::X8664)]),
        ephemeral_storage: Some(EphemeralStorage { size: configuration.storage }),
        snap_start: Some(SnapStartResponse {
            apply_on: Some(snap_start),
            optimization_status: Some(if optimized {
                SnapStartOptimizationStatus::On
            } else {
                SnapStartOptimizationStatus::Off
            }),
        }),
        runtime_version_config: Some(RuntimeVersionConfig {
            runtime_version_arn: Some(runtime_version_arn(function.scope.region, &configuration.runtime)),
            error: None,
        }),
        logging_config: Some(logging(configuration)),
        ..FunctionConfiguration::default()
    }
}

fn layers(configuration: &Configuration) -> Vec<Layer> {
    let used = configuration.layers.iter();
    used.map(|layer| Layer {
        arn: Some(layer.arn.clone()),
        code_size: Some(i64::try_from(layer.blob.length).unwrap_or(i64::MAX)),
        ..Layer::default()
    })
    .collect()
}

fn logging(configuration: &Configuration) -> LoggingConfig {
    let logging = &configuration.logging;
    LoggingConfig {
        log_format: Some(logging.format.parse().unwrap_or(LogFormat::Text)),
        application_log_level: logging.application_level.as_deref().and_then(|level| level.parse().ok()),
        system_log_level: logging.system_level.as_deref().and_then(|level| level.parse().ok()),
        log_group: Some(logging.group.clone()),
    }
}

/// A mapping: with the members that its kind of source has.
pub(crate) fn event_source_mapping(mapping: &EventSourceMapping) -> EventSourceMappingConfiguration {
    let settings = &mapping.settings;
    let stream = settings.stream.as_ref();
    let state = match mapping.phase {
        Phase::Creating => "Creating",
        Phase::Updating => "Updating",
        Phase::Enabling => "Enabling",
        Phase::Disabling => "Disabling",
        Phase::Deleting => "Deleting",
        Phase::Settled if mapping.enabled => "Enabled",
        Phase::Settled => "Disabled",
    };
    let usual = if stream.is_some() { "User action" } else { "USER_INITIATED" };
    let filters = settings.filters.iter().map(|pattern| Filter { pattern: Some(pattern.clone()) });
    let response_types = settings.partial.then_some(FunctionResponseType::ReportBatchItemFailures);
    // Of a queue AWS shows no result; a problem is shown here all the same, since it has no other place.
    let result = match stream {
        Some(_) => Some(mapping.result.clone().unwrap_or_else(|| "No records processed".into())),
        None => mapping.result.clone().filter(|result| result.starts_with("PROBLEM")),
    };
    EventSourceMappingConfiguration {
        uuid: Some(mapping.uuid.clone()),
        starting_position: stream.and_then(|stream| stream.start.parse().ok()),
        batch_size: Some(settings.batch_size),
        maximum_batching_window_in_seconds: Some(settings.window),
        parallelization_factor: stream.map(|stream| stream.parallel),
        event_source_arn: Some(mapping.source.clone()),
        filter_criteria: (!settings.filters.is_empty())
            .then(|| FilterCriteria { filters: Some(filters.collect()) }),
        function_arn: Some(mapping.function_arn()),
        last_modified: Some(mapping.modified),
        last_processing_result: result,
        state: Some(state.to_owned()),
        state_transition_reason: Some(mapping.problem.clone().unwrap_or_else(|| usual.into())),
        destination_config: stream.map(|stream| DestinationConfig {
            on_success: None,
            on_failure: Some(OnFailure { destination: stream.on_failure.clone() }),
        }),
        maximum_record_age_in_seconds: stream.map(|stream| stream.age),
        bisect_batch_on_function_error: stream.map(|stream| stream.bisect),
        maximum_retry_attempts: stream.map(|stream| stream.retries),
        tumbling_window_in_seconds: stream.map(|_| 0),
        function_response_types: Some(response_types.into_iter().collect()),
        scaling_config: settings.concurrency.map(|most| ScalingConfig { maximum_concurrency: Some(most) }),
        event_source_mapping_arn: Some(mapping.arn()),
        ..EventSourceMappingConfiguration::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_lambda_s_own_form() {
        assert_eq!(last_modified(Timestamp::from_millis(1_795_253_400_123)), "2026-11-21T09:30:00.123+0000");
    }
}
