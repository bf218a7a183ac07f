//! CreateSubnet, DeleteSubnet, DescribeSubnets.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::cidr::{Ipv4Block, Ipv6Block};
use crate::error::{combination, has_dependencies, invalid_parameter, missing, not_a_cidr, refuse};
use crate::filter::{Filters, maybe, one};
use crate::network;
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::vpc::Ipv6Association;
use crate::state::{NetworkAcl, Noun, RouteTable, Subnet, Vpc};
use crate::tags;
use crate::zones::{self, Zone};
use api_ec2::{
    BlockPublicAccessMode, BlockPublicAccessStates, CreateSubnet, CreateSubnetOutput, DeleteSubnet,
    DeleteSubnetOutput, DescribeSubnets, DescribeSubnetsOutput, Error, IpSource, Ipv6AddressAttribute,
    PrivateDnsNameOptionsOnLaunch, SubnetCidrBlockState, SubnetCidrBlockStateCode,
    SubnetIpv6CidrBlockAssociation, SubnetState,
};
use contract::{Access, Call, Transact};
use names::Scope;
use store::{StoreError, Tx, View};

/// The most subnets of a VPC.
const MOST: usize = 200;

/// The zone that a request names by name or id; the first where it names none.
pub(crate) fn zone(scope: Scope, name: Option<&str>, id: Option<&str>) -> Result<Zone, Error> {
    let zones = zones::zones(scope.region);
    let (wanted, parameter) = match (name, id) {
        (Some(name), _) => (name, "availabilityZone"),
        (None, Some(id)) => (id, "availabilityZoneId"),
        (None, None) => ("", ""),
    };
    let known = |zone: &&Zone| wanted.is_empty() || zone.name == wanted || zone.id == wanted;
    let by_id = parameter == "availabilityZoneId";
    zones.iter().find(known).cloned().ok_or_else(|| {
        let all: Vec<&str> =
            zones.iter().map(|zone| if by_id { zone.id.as_str() } else { zone.name.as_str() }).collect();
        let why = format!(
            "Subnets can currently only be created in the following availability zones: {}.",
            all.join(", ")
        );
        invalid_parameter(wanted, parameter, &why)
    })
}

impl Transact<CreateSubnet> for Ec2 {
    fn access(input: &CreateSubnet, call: &Call, view: &View) -> Access {
        let mut needs = Needs::of(call, view)
            .making::<Subnet>(input.tag_specifications.as_ref())
            .on::<Vpc>(&input.vpc_id);
        for pool in [&input.ipv4_ipam_pool_id, &input.ipv6_ipam_pool_id].into_iter().flatten() {
            needs = needs.on_arn("ipam-pool", pool, None);
        }
        needs.access()
    }

    fn run(input: CreateSubnet, call: &Call, tx: &mut Tx) -> Result<CreateSubnetOutput, Error> {
        let scope = call.scope();
        refuse_pools(&input)?;
        let vpc: Vpc = noun::find(tx, scope, &input.vpc_id)?;
        if input.availability_zone.is_some() && input.availability_zone_id.is_some() {
            let message =
                "The parameter availabilityZoneId cannot be used with the parameter availabilityZone";
            return Err(combination(message));
        }
        let zone = zone(scope, input.availability_zone.as_deref(), input.availability_zone_id.as_deref())?;
        let new = tags::for_new(call, input.tag_specifications.clone(), Subnet::NOUN)?;
        let others: Vec<Subnet> =
            tx.list::<Subnet>(scope)?.into_iter().filter(|subnet| subnet.vpc == vpc.id).collect();
        let mut subnet = network::new_subnet(scope, &call.entropy, &vpc.id, &zone);
        subnet.cidr = ipv4(&input, &vpc, &others)?.map(|block| block.to_string());
        subnet.ipv6 = ipv6(&input, &vpc, &others)?.map(|block| Ipv6Association {
            id: network::id(&call.entropy, "subnet-cidr-assoc"),
            cidr: block.to_string(),
        });
        if subnet.cidr.is_none() {
            subnet.ipv6_addresses = true;
            subnet.hostname_type = "resource-name".into();
        }
        if others.len() >= MOST {
            return Err(refuse("SubnetLimitExceeded", "The maximum number of subnets has been reached."));
        }
        subnet.tags.clone_from(&new.tags);
        Creation::remember_step(tx, scope, &new, &subnet.id)?;
        network::add_subnet(tx, &call.entropy, subnet.clone())?;
        let described = described(tx, &subnet)?;
        answer(input.dry_run, CreateSubnetOutput { subnet: Some(described) })
    }
}

