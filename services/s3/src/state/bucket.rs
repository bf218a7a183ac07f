use super::{
    AccountBlock, Acl, Encryption, LifecycleRule, Logging, Notification, Ownership, PublicAccessBlock,
    Versioning,
};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};

/// A bucket with all its settings, so that a change of any is a change of the bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bucket {
    /// The owner's account, and the region that the bucket lives in.
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    #[serde(default)]
    pub(crate) versioning: Versioning,
    /// None after DeleteBucketOwnershipControls, which means `ObjectWriter`.
    pub(crate) ownership: Option<Ownership>,
    pub(crate) public_access_block: Option<PublicAccessBlock>,
    /// The text as it was put.
    pub(crate) policy: Option<String>,
    #[serde(default)]
    pub(crate) tags: Tags,
    pub(crate) acl: Acl,
    #[serde(default)]
    pub(crate) encryption: Encryption,
    #[serde(default)]
    pub(crate) notification: Notification,
    #[serde(default)]
    pub(crate) logging: Option<Logging>,
    #[serde(default)]
    pub(crate) lifecycle: Vec<LifecycleRule>,
    /// The account's own block, as [`Bucket::named`] found it; kept elsewhere.
    #[serde(skip)]
    account_block: PublicAccessBlock,
}

impl Row for Bucket {
    const TABLE: &'static str = "s3.buckets";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::global("name", self.name.as_str())]
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Bucket {
    pub(crate) const TYPE: ResourceType = ResourceType("AWS::S3::Bucket");

    /// A bucket as it is when it is new: private, with public access blocked and access control lists switched off.
    pub(crate) fn new(scope: Scope, name: &str, created: Timestamp) -> Self {
        Self {
            scope,
            name: name.to_owned(),
            created,
            versioning: Versioning::Off,
            ownership: Some(Ownership::BucketOwnerEnforced),
            public_access_block: Some(PublicAccessBlock::ALL),
            policy: None,
            tags: Tags::new(),
            acl: Acl::private(scope.account),
            encryption: Encryption::default(),
            notification: Notification::default(),
            logging: None,
            lifecycle: Vec::new(),
            account_block: PublicAccessBlock::default(),
        }
    }

    /// The bucket of a name, whoever owns it and wherever it is: names are one space over all accounts and regions.
    pub(crate) fn named(view: &View, name: &str) -> Result<Option<Self>, StoreError> {
        let Some(mut bucket) = view.first_by_global_index::<Self>("name", name)? else { return Ok(None) };
        let account = bucket.scope.account;
        let block = view.get::<AccountBlock>(Scope::global(account), account.as_str())?;
        bucket.account_block = block.map(|block| block.block).unwrap_or_default();
        Ok(Some(bucket))
    }

    pub(crate) fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: self.arn(),
        }
    }

    pub(crate) fn arn(&self) -> String {
        Arn::bare("s3", self.name.as_str()).to_string()
    }

    /// Access control lists mean nothing here.
    pub(crate) fn acls_disabled(&self) -> bool {
        self.ownership == Some(Ownership::BucketOwnerEnforced)
    }

    /// What the bucket's own block and the account's forbid together.
    pub(crate) fn blocks(&self) -> PublicAccessBlock {
        self.public_access_block.unwrap_or_default().and(self.account_block)
    }
}
