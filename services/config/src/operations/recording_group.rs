//! Recording groups and modes: which combinations AWS takes.

use crate::errors::validation;
use crate::state::{COMPLIANCE_TYPE, ModeOverride, RECORDER_TYPE, RecordingGroup, RecordingMode};
use api_config::{
    Error, ExclusionByResourceTypes, InvalidRecordingGroupException, RecordingFrequency, RecordingStrategy,
    RecordingStrategyType,
};

fn invalid_group() -> Error {
    InvalidRecordingGroupException::new("The recording group provided is not valid").into()
}

/// Reads a recording group; without one, all supported types but the old global ones are recorded.
pub(crate) fn read_group(group: Option<api_config::RecordingGroup>) -> Result<RecordingGroup, Error> {
    let Some(group) = group else {
        return Ok(RecordingGroup {
            strategy: RecordingStrategyType::AllSupportedResourceTypes,
            include_global: false,
            types: Vec::new(),
            exclusions: Vec::new(),
        });
    };
    let all = group.all_supported.unwrap_or(false);
    let include_global = group.include_global_resource_types.unwrap_or(false);
    let types = group.resource_types.unwrap_or_default();
    let exclusions = group
        .exclusion_by_resource_types
        .and_then(|exclusions| exclusions.resource_types)
        .unwrap_or_default();
    let asked = group.recording_strategy.and_then(|strategy| strategy.use_only);
    // Where no strategy is named, the other members imply it.
    let strategy = match (asked, all, types.is_empty(), exclusions.is_empty()) {
        (Some(asked), ..) => asked,
        (None, true, ..) => RecordingStrategyType::AllSupportedResourceTypes,
        (None, false, false, true) => RecordingStrategyType::InclusionByResourceTypes,
        (None, ..) => return Err(invalid_group()),
    };
    let valid = match strategy {
        RecordingStrategyType::AllSupportedResourceTypes => all && types.is_empty() && exclusions.is_empty(),
        RecordingStrategyType::InclusionByResourceTypes => {
            !all && !include_global && !types.is_empty() && exclusions.is_empty()
        }
        RecordingStrategyType::ExclusionByResourceTypes => {
            !all && !include_global && types.is_empty() && !exclusions.is_empty()
        }
    };
    if valid {
        Ok(RecordingGroup { strategy, include_global, types, exclusions })
    } else {
        Err(invalid_group())
    }
}

/// Reads a recording mode; without one, all is recorded continuously.
pub(crate) fn read_mode(mode: Option<api_config::RecordingMode>) -> Result<RecordingMode, Error> {
    let Some(mode) = mode else { return Ok(RecordingMode::default()) };
    let overrides = mode.recording_mode_overrides.unwrap_or_default();
    if overrides.len() > 1 {
        return Err(validation("You can specify only one recording mode override."));
    }
    for special in &overrides {
        let continuous = |own: &&String| matches!(own.as_str(), COMPLIANCE_TYPE | RECORDER_TYPE);
        if special.recording_frequency == RecordingFrequency::Daily
            && let Some(own) = special.resource_types.iter().find(continuous)
        {
            return Err(validation(format!("The resource type {own} can only be recorded continuously.")));
        }
        if special.resource_types.is_empty() {
            return Err(validation("A recording mode override must name at least one resource type."));
        }
    }
    let overrides = overrides
        .into_iter()
        .map(|special| ModeOverride {
            description: special.description,
            types: special.resource_types,
            frequency: special.recording_frequency,
        })
        .collect();
    Ok(RecordingMode { frequency: mode.recording_frequency, overrides })
}

/// A group as Describe answers it.
pub(crate) fn group(group: &RecordingGroup) -> api_config::RecordingGroup {
    api_config::RecordingGroup {
        all_supported: Some(group.strategy == RecordingStrategyType::AllSupportedResourceTypes),
        include_global_resource_types: Some(group.include_global),
        resource_types: Some(group.types.clone()),
        exclusion_by_resource_types: Some(ExclusionByResourceTypes {
            resource_types: Some(group.exclusions.clone()),
        }),
        recording_strategy: Some(RecordingStrategy { use_only: Some(group.strategy) }),
    }
}

/// A mode as Describe answers it.
pub(crate) fn mode(mode: &RecordingMode) -> api_config::RecordingMode {
    let overrides = mode
        .overrides
        .iter()
        .map(|special| api_config::RecordingModeOverride {
            description: special.description.clone(),
            resource_types: special.types.clone(),
            recording_frequency: special.frequency,
        })
        .collect();
    api_config::RecordingMode {
        recording_frequency: mode.frequency,
        recording_mode_overrides: Some(overrides),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn including(types: &[&str]) -> api_config::RecordingGroup {
        let types = types.iter().map(|own| (*own).to_owned()).collect();
        api_config::RecordingGroup { resource_types: Some(types), ..api_config::RecordingGroup::default() }
    }

    #[test]
    fn the_strategy_follows_from_the_members() {
        assert!(read_group(None).unwrap().records("AWS::S3::Bucket"));
        assert!(!read_group(None).unwrap().records("AWS::IAM::Role"));
        let group = read_group(Some(including(&["AWS::EC2::SecurityGroup"]))).unwrap();
        assert!(group.records("AWS::EC2::SecurityGroup") && !group.records("AWS::EC2::VPC"));
        let all = api_config::RecordingGroup {
            all_supported: Some(true),
            include_global_resource_types: Some(true),
            ..api_config::RecordingGroup::default()
        };
        assert!(read_group(Some(all)).unwrap().records("AWS::IAM::Role"));
    }

    #[test]
    fn contradictions_are_refused() {
        let both = api_config::RecordingGroup { all_supported: Some(true), ..including(&["AWS::EC2::VPC"]) };
        let nothing = api_config::RecordingGroup::default();
        let global = api_config::RecordingGroup {
            include_global_resource_types: Some(true),
            ..including(&["AWS::EC2::VPC"])
        };
        for group in [both, nothing, global] {
            let error = read_group(Some(group)).unwrap_err().to_string();
            assert_eq!(error, "InvalidRecordingGroupException: The recording group provided is not valid");
        }
    }
}
