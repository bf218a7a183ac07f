//! CreateVpc, DeleteVpc, DescribeVpcs.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::cidr::Ipv4Block;
use crate::error::{
    combination, has_dependencies, invalid_parameter, missing, not_a_cidr, refuse, unsupported,
};
use crate::filter::{Filters, maybe, one};
use crate::network::{self, NewVpc};
use crate::page::Paging;
use crate::state::creation::Creation;
use crate::state::noun;
use crate::state::{
    InternetGateway, NetworkAcl, NetworkInterface, Noun, RouteTable, SecurityGroup, Subnet, Vpc,
};
use crate::tags;
use api_ec2::{
    BlockPublicAccessMode, BlockPublicAccessStates, CreateVpc, CreateVpcOutput, DeleteVpc, DeleteVpcOutput,
    DescribeVpcs, DescribeVpcsOutput, Error, IpSource, Ipv6AddressAttribute, Tenancy,
    VpcCidrBlockAssociation, VpcCidrBlockState, VpcCidrBlockStateCode, VpcIpv6CidrBlockAssociation, VpcState,
};
use contract::{Access, Call, Transact};
use names::Scope;
use store::{StoreError, Tx, View};

/// The most VPCs of an account in a region.
const MOST: usize = 5;

impl Transact<CreateVpc> for Ec2 {
    fn access(input: &CreateVpc, call: &Call, view: &View) -> Access {
        let mut needs = Needs::of(call, view).making::<Vpc>(input.tag_specifications.as_ref());
        for pool in [&input.ipv4_ipam_pool_id, &input.ipv6_ipam_pool_id].into_iter().flatten() {
            needs = needs.on_arn("ipam-pool", pool, None);
        }
        if let Some(pool) = &input.ipv6_pool {
            needs = needs.on_arn("ipv6pool-ec2", pool, None);
        }
        needs.access()
    }

    fn run(input: CreateVpc, call: &Call, tx: &mut Tx) -> Result<CreateVpcOutput, Error> {
        let scope = call.scope();
        refuse_pools(&input)?;
        if input.vpc_encryption_control.is_some() {
            return Err(unsupported("VPC encryption control is not supported in this Region."));
        }
        let block = vpc_block(input.cidr_block.as_deref())?;
        let tenancy = input.instance_tenancy.unwrap_or(Tenancy::Default);
        if tenancy == Tenancy::Host {
            return Err(invalid_parameter("host", "instanceTenancy", "Use default or dedicated."));
        }
        let ipv6 = input.amazon_provided_ipv6_cidr_block.unwrap_or_default();
        if let Some(group) = &input.ipv6_cidr_block_network_border_group {
            if !ipv6 {
                let message = "The parameter ipv6CidrBlockNetworkBorderGroup can be used only with amazonProvidedIpv6CidrBlock";
                return Err(combination(message));
            }
            if group != scope.region.as_str() {
                return Err(invalid_parameter(group, "ipv6CidrBlockNetworkBorderGroup", ""));
            }
        }
        let new = tags::for_new(call, input.tag_specifications, Vpc::NOUN)?;
        if tx.scan::<Vpc>(scope, ()).count()? >= MOST {
            return Err(refuse("VpcLimitExceeded", "The maximum number of VPCs has been reached."));
        }
        let wanted = NewVpc {
            cidr: block.to_string(),
            ipv6,
            tenancy: tenancy.as_str().to_owned(),
            is_default: false,
            tags: new.tags.clone(),
        };
        let vpc = network::make_vpc(tx, scope, &call.entropy, wanted)?;
        Creation::remember_step(tx, scope, &new, &vpc.id)?;
        let vpc = api_ec2::Vpc { state: Some(VpcState::Pending), ..described(&vpc) };
        answer(input.dry_run, CreateVpcOutput { vpc: Some(vpc) })
    }
}

