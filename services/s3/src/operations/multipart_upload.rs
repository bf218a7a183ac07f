//! Multipart uploads: begun, aborted, listed.

use super::list_objects::{list_access, prefixes};
use super::put_object::Keys;
use crate::S3;
use crate::access::{self, Target, decided};
use crate::acls::{self, Requested};
use crate::checksums::{self, Algorithm};
use crate::error::{header_not_implemented, invalid_request, no_such_upload};
use crate::grammar::check_key;
use crate::listing::{encoded, limit, rolled_up};
use crate::new_object::{check_headers, check_metadata, refuse_lock, storage_class, system_headers};
use crate::state::{Bucket, Part, Upload, canonical_id};
use crate::{encryption, tags};
use api_s3::{
    AbortMultipartUpload, AbortMultipartUploadOutput, ChecksumType, CreateMultipartUpload,
    CreateMultipartUploadOutput, Error, Initiator, ListMultipartUploads, ListMultipartUploadsOutput,
    MultipartUpload, Owner,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use store::{Row, StartsWith, Tx, View};

/// An upload that is under way.
pub(crate) fn upload(view: &View, bucket: &Bucket, key: &str, id: &str) -> Result<Upload, Error> {
    view.get::<Upload>(bucket.scope, (bucket.name.as_str(), key, id))?.ok_or_else(|| no_such_upload(id))
}

/// Ends an upload: it and its parts are gone.
pub(crate) fn end(tx: &mut Tx, upload: &Upload) -> Result<(), Error> {
    for part in tx.scan::<Part>(upload.scope, (upload.bucket.as_str(), upload.id.as_str())).rows()? {
        tx.remove::<Part>(upload.scope, part.key())?;
    }
    tx.remove::<Upload>(upload.scope, upload.key())?;
    Ok(())
}

/// The type of the checksum that an upload's object will have.
pub(crate) fn checksum_type(upload: &Upload) -> ChecksumType {
    if upload.composite { ChecksumType::Composite } else { ChecksumType::FullObject }
}

pub(crate) fn initiator(upload: &Upload) -> Initiator {
    Initiator { id: Some(upload.initiator.clone()), display_name: None }
}

pub(crate) fn owner(upload: &Upload) -> Owner {
    Owner { id: Some(canonical_id(upload.owner)), display_name: None }
}

/// Which checksum the object will have, and whether of its parts' checksums.
fn chosen(input: &CreateMultipartUpload) -> Result<(Option<Algorithm>, bool), Error> {
    let Some(algorithm) = input.checksum_algorithm.map(checksums::algorithm).transpose()? else {
        return match input.checksum_type {
            None => Ok((None, false)),
            Some(_) => Err(invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
            )),
        };
    };
    let of_parts = match (algorithm, input.checksum_type) {
        (Algorithm::Crc64Nvme, Some(ChecksumType::Composite)) => None,
        (Algorithm::Crc64Nvme, _) => Some(false),
        (Algorithm::Sha1 | Algorithm::Sha256, Some(ChecksumType::FullObject)) => None,
        (_, Some(ChecksumType::FullObject)) => Some(false),
        _ => Some(true),
    };
    of_parts.map(|of_parts| (Some(algorithm), of_parts)).ok_or_else(|| {
        invalid_request(format!(
            "The {} checksum type cannot be used with the {} checksum algorithm.",
            input.checksum_type.unwrap_or_default(),
            algorithm.name().to_lowercase()
        ))
    })
}

#[async_trait::async_trait]
impl Orchestrate<CreateMultipartUpload> for S3 {
    fn access(&self, input: &CreateMultipartUpload, call: &Call, view: &View) -> Access {
        let tags = input.tagging.as_deref().map(tags::pairs).and_then(Result::ok).unwrap_or_default();
        let keys = Keys {
            acl: acls::of_object!(input),
            encryption: &encryption::headers!(input),
            storage_class: input.storage_class.as_deref(),
            redirect: input.website_redirect_location.as_deref(),
            tags: &tags,
            if_match: None,
            if_none_match: None,
        };
        decided(Target::find(view, call, &input.bucket).and_then(|target| keys.access(&target, &input.key)))
    }

