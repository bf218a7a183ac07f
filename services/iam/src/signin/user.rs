use super::asked::Password;
use super::{Refusal, SignedIn, account, call, enter, failed, is_password};
use crate::state::{Entity, LoginProfile, PasswordPolicy, User};
use contract::{Chain, Context, Principal, RouteRequest, UserIdentity, UserSession};
use names::{AccountId, Region, Scope};
use std::sync::Arc;
use store::{StoreError, View};
use tokio::sync::Semaphore;

/// A user who has a password, as they were when they were looked up.
struct Known {
    user: User,
    profile: Option<LoginProfile>,
    policy: PasswordPolicy,
}

/// Signs in as a user.
pub(super) async fn sign_in(
    asked: &Password,
    stretching: &Arc<Semaphore>,
    request: &RouteRequest,
    context: &Context,
) -> Result<SignedIn, Refusal> {
    let (account, known) = {
        let view = context.store.view();
        let account = account(&view, &asked.account)?;
        let known = account.map(|account| look_up(&view, account, &asked.user_name)).transpose()?.flatten();
        (account, known)
    };
    let profile = known.as_ref().and_then(|known| known.profile.clone());
    let hash = profile.as_ref().map(|profile| profile.password.clone());
    let right = is_password(hash, asked.password.0.clone(), stretching).await?;
    let (Some(account), Some(known), Some(profile), true) = (account, &known, profile, right) else {
        if let Some(account) = account {
            let who = known.map_or(Principal::Anonymous, |known| Principal::User(known.user.principal()));
            failed(account, who, request, context)?;
        }
        return Err(Refusal::Wrong);
    };
    let changed = change(asked, known, &profile, request, context).await?;

    let session = |identity: UserIdentity, call: &contract::Call| UserIdentity {
        session_issued: Some(UserSession::Console { console: crate::state::moment(call) }),
        ..identity
    };
    let call = call(account, Principal::User(known.user.principal()), request, context)?;
    context
        .transact(&call, |call, tx| {
            // Whatever was looked up may be gone or another's meanwhile.
            let user = User::by_id(tx, account, &known.user.id)?.ok_or(Refusal::Wrong)?;
            let now = tx.get::<LoginProfile>(Scope::global(account), user.id.as_str())?;
            let now = now.filter(|now| changed || now.password == profile.password).ok_or(Refusal::Wrong)?;
            tx.update(LoginProfile { last_used: Some(crate::state::moment(call)), ..now })?;
            let principal = Principal::User(session(user.principal(), call));
            Ok(enter(tx, call, principal, false, context)?)
        })
        .await
}

fn look_up(view: &View, account: AccountId, name: &str) -> Result<Option<Known>, StoreError> {
    let Some(user) = User::named(view, account, name)? else { return Ok(None) };
    let profile = view.get::<LoginProfile>(Scope::global(account), user.id.as_str())?;
    let own = view.get::<PasswordPolicy>(Scope::global(account), ())?;
    Ok(Some(Known { user, profile, policy: own.unwrap_or_else(|| PasswordPolicy::of_aws(account)) }))
}

/// Has a password changed that must be: by the user's own ChangePassword, with the permission that it needs and all that it checks. Says whether it
/// was.
async fn change(
    asked: &Password,
    known: &Known,
    profile: &LoginProfile,
    request: &RouteRequest,
    context: &Context,
) -> Result<bool, Refusal> {
    let expired = profile.is_expired(&known.policy, context.clock.now());
    let principal = known.user.principal();
    if expired && known.policy.hard_expiry {
        failed(known.user.account, Principal::User(principal), request, context)?;
        let sentence = "The password has expired, and only an administrator can set a new one.";
        return Err(Refusal::known(403, "PasswordExpired", sentence));
    }
    match (&asked.new_password, profile.reset_required || expired) {
        (None, false) => Ok(false),
        (Some(_), false) => {
            let sentence = "newPassword is taken only where the password has to be changed.";
            Err(Refusal::known(400, "ValidationError", sentence))
        }
        (None, true) => {
            let sentence = "You must change your password to continue.";
            Err(Refusal::known(403, "PasswordChangeRequired", sentence))
        }
        (Some(new), true) => {
            let scope = Scope::new(known.user.account, Region::US_EAST_1);
            let caller = context.caller(Principal::User(principal), scope, Chain::default());
            let change = api_iam::ChangePassword {
                old_password: asked.password.0.clone(),
                new_password: new.0.clone(),
            };
            let changed = caller.call(change).await;
            changed.map_err(|error| Refusal::known(error.status, &error.code, &error.message))?;
            Ok(true)
        }
    }
}
