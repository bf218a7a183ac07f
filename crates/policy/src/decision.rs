use crate::conditions::FailedCondition;
use crate::document::Effect;
use std::sync::Arc;

/// The end of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Granted.
    Allowed,
    /// A Deny statement applies.
    ExplicitDeny,
    /// No Deny, but an Allow that is needed is lacking.
    ImplicitDeny,
}

/// A type of policy, as denials name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyType {
    /// Service control policy.
    ServiceControl,
    /// Resource control policy.
    ResourceControl,
    /// The resource's own policy.
    Resource,
    /// The role's trust policy.
    Trust,
    /// Policies of the user, its groups, or the role.
    Identity,
    /// Permissions boundary.
    Boundary,
    /// Session policy.
    Session,
}

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The end.
    pub outcome: Outcome,
    /// The statements that decided: all that deny, or for each type of policy the Allow that granted. Empty for an implicit
    /// denial, and for what an account's root user does in its own account.
    pub deciding: Vec<Reason>,
    /// For an implicit denial: the types of policy whose Allow is lacking; AWS reports the first.
    pub missing: Vec<PolicyType>,
    /// For an implicit denial: the Allow statements that fit but for their conditions.
    pub near_misses: Vec<NearMiss>,
    /// The resource is another account's.
    pub cross_account: bool,
}

/// A statement that took part in a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The type of the policy.
    pub policy_type: PolicyType,
    /// The policy's name.
    pub policy: Arc<str>,
    /// The policy's ARN, where it has one.
    pub arn: Option<Arc<str>>,
    /// The statement's `Sid`.
    pub sid: Option<Box<str>>,
    /// The statement's place in the document, from 0.
    pub statement: usize,
    /// What it does.
    pub effect: Effect,
}

/// An Allow statement that only its conditions kept from applying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The statement.
    pub reason: Reason,
    /// The conditions that are not met.
    pub conditions: Vec<FailedCondition>,
}

impl Decision {
    /// Whether the request may go on.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.outcome == Outcome::Allowed
    }
}
