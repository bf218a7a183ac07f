//! What the tests share.

use api_ec2::{
    AuthorizeSecurityGroupIngress, CreateSecurityGroup, CreateSubnet, CreateVpc, DescribeSecurityGroupRules,
    DescribeSecurityGroups, DescribeVpcs, Filter, IpPermission, IpRange, Ipv6Range,
    RevokeSecurityGroupIngress, SecurityGroup, SecurityGroupRule,
};
use contract::Caller;
use testkit::TestCloud;
use wire::{ErrorResponse, Operation};

pub(crate) fn cloud() -> TestCloud {
    TestCloud::new(vec![ec2::registration()])
}

/// Calls, and expects success.
pub(crate) async fn ok<I: Operation>(caller: &Caller, input: I) -> I::Output {
    match caller.call(input).await {
        Ok(output) => output,
        Err(error) => panic!("{}: {error}", I::SCHEMA.name),
    }
}

/// Calls, and expects a refusal: its code and sentence.
pub(crate) async fn refused<I: Operation>(caller: &Caller, input: I) -> (String, String) {
    match caller.call(input).await {
        Ok(_) => panic!("{} was expected to fail", I::SCHEMA.name),
        Err(ErrorResponse { code, message, .. }) => (code, message),
    }
}

pub(crate) fn pair(code: &str, message: impl Into<String>) -> (String, String) {
    (code.to_owned(), message.into())
}

pub(crate) fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

pub(crate) fn filter(name: &str, values: &[&str]) -> Filter {
    Filter { name: text(name), values: Some(values.iter().map(|value| (*value).to_owned()).collect()) }
}

pub(crate) async fn default_vpc(caller: &Caller) -> String {
    let describe =
        DescribeVpcs { filters: Some(vec![filter("is-default", &["true"])]), ..Default::default() };
    ok(caller, describe).await.vpcs.unwrap()[0].vpc_id.clone().unwrap()
}

pub(crate) async fn vpc(caller: &Caller, cidr: &str) -> String {
    let create = CreateVpc { cidr_block: text(cidr), ..Default::default() };
    ok(caller, create).await.vpc.unwrap().vpc_id.unwrap()
}

pub(crate) async fn subnet(caller: &Caller, vpc: &str, cidr: &str) -> String {
    let create = CreateSubnet { vpc_id: vpc.into(), cidr_block: text(cidr), ..Default::default() };
    ok(caller, create).await.subnet.unwrap().subnet_id.unwrap()
}

pub(crate) async fn group(caller: &Caller, vpc: Option<&str>, name: &str) -> String {
    let create = CreateSecurityGroup {
        group_name: name.into(),
        description: "a group of the tests".into(),
        vpc_id: vpc.map(str::to_owned),
        ..Default::default()
    };
    ok(caller, create).await.group_id.unwrap()
}

pub(crate) async fn described_group(caller: &Caller, id: &str) -> SecurityGroup {
    let describe = DescribeSecurityGroups { group_ids: Some(vec![id.into()]), ..Default::default() };
    ok(caller, describe).await.security_groups.unwrap().remove(0)
}

/// A permission for TCP from IPv4 blocks.
pub(crate) fn tcp(port: i32, blocks: &[&str]) -> IpPermission {
    let range = |block: &&str| IpRange { description: None, cidr_ip: text(block) };
    IpPermission {
        ip_protocol: text("tcp"),
        from_port: Some(port),
        to_port: Some(port),
        ip_ranges: Some(blocks.iter().map(range).collect()),
        ..Default::default()
    }
}

pub(crate) fn tcp_ipv6(port: i32, block: &str) -> IpPermission {
    IpPermission {
        ip_ranges: None,
        ipv6_ranges: Some(vec![Ipv6Range { description: None, cidr_ipv6: text(block) }]),
        ..tcp(port, &[])
    }
}

pub(crate) fn authorize(group: &str, permissions: Vec<IpPermission>) -> AuthorizeSecurityGroupIngress {
    let (group_id, ip_permissions) = (text(group), Some(permissions));
    AuthorizeSecurityGroupIngress { group_id, ip_permissions, ..Default::default() }
}

pub(crate) fn revoke(group: &str, permissions: Vec<IpPermission>) -> RevokeSecurityGroupIngress {
    let (group_id, ip_permissions) = (text(group), Some(permissions));
    RevokeSecurityGroupIngress { group_id, ip_permissions, ..Default::default() }
}

pub(crate) async fn rules(caller: &Caller, group: &str, egress: bool) -> Vec<SecurityGroupRule> {
    let filters = Some(vec![filter("group-id", &[group])]);
    let describe = DescribeSecurityGroupRules { filters, ..Default::default() };
    let mut rules = ok(caller, describe).await.security_group_rules.unwrap();
    rules.retain(|rule| rule.is_egress == Some(egress));
    rules.sort_by_key(|rule| (rule.from_port, rule.cidr_ipv4.clone(), rule.cidr_ipv6.clone()));
    rules
}
