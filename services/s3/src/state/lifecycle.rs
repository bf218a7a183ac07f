use super::{Object, Upload};
use names::{Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: i64 = 86_400;

/// When objects go by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LifecycleRule {
    pub(crate) id: String,
    pub(crate) enabled: bool,
    pub(crate) filter: LifecycleFilter,
    pub(crate) expiration: Option<Expiration>,
    pub(crate) noncurrent: Option<NoncurrentExpiration>,
    /// Days after which an upload that was not completed is aborted.
    pub(crate) abort_uploads: Option<u32>,
}

/// Which objects a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct LifecycleFilter {
    pub(crate) form: FilterForm,
    pub(crate) prefix: Option<String>,
    pub(crate) tags: Tags,
    pub(crate) larger_than: Option<u64>,
    pub(crate) smaller_than: Option<u64>,
}

/// How the filter was written, for answering it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum FilterForm {
    /// `Prefix` of the rule itself, as before filters.
    OfRule,
    #[default]
    Single,
    And,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Expiration {
    Days(u32),
    Date(Timestamp),
    /// Delete markers with no versions left behind them.
    Markers,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NoncurrentExpiration {
    pub(crate) days: u32,
    /// So many of the newest are kept.
    pub(crate) keep: u32,
}

/// S3 counts whole days: from a moment, so many, and on to the next midnight.
pub(crate) fn after_days(from: Timestamp, days: u32) -> Timestamp {
    let seconds = from.seconds().saturating_add(i64::from(days).saturating_mul(DAY));
    next_midnight(Timestamp::from_seconds(seconds.saturating_sub(1)))
}

/// The first midnight after a moment.
pub(crate) fn next_midnight(now: Timestamp) -> Timestamp {
    let since = u64::try_from(now.seconds().rem_euclid(DAY)).unwrap_or(0);
    Timestamp::from_seconds(now.seconds()).plus(Duration::from_secs(86_400 - since))
}

impl LifecycleFilter {
    pub(crate) fn fits(&self, object: &Object) -> bool {
        self.fits_key(&object.key)
            && self.tags.iter().all(|(key, value)| object.tags.get(key) == Some(value))
            && self.larger_than.is_none_or(|than| object.size > than)
            && self.smaller_than.is_none_or(|than| object.size < than)
    }

    fn fits_key(&self, key: &str) -> bool {
        self.prefix.as_deref().is_none_or(|prefix| key.starts_with(prefix))
    }
}

impl LifecycleRule {
    /// Whether the current version of a key has to go.
    pub(crate) fn expires(&self, object: &Object, now: Timestamp) -> bool {
        let due = match self.expiration {
            Some(Expiration::Days(days)) => after_days(object.modified, days) <= now,
            Some(Expiration::Date(date)) => date <= now,
            Some(Expiration::Markers) | None => false,
        };
        self.enabled && due && !object.is_delete_marker() && self.filter.fits(object)
    }

    /// Whether a delete marker has to go, once no version is left behind it.
    pub(crate) fn removes_marker(&self, marker: &Object) -> bool {
        self.enabled && self.expiration == Some(Expiration::Markers) && self.filter.fits(marker)
    }

    /// Whether an upload has to be aborted.
    pub(crate) fn aborts(&self, upload: &Upload, now: Timestamp) -> bool {
        let due = self.abort_uploads.is_some_and(|days| after_days(upload.initiated, days) <= now);
        self.enabled && due && self.filter.fits_key(&upload.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_end_at_midnight() {
        let at = |text: &str| Timestamp::parse_iso(text).unwrap();
        assert_eq!(after_days(at("2026-11-21T09:30:00Z"), 1), at("2026-11-23T00:00:00Z"));
        assert_eq!(after_days(at("2026-11-21T00:00:00Z"), 1), at("2026-11-22T00:00:00Z"));
        assert_eq!(next_midnight(at("2026-11-21T00:00:00Z")), at("2026-11-22T00:00:00Z"));
    }
}
