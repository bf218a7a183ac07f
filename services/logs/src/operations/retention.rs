//! Retention of a group's events.

use super::{group, on_group};
use crate::Logs;
use api_logs::{
    DeleteRetentionPolicy, DeleteRetentionPolicyOutput, Error, InvalidParameterException, PutRetentionPolicy,
    PutRetentionPolicyOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// The days that AWS takes: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const DAYS: [i32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

impl Transact<PutRetentionPolicy> for Logs {
    fn access(input: &PutRetentionPolicy, call: &Call, _: &View) -> Access {
        on_group("PutRetentionPolicy", call.scope(), &input.log_group_name)
    }

    fn run(input: PutRetentionPolicy, call: &Call, tx: &mut Tx) -> Result<PutRetentionPolicyOutput, Error> {
        let mut group = group(tx, call.scope(), &input.log_group_name)?;
        let days = input.retention_in_days;
        if !DAYS.contains(&days) {
            let known: Vec<String> = DAYS.iter().map(ToString::to_string).collect();
            return Err(InvalidParameterException::new(format!(
                "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
                known.join(", ")
            ))
            .into());
        }
        group.retention = Some(days);
        tx.update(group)?;
        Ok(PutRetentionPolicyOutput {})
    }
}

impl Transact<DeleteRetentionPolicy> for Logs {
    fn access(input: &DeleteRetentionPolicy, call: &Call, _: &View) -> Access {
        on_group("DeleteRetentionPolicy", call.scope(), &input.log_group_name)
    }

    fn run(input: DeleteRetentionPolicy, call: &Call, tx: &mut Tx) -> Result<DeleteRetentionPolicyOutput, Error> {
        let mut group = group(tx, call.scope(), &input.log_group_name)?;
        group.retention = None;
        tx.update(group)?;
        Ok(DeleteRetentionPolicyOutput {})
    }
}
