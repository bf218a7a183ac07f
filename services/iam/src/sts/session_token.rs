use super::credentials::{self, Issue};
use super::{Result, Sts, denied, no_second_factor};
use api_sts::{GetSessionToken, GetSessionTokenOutput};
use contract::{Access, Call, Principal, Transact, UserIdentity, UserSession};
use std::time::Duration;
use store::{Tx, View};

impl Transact<GetSessionToken> for Sts {
    /// No permission is needed: the call proves who one is (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html>).
    fn access(_: &GetSessionToken, _: &Call, _: &View) -> Access {
        Access::unconditional()
    }

    fn run(input: GetSessionToken, call: &Call, tx: &mut Tx) -> Result<GetSessionTokenOutput> {
        let with_session = credentials::calling(tx, call)?.is_some();
        let (principal, longest, default) = match &call.principal {
            Principal::Root(account) if !with_session => (Principal::Root(*account), 3600, 3600),
            Principal::User(user) if !with_session && user.session_issued.is_none() => {
                let session = UserSession::Token(crate::state::moment(call));
                let user = UserIdentity { session_issued: Some(session), ..user.clone() };
                (Principal::User(user), 129_600, 43_200)
            }
            Principal::Anonymous | Principal::Service(_) => return Err(denied("Access denied")),
            _ => return Err(denied("Cannot call GetSessionToken with session credentials")),
        };
        no_second_factor(input.serial_number.as_ref(), input.token_code.as_ref())?;
        // What root asks for beyond an hour is an hour.
        let seconds = input.duration_seconds.unwrap_or(default).min(longest);
        let duration = Duration::from_secs(u64::try_from(seconds).unwrap_or(900));
        let issue = Issue { account: call.account, principal, ..Issue::lasting(duration) };
        let session = credentials::issue(tx, call, issue)?;
        Ok(GetSessionTokenOutput { credentials: Some(session.into()) })
    }
}
