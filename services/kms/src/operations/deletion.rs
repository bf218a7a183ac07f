//! The end of keys.

use crate::Kms;
use crate::access::Ask;
use crate::reference::{Takes, key};
use crate::refusal::{invalid, not_pending};
use crate::state::Deletion;
use crate::tasks::{cancel_deletion, schedule_deletion};
use api_kms::{
    CancelKeyDeletion, CancelKeyDeletionOutput, Error, KMSInvalidStateException, KeyState,
    ScheduleKeyDeletion, ScheduleKeyDeletionOutput,
};
use contract::{Access, Call, Transact};
use std::time::Duration;
use store::{Tx, View};

const LONGEST: i32 = 30;

impl Transact<ScheduleKeyDeletion> for Kms {
    fn access(input: &ScheduleKeyDeletion, call: &Call, view: &View) -> Access {
        let days = input.pending_window_in_days.unwrap_or(LONGEST);
        Ask::own("ScheduleKeyDeletion", &input.key_id)
            .access(call, view)
            .with("kms:ScheduleKeyDeletionPendingWindowInDays", [days.to_string()])
    }

    fn run(input: ScheduleKeyDeletion, call: &Call, tx: &mut Tx) -> Result<ScheduleKeyDeletionOutput, Error> {
        let days = input.pending_window_in_days.unwrap_or(LONGEST);
        if !(7..=LONGEST).contains(&days) {
            return Err(invalid("PendingWindowInDays must be between 7 and 30 (inclusive)."));
        }
        let window_in_days = u32::try_from(days).unwrap_or_default();
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        not_pending(&key)?;
        let at = call.now.plus(Duration::from_secs(u64::from(window_in_days) * 86_400));
        key.deletion = Some(Deletion { at, window_in_days });
        // CancelKeyDeletion leaves a key disabled.
        key.enabled = false;
        schedule_deletion(&key, at, tx)?;
        let key_id = Some(key.arn().to_string());
        tx.update(key)?;
        Ok(ScheduleKeyDeletionOutput {
            key_id,
            deletion_date: Some(at),
            key_state: Some(KeyState::PendingDeletion),
            pending_window_in_days: Some(days),
        })
    }
}

impl Transact<CancelKeyDeletion> for Kms {
    fn access(input: &CancelKeyDeletion, call: &Call, view: &View) -> Access {
        Ask::own("CancelKeyDeletion", &input.key_id).access(call, view)
    }

    fn run(input: CancelKeyDeletion, call: &Call, tx: &mut Tx) -> Result<CancelKeyDeletionOutput, Error> {
        let mut key = key(&input.key_id, Takes::Keys, call, tx)?;
        let arn = key.arn().to_string();
        if key.deletion.take().is_none() {
            return Err(KMSInvalidStateException::new(format!("{arn} is not pending deletion.")).into());
        }
        cancel_deletion(&key, tx)?;
        tx.update(key)?;
        Ok(CancelKeyDeletionOutput { key_id: Some(arn) })
    }
}
