//! What a VPC is made of: the parts that come into being with it.

use crate::state::network_acl::Entry;
use crate::state::network_interface::internal_domain;
use crate::state::route_table::{Associated, Association, Destination, Route, Target};
use crate::state::security_group::{Peer, Rule, Traffic};
use crate::state::vpc::Ipv6Association;
use crate::state::{DhcpOptions, InternetGateway, NetworkAcl, RouteTable, SecurityGroup, Subnet, Vpc};
use crate::zones::{self, Zone};
use clock::Entropy;
use names::{Scope, Tags};
use store::{StoreError, Tx};

/// A fresh id, such as `vpc-` and seventeen hexadecimal digits.
pub(crate) fn id(entropy: &Entropy, prefix: &str) -> String {
    format!("{prefix}-{}", entropy.hex(17))
}

/// A rule for all traffic.
pub(crate) fn everything(entropy: &Entropy, egress: bool, peer: Peer) -> Rule {
    let traffic = Traffic { protocol: "-1".into(), ports: None };
    Rule { id: id(entropy, "sgr"), egress, traffic, peer, description: None, tags: Tags::new() }
}

/// What a new VPC is to be.
pub(crate) struct NewVpc {
    pub(crate) cidr: String,
    pub(crate) ipv6: bool,
    pub(crate) tenancy: String,
    pub(crate) is_default: bool,
    pub(crate) tags: Tags,
}

/// Makes a VPC with its main route table, its default network ACL and its default security group.
pub(crate) fn make_vpc(tx: &mut Tx, scope: Scope, entropy: &Entropy, new: NewVpc) -> Result<Vpc, StoreError> {
    let NewVpc { cidr, ipv6, tenancy, is_default, tags } = new;
    let vpc = Vpc {
        scope,
        id: id(entropy, "vpc"),
        cidr,
        cidr_association: id(entropy, "vpc-cidr-assoc"),
        ipv6: ipv6.then(|| amazon_block(entropy)),
        dhcp_options: default_dhcp_options(tx, scope, entropy)?,
        tenancy,
        is_default,
        dns_support: true,
        dns_hostnames: is_default,
        address_metrics: false,
        tags,
    };
    let associations = vec![Association { id: id(entropy, "rtbassoc"), of: Associated::Main }];
    let routes = local_routes(&vpc);
    let (table, tags) = (id(entropy, "rtb"), Tags::new());
    tx.insert(RouteTable { scope, id: table, vpc: vpc.id.clone(), routes, associations, tags })?;
    let mut acl = NetworkAcl {
        scope,
        id: id(entropy, "acl"),
        vpc: vpc.id.clone(),
        is_default: true,
        entries: [true, false].map(|egress| Entry::everything(egress, 100, true)).to_vec(),
        associations: Vec::new(),
        tags: Tags::new(),
    };
    acl.entries.extend(Entry::last());
    if vpc.ipv6.is_some() {
        acl.entries.extend([true, false].map(|egress| Entry {
            cidr: None,
            ipv6_cidr: Some("::/0".into()),
            ..Entry::everything(egress, 101, true)
        }));
    }
    acl.sort();
    tx.insert(acl)?;
    tx.insert(default_group(scope, entropy, &vpc.id))?;
    tx.insert(vpc.clone())?;
    Ok(vpc)
}

fn default_group(scope: Scope, entropy: &Entropy, vpc: &str) -> SecurityGroup {
    let group = id(entropy, "sg");
    let members = Peer::Group(group.clone(), scope.account.to_string());
    SecurityGroup {
        scope,
        id: group,
        name: "default".into(),
        description: "default VPC security group".into(),
        vpc: vpc.to_owned(),
        rules: vec![
            everything(entropy, false, members),
            everything(entropy, true, Peer::Ipv4("0.0.0.0/0".into())),
        ],
        tags: Tags::new(),
    }
}

