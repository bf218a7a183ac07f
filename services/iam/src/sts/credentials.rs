//! Temporary credentials.

use crate::ids;
use crate::state::Session;
use contract::{Call, Principal, Secret};
use names::{AccountId, Scope};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{StoreError, Tx};

/// What every session token of AWS begins with.
const TOKEN_START: &str = "IQoJb3JpZ2luX2VjE";
/// How long an ended session is kept: its user is told that it ended, not that it never was.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Issues credentials, and forgets two of the account's sessions that ended long ago.
pub(super) fn issue(
    tx: &mut Tx,
    call: &Call,
    account: AccountId,
    principal: Principal,
    duration: Duration,
    transitive_tags: BTreeSet<String>,
) -> Result<api_sts::Credentials, StoreError> {
    prune(tx, call, account)?;
    let session = Session {
        account,
        access_key_id: ids::access_key_id("ASIA", account, &call.entropy),
        secret: ids::secret(&call.entropy),
        token: Secret(format!("{TOKEN_START}{}", call.entropy.alphanumeric(343))),
        principal,
        issued: crate::state::moment(call),
        expires: crate::state::moment(call).plus(duration),
        region: call.region,
        multi_factor: false,
        transitive_tags,
    };
    let credentials = api_sts::Credentials {
        access_key_id: session.access_key_id.clone(),
        secret_access_key: session.secret.0.clone(),
        session_token: session.token.0.clone(),
        expiration: session.expires,
    };
    tx.insert(session)?;
    Ok(credentials)
}

fn prune(tx: &mut Tx, call: &Call, account: AccountId) -> Result<(), StoreError> {
    let scope = Scope::global(account);
    let oldest = tx.scan_index::<Session>(scope, "expires", ()).limit(2).rows()?;
    for session in oldest.into_iter().filter(|session| session.expires.plus(KEPT) <= call.now) {
        tx.remove::<Session>(scope, session.access_key_id.as_str())?;
    }
    Ok(())
}

/// The session whose credentials signed the call.
pub(super) fn calling(view: &store::View, call: &Call) -> Result<Option<Session>, StoreError> {
    match &call.access_key_id {
        Some(id) => view.first_by_global_index::<Session>("id", id.as_str()),
        None => Ok(None),
    }
}
