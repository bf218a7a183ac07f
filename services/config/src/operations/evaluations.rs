use super::rules::rule;
use super::{Config, access};
use crate::engine::results::{self, Finding};
use crate::engine::{deletion, fan, invoke, notify, schedule};
use crate::errors::{invalid, rule_in_use};
use crate::state::{ResultToken, Rule, RuleStatus};
use api_config::{
    ComplianceType, ConfigRuleState, DeleteEvaluationResults, DeleteEvaluationResultsOutput, Error,
    InvalidResultTokenException, LimitExceededException, NoSuchConfigRuleException, PutEvaluations,
    PutEvaluationsOutput, PutExternalEvaluation, PutExternalEvaluationOutput, StartConfigRulesEvaluation,
    StartConfigRulesEvaluationOutput,
};
use contract::{Access, Call, Transact};
use std::time::Duration;
use store::{Tx, View};

/// How often a rule's evaluation can be asked for.
const ONCE_IN: Duration = Duration::from_secs(60);

impl Transact<PutEvaluations> for Config {
    fn access(_: &PutEvaluations, _: &Call, _: &View) -> Access {
        Access::to("config:PutEvaluations")
    }

    fn run(input: PutEvaluations, call: &Call, tx: &mut Tx) -> Result<PutEvaluationsOutput, Error> {
        let evaluations = input.evaluations.unwrap_or_default();
        let mut findings = Vec::with_capacity(evaluations.len());
        for evaluation in evaluations {
            check_compliance(evaluation.compliance_type)?;
            findings.push(Finding {
                resource_type: evaluation.compliance_resource_type,
                resource_id: evaluation.compliance_resource_id,
                compliance: evaluation.compliance_type,
                annotation: evaluation.annotation,
                ordering: evaluation.ordering_timestamp,
            });
        }
        let done = PutEvaluationsOutput { failed_evaluations: Some(Vec::new()) };
        if input.test_mode == Some(true) {
            // Any token will do, and nothing is kept; an empty one is none.
            return if input.result_token.is_empty() { Err(invalid_token()) } else { Ok(done) };
        }
        let token = proven(tx, call, &input.result_token)?;
        let rule = Rule::by_id(tx, token.scope, &token.rule_id)?.filter(|rule| !rule.is_deleting());
        let Some(rule) = rule else {
            let message = "The ConfigRule that the result token was made for does not exist.";
            return Err(NoSuchConfigRuleException::new(message).into());
        };
        for finding in findings {
            results::keep(tx, &rule, finding, token.invoked, call.now)?;
        }
        let mut status = RuleStatus::of(tx, rule.scope, &rule.name)?;
        status.last_successful_evaluation = Some(call.now);
        status.error = None;
        tx.put(status)?;
        Ok(done)
    }
}

fn invalid_token() -> Error {
    InvalidResultTokenException::new("The resultToken provided is invalid").into()
}

fn proven(tx: &Tx, call: &Call, token: &str) -> Result<ResultToken, Error> {
    let hash = invoke::token_hash(token);
    let known = tx.get::<ResultToken>(call.scope(), hash.as_str())?;
    known.filter(|known| known.expires > call.now).ok_or_else(invalid_token)
}

fn check_compliance(compliance: ComplianceType) -> Result<(), Error> {
    if compliance == ComplianceType::InsufficientData {
        return Err(invalid(
            "The ComplianceType INSUFFICIENT_DATA is invalid. Only the following values are permitted: COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE",
        ));
    }
    Ok(())
}

impl Transact<PutExternalEvaluation> for Config {
    fn access(input: &PutExternalEvaluation, call: &Call, view: &View) -> Access {
        access::on_rule("config:PutExternalEvaluation", call, view, &input.config_rule_name)
    }

    fn run(
        input: PutExternalEvaluation,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutExternalEvaluationOutput, Error> {
        let rule = rule(tx, call, &input.config_rule_name)?;
        let evaluation = input.external_evaluation;
        check_compliance(evaluation.compliance_type)?;
        let finding = Finding {
            resource_type: evaluation.compliance_resource_type,
            resource_id: evaluation.compliance_resource_id,
            compliance: evaluation.compliance_type,
            annotation: evaluation.annotation,
            ordering: evaluation.ordering_timestamp,
        };
        results::keep(tx, &rule, finding, call.now, call.now)?;
        Ok(PutExternalEvaluationOutput {})
    }
}

impl Transact<StartConfigRulesEvaluation> for Config {
    fn access(input: &StartConfigRulesEvaluation, call: &Call, view: &View) -> Access {
        access::on_rules("config:StartConfigRulesEvaluation", call, view, input.config_rule_names.as_ref())
    }

    fn run(
        input: StartConfigRulesEvaluation,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<StartConfigRulesEvaluationOutput, Error> {
        let names = input.config_rule_names.filter(|names| !names.is_empty());
        let names = names.ok_or_else(|| invalid("At least one config rule name must be provided."))?;
        let rules = super::rules::named(tx, call, Some(&names))?;
        for rule in &rules {
            if rule.is_deleting() || rule.state == ConfigRuleState::DeletingResults {
                return Err(rule_in_use(&rule.name));
            }
            let mut status = RuleStatus::of(tx, rule.scope, &rule.name)?;
            let lately = status.last_started.is_some_and(|last| call.now < last.plus(ONCE_IN));
            if lately || rule.state == ConfigRuleState::Evaluating {
                let message = format!(
                    "An evaluation of the rule {} is in progress or was started less than a minute ago. Please retry later",
                    rule.name
                );
                return Err(LimitExceededException::new(message).into());
            }
            status.last_started = Some(call.now);
            tx.put(status)?;
            let rule = Rule { state: ConfigRuleState::Evaluating, ..rule.clone() };
            fan::enqueue(tx, &rule, call.now)?;
            schedule::once(tx, &rule, call.now)?;
            tx.put(rule)?;
        }
        let names = rules.into_iter().map(|rule| rule.name).collect();
        notify::evaluation_started(tx, call.scope(), names, call.now)?;
        Ok(StartConfigRulesEvaluationOutput {})
    }
}

impl Transact<DeleteEvaluationResults> for Config {
    fn access(input: &DeleteEvaluationResults, call: &Call, view: &View) -> Access {
        access::on_rule("config:DeleteEvaluationResults", call, view, &input.config_rule_name)
    }

    fn run(
        input: DeleteEvaluationResults,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteEvaluationResultsOutput, Error> {
        let rule = rule(tx, call, &input.config_rule_name)?;
        let busy = rule.state != ConfigRuleState::Active || deletion::is_evaluating(tx, &rule, call.now)?;
        if busy {
            return Err(rule_in_use(&rule.name));
        }
        let rule = Rule { state: ConfigRuleState::DeletingResults, ..rule };
        deletion::enqueue(tx, &rule, false, call.now)?;
        tx.put(rule)?;
        Ok(DeleteEvaluationResultsOutput {})
    }
}
