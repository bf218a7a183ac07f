//! CreateDefaultVpc and CreateDefaultSubnet.

use crate::Ec2;
use crate::access::Needs;
use crate::answer::answer;
use crate::cidr::Ipv4Block;
use crate::error::{combination, missing, refuse, unsupported};
use crate::network;
use crate::operations::{subnet, vpc};
use crate::state::{Subnet, Vpc};
use api_ec2::{
    CreateDefaultSubnet, CreateDefaultSubnetOutput, CreateDefaultVpc, CreateDefaultVpcOutput, Error, VpcState,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

impl Transact<CreateDefaultVpc> for Ec2 {
    fn access(_: &CreateDefaultVpc, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: CreateDefaultVpc, call: &Call, tx: &mut Tx) -> Result<CreateDefaultVpcOutput, Error> {
        if Vpc::default_of(tx, call.scope())?.is_some() {
            let message = "A Default VPC already exists for this account in this region.";
            return Err(refuse("DefaultVpcAlreadyExists", message));
        }
        let vpc = network::make_default_vpc(tx, call.scope(), &call.entropy)?;
        let vpc = api_ec2::Vpc { state: Some(VpcState::Pending), ..vpc::described(&vpc) };
        answer(input.dry_run, CreateDefaultVpcOutput { vpc: Some(vpc) })
    }
}

impl Transact<CreateDefaultSubnet> for Ec2 {
    fn access(_: &CreateDefaultSubnet, call: &Call, view: &View) -> Access {
        Needs::of(call, view).anything()
    }

    fn run(input: CreateDefaultSubnet, call: &Call, tx: &mut Tx) -> Result<CreateDefaultSubnetOutput, Error> {
        let scope = call.scope();
        if input.availability_zone.is_some() && input.availability_zone_id.is_some() {
            let message =
                "The parameter availabilityZoneId cannot be used with the parameter availabilityZone";
            return Err(combination(message));
        }
        if input.availability_zone.is_none() && input.availability_zone_id.is_none() {
            return Err(missing("availabilityZone"));
        }
        if input.ipv6_native == Some(true) {
            return Err(unsupported("The default VPC has no IPv6 CIDR block for an IPv6-only subnet."));
        }
        let zone =
            subnet::zone(scope, input.availability_zone.as_deref(), input.availability_zone_id.as_deref())?;
        let Some(vpc) = Vpc::default_of(tx, scope)? else {
            let message = "No default VPC exists for this account in this region.";
            return Err(refuse("DefaultVpcDoesNotExist", message));
        };
        let subnets: Vec<Subnet> =
            tx.list::<Subnet>(scope)?.into_iter().filter(|subnet| subnet.vpc == vpc.id).collect();
        if let Some(existing) =
            subnets.iter().find(|subnet| subnet.default_for_zone && subnet.zone == zone.name)
        {
            let message = format!("'{}' is already the default subnet in {}.", existing.id, zone.name);
            return Err(refuse("DefaultSubnetAlreadyExistsInAvailabilityZone", message));
        }
        let free =
            |block: &Ipv4Block| !subnets.iter().filter_map(Subnet::block).any(|other| other.overlaps(*block));
        let candidates =
            (0..16_u32).filter_map(|index| Ipv4Block::parse(&format!("172.31.{}.0/20", index * 16)));
        let Some(block) = candidates.into_iter().find(free) else {
            return Err(refuse(
                "InsufficientFreeAddresses",
                "There is no free /20 block in the default VPC.",
            ));
        };
        let mut new = network::new_subnet(scope, &call.entropy, &vpc.id, &zone);
        new.cidr = Some(block.to_string());
        new.default_for_zone = true;
        new.public_addresses = true;
        network::add_subnet(tx, &call.entropy, new.clone())?;
        let described = subnet::described(tx, &new)?;
        answer(input.dry_run, CreateDefaultSubnetOutput { subnet: Some(described) })
    }
}
