//! Attempts: opened, worked in, graded, started over.

use crate::accounts::{Accounts, Admitted};
use crate::environment::{Environment, Place};
use crate::format::Lab;
use crate::grading::grade;
use crate::library::Library;
use crate::limits;
use crate::refusal::Refusal;
use crate::report::Report;
use crate::state::{Attempt, SCOPE, State, Submission};
use crate::steps::{Hand, carry_out};
use clock::Entropy;
use contract::{Call, Caller, Chain, Context, Principal, Route, Secret};
use names::{AccountId, Scope};
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use store::{StoreError, Tx, View};
use tokio::sync::Semaphore;
use wire::{Document, document};

/// The labs' own principal, and the mark of what they set up in an account.
pub(crate) const PRINCIPAL: &str = "labs.cloudchamber.internal";
/// Gradings at once; others wait their turn.
const AT_ONCE: usize = 4;
/// Reports that are kept of an attempt; of older submissions the points are.
const REPORTS: u32 = 100;

/// The labs of a cloud.
pub struct Labs {
    pub(crate) library: Library,
    /// Whose root is the teacher.
    pub(crate) first_account: AccountId,
    accounts: Arc<dyn Accounts>,
    routes: Vec<Arc<dyn Route>>,
    /// Attempts, by account or by lab and student, with which something is being done that bears no other beside it.
    busy: Mutex<HashSet<String>>,
    turns: Semaphore,
}

/// Secrets that are shown this once.
pub(crate) struct Credentials {
    password: Secret,
    admitted: Admitted,
}

/// Takes a key's mark away when it is dropped.
struct Busy<'a>(&'a Mutex<HashSet<String>>, String);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.lock().remove(&self.1);
    }
}

impl Labs {
    /// The labs of a library. `routes`: pages beside the APIs that checks may read (the mailbox).
    #[must_use]
    pub fn new(
        library: Library,
        first_account: AccountId,
        accounts: Arc<dyn Accounts>,
        routes: Vec<Arc<dyn Route>>,
    ) -> Self {
        let (busy, turns) = (Mutex::default(), Semaphore::new(AT_ONCE));
        Self { library, first_account, accounts, routes, busy, turns }
    }

