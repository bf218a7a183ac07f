//! Rules as requests write them: IpPermission, SecurityGroupRuleRequest and the older single parameters.

use crate::cidr::{Ipv4Block, Ipv6Block};
use crate::error::{invalid_value, refuse};
use crate::state::noun;
use crate::state::security_group::{Peer, Rule, Traffic};
use crate::state::{PrefixList, SecurityGroup, Vpc};
use api_ec2::{Error, IpPermission, SecurityGroupRuleRequest, UserIdGroupPair};
use names::{Scope, Tags};
use store::View;

/// The most rules of a direction and address family.
pub(crate) const MOST_RULES: usize = 60;

/// Reads the protocol and its ports, by AWS's rules for each protocol.
pub(crate) fn traffic(protocol: Option<&str>, from: Option<i32>, to: Option<i32>) -> Result<Traffic, Error> {
    let given = protocol.unwrap_or_default();
    let lower = given.to_ascii_lowercase();
    let name = match lower.as_str() {
        "" => return Err(crate::error::missing("ipProtocol")),
        "6" => "tcp",
        "17" => "udp",
        "1" => "icmp",
        "58" => "icmpv6",
        other => other,
    };
    let ports = match name {
        "tcp" | "udp" => Some(ports(from, to)?),
        "icmp" => Some(icmp(from, to)?),
        "icmpv6" if from.is_none() && to.is_none() => Some((-1, -1)),
        "icmpv6" => Some(icmp(from, to)?),
        "-1" => None,
        number => {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            match number.parse::<u8>() {
                Ok(number) if digits => return Ok(Traffic { protocol: number.to_string(), ports: None }),
                _ => {
                    return Err(invalid_value(format!(
                        "Invalid value '{given}' for IP protocol. Unknown protocol."
                    )));
                }
            }
        }
    };
    Ok(Traffic { protocol: name.to_owned(), ports })
}

fn ports(from: Option<i32>, to: Option<i32>) -> Result<(i32, i32), Error> {
    let (Some(from), Some(to)) = (from, to) else {
        return Err(invalid_value("Must specify both from and to ports with TCP/UDP."));
    };
    if let Some(port) = [from, to].into_iter().find(|port| !(0..=65535).contains(port)) {
        return Err(invalid_value(format!("TCP/UDP port ({port}) out of range")));
    }
    if from > to {
        return Err(invalid_value(format!("Invalid TCP/UDP port range ({from}:{to})")));
    }
    Ok((from, to))
}

fn icmp(kind: Option<i32>, code: Option<i32>) -> Result<(i32, i32), Error> {
    let (Some(kind), Some(code)) = (kind, code) else {
        return Err(invalid_value("Must specify both ICMP type and code, or -1 for all."));
    };
    if !(-1..=255).contains(&kind) {
        return Err(invalid_value(format!("ICMP type ({kind}) out of range")));
    }
    if !(-1..=255).contains(&code) || (kind == -1 && code != -1) {
        return Err(invalid_value(format!("ICMP code ({code}) out of range")));
    }
    Ok((kind, code))
}

/// An IPv4 block without bits of the host.
pub(crate) fn ipv4(text: &str) -> Result<Peer, Error> {
    let block =
        Ipv4Block::parse(text).ok_or_else(|| invalid_value(format!("CIDR block {text} is malformed")))?;
    Ok(Peer::Ipv4(block.to_string()))
}

/// An IPv6 block without bits of the host.
pub(crate) fn ipv6(text: &str) -> Result<Peer, Error> {
    let block =
        Ipv6Block::parse(text).ok_or_else(|| invalid_value(format!("CIDR block {text} is malformed")))?;
    Ok(Peer::Ipv6(block.to_string()))
}

/// A description, by its grammar; None for none.
pub(crate) fn description(text: Option<String>) -> Result<Option<String>, Error> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if is_plain(&text) {
        return Ok(Some(text));
    }
    Err(invalid_value(
        "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  \
         a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
    ))
}

/// Whether a text is of the characters that names and descriptions may have, and shorter than 256.
pub(crate) fn is_plain(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b". _-:/()#,@[]+=&;{}!$*".contains(&byte);
    text.len() <= 255 && text.bytes().all(allowed)
}

/// A list of addresses that is there.
pub(crate) fn prefix_list(view: &View, scope: Scope, id: &str) -> Result<Peer, Error> {
    let list = PrefixList::any(view, scope, id)?.ok_or_else(|| noun::not_found::<PrefixList>(id))?;
    Ok(Peer::PrefixList(list.id))
}

