use super::credentials::{self, Issue};
use super::{Result, Sts, denied, no_second_factor, session_tags, validation};
use crate::state::{Entity, Role};
use crate::{documents, managed, principals};
use api_sts::{
    AssumeRole, AssumeRoleOutput, AssumedRoleUser, MalformedPolicyDocumentException,
    PackedPolicyTooLargeException,
};
use contract::{Access, Call, Check, Principal, RoleSession, Transact, UserSession};
use names::Arn;
use policy::{Authority, Kind, ResourcePolicy};
use std::time::Duration;
use store::{StoreError, View};

/// Seconds: what is given without DurationSeconds, and the most that a session may give another.
const HOUR: i32 = 3600;
/// What session policies and tags may take together, in characters; AWS packs them in a form of its own and tells the share.
const PACKED_LIMIT: usize = 4096;

/// The role of an ARN: names are compared exactly here, as nowhere else
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
fn role(view: &View, arn: &str) -> std::result::Result<Option<Role>, StoreError> {
    let Ok(parsed) = arn.parse::<Arn>() else { return Ok(None) };
    let (Some(account), Some(path)) = (parsed.account, parsed.resource_after("role/")) else {
        return Ok(None);
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    Ok(Role::named(view, account, name)?.filter(|role| role.arn() == arn))
}

/// The trust policy as it holds now; None where it cannot be read, which lets nobody in.
fn trust(view: &View, role: &Role) -> std::result::Result<Option<ResourcePolicy>, StoreError> {
    let text = principals::effective_trust(view, role)?;
    match documents::parsed(&text, Kind::Trust) {
        Ok(document) => Ok(Some(ResourcePolicy::new(&role.arn(), document))),
        Err(error) => {
            tracing::error!(role = role.arn(), %error, "a stored trust policy cannot be parsed, and lets nobody in");
            Ok(None)
        }
    }
}

impl Transact<AssumeRole> for Sts {
    fn access(input: &AssumeRole, call: &Call, view: &View) -> Access {
        match checks(input, call, view) {
            Ok(access) => access,
            Err(error) => {
                tracing::error!(%error, "a role's trust cannot be read, and so the call is denied");
                Access::default()
            }
        }
    }

    fn run(input: AssumeRole, call: &Call, tx: &mut store::Tx) -> Result<AssumeRoleOutput> {
        if matches!(call.principal, Principal::Root(_)) {
            return Err(denied("Roles may not be assumed by root accounts."));
        }
        no_second_factor(input.serial_number.as_ref(), input.token_code.as_ref())?;
        if input.provided_contexts.as_ref().is_some_and(|contexts| !contexts.is_empty()) {
            return Err(validation("ProvidedContexts needs a context provider, and none is known here."));
        }
        // Only a role that exists is authorized.
        let role = role(tx, &input.role_arn)?.ok_or_else(|| denied("Access denied"))?;
        let calling = credentials::calling(tx, call)?;
        let duration = duration(&input, &role, call)?;
        let source_identity = source_identity(&input, call)?;
        let inherited = session_tags::inherited(calling.as_ref());
        let requested = input.tags.unwrap_or_default();
        let tags =
            session_tags::combine(inherited, requested, input.transitive_tag_keys.unwrap_or_default())?;
        let arns: Vec<String> =
            input.policy_arns.into_iter().flatten().filter_map(|policy| policy.arn).collect();
        check_session_policies(tx, &role, input.policy.as_deref(), &arns)?;
        let packed = packed(input.policy.as_deref(), &arns, &tags.all)?;
        let session = RoleSession {
            account: role.account,
            role_id: role.id.clone(),
            role_name: role.name.clone(),
            role_path: role.path.clone(),
            session_name: input.role_session_name,
            issued: crate::state::moment(call),
            session_policies: input.policy.into_iter().collect(),
            session_policy_arns: arns,
            tags: tags.all,
            source_identity: source_identity.clone(),
        };
        let assumed_role_user = AssumedRoleUser {
            assumed_role_id: format!("{}:{}", session.role_id, session.session_name),
            arn: session.arn().to_string(),
        };
        let principal = Principal::Role(session);
        let issue = Issue {
            account: role.account,
            principal,
            transitive_tags: tags.transitive,
            ..Issue::lasting(duration)
        };
        let session = credentials::issue(tx, call, issue)?;
        Ok(AssumeRoleOutput {
            credentials: Some(session.into()),
            assumed_role_user: Some(assumed_role_user),
            packed_policy_size: packed,
            source_identity,
        })
    }
}

/// `sts:AssumeRole`, and `sts:TagSession` and `sts:SetSourceIdentity` where the session has tags or a source identity.
fn checks(input: &AssumeRole, call: &Call, view: &View) -> std::result::Result<Access, StoreError> {
    let inherited = session_tags::inherited(credentials::calling(view, call)?.as_ref());
    let requested = input.tags.as_deref().unwrap_or_default();
    let mut access = Access::on("sts:AssumeRole", &input.role_arn)
        .with("sts:RoleSessionName", [input.role_session_name.as_str()])
        .with_request_tags(requested.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())));
    if let Some(id) = &input.external_id {
        access = access.with("sts:ExternalId", [id.as_str()]);
    }
    let source_identity = input.source_identity.as_deref().or(present_source_identity(call));
    if let Some(identity) = source_identity {
        access = access.with("sts:SourceIdentity", [identity]);
    }
    if let Some(keys) = input.transitive_tag_keys.as_ref().filter(|keys| !keys.is_empty()) {
        access = access.with("sts:TransitiveTagKeys", keys.iter().map(String::as_str));
    }
    match role(view, &input.role_arn)? {
        Some(role) => {
            let trust = trust(view, &role)?;
            access = access.with_resource_tags(&role.tags);
            for (key, value) in &role.tags {
                access = access.with(format!("iam:ResourceTag/{key}"), [value.as_str()]);
            }
            let readable = trust.is_some();
            access = access.with_policy(role.account, trust);
            govern(&mut access, !readable);
        }
        None => {
            let owner = input.role_arn.parse::<Arn>().ok().and_then(|arn| arn.account);
            for check in &mut access.checks {
                check.resource_account = owner;
            }
            govern(&mut access, true);
        }
    }
    let Some(first) = access.checks.first().cloned() else { return Ok(access) };
    let also = |action: &str| Check { action: action.into(), ..first.clone() };
    if !requested.is_empty() || !inherited.is_empty() {
        access = access.and(also("sts:TagSession"));
    }
    if source_identity.is_some() {
        access = access.and(also("sts:SetSourceIdentity"));
    }
    Ok(access)
}

