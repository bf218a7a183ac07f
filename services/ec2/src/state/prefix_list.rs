use crate::state::noun::{self, Noun};
use contract::{Description, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A managed prefix list: the account's own are rows, AWS's are computed from the region ([`PrefixList::of_services`]).
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

/// AWS's ids of its lists for S3 and DynamoDB, where they are known; others are derived from the region's name.
const SERVICE_LISTS: &[(&str, &str, &str)] = &[
    ("us-east-1", "pl-63a5400a", "pl-02cd2c6b"),
    ("us-east-2", "pl-7ba54012", "pl-4ca54025"),
    ("us-west-1", "pl-6ba54002", "pl-6ea54007"),
    ("us-west-2", "pl-68a54001", "pl-00a54069"),
    ("eu-west-1", "pl-6da54004", "pl-6fa54006"),
    ("eu-central-1", "pl-6ea54007", "pl-66a5400f"),
    ("ap-southeast-1", "pl-6fa54006", "pl-67a5400e"),
    ("ap-southeast-2", "pl-6ca54005", "pl-62a5400b"),
    ("ap-northeast-1", "pl-61a54008", "pl-78a54011"),
];

impl PrefixList {
    /// AWS's lists of a region: the addresses of S3 and DynamoDB. The blocks are those of us-east-1, in every region.
    pub(crate) fn of_services(scope: Scope) -> Vec<Self> {
        let known = SERVICE_LISTS.iter().find(|(region, ..)| *region == scope.region.as_str());
        let derived = |service: &str| {
            // FNV-1a: a stable number of the name.
            let name = format!("{}.{service}", scope.region);
            let hash = name
                .bytes()
                .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
            format!("pl-{hash:08x}")
        };
        let list = |service: &str, id: String, blocks: &[&str]| Self {
            scope,
            id,
            name: format!("com.amazonaws.{}.{service}", scope.region),
            family: "IPv4".into(),
            most: 0,
            of_aws: true,
            state: "create-complete".into(),
            versions: vec![
                blocks.iter().map(|cidr| Entry { cidr: (*cidr).to_owned(), description: None }).collect(),
            ],
            tags: Tags::new(),
        };
        let storage = known.map_or_else(|| derived("s3"), |(_, id, _)| (*id).to_owned());
        let tables = known.map_or_else(|| derived("dynamodb"), |(_, _, id)| (*id).to_owned());
        vec![
            list("dynamodb", tables, &["3.218.180.0/22", "52.94.0.0/22", "52.119.224.0/20"]),
            list("s3", storage, &["3.5.0.0/19", "16.15.176.0/20", "52.216.0.0/15", "54.231.0.0/16"]),
        ]
    }

    /// The list with an id, the account's own or AWS's.
    pub(crate) fn any(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        match view.get::<Self>(scope, id)? {
            Some(list) => Ok(Some(list)),
            None => Ok(Self::of_services(scope).into_iter().find(|list| list.id == id)),
        }
    }

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
        Some(self.identity())
    }
}

impl Noun for PrefixList {
    const NOUN: &'static str = "prefix-list";
    const PREFIX: &'static str = "pl";
    const NOT_FOUND: &'static str = "InvalidPrefixListID.NotFound";
    const MALFORMED: Option<&'static str> = Some("InvalidPrefixListId.Malformed");
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
        let tags = self
            .tags
            .iter()
            .map(|(key, value)| document!({ "Key": (key.as_str()), "Value": (value.as_str()) }));
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
