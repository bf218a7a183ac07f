//! How far the records of an account were read, so that none is lost and none is read twice.
//!
//! Records are kept in the order in which they were made, give or take the time of a commit: one may appear behind others that were read.
//! So each reading begins a little before the end of the last one, and knows what it has read there.

use crate::regions;
use names::{AccountId, Scope, Timestamp};
use pipeline::CallRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::time::Duration;
use store::{Row, StoreError, View};

/// How much later than others of its time a record may appear: a hundred times what a commit takes.
const OVERLAP: Duration = Duration::from_secs(5);
/// The most that one reading takes up.
const WINDOW: Duration = Duration::from_secs(60);

/// How far a trail's records were delivered (of the trail's scope and name), or an account's were sent on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    /// Earlier records are not wanted.
    pub(crate) since: Timestamp,
    /// What was made until then was read, but for what appeared later.
    pub(crate) through: Timestamp,
    /// What was read of the last moments.
    pub(crate) seen: BTreeSet<(Timestamp, String)>,
}

/// What a reading found.
pub(crate) struct Reading {
    /// In the order in which they were made.
    pub(crate) records: Vec<CallRecord>,
    /// How far it went.
    pub(crate) cursor: Cursor,
    /// There is more to read.
    pub(crate) more: bool,
}

impl Cursor {
    /// From a moment on.
    pub(crate) fn from(scope: Scope, name: &str, moment: Timestamp) -> Self {
        Self { scope, name: name.to_owned(), since: moment, through: moment, seen: BTreeSet::new() }
    }

    /// The records of an account that were not read yet, of all regions, until a moment.
    pub(crate) fn read(
        &self,
        view: &View,
        account: AccountId,
        until: Timestamp,
    ) -> Result<Reading, StoreError> {
        let from = self.through.minus(OVERLAP).max(self.since);
        let first = (from, String::new());
        let mut oldest: Option<Timestamp> = None;
        let mut present = Vec::new();
        for region in regions::all() {
            let scope = Scope::new(account, region);
            if let Some(record) = view.scan::<CallRecord>(scope, ()).from(first.clone()).first()? {
                oldest = Some(oldest.map_or(record.recorded, |oldest| oldest.min(record.recorded)));
                present.push(scope);
            }
        }
        let window = oldest.unwrap_or(until).max(self.through).plus(WINDOW);
        let end = until.min(window);
        let mut records = Vec::new();
        let mut seen = BTreeSet::new();
        for scope in present {
            view.scan::<CallRecord>(scope, ()).from(first.clone()).each(|record| {
                if record.recorded > end {
                    return ControlFlow::Break(());
                }
                let key = (record.recorded, record.id.to_string());
                if !self.seen.contains(&key) {
                    records.push(record);
                }
                seen.insert(key);
                ControlFlow::Continue(())
            })?;
        }
        records.sort_by_key(|record| (record.recorded, record.id.0));
        let through = end.max(self.through);
        let kept = through.minus(OVERLAP);
        seen.retain(|(recorded, _)| *recorded >= kept);
        let cursor = Self { through, seen, ..self.clone() };
        Ok(Reading { records, cursor, more: end < until })
    }
}

impl Row for Cursor {
    const TABLE: &'static str = "cloudtrail.cursors";
    const QUIET: bool = true;
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}
