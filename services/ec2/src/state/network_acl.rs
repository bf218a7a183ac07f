use crate::state::noun::{self, Noun};
use crate::state::{Subnet, Vpc};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A network ACL with its entries and associations.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct NetworkAcl {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) vpc: String,
    pub(crate) is_default: bool,
    /// Outgoing ones first, by rule number.
    pub(crate) entries: Vec<Entry>,
    /// `aclassoc-…` to the subnet.
    pub(crate) associations: Vec<(String, String)>,
    pub(crate) tags: Tags,
}

/// A rule of an ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) egress: bool,
    pub(crate) number: i32,
    /// The protocol's number, `-1` for all.
    pub(crate) protocol: String,
    pub(crate) allow: bool,
    pub(crate) cidr: Option<String>,
    pub(crate) ipv6_cidr: Option<String>,
    /// Type and code.
    pub(crate) icmp: Option<(i32, i32)>,
    /// First and last port.
    pub(crate) ports: Option<(i32, i32)>,
}

/// The number of the rule that denies what no other allows.
pub(crate) const LAST_RULE: i32 = 32767;

impl Entry {
    /// `allow` or `deny`.
    pub(crate) fn action(&self) -> &'static str {
        if self.allow { "allow" } else { "deny" }
    }

    /// For all protocols and addresses.
    pub(crate) fn everything(egress: bool, number: i32, allow: bool) -> Self {
        let cidr = Some("0.0.0.0/0".to_owned());
        Self { egress, number, protocol: "-1".into(), allow, cidr, ipv6_cidr: None, icmp: None, ports: None }
    }

    /// The rules that every ACL ends with.
    pub(crate) fn last() -> Vec<Self> {
        vec![Self::everything(true, LAST_RULE, false), Self::everything(false, LAST_RULE, false)]
    }
}

impl NetworkAcl {
    /// The ACL of a subnet.
    pub(crate) fn of_subnet(view: &View, scope: Scope, subnet: &str) -> Result<Option<Self>, StoreError> {
        let has = |acl: &Self| acl.associations.iter().any(|(_, associated)| associated == subnet);
        Ok(view.list::<Self>(scope)?.into_iter().find(has))
    }

    /// The ACL with an association.
    pub(crate) fn of_association(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        let has = |acl: &Self| acl.associations.iter().any(|(association, _)| association == id);
        Ok(view.list::<Self>(scope)?.into_iter().find(has))
    }

    /// The default ACL of a VPC.
    pub(crate) fn default_of(view: &View, scope: Scope, vpc: &str) -> Result<Option<Self>, StoreError> {
        Ok(view.list::<Self>(scope)?.into_iter().find(|acl| acl.is_default && acl.vpc == vpc))
    }

    /// Brings the entries into order.
    pub(crate) fn sort(&mut self) {
        self.entries.sort_by_key(|entry| (!entry.egress, entry.number));
    }
}

impl Row for NetworkAcl {
    const TABLE: &'static str = "ec2.network_acls";
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

impl Noun for NetworkAcl {
    const NOUN: &'static str = "network-acl";
    const PREFIX: &'static str = "acl";
    const NOT_FOUND: &'static str = "InvalidNetworkAclID.NotFound";
    const MALFORMED: Option<&'static str> = None;
    const SUBJECT: &'static str = "networkAcl ID";

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
        vec![("ec2:NetworkAclID", self.id.clone()), ("ec2:Vpc", noun::arn(self.scope, Vpc::NOUN, &self.vpc))]
    }
}

impl Resource for NetworkAcl {
    const TYPE: ResourceType = ResourceType("AWS::EC2::NetworkAcl");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, None)
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let associations = self.associations.iter().map(|(id, subnet)| {
            document!({
                "networkAclAssociationId": (id.as_str()),
                "networkAclId": (self.id.as_str()),
                "subnetId": (subnet.as_str()),
            })
        });
        let configuration = document!({
            "associations": (associations.collect::<Document>()),
            "entries": (self.entries.iter().map(entry).collect::<Document>()),
            "isDefault": (self.is_default),
            "networkAclId": (self.id.as_str()),
            "tags": (noun::tag_list(&self.tags)),
            "vpcId": (self.vpc.as_str()),
            "ownerId": (self.scope.account.as_str()),
        });
        let mut relationships = vec![Relationship::to("Is contained in Vpc", Vpc::TYPE.as_str(), &self.vpc)];
        for (_, subnet) in &self.associations {
            relationships.push(Relationship::to("Is attached to Subnet", Subnet::TYPE.as_str(), subnet));
        }
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

fn entry(entry: &Entry) -> Document {
    let mut described = Document::object();
    if let Some(cidr) = &entry.cidr {
        described.set("cidrBlock", cidr.as_str());
    }
    described.set("egress", entry.egress);
    if let Some((kind, code)) = entry.icmp {
        described.set("icmpTypeCode", document!({ "code": code, "type": kind }));
    }
    if let Some(cidr) = &entry.ipv6_cidr {
        described.set("ipv6CidrBlock", cidr.as_str());
    }
    if let Some((from, to)) = entry.ports {
        described.set("portRange", document!({ "from": from, "to": to }));
    }
    described
        .with("protocol", entry.protocol.as_str())
        .with("ruleAction", entry.action())
        .with("ruleNumber", entry.number)
}
