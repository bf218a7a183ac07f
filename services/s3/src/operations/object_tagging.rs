use super::get_object::{found, read_access};
use super::object_acl::rewrite;
use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::notifications::{Event, tell};
use crate::{tags, versions};
use api_s3::{
    DeleteObjectTagging, DeleteObjectTaggingOutput, Error, GetObjectTagging, GetObjectTaggingOutput,
    PutObjectTagging, PutObjectTaggingOutput,
};
use contract::{Access, Call, Transact};
use names::Tags;
use store::{Tx, View};

impl Transact<GetObjectTagging> for S3 {
    fn access(input: &GetObjectTagging, call: &Call, view: &View) -> Access {
        let actions = &[("s3:GetObjectTagging", "s3:GetObjectVersionTagging")];
        read_access(view, call, &input.bucket, &input.key, input.version_id.as_deref(), actions)
    }

    fn run(input: GetObjectTagging, call: &Call, tx: &mut Tx) -> Result<GetObjectTaggingOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let object = found(tx, &bucket, &input.key, input.version_id.as_deref(), "GET")?;
        let version_id = versions::told(&bucket, &object);
        Ok(GetObjectTaggingOutput { version_id, tag_set: tags::listed(object.tags) })
    }
}

impl Transact<PutObjectTagging> for S3 {
    fn access(input: &PutObjectTagging, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let version = input.version_id.as_deref();
            let action = if version.is_some() { "s3:PutObjectVersionTagging" } else { "s3:PutObjectTagging" };
            let object = target.version(view, &input.key, version)?;
            let mut check = target.object(action, &input.key, object.as_ref())?;
            for tag in &input.tagging.tag_set {
                key(&mut check, &format!("s3:RequestObjectTag/{}", tag.key), Some(&tag.value));
            }
            let names = input.tagging.tag_set.iter().map(|tag| tag.key.clone()).collect();
            check.context.push(("s3:RequestObjectTagKeys".into(), names));
            key(&mut check, "s3:VersionId", version);
            target.list_if_missing(Access { checks: vec![check], unconditional: false }, object.as_ref())
        }))
    }

    fn run(input: PutObjectTagging, call: &Call, tx: &mut Tx) -> Result<PutObjectTaggingOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let mut object = found(tx, &bucket, &input.key, input.version_id.as_deref(), "PUT")?;
        object.tags = tags::of_object(input.tagging.tag_set)?;
        let version_id = versions::told(&bucket, &object);
        tell(tx, call, &bucket, Event::TagsPut, &object)?;
        rewrite(tx, &bucket, object)?;
        Ok(PutObjectTaggingOutput { version_id })
    }
}

impl Transact<DeleteObjectTagging> for S3 {
    fn access(input: &DeleteObjectTagging, call: &Call, view: &View) -> Access {
        let actions = &[("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging")];
        read_access(view, call, &input.bucket, &input.key, input.version_id.as_deref(), actions)
    }

    fn run(input: DeleteObjectTagging, call: &Call, tx: &mut Tx) -> Result<DeleteObjectTaggingOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let mut object = found(tx, &bucket, &input.key, input.version_id.as_deref(), "DELETE")?;
        object.tags = Tags::new();
        let version_id = versions::told(&bucket, &object);
        tell(tx, call, &bucket, Event::TagsDeleted, &object)?;
        rewrite(tx, &bucket, object)?;
        Ok(DeleteObjectTaggingOutput { version_id })
    }
}
