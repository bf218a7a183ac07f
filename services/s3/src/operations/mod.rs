//! One file per noun; each operation is one `impl`.

/// An operation on a bucket's settings: its IAM action, and what it does to the bucket of an authorized call.
macro_rules! on_bucket {
    ($operation:ident => $output:ty, $action:literal, |$input:ident, $bucket:ident, $call:ident, $tx:ident| $body:block) => {
        impl contract::Transact<api_s3::$operation> for crate::S3 {
            fn access(
                input: &api_s3::$operation,
                call: &contract::Call,
                view: &store::View,
            ) -> contract::Access {
                crate::access::on_bucket(view, call, &input.bucket, $action)
            }

            fn run(
                $input: api_s3::$operation,
                $call: &contract::Call,
                $tx: &mut store::Tx,
            ) -> Result<$output, api_s3::Error> {
                #[allow(unused_mut, reason = "some operations only read")]
                let mut $bucket = crate::access::bucket(
                    $tx,
                    $call,
                    &$input.bucket,
                    $input.expected_bucket_owner.as_deref(),
                )?;
                $body
            }
        }
    };
}

mod account_block;
mod acl;
mod attributes;
mod bucket;
mod complete_upload;
mod copy_object;
mod create_bucket;
mod delete_object;
mod encryption;
mod get_object;
mod lifecycle;
mod list_buckets;
mod list_objects;
mod list_versions;
mod logging;
mod multipart_upload;
mod notification;
mod object_acl;
mod object_tagging;
mod ownership;
mod policy;
mod public_access_block;
mod put_object;
mod tagging;
mod unconfigured;
mod upload_part;
mod upload_part_copy;
mod versioning;

pub(crate) use get_object::found;
pub(crate) use multipart_upload::end as end_upload;
