//! What PutObject, CopyObject and CreateMultipartUpload say of the object that they make.

use crate::error::{error, header_not_implemented, invalid_argument, invalid_request};
use crate::state::SystemHeaders;
use api_s3::{Error, ServerSideEncryption};
use std::collections::BTreeMap;

/// The headers of a request that makes an object, of which some are refused.
pub(crate) struct Demands<'a> {
    pub(crate) encryption: Option<ServerSideEncryption>,
    pub(crate) customer_algorithm: Option<&'a str>,
    pub(crate) customer_key: bool,
    pub(crate) kms_key: bool,
    pub(crate) kms_context: bool,
    pub(crate) lock: bool,
}

/// The demands of an input, by its fields.
macro_rules! demands {
    ($input:expr) => {
        $crate::new_object::Demands {
            encryption: $input.server_side_encryption,
            customer_algorithm: $input.sse_customer_algorithm.as_deref(),
            customer_key: $input.sse_customer_key.is_some() || $input.sse_customer_key_md5.is_some(),
            kms_key: $input.ssekms_key_id.is_some(),
            kms_context: $input.ssekms_encryption_context.is_some(),
            lock: $input.object_lock_mode.is_some()
                || $input.object_lock_retain_until_date.is_some()
                || $input.object_lock_legal_hold_status.is_some(),
        }
    };
}

/// The headers that an input gives, to be stored.
macro_rules! system_headers {
    ($input:expr) => {
        $crate::state::SystemHeaders {
            cache_control: $input.cache_control.clone(),
            content_disposition: $input.content_disposition.clone(),
            content_encoding: $crate::new_object::without_chunking($input.content_encoding.as_deref()),
            content_language: $input.content_language.clone(),
            content_type: $input.content_type.clone(),
            expires: $input.expires.clone(),
            website_redirect: $input.website_redirect_location.clone(),
        }
    };
}

pub(crate) use {demands, system_headers};

impl Demands<'_> {
    /// Refuses what is not honoured: every object is encrypted as SSE-S3 says, and none is locked.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.customer_algorithm.is_some() || self.customer_key {
            return Err(header_not_implemented("x-amz-server-side-encryption-customer-algorithm"));
        }
        if self.encryption.is_some_and(|encryption| encryption != ServerSideEncryption::Aes256) {
            return Err(header_not_implemented("x-amz-server-side-encryption"));
        }
        if self.kms_key || self.kms_context {
            return Err(invalid_argument(
                "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : \
                 aws:kms",
                "x-amz-server-side-encryption",
                self.encryption.map_or("null", ServerSideEncryption::as_str),
            ));
        }
        if self.lock {
            return Err(invalid_request("Bucket is missing Object Lock Configuration"));
        }
        Ok(())
    }
}

/// `aws-chunked` is of the transport and not of the object.
pub(crate) fn without_chunking(encoding: Option<&str>) -> Option<String> {
    let kept: Vec<&str> =
        encoding?.split(',').map(str::trim).filter(|it| !it.is_empty() && *it != "aws-chunked").collect();
    (!kept.is_empty()).then(|| kept.join(","))
}

pub(crate) fn check_headers(headers: &SystemHeaders) -> Result<(), Error> {
    match &headers.website_redirect {
        Some(to) if !["/", "http://", "https://"].iter().any(|start| to.starts_with(start)) => Err(error(
            400,
            "InvalidRedirectLocation",
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
            [],
        )),
        _ => Ok(()),
    }
}

/// How many bytes the names and values of user metadata may have together.
const LARGEST_METADATA: usize = 2048;

pub(crate) fn check_metadata(metadata: &BTreeMap<String, String>) -> Result<(), Error> {
    let size: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size <= LARGEST_METADATA {
        return Ok(());
    }
    Err(error(
        400,
        "MetadataTooLarge",
        "Your metadata headers exceed the maximum allowed metadata size",
        [("Size", size.to_string()), ("MaxSizeAllowed", LARGEST_METADATA.to_string())],
    ))
}

/// Those that objects may be given.
const STORAGE_CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];

pub(crate) fn storage_class(given: Option<&str>) -> Result<String, Error> {
    let class = given.unwrap_or("STANDARD");
    if STORAGE_CLASSES.contains(&class) {
        return Ok(class.to_owned());
    }
    Err(error(
        400,
        "InvalidStorageClass",
        "The storage class you specified is not valid",
        [("StorageClassRequested", class.to_owned())],
    ))
}
