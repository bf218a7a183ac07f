use super::rules::rule;
use super::{Config, access};
use crate::errors::invalid;
use crate::page::Page;
use crate::state;
use api_config::{
    ComplianceType, Error, EvaluationResult, EvaluationResultIdentifier, EvaluationResultQualifier,
    GetComplianceDetailsByConfigRule, GetComplianceDetailsByConfigRuleOutput, GetComplianceDetailsByResource,
    GetComplianceDetailsByResourceOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The compliance types that are asked for; without a filter, all but NOT_APPLICABLE.
fn wanted(filter: Option<&Vec<ComplianceType>>) -> Result<Vec<ComplianceType>, Error> {
    let filter = filter.map(Vec::as_slice).unwrap_or_default();
    if filter.contains(&ComplianceType::InsufficientData) {
        return Err(invalid("INSUFFICIENT_DATA is not a supported value for ComplianceTypes."));
    }
    if filter.is_empty() {
        return Ok(vec![ComplianceType::Compliant, ComplianceType::NonCompliant]);
    }
    Ok(filter.to_vec())
}

fn described(result: &state::EvaluationResult, mode: api_config::EvaluationMode) -> EvaluationResult {
    EvaluationResult {
        evaluation_result_identifier: Some(EvaluationResultIdentifier {
            evaluation_result_qualifier: Some(EvaluationResultQualifier {
                config_rule_name: Some(result.rule.clone()),
                resource_type: Some(result.resource_type.clone()),
                resource_id: Some(result.resource_id.clone()),
                evaluation_mode: Some(mode),
            }),
            ordering_timestamp: Some(result.ordering),
            resource_evaluation_id: None,
        }),
        compliance_type: Some(result.compliance),
        result_recorded_time: Some(result.recorded),
        config_rule_invoked_time: Some(result.invoked),
        annotation: result.annotation.clone(),
        result_token: None,
    }
}

impl Transact<GetComplianceDetailsByConfigRule> for Config {
    fn access(input: &GetComplianceDetailsByConfigRule, call: &Call, view: &View) -> Access {
        access::on_rule("config:GetComplianceDetailsByConfigRule", call, view, &input.config_rule_name)
    }

    fn run(
        input: GetComplianceDetailsByConfigRule,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetComplianceDetailsByConfigRuleOutput, Error> {
        let page = Page::new("rule-results", input.next_token.as_ref(), input.limit, 10, 100)?;
        let wanted = wanted(input.compliance_types.as_ref())?;
        let rule = rule(tx, call, &input.config_rule_name)?;
        let mut scan = tx.scan::<state::EvaluationResult>(call.scope(), (rule.name.as_str(),));
        if let Some((resource_type, resource_id)) = page.after_pair()? {
            scan = scan.after((rule.name.as_str(), resource_type, resource_id));
        }
        let mut results: Vec<state::EvaluationResult> = Vec::new();
        scan.each(|result| {
            if wanted.contains(&result.compliance) {
                results.push(result);
            }
            if results.len() > page.limit {
                std::ops::ControlFlow::Break(())
            } else {
                std::ops::ControlFlow::Continue(())
            }
        })?;
        let more = results.len() > page.limit;
        results.truncate(page.limit);
        let last = results.last().filter(|_| more);
        let next_token = last.map(|last| page.token(&[&last.resource_type, &last.resource_id]));
        let results = results.iter().map(|result| described(result, rule.mode)).collect();
        Ok(GetComplianceDetailsByConfigRuleOutput { evaluation_results: Some(results), next_token })
    }
}

impl Transact<GetComplianceDetailsByResource> for Config {
    fn access(_: &GetComplianceDetailsByResource, _: &Call, _: &View) -> Access {
        Access::to("config:GetComplianceDetailsByResource")
    }

    fn run(
        input: GetComplianceDetailsByResource,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetComplianceDetailsByResourceOutput, Error> {
        // This operation's model knows no InvalidNextTokenException.
        let token = input.next_token.as_ref();
        let page = Page::new("resource-results", token, None, 100, 100)
            .map_err(|_| invalid("The nextToken provided is invalid"))?;
        if input.resource_evaluation_id.is_some() {
            return Err(invalid("There is no resource evaluation with the given ResourceEvaluationId."));
        }
        let wanted = wanted(input.compliance_types.as_ref())?;
        let (Some(resource_type), Some(resource_id)) = (&input.resource_type, &input.resource_id) else {
            return Err(invalid(
                "Either a ResourceEvaluationId, or both of ResourceType and ResourceId must be provided.",
            ));
        };
        let prefix = (resource_type.as_str(), resource_id.as_str());
        let mut results = tx.by_index::<state::EvaluationResult>(call.scope(), "resource", prefix)?;
        results.retain(|result| wanted.contains(&result.compliance));
        let (results, next_token) = page.of(results, |result| result.rule.clone())?;
        let mode = api_config::EvaluationMode::Detective;
        let results = results.iter().map(|result| described(result, mode)).collect();
        Ok(GetComplianceDetailsByResourceOutput { evaluation_results: Some(results), next_token })
    }
}
