//! A bucket's settings.

use contract::{Description, Resource};
use indexmap::IndexMap;
use names::{AccountId, ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// Whether overwritten and deleted objects are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Versioning {
    /// Never switched on: there is no way back to it.
    #[default]
    Off,
    Enabled,
    Suspended,
}

/// Who owns objects, and whether access control lists mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Ownership {
    #[default]
    BucketOwnerEnforced,
    BucketOwnerPreferred,
    ObjectWriter,
}

/// What keeps a bucket from becoming public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct PublicAccessBlock {
    pub(crate) block_public_acls: bool,
    pub(crate) ignore_public_acls: bool,
    pub(crate) block_public_policy: bool,
    pub(crate) restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// What either of two forbids.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            block_public_acls: self.block_public_acls || other.block_public_acls,
            ignore_public_acls: self.ignore_public_acls || other.ignore_public_acls,
            block_public_policy: self.block_public_policy || other.block_public_policy,
            restrict_public_buckets: self.restrict_public_buckets || other.restrict_public_buckets,
        }
    }

    /// As AWS Config shows it, of buckets and of accounts.
    pub(crate) fn described(self) -> Document {
        document!({
            "blockPublicAcls": (self.block_public_acls),
            "ignorePublicAcls": (self.ignore_public_acls),
            "blockPublicPolicy": (self.block_public_policy),
            "restrictPublicBuckets": (self.restrict_public_buckets),
        })
    }

    /// What new buckets have since April 2023.
    pub(crate) const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };
}

/// What keeps all of an account's buckets from becoming public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AccountBlock {
    pub(crate) account: AccountId,
    pub(crate) block: PublicAccessBlock,
}

impl Row for AccountBlock {
    const TABLE: &'static str = "s3.account-blocks";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }

    fn key(&self) -> String {
        self.account.to_string()
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for AccountBlock {
    const TYPE: ResourceType = ResourceType("AWS::S3::AccountPublicAccessBlock");
    const GLOBAL: bool = true;

    fn identity(&self) -> ResourceIdentity {
        // AWS Config knows it by the account's number; AWS gives it no ARN, and this one is ours.
        let id = self.account.to_string();
        let arn = format!("arn:aws:s3::{id}:account-public-access-block");
        ResourceIdentity { resource_type: Self::TYPE, id, name: None, arn }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration: self.block.described(),
            supplementary: IndexMap::new(),
            relationships: Vec::new(),
            tags: Tags::new(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
