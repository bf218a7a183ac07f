//! Rules as answers write them.

use crate::state::noun::arn;
use crate::state::security_group::{Peer, Rule, SecurityGroup, Traffic};
use crate::tags::listed;
use api_ec2::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, ReferencedSecurityGroup, RevokedSecurityGroupRule,
    SecurityGroupRule, UserIdGroupPair,
};

/// Rules by their traffic, in the order of the first of each.
pub(crate) fn permissions<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<IpPermission> {
    let mut grouped: Vec<(&Traffic, IpPermission)> = Vec::new();
    for rule in rules {
        let position =
            grouped.iter().position(|(traffic, _)| **traffic == rule.traffic).unwrap_or_else(|| {
                grouped.push((&rule.traffic, permission(&rule.traffic)));
                grouped.len().saturating_sub(1)
            });
        if let Some((_, permission)) = grouped.get_mut(position) {
            add(permission, rule);
        }
    }
    grouped.into_iter().map(|(_, permission)| permission).collect()
}

fn permission(traffic: &Traffic) -> IpPermission {
    IpPermission {
        ip_protocol: Some(traffic.protocol.clone()),
        from_port: traffic.ports.map(|(from, _)| from),
        to_port: traffic.ports.map(|(_, to)| to),
        user_id_group_pairs: Some(Vec::new()),
        ip_ranges: Some(Vec::new()),
        ipv6_ranges: Some(Vec::new()),
        prefix_list_ids: Some(Vec::new()),
    }
}

fn add(permission: &mut IpPermission, rule: &Rule) {
    let description = rule.description.clone();
    match &rule.peer {
        Peer::Ipv4(cidr) => {
            let range = IpRange { description, cidr_ip: Some(cidr.clone()) };
            permission.ip_ranges.get_or_insert_default().push(range);
        }
        Peer::Ipv6(cidr) => {
            let range = Ipv6Range { description, cidr_ipv6: Some(cidr.clone()) };
            permission.ipv6_ranges.get_or_insert_default().push(range);
        }
        Peer::PrefixList(id) => {
            let list = PrefixListId { description, prefix_list_id: Some(id.clone()) };
            permission.prefix_list_ids.get_or_insert_default().push(list);
        }
        Peer::Group(id, owner) => {
            let (group_id, user_id) = (Some(id.clone()), Some(owner.clone()));
            let pair = UserIdGroupPair { description, user_id, group_id, ..Default::default() };
            permission.user_id_group_pairs.get_or_insert_default().push(pair);
        }
    }
}

/// A rule with its id.
pub(crate) fn described(group: &SecurityGroup, rule: &Rule) -> SecurityGroupRule {
    let (from, to) = rule.traffic.ports.unwrap_or((-1, -1));
    let mut answer = SecurityGroupRule {
        security_group_rule_id: Some(rule.id.clone()),
        group_id: Some(group.id.clone()),
        group_owner_id: Some(group.scope.account.to_string()),
        is_egress: Some(rule.egress),
        ip_protocol: Some(rule.traffic.protocol.clone()),
        from_port: Some(from),
        to_port: Some(to),
        description: rule.description.clone(),
        tags: Some(listed(&rule.tags).unwrap_or_default()),
        security_group_rule_arn: Some(arn(group.scope, "security-group-rule", &rule.id)),
        ..Default::default()
    };
    match rule.peer.clone() {
        Peer::Ipv4(cidr) => answer.cidr_ipv4 = Some(cidr),
        Peer::Ipv6(cidr) => answer.cidr_ipv6 = Some(cidr),
        Peer::PrefixList(id) => answer.prefix_list_id = Some(id),
        Peer::Group(id, owner) => {
            answer.referenced_group_info = Some(ReferencedSecurityGroup {
                group_id: Some(id),
                user_id: Some(owner),
                ..Default::default()
            });
        }
    }
    answer
}

/// A rule that is gone.
pub(crate) fn revoked(group: &SecurityGroup, rule: &Rule) -> RevokedSecurityGroupRule {
    let (from, to) = rule.traffic.ports.unwrap_or((-1, -1));
    let mut answer = RevokedSecurityGroupRule {
        security_group_rule_id: Some(rule.id.clone()),
        group_id: Some(group.id.clone()),
        is_egress: Some(rule.egress),
        ip_protocol: Some(rule.traffic.protocol.clone()),
        from_port: Some(from),
        to_port: Some(to),
        description: rule.description.clone(),
        ..Default::default()
    };
    match rule.peer.clone() {
        Peer::Ipv4(cidr) => answer.cidr_ipv4 = Some(cidr),
        Peer::Ipv6(cidr) => answer.cidr_ipv6 = Some(cidr),
        Peer::PrefixList(id) => answer.prefix_list_id = Some(id),
        Peer::Group(id, _) => answer.referenced_group_id = Some(id),
    }
    answer
}
