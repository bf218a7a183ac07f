use super::{Config, access};
use crate::engine::deletion;
use crate::errors::{no_such_rule, rule_in_use};
use crate::page::Page;
use crate::state::{Rule, RuleStatus};
use api_config::{
    ConfigRule, ConfigRuleEvaluationStatus, ConfigRuleState, DeleteConfigRule, DeleteConfigRuleOutput,
    DescribeConfigRuleEvaluationStatus, DescribeConfigRuleEvaluationStatusOutput, DescribeConfigRules,
    DescribeConfigRulesOutput, Error, EvaluationModeConfiguration, EventSource, GetCustomRulePolicy,
    GetCustomRulePolicyOutput, Scope, Source, SourceDetail,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// How many rules a page holds where nothing else is said.
const PAGE: usize = 25;

/// The rules with these names, or all; each name must be a rule's.
pub(super) fn named(view: &View, call: &Call, names: Option<&Vec<String>>) -> Result<Vec<Rule>, Error> {
    let names = names.map(Vec::as_slice).unwrap_or_default();
    if names.is_empty() {
        return Ok(view.list::<Rule>(call.scope())?);
    }
    let mut rules: Vec<Rule> = Vec::new();
    for name in names {
        let rule = rule(view, call, name)?;
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    Ok(rules)
}

/// The rule with a name.
pub(super) fn rule(view: &View, call: &Call, name: &str) -> Result<Rule, Error> {
    view.get::<Rule>(call.scope(), name)?.ok_or_else(|| no_such_rule(name))
}

/// Only the service whose rule it is changes a rule.
pub(super) fn check_owner(rule: &Rule, call: &Call) -> Result<(), Error> {
    match &rule.created_by {
        Some(service) if !crate::conformance::role::is_it(&call.principal) => {
            let message = format!(
                "The rule {} is a service-linked rule of {service}. Change or delete the conformance pack that it belongs to.",
                rule.name
            );
            Err(Error::Common(wire::ErrorResponse::sender("AccessDeniedException", message)))
        }
        _ => Ok(()),
    }
}

fn none_if_empty<T>(list: Vec<T>) -> Option<Vec<T>> {
    if list.is_empty() { None } else { Some(list) }
}

fn described(rule: Rule) -> ConfigRule {
    let (arn, managed) = (rule.arn().to_string(), rule.is_managed());
    let scope = Scope {
        compliance_resource_types: none_if_empty(rule.target.types),
        tag_key: rule.target.tag_key,
        tag_value: rule.target.tag_value,
        compliance_resource_id: rule.target.id,
    };
    let details = rule
        .triggers
        .into_iter()
        .map(|trigger| SourceDetail {
            event_source: Some(EventSource::AwsConfig),
            message_type: Some(trigger.message),
            maximum_execution_frequency: trigger.frequency,
        })
        .collect();
    ConfigRule {
        config_rule_name: Some(rule.name),
        config_rule_arn: Some(arn),
        config_rule_id: Some(rule.id),
        description: rule.description,
        scope: Some(scope).filter(|scope| *scope != Scope::default()),
        source: Source {
            owner: rule.owner,
            source_identifier: Some(rule.identifier),
            // What makes a managed rule judge is its own.
            source_details: (!managed).then_some(details),
            custom_policy_details: None,
        },
        input_parameters: rule.parameters,
        maximum_execution_frequency: rule.frequency,
        config_rule_state: Some(rule.state),
        created_by: rule.created_by,
        evaluation_modes: Some(vec![EvaluationModeConfiguration { mode: Some(rule.mode) }]),
    }
}

impl Transact<DescribeConfigRules> for Config {
    fn access(input: &DescribeConfigRules, call: &Call, view: &View) -> Access {
        access::on_rules("config:DescribeConfigRules", call, view, input.config_rule_names.as_ref())
    }

    fn run(input: DescribeConfigRules, call: &Call, tx: &mut Tx) -> Result<DescribeConfigRulesOutput, Error> {
        let page = Page::new("rules", input.next_token.as_ref(), None, PAGE, PAGE)?;
        let mut rules = named(tx, call, input.config_rule_names.as_ref())?;
        if let Some(mode) = input.filters.and_then(|filters| filters.evaluation_mode) {
            rules.retain(|rule| rule.mode == mode);
        }
        let (rules, next_token) = page.of(rules, |rule| rule.name.clone())?;
        let rules = rules.into_iter().map(described).collect();
        Ok(DescribeConfigRulesOutput { config_rules: Some(rules), next_token })
    }
}

impl Transact<DeleteConfigRule> for Config {
    fn access(input: &DeleteConfigRule, call: &Call, view: &View) -> Access {
        access::on_rule("config:DeleteConfigRule", call, view, &input.config_rule_name)
    }

    fn run(input: DeleteConfigRule, call: &Call, tx: &mut Tx) -> Result<DeleteConfigRuleOutput, Error> {
        let rule = rule(tx, call, &input.config_rule_name)?;
        check_owner(&rule, call)?;
        if rule.is_deleting() || rule.state == ConfigRuleState::DeletingResults {
            return Err(rule_in_use(&rule.name));
        }
        if tx.exists::<crate::state::RemediationConfiguration>(rule.scope, rule.name.as_str())? {
            let message = format!("The rule {} has a remediation configuration. Delete it first.", rule.name);
            return Err(api_config::ResourceInUseException::new(message).into());
        }
        let rule = Rule { state: ConfigRuleState::Deleting, ..rule };
        deletion::enqueue(tx, &rule, true, call.now)?;
        tx.put(rule)?;
        Ok(DeleteConfigRuleOutput {})
    }
}

impl Transact<GetCustomRulePolicy> for Config {
    fn access(input: &GetCustomRulePolicy, call: &Call, view: &View) -> Access {
        let name = input.config_rule_name.as_deref().unwrap_or_default();
        access::on_rule("config:GetCustomRulePolicy", call, view, name)
    }

    /// No rule of this cloud has a policy text: custom policy rules cannot be put.
    fn run(input: GetCustomRulePolicy, call: &Call, tx: &mut Tx) -> Result<GetCustomRulePolicyOutput, Error> {
        rule(tx, call, input.config_rule_name.as_deref().unwrap_or_default())?;
        Ok(GetCustomRulePolicyOutput { policy_text: None })
    }
}

impl Transact<DescribeConfigRuleEvaluationStatus> for Config {
    fn access(input: &DescribeConfigRuleEvaluationStatus, call: &Call, view: &View) -> Access {
        let names = input.config_rule_names.as_ref();
        access::on_rules("config:DescribeConfigRuleEvaluationStatus", call, view, names)
    }

    fn run(
        input: DescribeConfigRuleEvaluationStatus,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeConfigRuleEvaluationStatusOutput, Error> {
        let page = Page::new("rule-statuses", input.next_token.as_ref(), input.limit, PAGE, 50)?;
        let rules = named(tx, call, input.config_rule_names.as_ref())?;
        let (rules, next_token) = page.of(rules, |rule| rule.name.clone())?;
        let mut statuses = Vec::with_capacity(rules.len());
        for rule in rules {
            let status = RuleStatus::of(tx, rule.scope, &rule.name)?;
            let (last_error_code, last_error_message) = status.error.unzip();
            statuses.push(ConfigRuleEvaluationStatus {
                config_rule_arn: Some(rule.arn().to_string()),
                config_rule_id: Some(rule.id),
                config_rule_name: Some(rule.name),
                last_successful_invocation_time: status.last_successful_invocation,
                last_failed_invocation_time: status.last_failed_invocation,
                last_successful_evaluation_time: status.last_successful_evaluation,
                last_failed_evaluation_time: status.last_failed_evaluation,
                first_activated_time: status.first_activated,
                last_error_code,
                last_error_message,
                first_evaluation_started: Some(status.first_evaluation_started),
                ..ConfigRuleEvaluationStatus::default()
            });
        }
        Ok(DescribeConfigRuleEvaluationStatusOutput {
            config_rules_evaluation_status: Some(statuses),
            next_token,
        })
    }
}
