//! The decision: AWS's policy evaluation logic.
//!
//! Within an account: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>;
//! across accounts: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html>.

mod statement;
#[cfg(test)]
mod tests;

use crate::Principal;
use crate::decision::{Decision, NearMiss, Outcome, PolicyType, Reason};
use crate::document::{Effect, Statement};
use crate::request::{Attached, Authority, Policies, Request};
use names::AccountId;
use statement::{Grant, Probe};

/// Decides a request. Nothing is allowed that no policy allows (an account's root user apart); any Deny that applies decides.
#[must_use]
pub fn evaluate(request: &Request<'_>, policies: &Policies) -> Decision {
    let probe = Probe::new(request, policies.boundary.is_some());
    let survey = Survey::new(&probe, policies);
    let cross_account = cross_account(request);
    if !survey.denies.is_empty() {
        return Decision {
            outcome: Outcome::ExplicitDeny,
            deciding: survey.denies,
            missing: Vec::new(),
            near_misses: Vec::new(),
            cross_account,
        };
    }
    let missing = survey.missing(request.principal, policies, cross_account);
    if missing.is_empty() {
        return Decision {
            outcome: Outcome::Allowed,
            deciding: survey.allows,
            missing,
            near_misses: Vec::new(),
            cross_account,
        };
    }
    let near_misses = near_misses(&probe, policies);
    Decision { outcome: Outcome::ImplicitDeny, deciding: Vec::new(), missing, near_misses, cross_account }
}

/// Every statement that applies to a request, also those that change nothing because another decided: what the policy simulator lists. It is
/// found as [`evaluate`] finds it.
#[must_use]
pub fn applying(request: &Request<'_>, policies: &Policies) -> Vec<Reason> {
    let probe = Probe::new(request, policies.boundary.is_some());
    let mut reasons = Vec::new();
    for_each_policy(policies, |policy, policy_type| {
        let statements = policy.document.statements().iter();
        let applies = statements.filter(|it| probe.applies(it, policy_type == PolicyType::Trust).is_some());
        reasons.extend(applies.map(|statement| reason(policy, statement, policy_type)));
    });
    reasons
}

/// Whether the resource is another account's. For those outside of accounts (services, anonymous callers) it never is.
fn cross_account(request: &Request<'_>) -> bool {
    let Some(own) = request.principal.account() else { return false };
    match request.resource_account {
        Some(owner) => owner != own,
        None => match crate::text::arn::segments(request.resource) {
            Some([_, service, _, account, _]) => match account.parse::<AccountId>() {
                Ok(owner) => owner != own,
                // A bucket's ARN does not say whose it is; a request that does not either gets no benefit of the doubt.
                Err(_) => service == "s3" && account.is_empty(),
            },
            None => false,
        },
    }
}

/// What all policies say.
struct Survey {
    denies: Vec<Reason>,
    allows: Vec<Reason>,
    identity: bool,
    boundary: bool,
    session: bool,
    service_control: bool,
    resource_control: bool,
    /// The most direct grant by the resource's policy.
    resource: Option<Grant>,
}

impl Survey {
    fn new(probe: &Probe<'_>, policies: &Policies) -> Self {
        let mut survey = Self {
            denies: Vec::new(),
            allows: Vec::new(),
            identity: false,
            boundary: false,
            session: false,
            service_control: true,
            resource_control: true,
            resource: None,
        };
        for level in policies.service_control.iter().flatten() {
            survey.service_control &= survey.read(probe, level, PolicyType::ServiceControl).is_some();
        }
        for level in policies.resource_control.iter().flatten() {
            survey.resource_control &= survey.read(probe, level, PolicyType::ResourceControl).is_some();
        }
        if let Some(resource) = &policies.resource {
            let policy_type =
                if resource.authority == Authority::Trust { PolicyType::Trust } else { PolicyType::Resource };
            survey.resource = survey.read(probe, std::slice::from_ref(&resource.policy), policy_type);
        }
        survey.identity = survey.read(probe, &policies.identity, PolicyType::Identity).is_some();
        survey.boundary = survey.read(probe, policies.boundary.as_slice(), PolicyType::Boundary).is_some();
        survey.session = survey
            .read(probe, policies.session.as_deref().unwrap_or_default(), PolicyType::Session)
            .is_some();
        survey
    }