    fn busy(&self, key: String) -> Result<Busy<'_>, Refusal> {
        if self.busy.lock().insert(key.clone()) {
            return Ok(Busy(&self.busy, key));
        }
        Err(Refusal::new(
            409,
            "BeingGraded",
            "Something is being done with this attempt at the moment. Try again when it has ended.",
        ))
    }

    pub(crate) fn call(&self, operation: &'static str, context: &Context) -> Result<Call, Refusal> {
        let service = Principal::service(PRINCIPAL, self.first_account, None);
        Ok(context.own_call("labs", operation, service, Scope::global(self.first_account))?)
    }

    /// Opens an attempt of a student, unless there is one: then without credentials, unless new ones are wanted.
    pub(crate) async fn start(
        &self,
        lab: &Arc<Lab>,
        student: &str,
        class: Option<&str>,
        renew: bool,
        context: &Context,
    ) -> Result<(Attempt, Option<Credentials>), Refusal> {
        let _busy = self.busy(format!("{}/{student}", lab.name))?;
        let known = current(&context.store.view(), &lab.name, student)?;
        match known {
            Some(attempt) if attempt.is_open(context) && renew => {
                let credentials = self.renew(&attempt, context).await?;
                Ok((attempt, Some(credentials)))
            }
            Some(attempt) if attempt.is_open(context) => Ok((attempt, None)),
            // One that is still being opened was cut off: whoever opens one is busy with it. Another's account was closed.
            stale => {
                let (attempt, credentials) = self.open(lab, student, class, stale, context).await?;
                Ok((attempt, Some(credentials)))
            }
        }
    }

    /// Starts over in a fresh account; the old one is closed in the same commit in which the new one is made. `by_student`: only so often as the class may.
    pub(crate) async fn reset(
        &self,
        lab: &Arc<Lab>,
        attempt: Attempt,
        by_student: bool,
        context: &Context,
    ) -> Result<(Attempt, Credentials), Refusal> {
        let _busy = self.busy(format!("{}/{}", lab.name, attempt.student))?;
        let _graded = self.busy(attempt.account.to_string())?;
        // It was read before anybody was kept from starting over beside this.
        let known = current(&context.store.view(), &lab.name, &attempt.student)?;
        if known.is_none_or(|known| known.account != attempt.account) {
            return Err(Refusal::closed());
        }
        if by_student && let Some(class) = &attempt.class {
            let view = context.store.view();
            if let Some(limits) = limits::of_class(&view, &lab.name, class)? {
                let ever = ever(&view, &lab.name, &attempt.student)?;
                limits::may_reset(&attempt, &ever, limits, context.clock.now())?;
            }
        }
        let (student, class) = (attempt.student.clone(), attempt.class.clone());
        self.open(lab, &student, class.as_deref(), Some(attempt), context).await
    }

    async fn open(
        &self,
        lab: &Arc<Lab>,
        student: &str,
        class: Option<&str>,
        stale: Option<Attempt>,
        context: &Context,
    ) -> Result<(Attempt, Credentials), Refusal> {
        let call = self.call("StartLab", context)?;
        let password = Secret(password(&call.entropy.split()));
        let name: String = format!("{} {student}", lab.name).chars().take(50).collect();
        let attempt = context
            .transact(&call, |call, tx| {
                if let Some(stale) = &stale {
                    self.close_in(stale, call, tx)?;
                }
                let account = self.accounts.open(&name, call, tx)?;
                let attempt = Attempt {
                    account,
                    lab: lab.name.clone(),
                    student: student.to_owned(),
                    region: lab.region,
                    state: State::Opening,
                    user_name: lab.access.user_name.clone(),
                    started: call.now,
                    closed: None,
                    class: class.map(str::to_owned),
                    submissions: 0,
                    best: None,
                    last: None,
                    of: lab.points(),
                };
                tx.insert(attempt.clone())?;
                if let Some(class) = class
                    && let Some(limits) = limits::of_class(tx, &lab.name, class)?
                {
                    limits.give(account, tx)?;
                }
                Ok::<_, StoreError>(attempt)
            })
            .await?;
        context.accounting.reload()?;
        let admitted = self.prepare(lab, &attempt, &password, context).await?;
        let open = Attempt { state: State::Open, ..attempt };
        context.transact(&call, |_, tx| tx.update(open.clone())).await?;
        Ok((open, Credentials { password, admitted }))
    }

    /// The account's user, and what the lab starts with.
    async fn prepare(
        &self,
        lab: &Lab,
        attempt: &Attempt,
        password: &Secret,
        context: &Context,
    ) -> Result<Admitted, Refusal> {
        let root = self.root(attempt, context);
        let failed = |what: String| Refusal::new(500, "LabCannotStart", what);
        let admitted = self.accounts.admit(&root, &lab.access, password).await;
        let admitted =
            admitted.map_err(|error| failed(format!("The lab's user cannot be made: {error}.")))?;
        let mut environment = Environment::new(lab, context, &self.routes, place(attempt));
        carry_out(&lab.start, None, &Hand { caller: root, key: None }, &mut environment)
            .await
            .map_err(|reason| failed(format!("The lab's start cannot be set up: {reason}.")))?;
        Ok(admitted)
    }

    fn root(&self, attempt: &Attempt, context: &Context) -> Caller {
        let scope = Scope::new(attempt.account, attempt.region);
        context.caller(Principal::Root(attempt.account), scope, Chain::default().through(PRINCIPAL))
    }

    fn close_in(&self, attempt: &Attempt, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
        // As it is now: a submission may have been counted since it was read.
        let Some(attempt) = tx.get::<Attempt>(SCOPE, attempt.account.to_string())? else { return Ok(()) };
        self.accounts.close(attempt.account, call, tx)?;
        tx.update(Attempt { state: State::Closed, closed: Some(call.now), ..attempt })
    }

    /// A new password and access key.
    pub(crate) async fn renew(&self, attempt: &Attempt, context: &Context) -> Result<Credentials, Refusal> {
        let call = self.call("RenewCredentials", context)?;
        let password = Secret(password(&call.entropy));
        let root = self.root(attempt, context);
        let admitted = self.accounts.renew(&root, &attempt.user_name, &password).await;
        let admitted = admitted.map_err(|error| {
            Refusal::new(
                400,
                error.code.clone(),
                format!("The user {} cannot be given new credentials: {}", attempt.user_name, error.message),
            )
        })?;
        Ok(Credentials { password, admitted })
    }

    /// Grades an attempt; `record`: and keeps the report as a submission.
    pub(crate) async fn grade(
        &self,
        lab: &Arc<Lab>,
        attempt: &Attempt,
        record: bool,
        context: &Context,
    ) -> Result<Report, Refusal> {
        let _busy = self.busy(attempt.account.to_string())?;
        let _turn = self.turns.acquire().await;
        let mut environment = Environment::new(lab, context, &self.routes, place(attempt));
        let report = grade(lab, &mut environment).await;
        if !record {
            return Ok(report);
        }
        let call = self.call("SubmitLab", context)?;
        let account = attempt.account;
        context
            .transact(&call, |_, tx| {
                let key = account.to_string();
                let Some(mut attempt) = tx.get::<Attempt>(SCOPE, key.clone())? else {
                    return Err(Refusal::no_attempt());
                };
                if attempt.state != State::Open {
                    return Err(Refusal::closed());
                }
                let number = attempt.submissions + 1;
                let report = Report { number: Some(number), ..report.clone() };
                let (points, of) = (report.points(), report.of());
                attempt.submissions = number;
                attempt.best = attempt.best.max(Some(points));
                attempt.last = Some((report.at, points));
                attempt.of = of;
                tx.update(attempt)?;
                let old = (key, u64::from(number.saturating_sub(REPORTS)));
                if let Some(old) = tx.get::<Submission>(SCOPE, old)? {
                    tx.update(Submission { report: None, ..old })?;
                }
                tx.insert(Submission {
                    account,
                    number,
                    at: report.at,
                    points,
                    of,
                    report: Some(report.clone()),
                })?;
                Ok(report)
            })
            .await
    }

    /// The details panel: names and values, and why there is none yet.
    pub(crate) async fn details(&self, lab: &Lab, attempt: &Attempt, context: &Context) -> Document {
        let mut environment = Environment::new(lab, context, &self.routes, place(attempt));
        let mut details = Vec::new();
        for detail in &lab.details {
            let (value, says) = match environment.resolve(&detail.value).await {
                Ok(Document::String(text)) => (Document::String(text), None),
                Ok(other) => (other.to_string().into(), None),
                Err(miss) => (Document::Null, detail.says.clone().or(miss.why).or(Some(miss.found))),
            };
            details.push(document!({ "name": (detail.name.as_str()), "value": value, "says": says }));
        }
        Document::object().with("details", details)
    }
}

