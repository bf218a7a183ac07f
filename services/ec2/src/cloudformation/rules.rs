//! Rules of security groups as templates write them.

use super::step::number;
use api_ec2::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};
use contract::{HandlerFailure, Properties};

/// The members of a rule that comes in.
const INGRESS: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "Description",
    "FromPort",
    "IpProtocol",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "SourceSecurityGroupOwnerId",
    "ToPort",
];

/// The members of a rule that goes out.
const EGRESS: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "Description",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
    "FromPort",
    "IpProtocol",
    "ToPort",
];

/// The rules of a group's list, one permission each.
pub(crate) fn listed(properties: &Properties, egress: bool) -> Result<Vec<IpPermission>, HandlerFailure> {
    let list = properties.objects(if egress { "SecurityGroupEgress" } else { "SecurityGroupIngress" })?;
    let rule = |rule: &Properties| {
        rule.only(if egress { EGRESS } else { INGRESS })?;
        permission(rule, egress)
    };
    list.iter().map(rule).collect()
}

/// The permission of one rule.
pub(crate) fn permission(rule: &Properties, egress: bool) -> Result<IpPermission, HandlerFailure> {
    let description = rule.string("Description")?;
    let mut permission = IpPermission {
        ip_protocol: Some(rule.required_string("IpProtocol")?),
        from_port: number(rule, "FromPort")?,
        to_port: number(rule, "ToPort")?,
        ..Default::default()
    };
    let (list, group) = if egress {
        ("DestinationPrefixListId", "DestinationSecurityGroupId")
    } else {
        ("SourcePrefixListId", "SourceSecurityGroupId")
    };
    let named = if egress { None } else { rule.string("SourceSecurityGroupName")? };
    let owner = if egress { None } else { rule.string("SourceSecurityGroupOwnerId")? };
    let (cidr, cidr_ipv6) = (rule.string("CidrIp")?, rule.string("CidrIpv6")?);
    let (list, group) = (rule.string(list)?, rule.string(group)?);
    let peers = [&cidr, &cidr_ipv6, &list, &group, &named].into_iter().flatten().count();
    if peers != 1 {
        return Err(HandlerFailure::invalid(format!(
            "{}: exactly one of CidrIp, CidrIpv6, a prefix list id and a security group must be specified for a rule",
            rule.path()
        )));
    }
    if let Some(cidr_ip) = cidr {
        permission.ip_ranges = Some(vec![IpRange { description, cidr_ip: Some(cidr_ip) }]);
    } else if let Some(cidr_ipv6) = cidr_ipv6 {
        permission.ipv6_ranges = Some(vec![Ipv6Range { description, cidr_ipv6: Some(cidr_ipv6) }]);
    } else if let Some(id) = list {
        permission.prefix_list_ids = Some(vec![PrefixListId { description, prefix_list_id: Some(id) }]);
    } else {
        let pair = UserIdGroupPair {
            description,
            group_id: group,
            group_name: named,
            user_id: owner,
            ..Default::default()
        };
        permission.user_id_group_pairs = Some(vec![pair]);
    }
    Ok(permission)
}

/// The permission without its description: what makes two rules the same.
pub(crate) fn bare(permission: &IpPermission) -> IpPermission {
    let mut bare = permission.clone();
    for range in bare.ip_ranges.iter_mut().flatten() {
        range.description = None;
    }
    for range in bare.ipv6_ranges.iter_mut().flatten() {
        range.description = None;
    }
    for list in bare.prefix_list_ids.iter_mut().flatten() {
        list.description = None;
    }
    for pair in bare.user_id_group_pairs.iter_mut().flatten() {
        pair.description = None;
    }
    bare
}

/// Everything to everywhere, as a new group has it.
pub(crate) fn everything(ipv6: bool) -> IpPermission {
    let ip_protocol = Some("-1".to_owned());
    if ipv6 {
        let ipv6_ranges = Some(vec![Ipv6Range { description: None, cidr_ipv6: Some("::/0".into()) }]);
        return IpPermission { ip_protocol, ipv6_ranges, ..Default::default() };
    }
    let ip_ranges = Some(vec![IpRange { description: None, cidr_ip: Some("0.0.0.0/0".into()) }]);
    IpPermission { ip_protocol, ip_ranges, ..Default::default() }
}
