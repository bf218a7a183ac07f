//! Rules on security groups.

use super::parameters::{boolean, choice, integer, ports};
use super::{Inventory, ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use store::StoreError;
use wire::Document;

const GROUP: &str = "AWS::EC2::SecurityGroup";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("INCOMING_SSH_DISABLED", &[GROUP], no_ssh).and_periodic(),
    ManagedRule::item("RESTRICTED_INCOMING_TRAFFIC", &[GROUP], no_blocked_ports).and_periodic().with(&[
        integer("blockedPort1"),
        integer("blockedPort2"),
        integer("blockedPort3"),
        integer("blockedPort4"),
        integer("blockedPort5"),
        ports("blockedPorts"),
    ]),
    ManagedRule::item("VPC_DEFAULT_SECURITY_GROUP_CLOSED", &[GROUP], default_is_closed),
    ManagedRule::item("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", &[GROUP], authorized_ports)
        .and_periodic()
        .with(&[ports("authorizedTcpPorts"), ports("authorizedUdpPorts")]),
    ManagedRule::related("VPC_SG_PORT_RESTRICTION_CHECK", &[GROUP], restricted_ports).only_periodic().with(
        &[
            ports("restrictPorts"),
            choice("protocolType", &["TCP", "UDP", "ALL"]),
            boolean("excludeExternalSecurityGroups"),
            choice("ipType", &["IPv4", "IPv6"]),
        ],
    ),
    ManagedRule::item("EC2_SECURITY_GROUP_ATTACHED_TO_ENI", &[GROUP], attached),
    ManagedRule::item("EC2_SECURITY_GROUP_ATTACHED_TO_ENI_PERIODIC", &[GROUP], attached).only_periodic(),
];

/// What AWS blocks where no port is given.
const COMMON: [i64; 5] = [20, 21, 3389, 3306, 4333];

/// An ingress permission that is open to the world.
struct Opening {
    protocol: String,
    from: i64,
    to: i64,
    cidr: String,
}

impl Opening {
    /// Whether it lets in traffic of a protocol (`tcp`, `udp`) to a port of a range.
    fn reaches(&self, protocol: &str, (from, to): (i64, i64)) -> bool {
        self.is(protocol) && self.from <= to && from <= self.to
    }

    fn is(&self, protocol: &str) -> bool {
        self.protocol == "-1" || self.protocol == protocol
    }
}

/// All ingress that is open to every IPv4 or every IPv6 address. Without ports (and for all protocols) it is open on all of them.
fn openings(item: &Item) -> Vec<Opening> {
    let mut openings = Vec::new();
    for permission in read::elements(read::setting(item, &["ipPermissions"])) {
        let text = |value: Option<&Document>| value.and_then(Document::as_str).map(str::to_owned);
        let protocol = match text(read::member(permission, "ipProtocol")).as_deref() {
            Some("6") => "tcp".to_owned(),
            Some("17") => "udp".to_owned(),
            Some(own) => own.to_ascii_lowercase(),
            None => "-1".to_owned(),
        };
        let mut cidrs: Vec<String> = Vec::new();
        for (list, member) in [("ipv4Ranges", "cidrIp"), ("ipRanges", "cidrIp"), ("ipv6Ranges", "cidrIpv6")] {
            for range in read::elements(read::member(permission, list)) {
                cidrs.extend(text(Some(range)).or_else(|| text(read::member(range, member))));
            }
        }
        let port = |name: &str| read::number(read::member(permission, name)).filter(|port| *port >= 0);
        let (from, to) = match protocol.as_str() {
            "-1" => (0, 65_535),
            _ => (port("fromPort").unwrap_or(0), port("toPort").unwrap_or(65_535)),
        };
        cidrs.dedup();
        for cidr in cidrs.into_iter().filter(|cidr| is_everybody(cidr)) {
            openings.push(Opening { protocol: protocol.clone(), from, to, cidr });
        }
    }
    openings
}

