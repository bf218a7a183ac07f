use super::rules::named;
use super::{Config, access};
use crate::errors::invalid;
use crate::page::Page;
use crate::state::{EvaluationResult, ResourceCompliance, Rule};
use api_config::{
    Compliance, ComplianceByConfigRule, ComplianceByResource, ComplianceContributorCount, ComplianceType,
    DescribeComplianceByConfigRule, DescribeComplianceByConfigRuleOutput, DescribeComplianceByResource,
    DescribeComplianceByResourceOutput, Error,
};
use contract::{Access, Call, Transact};
use store::{StoreError, Tx, View};

/// How far contributors are counted.
const CONTRIBUTORS: usize = 25;

/// A count that stops at a cap.
pub(super) fn capped(count: usize, cap: usize) -> ComplianceContributorCount {
    ComplianceContributorCount {
        capped_count: i32::try_from(count.min(cap)).ok(),
        cap_exceeded: Some(count > cap),
    }
}

/// How many results of a kind a rule has, counted to one more than `cap`. The index is kept as results come.
fn count(view: &View, rule: &Rule, compliance: ComplianceType, cap: usize) -> Result<usize, StoreError> {
    let prefix = (rule.name.as_str(), compliance.as_str());
    view.scan_index::<EvaluationResult>(rule.scope, "compliance", prefix).limit(cap + 1).count()
}

/// A rule's compliance, with the resources that are not compliant.
pub(super) fn of_rule(view: &View, rule: &Rule) -> Result<Compliance, StoreError> {
    let bad = count(view, rule, ComplianceType::NonCompliant, CONTRIBUTORS)?;
    if bad > 0 {
        return Ok(Compliance {
            compliance_type: Some(ComplianceType::NonCompliant),
            compliance_contributor_count: Some(capped(bad, CONTRIBUTORS)),
        });
    }
    let good = count(view, rule, ComplianceType::Compliant, 0)?;
    let compliance_type = if good > 0 { ComplianceType::Compliant } else { ComplianceType::InsufficientData };
    Ok(Compliance { compliance_type: Some(compliance_type), compliance_contributor_count: None })
}

impl Transact<DescribeComplianceByConfigRule> for Config {
    fn access(input: &DescribeComplianceByConfigRule, call: &Call, view: &View) -> Access {
        let names = input.config_rule_names.as_ref();
        access::on_rules("config:DescribeComplianceByConfigRule", call, view, names)
    }

    fn run(
        input: DescribeComplianceByConfigRule,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeComplianceByConfigRuleOutput, Error> {
        let page = Page::new("rule-compliance", input.next_token.as_ref(), None, 25, 25)?;
        let types = input.compliance_types.unwrap_or_default();
        let mut found = Vec::new();
        for rule in named(tx, call, input.config_rule_names.as_ref())? {
            let compliance = of_rule(tx, &rule)?;
            if types.is_empty() || compliance.compliance_type.is_some_and(|own| types.contains(&own)) {
                found.push((rule.name, compliance));
            }
        }
        let (found, next_token) = page.of(found, |(name, _)| name.clone())?;
        let rules = found
            .into_iter()
            .map(|(name, compliance)| ComplianceByConfigRule {
                config_rule_name: Some(name),
                compliance: Some(compliance),
            })
            .collect();
        Ok(DescribeComplianceByConfigRuleOutput { compliance_by_config_rules: Some(rules), next_token })
    }
}

fn of_resource(compliance: &ResourceCompliance) -> Compliance {
    let overall = compliance.compliance();
    let bad = compliance
        .rules
        .values()
        .filter(|finding| finding.compliance == ComplianceType::NonCompliant)
        .count();
    Compliance {
        compliance_type: Some(overall),
        compliance_contributor_count: (overall == ComplianceType::NonCompliant)
            .then(|| capped(bad, CONTRIBUTORS)),
    }
}

impl Transact<DescribeComplianceByResource> for Config {
    fn access(_: &DescribeComplianceByResource, _: &Call, _: &View) -> Access {
        Access::to("config:DescribeComplianceByResource")
    }

    fn run(
        input: DescribeComplianceByResource,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeComplianceByResourceOutput, Error> {
        let page = Page::new("resource-compliance", input.next_token.as_ref(), input.limit, 10, 100)?;
        if input.resource_id.is_some() && input.resource_type.is_none() {
            return Err(invalid("ResourceType cannot be empty when ResourceId is specified."));
        }
        let types = input.compliance_types.unwrap_or_default();
        let scope = call.scope();
        let mut scan = match &input.resource_type {
            Some(resource_type) => tx.scan::<ResourceCompliance>(scope, (resource_type.as_str(),)),
            None => tx.scan::<ResourceCompliance>(scope, ()),
        };
        if let Some(after) = page.after_pair()? {
            scan = scan.after(after);
        }
        let mut found: Vec<ResourceCompliance> = Vec::new();
        scan.each(|compliance| {
            let by_id = input.resource_id.as_ref().is_none_or(|id| *id == compliance.resource_id);
            if by_id && (types.is_empty() || types.contains(&compliance.compliance())) {
                found.push(compliance);
            }
            if found.len() > page.limit {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        })?;
        let more = found.len() > page.limit;
        found.truncate(page.limit);
        let last = found.last().filter(|_| more);
        let next_token = last.map(|last| page.token(&[&last.resource_type, &last.resource_id]));
        let resources = found
            .iter()
            .map(|compliance| ComplianceByResource {
                resource_type: Some(compliance.resource_type.clone()),
                resource_id: Some(compliance.resource_id.clone()),
                compliance: Some(of_resource(compliance)),
            })
            .collect();
        Ok(DescribeComplianceByResourceOutput { compliance_by_resources: Some(resources), next_token })
    }
}