/// There are no pools of addresses here, so none of them is found.
fn refuse_pools(input: &CreateVpc) -> Result<(), Error> {
    if let Some(pool) = input.ipv4_ipam_pool_id.as_ref().or(input.ipv6_ipam_pool_id.as_ref()) {
        return Err(refuse(
            "InvalidIpamPoolId.NotFound",
            format!("The ipam-pool ID '{pool}' does not exist"),
        ));
    }
    if input.ipv4_netmask_length.is_some() || input.ipv6_netmask_length.is_some() {
        return Err(combination("A netmask length can be used only with an IPAM pool."));
    }
    match (&input.ipv6_pool, &input.ipv6_cidr_block) {
        (Some(pool), _) => {
            Err(refuse("InvalidIpv6PoolId.NotFound", format!("The ipv6 pool ID '{pool}' does not exist")))
        }
        (None, Some(_)) => Err(missing("ipv6Pool")),
        (None, None) => Ok(()),
    }
}

/// A block that a VPC may have: /16 to /28.
fn vpc_block(text: Option<&str>) -> Result<Ipv4Block, Error> {
    let Some(text) = text else { return Err(missing("cidrBlock")) };
    let block = Ipv4Block::parse(text).ok_or_else(|| not_a_cidr(text, "cidrBlock"))?;
    let reserved = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"];
    let is_reserved =
        reserved.iter().filter_map(|text| Ipv4Block::parse(text)).any(|other| other.overlaps(block));
    if !(16..=28).contains(&block.length) || is_reserved {
        return Err(refuse("InvalidVpc.Range", format!("The CIDR '{text}' is invalid.")));
    }
    Ok(block)
}

impl Transact<DeleteVpc> for Ec2 {
    fn access(input: &DeleteVpc, call: &Call, view: &View) -> Access {
        Needs::of(call, view).on::<Vpc>(&input.vpc_id).access()
    }

    fn run(input: DeleteVpc, call: &Call, tx: &mut Tx) -> Result<DeleteVpcOutput, Error> {
        let scope = call.scope();
        let vpc: Vpc = noun::find(tx, scope, &input.vpc_id)?;
        let own = own_parts(tx, scope, &vpc.id)?.ok_or_else(|| has_dependencies("vpc", &vpc.id))?;
        tx.remove::<RouteTable>(scope, own.table.as_str())?;
        tx.remove::<NetworkAcl>(scope, own.acl.as_str())?;
        tx.remove::<SecurityGroup>(scope, own.group.as_str())?;
        tx.remove::<Vpc>(scope, vpc.id.as_str())?;
        answer(input.dry_run, DeleteVpcOutput {})
    }
}

/// The parts of a VPC that go with it.
struct OwnParts {
    table: String,
    acl: String,
    group: String,
}

/// The parts that came with a VPC; None where it has others.
fn own_parts(view: &View, scope: Scope, vpc: &str) -> Result<Option<OwnParts>, StoreError> {
    let mut tables = RouteTable::of_vpc(view, scope, vpc)?;
    let mut acls: Vec<NetworkAcl> = view.list(scope)?;
    acls.retain(|acl| acl.vpc == vpc);
    let mut groups: Vec<SecurityGroup> = view.list(scope)?;
    groups.retain(|group| group.vpc == vpc);
    let occupied = view.list::<Subnet>(scope)?.iter().any(|subnet| subnet.vpc == vpc)
        || view.list::<NetworkInterface>(scope)?.iter().any(|interface| interface.vpc == vpc)
        || InternetGateway::attached_to(view, scope, vpc)?.is_some();
    if occupied || tables.len() > 1 || acls.len() > 1 || groups.len() > 1 {
        return Ok(None);
    }
    Ok(match (tables.pop(), acls.pop(), groups.pop()) {
        (Some(table), Some(acl), Some(group)) => {
            Some(OwnParts { table: table.id, acl: acl.id, group: group.id })
        }
        _ => {
            return Err(StoreError::Corrupt(format!(
                "{vpc} has lost its route table, network ACL or security group"
            )));
        }
    })
}

const FILTERS: &[&str] = &[
    "cidr",
    "cidr-block",
    "cidr-block-association.association-id",
    "cidr-block-association.cidr-block",
    "cidr-block-association.state",
    "dhcp-options-id",
    "ipv6-cidr-block-association.association-id",
    "ipv6-cidr-block-association.ipv6-cidr-block",
    "ipv6-cidr-block-association.ipv6-pool",
    "ipv6-cidr-block-association.state",
    "is-default",
    "isDefault",
    "owner-id",
    "state",
    "vpc-id",
];

