use crate::cidr::Ipv4Block;
use crate::state::noun::{self, Noun};
use crate::state::vpc::{Ipv6Association, Vpc};
use crate::state::{NetworkAcl, NetworkInterface, RouteTable};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A subnet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subnet {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) vpc: String,
    /// None where it has IPv6 addresses only.
    pub(crate) cidr: Option<String>,
    pub(crate) ipv6: Option<Ipv6Association>,
    pub(crate) zone: String,
    pub(crate) zone_id: String,
    pub(crate) default_for_zone: bool,
    pub(crate) public_addresses: bool,
    pub(crate) ipv6_addresses: bool,
    pub(crate) dns64: bool,
    /// `ip-name` or `resource-name`.
    pub(crate) hostname_type: String,
    pub(crate) a_record: bool,
    pub(crate) aaaa_record: bool,
    /// The device position for local network interfaces.
    pub(crate) lni_index: Option<i32>,
    pub(crate) tags: Tags,
}

/// Addresses in each subnet that nobody gets: network, router, DNS, one for later, broadcast.
const RESERVED: u32 = 5;

impl Subnet {
    /// Its IPv4 block, where it has one.
    pub(crate) fn block(&self) -> Option<Ipv4Block> {
        self.cidr.as_deref().and_then(Ipv4Block::parse)
    }

    /// How many IPv4 addresses are free.
    pub(crate) fn available(&self, view: &View) -> Result<i32, StoreError> {
        let Some(block) = self.block() else { return Ok(0) };
        let size = (block.last() - block.first()).saturating_add(1).saturating_sub(RESERVED);
        let taken: usize = self.interfaces(view)?.iter().map(NetworkInterface::taken).sum();
        let free = u64::from(size).saturating_sub(u64::try_from(taken).unwrap_or(u64::MAX));
        Ok(i32::try_from(free).unwrap_or(i32::MAX))
    }

    /// The network interfaces in it.
    pub(crate) fn interfaces(&self, view: &View) -> Result<Vec<NetworkInterface>, StoreError> {
        let interfaces = view.list::<NetworkInterface>(self.scope)?;
        Ok(interfaces.into_iter().filter(|interface| interface.subnet == self.id).collect())
    }

    /// `arn:aws:ec2:…:subnet/…`
    pub(crate) fn arn(&self) -> String {
        noun::arn(self.scope, Self::NOUN, &self.id)
    }
}

impl Row for Subnet {
    const TABLE: &'static str = "ec2.subnets";
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

impl Noun for Subnet {
    const NOUN: &'static str = "subnet";
    const PREFIX: &'static str = "subnet";
    const NOT_FOUND: &'static str = "InvalidSubnetID.NotFound";
    const MALFORMED: Option<&'static str> = None;
    const SUBJECT: &'static str = "subnet ID";

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
        vec![
            ("ec2:SubnetID", self.id.clone()),
            ("ec2:AvailabilityZone", self.zone.clone()),
            ("ec2:AvailabilityZoneId", self.zone_id.clone()),
            ("ec2:Vpc", noun::arn(self.scope, Vpc::NOUN, &self.vpc)),
        ]
    }
}

impl Resource for Subnet {
    const TYPE: ResourceType = ResourceType("AWS::EC2::Subnet");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, None)
    }

    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let ipv6: Vec<Document> = self
            .ipv6
            .iter()
            .map(|block| {
                document!({
                    "associationId": (block.id.as_str()),
                    "ipv6CidrBlock": (block.cidr.as_str()),
                    "ipv6CidrBlockState": { "state": "associated" },
                })
            })
            .collect();
        let configuration = document!({
            "availabilityZone": (self.zone.as_str()),
            "availabilityZoneId": (self.zone_id.as_str()),
            "availableIpAddressCount": (self.available(view)?),
            "cidrBlock": (self.cidr.clone()),
            "defaultForAz": (self.default_for_zone),
            "mapPublicIpOnLaunch": (self.public_addresses),
            "mapCustomerOwnedIpOnLaunch": false,
            "state": { "value": "available" },
            "subnetId": (self.id.as_str()),
            "vpcId": (self.vpc.as_str()),
            "ownerId": (self.scope.account.as_str()),
            "assignIpv6AddressOnCreation": (self.ipv6_addresses),
            "ipv6CidrBlockAssociationSet": (ipv6),
            "tags": (noun::tag_list(&self.tags)),
            "subnetArn": (self.arn()),
            "enableDns64": (self.dns64),
            "ipv6Native": (self.cidr.is_none()),
            "privateDnsNameOptionsOnLaunch": {
                "hostnameType": (self.hostname_type.as_str()),
                "enableResourceNameDnsARecord": (self.a_record),
                "enableResourceNameDnsAAAARecord": (self.aaaa_record),
            },
        });
        let mut relationships = vec![Relationship::to("Is contained in Vpc", Vpc::TYPE.as_str(), &self.vpc)];
        if let Some(acl) = NetworkAcl::of_subnet(view, self.scope, &self.id)? {
            relationships.push(Relationship::to(
                "Is attached to NetworkAcl",
                NetworkAcl::TYPE.as_str(),
                acl.id,
            ));
        }
        if let Some(table) = RouteTable::of_subnet(view, self.scope, &self.id)? {
            relationships.push(Relationship::to(
                "Is contained in RouteTable",
                RouteTable::TYPE.as_str(),
                table.id,
            ));
        }
        for interface in self.interfaces(view)? {
            let interface_type = NetworkInterface::TYPE.as_str();
            relationships.push(Relationship::to("Contains NetworkInterface", interface_type, interface.id));
        }
        Ok(Description {
            identity: self.identity(),
            availability_zone: self.zone.clone(),
            created: None,
            configuration,
            supplementary: indexmap::IndexMap::new(),
            relationships,
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
