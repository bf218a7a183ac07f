//! Time to live.

use super::tables::known;
use crate::Dynamodb;
use crate::access::on_table;
use crate::refusal::validation;
use crate::state::{StoredItem, Table};
use crate::tasks::Expire;
use api_dynamodb::{
    DescribeTimeToLive, DescribeTimeToLiveOutput, Error, TimeToLiveDescription, TimeToLiveStatus,
    UpdateTimeToLive, UpdateTimeToLiveOutput,
};
use contract::{Access, Call, Transact};
use store::{StoreError, Tx, View};

impl Transact<UpdateTimeToLive> for Dynamodb {
    fn access(input: &UpdateTimeToLive, call: &Call, view: &View) -> Access {
        on_table("UpdateTimeToLive", &input.table_name, call, view)
    }

    fn run(input: UpdateTimeToLive, call: &Call, tx: &mut Tx) -> Result<UpdateTimeToLiveOutput, Error> {
        let mut table = known(tx, call, &input.table_name)?;
        let wanted = &input.time_to_live_specification;
        match (&table.time_to_live, wanted.enabled) {
            (Some(_), true) => return Err(validation("TimeToLive is already enabled")),
            (None, false) => return Err(validation("TimeToLive is already disabled")),
            (Some(attribute), false) if *attribute != wanted.attribute_name => {
                return Err(validation(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is {attribute}"
                )));
            }
            _ => {}
        }
        table.time_to_live = wanted.enabled.then(|| wanted.attribute_name.clone());
        note_expiry(&table, tx)?;
        if wanted.enabled {
            Expire::schedule(&table, call.now, tx)?;
        }
        tx.put(table)?;
        Ok(UpdateTimeToLiveOutput { time_to_live_specification: Some(input.time_to_live_specification) })
    }
}

/// Notes when the items that are there end, or forgets it.
pub(super) fn note_expiry(table: &Table, tx: &mut Tx) -> Result<(), StoreError> {
    let rows = tx.scan::<StoredItem>(table.scope, (table.id.as_str(),)).rows()?;
    for mut row in rows {
        let expires = table.expiry(&row.item()?);
        if row.expires != expires {
            row.expires = expires;
            tx.put(row)?;
        }
    }
    Ok(())
}

impl Transact<DescribeTimeToLive> for Dynamodb {
    fn access(input: &DescribeTimeToLive, call: &Call, view: &View) -> Access {
        on_table("DescribeTimeToLive", &input.table_name, call, view)
    }

    fn run(input: DescribeTimeToLive, call: &Call, tx: &mut Tx) -> Result<DescribeTimeToLiveOutput, Error> {
        let table = known(tx, call, &input.table_name)?;
        Ok(DescribeTimeToLiveOutput { time_to_live_description: Some(description(&table)) })
    }
}

pub(super) fn description(table: &Table) -> TimeToLiveDescription {
    let status =
        if table.time_to_live.is_some() { TimeToLiveStatus::Enabled } else { TimeToLiveStatus::Disabled };
    TimeToLiveDescription { time_to_live_status: Some(status), attribute_name: table.time_to_live.clone() }
}
