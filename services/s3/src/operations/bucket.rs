//! The bucket itself.

use crate::S3;
use crate::access::{self, on_bucket};
use crate::error::error;
use crate::state::{Bucket, Noncurrent, Object, Part, Upload, Versioning};
use api_s3::{
    DeleteBucket, DeleteBucketOutput, Error, GetBucketLocation, GetBucketLocationOutput, HeadBucket,
    HeadBucketOutput,
};
use contract::{Access, Call, Transact};
use names::Region;
use store::{Row, Tx, View};

impl Transact<DeleteBucket> for S3 {
    fn access(input: &DeleteBucket, call: &Call, view: &View) -> Access {
        on_bucket(view, call, &input.bucket, "s3:DeleteBucket")
    }

    fn run(input: DeleteBucket, call: &Call, tx: &mut Tx) -> Result<DeleteBucketOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let name = bucket.name.as_str();
        let full = tx.scan::<Object>(bucket.scope, (name,)).first()?.is_some()
            || tx.scan::<Noncurrent>(bucket.scope, (name,)).first()?.is_some();
        if full {
            let mut message = "The bucket you tried to delete is not empty".to_owned();
            if bucket.versioning != Versioning::Off {
                message.push_str(". You must delete all versions in the bucket.");
            }
            return Err(error(409, "BucketNotEmpty", message, [("BucketName", bucket.name.clone())]));
        }
        // Uploads under way do not keep a bucket: they end with it.
        for upload in tx.scan::<Upload>(bucket.scope, (name,)).rows()? {
            tx.remove::<Upload>(bucket.scope, upload.key())?;
        }
        for part in tx.scan::<Part>(bucket.scope, (name,)).rows()? {
            tx.remove::<Part>(bucket.scope, part.key())?;
        }
        tx.remove::<Bucket>(bucket.scope, name)?;
        Ok(DeleteBucketOutput {})
    }
}

impl Transact<HeadBucket> for S3 {
    fn access(input: &HeadBucket, call: &Call, view: &View) -> Access {
        on_bucket(view, call, &input.bucket, "s3:ListBucket")
    }

    fn run(input: HeadBucket, call: &Call, tx: &mut Tx) -> Result<HeadBucketOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        Ok(HeadBucketOutput {
            bucket_arn: Some(bucket.arn()),
            bucket_region: Some(bucket.scope.region.to_string()),
            access_point_alias: Some(false),
            ..Default::default()
        })
    }
}

impl Transact<GetBucketLocation> for S3 {
    fn access(input: &GetBucketLocation, call: &Call, view: &View) -> Access {
        on_bucket(view, call, &input.bucket, "s3:GetBucketLocation")
    }

    fn run(input: GetBucketLocation, call: &Call, tx: &mut Tx) -> Result<GetBucketLocationOutput, Error> {
        // Any endpoint answers this one: it is how clients find the right one.
        let anywhere = Bucket::named(tx, &input.bucket)?.map_or(call.region, |bucket| bucket.scope.region);
        let mut call = call.again();
        call.region = anywhere;
        let bucket = access::bucket(tx, &call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let region = bucket.scope.region;
        Ok(GetBucketLocationOutput {
            location_constraint: (region != Region::US_EAST_1).then(|| region.to_string()),
        })
    }
}
