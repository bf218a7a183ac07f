//! Point-in-time recovery: the setting, and what it promises. Restoring to a point in time is not built.

use crate::Dynamodb;
use crate::access::on_table;
use crate::reference::TableReference;
use crate::refusal::{invalid, table_not_found};
use crate::state::{Recovery, Table};
use api_dynamodb::{
    ContinuousBackupsDescription, ContinuousBackupsStatus, DescribeContinuousBackups,
    DescribeContinuousBackupsOutput, Error, PointInTimeRecoveryDescription, PointInTimeRecoveryStatus,
    UpdateContinuousBackups, UpdateContinuousBackupsOutput,
};
use contract::{Access, Call, Transact};
use names::Timestamp;
use std::time::Duration;
use store::{Tx, View};

/// Changes of the last five minutes cannot be told apart.
const DELAY: Duration = Duration::from_secs(5 * 60);

/// The table of a call on backups and recovery.
pub(super) fn known(view: &View, call: &Call, name: &str) -> Result<Table, Error> {
    let reference = TableReference::read(name, call.scope())?;
    Table::get(view, reference.scope, &reference.name)?.ok_or_else(|| table_not_found(&reference.name))
}

fn description(table: &Table, now: Timestamp) -> ContinuousBackupsDescription {
    let recovery = match table.recovery {
        None => PointInTimeRecoveryDescription {
            point_in_time_recovery_status: Some(PointInTimeRecoveryStatus::Disabled),
            ..Default::default()
        },
        Some(Recovery { since, days }) => {
            let kept = Duration::from_secs(u64::from(days.unsigned_abs()) * 86_400);
            PointInTimeRecoveryDescription {
                point_in_time_recovery_status: Some(PointInTimeRecoveryStatus::Enabled),
                recovery_period_in_days: Some(days),
                earliest_restorable_date_time: Some(since.max(now.minus(kept))),
                latest_restorable_date_time: Some(since.max(now.minus(DELAY))),
            }
        }
    };
    ContinuousBackupsDescription {
        continuous_backups_status: ContinuousBackupsStatus::Enabled,
        point_in_time_recovery_description: Some(recovery),
    }
}

impl Transact<UpdateContinuousBackups> for Dynamodb {
    fn access(input: &UpdateContinuousBackups, call: &Call, view: &View) -> Access {
        on_table("UpdateContinuousBackups", &input.table_name, call, view)
    }

    fn run(
        input: UpdateContinuousBackups,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateContinuousBackupsOutput, Error> {
        let mut table = known(tx, call, &input.table_name)?;
        let wanted = input.point_in_time_recovery_specification;
        if !wanted.point_in_time_recovery_enabled && wanted.recovery_period_in_days.is_some() {
            return Err(invalid(
                "RecoveryPeriodInDays can be specified only when PointInTimeRecoveryEnabled is true",
            ));
        }
        table.recovery = wanted.point_in_time_recovery_enabled.then(|| Recovery {
            since: table.recovery.map_or(call.now, |recovery| recovery.since),
            days: wanted
                .recovery_period_in_days
                .or(table.recovery.map(|recovery| recovery.days))
                .unwrap_or(35),
        });
        let description = description(&table, call.now);
        tx.put(table)?;
        Ok(UpdateContinuousBackupsOutput { continuous_backups_description: Some(description) })
    }
}

impl Transact<DescribeContinuousBackups> for Dynamodb {
    fn access(input: &DescribeContinuousBackups, call: &Call, view: &View) -> Access {
        on_table("DescribeContinuousBackups", &input.table_name, call, view)
    }

    fn run(
        input: DescribeContinuousBackups,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeContinuousBackupsOutput, Error> {
        let table = known(tx, call, &input.table_name)?;
        Ok(DescribeContinuousBackupsOutput {
            continuous_backups_description: Some(description(&table, call.now)),
        })
    }
}
