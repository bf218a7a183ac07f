//! The parts of a multipart upload: uploaded and listed.

use super::multipart_upload::{checksum_type, initiator, owner, upload};
use crate::S3;
use crate::access::{self, Target, decided};
use crate::body::receive;
use crate::checksums::{self, Algorithm, Promise};
use crate::encryption::{Customer, check_customer, customer, key_of, tell};
use crate::error::{BodyFault, invalid_argument, invalid_request};
use crate::state::{Part, Sealing, Upload};
use crate::versions;
use api_s3::{Error, ListParts, ListPartsOutput, Part as ListedPart, UploadPart, UploadPartOutput};
use contract::{Access, Call, Context, Orchestrate, Transact};
use store::{Tx, View};

/// The algorithm of the parts' checksums: the upload's, or the one that is computed where none was chosen.
pub(crate) fn algorithm(upload: &Upload) -> Algorithm {
    upload.algorithm.as_deref().and_then(checksums::named).unwrap_or(Algorithm::Crc64Nvme)
}

pub(crate) fn part_number(number: i32) -> Result<u16, Error> {
    u16::try_from(number).ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        invalid_argument(message, "partNumber", number.to_string())
    })
}

/// Whether a part comes with the key that its upload began with.
pub(crate) fn part_key(sealing: &Sealing, customer: Customer<'_>) -> Result<(), Error> {
    match (sealing, customer.key()?) {
        (Sealing::Customer(_), None) => Err(invalid_request(
            "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption \
             parameters.",
        )),
        (Sealing::Customer(_), Some(_)) => check_customer(sealing, customer).map(|_| ()).map_err(|_| {
            invalid_request("The provided encryption parameters did not match the ones used originally.")
        }),
        (_, Some(_)) => Err(invalid_request(
            "The multipart upload initiate did not request encryption. Please resend the request without sending encryption \
             parameters.",
        )),
        (_, None) => Ok(()),
    }
}

#[async_trait::async_trait]
impl Orchestrate<UploadPart> for S3 {
    fn access(&self, input: &UploadPart, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let check = target.new_object("s3:PutObject", &input.key)?;
            Ok(Access { checks: vec![check], unconditional: false })
        }))
    }

    async fn run(
        &self,
        mut input: UploadPart,
        call: &Call,
        context: &Context,
    ) -> Result<UploadPartOutput, Error> {
        let number = part_number(input.part_number)?;
        let found = |view: &View| {
            let bucket = access::bucket(view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
            let upload = upload(view, &bucket, &input.key, &input.upload_id)?;
            Ok::<_, Error>((bucket, upload))
        };
        let (bucket, upload) = found(&context.store.view())?;
        let (expected, told) = (algorithm(&upload), upload.algorithm.is_some());
        let given = checksums::given!(input);
        let promise = Promise::of(&given, input.checksum_algorithm, expected, input.content_md5.as_deref())?;
        // Where none was chosen, a part may come with any.
        if told && promise.algorithm != expected {
            return Err(invalid_request(format!(
                "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
                expected.name().to_lowercase(),
                promise.algorithm.name().to_lowercase()
            )));
        }
        part_key(&upload.sealing, customer!(input))?;
        let key = key_of(&upload.sealing, customer!(input), &bucket, call, context).await?;
        let sealing = upload.sealing;
        let body = input.body.clone();
        input.body = None;
        let arrived = receive(&context.blobs, body, &promise, false, key.as_ref(), false).await?;
        let blobs::Body::Blob(body) = arrived.body else {
            return Err(BodyFault(blobs::BlobError::Broken).into());
        };
        let checksum = checksums::stored(promise.algorithm, arrived.checksum);
        context
            .transact(call, |call, tx| -> Result<(), Error> {
                let (_, upload) = found(tx)?;
                tx.put(Part {
                    scope: upload.scope,
                    bucket: upload.bucket,
                    upload: upload.id,
                    number,
                    modified: versions::whole_seconds(call.now),
                    body,
                    etag: arrived.etag.clone(),
                    checksum: checksum.clone(),
                })?;
                Ok(())
            })
            .await?;
        let mut output =
            UploadPartOutput { e_tag: Some(format!("\"{}\"", arrived.etag)), ..Default::default() };
        tell!(output, &sealing, customer!(input));
        checksums::tell!(output, Some(&checksum));
        Ok(output)
    }
}

impl Transact<ListParts> for S3 {
    fn access(input: &ListParts, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let check = target.new_object("s3:ListMultipartUploadParts", &input.key)?;
            Ok(Access { checks: vec![check], unconditional: false })
        }))
    }

    fn run(input: ListParts, call: &Call, tx: &mut Tx) -> Result<ListPartsOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let upload = upload(tx, &bucket, &input.key, &input.upload_id)?;
        if customer!(input).key()?.is_some() {
            part_key(&upload.sealing, customer!(input))?;
        }
        let max = crate::listing::limit(input.max_parts, "max-parts")?;
        let marker = input.part_number_marker.unwrap_or_default();
        let scan = tx.scan::<Part>(bucket.scope, (bucket.name.as_str(), upload.id.as_str()));
        let after = u16::try_from(marker.clamp(0, 10_000)).unwrap_or_default();
        let page = scan.after((bucket.name.as_str(), upload.id.as_str(), after)).limit(max).page()?;
        let chosen = upload.algorithm.is_some();
        let listed = page.rows.iter().map(|part| {
            let mut listed = ListedPart {
                part_number: Some(i32::from(part.number)),
                last_modified: Some(part.modified),
                e_tag: Some(format!("\"{}\"", part.etag)),
                size: i64::try_from(upload.sealing.plain_length(&part.body)).ok(),
                ..Default::default()
            };
            checksums::tell!(listed, chosen.then_some(&part.checksum));
            listed
        });
        Ok(ListPartsOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            part_number_marker: Some(marker),
            next_part_number_marker: Some(page.rows.last().map_or(0, |last| i32::from(last.number))),
            max_parts: i32::try_from(max).ok(),
            is_truncated: Some(page.more),
            parts: (!page.rows.is_empty()).then(|| listed.collect()),
            initiator: Some(initiator(&upload)),
            owner: Some(owner(&upload)),
            checksum_algorithm: upload.algorithm.as_deref().and_then(|it| it.parse().ok()),
            checksum_type: upload.algorithm.as_ref().map(|_| checksum_type(&upload)),
            storage_class: Some(upload.storage_class),
            upload_id: Some(upload.id),
            ..Default::default()
        })
    }
}
