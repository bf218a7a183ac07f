use crate::state::noun::{self, Noun};
use contract::{Description, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A managed prefix list, the account's own or AWS's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PrefixList {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) name: String,
    /// `IPv4` or `IPv6`.
    pub(crate) family: String,
    pub(crate) most: i32,
    /// It is AWS's: a service's addresses in the region.
    pub(crate) of_aws: bool,
    /// Such as `create-complete`.
    pub(crate) state: String,
    /// The entries of each version, the first first; there is always one.
    pub(crate) versions: Vec<Vec<Entry>>,
    pub(crate) tags: Tags,
}

/// A block of addresses in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) cidr: String,
    pub(crate) description: Option<String>,
}

impl PrefixList {
    /// The number of the current version.
    pub(crate) fn version(&self) -> i64 {
        i64::try_from(self.versions.len()).unwrap_or(i64::MAX)
    }

    /// The entries of the current version.
    pub(crate) fn entries(&self) -> &[Entry] {
        self.versions.last().map(Vec::as_slice).unwrap_or_default()
    }

    /// The account, or `AWS`.
    pub(crate) fn owner(&self) -> &str {
        if self.of_aws { "AWS" } else { self.scope.account.as_str() }
    }

    /// `arn:aws:ec2:REGION:OWNER:prefix-list/pl-…`; AWS's lists have `aws` for the owner.
    pub(crate) fn arn(&self) -> String {
        if self.of_aws {
            return format!("arn:aws:ec2:{}:aws:prefix-list/{}", self.scope.region, self.id);
        }
        noun::arn(self.scope, Self::NOUN, &self.id)
    }
}

impl Row for PrefixList {
    const TABLE: &'static str = "ec2.prefix_lists";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        (!self.of_aws).then(|| self.identity())
    }
}

impl Noun for PrefixList {
    const NOUN: &'static str = "prefix-list";
    const PREFIX: &'static str = "pl";
    const NOT_FOUND: &'static str = "InvalidPrefixListID.NotFound";
    const MALFORMED: &'static str = "InvalidPrefixListId.Malformed";
    const SUBJECT: &'static str = "prefix list ID";

    fn id(&self) -> &str {
        &self.id
    }
    fn tags(&self) -> &Tags {
        &self.tags
    }
    fn tags_mut(&mut self) -> &mut Tags {
        &mut self.tags
    }
    fn keys(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// One of the newer types: its configuration has CloudFormation's shape.
impl Resource for PrefixList {
    const TYPE: ResourceType = ResourceType("AWS::EC2::PrefixList");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, Some(self.name.clone()))
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let entries = self.entries().iter().map(|entry| {
            let cidr = Document::object().with("Cidr", entry.cidr.as_str());
            match &entry.description {
                Some(text) => cidr.with("Description", text.as_str()),
                None => cidr,
            }
        });
        let tags = self.tags.iter().map(|(key, value)| document!({ "Key": (key.as_str()), "Value": (value.as_str()) }));
        let configuration = document!({
            "PrefixListName": (self.name.as_str()),
            "AddressFamily": (self.family.as_str()),
            "MaxEntries": (self.most),
            "PrefixListId": (self.id.as_str()),
            "OwnerId": (self.owner()),
            "Version": (self.version()),
            "Tags": (tags.collect::<Document>()),
            "Entries": (entries.collect::<Document>()),
            "Arn": (self.arn()),
        });
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Regional".into(),
            created: None,
            configuration,
            supplementary: indexmap::IndexMap::new(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