/// Without a trust policy that can be read nobody is let in, not even by their own policies.
fn govern(access: &mut Access, without_policy: bool) {
    for check in &mut access.checks {
        check.no_resource_policy = without_policy.then_some(Authority::Trust);
    }
}

/// The source identity that the calling session has, and its sessions keep.
fn present_source_identity(call: &Call) -> Option<&str> {
    match &call.principal {
        Principal::Role(session) => session.source_identity.as_deref(),
        _ => None,
    }
}

fn source_identity(input: &AssumeRole, call: &Call) -> Result<Option<String>> {
    match (present_source_identity(call), input.source_identity.as_deref()) {
        (Some(present), Some(wanted)) if present != wanted => {
            Err(denied("The source identity of the calling session cannot be changed."))
        }
        (present, wanted) => Ok(wanted.or(present).map(str::to_owned)),
    }
}

fn duration(input: &AssumeRole, role: &Role, call: &Call) -> Result<Duration> {
    let chained = match &call.principal {
        Principal::Role(_) => true,
        Principal::User(user) => matches!(user.session_issued, Some(UserSession::Token(_))),
        _ => false,
    };
    let seconds = input.duration_seconds.unwrap_or(HOUR);
    if chained && seconds > HOUR {
        return Err(validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        ));
    }
    if seconds > role.max_session {
        return Err(validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(Duration::from_secs(u64::try_from(seconds).unwrap_or(900)))
}

fn check_session_policies(view: &View, role: &Role, policy: Option<&str>, arns: &[String]) -> Result<()> {
    if let Some(text) = policy {
        documents::parsed(text, Kind::Session)
            .map_err(|error| MalformedPolicyDocumentException::new(error.message()))?;
    }
    for arn in arns {
        if managed::check_arn(arn).is_err() {
            return Err(validation(format!("ARN {arn} is not valid.")));
        }
        if managed::find(view, role.account, arn)?.is_none() {
            return Err(MalformedPolicyDocumentException::new(format!("Policy {arn} does not exist.")).into());
        }
    }
    Ok(())
}

/// The share of the room that policies and tags take, in percent; None where there are none.
fn packed(policy: Option<&str>, arns: &[String], tags: &names::Tags) -> Result<Option<i32>> {
    let policies = policy.map_or(0, documents::size) + arns.iter().map(String::len).sum::<usize>();
    let tags: usize = tags.iter().map(|(key, value)| key.len() + value.len()).sum();
    if policies + tags == 0 {
        return Ok(None);
    }
    let percent = ((policies + tags) * 100).div_ceil(PACKED_LIMIT);
    if percent > 100 {
        let sentence =
            format!("Packed policy consumes {percent}% of allotted space, please use smaller policy.");
        return Err(PackedPolicyTooLargeException::new(sentence).into());
    }
    Ok(i32::try_from(percent).ok())
}
