use crate::state::noun::{self, Noun};
use crate::state::{NetworkInterface, Subnet, Vpc};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A route table with its routes and associations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RouteTable {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) vpc: String,
    pub(crate) routes: Vec<Route>,
    pub(crate) associations: Vec<Association>,
    pub(crate) tags: Tags,
}

/// Where packets for a destination go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Route {
    pub(crate) destination: Destination,
    pub(crate) target: Target,
    /// It came with the table, and not by CreateRoute.
    pub(crate) original: bool,
    /// Its target is not attached, or gone.
    pub(crate) blackhole: bool,
}

/// What a route is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Destination {
    Ipv4(String),
    Ipv6(String),
    PrefixList(String),
}

/// Where a route goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Target {
    Local,
    InternetGateway(String),
    NetworkInterface(String),
}

/// What uses a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Association {
    /// `rtbassoc-…`
    pub(crate) id: String,
    pub(crate) of: Associated,
}

/// A subnet, a gateway, or all subnets of the VPC that have no table of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Associated {
    Main,
    Subnet(String),
    Gateway(String),
}

impl Destination {
    /// As requests and messages write it.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Ipv4(text) | Self::Ipv6(text) | Self::PrefixList(text) => text,
        }
    }
}

impl Target {
    /// What API answers give as `GatewayId`.
    pub(crate) fn gateway_id(&self) -> Option<&str> {
        match self {
            Self::Local => Some("local"),
            Self::InternetGateway(id) => Some(id),
            Self::NetworkInterface(_) => None,
        }
    }

    /// What API answers give as `NetworkInterfaceId`.
    pub(crate) fn interface_id(&self) -> Option<&str> {
        match self {
            Self::NetworkInterface(id) => Some(id),
            _ => None,
        }
    }
}

impl Association {
    /// The subnet, where it is of one.
    pub(crate) fn subnet(&self) -> Option<&str> {
        match &self.of {
            Associated::Subnet(id) => Some(id),
            _ => None,
        }
    }

    /// The gateway, where it is of one.
    pub(crate) fn gateway(&self) -> Option<&str> {
        match &self.of {
            Associated::Gateway(id) => Some(id),
            _ => None,
        }
    }
}

impl Route {
    /// `active` or `blackhole`.
    pub(crate) fn state(&self) -> &'static str {
        if self.blackhole { "blackhole" } else { "active" }
    }

    /// Such as `CreateRoute`.
    pub(crate) fn origin(&self) -> &'static str {
        if self.original { "CreateRouteTable" } else { "CreateRoute" }
    }
}

impl RouteTable {
    /// The tables of a VPC.
    pub(crate) fn of_vpc(view: &View, scope: Scope, vpc: &str) -> Result<Vec<Self>, StoreError> {
        Ok(view.list::<Self>(scope)?.into_iter().filter(|table| table.vpc == vpc).collect())
    }

    /// The table that a subnet is associated with by name.
    pub(crate) fn of_subnet(view: &View, scope: Scope, subnet: &str) -> Result<Option<Self>, StoreError> {
        let has =
            |table: &Self| table.associations.iter().any(|association| association.subnet() == Some(subnet));
        Ok(view.list::<Self>(scope)?.into_iter().find(has))
    }

    /// The table with an association.
    pub(crate) fn of_association(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        let has = |table: &Self| table.associations.iter().any(|association| association.id == id);
        Ok(view.list::<Self>(scope)?.into_iter().find(has))
    }
}

impl Row for RouteTable {
    const TABLE: &'static str = "ec2.route_tables";
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

impl Noun for RouteTable {
    const NOUN: &'static str = "route-table";
    const PREFIX: &'static str = "rtb";
    const NOT_FOUND: &'static str = "InvalidRouteTableID.NotFound";
    const MALFORMED: Option<&'static str> = Some("InvalidRouteTableId.Malformed");
    const SUBJECT: &'static str = "routeTable ID";

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
        vec![("ec2:RouteTableID", self.id.clone()), ("ec2:Vpc", noun::arn(self.scope, Vpc::NOUN, &self.vpc))]
    }
}

impl Resource for RouteTable {
    const TYPE: ResourceType = ResourceType("AWS::EC2::RouteTable");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, None)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let associations = self.associations.iter().map(|association| self.association(association));
        let configuration = document!({
            "associations": (associations.collect::<Document>()),
            "propagatingVgws": [],
            "routeTableId": (self.id.as_str()),
            "routes": (self.routes.iter().map(route).collect::<Document>()),
            "tags": (noun::tag_list(&self.tags)),
            "vpcId": (self.vpc.as_str()),
            "ownerId": (self.scope.account.as_str()),
        });
        let mut relationships = vec![Relationship::to("Is contained in Vpc", Vpc::TYPE.as_str(), &self.vpc)];
        for subnet in self.associations.iter().filter_map(Association::subnet) {
            relationships.push(Relationship::to("Contains Subnet", Subnet::TYPE.as_str(), subnet));
        }
        for interface in self.routes.iter().filter_map(|route| route.target.interface_id()) {
            let interface_type = NetworkInterface::TYPE.as_str();
            relationships.push(Relationship::to("Contains NetworkInterface", interface_type, interface));
        }
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
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

impl RouteTable {
    fn association(&self, association: &Association) -> Document {
        let mut described = document!({
            "main": (association.of == Associated::Main),
            "routeTableAssociationId": (association.id.as_str()),
            "routeTableId": (self.id.as_str()),
            "associationState": { "state": "associated" },
        });
        if let Some(subnet) = association.subnet() {
            described.set("subnetId", subnet);
        }
        if let Some(gateway) = association.gateway() {
            described.set("gatewayId", gateway);
        }
        described
    }
}

fn route(route: &Route) -> Document {
    let name = match &route.destination {
        Destination::Ipv4(_) => "destinationCidrBlock",
        Destination::Ipv6(_) => "destinationIpv6CidrBlock",
        Destination::PrefixList(_) => "destinationPrefixListId",
    };
    let mut described = Document::object().with(name, route.destination.text());
    if let Some(gateway) = route.target.gateway_id() {
        described.set("gatewayId", gateway);
    }
    if let Some(interface) = route.target.interface_id() {
        described.set("networkInterfaceId", interface);
    }
    described.with("origin", route.origin()).with("state", route.state())
}
