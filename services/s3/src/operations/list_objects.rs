use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::error::invalid_argument;
use crate::listing::{self, Page, Question, encoded, limit};
use crate::state::{Bucket, Object as StoredObject, canonical_id};
use api_s3::{
    CommonPrefix, EncodingType, Error, ListObjects, ListObjectsOutput, ListObjectsV2, ListObjectsV2Output,
    Object, Owner,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::{Access, Call, Transact};
use store::{Tx, View};

/// What listing needs.
pub(crate) fn list_access(
    view: &View,
    call: &Call,
    bucket: &str,
    action: &str,
    keys: [(&str, Option<&str>); 2],
    max: (&str, Option<i32>),
) -> Access {
    decided(Target::find(view, call, bucket).and_then(|target| {
        let mut check = target.bucket(action)?;
        for (name, value) in keys {
            key(&mut check, name, value);
        }
        key(&mut check, max.0, max.1.map(|max| max.to_string()).as_deref());
        Ok(Access { checks: vec![check], unconditional: false })
    }))
}

fn described(object: StoredObject, encoding: Option<EncodingType>, owner: bool) -> Object {
    Object {
        e_tag: Some(object.quoted_etag()),
        checksum_algorithm: object
            .checksum
            .as_ref()
            .and_then(|it| it.algorithm.parse().ok())
            .map(|it| vec![it]),
        checksum_type: object.checksum.as_ref().map(super::put_object::checksum_type),
        key: Some(encoded(&object.key, encoding)),
        last_modified: Some(object.modified),
        size: i64::try_from(object.size).ok(),
        storage_class: object.storage_class.parse().ok(),
        owner: owner.then(|| Owner { id: Some(canonical_id(object.owner)), display_name: None }),
        restore_status: None,
    }
}

pub(crate) fn prefixes(prefixes: &[String], encoding: Option<EncodingType>) -> Option<Vec<CommonPrefix>> {
    let listed = prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(encoded(prefix, encoding)) });
    (!prefixes.is_empty()).then(|| listed.collect())
}

fn page(
    tx: &Tx,
    bucket: &Bucket,
    prefix: Option<&str>,
    delimiter: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> Result<Page, Error> {
    let prefix = prefix.unwrap_or_default();
    let after = after.filter(|after| !after.is_empty());
    let question = Question { scope: bucket.scope, bucket: &bucket.name, prefix, delimiter, after, limit };
    Ok(listing::objects(tx, &question)?)
}

impl Transact<ListObjectsV2> for S3 {
    fn access(input: &ListObjectsV2, call: &Call, view: &View) -> Access {
        let keys = [("s3:prefix", input.prefix.as_deref()), ("s3:delimiter", input.delimiter.as_deref())];
        list_access(view, call, &input.bucket, "s3:ListBucket", keys, ("s3:max-keys", input.max_keys))
    }

    fn run(input: ListObjectsV2, call: &Call, tx: &mut Tx) -> Result<ListObjectsV2Output, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let max = limit(input.max_keys, "maxKeys")?;
        let token = input.continuation_token.as_deref().map(read_token).transpose()?;
        let after = token.as_deref().or(input.start_after.as_deref());
        let page = page(tx, &bucket, input.prefix.as_deref(), input.delimiter.as_deref(), after, max)?;
        let encoding = input.encoding_type;
        let owner = input.fetch_owner == Some(true);
        let next = page.last.as_deref().filter(|_| page.more).map(|last| URL_SAFE_NO_PAD.encode(last));
        Ok(ListObjectsV2Output {
            is_truncated: Some(page.more),
            key_count: i32::try_from(page.objects.len() + page.prefixes.len()).ok(),
            common_prefixes: prefixes(&page.prefixes, encoding),
            contents: (!page.objects.is_empty())
                .then(|| page.objects.into_iter().map(|object| described(object, encoding, owner)).collect()),
            name: Some(input.bucket),
            prefix: Some(encoded(input.prefix.as_deref().unwrap_or_default(), encoding)),
            delimiter: input.delimiter.as_deref().map(|delimiter| encoded(delimiter, encoding)),
            max_keys: i32::try_from(max).ok(),
            encoding_type: encoding,
            continuation_token: input.continuation_token,
            next_continuation_token: next,
            start_after: input.start_after.as_deref().map(|after| encoded(after, encoding)),
            request_charged: None,
        })
    }
}

fn read_token(token: &str) -> Result<String, Error> {
    URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
        invalid_argument("The continuation token provided is incorrect", "continuation-token", token)
    })
}

impl Transact<ListObjects> for S3 {
    fn access(input: &ListObjects, call: &Call, view: &View) -> Access {
        let keys = [("s3:prefix", input.prefix.as_deref()), ("s3:delimiter", input.delimiter.as_deref())];
        list_access(view, call, &input.bucket, "s3:ListBucket", keys, ("s3:max-keys", input.max_keys))
    }

    fn run(input: ListObjects, call: &Call, tx: &mut Tx) -> Result<ListObjectsOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let max = limit(input.max_keys, "max-keys")?;
        let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
        let page = page(tx, &bucket, prefix, delimiter, input.marker.as_deref(), max)?;
        let encoding = input.encoding_type;
        // The old listing names the next marker only where there is a delimiter; without, it is the last key.
        let next = page.last.as_deref().filter(|_| page.more && delimiter.is_some_and(|it| !it.is_empty()));
        Ok(ListObjectsOutput {
            is_truncated: Some(page.more),
            marker: Some(encoded(input.marker.as_deref().unwrap_or_default(), encoding)),
            next_marker: next.map(|next| encoded(next, encoding)),
            common_prefixes: prefixes(&page.prefixes, encoding),
            contents: (!page.objects.is_empty())
                .then(|| page.objects.into_iter().map(|object| described(object, encoding, true)).collect()),
            name: Some(input.bucket),
            prefix: Some(encoded(prefix.unwrap_or_default(), encoding)),
            delimiter: delimiter.map(|delimiter| encoded(delimiter, encoding)),
            max_keys: i32::try_from(max).ok(),
            encoding_type: encoding,
            request_charged: None,
        })
    }
}