    /// Reads policies of one type: notes what denies, and answers the most direct grant.
    fn read(&mut self, probe: &Probe<'_>, policies: &[Attached], policy_type: PolicyType) -> Option<Grant> {
        let mut best: Option<Grant> = None;
        for policy in policies {
            for statement in policy.document.statements() {
                // A further Allow that is no more direct changes nothing, and the reasons name the first.
                if statement.effect == Effect::Allow && best == Some(Grant::Direct) {
                    continue;
                }
                let Some(grant) = probe.applies(statement, policy_type == PolicyType::Trust) else {
                    continue;
                };
                match statement.effect {
                    Effect::Deny => self.denies.push(reason(policy, statement, policy_type)),
                    Effect::Allow if best < Some(grant) => {
                        best = Some(grant);
                        self.allows.push(reason(policy, statement, policy_type));
                    }
                    Effect::Allow => {}
                }
            }
        }
        best
    }

    /// The types of policy whose Allow is needed and lacking, the one that AWS reports first. Empty: allowed.
    fn missing(&self, principal: &Principal, policies: &Policies, cross_account: bool) -> Vec<PolicyType> {
        let mut missing = Vec::new();
        if !self.service_control && principal.account().is_some() {
            missing.push(PolicyType::ServiceControl);
        }
        if !self.resource_control {
            missing.push(PolicyType::ResourceControl);
        }
        let authority = policies.authority();
        let resource_type =
            if authority == Authority::Trust { PolicyType::Trust } else { PolicyType::Resource };
        let must_grant = authority != Authority::Ordinary || cross_account || principal.account().is_none();
        if must_grant && self.resource.is_none() {
            missing.push(resource_type);
        }
        if principal.is_iam_entity() {
            self.missing_of_entity(principal, policies, cross_account, &mut missing);
        }
        missing
    }

    /// What a user or session lacks. In its own account a direct grant by the resource's policy needs nothing else, and a grant
    /// to the role only what limits the role; a grant to the account, and any across accounts, needs its own policies too.
    fn missing_of_entity(
        &self,
        principal: &Principal,
        policies: &Policies,
        cross_account: bool,
        missing: &mut Vec<PolicyType>,
    ) {
        let grant = self.resource.filter(|_| !cross_account).unwrap_or(Grant::Account);
        if grant == Grant::Direct {
            return;
        }
        if grant == Grant::Account && !self.identity {
            missing.push(PolicyType::Identity);
        }
        if policies.boundary.is_some() && !self.boundary {
            missing.push(PolicyType::Boundary);
        }
        // A federated user has no rights without a session policy.
        let limited = policies.session.is_some() || matches!(principal, Principal::FederatedUser { .. });
        if limited && !self.session {
            missing.push(PolicyType::Session);
        }
    }
}

fn reason(policy: &Attached, statement: &Statement, policy_type: PolicyType) -> Reason {
    Reason {
        policy_type,
        policy: policy.name.clone(),
        arn: policy.arn.clone(),
        sid: statement.sid.as_deref().map(Into::into),
        statement: statement.index,
        effect: statement.effect,
    }
}

/// The Allow statements that fit but for their conditions: what to tell the reader of a denial.
fn near_misses(probe: &Probe<'_>, policies: &Policies) -> Vec<NearMiss> {
    let mut misses = Vec::new();
    for_each_policy(policies, |policy, policy_type| {
        for statement in policy.document.statements() {
            if statement.effect == Effect::Allow
                && let Some(conditions) = probe.failed_conditions(statement, policy_type == PolicyType::Trust)
            {
                misses.push(NearMiss { reason: reason(policy, statement, policy_type), conditions });
            }
        }
    });
    misses
}

/// All policies, in the order in which AWS names them.
fn for_each_policy(policies: &Policies, mut read: impl FnMut(&Attached, PolicyType)) {
    let resource_type =
        if policies.authority() == Authority::Trust { PolicyType::Trust } else { PolicyType::Resource };
    let mut each = |policies: &mut dyn Iterator<Item = &Attached>, policy_type| {
        policies.for_each(|policy| read(policy, policy_type));
    };
    each(&mut policies.service_control.iter().flatten().flatten(), PolicyType::ServiceControl);
    each(&mut policies.resource_control.iter().flatten().flatten(), PolicyType::ResourceControl);
    each(&mut policies.resource.iter().map(|resource| &resource.policy), resource_type);
    each(&mut policies.identity.iter(), PolicyType::Identity);
    each(&mut policies.boundary.iter(), PolicyType::Boundary);
    each(&mut policies.session.iter().flatten(), PolicyType::Session);
}
