//! What an account may ask and store, where it has limits.

use crate::gateway::Gateway;
use contract::{AccountUse, amount};
use names::{AccountId, Timestamp};
use std::fmt::Write;
use std::sync::Arc;
use wire::{ErrorResponse, OperationSchema, Protocol};

/// What operations begin with that leave less than there was, beside those that only read: they go on in an account that is full.
const FREE: &[&str] = &[
    "Abort",
    "BatchDelete",
    "Cancel",
    "Delete",
    "Deregister",
    "Detach",
    "Disable",
    "Disassociate",
    "Purge",
    "Release",
    "Remove",
    "Revoke",
    "ScheduleKeyDeletion",
    "Stop",
    "Terminate",
    "Unsubscribe",
    "Untag",
];

/// A request that comes too fast, as AWS answers it in each of its dialects.
/// <https://docs.aws.amazon.com/general/latest/gr/api-retries.html>
fn throttled(protocol: Protocol) -> ErrorResponse {
    let (code, message, status) = match protocol {
        Protocol::RestXml => ("SlowDown", "Please reduce your request rate.", 503),
        Protocol::Ec2 => ("RequestLimitExceeded", "Request limit exceeded.", 503),
        Protocol::Query => ("Throttling", "Rate exceeded", 400),
        Protocol::RestJson => ("TooManyRequestsException", "Rate exceeded", 429),
        Protocol::Json10 | Protocol::Json11 | Protocol::Cbor => ("ThrottlingException", "Rate exceeded", 400),
    };
    ErrorResponse::new(code, message, status)
}

/// Whether an operation may leave more than there was.
fn takes_room(operation: &str) -> bool {
    !pipeline::is_read_only(operation) && !FREE.iter().any(|free| operation.starts_with(free))
}

impl Gateway {
    /// Counts a request of an account that has limits; answers what it uses.
    pub(crate) fn admit_request(
        &self,
        account: Option<AccountId>,
        protocol: Protocol,
        now: Timestamp,
    ) -> Result<Option<Arc<AccountUse>>, ErrorResponse> {
        let accounting = &self.pipeline.context().accounting;
        let Some(used) = account.and_then(|account| accounting.of(account)) else { return Ok(None) };
        if !used.admit_request(now) {
            return Err(throttled(protocol));
        }
        if accounting.is_due(&used, now) {
            let (accounting, used) = (Arc::clone(accounting), Arc::clone(&used));
            tokio::spawn(async move {
                if let Err(error) = accounting.weigh(&used, now).await {
                    tracing::error!(%error, "what an account stores cannot be weighed");
                }
            });
        }
        Ok(Some(used))
    }

    /// Lets an account that has limits store so many bytes more, if that is what an operation does.
    pub(crate) async fn admit_bytes(
        &self,
        used: &Arc<AccountUse>,
        schema: &OperationSchema,
        coming: u64,
        now: Timestamp,
    ) -> Result<(), ErrorResponse> {
        if !takes_room(schema.name) {
            return Ok(());
        }
        let admitted = self.pipeline.context().accounting.admit_bytes(used, coming, now).await;
        let weighed = match admitted {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(weighed)) => weighed,
            Err(error) => {
                tracing::error!(%error, account = %used.limits().account, "what an account stores cannot be weighed");
                return Err(ErrorResponse::new(
                    "InternalFailure",
                    "What the account stores cannot be weighed.",
                    500,
                ));
            }
        };
        let mut message = format!(
            "The account {} stores {} and may store {}",
            used.limits().account,
            amount(weighed.bytes),
            amount(used.limits().storage.unwrap_or(u64::MAX)),
        );
        if coming > 0 {
            let _ = write!(message, "; this needs up to {} more", amount(coming));
        }
        message.push_str(". Most is in");
        for (place, (table, bytes)) in weighed.largest.iter().filter(|(_, bytes)| *bytes > 0).enumerate() {
            let comma = if place == 0 { " " } else { ", " };
            let _ = write!(message, "{comma}{table} ({})", amount(*bytes));
        }
        message.push_str(". Delete what you do not need (objects, items, messages, log groups, functions): reading and deleting go on.");
        Err(ErrorResponse::new("ServiceQuotaExceededException", message, 400))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_deleting_take_no_room() {
        for free in
            ["GetObject", "ListBuckets", "DeleteObjects", "DeleteMessageBatch", "PurgeQueue", "AssumeRole"]
        {
            assert!(!takes_room(free), "{free}");
        }
        for takes in ["PutObject", "CreateBucket", "SendMessage", "Invoke", "PutItem", "UpdateFunctionCode"] {
            assert!(takes_room(takes), "{takes}");
        }
    }
}