/// A /56 block of Amazon's addresses.
fn amazon_block(entropy: &Entropy) -> Ipv6Association {
    let digits = entropy.hex(6);
    let (middle, last) = digits.split_at_checked(4).unwrap_or(("0000", "00"));
    let cidr = crate::cidr::Ipv6Block::parse(&format!("2600:1f18:{middle}:{last}00::/56"));
    Ipv6Association {
        id: id(entropy, "vpc-cidr-assoc"),
        cidr: cidr.map(|cidr| cidr.to_string()).unwrap_or_default(),
    }
}

/// The routes that every table of a VPC has.
pub(crate) fn local_routes(vpc: &Vpc) -> Vec<Route> {
    let local = |destination| Route { destination, target: Target::Local, original: true, blackhole: false };
    let ipv6 = vpc.ipv6.iter().map(|block| local(Destination::Ipv6(block.cidr.clone())));
    std::iter::once(local(Destination::Ipv4(vpc.cidr.clone()))).chain(ipv6).collect()
}

/// The options that a VPC has from the start: those of the account and region, made once.
fn default_dhcp_options(tx: &mut Tx, scope: Scope, entropy: &Entropy) -> Result<String, StoreError> {
    let configurations = vec![
        ("domain-name".to_owned(), vec![internal_domain(scope)]),
        ("domain-name-servers".to_owned(), vec!["AmazonProvidedDNS".to_owned()]),
    ];
    let existing = tx.list::<DhcpOptions>(scope)?;
    if let Some(options) = existing.into_iter().find(|options| options.configurations == configurations) {
        return Ok(options.id);
    }
    let options = DhcpOptions { scope, id: id(entropy, "dopt"), configurations, tags: Tags::new() };
    tx.insert(options.clone())?;
    Ok(options.id)
}

/// A subnet as AWS makes it, before anything of it is changed.
pub(crate) fn new_subnet(scope: Scope, entropy: &Entropy, vpc: &str, zone: &Zone) -> Subnet {
    Subnet {
        scope,
        id: id(entropy, "subnet"),
        vpc: vpc.to_owned(),
        cidr: None,
        ipv6: None,
        zone: zone.name.clone(),
        zone_id: zone.id.clone(),
        default_for_zone: false,
        public_addresses: false,
        ipv6_addresses: false,
        dns64: false,
        hostname_type: "ip-name".into(),
        a_record: false,
        aaaa_record: false,
        lni_index: None,
        tags: Tags::new(),
    }
}

/// Writes a new subnet, which the VPC's default network ACL then governs.
pub(crate) fn add_subnet(tx: &mut Tx, entropy: &Entropy, subnet: Subnet) -> Result<(), StoreError> {
    if let Some(mut acl) = NetworkAcl::default_of(tx, subnet.scope, &subnet.vpc)? {
        acl.associations.push((id(entropy, "aclassoc"), subnet.id.clone()));
        tx.update(acl)?;
    }
    tx.insert(subnet)
}

/// Makes the default VPC: 172.31.0.0/16, a /20 subnet in each zone, a gateway, and a route to it.
pub(crate) fn make_default_vpc(tx: &mut Tx, scope: Scope, entropy: &Entropy) -> Result<Vpc, StoreError> {
    let new = NewVpc {
        cidr: "172.31.0.0/16".into(),
        ipv6: false,
        tenancy: "default".into(),
        is_default: true,
        tags: Tags::new(),
    };
    let vpc = make_vpc(tx, scope, entropy, new)?;
    let gateway =
        InternetGateway { scope, id: id(entropy, "igw"), vpc: Some(vpc.id.clone()), tags: Tags::new() };
    for mut table in RouteTable::of_vpc(tx, scope, &vpc.id)? {
        table.routes.push(Route {
            destination: Destination::Ipv4("0.0.0.0/0".into()),
            target: Target::InternetGateway(gateway.id.clone()),
            original: false,
            blackhole: false,
        });
        tx.update(table)?;
    }
    tx.insert(gateway)?;
    for (index, zone) in zones::zones(scope.region).iter().enumerate() {
        let mut subnet = new_subnet(scope, entropy, &vpc.id, zone);
        subnet.cidr = Some(format!("172.31.{}.0/20", index.saturating_mul(16)));
        subnet.default_for_zone = true;
        subnet.public_addresses = true;
        add_subnet(tx, entropy, subnet)?;
    }
    Ok(vpc)
}
