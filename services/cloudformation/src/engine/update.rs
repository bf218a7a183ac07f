//! Updating a stack's resources, each as soon as what it needs is as it is to be; and taking them back where that failed.

use super::begin::{New, known_resource, restore};
use super::end::{changed_now, created_now, failed_now, replaced_now, restored_now};
use super::handlers::{Changed, change, make};
use super::live::{Hidden, Seen};
use super::outcome::note_imports;
use super::progress::{on_stack, resource_event};
use super::types::Maker;
use super::zones::Zones;
use super::{AT_ONCE, withdrawn};
use crate::state::resource::{ResourceChange, StackResource, Thing, Wanted, step_token};
use crate::state::stack::Stack;
use crate::template::Plan;
use contract::{Caller, Context, Created, HandlerFailure};
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::{BTreeMap, HashSet};
use store::StoreError;
use wire::Document;

/// Which way a stack goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// To what the update wants.
    Forward,
    /// To what was before it.
    Back,
}

impl Direction {
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Forward => "UPDATE_IN_PROGRESS",
            Self::Back => "UPDATE_ROLLBACK_IN_PROGRESS",
        }
    }
}

/// How a walk over a stack's resources ended.
pub(super) enum Ended {
    Complete,
    /// Somebody else decided on the stack.
    Withdrawn,
    /// AWS's sentence on what failed.
    Failed(String),
}

/// What failed: to be made, or to be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Create,
    Update,
}

/// What a walk works with.
pub(super) struct Walk<'a> {
    pub(super) direction: Direction,
    pub(super) stack: &'a Stack,
    pub(super) plan: &'a Plan,
    pub(super) caller: &'a Caller,
    pub(super) zones: &'a Zones,
    pub(super) context: &'a Context,
}

/// Work on one resource, as its row said when it was begun.
pub(super) enum Job {
    Create(StackResource),
    /// The row's own `wanted`.
    Change(StackResource),
    Replace(StackResource),
    Restore(Box<StackResource>, Thing),
}

/// What became of it.
pub(super) enum Made {
    Created(Created),
    Changed(Changed),
    /// It is what it was; a thing that an unfinished replacement had made is superfluous.
    Restored(Option<Changed>, Option<String>),
}

pub(super) enum Begun {
    Done,
    Failed(Doing),
    Run(Box<Job>),
}

