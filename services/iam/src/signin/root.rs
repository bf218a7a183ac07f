use super::asked::RootKey;
use super::{Refusal, SignedIn, account, call, enter, failed};
use crate::state::AccessKey;
use contract::{Context, Principal, RouteRequest, Secret};
use names::AccountId;
use sha2::{Digest, Sha256};
use store::{StoreError, View};
use subtle::ConstantTimeEq;

/// Signs in as an account's root.
pub(super) async fn sign_in(
    asked: &RootKey,
    request: &RouteRequest,
    context: &Context,
) -> Result<SignedIn, Refusal> {
    let (known, named) = {
        let view = context.store.view();
        let named = match &asked.account {
            Some(name) => account(&view, name)?,
            None => None,
        };
        (right(&view, asked, named, request)?, named)
    };
    let Some(key) = known else {
        if let Some(account) = named {
            failed(account, Principal::Root(account), request, context)?;
        }
        return Err(Refusal::Wrong);
    };
    let principal = Principal::Root(key.account);
    let call = call(key.account, principal.clone(), request, context)?;
    context
        .transact(&call, |call, tx| {
            // It may have been deactivated or deleted meanwhile.
            if right(tx, asked, named, request)?.is_none() {
                return Err(Refusal::Wrong);
            }
            Ok(enter(tx, call, principal.clone(), key.well_known, context)?)
        })
        .await
}

/// The key, where it is the root's, active and what was sent.
fn right(
    view: &View,
    asked: &RootKey,
    named: Option<AccountId>,
    request: &RouteRequest,
) -> Result<Option<AccessKey>, StoreError> {
    let found = view.first_by_global_index::<AccessKey>("id", asked.access_key_id.as_str())?;
    // Compared in any case, so that the time does not tell whether there is such a key.
    let kept = found.as_ref().map_or_else(|| Secret(String::new()), |key| key.secret.clone());
    let digest = |secret: &Secret| Sha256::digest(secret.0.as_bytes());
    let same = bool::from(digest(&kept).ct_eq(&digest(&asked.secret)));
    let Some(key) = found else { return Ok(None) };
    let is_open = !crate::accounts::is_closed(view, key.account)?;
    Ok(Some(key).filter(|key| {
        same && is_open
            && key.active
            && key.user_id.is_none()
            && (asked.account.is_none() || named == Some(key.account))
            && (request.well_known_credentials || !key.well_known)
    }))
}