fn is_everybody(cidr: &str) -> bool {
    cidr == "0.0.0.0/0" || (cidr.contains(':') && cidr.ends_with("/0"))
}

/// The opening by which the world reaches a port.
fn reaching(item: &Item, protocols: &[&str], blocked: &[(i64, i64)]) -> Option<String> {
    reaching_by(openings(item), protocols, blocked)
}

fn reaching_by(openings: Vec<Opening>, protocols: &[&str], blocked: &[(i64, i64)]) -> Option<String> {
    openings.into_iter().find_map(|opening| {
        let protocol = protocols.iter().find(|protocol| opening.is(protocol))?;
        let port = blocked.iter().find(|port| opening.reaches(protocol, **port))?;
        let port = if port.0 == port.1 { port.0.to_string() } else { format!("{}-{}", port.0, port.1) };
        Some(format!("The group lets {} in to {} port {port}.", opening.cidr, protocol.to_ascii_uppercase()))
    })
}

/// A reason where an item does not say which traffic its group lets in.
fn unknown(item: &Item) -> Option<String> {
    let known = read::setting(item, &["ipPermissions"]).is_some();
    (!known).then(|| "The inbound rules of the group are not known.".to_owned())
}

fn no_ssh(item: &Item, _: &Parameters) -> Verdict {
    Verdict::unless(unknown(item).or_else(|| reaching(item, &["tcp"], &[(22, 22)])))
}

fn no_blocked_ports(item: &Item, parameters: &Parameters) -> Verdict {
    let mut blocked: Vec<(i64, i64)> = (1..=5)
        .filter_map(|number| parameters.integer(&format!("blockedPort{number}")))
        .map(|port| (port, port))
        .collect();
    blocked.extend(parameters.ports("blockedPorts"));
    if blocked.is_empty() {
        blocked.extend(COMMON.map(|port| (port, port)));
    }
    Verdict::unless(unknown(item).or_else(|| reaching(item, &["tcp"], &blocked)))
}

fn default_is_closed(item: &Item, _: &Parameters) -> Verdict {
    if read::text(item, &["groupName"]) != Some("default") {
        return Verdict::NotApplicable;
    }
    // What is not known counts as there.
    let has = |direction: &str| {
        read::setting(item, &[direction]).is_none_or(|own| !read::elements(Some(own)).is_empty())
    };
    match (has("ipPermissions"), has("ipPermissionsEgress")) {
        (false, false) => Verdict::Compliant,
        (true, _) => Verdict::NonCompliant("The default security group has inbound rules.".into()),
        (false, true) => Verdict::NonCompliant("The default security group has outbound rules.".into()),
    }
}

fn authorized_ports(item: &Item, parameters: &Parameters) -> Verdict {
    let (tcp, udp) = (parameters.ports("authorizedTcpPorts"), parameters.ports("authorizedUdpPorts"));
    let wrong = || {
        openings(item).into_iter().find_map(|opening| {
            let authorized = match opening.protocol.as_str() {
                "tcp" => &tcp,
                "udp" => &udp,
                "-1" => return Some(format!("The group lets {} in to all ports.", opening.cidr)),
                // The rule is about TCP and UDP.
                _ => return None,
            };
            (!within((opening.from, opening.to), authorized)).then(|| {
                let protocol = opening.protocol.to_ascii_uppercase();
                format!(
                    "The group lets {} in to {protocol} ports {}-{}, which are not all authorized.",
                    opening.cidr, opening.from, opening.to
                )
            })
        })
    };
    Verdict::unless(unknown(item).or_else(wrong))
}

/// Whether ranges, which may touch, cover a range.
fn within((from, to): (i64, i64), ranges: &[(i64, i64)]) -> bool {
    let mut sorted = ranges.to_vec();
    sorted.sort_unstable();
    let mut next = from;
    for (start, end) in sorted {
        if start <= next {
            next = next.max(end.saturating_add(1));
        }
    }
    next > to
}

