//! Whether a call is allowed: every check of its access, by every policy that bears on it.

use contract::{
    Access, AccessOfEach, AnyInput, AnyOperation, Call, Check, Identities, Principal, PrincipalPolicies,
    UserSession,
};
use policy::{Globals, Policies, Request};
use store::{StoreError, View};
use wire::ErrorResponse;

/// A call that is allowed. Only [`authorize`] makes one, and only what is authorized can be executed.
pub struct Authorized<'a> {
    pub(crate) operation: &'a dyn AnyOperation,
    pub(crate) input: &'a AnyInput,
    pub(crate) call: &'a Call,
    /// Of each part that the operation judges by itself.
    pub(crate) denials: Vec<Option<ErrorResponse>>,
    _private: (),
}

/// What is left of an authorization when the call outlives the view that it was decided on: asynchronous work takes nothing else.
pub(crate) struct Permit(());

impl Authorized<'_> {
    pub(crate) fn permit(self) -> Permit {
        Permit(())
    }
}

/// Decides a call on what `view` shows: for transactions, the one that the call will write.
///
/// # Errors
/// Outside: the store's failure, which allows nothing. Inside: the denial, as the client is answered.
pub(crate) fn authorize<'a>(
    identities: &dyn Identities,
    operation: &'a dyn AnyOperation,
    input: &'a AnyInput,
    call: &'a Call,
    view: &View,
) -> Result<Result<Authorized<'a>, ErrorResponse>, StoreError> {
    let Some(AccessOfEach { call: whole, parts }) = operation.access(input, call, view) else {
        return Ok(Err(ErrorResponse::new(
            "InternalFailure",
            "The call's input is another operation's.",
            500,
        )));
    };
    let mut bearing = None;
    let mut denial = |access: &Access| -> Result<Option<ErrorResponse>, StoreError> {
        let Access { checks, unconditional } = access;
        // An access that names nothing is a mistake unless it says so, and a mistake denies; so does an action on no resource, which
        // would be judged by nothing.
        if checks.is_empty() && *unconditional {
            return Ok(None);
        }
        if checks.is_empty() || checks.iter().any(|check| check.resources.is_empty()) {
            let message = "The operation does not say what permission it needs.";
            return Ok(Some(ErrorResponse::new("AccessDenied", message, 403)));
        }
        let bearing = match &mut bearing {
            Some(bearing) => bearing,
            missing => missing.insert(Bearing::of(identities, call, view)?),
        };
        let mut needed =
            checks.iter().flat_map(|check| check.resources.iter().map(move |resource| (check, resource)));
        Ok(needed.find_map(|(check, resource)| bearing.judge(check, resource, call)))
    };
    if let Some(denial) = denial(&whole)? {
        return Ok(Err(denial));
    }
    let denials = parts.iter().map(denial).collect::<Result<_, _>>()?;
    Ok(Ok(Authorized { operation, input, call, denials, _private: () }))
}

/// What bears on every check of a call.
struct Bearing {
    principal: policy::Principal,
    policies: PrincipalPolicies,
    user_id: Option<String>,
    source_ip: Option<String>,
}

impl Bearing {
    fn of(identities: &dyn Identities, call: &Call, view: &View) -> Result<Self, StoreError> {
        let policies = match &call.principal {
            Principal::Anonymous | Principal::Root(_) | Principal::Service(_) => PrincipalPolicies::default(),
            Principal::User(_) | Principal::Role(_) => identities.policies(view, &call.principal)?,
        };
        Ok(Self {
            principal: call.principal.for_policy(),
            policies,
            user_id: call.principal.user_id(),
            source_ip: call.client.source_ip.map(|ip| ip.to_string()),
        })
    }

    /// The denial of one action on one resource, or None.
    fn judge(&self, check: &Check, resource: &str, call: &Call) -> Option<ErrorResponse> {
        let via: Vec<&str> = call.chain.via.iter().map(String::as_str).collect();
        let (source_arn, source_account) = match &call.principal {
            Principal::Service(service) => {
                (service.source_arn.as_ref().map(ToString::to_string), Some(service.source_account))
            }
            _ => (None, None),
        };
        let issued = match &call.principal {
            Principal::Role(session) => Some(session.issued),
            Principal::User(user) => user.session_issued.map(UserSession::issued),
            _ => None,
        };
        let source_identity = match &call.principal {
            Principal::Role(session) => session.source_identity.as_deref(),
            _ => None,
        };
        let mut context = policy::global_context(&Globals {
            secure_transport: call.client.secure_transport,
            source_ip: self.source_ip.as_deref(),
            user_agent: Some(call.client.user_agent.as_str()).filter(|agent| !agent.is_empty()),
            requested_region: Some(call.region),
            user_id: self.user_id.as_deref(),
            mfa_present: call.client.multi_factor,
            token_issue_time: issued,
            source_identity,
            principal_tags: Some(&self.policies.tags),
            source_arn: source_arn.as_deref(),
            source_account,
            via_aws_service: !via.is_empty() && !matches!(call.principal, Principal::Service(_)),
            called_via: &via,
            resource_account: check.resource_account,
            ..Globals::new(&self.principal, call.now)
        });
        for (key, values) in &check.context {
            context.insert_all(key, values.iter().cloned());
        }
        let policies = Policies {
            identity: self.policies.identity.clone(),
            boundary: self.policies.boundary.clone(),
            session: self.policies.session.clone(),
            resource: check.resource_policy.clone(),
            no_resource_policy: check.no_resource_policy,
            service_control: None,
            resource_control: None,
        };
        let request = Request {
            principal: &self.principal,
            action: &check.action,
            resource,
            resource_account: check.resource_account,
            context: &context,
            canonical_user: None,
        };
        let decision = policy::evaluate(&request, &policies);
        if decision.is_allowed() {
            return None;
        }
        // The denial is worded as the called service words it, also where the missing permission is another's (iam:PassRole).
        let denial = policy::denial(call.operation.0, &decision, &request);
        Some(ErrorResponse::new(denial.code, denial.message, denial.status))
    }
}
