//! Proves a lab: the untouched start earns nothing, the solution everything, and each mistake loses exactly its points.

use crate::accounts::Accounts;
use crate::environment::{Environment, Place};
use crate::format::{Lab, Mistake, StudentAccess};
use crate::grading::grade;
use crate::report::Report;
use crate::steps::{Hand, carry_out};
use crate::uploads::Key;
use contract::{Chain, Context, Principal, Route, Secret};
use futures::StreamExt;
use names::{AccountId, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::StoreError;

/// Trials at once: they wait for queues and functions more than they work.
const AT_ONCE: usize = 4;

/// What was tried, and what came of it.
#[derive(Debug, Clone)]
pub struct Trial {
    /// `start`, `solution`, or the mistake's id.
    pub name: String,
    /// In words.
    pub says: String,
    /// What was earned, and what of.
    pub points: (u32, u32),
    /// How it deviates from what it should be; empty where it does not.
    pub problems: Vec<String>,
    /// The report.
    pub report: Option<Report>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
}

/// What a proof takes.
pub struct Bench {
    /// The cloud.
    pub context: Context,
    /// Who keeps its accounts.
    pub accounts: Arc<dyn Accounts>,
    /// Pages beside the APIs.
    pub routes: Vec<Arc<dyn Route>>,
}

impl Bench {
    /// Tries everything that a lab promises, each in an account of its own; `tell` hears of each trial as it ends. `only` names the trials that are
    /// wanted; none: all.
    pub async fn verify(&self, lab: &Lab, only: &[String], mut tell: impl FnMut(&Trial)) -> Vec<Trial> {
        let mut trials = Vec::new();
        let wanted = |name: &str| only.is_empty() || only.iter().any(|it| it == name);
        let start =
            (wanted("start")).then_some(("start", "The untouched start earns nothing", Wanted::Nothing));
        let solution =
            (wanted("solution")).then_some(("solution", "The solution earns everything", Wanted::Everything));
        let mistakes = lab.mistakes.iter().filter(|mistake| wanted(&mistake.id));
        let mistakes = mistakes.map(|it| (it.id.as_str(), it.says.as_str(), Wanted::Loses(it)));
        let wanted = start.into_iter().chain(solution).chain(mistakes);
        let wanted = wanted.map(|(name, says, wanted)| self.trial(lab, name, says, wanted));
        let mut ended = futures::stream::iter(wanted).buffered(AT_ONCE);
        while let Some(trial) = ended.next().await {
            tell(&trial);
            trials.push(trial);
        }
        trials
    }

    async fn trial(&self, lab: &Lab, name: &str, says: &str, wanted: Wanted<'_>) -> Trial {
        let clock = &self.context.clock;
        let begun = clock.monotonic();
        let (report, problems) = match self.attempt(lab, name, wanted).await {
            Ok(report) => {
                let problems = wanted.problems(&report);
                (Some(report), problems)
            }
            Err(reason) => (None, vec![reason]),
        };
        let took = clock.monotonic().saturating_sub(begun);
        Trial {
            name: name.to_owned(),
            says: says.to_owned(),
            points: report.as_ref().map_or((0, lab.points()), |report| (report.points(), report.of())),
            problems,
            report,
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }
    }

    async fn attempt(&self, lab: &Lab, name: &str, wanted: Wanted<'_>) -> Result<Report, String> {
        let failed = |error: StoreError| format!("an account cannot be opened: {error}");
        let service = Principal::service(crate::PRINCIPAL, AccountId::DEFAULT, None);
        let call = self
            .context
            .own_call("labs", "Verify", service, Scope::global(AccountId::DEFAULT))
            .map_err(failed)?;
        let account_name = format!("verify {} {name}", lab.name);
        let account = self
            .context
            .transact(&call, |call, tx| self.accounts.open(&account_name, call, tx))
            .await
            .map_err(failed)?;
        let scope = Scope::new(account, lab.region);
        let root = self.context.caller(Principal::Root(account), scope, Chain::default());
        let password = Secret(crate::attempts::password(&call.entropy));
        let admitted = self
            .accounts
            .admit(&root, &lab.access, &password)
            .await
            .map_err(|error| format!("the student cannot be admitted: {error}"))?;
        let place = Place { account, student: "student".into() };
        let mut environment = Environment::new(lab, &self.context, &self.routes, place);
        carry_out(&lab.start, None, &Hand { caller: root, key: None }, &mut environment).await?;
        let caller = self.context.caller(admitted.principal, scope, Chain::default());
        let student = Hand { caller, key: Some(Key { id: admitted.access_key_id, secret: admitted.secret }) };
        match wanted {
            Wanted::Nothing => {}
            Wanted::Everything => carry_out(&lab.solution, None, &student, &mut environment).await?,
            Wanted::Loses(mistake) => {
                carry_out(&lab.solution, Some(mistake), &student, &mut environment).await?;
            }
        }
        environment.forget();
        let report = grade(lab, &mut environment).await;
        self.context
            .transact(&call, |call, tx| self.accounts.close(account, call, tx))
            .await
            .map_err(failed)?;
        Ok(report)
    }
}

/// The checks of a lab that no mistake misses: nothing proves that they can be missed by one who has done the rest.
#[must_use]
pub fn unproven(lab: &Lab) -> Vec<String> {
    let lost: BTreeSet<&str> =
        lab.mistakes.iter().flat_map(|mistake| mistake.loses.keys().map(String::as_str)).collect();
    let checks = lab
        .tasks
        .iter()
        .flat_map(|task| task.checks.iter().map(move |check| format!("{}.{}", task.id, check.id)));
    checks.filter(|path| !lost.contains(path.as_str())).collect()
}

/// What a student of a lab may do, for tests of the server's.
#[must_use]
pub fn access(lab: &Lab) -> &StudentAccess {
    &lab.access
}

#[derive(Clone, Copy)]
enum Wanted<'a> {
    Nothing,
    Everything,
    Loses(&'a Mistake),
}

impl Wanted<'_> {
    fn problems(self, report: &Report) -> Vec<String> {
        let nothing = BTreeMap::new();
        let loses = match self {
            Wanted::Loses(mistake) => &mistake.loses,
            _ => &nothing,
        };
        let mut problems = Vec::new();
        for task in &report.tasks {
            for check in &task.checks {
                let path = format!("{}.{}", task.id, check.id);
                let wanted = match self {
                    Wanted::Nothing => 0,
                    _ => check.of - loses.get(&path).copied().unwrap_or_default().min(check.of),
                };
                if check.points != wanted {
                    let found = check.found.as_deref().unwrap_or("nothing");
                    let why = check.why.as_deref().unwrap_or("no reason");
                    problems.push(format!(
                        "{path} earned {} of {}, and should have earned {wanted} (found: {found}; said: {why})",
                        check.points, check.of
                    ));
                }
            }
        }
        problems
    }
}
