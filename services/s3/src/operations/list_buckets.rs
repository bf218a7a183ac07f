use crate::S3;
use crate::error::invalid_argument;
use crate::state::{Bucket, canonical_id};
use api_s3::{Error, ListBuckets, ListBucketsOutput, Owner};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<ListBuckets> for S3 {
    fn access(_: &ListBuckets, _: &Call, _: &View) -> Access {
        Access::to("s3:ListAllMyBuckets")
    }

    fn run(input: ListBuckets, call: &Call, tx: &mut Tx) -> Result<ListBucketsOutput, Error> {
        let limit = match input.max_buckets {
            None => usize::MAX,
            Some(number @ 1..=10_000) => usize::try_from(number).unwrap_or(1),
            Some(number) => {
                return Err(invalid_argument(
                    "Argument max-buckets must be an integer between 1 and 10000",
                    "max-buckets",
                    number.to_string(),
                ));
            }
        };
        let after = input.continuation_token.as_deref().map(read_token).transpose()?;
        let prefix = input.prefix.as_deref().unwrap_or_default();
        let mut buckets = tx.list_account::<Bucket>(call.account)?;
        buckets.sort_by(|one, other| one.name.cmp(&other.name));
        buckets.retain(|bucket| {
            bucket.name.starts_with(prefix)
                && after.as_ref().is_none_or(|after| bucket.name > *after)
                && input.bucket_region.as_ref().is_none_or(|region| bucket.scope.region.as_str() == region)
        });
        let more = buckets.len() > limit;
        buckets.truncate(limit);
        let token = buckets.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(&last.name));
        // S3 tells the region only to who used one of the newer parameters.
        let modern = input != ListBuckets::default();
        let described = buckets.into_iter().map(|bucket| api_s3::Bucket {
            bucket_arn: modern.then(|| bucket.arn()),
            bucket_region: modern.then(|| bucket.scope.region.to_string()),
            creation_date: Some(bucket.created),
            name: Some(bucket.name),
        });
        Ok(ListBucketsOutput {
            buckets: Some(described.collect()),
            owner: Some(Owner { id: Some(canonical_id(call.account)), display_name: None }),
            continuation_token: token,
            prefix: input.prefix,
        })
    }
}

fn read_token(token: &str) -> Result<String, Error> {
    URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
        invalid_argument("The continuation token provided is incorrect", "continuation-token", token)
    })
}
