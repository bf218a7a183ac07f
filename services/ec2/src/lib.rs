//! EC2's networks: VPCs, subnets, gateways, routes, network ACLs, security groups, network interfaces, prefix lists, and their tags.
//!
//! What it is: the state and operations of these, with AWS's checks, limits and sentences; the default VPC of every account and region; their
//! items for AWS Config and their handlers for CloudFormation.
//! What it is not: it runs no instances and moves no packets. What can only be attached to an instance is attached to nothing.

mod access;
mod answer;
mod cidr;
mod cloudformation;
mod error;
mod filter;
mod network;
mod operations;
mod page;
mod seed;
mod state;
mod tags;
mod zones;

use contract::Registration;

/// The service.
#[derive(Debug)]
pub struct Ec2;

/// Its table of contents.
#[must_use]
pub fn registration() -> Registration {
    let contents = Registration::new(&api_ec2::SERVICE).seed(seed::seed);
    let contents = resources(contents);
    let contents = networks(contents);
    let contents = security(contents);
    cloudformation::register(contents)
}

fn resources(contents: Registration) -> Registration {
    contents
        .resource::<state::Vpc>()
        .resource::<state::Subnet>()
        .resource::<state::InternetGateway>()
        .resource::<state::RouteTable>()
        .resource::<state::NetworkAcl>()
        .resource::<state::DhcpOptions>()
        .resource::<state::SecurityGroup>()
        .resource::<state::NetworkInterface>()
        .resource::<state::PrefixList>()
}

fn networks(contents: Registration) -> Registration {
    contents
        .transact::<Ec2, api_ec2::DescribeAccountAttributes>()
        .transact::<Ec2, api_ec2::DescribeAvailabilityZones>()
        .transact::<Ec2, api_ec2::DescribeRegions>()
        .transact::<Ec2, api_ec2::CreateVpc>()
        .transact::<Ec2, api_ec2::CreateDefaultVpc>()
        .transact::<Ec2, api_ec2::DeleteVpc>()
        .transact::<Ec2, api_ec2::DescribeVpcs>()
        .transact::<Ec2, api_ec2::ModifyVpcAttribute>()
        .transact::<Ec2, api_ec2::DescribeVpcAttribute>()
        .transact::<Ec2, api_ec2::CreateSubnet>()
        .transact::<Ec2, api_ec2::CreateDefaultSubnet>()
        .transact::<Ec2, api_ec2::DeleteSubnet>()
        .transact::<Ec2, api_ec2::DescribeSubnets>()
        .transact::<Ec2, api_ec2::ModifySubnetAttribute>()
        .transact::<Ec2, api_ec2::CreateInternetGateway>()
        .transact::<Ec2, api_ec2::DeleteInternetGateway>()
        .transact::<Ec2, api_ec2::DescribeInternetGateways>()
        .transact::<Ec2, api_ec2::AttachInternetGateway>()
        .transact::<Ec2, api_ec2::DetachInternetGateway>()
        .transact::<Ec2, api_ec2::CreateRouteTable>()
        .transact::<Ec2, api_ec2::DeleteRouteTable>()
        .transact::<Ec2, api_ec2::DescribeRouteTables>()
        .transact::<Ec2, api_ec2::CreateRoute>()
        .transact::<Ec2, api_ec2::DeleteRoute>()
        .transact::<Ec2, api_ec2::ReplaceRoute>()
        .transact::<Ec2, api_ec2::AssociateRouteTable>()
        .transact::<Ec2, api_ec2::DisassociateRouteTable>()
        .transact::<Ec2, api_ec2::ReplaceRouteTableAssociation>()
        .transact::<Ec2, api_ec2::CreateDhcpOptions>()
        .transact::<Ec2, api_ec2::DeleteDhcpOptions>()
        .transact::<Ec2, api_ec2::DescribeDhcpOptions>()
        .transact::<Ec2, api_ec2::AssociateDhcpOptions>()
        .transact::<Ec2, api_ec2::CreateNetworkInterface>()
        .transact::<Ec2, api_ec2::DeleteNetworkInterface>()
        .transact::<Ec2, api_ec2::DescribeNetworkInterfaces>()
        .transact::<Ec2, api_ec2::ModifyNetworkInterfaceAttribute>()
        .transact::<Ec2, api_ec2::DescribeNetworkInterfaceAttribute>()
        .transact::<Ec2, api_ec2::CreateTags>()
        .transact::<Ec2, api_ec2::DeleteTags>()
        .transact::<Ec2, api_ec2::DescribeTags>()
}

fn security(contents: Registration) -> Registration {
    contents
        .transact::<Ec2, api_ec2::CreateNetworkAcl>()
        .transact::<Ec2, api_ec2::DeleteNetworkAcl>()
        .transact::<Ec2, api_ec2::DescribeNetworkAcls>()
        .transact::<Ec2, api_ec2::CreateNetworkAclEntry>()
        .transact::<Ec2, api_ec2::DeleteNetworkAclEntry>()
        .transact::<Ec2, api_ec2::ReplaceNetworkAclEntry>()
        .transact::<Ec2, api_ec2::ReplaceNetworkAclAssociation>()
        .transact::<Ec2, api_ec2::CreateSecurityGroup>()
        .transact::<Ec2, api_ec2::DeleteSecurityGroup>()
        .transact::<Ec2, api_ec2::DescribeSecurityGroups>()
        .transact::<Ec2, api_ec2::DescribeSecurityGroupRules>()
        .transact::<Ec2, api_ec2::AuthorizeSecurityGroupIngress>()
        .transact::<Ec2, api_ec2::AuthorizeSecurityGroupEgress>()
        .transact::<Ec2, api_ec2::RevokeSecurityGroupIngress>()
        .transact::<Ec2, api_ec2::RevokeSecurityGroupEgress>()
        .transact::<Ec2, api_ec2::ModifySecurityGroupRules>()
        .transact::<Ec2, api_ec2::UpdateSecurityGroupRuleDescriptionsIngress>()
        .transact::<Ec2, api_ec2::UpdateSecurityGroupRuleDescriptionsEgress>()
        .transact::<Ec2, api_ec2::DescribeSecurityGroupReferences>()
        .transact::<Ec2, api_ec2::DescribeStaleSecurityGroups>()
        .transact::<Ec2, api_ec2::CreateManagedPrefixList>()
        .transact::<Ec2, api_ec2::DeleteManagedPrefixList>()
        .transact::<Ec2, api_ec2::DescribeManagedPrefixLists>()
        .transact::<Ec2, api_ec2::GetManagedPrefixListEntries>()
        .transact::<Ec2, api_ec2::ModifyManagedPrefixList>()
        .transact::<Ec2, api_ec2::DescribePrefixLists>()
}
