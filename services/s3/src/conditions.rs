//! Conditional requests. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>

use crate::error::{header_not_implemented, no_such_key, not_modified, precondition_failed};
use crate::state::Object;
use api_s3::Error;
use names::Timestamp;

/// The conditions of a read.
pub(crate) struct Read<'a> {
    pub(crate) if_match: Option<&'a str>,
    pub(crate) if_none_match: Option<&'a str>,
    pub(crate) if_modified_since: Option<Timestamp>,
    pub(crate) if_unmodified_since: Option<Timestamp>,
}

fn names(header: &str, etag: &str) -> bool {
    header
        .split(',')
        .map(|one| one.trim().trim_start_matches("W/").trim_matches('"'))
        .any(|one| one == "*" || one == etag)
}

impl Read<'_> {
    /// Whether the object may be answered. An entity tag that decides overrides the date beside it, as RFC 9110 has it.
    pub(crate) fn check(&self, object: &Object) -> Result<(), Error> {
        match (self.if_match, self.if_unmodified_since) {
            (Some(header), _) if !names(header, &object.etag) => return Err(precondition_failed("If-Match")),
            (None, Some(since)) if object.modified > since => {
                return Err(precondition_failed("If-Unmodified-Since"));
            }
            _ => {}
        }
        match (self.if_none_match, self.if_modified_since) {
            (Some(header), _) if names(header, &object.etag) => Err(not_modified(object)),
            (None, Some(since)) if object.modified <= since => Err(not_modified(object)),
            _ => Ok(()),
        }
    }

    /// The conditions of CopyObject on its source, all of which answer 412.
    pub(crate) fn check_source(&self, object: &Object) -> Result<(), Error> {
        self.check(object).map_err(|error| match &error {
            Error::Common(response) if response.status == 304 => {
                precondition_failed(if self.if_none_match.is_some() {
                    "x-amz-copy-source-If-None-Match"
                } else {
                    "x-amz-copy-source-If-Modified-Since"
                })
            }
            Error::Common(response) if response.status == 412 => {
                precondition_failed(if self.if_match.is_some() {
                    "x-amz-copy-source-If-Match"
                } else {
                    "x-amz-copy-source-If-Unmodified-Since"
                })
            }
            _ => error,
        })
    }
}

/// The conditions of a write on what is there before it.
pub(crate) fn check_write(
    current: Option<&Object>,
    key: &str,
    if_match: Option<&str>,
    if_none_match: Option<&str>,
) -> Result<(), Error> {
    let current = current.filter(|object| !object.is_delete_marker());
    match if_none_match {
        Some("*") if current.is_some() => return Err(precondition_failed("If-None-Match")),
        Some("*") | None => {}
        Some(_) => return Err(header_not_implemented("If-None-Match")),
    }
    match (if_match, current) {
        (None, _) => Ok(()),
        (Some(_), None) => Err(no_such_key(key)),
        (Some(header), Some(object)) if names(header, &object.etag) => Ok(()),
        (Some(_), Some(_)) => Err(precondition_failed("If-Match")),
    }
}
