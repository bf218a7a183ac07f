use super::get_object::{found, read_access};
use crate::S3;
use crate::access::{self, Target, decided, key};
use crate::acls::{self, Requested};
use crate::notifications::{Event, tell};
use crate::state::{Acl, Bucket, Noncurrent, Object, canonical_id};
use api_s3::{
    Error, GetObjectAcl, GetObjectAclOutput, ObjectCannedACL, Owner, PutObjectAcl, PutObjectAclOutput,
};
use contract::{Access, Call, Transact};
use store::{StoreError, Tx, View};

/// Writes a version back to where it is: among the current ones or not.
pub(crate) fn rewrite(tx: &mut Tx, bucket: &Bucket, object: Object) -> Result<(), StoreError> {
    let current: Option<Object> = tx.get(bucket.scope, (bucket.name.as_str(), object.key.as_str()))?;
    match current {
        Some(current) if current.version == object.version => tx.put(object),
        _ => tx.update(Noncurrent(object)),
    }
}

impl Transact<GetObjectAcl> for S3 {
    fn access(input: &GetObjectAcl, call: &Call, view: &View) -> Access {
        let actions = &[("s3:GetObjectAcl", "s3:GetObjectVersionAcl")];
        read_access(view, call, &input.bucket, &input.key, input.version_id.as_deref(), actions)
    }

    fn run(input: GetObjectAcl, call: &Call, tx: &mut Tx) -> Result<GetObjectAclOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let object = found(tx, &bucket, &input.key, input.version_id.as_deref(), "GET")?;
        let private = Acl::private(object.owner);
        let acl = object.acl.as_ref().filter(|_| !bucket.acls_disabled()).unwrap_or(&private);
        Ok(GetObjectAclOutput {
            owner: Some(Owner { id: Some(canonical_id(object.owner)), display_name: None }),
            grants: Some(acls::listed(acl)),
            request_charged: None,
        })
    }
}

fn requested(input: &PutObjectAcl) -> Requested<'_> {
    Requested {
        canned: input.acl.map(ObjectCannedACL::as_str),
        full_control: input.grant_full_control.as_deref(),
        read: input.grant_read.as_deref(),
        read_acp: input.grant_read_acp.as_deref(),
        write: input.grant_write.as_deref(),
        write_acp: input.grant_write_acp.as_deref(),
        policy: input.access_control_policy.as_ref(),
    }
}

impl Transact<PutObjectAcl> for S3 {
    fn access(input: &PutObjectAcl, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let version = input.version_id.as_deref();
            let action = if version.is_some() { "s3:PutObjectVersionAcl" } else { "s3:PutObjectAcl" };
            let object = target.version(view, &input.key, version)?;
            let mut check = target.object(action, &input.key, object.as_ref())?;
            requested(input).keys(&mut check);
            key(&mut check, "s3:VersionId", version);
            target.list_if_missing(Access { checks: vec![check], unconditional: false }, object.as_ref())
        }))
    }

    fn run(input: PutObjectAcl, call: &Call, tx: &mut Tx) -> Result<PutObjectAclOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let mut object = found(tx, &bucket, &input.key, input.version_id.as_deref(), "PUT")?;
        let requested = requested(&input);
        if requested.is_empty() {
            return Err(acls::missing());
        }
        if bucket.acls_disabled() {
            return if requested.gives_to_owner_only() {
                Ok(PutObjectAclOutput::default())
            } else {
                Err(acls::lists_disabled())
            };
        }
        let acl = requested.acl(object.owner, bucket.scope.account)?;
        let resource = format!("{}/{}", bucket.arn(), object.key);
        acls::refuse_public(&bucket, &acl, call, "s3:PutObjectAcl", &resource)?;
        // A list that changes nothing is not told.
        if object.acl.as_ref() != Some(&acl) {
            object.acl = Some(acl);
            tell(tx, call, &bucket, Event::AclPut, &object)?;
        }
        rewrite(tx, &bucket, object)?;
        Ok(PutObjectAclOutput::default())
    }
}
