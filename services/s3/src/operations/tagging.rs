use crate::error::error;
use crate::tags;
use api_s3::{DeleteBucketTaggingOutput, GetBucketTaggingOutput, PutBucketTaggingOutput};

on_bucket! {
    PutBucketTagging => PutBucketTaggingOutput, "s3:PutBucketTagging",
    |input, bucket, call, tx| {
        bucket.tags = tags::of_bucket(input.tagging.tag_set, call)?.into_iter().chain(tags::kept(&bucket.tags, call)).collect();
        tx.put(bucket)?;
        Ok(PutBucketTaggingOutput {})
    }
}

on_bucket! {
    GetBucketTagging => GetBucketTaggingOutput, "s3:GetBucketTagging",
    |input, bucket, call, tx| {
        if bucket.tags.is_empty() {
            return Err(error(404, "NoSuchTagSet", "The TagSet does not exist", [("BucketName", bucket.name)]));
        }
        Ok(GetBucketTaggingOutput { tag_set: tags::listed(bucket.tags) })
    }
}

on_bucket! {
    DeleteBucketTagging => DeleteBucketTaggingOutput, "s3:PutBucketTagging",
    |input, bucket, call, tx| {
        bucket.tags = tags::kept(&bucket.tags, call).collect();
        tx.put(bucket)?;
        Ok(DeleteBucketTaggingOutput {})
    }
}
