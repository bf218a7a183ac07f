//! `POST /_cloudchamber/signin`: sign-in to the console, as an IAM user by password or as an account's root by its access key.
//!
//! It answers temporary credentials of the user or root itself. Unlike GetSessionToken's they may call IAM, as what a console's user does on AWS. An
//! unknown account, an unknown user and a wrong password are one answer, after the same work.

mod asked;
mod record;
mod root;
mod throttle;
mod user;

use crate::passwords::Hash;
use crate::state::{Account, Session};
use crate::sts::credentials::{self, Issue};
use asked::Asked;
use contract::{Call, Context, Entry, Principal, Route, RouteAnswer, RouteRequest};
use names::{AccountId, Region, Scope};
use std::sync::Arc;
use std::time::Duration;
use store::{StoreError, Tx, View};
use throttle::Throttle;
use tokio::sync::Semaphore;
use wire::Document;

/// How long a session of the console lasts (<https://docs.aws.amazon.com/IAM/latest/UserGuide/console.html>).
const LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);
/// Passwords that are stretched at once: whoever guesses many must not take the cloud's time from others.
const AT_ONCE: usize = 2;

/// The page.
pub(crate) struct SignIn {
    throttle: Throttle,
    stretching: Arc<Semaphore>,
}

impl Default for SignIn {
    fn default() -> Self {
        Self { throttle: Throttle::default(), stretching: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

#[async_trait::async_trait]
impl Route for SignIn {
    fn segment(&self) -> &'static str {
        "signin"
    }

    /// What is sent is the secret.
    fn entry(&self) -> Entry {
        Entry::Public
    }

    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer {
        if request.method != "POST" || !request.path.is_empty() {
            return RouteAnswer::refused(405, "MethodNotAllowed", "POST signs in.");
        }
        let asked = match Asked::read(&request.body) {
            Ok(asked) => asked,
            Err(sentence) => return RouteAnswer::refused(400, "ValidationError", &sentence),
        };
        let meant = asked.account().map(|name| account(&context.store.view(), name)).transpose();
        let attempt = match meant {
            Ok(meant) => asked.attempt(meant.flatten()),
            Err(error) => {
                tracing::error!(%error, "nobody can sign in");
                return RouteAnswer::refused(
                    500,
                    "InternalFailure",
                    "The sign-in failed for a reason of ours.",
                );
            }
        };
        if !self.throttle.begins(&attempt, context.clock.now()) {
            return RouteAnswer::refused(
                429,
                "TooManyAttempts",
                "Too many attempts to sign in have failed. Wait five minutes, and try again.",
            );
        }
        let outcome = match &asked {
            Asked::Root(key) => root::sign_in(key, &request, context).await,
            Asked::User(user) => user::sign_in(user, &self.stretching, &request, context).await,
        };
        match outcome {
            Ok(signed_in) => {
                self.throttle.succeeded(&attempt);
                RouteAnswer::json(200, &signed_in.document())
            }
            Err(Refusal::Wrong) => RouteAnswer::refused(
                401,
                "AuthenticationFailed",
                "Your authentication information is incorrect. Please try again.",
            ),
            Err(Refusal::Known { status, code, sentence }) => {
                self.throttle.succeeded(&attempt);
                RouteAnswer::refused(status, &code, &sentence)
            }
            Err(Refusal::Store(error)) => {
                tracing::error!(%error, "nobody can sign in");
                RouteAnswer::refused(500, "InternalFailure", "The sign-in failed for a reason of ours.")
            }
        }
    }
}

/// Why somebody is not signed in.
enum Refusal {
    /// Something was wrong, and nobody is told what.
    Wrong,
    /// Who knows the password is told why it does not do.
    Known {
        status: u16,
        code: String,
        sentence: String,
    },
    Store(StoreError),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    fn known(status: u16, code: &str, sentence: &str) -> Self {
        Self::Known { status, code: code.into(), sentence: sentence.into() }
    }
}

/// Who is signed in, and with what.
struct SignedIn {
    session: Session,
    alias: Option<String>,
}

impl SignedIn {
    fn document(&self) -> Document {
        let session = &self.session;
        let mut told = wire::document!({
            "accessKeyId": (session.access_key_id.as_str()),
            "secretAccessKey": (session.secret.0.as_str()),
            "sessionToken": (session.token.0.as_str()),
            "expiration": (session.expires.iso_seconds()),
            "account": (session.account.as_str()),
            "arn": (session.principal.arn()),
        });
        if let Some(alias) = &self.alias {
            told.set("alias", alias.as_str());
        }
        if let Principal::User(user) = &session.principal {
            told.set("userName", user.name.as_str());
        }
        told
    }
}

/// The account that goes by an id or an alias, unless it was closed.
fn account(view: &View, name: &str) -> Result<Option<AccountId>, StoreError> {
    let found = match name.parse::<AccountId>() {
        Ok(id) => view.get::<Account>(Scope::global(id), ())?,
        Err(_) => view.first_by_global_index::<Account>("alias", name)?,
    };
    Ok(found.filter(|account| account.closed.is_none()).map(|account| account.id))
}

/// The call under which somebody signs in: in the region where AWS has its global sign-in.
fn call(
    account: AccountId,
    principal: Principal,
    request: &RouteRequest,
    context: &Context,
) -> Result<Call, StoreError> {
    let scope = Scope::new(account, Region::US_EAST_1);
    let mut call = context.own_call(record::SERVICE, record::OPERATION, principal, scope)?;
    call.client = request.client.clone();
    Ok(call)
}

/// Issues credentials and records the sign-in, in one transaction.
fn enter(
    tx: &mut Tx,
    call: &Call,
    principal: Principal,
    well_known: bool,
    context: &Context,
) -> Result<SignedIn, StoreError> {
    let issue = Issue { account: call.account, principal, well_known, ..Issue::lasting(LIFETIME) };
    let session = credentials::issue(tx, call, issue)?;
    tx.put(record::succeeded(call, session.principal.clone(), context.clock.now()))?;
    let alias = tx.get::<Account>(Scope::global(call.account), ())?.and_then(|account| account.alias);
    Ok(SignedIn { session, alias })
}

/// Records that somebody could not sign in; see [`record::failed`].
fn failed(
    account: AccountId,
    who: Principal,
    request: &RouteRequest,
    context: &Context,
) -> Result<(), StoreError> {
    let call = call(account, who, request, context)?;
    context.store.append_soon([record::failed(&call, context.clock.now())])
}

/// Whether a password is right, off the threads that answer others. Where there is no hash, one is stretched all the same.
async fn is_password(
    hash: Option<Hash>,
    password: String,
    stretching: &Arc<Semaphore>,
) -> Result<bool, StoreError> {
    let broken = |error: &dyn std::fmt::Display| {
        StoreError::Backend(format!("a password cannot be checked: {error}").into())
    };
    let turn = Arc::clone(stretching).acquire_owned().await.map_err(|error| broken(&error))?;
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let known = hash.is_some();
        let right = hash.unwrap_or_else(Hash::of_nothing).is_of(&password);
        known && right
    })
    .await
    .map_err(|error| broken(&error))
}