/// A group that is there, in the same VPC.
pub(crate) fn group(view: &View, of: &SecurityGroup, id: &str, owner: Option<&str>) -> Result<Peer, Error> {
    let scope = of.scope;
    // Groups of other accounts can be named over a peering connection only, and there is none.
    if owner.is_some_and(|owner| owner != scope.account.as_str()) {
        return Err(noun::not_found::<SecurityGroup>(id));
    }
    let other: SecurityGroup = noun::find(view, scope, id)?;
    if other.vpc != of.vpc {
        let message = "You have specified two resources that belong to different networks.";
        return Err(refuse("InvalidGroup.NotFound", message));
    }
    Ok(Peer::Group(other.id, scope.account.to_string()))
}

/// The group that a name stands for: names count in the default VPC only.
pub(crate) fn group_named(view: &View, scope: Scope, name: &str) -> Result<SecurityGroup, Error> {
    let no_default = || refuse("VPCIdNotSpecified", "No default VPC for this user");
    let vpc = Vpc::default_of(view, scope)?.ok_or_else(no_default)?;
    SecurityGroup::named(view, scope, &vpc.id, name)?.ok_or_else(|| {
        let message = format!("The security group '{name}' does not exist in default VPC '{}'", vpc.id);
        refuse("InvalidGroup.NotFound", message)
    })
}

fn pair(view: &View, of: &SecurityGroup, pair: UserIdGroupPair) -> Result<Peer, Error> {
    let UserIdGroupPair { user_id, group_name, group_id, vpc_id, vpc_peering_connection_id, .. } = pair;
    if let Some(peering) = vpc_peering_connection_id {
        let message = format!("The vpcPeeringConnection ID '{peering}' does not exist");
        return Err(refuse("InvalidVpcPeeringConnectionID.NotFound", message));
    }
    let id = match (group_id, group_name) {
        (Some(id), _) => id,
        (None, Some(name)) => group_named(view, of.scope, &name)?.id,
        (None, None) => return Err(refuse("MissingParameter", "Source group ID missing.")),
    };
    let peer = group(view, of, &id, user_id.as_deref().filter(|user| !user.is_empty()))?;
    if vpc_id.is_some_and(|vpc| vpc != of.vpc) {
        let message = "You have specified two resources that belong to different networks.";
        return Err(refuse("InvalidGroup.NotFound", message));
    }
    Ok(peer)
}

/// A rule of a group, as yet without an id.
fn rule(egress: bool, traffic: &Traffic, peer: Peer, text: Option<String>) -> Result<Rule, Error> {
    let traffic = traffic.clone();
    Ok(Rule { id: String::new(), egress, traffic, peer, description: description(text)?, tags: Tags::new() })
}

/// The rules that permissions stand for: one for each peer.
pub(crate) fn rules(
    view: &View,
    of: &SecurityGroup,
    egress: bool,
    permissions: Vec<IpPermission>,
) -> Result<Vec<Rule>, Error> {
    let mut rules: Vec<Rule> = Vec::new();
    for permission in permissions {
        let traffic = traffic(permission.ip_protocol.as_deref(), permission.from_port, permission.to_port)?;
        let before = rules.len();
        for range in permission.ip_ranges.unwrap_or_default() {
            let peer = ipv4(range.cidr_ip.as_deref().unwrap_or_default())?;
            rules.push(rule(egress, &traffic, peer, range.description)?);
        }
        for range in permission.ipv6_ranges.unwrap_or_default() {
            let peer = ipv6(range.cidr_ipv6.as_deref().unwrap_or_default())?;
            rules.push(rule(egress, &traffic, peer, range.description)?);
        }
        for list in permission.prefix_list_ids.unwrap_or_default() {
            let peer = prefix_list(view, of.scope, list.prefix_list_id.as_deref().unwrap_or_default())?;
            rules.push(rule(egress, &traffic, peer, list.description)?);
        }
        for named in permission.user_id_group_pairs.unwrap_or_default() {
            let text = named.description.clone();
            rules.push(rule(egress, &traffic, pair(view, of, named)?, text)?);
        }
        if rules.len() == before {
            let message = "Missing source specification: include source security group or CIDR information";
            return Err(refuse("MissingParameter", message));
        }
    }
    let twice = |rule: &Rule| rules.iter().filter(|other| other.same(rule)).count() > 1;
    if rules.iter().any(twice) {
        return Err(invalid_value("The same permission must not appear multiple times"));
    }
    Ok(rules)
}

