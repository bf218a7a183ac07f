//! The end of a multipart upload: its parts become an object, without being copied.

use super::multipart_upload::{checksum_type, end, upload};
use super::upload_part::algorithm;
use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::checksums::{self, Algorithm, Checksum};
use crate::conditions::check_write;
use crate::encryption;
use crate::error::{error, invalid_request, malformed_xml};
use crate::notifications::{Event, tell};
use crate::state::{Content, Object, Part, Piece, StoredChecksum, Upload};
use crate::versions;
use api_s3::{CompleteMultipartUpload, CompleteMultipartUploadOutput, CompletedPart, Error};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{Access, Call, Transact};
use md5::{Digest, Md5};
use std::collections::BTreeMap;
use store::{Tx, View};

/// All parts but the last have at least so many bytes.
const SMALLEST_PART: u64 = 5 << 20;

impl Transact<CompleteMultipartUpload> for S3 {
    fn access(input: &CompleteMultipartUpload, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let mut check = target.new_object("s3:PutObject", &input.key)?;
            key(&mut check, "s3:if-match", input.if_match.as_deref());
            key(&mut check, "s3:if-none-match", input.if_none_match.as_deref());
            let mut access = Access { checks: vec![check], unconditional: false };
            if input.if_match.is_some() {
                access = access.and(target.new_object("s3:GetObject", &input.key)?);
            }
            Ok(access)
        }))
    }

    fn run(
        input: CompleteMultipartUpload,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<CompleteMultipartUploadOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let upload = upload(tx, &bucket, &input.key, &input.upload_id)?;
        if encryption::customer!(input).key()?.is_some() {
            super::upload_part::part_key(&upload.sealing, encryption::customer!(input))?;
        }
        let current: Option<Object> = tx.get(bucket.scope, (bucket.name.as_str(), input.key.as_str()))?;
        let (if_match, if_none_match) = (input.if_match.as_deref(), input.if_none_match.as_deref());
        check_write(current.as_ref(), &input.key, if_match, if_none_match)?;
        let wanted = input.multipart_upload.as_ref().and_then(|it| it.parts.as_deref()).unwrap_or_default();
        let parts = parts(tx, &upload, wanted)?;
        let size =
            parts.iter().map(|part| upload.sealing.plain_length(&part.body)).fold(0, u64::saturating_add);
        if let Some(told) = input.mpu_object_size.filter(|told| u64::try_from(*told) != Ok(size)) {
            return Err(invalid_request(format!(
                "The provided 'x-amz-mp-object-size' header value {told} does not match what was computed: {size}"
            )));
        }
        if let Some(told) = input.checksum_type.filter(|told| *told != checksum_type(&upload)) {
            return Err(invalid_request(format!(
                "The upload was created using the {} checksum mode. The complete request must use the same checksum mode, not \
                 {told}.",
                checksum_type(&upload)
            )));
        }
        let checksum = checksum(&upload, &parts)?;
        verify(&input, checksum.as_ref())?;
        let object = Object {
            scope: bucket.scope,
            bucket: bucket.name.clone(),
            key: upload.key.clone(),
            version: String::new(),
            generation: 0,
            modified: versions::whole_seconds(call.now),
            size,
            etag: etag(&parts),
            content: Content::Pieces(
                (1..)
                    .zip(&parts)
                    .map(|(number, part)| Piece { number, body: part.body, checksum: told(&upload, part) })
                    .collect(),
            ),
            storage_class: upload.storage_class.clone(),
            checksum,
            headers: upload.headers.clone(),
            metadata: upload.metadata.clone(),
            tags: upload.tags.clone(),
            owner: upload.owner,
            acl: upload.acl.clone(),
            sealing: upload.sealing.clone(),
        };
        end(tx, &upload)?;
        let object = versions::put(tx, call, &bucket, object, None)?;
        tell(tx, call, &bucket, Event::CompleteMultipartUpload, &object)?;
        let mut output = CompleteMultipartUploadOutput {
            location: Some(format!(
                "{}/{}/{}",
                call.client.endpoint,
                bucket.name,
                crate::grammar::url(&object.key)
            )),
            bucket: Some(bucket.name.clone()),
            key: Some(object.key.clone()),
            e_tag: Some(object.quoted_etag()),
            checksum_type: object.checksum.as_ref().map(super::put_object::checksum_type),
            version_id: versions::told(&bucket, &object),
            ..Default::default()
        };
        encryption::tell!(output, &object.sealing);
        checksums::tell!(output, &object.checksum);
        Ok(output)
    }
}

/// A part's checksum is told of the object only where the uploader chose an algorithm.
fn told(upload: &Upload, part: &Part) -> Option<String> {
    upload.algorithm.as_ref().map(|_| part.checksum.value.clone())
}

