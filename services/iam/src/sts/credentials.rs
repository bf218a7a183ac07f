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

/// Credentials to be issued.
pub(crate) struct Issue {
    pub(crate) account: AccountId,
    pub(crate) principal: Principal,
    pub(crate) duration: Duration,
    pub(crate) transitive_tags: BTreeSet<String>,
    /// They stand for a key that all the world knows.
    pub(crate) well_known: bool,
}

impl Issue {
    /// Nobody's, of a duration.
    pub(crate) fn lasting(duration: Duration) -> Self {
        Self {
            account: AccountId::DEFAULT,
            principal: Principal::Anonymous,
            duration,
            transitive_tags: BTreeSet::new(),
            well_known: false,
        }
    }
}

/// Issues credentials, and forgets two of the account's sessions that ended long ago.
pub(crate) fn issue(tx: &mut Tx, call: &Call, issue: Issue) -> Result<Session, StoreError> {
    let Issue { account, principal, duration, transitive_tags, well_known } = issue;
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
        well_known,
    };
    tx.insert(session.clone())?;
    Ok(session)
}

impl From<Session> for api_sts::Credentials {
    fn from(session: Session) -> Self {
        Self {
            access_key_id: session.access_key_id,
            secret_access_key: session.secret.0,
            session_token: session.token.0,
            expiration: session.expires,
        }
    }
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
