use super::get_object::{found, read_access};
use super::put_object::checksum_type;
use crate::S3;
use crate::access;
use crate::checksums;
use crate::encryption;
use crate::error::invalid_argument;
use crate::state::{Content, Object, Piece, StoredChecksum, Versioning};
use api_s3::{
    Checksum, Error, GetObjectAttributes, GetObjectAttributesOutput, GetObjectAttributesParts,
    ObjectAttributes, ObjectPart,
};
use contract::{Access, Call, Context, Orchestrate};
use store::View;

const ACTIONS: &[(&str, &str)] =
    &[("s3:GetObject", "s3:GetObjectVersion"), ("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes")];

#[async_trait::async_trait]
impl Orchestrate<GetObjectAttributes> for S3 {
    fn access(&self, input: &GetObjectAttributes, call: &Call, view: &View) -> Access {
        read_access(view, call, &input.bucket, &input.key, input.version_id.as_deref(), ACTIONS)
    }

    async fn run(
        &self,
        input: GetObjectAttributes,
        call: &Call,
        context: &Context,
    ) -> Result<GetObjectAttributesOutput, Error> {
        let (bucket, object) = {
            let view = context.store.view();
            let bucket = access::bucket(&view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
            let object = found(&view, &bucket, &input.key, input.version_id.as_deref(), "GET")?;
            (bucket, object)
        };
        let asked = |attribute| input.object_attributes.contains(&attribute);
        let customer = encryption::customer!(input);
        if asked(ObjectAttributes::Checksum) || asked(ObjectAttributes::ObjectParts) {
            // Checksums tell of the plaintext.
            encryption::key_of(&object.sealing, customer, &bucket, call, context).await?;
        } else {
            encryption::check_customer(&object.sealing, customer)?;
        }
        let checksum = object.checksum.as_ref().filter(|_| asked(ObjectAttributes::Checksum)).map(|stored| {
            let mut checksum = Checksum { checksum_type: Some(checksum_type(stored)), ..Default::default() };
            checksums::tell!(checksum, Some(stored));
            checksum
        });
        let parts = match &object.content {
            Content::Pieces(pieces) if asked(ObjectAttributes::ObjectParts) => {
                Some(parts(&object, pieces, input.max_parts, input.part_number_marker)?)
            }
            _ => None,
        };
        Ok(GetObjectAttributesOutput {
            last_modified: Some(object.modified),
            version_id: (bucket.versioning != Versioning::Off).then(|| object.version.clone()),
            checksum,
            object_parts: parts,
            object_size: asked(ObjectAttributes::ObjectSize)
                .then(|| i64::try_from(object.size).unwrap_or(i64::MAX)),
            storage_class: if asked(ObjectAttributes::StorageClass) {
                Some(object.storage_class)
            } else {
                None
            },
            // Without the quotes that every other answer has.
            e_tag: asked(ObjectAttributes::ETag).then_some(object.etag),
            ..Default::default()
        })
    }
}

/// The parts of an object: their number, and each with its checksum where the uploader chose one.
fn parts(
    object: &Object,
    pieces: &[Piece],
    max: Option<i32>,
    marker: Option<i32>,
) -> Result<GetObjectAttributesParts, Error> {
    let limit = match max {
        None => 1000,
        Some(max) => usize::try_from(max).map(|max| max.min(1000)).map_err(|_| {
            let message = "Argument max-parts must be an integer between 0 and 2147483647";
            invalid_argument(message, "max-parts", max.to_string())
        })?,
    };
    let marker = marker.unwrap_or_default();
    let algorithm = object.checksum.as_ref().map(|checksum| checksum.algorithm.clone()).unwrap_or_default();
    let told: Vec<&Piece> = pieces.iter().filter(|piece| i32::from(piece.number) > marker).collect();
    let page: Vec<&Piece> = told.iter().take(limit).copied().collect();
    let with_checksums = pieces.iter().all(|piece| piece.checksum.is_some());
    Ok(GetObjectAttributesParts {
        total_parts_count: i32::try_from(pieces.len()).ok(),
        part_number_marker: with_checksums.then_some(marker),
        next_part_number_marker: page.last().filter(|_| with_checksums).map(|last| i32::from(last.number)),
        max_parts: if with_checksums { i32::try_from(limit).ok() } else { None },
        is_truncated: with_checksums.then_some(told.len() > page.len()),
        parts: with_checksums.then(|| {
            page.into_iter()
                .map(|piece| {
                    let mut part = ObjectPart {
                        part_number: Some(i32::from(piece.number)),
                        size: i64::try_from(object.sealing.plain_length(&piece.body)).ok(),
                        ..Default::default()
                    };
                    let checksum = piece.checksum.clone().map(|value| StoredChecksum {
                        algorithm: algorithm.clone(),
                        value,
                        composite: false,
                    });
                    checksums::tell!(part, &checksum);
                    part
                })
                .collect()
        }),
    })
}
