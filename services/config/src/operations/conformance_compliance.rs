//! What the rules of conformance packs found.

use super::Config;
use super::compliance::of_rule;
use super::conformance_packs::{named, on_pack, pack};
use crate::page::Page;
use crate::state::{ConformancePack, EvaluationResult, Rule};
use api_config::{
    ComplianceType, ConformancePackComplianceScore, ConformancePackComplianceSummary,
    ConformancePackComplianceType, ConformancePackEvaluationResult, ConformancePackRuleCompliance,
    DescribeConformancePackCompliance, DescribeConformancePackComplianceOutput, Error,
    EvaluationResultIdentifier, EvaluationResultQualifier, GetConformancePackComplianceDetails,
    GetConformancePackComplianceDetailsOutput, GetConformancePackComplianceSummary,
    GetConformancePackComplianceSummaryOutput, ListConformancePackComplianceScores,
    ListConformancePackComplianceScoresOutput, NoSuchConfigRuleInConformancePackException, SortBy, SortOrder,
};
use contract::{Access, Call, Transact};
use names::Timestamp;
use store::{StoreError, Tx, View};

/// The rules of a pack, by name.
fn rules(view: &View, pack: &ConformancePack) -> Result<Vec<Rule>, StoreError> {
    let end = format!("-{}", pack.id);
    let mut rules = view.list::<Rule>(pack.scope)?;
    rules.retain(|rule| rule.created_by.is_some() && rule.name.ends_with(&end));
    Ok(rules)
}

/// The rules of a pack that a filter names; each name must be one's.
fn wanted_rules(
    view: &View,
    pack: &ConformancePack,
    names: Option<&Vec<String>>,
) -> Result<Vec<Rule>, Error> {
    let mut rules = rules(view, pack)?;
    let names = names.map(Vec::as_slice).unwrap_or_default();
    if let Some(name) = names.iter().find(|name| rules.iter().all(|rule| rule.name != **name)) {
        let message = format!("The rule {name} is not one of the conformance pack {}.", pack.name);
        return Err(NoSuchConfigRuleInConformancePackException::new(message).into());
    }
    if !names.is_empty() {
        rules.retain(|rule| names.contains(&rule.name));
    }
    Ok(rules)
}

fn of_pack(compliance: ComplianceType) -> ConformancePackComplianceType {
    match compliance {
        ComplianceType::Compliant => ConformancePackComplianceType::Compliant,
        ComplianceType::NonCompliant => ConformancePackComplianceType::NonCompliant,
        _ => ConformancePackComplianceType::InsufficientData,
    }
}

fn compliance(view: &View, rule: &Rule) -> Result<ConformancePackComplianceType, StoreError> {
    Ok(of_pack(of_rule(view, rule)?.compliance_type.unwrap_or(ComplianceType::InsufficientData)))
}

impl Transact<DescribeConformancePackCompliance> for Config {
    fn access(input: &DescribeConformancePackCompliance, call: &Call, view: &View) -> Access {
        on_pack("config:DescribeConformancePackCompliance", call, view, &input.conformance_pack_name)
    }

    fn run(
        input: DescribeConformancePackCompliance,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeConformancePackComplianceOutput, Error> {
        let page = Page::new("conformance-rules", input.next_token.as_ref(), input.limit, 1000, 1000)?;
        let pack = pack(tx, call, &input.conformance_pack_name)?;
        let filters = input.filters.unwrap_or_default();
        let mut found = Vec::new();
        for rule in wanted_rules(tx, &pack, filters.config_rule_names.as_ref())? {
            let own = compliance(tx, &rule)?;
            if filters.compliance_type.is_none_or(|wanted| wanted == own) {
                found.push((rule, own));
            }
        }
        let (found, next_token) = page.of(found, |(rule, _)| rule.name.clone())?;
        let list = found.into_iter().map(|(rule, own)| ConformancePackRuleCompliance {
            config_rule_name: Some(rule.name),
            compliance_type: Some(own),
            controls: Some(Vec::new()),
        });
        Ok(DescribeConformancePackComplianceOutput {
            conformance_pack_name: pack.name,
            conformance_pack_rule_compliance_list: list.collect(),
            next_token,
        })
    }
}

/// The results of a pack's rules that count: compliant or not.
fn results(view: &View, rules: &[Rule]) -> Result<Vec<EvaluationResult>, StoreError> {
    let mut all = Vec::new();
    for rule in rules {
        all.extend(view.scan::<EvaluationResult>(rule.scope, (rule.name.as_str(),)).rows()?);
    }
    all.retain(|it| matches!(it.compliance, ComplianceType::Compliant | ComplianceType::NonCompliant));
    Ok(all)
}

impl Transact<GetConformancePackComplianceDetails> for Config {
    fn access(input: &GetConformancePackComplianceDetails, call: &Call, view: &View) -> Access {
        on_pack("config:GetConformancePackComplianceDetails", call, view, &input.conformance_pack_name)
    }

