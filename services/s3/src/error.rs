//! S3's errors, with the sentences and members that S3 prints.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
//!
//! Members in lower case are sent as headers (`x-amz-bucket-region`).

use crate::state::{Bucket, Object};
use api_s3::Error;
use names::Fault;
use wire::{Document, ErrorResponse};

/// An error with a status and members.
pub(crate) fn error<const N: usize>(
    status: u16,
    code: &str,
    message: impl Into<String>,
    members: [(&'static str, String); N],
) -> Error {
    let mut response = ErrorResponse::new(code, message, status);
    response.members = members.into_iter().map(|(name, value)| (name, Document::String(value))).collect();
    Error::Common(response)
}

pub(crate) fn invalid_argument(message: &str, name: &str, value: impl Into<String>) -> Error {
    error(
        400,
        "InvalidArgument",
        message,
        [("ArgumentName", name.to_owned()), ("ArgumentValue", value.into())],
    )
}

pub(crate) fn invalid_request(message: impl Into<String>) -> Error {
    error(400, "InvalidRequest", message, [])
}

pub(crate) fn malformed_xml() -> Error {
    error(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
        [],
    )
}

/// What S3 says of headers that it does not honour.
pub(crate) fn header_not_implemented(header: &str) -> Error {
    error(
        501,
        "NotImplemented",
        "A header you provided implies functionality that is not implemented",
        [("Header", header.to_owned())],
    )
}

/// A part of an operation that this cloud does not have, named.
pub(crate) fn not_implemented(what: &str) -> Error {
    error(501, "NotImplemented", format!("{what} is not built in Cloudchamber."), [])
}

pub(crate) fn access_denied(message: impl Into<String>) -> Error {
    error(403, "AccessDenied", message, [])
}

pub(crate) fn no_such_bucket(name: &str) -> Error {
    error(404, "NoSuchBucket", "The specified bucket does not exist", [("BucketName", name.to_owned())])
}

pub(crate) fn invalid_bucket_name(name: &str) -> Error {
    error(400, "InvalidBucketName", "The specified bucket is not valid.", [("BucketName", name.to_owned())])
}

/// The bucket lives in another region than the request was sent to.
pub(crate) fn permanent_redirect(bucket: &Bucket) -> Error {
    let region = bucket.scope.region;
    error(
        301,
        "PermanentRedirect",
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future \
         requests to this endpoint.",
        [
            ("Endpoint", format!("{}.s3.{region}.amazonaws.com", bucket.name)),
            ("Bucket", bucket.name.clone()),
            ("x-amz-bucket-region", region.to_string()),
        ],
    )
}

pub(crate) fn no_such_key(key: &str) -> Error {
    error(404, "NoSuchKey", "The specified key does not exist.", [("Key", key.to_owned())])
}

pub(crate) fn no_such_version(key: &str, version: &str) -> Error {
    error(
        404,
        "NoSuchVersion",
        "The specified version does not exist.",
        [("Key", key.to_owned()), ("VersionId", version.to_owned())],
    )
}

/// The current version is a delete marker: as if there were no object.
pub(crate) fn deleted(marker: &Object) -> Error {
    error(
        404,
        "NoSuchKey",
        "The specified key does not exist.",
        [
            ("Key", marker.key.clone()),
            ("x-amz-delete-marker", "true".into()),
            ("x-amz-version-id", marker.version.clone()),
        ],
    )
}

/// A delete marker was asked for by its version id.
pub(crate) fn is_delete_marker(marker: &Object, method: &str) -> Error {
    error(
        405,
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
        [
            ("Method", method.to_owned()),
            ("ResourceType", "DeleteMarker".into()),
            ("allow", "DELETE".into()),
            ("last-modified", marker.modified.http_date()),
            ("x-amz-delete-marker", "true".into()),
            ("x-amz-version-id", marker.version.clone()),
        ],
    )
}

pub(crate) fn precondition_failed(condition: &str) -> Error {
    error(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
        [("Condition", condition.to_owned())],
    )
}

pub(crate) fn not_modified(object: &Object) -> Error {
    error(
        304,
        "NotModified",
        "Not Modified",
        [("etag", format!("\"{}\"", object.etag)), ("last-modified", object.modified.http_date())],
    )
}

pub(crate) fn no_such_upload(id: &str) -> Error {
    error(
        404,
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or \
         completed.",
        [("UploadId", id.to_owned())],
    )
}

/// A body store's failure, which is ours.
#[derive(Debug, thiserror::Error)]
#[error("an object's body could not be written or read")]
pub(crate) struct BodyFault(#[source] pub(crate) blobs::BlobError);

impl Fault for BodyFault {}

/// The answer to a body that ended with an error: the stream carries it, or the connection broke.
pub(crate) fn broken_body(error: &std::io::Error) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<ErrorResponse>()) {
        Some(response) => Error::Common(response.clone()),
        None => incomplete_body(),
    }
}

pub(crate) fn incomplete_body() -> Error {
    error(
        400,
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
        [],
    )
}
