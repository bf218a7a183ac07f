//! Protection of groups, with their streams, from being deleted.

use super::{group, identify, identify_or_own, on_group};
use crate::Logs;
use crate::state::group::LogGroup;
use api_logs::{
    Error, PutLogGroupDeletionProtection, PutLogGroupDeletionProtectionOutput, ValidationException,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// Refuses to delete from a group that is protected.
pub(super) fn check(group: &LogGroup) -> Result<(), Error> {
    if group.deletion_protected {
        return Err(ValidationException::new(
            "Cannot delete log group with deletion protection enabled. Disable deletion protection first.",
        )
        .into());
    }
    Ok(())
}

impl Transact<PutLogGroupDeletionProtection> for Logs {
    fn access(input: &PutLogGroupDeletionProtection, call: &Call, view: &View) -> Access {
        let (scope, name) = identify_or_own(call, None, Some(&input.log_group_identifier));
        on_group("PutLogGroupDeletionProtection", view, scope, &name)
    }

    fn run(
        input: PutLogGroupDeletionProtection,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutLogGroupDeletionProtectionOutput, Error> {
        let (scope, name) = identify(call, None, Some(&input.log_group_identifier))?;
        let mut group = group(tx, scope, &name)?;
        group.deletion_protected = input.deletion_protection_enabled;
        tx.update(group)?;
        Ok(PutLogGroupDeletionProtectionOutput {})
    }
}
