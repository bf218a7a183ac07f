//! One `impl` an operation.

mod access;
mod channels;
mod compliance;
mod conformance_compliance;
mod conformance_packs;
mod evaluations;
mod history;
mod put_rule;
mod recorders;
mod recording_group;
mod remediation;
mod remediation_check;
mod remediation_exceptions;
mod resources;
mod results;
mod retention;
mod rules;
mod summaries;
mod tags;
mod write_check;

use contract::Registration;
use std::sync::Arc;

/// The operations of AWS Config.
pub(crate) struct Config;

/// Adds all operations.
pub(crate) fn register(registration: Registration) -> Registration {
    use api_config as api;
    let config = Arc::new(Config);
    registration
        .orchestrate::<Config, api::PutConfigurationRecorder>(&config)
        .transact::<Config, api::DescribeConfigurationRecorders>()
        .transact::<Config, api::DescribeConfigurationRecorderStatus>()
        .transact::<Config, api::DeleteConfigurationRecorder>()
        .transact::<Config, api::StartConfigurationRecorder>()
        .transact::<Config, api::StopConfigurationRecorder>()
        .transact::<Config, api::ListConfigurationRecorders>()
        .orchestrate::<Config, api::PutDeliveryChannel>(&config)
        .transact::<Config, api::DescribeDeliveryChannels>()
        .transact::<Config, api::DescribeDeliveryChannelStatus>()
        .transact::<Config, api::DeleteDeliveryChannel>()
        .transact::<Config, api::DeliverConfigSnapshot>()
        .orchestrate::<Config, api::PutConfigRule>(&config)
        .transact::<Config, api::DescribeConfigRules>()
        .transact::<Config, api::DeleteConfigRule>()
        .transact::<Config, api::GetCustomRulePolicy>()
        .transact::<Config, api::StartConfigRulesEvaluation>()
        .transact::<Config, api::DescribeConfigRuleEvaluationStatus>()
        .transact::<Config, api::PutEvaluations>()
        .transact::<Config, api::PutExternalEvaluation>()
        .transact::<Config, api::DeleteEvaluationResults>()
        .transact::<Config, api::GetComplianceDetailsByConfigRule>()
        .transact::<Config, api::GetComplianceDetailsByResource>()
        .transact::<Config, api::DescribeComplianceByConfigRule>()
        .transact::<Config, api::DescribeComplianceByResource>()
        .transact::<Config, api::GetComplianceSummaryByConfigRule>()
        .transact::<Config, api::GetComplianceSummaryByResourceType>()
        .transact::<Config, api::ListDiscoveredResources>()
        .transact::<Config, api::GetDiscoveredResourceCounts>()
        .transact::<Config, api::BatchGetResourceConfig>()
        .transact::<Config, api::GetResourceConfigHistory>()
        .transact::<Config, api::PutRetentionConfiguration>()
        .transact::<Config, api::DescribeRetentionConfigurations>()
        .transact::<Config, api::DeleteRetentionConfiguration>()
        .orchestrate::<Config, api::PutRemediationConfigurations>(&config)
        .transact::<Config, api::DescribeRemediationConfigurations>()
        .transact::<Config, api::DeleteRemediationConfiguration>()
        .transact::<Config, api::StartRemediationExecution>()
        .transact::<Config, api::DescribeRemediationExecutionStatus>()
        .transact::<Config, api::PutRemediationExceptions>()
        .transact::<Config, api::DescribeRemediationExceptions>()
        .transact::<Config, api::DeleteRemediationExceptions>()
        .orchestrate::<Config, api::PutConformancePack>(&config)
        .transact::<Config, api::DescribeConformancePacks>()
        .transact::<Config, api::DescribeConformancePackStatus>()
        .transact::<Config, api::DeleteConformancePack>()
        .transact::<Config, api::DescribeConformancePackCompliance>()
        .transact::<Config, api::GetConformancePackComplianceDetails>()
        .transact::<Config, api::GetConformancePackComplianceSummary>()
        .transact::<Config, api::ListConformancePackComplianceScores>()
        .transact::<Config, api::TagResource>()
        .transact::<Config, api::UntagResource>()
        .transact::<Config, api::ListTagsForResource>()
}
