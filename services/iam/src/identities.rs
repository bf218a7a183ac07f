//! What the platform asks of IAM: whose an access key is, and which policies bind a principal.

use crate::documents;
use crate::managed;
use crate::state::{AccessKey, Entity, ManagedPolicy, Role, Session, User};
use contract::{
    AnyInput, AnyOutput, Credential, Identities, Principal, PrincipalPolicies, RoleSession, UserIdentity,
    UserSession,
};
use names::{AccountId, Arn};
use policy::{Attached, Kind};
use store::{StoreError, View};
use wire::{Operation, OperationSchema};

/// IAM's answer to the platform.
pub(crate) struct IamIdentities;

/// What binds the credentials of a user or role that is gone, and a session whose session policy is gone.
const NOBODY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Sid":"Deleted","Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// What GetSessionToken's credentials may not do without a second factor
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
const SESSION_TOKEN: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"NoIamWithoutSecondFactor","Effect":"Deny","Action":"iam:*","Resource":"*",
     "Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}},
    {"Sid":"OnlyAssumeRoleAndGetCallerIdentity","Effect":"Deny","Resource":"*",
     "Action":["sts:GetSessionToken","sts:GetFederationToken","sts:GetAccessKeyInfo","sts:DecodeAuthorizationMessage"]}]}"#;

impl Identities for IamIdentities {
    fn credential(&self, view: &View, access_key_id: &str) -> Result<Option<Credential>, StoreError> {
        let Some(mut credential) = known(view, access_key_id)? else { return Ok(None) };
        if let Some(account) = credential.principal.account() {
            credential.active &= !crate::accounts::is_closed(view, account)?;
        }
        Ok(Some(credential))
    }

    fn policies(&self, view: &View, principal: &Principal) -> Result<PrincipalPolicies, StoreError> {
        match principal {
            Principal::User(user) => of_user(view, user),
            Principal::Role(session) => of_role(view, session),
            Principal::Root(_) | Principal::Service(_) | Principal::Anonymous => {
                Ok(PrincipalPolicies::default())
            }
        }
    }

    fn assume_role(&self, role: &Arn, session_name: &str) -> (&'static OperationSchema, AnyInput) {
        let input = api_sts::AssumeRole {
            role_arn: role.to_string(),
            role_session_name: session_name.to_owned(),
            ..api_sts::AssumeRole::default()
        };
        (api_sts::AssumeRole::SCHEMA, Box::new(input))
    }

    fn assumed(&self, view: &View, output: &AnyOutput) -> Result<Option<Principal>, StoreError> {
        let output = output.downcast_ref::<api_sts::AssumeRoleOutput>();
        let Some(credentials) = output.and_then(|output| output.credentials.as_ref()) else {
            return Ok(None);
        };
        let session = view.first_by_global_index::<Session>("id", credentials.access_key_id.as_str())?;
        Ok(session.map(|session| session.principal))
    }
}

/// What a key or a session's key stands for.
fn known(view: &View, access_key_id: &str) -> Result<Option<Credential>, StoreError> {
    if let Some(key) = view.first_by_global_index::<AccessKey>("id", access_key_id)? {
        return long_term(view, key);
    }
    match view.first_by_global_index::<Session>("id", access_key_id)? {
        Some(session) => {
            let present = present(view, &session.principal)?;
            Ok(present.map(|principal| temporary(Session { principal, ..session })))
        }
        None => Ok(None),
    }
}

fn long_term(view: &View, key: AccessKey) -> Result<Option<Credential>, StoreError> {
    let principal = match &key.user_id {
        None => Principal::Root(key.account),
        Some(id) => match User::by_id(view, key.account, id)? {
            Some(user) => Principal::User(user.principal()),
            None => return Ok(None),
        },
    };
    Ok(Some(Credential {
        principal,
        secret: key.secret,
        session_token: None,
        expires: None,
        active: key.active,
        multi_factor: None,
        well_known: key.well_known,
    }))
}

fn temporary(session: Session) -> Credential {
    Credential {
        principal: session.principal,
        secret: session.secret,
        session_token: Some(session.token),
        expires: Some(session.expires),
        active: true,
        multi_factor: Some(session.multi_factor),
        well_known: session.well_known,
    }
}