/// There are no pools of addresses and no Outposts here, so none of them is found.
fn refuse_pools(input: &CreateSubnet) -> Result<(), Error> {
    if let Some(pool) = input.ipv4_ipam_pool_id.as_ref().or(input.ipv6_ipam_pool_id.as_ref()) {
        return Err(refuse(
            "InvalidIpamPoolId.NotFound",
            format!("The ipam-pool ID '{pool}' does not exist"),
        ));
    }
    if input.ipv4_netmask_length.is_some() || input.ipv6_netmask_length.is_some() {
        return Err(combination("A netmask length can be used only with an IPAM pool."));
    }
    match &input.outpost_arn {
        Some(arn) => Err(invalid_parameter(arn, "outpostArn", "The Outpost does not exist.")),
        None => Ok(()),
    }
}

fn ipv4(input: &CreateSubnet, vpc: &Vpc, others: &[Subnet]) -> Result<Option<Ipv4Block>, Error> {
    let native = input.ipv6_native == Some(true);
    let Some(text) = &input.cidr_block else {
        return if native { Ok(None) } else { Err(missing("cidrBlock")) };
    };
    if native {
        return Err(combination("The parameter cidrBlock cannot be used with the parameter ipv6Native"));
    }
    let block = Ipv4Block::parse(text).ok_or_else(|| not_a_cidr(text, "cidrBlock"))?;
    if !(16..=28).contains(&block.length) || !vpc.block()?.contains(block) {
        return Err(refuse("InvalidSubnet.Range", format!("The CIDR '{text}' is invalid.")));
    }
    if others.iter().filter_map(Subnet::block).any(|other| other.overlaps(block)) {
        return Err(refuse(
            "InvalidSubnet.Conflict",
            format!("The CIDR '{text}' conflicts with another subnet"),
        ));
    }
    Ok(Some(block))
}

fn ipv6(input: &CreateSubnet, vpc: &Vpc, others: &[Subnet]) -> Result<Option<Ipv6Block>, Error> {
    let Some(text) = &input.ipv6_cidr_block else {
        return if input.ipv6_native == Some(true) { Err(missing("ipv6CidrBlock")) } else { Ok(None) };
    };
    let block = Ipv6Block::parse(text).ok_or_else(|| not_a_cidr(text, "ipv6CidrBlock"))?;
    let home = vpc.ipv6.as_ref().and_then(|ipv6| Ipv6Block::parse(&ipv6.cidr));
    let fits = (44..=64).contains(&block.length) && block.length.is_multiple_of(4);
    if !fits || !home.is_some_and(|home| home.contains(block)) {
        return Err(refuse("InvalidSubnet.Range", format!("The CIDR '{text}' is invalid.")));
    }
    let taken = |subnet: &Subnet| {
        let other = subnet.ipv6.as_ref().and_then(|ipv6| Ipv6Block::parse(&ipv6.cidr));
        other.is_some_and(|other| other.overlaps(block))
    };
    if others.iter().any(taken) {
        return Err(refuse(
            "InvalidSubnet.Conflict",
            format!("The CIDR '{text}' conflicts with another subnet"),
        ));
    }
    Ok(Some(block))
}

impl Transact<DeleteSubnet> for Ec2 {
    fn access(input: &DeleteSubnet, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<Subnet>(&input.subnet_id).access()
    }

    fn run(input: DeleteSubnet, call: &Call, tx: &mut Tx) -> Result<DeleteSubnetOutput, Error> {
        let scope = call.scope();
        let subnet: Subnet = noun::find(tx, scope, &input.subnet_id)?;
        if !subnet.interfaces(tx)?.is_empty() {
            return Err(has_dependencies("subnet", &subnet.id));
        }
        // Its associations go with it.
        if let Some(mut table) = RouteTable::of_subnet(tx, scope, &subnet.id)? {
            table.associations.retain(|association| association.subnet() != Some(subnet.id.as_str()));
            tx.update(table)?;
        }
        if let Some(mut acl) = NetworkAcl::of_subnet(tx, scope, &subnet.id)? {
            acl.associations.retain(|(_, associated)| *associated != subnet.id);
            tx.update(acl)?;
        }
        tx.remove::<Subnet>(scope, subnet.id.as_str())?;
        answer(input.dry_run, DeleteSubnetOutput {})
    }
}

const FILTERS: &[&str] = &[
    "availability-zone",
    "availability-zone-id",
    "availabilityZone",
    "availabilityZoneId",
    "available-ip-address-count",
    "cidr",
    "cidr-block",
    "cidrBlock",
    "customer-owned-ipv4-pool",
    "default-for-az",
    "defaultForAz",
    "enable-dns64",
    "enable-lni-at-device-index",
    "ipv6-cidr-block-association.association-id",
    "ipv6-cidr-block-association.ipv6-cidr-block",
    "ipv6-cidr-block-association.state",
    "ipv6-native",
    "map-customer-owned-ip-on-launch",
    "map-public-ip-on-launch",
    "outpost-arn",
    "owner-id",
    "private-dns-name-options-on-launch.enable-resource-name-dns-a-record",
    "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
    "private-dns-name-options-on-launch.hostname-type",
    "state",
    "subnet-arn",
    "subnet-id",
    "vpc-id",
];