impl Walk<'_> {
    fn seen(&self) -> Result<Seen<'_>, StoreError> {
        Seen::new(self.context.store.view(), self.stack.scope, &self.stack.id, self.zones)
    }

    fn is_going_on(&self) -> Result<bool, StoreError> {
        let now = self.context.store.view().get::<Stack>(self.stack.scope, &self.stack.id)?;
        Ok(now.is_some_and(|stack| stack.is(self.direction.status())))
    }

    /// Brings all resources of the plan to what they are to be.
    pub(super) async fn run(&self) -> Result<Ended, StoreError> {
        // It had stopped before `kill -9`: what was under way then is undone like the rest.
        if self.direction == Direction::Forward
            && let Some(stopped) = self.stack.update.as_ref().and_then(|update| update.stopped.clone())
        {
            return Ok(Ended::Failed(stopped));
        }
        let (mut begun, mut done) = (HashSet::new(), HashSet::new());
        let mut failed: BTreeMap<String, Doing> = BTreeMap::new();
        let mut running = FuturesUnordered::new();
        let mut stopped = false;
        let mut is_withdrawn = false;
        loop {
            if !stopped {
                is_withdrawn = !self.is_going_on()?;
                stopped = is_withdrawn || !failed.is_empty();
                if stopped {
                    failed = self.cancel(failed).await?;
                }
            }
            if !stopped {
                let room = AT_ONCE.saturating_sub(running.len());
                let ready: Vec<String> = self
                    .plan
                    .graph()
                    .ready(&|name| begun.contains(name), &|name| done.contains(name))
                    .take(room)
                    .map(str::to_owned)
                    .collect();
                let mut moved = false;
                let seen = self.seen()?;
                for logical_id in ready {
                    begun.insert(logical_id.clone());
                    match self.begin(&seen, &logical_id).await? {
                        Begun::Done => {
                            done.insert(logical_id);
                            moved = true;
                        }
                        Begun::Failed(act) => {
                            failed.insert(logical_id, act);
                            moved = true;
                        }
                        Begun::Run(job) => running.push(async move {
                            let result = self.carry_out(&job).await;
                            (logical_id, job, result)
                        }),
                    }
                }
                if moved {
                    continue;
                }
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                Some((logical_id, job, result)) = running.next() => {
                    match self.end(&logical_id, &job, result).await? {
                        None => { done.insert(logical_id); }
                        Some(act) => { failed.insert(logical_id, act); }
                    }
                }
                gone = withdrawn(self.stack, self.direction.status(), self.context), if !stopped => gone?,
            }
        }
        Ok(match () {
            () if is_withdrawn => Ended::Withdrawn,
            () if failed.is_empty() => Ended::Complete,
            () => Ended::Failed(sentence(&failed)),
        })
    }

    /// Notes what is begun; the handler is called afterwards.
    async fn begin(&self, seen: &Seen<'_>, logical_id: &str) -> Result<Begun, StoreError> {
        match self.direction {
            Direction::Back => {
                on_stack(self.stack, self.context, |stack, call, tx| restore(stack, logical_id, call, tx))
                    .await
                    .map(|begun| begun.unwrap_or(Begun::Done))
            }
            Direction::Forward => self.begin_forward(seen, logical_id).await,
        }
    }

    async fn begin_forward(&self, seen: &Seen<'_>, logical_id: &str) -> Result<Begun, StoreError> {
        let resolved = self
            .plan
            .properties(logical_id, seen)
            .and_then(|properties| Ok((properties, self.plan.metadata(logical_id, seen)?)));
        let resolved = resolved.map_err(|error| error.message().to_owned());
        let shown = self
            .plan
            .shown_properties(logical_id, &Hidden::new(seen))
            .map(|properties| properties.to_string());
        let declared = self.plan.resource(logical_id).map(|it| it.resource_type.clone()).unwrap_or_default();
        let maker = Maker::of(&declared, self.context);
        let imported = seen.imported();
        let begun = on_stack(self.stack, self.context, |stack, call, tx| {
            let resolved = match (&resolved, note_imports(stack, &imported, tx)?) {
                (Ok(_), Some(gone)) => Err(format!("No export named {gone} found.")),
                (resolved, _) => resolved.clone(),
            };
            let known = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))?;
            let known = known.filter(|row| !row.is_gone());
            let (properties, metadata) = match resolved {
                Ok(resolved) => resolved,
                Err(reason) => {
                    let mut row = known.unwrap_or_else(|| {
                        let mut row = StackResource::begun(stack, logical_id, &declared, shown.clone(), call);
                        row.change = Some(ResourceChange { former: None });
                        row
                    });
                    let act = if row.physical_id.is_some() { Doing::Update } else { Doing::Create };
                    let status = if act == Doing::Update { "UPDATE_FAILED" } else { "CREATE_FAILED" };
                    resource_event(stack, &mut row, status, Some(&reason), call, tx)?;
                    return Ok(Begun::Failed(act));
                }
            };
            let Some(row) = known.filter(|row| row.physical_id.is_some() && !row.is("CREATE_FAILED")) else {
                let known = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))?;
                let new = New { logical_id, declared: &declared, properties, metadata, shown: shown.clone() };
                return new.begin(stack, known, call, tx);
            };
            let Some(maker) = &maker else { return Ok(Begun::Failed(Doing::Update)) };
            if row.is("UPDATE_IN_PROGRESS") && row.wanted.as_ref().is_some_and(|wanted| !wanted.failed) {
                // Begun before `kill -9`.
                let replaces = row.wanted.as_ref().is_some_and(|wanted| wanted.replaces);
                return Ok(Begun::Run(Box::new(if replaces { Job::Replace(row) } else { Job::Change(row) })));
            }
            let wanted = Wanted {
                properties,
                shown: shown.clone(),
                metadata,
                token: step_token(call),
                replaces: false,
                failed: false,
            };
            known_resource(stack, row, wanted, maker, call, tx)
        });
        Ok(begun.await?.unwrap_or(Begun::Done))
    }

    async fn carry_out(&self, job: &Job) -> Result<Made, HandlerFailure> {
        match job {
            Job::Create(row) => self.make(row).await.map(Made::Created),
            Job::Replace(row) => match &row.wanted {
                Some(wanted) => self.make(&other(row, wanted)).await.map(Made::Created),
                None => Err(HandlerFailure::invalid("nothing is wanted of it")),
            },
            Job::Change(row) => match &row.wanted {
                Some(wanted) => self
                    .change(row, &wanted.token, &row.properties, &wanted.properties)
                    .await
                    .map(Made::Changed),
                None => Err(HandlerFailure::invalid("nothing is wanted of it")),
            },
            Job::Restore(row, former) => {
                let surplus = match &row.wanted {
                    // A replacement that was cut off: what it cannot make now it has not made then.
                    Some(wanted) if wanted.replaces && !wanted.failed => {
                        match self.make(&other(row, wanted)).await {
                            Ok(created) => Some(created.physical_id),
                            Err(failure) => failure.physical_id,
                        }
                    }
                    _ => None,
                };
                let attempted = row.wanted.as_ref().filter(|wanted| !wanted.replaces);
                let from = attempted.map_or(&row.properties, |wanted| &wanted.properties);
                let changed = if attempted.is_some() || from != &former.properties || self.tags_differ() {
                    let token = format!("{}R", former.token.get(..11).unwrap_or_default());
                    let token = attempted.map_or(token, |wanted| wanted.token.chars().rev().collect());
                    Some(self.change(row, &token, from, &former.properties).await?)
                } else {
                    None
                };
                Ok(Made::Restored(changed, surplus))
            }
        }
    }

    fn tags_differ(&self) -> bool {
        self.stack.update.as_ref().is_some_and(|update| update.other.tags != self.stack.tags)
    }

    async fn make(&self, row: &StackResource) -> Result<Created, HandlerFailure> {
        make(row, self.stack, self.caller, self.context).await
    }

    async fn change(
        &self,
        row: &StackResource,
        token: &str,
        from: &Document,
        to: &Document,
    ) -> Result<Changed, HandlerFailure> {
        let row = StackResource { token: token.to_owned(), ..row.clone() };
        change(&row, from, to, self.stack, self.caller, self.context).await
    }

    /// Notes how the work on a resource ended; answers what failed.
    async fn end(
        &self,
        logical_id: &str,
        job: &Job,
        result: Result<Made, HandlerFailure>,
    ) -> Result<Option<Doing>, StoreError> {
        let failed = on_stack(self.stack, self.context, |stack, call, tx| {
            let Some(row) = tx.get::<StackResource>(stack.scope, (&stack.id, logical_id))? else {
                return Ok(Some(Doing::Update));
            };
            match (job, &result) {
                (Job::Create(_), Ok(Made::Created(created))) => created_now(stack, row, created, call, tx),
                (Job::Replace(_), Ok(Made::Created(created))) => replaced_now(stack, row, created, call, tx),
                (Job::Change(_), Ok(Made::Changed(changed))) => changed_now(stack, row, changed, call, tx),
                (Job::Restore(_, former), Ok(Made::Restored(changed, surplus))) => {
                    restored_now(stack, row, former, (changed.as_ref(), surplus.as_deref()), call, tx)
                }
                (_, Err(failure)) => failed_now(stack, row, job, failure, call, tx),
                _ => Ok(Some(Doing::Update)),
            }
        });
        Ok(failed.await?.unwrap_or(Some(Doing::Update)))
    }

    /// Says of all resources that are being worked on that this is not wanted any more; answers them with what has failed. Their handlers run to
    /// their end, so that what they did is known and can be undone.
    async fn cancel(&self, failed: BTreeMap<String, Doing>) -> Result<BTreeMap<String, Doing>, StoreError> {
        if self.direction == Direction::Back {
            return Ok(failed);
        }
        let cancelled = on_stack(self.stack, self.context, |stack, call, tx| {
            let mut all = failed.clone();
            for mut row in tx.scan::<StackResource>(stack.scope, (stack.id.as_str(),)).rows()? {
                let (status, reason, act) = match row.status.as_str() {
                    "CREATE_IN_PROGRESS" => ("CREATE_FAILED", "Resource creation cancelled", Doing::Create),
                    "UPDATE_IN_PROGRESS" => ("UPDATE_FAILED", "Resource update cancelled", Doing::Update),
                    _ => continue,
                };
                resource_event(stack, &mut row, status, Some(reason), call, tx)?;
                all.insert(row.logical_id, act);
            }
            if let Some(update) = stack.update.as_mut().filter(|_| stack.status == "UPDATE_IN_PROGRESS") {
                update.stopped = Some(sentence(&all));
            }
            Ok(all)
        });
        Ok(cancelled.await?.unwrap_or_default())
    }
}

/// AWS's sentences, with the space at their end.
fn sentence(failed: &BTreeMap<String, Doing>) -> String {
    let mut out = String::new();
    for (act, verb) in [(Doing::Create, "create"), (Doing::Update, "update")] {
        let names: Vec<&str> =
            failed.iter().filter(|(_, its)| **its == act).map(|(name, _)| name.as_str()).collect();
        if !names.is_empty() {
            out.push_str(&format!("The following resource(s) failed to {verb}: [{}]. ", names.join(", ")));
        }
    }
    out
}

/// The row of the thing that a replacement makes.
fn other(row: &StackResource, wanted: &Wanted) -> StackResource {
    StackResource {
        physical_id: None,
        properties: wanted.properties.clone(),
        token: wanted.token.clone(),
        ..row.clone()
    }
}
