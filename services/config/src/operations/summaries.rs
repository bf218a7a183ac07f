use super::Config;
use super::compliance::{capped, of_rule};
use crate::state::{ResourceCompliance, Rule};
use api_config::{
    ComplianceSummary, ComplianceSummaryByResourceType, ComplianceType, Error,
    GetComplianceSummaryByConfigRule, GetComplianceSummaryByConfigRuleOutput,
    GetComplianceSummaryByResourceType, GetComplianceSummaryByResourceTypeOutput,
};
use contract::{Access, Call, Transact};
use store::{StoreError, Tx, View};

/// How far rules are counted in a summary.
const RULES: usize = 25;
/// How far resources are counted in a summary.
const RESOURCES: usize = 100;

impl Transact<GetComplianceSummaryByConfigRule> for Config {
    fn access(_: &GetComplianceSummaryByConfigRule, _: &Call, _: &View) -> Access {
        Access::to("config:GetComplianceSummaryByConfigRule")
    }

    fn run(
        _: GetComplianceSummaryByConfigRule,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetComplianceSummaryByConfigRuleOutput, Error> {
        let (mut good, mut bad) = (0, 0);
        for rule in tx.list::<Rule>(call.scope())? {
            match of_rule(tx, &rule)?.compliance_type {
                Some(ComplianceType::Compliant) => good += 1,
                Some(ComplianceType::NonCompliant) => bad += 1,
                _ => {}
            }
        }
        let summary = summary(call, (good, bad), RULES);
        Ok(GetComplianceSummaryByConfigRuleOutput { compliance_summary: Some(summary) })
    }
}

fn summary(call: &Call, (good, bad): (usize, usize), cap: usize) -> ComplianceSummary {
    ComplianceSummary {
        compliant_resource_count: Some(capped(good, cap)),
        non_compliant_resource_count: Some(capped(bad, cap)),
        compliance_summary_timestamp: Some(call.now),
    }
}

impl Transact<GetComplianceSummaryByResourceType> for Config {
    fn access(_: &GetComplianceSummaryByResourceType, _: &Call, _: &View) -> Access {
        Access::to("config:GetComplianceSummaryByResourceType")
    }

    fn run(
        input: GetComplianceSummaryByResourceType,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetComplianceSummaryByResourceTypeOutput, Error> {
        let types = input.resource_types.unwrap_or_default();
        let mut summaries = Vec::with_capacity(types.len().max(1));
        for resource_type in &types {
            let count = |compliance| count(tx, call, Some(resource_type), compliance);
            let counts = (count(ComplianceType::Compliant)?, count(ComplianceType::NonCompliant)?);
            summaries.push(ComplianceSummaryByResourceType {
                resource_type: Some(resource_type.clone()),
                compliance_summary: Some(summary(call, counts, RESOURCES)),
            });
        }
        if types.is_empty() {
            let count = |compliance| count(tx, call, None, compliance);
            let counts = (count(ComplianceType::Compliant)?, count(ComplianceType::NonCompliant)?);
            summaries.push(ComplianceSummaryByResourceType {
                resource_type: None,
                compliance_summary: Some(summary(call, counts, RESOURCES)),
            });
        }
        Ok(GetComplianceSummaryByResourceTypeOutput {
            compliance_summaries_by_resource_type: Some(summaries),
        })
    }
}

fn count(
    view: &View,
    call: &Call,
    resource_type: Option<&String>,
    compliance: ComplianceType,
) -> Result<usize, StoreError> {
    let scan = match resource_type {
        Some(own) => view.scan_index::<ResourceCompliance>(call.scope(), "type", (own, compliance.as_str())),
        None => view.scan_index::<ResourceCompliance>(call.scope(), "compliance", compliance.as_str()),
    };
    scan.limit(RESOURCES + 1).count()
}
