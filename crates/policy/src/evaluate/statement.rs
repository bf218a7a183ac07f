//! Whether one statement applies to a request.

use crate::conditions::FailedCondition;
use crate::document::{PrincipalPattern, Principals, Resources, Statement};
use crate::text::Match;
use crate::text::arn::{Segments, segments};
use crate::{Effect, Principal, Request};

/// A request, prepared once for all statements.
pub(super) struct Probe<'a> {
    pub(super) request: &'a Request<'a>,
    action: String,
    segments: Option<Segments<'a>>,
    /// The principal has a permissions boundary, which `NotPrincipal` in a Deny never exempts.
    bounded: bool,
}

/// How directly a statement names the principal; the order is from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grant {
    /// It names the account, which may hand it on.
    Account,
    /// It names the role (or, for a federated user, the user) behind the session: boundary and session policies limit it.
    Role,
    /// It names the user or session, or everybody.
    Direct,
}

impl<'a> Probe<'a> {
    pub(super) fn new(request: &'a Request<'a>, bounded: bool) -> Self {
        Self {
            request,
            action: request.action.to_ascii_lowercase(),
            segments: segments(request.resource),
            bounded,
        }
    }

    /// How the statement applies; None where it does not. Statements without principals apply directly. `trust`: it is of a
    /// trust policy.
    pub(super) fn applies(&self, statement: &Statement, trust: bool) -> Option<Grant> {
        let grant = self.reaches(statement, trust)?;
        let effect = statement.effect;
        statement
            .conditions
            .iter()
            .all(|condition| condition.met(self.request.context, effect))
            .then_some(grant)
    }

    /// The conditions that alone keep a statement from applying; None where something else does, or nothing.
    pub(super) fn failed_conditions(
        &self,
        statement: &Statement,
        trust: bool,
    ) -> Option<Vec<FailedCondition>> {
        self.reaches(statement, trust)?;
        let context = self.request.context;
        let failed: Vec<_> = statement
            .conditions
            .iter()
            .filter(|condition| !condition.met(context, statement.effect))
            .map(|condition| condition.failed(context))
            .collect();
        (!failed.is_empty()).then_some(failed)
    }

    /// All but the conditions.
    fn reaches(&self, statement: &Statement, trust: bool) -> Option<Grant> {
        if statement.never {
            return None;
        }
        let actions = &statement.actions;
        if actions.patterns.iter().any(|pattern| pattern.matches(&self.action)) == actions.negated {
            return None;
        }
        if let Some(resources) = &statement.resources
            && !self.resource(resources, statement.effect)
        {
            return None;
        }
        match &statement.principals {
            None => Some(Grant::Direct),
            Some(principals) => self.principal(principals, trust, statement.effect),
        }
    }

    fn resource(&self, resources: &Resources, effect: Effect) -> bool {
        let mut unresolved = false;
        for pattern in &resources.patterns {
            match pattern.matches(self.request.resource, self.segments.as_ref(), self.request.context) {
                Match::Yes => return !resources.negated,
                Match::No => {}
                Match::Unresolved => unresolved = true,
            }
        }
        resources.negated && (!unresolved || effect == Effect::Deny)
    }

    fn principal(&self, principals: &Principals, trust: bool, effect: Effect) -> Option<Grant> {
        if principals.negated {
            return (!self.exempt(principals)).then_some(Grant::Direct);
        }
        principals
            .patterns
            .iter()
            .filter_map(|pattern| self.named(pattern, trust && effect == Effect::Allow))
            .max()
    }

    /// Whether `NotPrincipal` (which only a Deny has) exempts the principal: every name that it goes by must be listed, session,
    /// role and account. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>
    fn exempt(&self, principals: &Principals) -> bool {
        let listed = |wanted: &PrincipalPattern| principals.patterns.contains(wanted);
        if listed(&PrincipalPattern::Everyone) {
            return true;
        }
        if self.bounded {
            return false;
        }
        match self.request.principal {
            Principal::Root { account, .. } => listed(&PrincipalPattern::Account(*account)),
            Principal::User { account, arn } => {
                listed(&PrincipalPattern::User(arn.clone())) && listed(&PrincipalPattern::Account(*account))
            }
            Principal::AssumedRole { account, role, arn } => {
                listed(&PrincipalPattern::Session(arn.clone()))
                    && listed(&PrincipalPattern::Role(role.clone()))
                    && listed(&PrincipalPattern::Account(*account))
            }
            Principal::FederatedUser { account, arn, .. } => {
                listed(&PrincipalPattern::FederatedUser(arn.clone()))
                    && listed(&PrincipalPattern::Account(*account))
            }
            Principal::Federated { provider } => listed(&PrincipalPattern::Federated(provider.clone())),
            Principal::Service { name } => listed(&PrincipalPattern::Service(name.clone())),
            Principal::Anonymous => false,
        }
    }

    fn named(&self, pattern: &PrincipalPattern, trusting: bool) -> Option<Grant> {
        let direct = |same: bool| same.then_some(Grant::Direct);
        let principal = self.request.principal;
        match pattern {
            // Everybody who may assume a role is somebody of an account; services and identity providers are named as such.
            PrincipalPattern::Everyone if trusting => direct(principal.account().is_some()),
            PrincipalPattern::Everyone => Some(Grant::Direct),
            PrincipalPattern::Account(wanted) => match principal {
                Principal::Root { account, .. } => direct(account == wanted),
                other => (other.account() == Some(*wanted)).then_some(Grant::Account),
            },
            PrincipalPattern::Role(wanted) => match principal {
                Principal::AssumedRole { role, .. } => (role == wanted).then_some(Grant::Role),
                _ => None,
            },
            PrincipalPattern::User(wanted) => match principal {
                Principal::User { arn, .. } => direct(arn == wanted),
                Principal::FederatedUser { issuer, .. } => (issuer == wanted).then_some(Grant::Role),
                _ => None,
            },
            PrincipalPattern::Session(wanted) => match principal {
                Principal::AssumedRole { arn, .. } => direct(arn == wanted),
                _ => None,
            },
            PrincipalPattern::FederatedUser(wanted) => match principal {
                Principal::FederatedUser { arn, .. } => direct(arn == wanted),
                _ => None,
            },
            PrincipalPattern::UniqueId(wanted) => self.unique_id(wanted),
            PrincipalPattern::Service(wanted) => match principal {
                Principal::Service { name } => direct(name == wanted),
                _ => None,
            },
            PrincipalPattern::Federated(wanted) => match principal {
                Principal::Federated { provider } => direct(provider == wanted),
                _ => None,
            },
            PrincipalPattern::CanonicalUser(wanted) => {
                direct(self.request.canonical_user.is_some_and(|id| id.eq_ignore_ascii_case(wanted)))
            }
            PrincipalPattern::Other(_) => None,
        }
    }

    /// `AIDA…` is a user, `AROA…` a role: the part of `aws:userid` before the session's name.
    fn unique_id(&self, wanted: &str) -> Option<Grant> {
        let [id] = self.request.context.values("aws:userid")? else { return None };
        let same = id.split(':').next() == Some(wanted);
        match self.request.principal {
            Principal::User { .. } if same => Some(Grant::Direct),
            Principal::AssumedRole { .. } if same => Some(Grant::Role),
            _ => None,
        }
    }
}
