//! Managed policies: AWS's own (all of them, read-only: embedded compressed from `models/managed-policies`, indexed at the first question and
//! unpacked a block at a time) and the account's.

mod library;

pub(crate) use library::{AwsPolicy, all, by_arn};

use crate::refusal;
use crate::state::ManagedPolicy;
use api_iam::{Error, PolicyNotAttachableException};
use names::{AccountId, Arn};
use store::{StoreError, Tx, View};

/// A managed policy that an account may attach.
pub(crate) enum Managed {
    Aws(&'static AwsPolicy),
    Own(Box<ManagedPolicy>),
}

/// The policy with an ARN, as the account sees it.
pub(crate) fn find(view: &View, account: AccountId, arn: &str) -> Result<Option<Managed>, StoreError> {
    if let Some(policy) = by_arn(arn) {
        return Ok(Some(Managed::Aws(policy)));
    }
    Ok(ManagedPolicy::by_arn(view, account, arn)?.map(|policy| Managed::Own(Box::new(policy))))
}

/// The end of a policy's ARN.
pub(crate) fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Refuses what is no managed policy's ARN.
pub(crate) fn check_arn(arn: &str) -> Result<(), Error> {
    let parsed: Option<Arn> = arn.parse().ok();
    match parsed.filter(|parsed| parsed.service == "iam" && parsed.resource.starts_with("policy/")) {
        Some(_) => Ok(()),
        None => Err(refusal::validation(format!("ARN {arn} is not valid."))),
    }
}

/// Refuses what cannot be attached to a user, group or role of the account. Policies of service-linked roles go to these alone.
pub(crate) fn check_attachable(view: &View, account: AccountId, arn: &str) -> Result<(), Error> {
    check_arn(arn)?;
    match find(view, account, arn)? {
        Some(Managed::Aws(policy)) if policy.path.starts_with("/aws-service-role/") => {
            Err(PolicyNotAttachableException::new("Cannot attach a Service Role Policy to a Customer Role.")
                .into())
        }
        Some(_) => Ok(()),
        None => Err(refusal::not_attachable(arn)),
    }
}

/// Refuses what cannot be a permissions boundary.
pub(crate) fn check_boundary(view: &View, account: AccountId, arn: &str) -> Result<(), Error> {
    check_arn(arn)?;
    match find(view, account, arn)? {
        Some(_) => Ok(()),
        None => Err(refusal::no_such(format!("Scope ARN: {arn} does not exist or is not attachable."))),
    }
}

/// Notes on an own policy what uses it, so that each attachment is a change of the policy too. AWS's have no row.
pub(crate) fn note(
    tx: &mut Tx,
    account: AccountId,
    arn: &str,
    change: impl FnOnce(&mut ManagedPolicy),
) -> Result<(), StoreError> {
    if let Some(mut policy) = ManagedPolicy::by_arn(tx, account, arn)? {
        change(&mut policy);
        tx.put(policy)?;
    }
    Ok(())
}
