use super::create_bucket::ownership;
use crate::acls;
use crate::error::{error, malformed_xml};
use crate::state::{Acl, Ownership};
use api_s3::{
    DeleteBucketOwnershipControlsOutput, GetBucketOwnershipControlsOutput, ObjectOwnership,
    OwnershipControls, OwnershipControlsRule, PutBucketOwnershipControlsOutput,
};

on_bucket! {
    PutBucketOwnershipControls => PutBucketOwnershipControlsOutput, "s3:PutBucketOwnershipControls",
    |input, bucket, call, tx| {
        let [rule] = input.ownership_controls.rules.as_slice() else { return Err(malformed_xml()) };
        let chosen = ownership(rule.object_ownership);
        if chosen == Ownership::BucketOwnerEnforced && bucket.acl != Acl::private(bucket.scope.account) {
            return Err(acls::with_enforced_ownership());
        }
        bucket.ownership = Some(chosen);
        tx.put(bucket)?;
        Ok(PutBucketOwnershipControlsOutput {})
    }
}

on_bucket! {
    GetBucketOwnershipControls => GetBucketOwnershipControlsOutput, "s3:GetBucketOwnershipControls",
    |input, bucket, call, tx| {
        let object_ownership = match bucket.ownership {
            Some(Ownership::BucketOwnerEnforced) => ObjectOwnership::BucketOwnerEnforced,
            Some(Ownership::BucketOwnerPreferred) => ObjectOwnership::BucketOwnerPreferred,
            Some(Ownership::ObjectWriter) => ObjectOwnership::ObjectWriter,
            None => {
                return Err(error(
                    404,
                    "OwnershipControlsNotFoundError",
                    "The bucket ownership controls were not found",
                    [("BucketName", bucket.name)],
                ));
            }
        };
        let rules = vec![OwnershipControlsRule { object_ownership }];
        Ok(GetBucketOwnershipControlsOutput { ownership_controls: Some(OwnershipControls { rules }) })
    }
}

on_bucket! {
    DeleteBucketOwnershipControls => DeleteBucketOwnershipControlsOutput, "s3:PutBucketOwnershipControls",
    |input, bucket, call, tx| {
        bucket.ownership = None;
        tx.put(bucket)?;
        Ok(DeleteBucketOwnershipControlsOutput {})
    }
}
