//! What PutObject, CopyObject and CreateMultipartUpload say of the object that they make.

use crate::error::error;
use crate::state::SystemHeaders;
use api_s3::Error;
use std::collections::BTreeMap;

/// Refuses an input that wants its object locked, by its fields.
macro_rules! refuse_lock {
    ($input:expr) => {
        if $input.object_lock_mode.is_some()
            || $input.object_lock_retain_until_date.is_some()
            || $input.object_lock_legal_hold_status.is_some()
        {
            return Err($crate::error::invalid_request("Bucket is missing Object Lock Configuration"));
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

pub(crate) use {refuse_lock, system_headers};

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
