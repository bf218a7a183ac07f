//! How many alarms there are.

use super::Alarm;
use names::Scope;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx};

/// The most alarms of an account in a region, of both types together: the quota that AWS had for long and that its error
/// (`LimitExceeded`, "The quota for alarms for this customer has already been reached.") is of. Its page of quotas names none any more; a disk has one.
pub(crate) const MAX_ALARMS: u64 = 5000;

/// How many alarms an account has in a region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AlarmCount {
    pub(crate) scope: Scope,
    pub(crate) alarms: u64,
}

impl AlarmCount {
    /// Notes that there is one more alarm, before it is written; false, and nothing is noted, where there is no room for it.
    pub(crate) fn add(tx: &mut Tx, scope: Scope) -> Result<bool, StoreError> {
        let alarms = match tx.get::<Self>(scope, ())? {
            Some(known) => known.alarms,
            // The first one, or alarms of a version that did not count: these are counted once.
            None => u64::try_from(Alarm::list(tx, scope)?.len()).unwrap_or(u64::MAX),
        };
        if alarms >= MAX_ALARMS {
            return Ok(false);
        }
        tx.put(Self { scope, alarms: alarms.saturating_add(1) })?;
        Ok(true)
    }

    /// Notes that there is one less.
    pub(super) fn take(tx: &mut Tx, scope: Scope) -> Result<(), StoreError> {
        match tx.get::<Self>(scope, ())? {
            Some(known) => tx.put(Self { alarms: known.alarms.saturating_sub(1), ..known }),
            None => Ok(()),
        }
    }
}

impl Row for AlarmCount {
    const TABLE: &'static str = "cloudwatch.alarm-counts";
    type Key = ();

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use clock::ManualClock;
    use names::{AccountId, Region, Timestamp};
    use std::sync::Arc;
    use store::{Backend, Store};

    #[test]
    fn there_is_room_for_as_many_as_the_quota_says() {
        let scope = Scope::new(AccountId::DEFAULT, Region::US_EAST_1);
        let clock = ManualClock::at(Timestamp::from_seconds(1_795_255_200));
        let store = Store::open(Backend::Memory, Arc::new(clock)).unwrap();
        store.transact(None, |tx| tx.put(AlarmCount { scope, alarms: MAX_ALARMS - 1 })).unwrap();
        let add = || store.transact(None, |tx| AlarmCount::add(tx, scope)).unwrap();
        assert_eq!([add(), add(), add()], [true, false, false]);
        store.transact(None, |tx| AlarmCount::take(tx, scope)).unwrap();
        assert_eq!([add(), add()], [true, false]);
    }
}