    fn run(
        input: GetConformancePackComplianceDetails,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetConformancePackComplianceDetailsOutput, Error> {
        let page = Page::new("conformance-results", input.next_token.as_ref(), input.limit, 10, 100)?;
        let pack = pack(tx, call, &input.conformance_pack_name)?;
        let filters = input.filters.unwrap_or_default();
        let rules = wanted_rules(tx, &pack, filters.config_rule_names.as_ref())?;
        let ids = filters.resource_ids.unwrap_or_default();
        let mut found = results(tx, &rules)?;
        found.retain(|it| {
            filters.compliance_type.is_none_or(|wanted| wanted == of_pack(it.compliance))
                && filters.resource_type.as_ref().is_none_or(|wanted| *wanted == it.resource_type)
                && (ids.is_empty() || ids.contains(&it.resource_id))
        });
        let key = |it: &EvaluationResult| format!("{} {} {}", it.rule, it.resource_type, it.resource_id);
        let (found, next_token) = page.of(found, key)?;
        let told = |it: EvaluationResult| ConformancePackEvaluationResult {
            compliance_type: of_pack(it.compliance),
            evaluation_result_identifier: EvaluationResultIdentifier {
                evaluation_result_qualifier: Some(EvaluationResultQualifier {
                    config_rule_name: Some(it.rule),
                    resource_type: Some(it.resource_type),
                    resource_id: Some(it.resource_id),
                    evaluation_mode: None,
                }),
                ordering_timestamp: Some(it.ordering),
                resource_evaluation_id: None,
            },
            config_rule_invoked_time: it.invoked,
            result_recorded_time: it.recorded,
            annotation: it.annotation,
        };
        Ok(GetConformancePackComplianceDetailsOutput {
            conformance_pack_name: pack.name,
            conformance_pack_rule_evaluation_results: Some(found.into_iter().map(told).collect()),
            next_token,
        })
    }
}

impl Transact<GetConformancePackComplianceSummary> for Config {
    fn access(_: &GetConformancePackComplianceSummary, _: &Call, _: &View) -> Access {
        Access::to("config:GetConformancePackComplianceSummary")
    }

    fn run(
        input: GetConformancePackComplianceSummary,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetConformancePackComplianceSummaryOutput, Error> {
        let page = Page::new("conformance-summaries", input.next_token.as_ref(), input.limit, 20, 20)?;
        let packs = named(tx, call, Some(&input.conformance_pack_names))?;
        let (packs, next_token) = page.of(packs, |pack| pack.name.clone())?;
        let mut list = Vec::with_capacity(packs.len());
        for pack in packs {
            let mut all = Vec::new();
            for rule in rules(tx, &pack)? {
                all.push(compliance(tx, &rule)?);
            }
            // One bad rule is enough, and a good one where no other says anything.
            let status = if all.contains(&ConformancePackComplianceType::NonCompliant) {
                ConformancePackComplianceType::NonCompliant
            } else if all.contains(&ConformancePackComplianceType::Compliant) {
                ConformancePackComplianceType::Compliant
            } else {
                ConformancePackComplianceType::InsufficientData
            };
            list.push(ConformancePackComplianceSummary {
                conformance_pack_name: pack.name,
                conformance_pack_compliance_status: status,
            });
        }
        Ok(GetConformancePackComplianceSummaryOutput {
            conformance_pack_compliance_summary_list: Some(list),
            next_token,
        })
    }
}

/// "The number of compliant rule-resource combinations divided by the number of total possible rule-resource combinations." None where there are none.
fn score(results: &[EvaluationResult]) -> Option<(f64, Timestamp)> {
    let updated = results.iter().map(|it| it.recorded).max()?;
    let good = results.iter().filter(|it| it.compliance == ComplianceType::Compliant).count();
    #[expect(clippy::cast_precision_loss, reason = "a percentage of at most some million results")]
    let score = good as f64 * 100.0 / results.len() as f64;
    Some((score, updated))
}

impl Transact<ListConformancePackComplianceScores> for Config {
    fn access(_: &ListConformancePackComplianceScores, _: &Call, _: &View) -> Access {
        Access::to("config:ListConformancePackComplianceScores")
    }

    fn run(
        input: ListConformancePackComplianceScores,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListConformancePackComplianceScoresOutput, Error> {
        let page = Page::new("conformance-scores", input.next_token.as_ref(), input.limit, 20, 20)?;
        let names = input.filters.map(|filters| filters.conformance_pack_names);
        let by_score = input.sort_by == Some(SortBy::Score);
        let descending = input.sort_order == Some(SortOrder::Descending);
        let mut found = Vec::new();
        for pack in named(tx, call, names.as_ref())? {
            let score = score(&results(tx, &rules(tx, &pack)?)?);
            found.push((pack.name, score));
        }
        // The key of a place: the score, its complement where the best come first, and the name. What has no score comes last.
        let key = |(name, score): &(String, Option<(f64, Timestamp)>)| match score {
            Some((score, _)) if by_score => {
                let ordered = if descending { 100.0 - score } else { *score };
                format!("0 {ordered:012.6} {name}")
            }
            _ => format!("1 {name}"),
        };
        let (found, next_token) = if !by_score && descending {
            // By name, from the end.
            let (found, token) = page.of(found, |(name, _)| {
                name.chars().filter_map(|it| char::from_u32(0x10_FFFF - u32::from(it))).collect::<String>()
            })?;
            (found, token)
        } else {
            page.of(found, key)?
        };
        let told = |(name, score): (String, Option<(f64, Timestamp)>)| ConformancePackComplianceScore {
            score: Some(
                score.map_or_else(|| "INSUFFICIENT_DATA".to_owned(), |(score, _)| format!("{score:.2}")),
            ),
            conformance_pack_name: Some(name),
            last_updated_time: score.map(|(_, updated)| updated),
        };
        Ok(ListConformancePackComplianceScoresOutput {
            conformance_pack_compliance_scores: found.into_iter().map(told).collect(),
            next_token,
        })
    }
}
