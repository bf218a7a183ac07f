use crate::state::noun::{self, Noun};
use crate::state::{NetworkInterface, Vpc};
use contract::{Description, Relationship, Resource};
use names::{ResourceType, Scope, Tags};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A security group. Its rules are part of it, so that a call that changes several of them is one change of the group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SecurityGroup {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) vpc: String,
    /// In the order in which they were made.
    pub(crate) rules: Vec<Rule>,
    pub(crate) tags: Tags,
}

/// A rule: a protocol, its ports, and one peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// `sgr-…`
    pub(crate) id: String,
    pub(crate) egress: bool,
    pub(crate) traffic: Traffic,
    pub(crate) peer: Peer,
    pub(crate) description: Option<String>,
    pub(crate) tags: Tags,
}

/// What packets a rule is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Traffic {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all.
    pub(crate) protocol: String,
    /// First and last port, or ICMP's type and code; None where the protocol has none.
    pub(crate) ports: Option<(i32, i32)>,
}

/// The other end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Peer {
    Ipv4(String),
    Ipv6(String),
    PrefixList(String),
    /// A group's id and its owner.
    Group(String, String),
}

impl Peer {
    /// As messages print it.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Ipv4(text) | Self::Ipv6(text) | Self::PrefixList(text) | Self::Group(text, _) => text,
        }
    }
}

impl Traffic {
    /// As the sentence about a duplicate prints it: `TCP, from port: 443, to port: 443`.
    pub(crate) fn text(&self) -> String {
        let or_all = |number: i32| if number == -1 { "ALL".to_owned() } else { number.to_string() };
        let name = self.protocol.to_uppercase();
        match (self.protocol.as_str(), self.ports) {
            ("-1", _) => "ALL".into(),
            ("icmp" | "icmpv6", Some((kind, code))) => {
                format!("{name}, type: {}, code: {}", or_all(kind), or_all(code))
            }
            (_, Some((from, to))) => format!("{name}, from port: {from}, to port: {to}"),
            (_, None) => name,
        }
    }
}

impl Rule {
    /// Whether two rules are the same but for id, description and tags.
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.egress == other.egress && self.traffic == other.traffic && self.peer == other.peer
    }
}

impl SecurityGroup {
    /// The rules of one direction.
    pub(crate) fn direction(&self, egress: bool) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.egress == egress)
    }

    /// The group of a name in a VPC.
    pub(crate) fn named(
        view: &View,
        scope: Scope,
        vpc: &str,
        name: &str,
    ) -> Result<Option<Self>, StoreError> {
        view.first_by_index::<Self>(scope, "vpc-name", (vpc, name))
    }

    /// Whether it is its VPC's default group.
    pub(crate) fn is_default(&self) -> bool {
        self.name == "default"
    }

    /// Whether a rule, its own ones apart, names a group.
    pub(crate) fn refers_to(&self, group: &str) -> bool {
        self.rules.iter().any(|rule| matches!(&rule.peer, Peer::Group(id, _) if id == group))
    }
}

impl Row for SecurityGroup {
    const TABLE: &'static str = "ec2.security_groups";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
    fn indexes(&self) -> Vec<store::IndexEntry> {
        let mut entries = vec![store::IndexEntry::new("vpc-name", (&self.vpc, &self.name))];
        entries.extend(self.rules.iter().map(|rule| store::IndexEntry::new("rule", rule.id.as_str())));
        entries
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Noun for SecurityGroup {
    const NOUN: &'static str = "security-group";
    const PREFIX: &'static str = "sg";
    const NOT_FOUND: &'static str = "InvalidGroup.NotFound";
    const MALFORMED: Option<&'static str> = Some("InvalidGroupId.Malformed");
    const SUBJECT: &'static str = "security group";

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
            ("ec2:SecurityGroupID", self.id.clone()),
            ("ec2:Vpc", noun::arn(self.scope, Vpc::NOUN, &self.vpc)),
        ]
    }
}

impl Resource for SecurityGroup {
    const TYPE: ResourceType = ResourceType("AWS::EC2::SecurityGroup");

    fn identity(&self) -> ResourceIdentity {
        noun::identity(Self::TYPE, self.scope, Self::NOUN, &self.id, Some(self.name.clone()))
    }

    fn describe(&self, view: &View) -> Result<Description, StoreError> {
        let configuration = document!({
            "description": (self.description.as_str()),
            "groupName": (self.name.as_str()),
            "ipPermissions": (self.permissions(false)),
            "ownerId": (self.scope.account.as_str()),
            "groupId": (self.id.as_str()),
            "ipPermissionsEgress": (self.permissions(true)),
            "tags": (noun::tag_list(&self.tags)),
            "vpcId": (self.vpc.as_str()),
        });
        let mut relationships = vec![Relationship::to("Is contained in Vpc", Vpc::TYPE.as_str(), &self.vpc)];
        for interface in view.list::<NetworkInterface>(self.scope)? {
            if interface.groups.contains(&self.id) {
                let interface_type = NetworkInterface::TYPE.as_str();
                relationships.push(Relationship::to(
                    "Is associated with NetworkInterface",
                    interface_type,
                    interface.id,
                ));
            }
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

impl SecurityGroup {
    /// The rules of one direction by traffic, each with its peers. In an order of their own, so that a group whose rules were revoked and
    /// authorized again looks as it did.
    fn permissions(&self, egress: bool) -> Document {
        let mut rules: Vec<&Rule> = self.direction(egress).collect();
        rules.sort_by_key(|rule| (&rule.traffic, &rule.peer));
        rules.chunk_by(|left, right| left.traffic == right.traffic).map(permission).collect()
    }
}

fn permission(rules: &[&Rule]) -> Document {
    let mut described = Document::object();
    let traffic = rules.first().map(|rule| &rule.traffic);
    let ports = traffic.and_then(|traffic| traffic.ports);
    if let Some((from, _)) = ports {
        described.set("fromPort", from);
    }
    described.set("ipProtocol", traffic.map(|traffic| traffic.protocol.as_str()));
    let peers = |member: fn(&Peer) -> Option<(&'static str, &str)>| -> Document {
        let described = rules.iter().filter_map(|rule| {
            let (name, value) = member(&rule.peer)?;
            let mut peer = Document::object();
            if let Some(text) = &rule.description {
                peer.set("description", text.as_str());
            }
            if let Peer::Group(_, owner) = &rule.peer {
                return Some(peer.with(name, value).with("userId", owner.as_str()));
            }
            Some(peer.with(name, value))
        });
        described.collect()
    };
    described.set(
        "ipv6Ranges",
        peers(|peer| match peer {
            Peer::Ipv6(cidr) => Some(("cidrIpv6", cidr)),
            _ => None,
        }),
    );
    described.set(
        "prefixListIds",
        peers(|peer| match peer {
            Peer::PrefixList(id) => Some(("prefixListId", id)),
            _ => None,
        }),
    );
    if let Some((_, to)) = ports {
        described.set("toPort", to);
    }
    described.set(
        "userIdGroupPairs",
        peers(|peer| match peer {
            Peer::Group(id, _) => Some(("groupId", id)),
            _ => None,
        }),
    );
    described.set(
        "ipv4Ranges",
        peers(|peer| match peer {
            Peer::Ipv4(cidr) => Some(("cidrIp", cidr)),
            _ => None,
        }),
    );
    let plain = rules.iter().filter_map(|rule| match &rule.peer {
        Peer::Ipv4(cidr) => Some(cidr.as_str()),
        _ => None,
    });
    described.with("ipRanges", plain.collect::<Document>())
}