impl Transact<DescribeSubnets> for Ec2 {
    fn access(_: &DescribeSubnets, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeSubnets, call: &Call, tx: &mut Tx) -> Result<DescribeSubnetsOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.subnet_ids.as_ref(), "subnetIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut answered = Vec::new();
        for subnet in noun::chosen::<Subnet>(tx, call.scope(), input.subnet_ids.as_ref())? {
            let described = described(tx, &subnet)?;
            let available = described.available_ip_address_count;
            if filters.pass(&subnet.tags, |filter| values(&subnet, available, filter)) {
                answered.push((subnet.id, described));
            }
        }
        let (subnets, next_token) = paging.page("DescribeSubnets", answered)?;
        answer(input.dry_run, DescribeSubnetsOutput { next_token, subnets: Some(subnets) })
    }
}

/// What a subnet has under a filter's name.
fn values(subnet: &Subnet, available: Option<i32>, filter: &str) -> Vec<String> {
    let ipv6 = subnet.ipv6.as_ref();
    match filter {
        "availability-zone" | "availabilityZone" => one(&subnet.zone),
        "availability-zone-id" | "availabilityZoneId" => one(&subnet.zone_id),
        "available-ip-address-count" => maybe(available),
        "cidr" | "cidr-block" | "cidrBlock" => maybe(subnet.cidr.as_ref()),
        "default-for-az" | "defaultForAz" => one(subnet.default_for_zone),
        "enable-dns64" => one(subnet.dns64),
        "enable-lni-at-device-index" => maybe(subnet.lni_index),
        "ipv6-cidr-block-association.association-id" => maybe(ipv6.map(|block| &block.id)),
        "ipv6-cidr-block-association.ipv6-cidr-block" => maybe(ipv6.map(|block| &block.cidr)),
        "ipv6-cidr-block-association.state" => maybe(ipv6.map(|_| "associated")),
        "ipv6-native" => one(subnet.cidr.is_none()),
        "map-customer-owned-ip-on-launch" => one(false),
        "map-public-ip-on-launch" => one(subnet.public_addresses),
        "owner-id" => one(subnet.scope.account),
        "private-dns-name-options-on-launch.enable-resource-name-dns-a-record" => one(subnet.a_record),
        "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record" => one(subnet.aaaa_record),
        "private-dns-name-options-on-launch.hostname-type" => one(&subnet.hostname_type),
        "state" => one("available"),
        "subnet-arn" => one(subnet.arn()),
        "subnet-id" => one(&subnet.id),
        "vpc-id" => one(&subnet.vpc),
        _ => Vec::new(),
    }
}

/// As answers have it.
pub(crate) fn described(view: &View, subnet: &Subnet) -> Result<api_ec2::Subnet, StoreError> {
    let ipv6 = subnet.ipv6.as_ref().map(|block| SubnetIpv6CidrBlockAssociation {
        association_id: Some(block.id.clone()),
        ipv6_cidr_block: Some(block.cidr.clone()),
        ipv6_cidr_block_state: Some(SubnetCidrBlockState {
            state: Some(SubnetCidrBlockStateCode::Associated),
            status_message: None,
        }),
        ipv6_address_attribute: Some(Ipv6AddressAttribute::Public),
        ip_source: Some(IpSource::Amazon),
    });
    Ok(api_ec2::Subnet {
        availability_zone_id: Some(subnet.zone_id.clone()),
        enable_lni_at_device_index: subnet.lni_index,
        map_customer_owned_ip_on_launch: Some(false),
        customer_owned_ipv4_pool: None,
        owner_id: Some(subnet.scope.account.to_string()),
        assign_ipv6_address_on_creation: Some(subnet.ipv6_addresses),
        ipv6_cidr_block_association_set: Some(ipv6.into_iter().collect()),
        tags: tags::listed(&subnet.tags),
        subnet_arn: Some(subnet.arn()),
        outpost_arn: None,
        enable_dns64: Some(subnet.dns64),
        ipv6_native: Some(subnet.cidr.is_none()),
        private_dns_name_options_on_launch: Some(PrivateDnsNameOptionsOnLaunch {
            hostname_type: subnet.hostname_type.parse().ok(),
            enable_resource_name_dns_a_record: Some(subnet.a_record),
            enable_resource_name_dns_aaaa_record: Some(subnet.aaaa_record),
        }),
        block_public_access_states: Some(BlockPublicAccessStates {
            internet_gateway_block_mode: Some(BlockPublicAccessMode::Off),
        }),
        r#type: None,
        subnet_id: Some(subnet.id.clone()),
        state: Some(SubnetState::Available),
        vpc_id: Some(subnet.vpc.clone()),
        cidr_block: subnet.cidr.clone(),
        available_ip_address_count: Some(subnet.available(view)?),
        availability_zone: Some(subnet.zone.clone()),
        default_for_az: Some(subnet.default_for_zone),
        map_public_ip_on_launch: Some(subnet.public_addresses),
    })
}
