use crate::cidr::Ipv4Block;
use crate::state::noun::{self, Noun};
use crate::state::{InternetGateway, NetworkAcl, NetworkInterface, RouteTable, SecurityGroup, Subnet};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A virtual private cloud.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Vpc {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    /// The IPv4 block, such as `10.0.0.0/16`.
    pub(crate) cidr: String,
    /// `vpc-cidr-assoc-…`
    pub(crate) cidr_association: String,
    /// The IPv6 block that Amazon gave, where it was asked to.
    pub(crate) ipv6: Option<Ipv6Association>,
    /// `dopt-…` or `default`.
    pub(crate) dhcp_options: String,
    /// `default` or `dedicated`.
    pub(crate) tenancy: String,
    pub(crate) is_default: bool,
    pub(crate) dns_support: bool,
    pub(crate) dns_hostnames: bool,
    pub(crate) address_metrics: bool,
    pub(crate) tags: Tags,
}

/// An IPv6 block of a VPC or subnet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ipv6Association {
    /// `vpc-cidr-assoc-…` or `subnet-cidr-assoc-…`
    pub(crate) id: String,
    pub(crate) cidr: String,
}

impl Vpc {
    /// Its IPv4 block.
    pub(crate) fn block(&self) -> Result<Ipv4Block, StoreError> {
        Ipv4Block::parse(&self.cidr)
            .ok_or_else(|| StoreError::Corrupt(format!("{} has no CIDR block", self.id)))
    }

    /// The default VPC of an account and region.
    pub(crate) fn default_of(view: &View, scope: Scope) -> Result<Option<Self>, StoreError> {
        Ok(view.list::<Self>(scope)?.into_iter().find(|vpc| vpc.is_default))
    }
}

impl Row for Vpc {
    const TABLE: &'static str = "ec2.vpcs";
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

impl Noun for Vpc {
    const NOUN: &'static str = "vpc";
    const PREFIX: &'static str = "vpc";
    const NOT_FOUND: &'static str = "InvalidVpcID.NotFound";
    const MALFORMED: Option<&'static str> = None;
    const SUBJECT: &'static str = "vpc ID";

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
        vec![("ec2:VpcID", self.id.clone()), ("ec2:Tenancy", self.tenancy.clone())]
    }
}

impl Resource for Vpc {
    const TYPE: ResourceType = ResourceType("AWS::EC2::VPC");

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
                    "networkBorderGroup": (self.scope.region.as_str()),
                    "ipv6Pool": "Amazon",
                })
            })
            .collect();
        let configuration = document!({
            "cidrBlock": (self.cidr.as_str()),
            "dhcpOptionsId": (self.dhcp_options.as_str()),
            "state": { "value": "available" },
            "vpcId": (self.id.as_str()),
            "ownerId": (self.scope.account.as_str()),
            "instanceTenancy": (self.tenancy.as_str()),
            "ipv6CidrBlockAssociationSet": (ipv6),
            "cidrBlockAssociationSet": [{
                "associationId": (self.cidr_association.as_str()),
                "cidrBlock": (self.cidr.as_str()),
                "cidrBlockState": { "state": "associated" },
            }],
            "isDefault": (self.is_default),
            "tags": (noun::tag_list(&self.tags)),
        });
        let mut relationships = Vec::new();
        let mut contains = |relation: &str, resource_type: ResourceType, ids: Vec<String>| {
            relationships
                .extend(ids.into_iter().map(|id| Relationship::to(relation, resource_type.as_str(), id)));
        };
        contains("Contains Subnet", Subnet::TYPE, ids::<Subnet>(view, self, |subnet| &subnet.vpc)?);
        contains(
            "Contains SecurityGroup",
            SecurityGroup::TYPE,
            ids::<SecurityGroup>(view, self, |group| &group.vpc)?,
        );
        contains(
            "Contains NetworkInterface",
            NetworkInterface::TYPE,
            ids::<NetworkInterface>(view, self, |interface| &interface.vpc)?,
        );
        contains("Contains RouteTable", RouteTable::TYPE, ids::<RouteTable>(view, self, |table| &table.vpc)?);
        contains("Contains NetworkAcl", NetworkAcl::TYPE, ids::<NetworkAcl>(view, self, |acl| &acl.vpc)?);
        let attached = InternetGateway::attached_to(view, self.scope, &self.id)?;
        contains(
            "Is attached to InternetGateway",
            InternetGateway::TYPE,
            attached.into_iter().map(|gateway| gateway.id).collect(),
        );
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Multiple Availability Zones".into(),
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

/// The ids of things in a VPC.
fn ids<T: Noun>(view: &View, vpc: &Vpc, home: fn(&T) -> &String) -> Result<Vec<String>, StoreError> {
    let things = view.list::<T>(vpc.scope)?;
    Ok(things.iter().filter(|thing| *home(thing) == vpc.id).map(|thing| thing.id().to_owned()).collect())
}
