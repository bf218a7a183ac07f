use crate::state::noun::{self, Noun};
use crate::state::{SecurityGroup, Subnet, Vpc};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A network interface. None is attached: there are no instances.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NetworkInterface {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) subnet: String,
    pub(crate) vpc: String,
    pub(crate) zone: String,
    pub(crate) zone_id: String,
    pub(crate) description: String,
    pub(crate) mac: String,
    /// Private IPv4 addresses; the first is the primary one. Empty in a subnet of IPv6 only.
    pub(crate) addresses: Vec<String>,
    /// IPv6 addresses, in the order in which they were given.
    pub(crate) ipv6: Vec<String>,
    /// The first IPv6 address is the primary one.
    pub(crate) primary_ipv6: bool,
    /// Delegated blocks of 16 addresses.
    pub(crate) prefixes: Vec<String>,
    /// Delegated /80 blocks.
    pub(crate) ipv6_prefixes: Vec<String>,
    /// Ids of security groups.
    pub(crate) groups: Vec<String>,
    pub(crate) source_dest_check: bool,
    /// Such as `interface`.
    pub(crate) kind: String,
    pub(crate) public_address: Option<bool>,
    pub(crate) tracking: Tracking,
    pub(crate) requester: Option<String>,
    pub(crate) operator: Option<String>,
    pub(crate) tags: Tags,
}

/// After how many idle seconds connections are forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tracking {
    pub(crate) tcp_established: Option<i32>,
    pub(crate) udp_stream: Option<i32>,
    pub(crate) udp: Option<i32>,
}

impl NetworkInterface {
    /// How many IPv4 addresses of the subnet it takes.
    pub(crate) fn taken(&self) -> usize {
        self.addresses.len().saturating_add(self.prefixes.len().saturating_mul(16))
    }

    /// The names of its groups.
    pub(crate) fn named_groups(&self, view: &View) -> Result<Vec<(String, String)>, StoreError> {
        let named = |id: &String| {
            let group = view.get::<SecurityGroup>(self.scope, id.as_str())?;
            Ok((id.clone(), group.map(|group| group.name).unwrap_or_default()))
        };
        self.groups.iter().map(named).collect()
    }

    /// `ip-10-0-0-5.ec2.internal`, where the VPC has host names.
    pub(crate) fn dns_name(&self, address: &str) -> String {
        let domain = internal_domain(self.scope);
        format!("ip-{}.{domain}", address.replace('.', "-"))
    }
}

/// The domain of private host names: `ec2.internal` in us-east-1, `REGION.compute.internal` elsewhere.
pub(crate) fn internal_domain(scope: Scope) -> String {
    if scope.region == names::Region::US_EAST_1 {
        return "ec2.internal".into();
    }
    format!("{}.compute.internal", scope.region)
}

impl Row for NetworkInterface {
    const TABLE: &'static str = "ec2.network_interfaces";
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

impl Noun for NetworkInterface {
    const NOUN: &'static str = "network-interface";
    const PREFIX: &'static str = "eni";
    const NOT_FOUND: &'static str = "InvalidNetworkInterfaceID.NotFound";
    const MALFORMED: Option<&'static str> = Some("InvalidNetworkInterfaceId.Malformed");
    const SUBJECT: &'static str = "networkInterface ID";

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
        let mut keys = vec![
            ("ec2:NetworkInterfaceID", self.id.clone()),
            ("ec2:AvailabilityZone", self.zone.clone()),
            ("ec2:Subnet", noun::arn(self.scope, Subnet::NOUN, &self.subnet)),
            ("ec2:Vpc", noun::arn(self.scope, Vpc::NOUN, &self.vpc)),
        ];
        keys.extend(self.operator.iter().map(|operator| ("ec2:ManagedResourceOperator", operator.clone())));
        keys
    }
}

impl Resource for NetworkInterface {
    const TYPE: ResourceType = ResourceType("AWS::EC2::NetworkInterface");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, None)
    }

    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let addresses = self.addresses.iter().enumerate().map(|(index, address)| {
            document!({
                "primary": (index == 0),
                "privateDnsName": (self.dns_name(address)),
                "privateIpAddress": (address.as_str()),
            })
        });
        let groups = self.named_groups(view)?;
        let groups = groups
            .iter()
            .map(|(id, name)| document!({ "groupName": (name.as_str()), "groupId": (id.as_str()) }));
        let single = |member: &str, values: &[String]| -> Document {
            values.iter().map(|value| Document::object().with(member, value.as_str())).collect()
        };
        let mut configuration = document!({
            "availabilityZone": (self.zone.as_str()),
            "description": (self.description.as_str()),
            "groups": (groups.collect::<Document>()),
            "interfaceType": (self.kind.as_str()),
            "ipv6Addresses": (single("ipv6Address", &self.ipv6)),
            "macAddress": (self.mac.as_str()),
            "networkInterfaceId": (self.id.as_str()),
            "ownerId": (self.scope.account.as_str()),
            "privateIpAddresses": (addresses.collect::<Document>()),
            "ipv4Prefixes": (single("ipv4Prefix", &self.prefixes)),
            "ipv6Prefixes": (single("ipv6Prefix", &self.ipv6_prefixes)),
            "requesterManaged": (self.requester.is_some()),
            "sourceDestCheck": (self.source_dest_check),
            "status": "available",
            "subnetId": (self.subnet.as_str()),
            "tagSet": (noun::tag_list(&self.tags)),
            "vpcId": (self.vpc.as_str()),
        });
        if let Some(primary) = self.addresses.first() {
            configuration.set("privateDnsName", self.dns_name(primary));
            configuration.set("privateIpAddress", primary.as_str());
        }
        if let Some(requester) = &self.requester {
            configuration.set("requesterId", requester.as_str());
        }
        let mut relationships = vec![
            Relationship::to("Is contained in Subnet", Subnet::TYPE.as_str(), &self.subnet),
            Relationship::to("Is contained in Vpc", Vpc::TYPE.as_str(), &self.vpc),
        ];
        for group in &self.groups {
            relationships.push(Relationship::to(
                "Is associated with SecurityGroup",
                SecurityGroup::TYPE.as_str(),
                group,
            ));
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
