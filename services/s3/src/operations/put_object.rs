use crate::S3;
use crate::access::{self, Target, Undecidable, decided, key};
use crate::acls::{self, Requested};
use crate::body::receive;
use crate::checksums::{self, Algorithm, Promise};
use crate::conditions::check_write;
use crate::error::header_not_implemented;
use crate::grammar::check_key;
use crate::new_object::{check_headers, check_metadata, refuse_lock, storage_class, system_headers};
use crate::notifications::{Event, tell};
use crate::state::{Acl, Bucket, Content, Object, StoredChecksum};
use crate::{encryption, tags, versions};
use api_s3::{ChecksumType, Error, PutObject, PutObjectOutput, ServerSideEncryption, Tag};
use contract::{Access, Call, Check, Context, Orchestrate};
use store::View;

/// The condition keys that requests which make objects have in common.
pub(crate) struct Keys<'a> {
    pub(crate) acl: Requested<'a>,
    pub(crate) encryption: &'a encryption::Headers<'a>,
    pub(crate) storage_class: Option<&'a str>,
    pub(crate) redirect: Option<&'a str>,
    pub(crate) tags: &'a [Tag],
    pub(crate) if_match: Option<&'a str>,
    pub(crate) if_none_match: Option<&'a str>,
}

impl Keys<'_> {
    pub(crate) fn add(&self, check: &mut Check) {
        self.acl.keys(check);
        let algorithm = self.encryption.algorithm.map(ServerSideEncryption::as_str);
        key(check, "s3:x-amz-server-side-encryption", algorithm);
        key(check, "s3:x-amz-server-side-encryption-aws-kms-key-id", self.encryption.kms_key);
        let customer = self.encryption.customer.algorithm;
        key(check, "s3:x-amz-server-side-encryption-customer-algorithm", customer);
        key(check, "s3:x-amz-storage-class", Some(self.storage_class.unwrap_or("STANDARD")));
        key(check, "s3:x-amz-website-redirect-location", self.redirect);
        key(check, "s3:if-match", self.if_match);
        key(check, "s3:if-none-match", self.if_none_match);
        for tag in self.tags {
            key(check, &format!("s3:RequestObjectTag/{}", tag.key), Some(&tag.value));
        }
        if !self.tags.is_empty() {
            let names = self.tags.iter().map(|tag| tag.key.clone()).collect();
            check.context.push(("s3:RequestObjectTagKeys".into(), names));
        }
    }

    /// What making an object needs.
    pub(crate) fn access(&self, target: &Target<'_>, object: &str) -> Result<Access, Undecidable> {
        let mut actions = vec!["s3:PutObject"];
        if !self.acl.is_empty() && !self.acl.gives_to_owner_only() {
            actions.push("s3:PutObjectAcl");
        }
        if !self.tags.is_empty() {
            actions.push("s3:PutObjectTagging");
        }
        let mut access = Access::default();
        for action in actions {
            let mut check = target.new_object(action, object)?;
            self.add(&mut check);
            access = access.and(check);
        }
        if self.if_match.is_some() {
            // A write that compares tells what is there.
            access = access.and(target.new_object("s3:GetObject", object)?);
        }
        Ok(access)
    }
}

#[async_trait::async_trait]
impl Orchestrate<PutObject> for S3 {
    fn access(&self, input: &PutObject, call: &Call, view: &View) -> Access {
        let tags = input.tagging.as_deref().map(tags::pairs).and_then(Result::ok).unwrap_or_default();
        let keys = Keys {
            acl: acls::of_object!(input),
            encryption: &encryption::headers!(input),
            storage_class: input.storage_class.as_deref(),
            redirect: input.website_redirect_location.as_deref(),
            tags: &tags,
            if_match: input.if_match.as_deref(),
            if_none_match: input.if_none_match.as_deref(),
        };
        decided(Target::find(view, call, &input.bucket).and_then(|target| keys.access(&target, &input.key)))
    }