impl Transact<DescribeVpcs> for Ec2 {
    fn access(_: &DescribeVpcs, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: DescribeVpcs, call: &Call, tx: &mut Tx) -> Result<DescribeVpcsOutput, Error> {
        let paging = Paging::new(input.next_token, input.max_results);
        paging.without_ids(input.vpc_ids.as_ref(), "vpcIds")?;
        let filters = Filters::parse(input.filters, FILTERS, true)?;
        let mut vpcs = noun::chosen::<Vpc>(tx, call.scope(), input.vpc_ids.as_ref())?;
        vpcs.retain(|vpc| filters.pass(&vpc.tags, |filter| values(vpc, filter)));
        let answered = vpcs.iter().map(|vpc| (vpc.id.clone(), described(vpc))).collect();
        let (vpcs, next_token) = paging.page("DescribeVpcs", answered)?;
        answer(input.dry_run, DescribeVpcsOutput { next_token, vpcs: Some(vpcs) })
    }
}

/// What a VPC has under a filter's name.
fn values(vpc: &Vpc, filter: &str) -> Vec<String> {
    let ipv6 = vpc.ipv6.as_ref();
    match filter {
        "cidr" | "cidr-block" | "cidr-block-association.cidr-block" => one(&vpc.cidr),
        "cidr-block-association.association-id" => one(&vpc.cidr_association),
        "cidr-block-association.state" => one("associated"),
        "dhcp-options-id" => one(&vpc.dhcp_options),
        "ipv6-cidr-block-association.association-id" => maybe(ipv6.map(|block| &block.id)),
        "ipv6-cidr-block-association.ipv6-cidr-block" => maybe(ipv6.map(|block| &block.cidr)),
        "ipv6-cidr-block-association.ipv6-pool" => maybe(ipv6.map(|_| "Amazon")),
        "ipv6-cidr-block-association.state" => maybe(ipv6.map(|_| "associated")),
        "is-default" | "isDefault" => one(vpc.is_default),
        "owner-id" => one(vpc.scope.account),
        "state" => one("available"),
        "vpc-id" => one(&vpc.id),
        _ => Vec::new(),
    }
}

/// As answers have it.
pub(crate) fn described(vpc: &Vpc) -> api_ec2::Vpc {
    let associated =
        || Some(VpcCidrBlockState { state: Some(VpcCidrBlockStateCode::Associated), status_message: None });
    let ipv6 = vpc.ipv6.as_ref().map(|block| VpcIpv6CidrBlockAssociation {
        association_id: Some(block.id.clone()),
        ipv6_cidr_block: Some(block.cidr.clone()),
        ipv6_cidr_block_state: associated(),
        network_border_group: Some(vpc.scope.region.to_string()),
        ipv6_pool: Some("Amazon".into()),
        ipv6_address_attribute: Some(Ipv6AddressAttribute::Public),
        ip_source: Some(IpSource::Amazon),
    });
    api_ec2::Vpc {
        owner_id: Some(vpc.scope.account.to_string()),
        instance_tenancy: vpc.tenancy.parse().ok(),
        ipv6_cidr_block_association_set: ipv6.map(|block| vec![block]),
        cidr_block_association_set: Some(vec![VpcCidrBlockAssociation {
            association_id: Some(vpc.cidr_association.clone()),
            cidr_block: Some(vpc.cidr.clone()),
            cidr_block_state: associated(),
        }]),
        is_default: Some(vpc.is_default),
        encryption_control: None,
        tags: tags::listed(&vpc.tags),
        block_public_access_states: Some(BlockPublicAccessStates {
            internet_gateway_block_mode: Some(BlockPublicAccessMode::Off),
        }),
        vpc_id: Some(vpc.id.clone()),
        state: Some(VpcState::Available),
        cidr_block: Some(vpc.cidr.clone()),
        dhcp_options_id: Some(vpc.dhcp_options.clone()),
    }
}
