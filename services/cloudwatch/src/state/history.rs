//! What happened to alarms.

use api_cloudwatch::{AlarmType, HistoryItemType};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{IndexEntry, Row, StoreError, Tx};
use wire::Document;

/// How long history is kept, also of alarms that are gone.
pub(crate) const KEPT: Duration = Duration::from_hours(30 * 24);
const PRUNED_AT_ONCE: usize = 10;
/// The model's limits of a summary and its data, in characters.
const SUMMARY: usize = 255;
const DATA: usize = 4095;

/// Something that happened to an alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct HistoryItem {
    pub(crate) scope: Scope,
    pub(crate) alarm: String,
    pub(crate) at: Timestamp,
    /// Its place among those of the alarm and moment.
    pub(crate) place: u64,
    pub(crate) alarm_type: String,
    pub(crate) kind: String,
    pub(crate) summary: String,
    /// JSON.
    pub(crate) data: String,
}

const AT: &str = "at";

impl HistoryItem {
    /// All of an account and region, in the order in which they happened.
    pub(crate) fn in_order(view: &store::View, scope: Scope) -> Result<Vec<Self>, StoreError> {
        view.by_index(scope, AT, ())
    }

    /// Those of one alarm, in the order in which they happened.
    pub(crate) fn of(view: &store::View, scope: Scope, alarm: &str) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(scope, (alarm,)).rows()
    }
}

impl Row for HistoryItem {
    const TABLE: &'static str = "cloudwatch.alarm_history";
    type Key = (String, Timestamp, u64);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> Self::Key {
        (self.alarm.clone(), self.at, self.place)
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new(AT, (self.at, self.alarm.as_str(), self.place))]
    }
}

/// The first of some data that fits an item; where none does, nothing is told rather than half of it.
pub(crate) fn fitting(candidates: impl IntoIterator<Item = Document>) -> String {
    let mut texts = candidates.into_iter().map(|data| data.to_string());
    texts.find(|text| text.chars().count() <= DATA).unwrap_or_else(|| "{}".into())
}

/// Adds an item of a summary and [`fitting`] data, and takes away some that are too old. Answers its place among those of the alarm and moment.
pub(crate) fn note(
    tx: &mut Tx,
    (scope, alarm, alarm_type): (Scope, &str, AlarmType),
    kind: HistoryItemType,
    (summary, data): (String, String),
    at: Timestamp,
) -> Result<u64, StoreError> {
    for _ in 0..PRUNED_AT_ONCE {
        // One by one: what is not read cannot be in the way of others.
        let oldest = tx.scan_index::<HistoryItem>(scope, AT, ()).first()?;
        let Some(old) = oldest.filter(|oldest| oldest.at.plus(KEPT) < at) else { break };
        tx.remove::<HistoryItem>(scope, (old.alarm.as_str(), old.at, old.place))?;
    }
    let last = tx.scan::<HistoryItem>(scope, (alarm, at)).reverse().first()?;
    let place = last.map_or(0, |last| last.place.saturating_add(1));
    tx.insert(HistoryItem {
        scope,
        alarm: alarm.to_owned(),
        at,
        place,
        alarm_type: alarm_type.as_str().to_owned(),
        kind: kind.as_str().to_owned(),
        summary: summary.chars().take(SUMMARY).collect(),
        data,
    })?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::document;

    #[test]
    fn data_that_do_not_fit_give_way_to_fewer() {
        let of = |length: usize| document!({ "text": ("x".repeat(length)) });
        assert_eq!(fitting([of(5000), of(10)]), of(10).to_string());
        assert_eq!(fitting([of(4000), of(10)]), of(4000).to_string());
        assert_eq!(fitting([of(5000)]), "{}");
    }
}
