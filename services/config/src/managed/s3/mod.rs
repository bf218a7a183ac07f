//! Rules on buckets, access points and the account's public access block.

pub(super) mod access_points;
pub(super) mod acls;
mod permissive;
pub(super) mod policies;
pub(super) mod protection;
pub(super) mod settings;
#[cfg(test)]
mod tests;

use crate::managed::policies::{Stated, stated};
use crate::managed::read;
use crate::state::Item;
use policy::Flavour;
use wire::Document;

const BUCKET: &str = "AWS::S3::Bucket";
const ACCESS_POINT: &str = "AWS::S3::AccessPoint";
const ACCOUNT_BLOCK: &str = "AWS::S3::AccountPublicAccessBlock";

/// The four settings of a public access block, as items of buckets name them.
const BLOCKS: [&str; 4] =
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

/// A bucket's policy.
fn bucket_policy(item: &Item) -> Stated {
    let text = read::in_part(item, "BucketPolicy", &["policyText"]);
    stated(text.as_ref(), Flavour::S3)
}

/// The settings of a public access block that are off.
fn blocks_off(block: Option<&Document>) -> Vec<&'static str> {
    let on = |name: &&str| block.is_some_and(|block| read::is_true(read::member(block, name)));
    BLOCKS.into_iter().filter(|name| !on(name)).collect()
}
