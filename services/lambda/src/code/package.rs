//! Taking a package in: from the request, or from S3 as the caller.

use super::cache::{CodeCache, CodeError};
use super::{LARGEST_DIRECT, LARGEST_UNPACKED};
use crate::error::{access_denied, invalid};
use crate::state::Code;
use api_lambda::{Error, RequestTooLargeException};
use api_s3::GetObject;
use base64::Engine;
use bytes::{Bytes, BytesMut};
use contract::{Call, Context};
use futures::StreamExt;
use sandbox::UnpackError;
use wire::ErrorResponse;

/// `Could not unzip uploaded file…`
const NOT_AN_ARCHIVE: &str =
    "Could not unzip uploaded file. Please check your file, then try to upload again.";

/// Where a package is.
#[derive(Debug, PartialEq)]
pub(crate) enum Source {
    /// In the request.
    Zip(Bytes),
    /// In a bucket that the caller may read.
    S3 { bucket: String, key: String, version: Option<String> },
}

/// The members of an input that name a package.
pub(crate) struct Given {
    pub(crate) zip: Option<Bytes>,
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) version: Option<String>,
}

impl Source {
    /// The one source that an input names.
    pub(crate) fn of(given: Given) -> Result<Self, Error> {
        match given {
            Given { zip: Some(zip), bucket: None, key: None, version: None } => Ok(Self::Zip(zip)),
            Given { zip: None, bucket: Some(bucket), key: Some(key), version } => {
                Ok(Self::S3 { bucket, key, version })
            }
            Given { zip: Some(_), .. } => {
                Err(invalid("Please do not provide other FunctionCode parameters when providing a ZipFile."))
            }
            Given { zip: None, bucket: Some(_), .. } => {
                Err(invalid("S3 Error Code: NoSuchKey. S3Key is missing."))
            }
            Given { .. } => Err(invalid("Please provide a source for function code.")),
        }
    }
}

/// Reads, checks and keeps a package. Its code is unpacked as soon as it is known to be good.
pub(crate) async fn keep(
    source: Source,
    cache: &CodeCache,
    call: &Call,
    context: &Context,
) -> Result<Code, Error> {
    let package = match source {
        Source::Zip(zip) if zip.len() > LARGEST_DIRECT => {
            let message =
                format!("Request must be smaller than 69905067 bytes for the {} operation", call.operation.1);
            return Err(RequestTooLargeException { message, r#type: Some("User".into()) }.into());
        }
        Source::Zip(zip) => zip,
        Source::S3 { bucket, key, version } => fetch(bucket, key, version, call, context).await?,
    };
    if package.is_empty() {
        return Err(invalid(NOT_AN_ARCHIVE));
    }
    let written = context.blobs.write(package.clone()).await.map_err(CodeError::from)?;
    match cache.accept(&written.id, package).await {
        Ok(()) => {}
        Err(CodeError::Package(UnpackError::TooLarge)) => {
            return Err(invalid(format!("Unzipped size must be smaller than {LARGEST_UNPACKED} bytes")));
        }
        Err(CodeError::Package(UnpackError::NotAnArchive(_) | UnpackError::Escapes(_))) => {
            return Err(invalid(NOT_AN_ARCHIVE));
        }
        Err(error) => return Err(error.into()),
    }
    let sha256 = base64::engine::general_purpose::STANDARD.encode(written.id.sha256);
    Ok(Code { blob: written.id, sha256 })
}

async fn fetch(
    bucket: String,
    key: String,
    version: Option<String>,
    call: &Call,
    context: &Context,
) -> Result<Bytes, Error> {
    let chain = call.chain.through(crate::SERVICE_PRINCIPAL);
    let caller = context.caller(call.principal.clone(), call.scope(), chain);
    let input =
        GetObject { bucket: bucket.clone(), key: key.clone(), version_id: version, ..GetObject::default() };
    let output = caller.call(input).await.map_err(|error| refused(&error, &bucket, &key))?;
    let mut package = BytesMut::new();
    let mut chunks = output.body.unwrap_or_default().into_chunks();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            tracing::error!(%error, bucket, key, "a package broke off while it was read");
            invalid("Error occurred while GetObject. The object could not be read to its end; try again.")
        })?;
        package.extend_from_slice(&chunk);
        if u64::try_from(package.len()).is_ok_and(|length| length > LARGEST_UNPACKED) {
            return Err(invalid(format!("Unzipped size must be smaller than {LARGEST_UNPACKED} bytes")));
        }
    }
    Ok(package.freeze())
}

fn refused(error: &ErrorResponse, bucket: &str, key: &str) -> Error {
    let ErrorResponse { code, message, .. } = error;
    if error.status == 403 {
        return access_denied(format!(
            "Your access has been denied by S3, please make sure your request credentials have permission to GetObject for \
             {bucket}/{key}. S3 Error Code: {code}. S3 Error Message: {message}"
        ));
    }
    invalid(format!("Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {message}"))
}
