//! What all batches have in common.

use api_sqs::{
    BatchEntryIdsNotDistinct, BatchResultErrorEntry, EmptyBatchRequest, Error, InvalidBatchEntryId,
    TooManyEntriesInBatchRequest,
};
use std::collections::BTreeSet;
use wire::ServiceError;

const MOST: usize = 10;

/// Checks the ids of a batch; `entry` is the name of its entries.
pub(super) fn check<'a>(entry: &str, ids: impl ExactSizeIterator<Item = &'a str>) -> Result<(), Error> {
    if ids.len() == 0 {
        let message = format!("There should be at least one {entry} in the request.");
        return Err(EmptyBatchRequest::new(message).into());
    }
    if ids.len() > MOST {
        let message =
            format!("Maximum number of entries per request are {MOST}. You have sent {}.", ids.len());
        return Err(TooManyEntriesInBatchRequest::new(message).into());
    }
    let characters = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut seen = BTreeSet::new();
    for id in ids {
        if id.is_empty() || id.len() > 80 || !id.bytes().all(characters) {
            return Err(InvalidBatchEntryId::new("A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.").into());
        }
        if !seen.insert(id) {
            return Err(BatchEntryIdsNotDistinct::new(format!("Id {id} repeated.")).into());
        }
    }
    Ok(())
}

/// An entry that failed. A failure of ours is none of the entry's: it fails the call.
pub(super) fn failed(id: String, error: Error) -> Result<BatchResultErrorEntry, Error> {
    if error.fault().is_some() {
        return Err(error);
    }
    let response = error.into_response();
    Ok(BatchResultErrorEntry {
        id,
        sender_fault: response.status < 500,
        code: response.query_code.map_or(response.code, str::to_owned),
        message: Some(response.message),
    })
}
