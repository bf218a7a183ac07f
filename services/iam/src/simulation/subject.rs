//! Whose policies are simulated, and as whom.

use super::source::{self, Source};
use crate::state::{Entity, Group, Role, User};
use crate::{identities, refusal};
use api_iam::{Error, PolicySourceType};
use contract::Call;
use names::{AccountId, Arn, Tags};
use policy::{Context, Globals, Principal};
use store::View;

/// The policies and the caller of a simulation.
pub(crate) struct Subject {
    pub(crate) principal: Principal,
    /// What follows from who calls.
    pub(crate) context: Context,
    /// Of the user, its groups, or the role, and what the caller wrote.
    pub(crate) identity: Vec<Source>,
    pub(crate) boundary: Option<Source>,
    /// The principal stands for somebody: resource policies may name it.
    pub(crate) is_user: bool,
}

impl Subject {
    /// Of policies alone: somebody of the account has them.
    pub(crate) fn somebody(call: &Call) -> Self {
        let arn = Arn::new("iam", call.global_scope(), "user/").to_string();
        Self::nobody_yet(Principal::User { account: call.account, arn: arn.into() })
    }

    fn nobody_yet(principal: Principal) -> Self {
        Self { principal, context: Context::new(), identity: Vec::new(), boundary: None, is_user: false }
    }

    /// A user with its groups, a group, or a role.
    pub(crate) fn named(arn: &str, call: &Call, view: &View) -> Result<Self, Error> {
        let unclear = || {
            let sentence = format!("Invalid Entity Arn: {arn} does not clearly define entity type and name.");
            refusal::invalid_input(sentence)
        };
        let parsed: Arn = arn.parse().map_err(|_| unclear())?;
        let (noun, rest) = parsed.resource.split_once('/').ok_or_else(unclear)?;
        let name = rest.rsplit('/').next().filter(|name| !name.is_empty()).ok_or_else(unclear)?;
        let (Some(account), true) = (parsed.account, parsed.service == "iam" && parsed.region.is_none())
        else {
            return Err(unclear());
        };
        if account != call.account {
            let caller = call.account;
            return Err(refusal::invalid_input(format!(
                "Invalid Policy Source Arn: caller's account {caller} does not have access to policies in account {account}"
            )));
        }
        match noun {
            "user" => Self::user(&existing::<User>(arn, name, call, view)?, call, view),
            "role" => Self::role(&existing::<Role>(arn, name, call, view)?, call, view),
            "group" => Self::group(&existing::<Group>(arn, name, call, view)?, view),
            _ => Err(unclear()),
        }
    }

    fn user(user: &User, call: &Call, view: &View) -> Result<Self, Error> {
        let identity = user.principal();
        let bound = identities::of_user(view, &identity)?;
        let mut subject = Self::nobody_yet(contract::Principal::User(identity).for_policy());
        let mut policies = bound.identity.into_iter();
        source::of_entity(view, user, &mut policies, &mut subject.identity)?;
        for group in user.group_rows(view)? {
            source::of_entity(view, &group, &mut policies, &mut subject.identity)?;
        }
        subject.is_user = true;
        subject.bounded(user, bound.boundary, view)?;
        subject.context = keys(&subject.principal, Some(&user.id), &bound.tags, call);
        Ok(subject)
    }

    fn role(role: &Role, call: &Call, view: &View) -> Result<Self, Error> {
        let bound = identities::of_entity(view, role)?;
        let (scope, name) = (names::Scope::global(role.account), &role.name);
        let session = Arn::new("sts", scope, format!("assumed-role/{name}/simulation")).to_string();
        let principal =
            Principal::AssumedRole { account: role.account, role: role.arn().into(), arn: session.into() };
        let mut subject = Self::nobody_yet(principal);
        source::of_entity(view, role, &mut bound.identity.into_iter(), &mut subject.identity)?;
        subject.bounded(role, bound.boundary, view)?;
        subject.context = keys(&subject.principal, None, &bound.tags, call);
        Ok(subject)
    }

    fn group(group: &Group, view: &View) -> Result<Self, Error> {
        let bound = identities::of_entity(view, group)?;
        let mut subject =
            Self::nobody_yet(Principal::User { account: group.account, arn: group.arn().into() });
        source::of_entity(view, group, &mut bound.identity.into_iter(), &mut subject.identity)?;
        subject.context.insert("aws:PrincipalAccount", group.account.to_string());
        Ok(subject)
    }

    fn bounded(
        &mut self,
        entity: &impl Entity,
        bound: Option<policy::Attached>,
        view: &View,
    ) -> Result<(), Error> {
        if let (Some(arn), Some(bound)) = (entity.boundary(), bound) {
            let (name, text) = source::managed_text(view, entity.account(), arn)?;
            let of = PolicySourceType::PermissionsBoundaryPolicy;
            self.boundary = Some(Source::new(name, of, text, bound.document));
        }
        Ok(())
    }

    /// As if this user had the policies (`CallerArn`).
    pub(crate) fn called_by(&mut self, arn: &str, call: &Call) -> Result<(), Error> {
        let refuse =
            || refusal::invalid_input(format!("Invalid Caller Arn: {arn} is not the ARN of an IAM user."));
        let parsed: Arn = arn.parse().map_err(|_| refuse())?;
        let name = parsed.resource_after("user/").and_then(|rest| rest.rsplit('/').next());
        let (Some(account), Some(name), "iam") = (parsed.account, name, parsed.service.as_str()) else {
            return Err(refuse());
        };
        if name.is_empty() {
            return Err(refuse());
        }
        // Of the user whose policies are simulated the caller may know all. Of any other no more is told than the name: whether there is such
        // a user, and its tags, could else be found out by conditions.
        if matches!(&self.principal, Principal::User { arn: own, .. } if self.is_user && **own == *arn) {
            return Ok(());
        }
        self.principal = Principal::User { account, arn: arn.into() };
        self.is_user = true;
        self.context = keys(&self.principal, None, &Tags::new(), call);
        Ok(())
    }

    /// The account whose credentials are simulated.
    pub(crate) fn account(&self, call: &Call) -> AccountId {
        self.principal.account().unwrap_or(call.account)
    }
}

fn existing<E: Entity>(arn: &str, name: &str, call: &Call, view: &View) -> Result<E, Error> {
    let found = E::named(view, call.account, name)?.filter(|entity| entity.arn() == arn);
    found.ok_or_else(|| refusal::no_entity::<E>(name))
}

/// The condition keys that follow from who calls. When, from where and how the call comes is the question's to say.
fn keys(principal: &Principal, user_id: Option<&str>, tags: &Tags, call: &Call) -> Context {
    let globals = Globals { user_id, principal_tags: Some(tags), ..Globals::new(principal, call.now) };
    let mut context = policy::global_context(&globals);
    for unknown in ["aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport"] {
        context.remove(unknown);
    }
    context
}