/// The attempt of a student that is not closed.
pub(crate) fn current(view: &View, lab: &str, student: &str) -> Result<Option<Attempt>, StoreError> {
    view.first_by_index::<Attempt>(SCOPE, "of", (lab, student))
}

/// All attempts of a student, closed ones too.
pub(crate) fn ever(view: &View, lab: &str, student: &str) -> Result<Vec<Attempt>, StoreError> {
    view.by_index::<Attempt>(SCOPE, "ever", (lab, student))
}

fn place(attempt: &Attempt) -> Place {
    Place { account: attempt.account, student: attempt.student.clone() }
}

/// A password that can be read out and typed: 80 bits, without characters that look alike, with all that a password policy may ask for.
pub(crate) fn password(entropy: &Entropy) -> String {
    let group = || entropy.text(4, b"abcdefghjkmnpqrstuvwxyz23456789");
    let (upper, digit) = (entropy.text(1, b"ABCDEFGHJKLMNPQRSTUVWXYZ"), entropy.text(1, b"23456789"));
    format!("{upper}{}-{}-{}-{}{digit}", group(), group(), group(), group())
}

/// Where an attempt's user signs in.
pub(crate) fn sign_in(attempt: &Attempt, context: &Context) -> String {
    format!("{}/console/signin?account={}&userName={}", context.endpoint, attempt.account, attempt.user_name)
}

impl Attempt {
    /// It can be worked in: it is open, and so is its account.
    pub(crate) fn is_open(&self, context: &Context) -> bool {
        self.state == State::Open && !context.store.is_account_closed(self.account)
    }

    /// As the API tells it.
    pub(crate) fn document(&self, lab: Option<&Lab>, context: &Context) -> Document {
        document!({
            "account": (self.account.as_str()),
            "lab": (self.lab.as_str()),
            "title": (lab.map_or(self.lab.as_str(), |lab| lab.title.as_str())),
            "student": (self.student.as_str()),
            "region": (self.region.as_str()),
            "state": (self.state.as_str()),
            "started": (self.started.iso_seconds()),
            "closed": (self.closed.map(names::Timestamp::iso_seconds)),
            "class": (self.class.as_deref()),
            "userName": (self.user_name.as_str()),
            "signIn": (sign_in(self, context)),
            "submissions": (self.submissions),
            "points": (self.last.map(|(_, points)| points)),
            "of": (self.of),
            "best": (self.best),
            "lastAt": (self.last.map(|(at, _)| at.iso_seconds())),
        })
    }
}

impl Credentials {
    /// As the API tells them, once.
    pub(crate) fn document(&self, attempt: &Attempt, context: &Context) -> Document {
        let (key, secret) = (&self.admitted.access_key_id, &self.admitted.secret.0);
        let (region, endpoint) = (attempt.region.as_str(), context.endpoint.as_str());
        let profile = format!(
            "[profile {}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\nregion = {region}\nendpoint_url = {endpoint}\n",
            attempt.lab
        );
        let exports = format!(
            "unset AWS_PROFILE AWS_SESSION_TOKEN\nexport AWS_ACCESS_KEY_ID={key}\nexport AWS_SECRET_ACCESS_KEY={secret}\nexport AWS_DEFAULT_REGION={region}\nexport AWS_ENDPOINT_URL={endpoint}\n"
        );
        document!({
            "account": (attempt.account.as_str()),
            "userName": (attempt.user_name.as_str()),
            "password": (self.password.0.as_str()),
            "accessKeyId": (key.as_str()),
            "secretAccessKey": (secret.as_str()),
            "region": region,
            "endpoint": endpoint,
            "signIn": (sign_in(attempt, context)),
            "profile": profile,
            "exports": exports,
        })
    }
}

#[cfg(test)]
mod tests;
