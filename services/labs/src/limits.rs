//! What a class's students may use, and what they use.

use crate::refusal::Refusal;
use crate::state::{Attempt, Class, SCOPE};
use contract::{AccountLimits, Context};
use indexmap::IndexMap;
use names::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{StoreError, Tx, View};
use wire::{Document, document};

/// Resets are counted over so long.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What each student of a class may use; None: as much as there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClassLimits {
    pub(crate) requests_per_second: Option<u32>,
    /// Bytes.
    pub(crate) storage: Option<u64>,
    /// Executions of functions at once.
    pub(crate) concurrency: Option<u32>,
    /// Fresh accounts within 24 hours, beside the first.
    pub(crate) resets: Option<u32>,
}

impl Default for ClassLimits {
    /// Room for a lab, and for forty students on one machine.
    fn default() -> Self {
        Self {
            requests_per_second: Some(50),
            storage: Some(500 << 20),
            concurrency: Some(10),
            resets: Some(10),
        }
    }
}

/// The members of `limits`, and the greatest value of each.
const MEMBERS: [(&str, u64); 4] = [
    ("requestsPerSecond", 100_000),
    ("storageBytes", 1 << 50),
    ("concurrency", 1000),
    ("resetsPerDay", 1000),
];

impl ClassLimits {
    /// None of them.
    pub(crate) const UNLIMITED: Self =
        Self { requests_per_second: None, storage: None, concurrency: None, resets: None };

    /// With what a request says: a number, null for no limit; what it leaves out stays.
    pub(crate) fn changed_by(mut self, members: &IndexMap<String, Document>) -> Result<Self, Refusal> {
        for (name, value) in members {
            let Some((_, most)) = MEMBERS.iter().find(|(known, _)| known == name) else {
                let known = MEMBERS.map(|(name, _)| name).join(", ");
                return Err(Refusal::invalid(format!("limits may have {known}, not {name}.")));
            };
            let number = match value {
                Document::Null => None,
                value => Some(
                    value
                        .as_i64()
                        .and_then(|number| u64::try_from(number).ok())
                        .filter(|number| number <= most),
                ),
            };
            let invalid = || {
                Refusal::invalid(format!(
                    "limits.{name} must be a whole number from 0 to {most}, or null for no limit."
                ))
            };
            let number = number.map(|number| number.ok_or_else(invalid)).transpose()?;
            let small = number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
            match name.as_str() {
                "requestsPerSecond" if small == Some(0) => {
                    return Err(Refusal::invalid(
                        "limits.requestsPerSecond must be at least 1, or null for no limit.",
                    ));
                }
                "requestsPerSecond" => self.requests_per_second = small,
                "storageBytes" => self.storage = number,
                "concurrency" => self.concurrency = small,
                _ => self.resets = small,
            }
        }
        Ok(self)
    }

    /// As the API tells them.
    pub(crate) fn document(self) -> Document {
        document!({
            "requestsPerSecond": (self.requests_per_second),
            "storageBytes": (self.storage.and_then(|bytes| i64::try_from(bytes).ok())),
            "concurrency": (self.concurrency),
            "resetsPerDay": (self.resets),
        })
    }

    /// Gives them to an account.
    pub(crate) fn give(self, account: AccountId, tx: &mut Tx) -> Result<(), StoreError> {
        let Self { requests_per_second, storage, concurrency, resets: _ } = self;
        tx.put(AccountLimits { account, requests_per_second, storage, concurrency })
    }
}

/// The limits of a class; a class of before there were any has none.
pub(crate) fn of_class(view: &View, lab: &str, class: &str) -> Result<Option<ClassLimits>, StoreError> {
    Ok(view.get::<Class>(SCOPE, (lab, class))?.map(|class| class.limits))
}

/// Whether a student may start over once more.
pub(crate) fn may_reset(
    attempt: &Attempt,
    ever: &[Attempt],
    limits: ClassLimits,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(most) = limits.resets else { return Ok(()) };
    let times = resets(ever, now);
    if times.len() < usize::try_from(most).unwrap_or(usize::MAX) {
        return Ok(());
    }
    let when = match times.iter().min() {
        Some(first) => format!(" The next is possible at {}.", first.plus(DAY).iso_seconds()),
        None => String::new(),
    };
    Err(Refusal::new(
        429,
        "TooManyResets",
        format!(
            "{} has started over {} times within 24 hours, as often as the class may.{when} Your teacher can reset the lab at any time.",
            attempt.student,
            times.len()
        ),
    ))
}

/// When a student started over within the last 24 hours: all attempts but the first.
pub(crate) fn resets(ever: &[Attempt], now: Timestamp) -> Vec<Timestamp> {
    let mut started: Vec<Timestamp> = ever.iter().map(|attempt| attempt.started).collect();
    started.sort_unstable();
    started.into_iter().skip(1).filter(|started| started.plus(DAY) > now).collect()
}

/// What an account uses, as the API tells it; null where nobody counts.
pub(crate) async fn usage(
    account: AccountId,
    resets: usize,
    context: &Context,
) -> Result<Document, StoreError> {
    let accounting = &context.accounting;
    let Some(used) = accounting.of(account) else { return Ok(Document::Null) };
    let stored = accounting.weigh(&used, context.clock.now()).await?;
    let counts = used.counts();
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(document!({
        "requests": (number(counts.requests)),
        "throttled": (number(counts.throttled)),
        "storageBytes": (number(stored.bytes)),
        "running": (counts.running),
        "mostRunning": (counts.most_running),
        "resetsToday": (i64::try_from(resets).unwrap_or(i64::MAX)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> Result<ClassLimits, String> {
        let Ok(Document::Object(members)) = Document::parse(text) else { panic!("{text}") };
        ClassLimits::default().changed_by(&members).map_err(|refusal| refusal.message)
    }

    #[test]
    fn limits_are_numbers_or_none() {
        assert_eq!(changed("{}"), Ok(ClassLimits::default()));
        let all = r#"{"requestsPerSecond":null,"storageBytes":null,"concurrency":null,"resetsPerDay":null}"#;
        assert_eq!(changed(all), Ok(ClassLimits::UNLIMITED));
        assert_eq!(changed(r#"{"resetsPerDay":0}"#).unwrap().resets, Some(0));
        for (text, says) in [
            (
                r#"{"requests":1}"#,
                "limits may have requestsPerSecond, storageBytes, concurrency, resetsPerDay, not requests.",
            ),
            (
                r#"{"concurrency":-1}"#,
                "limits.concurrency must be a whole number from 0 to 1000, or null for no limit.",
            ),
            (
                r#"{"concurrency":"9"}"#,
                "limits.concurrency must be a whole number from 0 to 1000, or null for no limit.",
            ),
            (
                r#"{"concurrency":1001}"#,
                "limits.concurrency must be a whole number from 0 to 1000, or null for no limit.",
            ),
            (
                r#"{"requestsPerSecond":0}"#,
                "limits.requestsPerSecond must be at least 1, or null for no limit.",
            ),
        ] {
            assert_eq!(changed(text), Err(says.to_owned()));
        }
    }
}