fn restricted_ports(
    item: &Item,
    parameters: &Parameters,
    others: &dyn Inventory,
) -> Result<Verdict, StoreError> {
    let external = read::text(item, &["ownerId"]).is_some_and(|owner| owner != others.account().as_str());
    if external && parameters.flag("excludeExternalSecurityGroups").unwrap_or(true) {
        return Ok(Verdict::NotApplicable);
    }
    let mut blocked = parameters.ports("restrictPorts");
    if blocked.is_empty() {
        blocked.extend([(22, 22), (3389, 3389)]);
    }
    let protocols: &[&str] = match parameters.text("protocolType").map(str::to_ascii_uppercase).as_deref() {
        Some("UDP") => &["udp"],
        Some("ALL") => &["tcp", "udp"],
        _ => &["tcp"],
    };
    let mut openings = openings(item);
    if let Some(family) = parameters.text("ipType") {
        let six = family.eq_ignore_ascii_case("IPv6");
        openings.retain(|opening| opening.cidr.contains(':') == six);
    }
    Ok(Verdict::unless(unknown(item).or_else(|| reaching_by(openings, protocols, &blocked))))
}

fn attached(item: &Item, _: &Parameters) -> Verdict {
    if read::text(item, &["groupName"]) == Some("default") {
        return Verdict::NotApplicable;
    }
    let attached = item.relationships.iter().any(|other| {
        matches!(other.resource_type.as_str(), "AWS::EC2::NetworkInterface" | "AWS::EC2::Instance")
    });
    Verdict::require(attached, "The group is not attached to a network interface.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table};
    use contract::Relationship;
    use wire::document;

    fn group(protocol: &str, ports: Option<(i64, i64)>, v4: &[&str], v6: &[&str]) -> Item {
        let v4: Document = v4.iter().map(|cidr| document!({ "cidrIp": (*cidr) })).collect();
        let v6: Document = v6.iter().map(|cidr| document!({ "cidrIpv6": (*cidr) })).collect();
        let mut permission = document!({ "ipProtocol": protocol, "ipv4Ranges": v4, "ipv6Ranges": v6 });
        if let Some((from, to)) = ports {
            permission = permission.with("fromPort", from).with("toPort", to);
        }
        let permissions = Document::Array(vec![permission]);
        item(
            GROUP,
            "sg-1",
            document!({ "groupName": "web", "ownerId": "111122223333", "ipPermissions": permissions, "ipPermissionsEgress": [] }),
        )
    }

    fn tcp(from: i64, to: i64) -> Item {
        group("tcp", Some((from, to)), &["0.0.0.0/0"], &[])
    }

    #[test]
    fn ssh_is_closed_to_the_world_over_both_families() {
        let rows = [
            (tcp(22, 22), "{}", Some(false)),
            (tcp(0, 1024), "{}", Some(false)),
            (tcp(23, 1024), "{}", Some(true)),
            (group("-1", None, &["0.0.0.0/0"], &[]), "{}", Some(false)),
            (group("tcp", Some((22, 22)), &[], &["::/0"]), "{}", Some(false)),
            (
                group("tcp", Some((22, 22)), &["10.0.0.0/8", "203.0.113.0/24"], &["2001:db8::/32"]),
                "{}",
                Some(true),
            ),
            (group("udp", Some((22, 22)), &["0.0.0.0/0"], &[]), "{}", Some(true)),
            (item(GROUP, "sg-1", document!({ "ipPermissions": [] })), "{}", Some(true)),
        ];
        table("INCOMING_SSH_DISABLED", &rows);
    }

    #[test]
    fn what_is_not_known_does_not_comply() {
        let unknown = |name: &str| item(GROUP, "sg-1", document!({ "groupName": name }));
        for rule in [
            "INCOMING_SSH_DISABLED",
            "RESTRICTED_INCOMING_TRAFFIC",
            "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
            "VPC_SG_PORT_RESTRICTION_CHECK",
        ] {
            table(rule, &[(unknown("web"), "{}", Some(false))]);
        }
        table("VPC_DEFAULT_SECURITY_GROUP_CLOSED", &[(unknown("default"), "{}", Some(false))]);
    }

    #[test]
    fn common_ports_are_blocked_unless_others_are_named() {
        let rows = [
            (tcp(3389, 3389), "{}", Some(false)),
            (tcp(3306, 3306), "{}", Some(false)),
            (tcp(443, 443), "{}", Some(true)),
            (tcp(443, 443), r#"{"blockedPort1":"443"}"#, Some(false)),
            (tcp(3389, 3389), r#"{"blockedPort1":"443"}"#, Some(true)),
            (tcp(8080, 8080), r#"{"blockedPorts":"22,8000-9000"}"#, Some(false)),
            (group("-1", None, &[], &["::/0"]), "{}", Some(false)),
        ];
        table("RESTRICTED_INCOMING_TRAFFIC", &rows);
    }

    #[test]
    fn only_the_default_group_is_to_be_closed() {
        let default = |ingress: Document, egress: Document| {
            item(
                GROUP,
                "sg-1",
                document!({ "groupName": "default", "ipPermissions": ingress, "ipPermissionsEgress": egress }),
            )
        };
        let some = || document!([{ "ipProtocol": "-1" }]);
        let rows = [
            (default(document!([]), document!([])), "{}", Some(true)),
            (default(some(), document!([])), "{}", Some(false)),
            (default(document!([]), some()), "{}", Some(false)),
            (tcp(22, 22), "{}", None),
        ];
        table("VPC_DEFAULT_SECURITY_GROUP_CLOSED", &rows);
    }

    #[test]
    fn the_world_may_reach_authorized_ports_only() {
        let rows = [
            (tcp(443, 443), r#"{"authorizedTcpPorts":"443"}"#, Some(true)),
            (tcp(443, 443), r#"{"authorizedUdpPorts":"443"}"#, Some(false)),
            (tcp(443, 443), "{}", Some(false)),
            (tcp(1020, 1030), r#"{"authorizedTcpPorts":"443,1020-1025,1026-1030"}"#, Some(true)),
            (tcp(1020, 1030), r#"{"authorizedTcpPorts":"1020-1025,1027-1030"}"#, Some(false)),
            (group("-1", None, &["0.0.0.0/0"], &[]), r#"{"authorizedTcpPorts":"0-65535"}"#, Some(false)),
            (group("icmp", Some((-1, -1)), &["0.0.0.0/0"], &[]), "{}", Some(true)),
            (group("tcp", Some((22, 22)), &["10.0.0.0/8"], &[]), "{}", Some(true)),
        ];
        table("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", &rows);
    }

    #[test]
    fn ports_are_restricted_by_protocol_and_family() {
        let rows = [
            (tcp(3389, 3389), "{}", Some(false)),
            (tcp(443, 443), "{}", Some(true)),
            (group("udp", Some((53, 53)), &["0.0.0.0/0"], &[]), r#"{"restrictPorts":"53"}"#, Some(true)),
            (
                group("udp", Some((53, 53)), &["0.0.0.0/0"], &[]),
                r#"{"restrictPorts":"53","protocolType":"ALL"}"#,
                Some(false),
            ),
            (tcp(22, 22), r#"{"ipType":"IPv6"}"#, Some(true)),
            (group("tcp", Some((22, 22)), &[], &["::/0"]), r#"{"ipType":"IPv6"}"#, Some(false)),
        ];
        table("VPC_SG_PORT_RESTRICTION_CHECK", &rows);
    }

    #[test]
    fn a_group_is_to_be_used() {
        let mut used = tcp(443, 443);
        used.relationships = vec![Relationship::to(
            "Is associated with NetworkInterface",
            "AWS::EC2::NetworkInterface",
            "eni-1",
        )];
        let rows = [(used, "{}", Some(true)), (tcp(443, 443), "{}", Some(false))];
        table("EC2_SECURITY_GROUP_ATTACHED_TO_ENI", &rows);
        table("EC2_SECURITY_GROUP_ATTACHED_TO_ENI_PERIODIC", &rows);
    }
}