/// The rule that a request for one rule stands for; it has exactly one peer.
pub(crate) fn requested_rule(
    view: &View,
    of: &SecurityGroup,
    egress: bool,
    request: SecurityGroupRuleRequest,
) -> Result<Rule, Error> {
    let SecurityGroupRuleRequest { ip_protocol, from_port, to_port, description, .. } = request;
    let traffic = traffic(ip_protocol.as_deref(), from_port, to_port)?;
    let peer = match (
        &request.cidr_ipv4,
        &request.cidr_ipv6,
        &request.prefix_list_id,
        &request.referenced_group_id,
    ) {
        (Some(cidr), None, None, None) => ipv4(cidr)?,
        (None, Some(cidr), None, None) => ipv6(cidr)?,
        (None, None, Some(list), None) => prefix_list(view, of.scope, list)?,
        (None, None, None, Some(id)) => group(view, of, id, None)?,
        (None, None, None, None) => {
            let message = "Missing source specification: include source security group or CIDR information";
            return Err(refuse("MissingParameter", message));
        }
        _ => {
            let message =
                "You must specify exactly one of: CidrIpv4, CidrIpv6, PrefixListId, or ReferencedGroupId.";
            return Err(crate::error::combination(message));
        }
    };
    rule(egress, &traffic, peer, description)
}

/// Refuses a group with more rules of a direction than it may have: 60 that bear on IPv4, and 60 that bear on IPv6. A prefix list counts as
/// many as it may have entries.
pub(crate) fn within_limit(view: &View, group: &SecurityGroup) -> Result<(), Error> {
    for egress in [false, true] {
        let (mut four, mut six) = (0_usize, 0_usize);
        for rule in group.direction(egress) {
            let (is_four, is_six, weight) = match &rule.peer {
                Peer::Ipv4(_) => (true, false, 1),
                Peer::Ipv6(_) => (false, true, 1),
                Peer::Group(..) => (true, true, 1),
                Peer::PrefixList(id) => {
                    let list = PrefixList::any(view, group.scope, id)?;
                    let most = list.as_ref().map_or(1, |list| usize::try_from(list.most).unwrap_or(1).max(1));
                    let is_six = list.is_some_and(|list| list.family == "IPv6");
                    (!is_six, is_six, most)
                }
            };
            four = four.saturating_add(if is_four { weight } else { 0 });
            six = six.saturating_add(if is_six { weight } else { 0 });
        }
        if four > MOST_RULES || six > MOST_RULES {
            let message = "The maximum number of rules per security group has been reached.";
            return Err(refuse("RulesPerSecurityGroupLimitExceeded", message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_by_number_and_name() {
        let read = |protocol, from, to| {
            traffic(Some(protocol), from, to).map(|traffic| (traffic.protocol, traffic.ports))
        };
        assert_eq!(read("6", Some(1), Some(2)).unwrap(), ("tcp".into(), Some((1, 2))));
        assert_eq!(read("UDP", Some(53), Some(53)).unwrap(), ("udp".into(), Some((53, 53))));
        assert_eq!(read("1", Some(-1), Some(-1)).unwrap(), ("icmp".into(), Some((-1, -1))));
        assert_eq!(read("58", None, None).unwrap(), ("icmpv6".into(), Some((-1, -1))));
        assert_eq!(read("-1", Some(1), Some(2)).unwrap(), ("-1".into(), None));
        assert_eq!(read("050", None, None).unwrap(), ("50".into(), None));
    }

    #[test]
    fn bad_traffic_has_aws_sentences() {
        let sentence = |protocol, from, to| match traffic(Some(protocol), from, to) {
            Err(Error::Common(response)) => response.message,
            other => panic!("{other:?}"),
        };
        assert_eq!(sentence("tpc", None, None), "Invalid value 'tpc' for IP protocol. Unknown protocol.");
        assert_eq!(sentence("256", None, None), "Invalid value '256' for IP protocol. Unknown protocol.");
        assert_eq!(sentence("tcp", Some(443), Some(80)), "Invalid TCP/UDP port range (443:80)");
        assert_eq!(sentence("tcp", Some(70000), Some(70000)), "TCP/UDP port (70000) out of range");
        assert_eq!(sentence("udp", Some(1), None), "Must specify both from and to ports with TCP/UDP.");
        assert_eq!(sentence("icmp", Some(-1), Some(3)), "ICMP code (3) out of range");
    }

    #[test]
    fn the_sentence_of_a_duplicate() {
        let text = |protocol, from, to| traffic(Some(protocol), from, to).unwrap().text();
        assert_eq!(text("tcp", Some(443), Some(443)), "TCP, from port: 443, to port: 443");
        assert_eq!(text("icmp", Some(-1), Some(-1)), "ICMP, type: ALL, code: ALL");
        assert_eq!(text("-1", None, None), "ALL");
        assert_eq!(text("50", None, None), "50");
    }
}