    async fn run(
        &self,
        input: CreateMultipartUpload,
        call: &Call,
        context: &Context,
    ) -> Result<CreateMultipartUploadOutput, Error> {
        check_key(&input.key)?;
        refuse_lock!(input);
        let headers = system_headers!(input);
        check_headers(&headers)?;
        let metadata = input.metadata.clone().unwrap_or_default();
        check_metadata(&metadata)?;
        let (algorithm, composite) = chosen(&input)?;
        let found = |view: &View| {
            let bucket = access::bucket(view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
            let requested: Requested<'_> = acls::of_object!(input);
            let resource = format!("{}/{}", bucket.arn(), input.key);
            let (owner, acl) = requested.of_new_object(&bucket, call, "s3:PutObject", &resource)?;
            Ok::<_, Error>((bucket, owner, acl))
        };
        let (bucket, owner, acl) = found(&context.store.view())?;
        let wanted = encryption::headers!(input).wanted(&bucket)?;
        let (sealing, _) = encryption::begin(&wanted, &bucket, &input.key, call, context).await?;
        let upload = Upload {
            scope: bucket.scope,
            bucket: bucket.name,
            key: input.key.clone(),
            id: call.entropy.alphanumeric(96),
            initiated: call.now,
            initiator: call.principal.arn(),
            owner,
            storage_class: storage_class(input.storage_class.as_deref())?,
            headers,
            metadata,
            tags: tags::of_object(
                input.tagging.as_deref().map(tags::pairs).transpose()?.unwrap_or_default(),
            )?,
            acl,
            algorithm: algorithm.map(|algorithm| algorithm.name().to_owned()),
            composite,
            sealing,
        };
        context
            .transact(call, |_, tx| -> Result<(), Error> {
                // The bucket may have gone meanwhile.
                found(tx)?;
                Ok(tx.insert(upload.clone())?)
            })
            .await?;
        let mut output = CreateMultipartUploadOutput {
            bucket: Some(upload.bucket.clone()),
            key: Some(upload.key.clone()),
            ssekms_encryption_context: input.ssekms_encryption_context.clone(),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: algorithm.map(|_| checksum_type(&upload)),
            upload_id: Some(upload.id.clone()),
            ..Default::default()
        };
        encryption::tell!(output, &upload.sealing, encryption::customer!(input));
        Ok(output)
    }
}

impl Transact<AbortMultipartUpload> for S3 {
    fn access(input: &AbortMultipartUpload, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let check = target.new_object("s3:AbortMultipartUpload", &input.key)?;
            Ok(Access { checks: vec![check], unconditional: false })
        }))
    }

    fn run(
        input: AbortMultipartUpload,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AbortMultipartUploadOutput, Error> {
        if input.if_match_initiated_time.is_some() {
            return Err(header_not_implemented("x-amz-if-match-initiated-time"));
        }
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let upload = upload(tx, &bucket, &input.key, &input.upload_id)?;
        end(tx, &upload)?;
        Ok(AbortMultipartUploadOutput::default())
    }
}

impl Transact<ListMultipartUploads> for S3 {
    fn access(input: &ListMultipartUploads, call: &Call, view: &View) -> Access {
        let keys = [("s3:prefix", input.prefix.as_deref()), ("s3:delimiter", input.delimiter.as_deref())];
        let action = "s3:ListBucketMultipartUploads";
        list_access(view, call, &input.bucket, action, keys, ("s3:max-keys", input.max_uploads))
    }

    fn run(
        input: ListMultipartUploads,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListMultipartUploadsOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let max = limit(input.max_uploads, "max-uploads")?;
        let prefix = input.prefix.as_deref().unwrap_or_default();
        let (mut uploads, mut folders): (Vec<Upload>, Vec<String>) = (Vec::new(), Vec::new());
        let (mut more, mut last) = (false, None);
        // Uploads under way are few: all of the prefix are looked at.
        for upload in tx.scan::<Upload>(bucket.scope, (bucket.name.as_str(), StartsWith(prefix))).rows()? {
            if let Some(marker) = input.key_marker.as_deref().filter(|marker| !marker.is_empty()) {
                let after = input.upload_id_marker.as_deref().filter(|id| !id.is_empty());
                let same = upload.key == marker && after.is_some_and(|after| upload.id.as_str() > after);
                let inside =
                    rolled_up(&upload.key, prefix, input.delimiter.as_deref()).is_some_and(|it| it <= marker);
                if (upload.key.as_str() <= marker && !same) || inside {
                    continue;
                }
            }
            let folder = rolled_up(&upload.key, prefix, input.delimiter.as_deref()).map(str::to_owned);
            if folder.is_some() && folders.last() == folder.as_ref() {
                continue;
            }
            if uploads.len() + folders.len() >= max {
                more = max > 0;
                break;
            }
            match folder {
                Some(folder) => {
                    last = Some((folder.clone(), String::new()));
                    folders.push(folder);
                }
                None => {
                    last = Some((upload.key.clone(), upload.id.clone()));
                    uploads.push(upload);
                }
            }
        }
        let encoding = input.encoding_type;
        let (next_key, next_upload) = last.filter(|_| more).unzip();
        Ok(ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            key_marker: Some(encoded(input.key_marker.as_deref().unwrap_or_default(), encoding)),
            upload_id_marker: Some(input.upload_id_marker.unwrap_or_default()),
            next_key_marker: next_key.map(|key| encoded(&key, encoding)),
            next_upload_id_marker: next_upload,
            prefix: Some(encoded(prefix, encoding)),
            delimiter: input.delimiter.as_deref().map(|delimiter| encoded(delimiter, encoding)),
            max_uploads: i32::try_from(max).ok(),
            is_truncated: Some(more),
            uploads: (!uploads.is_empty()).then(|| {
                uploads
                    .into_iter()
                    .map(|upload| MultipartUpload {
                        key: Some(encoded(&upload.key, encoding)),
                        initiated: Some(upload.initiated),
                        owner: Some(owner(&upload)),
                        initiator: Some(initiator(&upload)),
                        checksum_algorithm: upload.algorithm.as_deref().and_then(|it| it.parse().ok()),
                        checksum_type: upload.algorithm.as_ref().map(|_| checksum_type(&upload)),
                        storage_class: Some(upload.storage_class),
                        upload_id: Some(upload.id),
                    })
                    .collect()
            }),
            common_prefixes: prefixes(&folders, encoding),
            encoding_type: encoding,
            request_charged: None,
        })
    }
}