    async fn run(
        &self,
        mut input: PutObject,
        call: &Call,
        context: &Context,
    ) -> Result<PutObjectOutput, Error> {
        check_key(&input.key)?;
        refuse_lock!(input);
        if input.write_offset_bytes.is_some() {
            return Err(header_not_implemented("x-amz-write-offset-bytes"));
        }
        let headers = system_headers!(input);
        check_headers(&headers)?;
        let metadata = input.metadata.take().unwrap_or_default();
        check_metadata(&metadata)?;
        let class = storage_class(input.storage_class.as_deref())?;
        let tags = match &input.tagging {
            Some(header) => tags::of_object(tags::pairs(header)?)?,
            None => names::Tags::new(),
        };
        let given = checksums::given!(input);
        let promise = Promise::of(
            &given,
            input.checksum_algorithm,
            Algorithm::Crc64Nvme,
            input.content_md5.as_deref(),
        )?;
        let of_form = call.operation.1 == "PostObject";
        // Before a body of gigabytes is taken, as far as that can be known.
        let (bucket, ..) = before(&input, call, &context.store.view())?;
        let wanted = encryption::headers!(input).wanted(&bucket)?;
        let (sealing, key) = encryption::begin(&wanted, &bucket, &input.key, call, context).await?;
        let arrived =
            receive(&context.blobs, input.body.take(), &promise, true, key.as_ref(), of_form).await?;
        let stored = checksums::stored(promise.algorithm, arrived.checksum);
        let (content, inline) = match arrived.body {
            blobs::Body::Inline(bytes) => (Content::Inline, Some(bytes)),
            blobs::Body::Blob(id) => (Content::Blob(id), None),
        };
        let (bucket, object) = context
            .transact(call, |call, tx| -> Result<_, Error> {
                let (bucket, owner, acl) = before(&input, call, tx)?;
                let object = Object {
                    scope: bucket.scope,
                    bucket: bucket.name.clone(),
                    key: input.key.clone(),
                    version: String::new(),
                    generation: 0,
                    modified: versions::whole_seconds(call.now),
                    size: arrived.size,
                    etag: arrived.etag.clone(),
                    content: content.clone(),
                    storage_class: class.clone(),
                    checksum: Some(stored.clone()),
                    headers: headers.clone(),
                    metadata: metadata.clone(),
                    tags: tags.clone(),
                    owner,
                    acl,
                    sealing: sealing.clone(),
                };
                let object = versions::put(tx, call, &bucket, object, inline.clone())?;
                let event = if of_form { Event::Post } else { Event::Put };
                tell(tx, call, &bucket, event, &object)?;
                Ok((bucket, object))
            })
            .await?;
        let mut output = PutObjectOutput {
            e_tag: Some(object.quoted_etag()),
            checksum_type: Some(ChecksumType::FullObject),
            ssekms_encryption_context: input.ssekms_encryption_context.clone(),
            version_id: versions::told(&bucket, &object),
            ..Default::default()
        };
        encryption::tell!(output, &object.sealing, encryption::customer!(input));
        checksums::tell!(output, &object.checksum);
        Ok(output)
    }
}

/// What must hold of the bucket and of what is there before.
fn before(
    input: &PutObject,
    call: &Call,
    view: &View,
) -> Result<(Bucket, names::AccountId, Option<Acl>), Error> {
    let bucket = access::bucket(view, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
    let resource = format!("{}/{}", bucket.arn(), input.key);
    let (owner, acl) = acls::of_object!(input).of_new_object(&bucket, call, "s3:PutObject", &resource)?;
    if input.if_match.is_some() || input.if_none_match.is_some() {
        let current = view.get::<Object>(bucket.scope, (bucket.name.as_str(), input.key.as_str()))?;
        check_write(current.as_ref(), &input.key, input.if_match.as_deref(), input.if_none_match.as_deref())?;
    }
    Ok((bucket, owner, acl))
}

/// The type of a stored checksum, as answers name it.
pub(crate) fn checksum_type(checksum: &StoredChecksum) -> ChecksumType {
    if checksum.composite { ChecksumType::Composite } else { ChecksumType::FullObject }
}
