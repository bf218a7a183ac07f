use super::{Acl, Encryption, Ownership, PublicAccessBlock, Versioning};
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
        }
    }

    /// The bucket of a name, whoever owns it and wherever it is: names are one space over all accounts and regions.
    pub(crate) fn named(view: &View, name: &str) -> Result<Option<Self>, StoreError> {
        view.first_by_global_index("name", name)
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

    pub(crate) fn blocks(&self) -> PublicAccessBlock {
        self.public_access_block.unwrap_or_default()
    }
}