/// The parts that the request lists, in its order.
fn parts(tx: &Tx, upload: &Upload, wanted: &[CompletedPart]) -> Result<Vec<Part>, Error> {
    if wanted.is_empty() || wanted.len() > 10_000 {
        return Err(malformed_xml());
    }
    let scan = tx.scan::<Part>(upload.scope, (upload.bucket.as_str(), upload.id.as_str()));
    let mut uploaded: BTreeMap<u16, Part> =
        scan.rows()?.into_iter().map(|part| (part.number, part)).collect();
    let mut parts = Vec::with_capacity(wanted.len());
    let mut before = 0;
    for asked in wanted {
        let (Some(number), Some(etag)) = (asked.part_number, asked.e_tag.as_deref()) else {
            return Err(malformed_xml());
        };
        if number <= before {
            return Err(error(
                400,
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.",
                [("UploadId", upload.id.clone())],
            ));
        }
        before = number;
        let given = checksums::given!(asked).one(false)?;
        let part = u16::try_from(number).ok().and_then(|number| uploaded.remove(&number));
        let part = part.filter(|part| part.etag == etag.trim_matches('"')).filter(|part| {
            given.as_ref().is_none_or(|(algorithm, value)| {
                part.checksum.algorithm == algorithm.name() && part.checksum.value == *value
            })
        });
        let Some(part) = part else {
            return Err(error(
                400,
                "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified \
                 entity tag may not match the part's entity tag.",
                [
                    ("UploadId", upload.id.clone()),
                    ("PartNumber", number.to_string()),
                    ("ETag", etag.trim_matches('"').to_owned()),
                ],
            ));
        };
        parts.push(part);
    }
    let length = |part: &Part| upload.sealing.plain_length(&part.body);
    let all_but_last = parts.split_last().map(|(_, before)| before).unwrap_or_default();
    if let Some(small) = all_but_last.iter().find(|part| length(part) < SMALLEST_PART) {
        return Err(error(
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            [
                ("ProposedSize", length(small).to_string()),
                ("MinSizeAllowed", SMALLEST_PART.to_string()),
                ("PartNumber", small.number.to_string()),
                ("ETag", small.etag.clone()),
            ],
        ));
    }
    Ok(parts)
}

/// The MD5 of the parts' MD5s, and how many they are.
fn etag(parts: &[Part]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(hex::decode(&part.etag).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(md5.finalize()), parts.len())
}

/// The object's checksum, from its parts'; None where they came with other algorithms than the object's.
fn checksum(upload: &Upload, parts: &[Part]) -> Result<Option<StoredChecksum>, Error> {
    let algorithm = algorithm(upload);
    let values: Option<Vec<(Vec<u8>, u64)>> = parts
        .iter()
        .filter(|part| part.checksum.algorithm == algorithm.name())
        .map(|part| {
            Some((STANDARD.decode(&part.checksum.value).ok()?, upload.sealing.plain_length(&part.body)))
        })
        .collect();
    let Some(values) = values.filter(|values| values.len() == parts.len()) else { return Ok(None) };
    if upload.composite {
        let mut checksum = Checksum::new(algorithm);
        values.iter().for_each(|(value, _)| checksum.update(value));
        let value = format!("{}-{}", checksum.finish_base64(), parts.len());
        return Ok(Some(StoredChecksum { algorithm: algorithm.name().to_owned(), value, composite: true }));
    }
    let polynomial = match algorithm {
        Algorithm::Crc32 => crc_fast::CrcAlgorithm::Crc32IsoHdlc,
        Algorithm::Crc32c => crc_fast::CrcAlgorithm::Crc32Iscsi,
        Algorithm::Crc64Nvme => crc_fast::CrcAlgorithm::Crc64Nvme,
        // Not chosen for a whole object: its parts do not add up.
        Algorithm::Sha1 | Algorithm::Sha256 => return Ok(None),
    };
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let whole = values.iter().map(|(value, length)| (number(value), *length)).reduce(
        |(before, length), (next, more)| {
            (crc_fast::checksum_combine(polynomial, before, next, more), length.saturating_add(more))
        },
    );
    let bytes = whole.map(|(value, _)| value.to_be_bytes()).unwrap_or_default();
    let value = STANDARD.encode(bytes.get(8 - algorithm.length()..).unwrap_or_default());
    Ok(Some(checksums::stored(algorithm, value)))
}

/// Whether the checksum that the request gives is the object's.
fn verify(input: &CompleteMultipartUpload, computed: Option<&StoredChecksum>) -> Result<(), Error> {
    let Some((algorithm, value)) = checksums::given!(input).one(true)? else { return Ok(()) };
    let digits = |text: &str| text.split('-').next().unwrap_or_default().to_owned();
    match computed {
        Some(computed)
            if computed.algorithm == algorithm.name() && digits(&computed.value) == digits(&value) =>
        {
            Ok(())
        }
        _ => Err(checksums::mismatch(algorithm)),
    }
}
