//! The results: each decision is [`policy::evaluate`]'s, as of a real call.

use super::question::Question;
use super::subject::Subject;
use crate::facts;
use api_iam::{
    EvaluationResult, PermissionsBoundaryDecisionDetail, PolicyEvaluationDecisionType as Decided,
    ResourceSpecificResult, Statement,
};
use policy::{Decision, Document, Effect, Outcome, Policies, PolicyType, Reason, Request};
use std::collections::BTreeMap;

/// A subject and a question, ready to be decided.
pub(crate) struct Simulation {
    subject: Subject,
    question: Question,
    policies: Policies,
    missing: Vec<String>,
}

impl Simulation {
    pub(crate) fn new(subject: Subject, question: Question) -> Self {
        let policies = question.policies(&subject);
        let all = subject.identity.iter().chain(&subject.boundary).chain(&question.resource_policy);
        let missing = needed_keys(all.map(|source| source.document()))
            .into_iter()
            .filter(|key| subject.context.get(key).is_none_or(<[_]>::is_empty))
            .collect();
        Self { subject, question, policies, missing }
    }

    /// What AWS answers of one action on all resources.
    pub(crate) fn result(&self, action: &str) -> EvaluationResult {
        let resources = &self.question.resources;
        let mut results: Vec<ResourceSpecificResult> =
            resources.iter().map(|resource| self.of_resource(action, resource)).collect();
        match resources.as_slice() {
            // On no resource in particular there is nothing specific, and what is missing is told here.
            [one] => {
                let all = one == "*";
                let mut specific = results.pop().unwrap_or_default();
                let missing = specific.missing_context_values.clone().filter(|_| all);
                let result = EvaluationResult {
                    eval_action_name: action.to_owned(),
                    eval_resource_name: Some(one.clone()),
                    eval_decision: specific.eval_resource_decision,
                    matched_statements: specific.matched_statements.clone(),
                    missing_context_values: Some(missing.unwrap_or_default()),
                    organizations_decision_detail: None,
                    permissions_boundary_decision_detail: specific
                        .permissions_boundary_decision_detail
                        .clone(),
                    eval_decision_details: specific.eval_decision_details.clone().filter(|_| !all),
                    resource_specific_results: None,
                };
                specific.permissions_boundary_decision_detail = None;
                EvaluationResult { resource_specific_results: (!all).then(|| vec![specific]), ..result }
            }
            _ => EvaluationResult {
                eval_action_name: action.to_owned(),
                eval_resource_name: Some(facts::template(action, resources).unwrap_or_else(|| "*".into())),
                eval_decision: worst(results.iter().map(|result| result.eval_resource_decision)),
                matched_statements: Some(Vec::new()),
                missing_context_values: Some(Vec::new()),
                organizations_decision_detail: None,
                permissions_boundary_decision_detail: None,
                eval_decision_details: Some(BTreeMap::new()),
                resource_specific_results: Some(results),
            },
        }
    }

    fn of_resource(&self, action: &str, resource: &str) -> ResourceSpecificResult {
        let owner = self.question.owner_of(resource);
        let mut context = self.subject.context.clone();
        if context.get("aws:ResourceAccount").is_none() {
            context.insert("aws:ResourceAccount", owner.to_string());
        }
        let request = Request {
            principal: &self.subject.principal,
            action,
            resource,
            resource_account: Some(owner),
            context: &context,
            canonical_user: None,
        };
        let decision = policy::evaluate(&request, &self.policies);
        let applying = policy::applying(&request, &self.policies);
        let boundary = self.subject.boundary.as_ref().map(|_| PermissionsBoundaryDecisionDetail {
            allowed_by_permissions_boundary: Some(by(&applying, PolicyType::Boundary) == Decided::Allowed),
        });
        ResourceSpecificResult {
            eval_resource_name: resource.to_owned(),
            eval_resource_decision: decided(&decision),
            matched_statements: Some(self.matched(&decision, &applying)),
            missing_context_values: Some(self.missing.clone()),
            eval_decision_details: Some(self.details(&decision, &applying)),
            permissions_boundary_decision_detail: boundary,
        }
    }

    /// The statements that determine the decision: every Deny that applies, or every Allow.
    fn matched(&self, decision: &Decision, applying: &[Reason]) -> Vec<Statement> {
        let effect = match decision.outcome {
            Outcome::Allowed => Effect::Allow,
            Outcome::ExplicitDeny => Effect::Deny,
            Outcome::ImplicitDeny => return Vec::new(),
        };
        let source = |reason: &Reason| match reason.policy_type {
            PolicyType::Boundary => self.subject.boundary.as_ref(),
            PolicyType::Resource => self.question.resource_policy.as_ref(),
            _ => reason.policy.parse().ok().and_then(|place: usize| self.subject.identity.get(place)),
        };
        let reasons = applying.iter().filter(|reason| reason.effect == effect);
        reasons.filter_map(|reason| Some(source(reason)?.statement(reason))).collect()
    }

    /// Across accounts, what each type of policy says; within one, AWS answers none.
    fn details(&self, decision: &Decision, applying: &[Reason]) -> BTreeMap<String, Decided> {
        let mut details = BTreeMap::new();
        if decision.cross_account {
            details.insert("IAM Policy".to_owned(), by(applying, PolicyType::Identity));
            details.insert("Resource Policy".to_owned(), by(applying, PolicyType::Resource));
            if self.subject.boundary.is_some() {
                details.insert("Permissions Boundary Policy".to_owned(), by(applying, PolicyType::Boundary));
            }
        }
        details
    }
}

/// The context keys that documents need, each once.
pub(crate) fn needed_keys<'a>(documents: impl Iterator<Item = &'a Document>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in documents.flat_map(Document::needed_keys) {
        if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            keys.push(key.to_owned());
        }
    }
    keys
}

fn decided(decision: &Decision) -> Decided {
    match decision.outcome {
        Outcome::Allowed => Decided::Allowed,
        Outcome::ExplicitDeny => Decided::ExplicitDeny,
        Outcome::ImplicitDeny => Decided::ImplicitDeny,
    }
}

/// What the policies of one type say by themselves.
fn by(applying: &[Reason], policy_type: PolicyType) -> Decided {
    let mut of_type = applying.iter().filter(|reason| reason.policy_type == policy_type).peekable();
    if of_type.peek().is_none() {
        return Decided::ImplicitDeny;
    }
    if of_type.any(|reason| reason.effect == Effect::Deny) { Decided::ExplicitDeny } else { Decided::Allowed }
}

fn worst(decisions: impl Iterator<Item = Decided>) -> Decided {
    decisions
        .max_by_key(|decision| match decision {
            Decided::Allowed => 0,
            Decided::ImplicitDeny => 1,
            Decided::ExplicitDeny => 2,
        })
        .unwrap_or(Decided::ImplicitDeny)
}
