use crate::S3;
use crate::access::{self, Target, decided};
use crate::acls::{self, Requested};
use crate::state::canonical_id;
use api_s3::{BucketCannedACL, Error, GetBucketAclOutput, Owner, PutBucketAcl, PutBucketAclOutput};
use contract::{Access, Call, Transact};
use store::{Tx, View};

on_bucket! {
    GetBucketAcl => GetBucketAclOutput, "s3:GetBucketAcl",
    |input, bucket, call, tx| {
        Ok(GetBucketAclOutput {
            owner: Some(Owner { id: Some(canonical_id(bucket.scope.account)), display_name: None }),
            grants: Some(acls::listed(&bucket.acl)),
        })
    }
}

fn requested(input: &PutBucketAcl) -> Requested<'_> {
    Requested {
        canned: input.acl.map(BucketCannedACL::as_str),
        full_control: input.grant_full_control.as_deref(),
        read: input.grant_read.as_deref(),
        read_acp: input.grant_read_acp.as_deref(),
        write: input.grant_write.as_deref(),
        write_acp: input.grant_write_acp.as_deref(),
        policy: input.access_control_policy.as_ref(),
    }
}

impl Transact<PutBucketAcl> for S3 {
    fn access(input: &PutBucketAcl, call: &Call, view: &View) -> Access {
        decided(Target::find(view, call, &input.bucket).and_then(|target| {
            let mut check = target.bucket("s3:PutBucketAcl")?;
            requested(input).keys(&mut check);
            Ok(Access { checks: vec![check], unconditional: false })
        }))
    }

    fn run(input: PutBucketAcl, call: &Call, tx: &mut Tx) -> Result<PutBucketAclOutput, Error> {
        let mut bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        let requested = requested(&input);
        if requested.is_empty() {
            return Err(acls::missing());
        }
        let owner = bucket.scope.account;
        let acl = requested.acl(owner, owner)?;
        if bucket.acls_disabled() {
            // The list that the bucket has anyway may be put, as a whole list only.
            return if requested.policy.is_some() && acl == bucket.acl {
                Ok(PutBucketAclOutput {})
            } else {
                Err(acls::lists_disabled())
            };
        }
        acls::refuse_public(&bucket, &acl, call, "s3:PutBucketAcl", &bucket.arn())?;
        bucket.acl = acl;
        tx.put(bucket)?;
        Ok(PutBucketAclOutput {})
    }
}