/// The principal of a session as it is called now; None where the user or role that it was issued for is gone.
fn present(view: &View, principal: &Principal) -> Result<Option<Principal>, StoreError> {
    Ok(match principal {
        Principal::User(identity) => User::by_id(view, identity.account, &identity.id)?.map(|user| {
            Principal::User(UserIdentity { session_issued: identity.session_issued, ..user.principal() })
        }),
        Principal::Role(session) => {
            Role::by_id(view, session.account, &session.role_id)?.map(|_| Principal::Role(session.clone()))
        }
        other => Some(other.clone()),
    })
}

pub(crate) fn of_user(view: &View, identity: &UserIdentity) -> Result<PrincipalPolicies, StoreError> {
    let Some(user) = User::by_id(view, identity.account, &identity.id)? else { return nobody() };
    let mut policies = of_entity(view, &user)?;
    for group in user.group_rows(view)? {
        collect(view, &group, &mut policies.identity)?;
    }
    if let Some(UserSession::Token(_)) = identity.session_issued {
        policies.identity.push(inline("SessionToken", SESSION_TOKEN, Kind::Identity)?);
    }
    Ok(policies)
}

fn of_role(view: &View, session: &RoleSession) -> Result<PrincipalPolicies, StoreError> {
    let Some(role) = Role::by_id(view, session.account, &session.role_id)? else { return nobody() };
    let mut policies = of_entity(view, &role)?;
    if !session.session_policies.is_empty() || !session.session_policy_arns.is_empty() {
        let mut limits = Vec::new();
        for text in &session.session_policies {
            limits.push(inline("SessionPolicy", text, Kind::Session)?);
        }
        for arn in &session.session_policy_arns {
            // A session policy that was deleted meanwhile leaves the session without rights, not without the limit.
            let known =
                managed::by_arn(arn).is_some() || ManagedPolicy::by_arn(view, role.account, arn)?.is_some();
            limits.push(if known { attached(view, role.account, arn)? } else { deny_all()? });
        }
        policies.session = Some(limits);
    }
    policies.tags.extend(session.tags.clone());
    Ok(policies)
}

/// The policies of a user without its groups, of a group, or of a role.
pub(crate) fn of_entity(view: &View, entity: &impl Entity) -> Result<PrincipalPolicies, StoreError> {
    let mut identity = Vec::new();
    collect(view, entity, &mut identity)?;
    let boundary = entity.boundary().map(|arn| attached(view, entity.account(), arn)).transpose()?;
    let tags = entity.tags().cloned().unwrap_or_default();
    Ok(PrincipalPolicies { identity, boundary, session: None, tags })
}

fn collect(view: &View, entity: &impl Entity, into: &mut Vec<Attached>) -> Result<(), StoreError> {
    let policies = entity.policies();
    for (name, text) in &policies.inline {
        into.push(inline(name, text, Kind::Identity)?);
    }
    for arn in &policies.attached {
        into.push(attached(view, entity.account(), arn)?);
    }
    Ok(())
}

fn inline(name: &str, text: &str, kind: Kind) -> Result<Attached, StoreError> {
    let document = documents::parsed(text, kind).map_err(|error| unreadable(name, &error))?;
    Ok(Attached::inline(name, document))
}

/// A managed policy's default version. One that is gone is a failure, so that a Deny or a boundary in it is never skipped.
fn attached(view: &View, account: AccountId, arn: &str) -> Result<Attached, StoreError> {
    if let Some(policy) = managed::by_arn(arn) {
        return Ok(Attached::managed(arn, policy.parsed()?));
    }
    let policy = ManagedPolicy::by_arn(view, account, arn)?
        .ok_or_else(|| StoreError::Corrupt(format!("the attached policy {arn} is gone")))?;
    let document =
        documents::parsed(policy.document(), Kind::Managed).map_err(|error| unreadable(arn, &error))?;
    Ok(Attached::managed(arn, document))
}

fn unreadable(name: &str, error: &policy::ParseError) -> StoreError {
    StoreError::Corrupt(format!("the stored policy {name} cannot be parsed: {error}"))
}

fn nobody() -> Result<PrincipalPolicies, StoreError> {
    Ok(PrincipalPolicies { identity: vec![deny_all()?], ..PrincipalPolicies::default() })
}

fn deny_all() -> Result<Attached, StoreError> {
    inline("Deleted", NOBODY, Kind::Identity)
}
