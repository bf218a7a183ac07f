use crate::S3;
use crate::access::{self, Target, decided};
use crate::error::{access_denied, error};
use crate::policies;
use crate::state::Bucket;
use api_s3::{
    DeleteBucketPolicy, DeleteBucketPolicyOutput, Error, GetBucketPolicy, GetBucketPolicyOutput,
    GetBucketPolicyStatusOutput, PolicyStatus, PutBucketPolicy, PutBucketPolicyOutput,
};
use contract::{Access, Call, Principal, Transact};
use store::{Tx, View};

/// The owner's root user always reaches the policy, so that no policy locks everybody out:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html>
fn access_to_policy(view: &View, call: &Call, bucket: &str, action: &str) -> Access {
    decided(Target::find(view, call, bucket).and_then(|target| {
        let mut check = target.bucket(action)?;
        let owner = target.bucket.as_ref().map(|bucket| bucket.scope.account);
        if matches!(call.principal, Principal::Root(account) if Some(account) == owner) {
            check.resource_policy = None;
        }
        Ok(Access { checks: vec![check], unconditional: false })
    }))
}

/// 20 KB
const LARGEST_POLICY: usize = 20 * 1024;

impl Transact<PutBucketPolicy> for S3 {
    fn access(input: &PutBucketPolicy, call: &Call, view: &View) -> Access {
        access_to_policy(view, call, &input.bucket, "s3:PutBucketPolicy")
    }

    fn run(input: PutBucketPolicy, call: &Call, tx: &mut Tx) -> Result<PutBucketPolicyOutput, Error> {
        let mut bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        if input.policy.len() > LARGEST_POLICY {
            return Err(error(
                400,
                "PolicyTooLarge",
                "Policy exceeds the maximum allowed document size.",
                [],
            ));
        }
        let malformed = |message: String| error(400, "MalformedPolicy", message, []);
        let document = policies::parse(&input.policy).map_err(|error| malformed(error.message()))?;
        policies::check(&document, &bucket.name).map_err(|sentence| malformed(sentence.to_owned()))?;
        if bucket.blocks().block_public_policy && document.is_public() {
            return Err(access_denied(format!(
                "User: {} is not authorized to perform: s3:PutBucketPolicy on resource: \"{}\" because public policies are \
                 blocked by the BlockPublicPolicy block public access setting.",
                call.principal.arn(),
                bucket.arn()
            )));
        }
        bucket.policy = Some(input.policy);
        tx.put(bucket)?;
        Ok(PutBucketPolicyOutput {})
    }
}

fn policy_of(bucket: Bucket) -> Result<String, Error> {
    let name = bucket.name;
    bucket.policy.ok_or_else(|| {
        error(404, "NoSuchBucketPolicy", "The bucket policy does not exist", [("BucketName", name)])
    })
}

impl Transact<GetBucketPolicy> for S3 {
    fn access(input: &GetBucketPolicy, call: &Call, view: &View) -> Access {
        access_to_policy(view, call, &input.bucket, "s3:GetBucketPolicy")
    }

    fn run(input: GetBucketPolicy, call: &Call, tx: &mut Tx) -> Result<GetBucketPolicyOutput, Error> {
        let bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        Ok(GetBucketPolicyOutput { policy: Some(policy_of(bucket)?) })
    }
}

impl Transact<DeleteBucketPolicy> for S3 {
    fn access(input: &DeleteBucketPolicy, call: &Call, view: &View) -> Access {
        access_to_policy(view, call, &input.bucket, "s3:DeleteBucketPolicy")
    }

    fn run(input: DeleteBucketPolicy, call: &Call, tx: &mut Tx) -> Result<DeleteBucketPolicyOutput, Error> {
        let mut bucket = access::bucket(tx, call, &input.bucket, input.expected_bucket_owner.as_deref())?;
        bucket.policy = None;
        tx.put(bucket)?;
        Ok(DeleteBucketPolicyOutput {})
    }
}

on_bucket! {
    GetBucketPolicyStatus => GetBucketPolicyStatusOutput, "s3:GetBucketPolicyStatus",
    |input, bucket, call, tx| {
        let text = policy_of(bucket)?;
        let document = policies::parse(&text).map_err(|error| store::StoreError::Corrupt(error.to_string()))?;
        let is_public = Some(document.is_public());
        Ok(GetBucketPolicyStatusOutput { policy_status: Some(PolicyStatus { is_public }) })
    }
}
