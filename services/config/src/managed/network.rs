//! Rules on subnets, gateways, routes, network ACLs and interfaces.

use super::parameters::list;
use super::{ManagedRule, Parameters, Verdict, read};
use crate::state::Item;
use wire::Document;

const ACL: &str = "AWS::EC2::NetworkAcl";
const GATEWAY: &str = "AWS::EC2::InternetGateway";
const INTERFACE: &str = "AWS::EC2::NetworkInterface";
const ROUTES: &str = "AWS::EC2::RouteTable";
const SUBNET: &str = "AWS::EC2::Subnet";

pub(super) const RULES: &[ManagedRule] = &[
    ManagedRule::item("EC2_ENIS_SOURCE_DESTINATION_CHECK_ENABLED", &[INTERFACE], source_check),
    ManagedRule::item("INTERNET_GATEWAY_AUTHORIZED_VPC_ONLY", &[GATEWAY], authorized_networks)
        .with(&[list("AuthorizedVpcIds")]),
    ManagedRule::item("NACL_NO_UNRESTRICTED_SSH_RDP", &[ACL], no_ssh_and_rdp),
    ManagedRule::item("NO_UNRESTRICTED_ROUTE_TO_IGW", &[ROUTES], no_default_route)
        .and_periodic()
        .with(&[list("routeTableIds")]),
    ManagedRule::item("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED", &[SUBNET], no_public_addresses),
    ManagedRule::item("VPC_NETWORK_ACL_UNUSED_CHECK", &[ACL], acl_used),
];

fn texts<'a>(value: &'a Document, name: &str) -> &'a str {
    read::member(value, name).and_then(Document::as_str).unwrap_or_default()
}

fn is_everybody(cidr: &str) -> bool {
    cidr == "0.0.0.0/0" || cidr == "::/0"
}

fn source_check(item: &Item, _: &Parameters) -> Verdict {
    Verdict::require(
        read::is_true(read::setting(item, &["sourceDestCheck"])),
        "The source/destination check of the network interface is disabled.",
    )
}

fn authorized_networks(item: &Item, parameters: &Parameters) -> Verdict {
    let authorized = parameters.list("AuthorizedVpcIds").unwrap_or_default();
    let attachments = read::elements(read::setting(item, &["attachments"]));
    let stranger =
        attachments.into_iter().map(|own| texts(own, "vpcId")).find(|vpc| !authorized.contains(vpc));
    Verdict::unless(
        stranger.map(|vpc| format!("The internet gateway is attached to {vpc}, which is not authorized.")),
    )
}

fn no_ssh_and_rdp(item: &Item, _: &Parameters) -> Verdict {
    if read::setting(item, &["entries"]).is_none() {
        return Verdict::NonCompliant("The entries of the network ACL are not known.".into());
    }
    let entries = read::elements(read::setting(item, &["entries"])).into_iter();
    let mut ingress: Vec<&Document> =
        entries.filter(|entry| !read::is_true(read::member(entry, "egress"))).collect();
    ingress.sort_by_key(|entry| read::number(read::member(entry, "ruleNumber")).unwrap_or(i64::MAX));
    let wrong = [22, 3389].into_iter().find_map(|port| {
        ["cidrBlock", "ipv6CidrBlock"].into_iter().find_map(|family| {
            // The first entry of everybody's traffic to the port decides.
            let first = ingress.iter().find(|entry| {
                let protocol = texts(entry, "protocol");
                let range = |name: &str| read::number(read::at(entry, &["portRange", name]));
                let (from, to) = (range("from").unwrap_or(0), range("to").unwrap_or(65_535));
                is_everybody(texts(entry, family))
                    && matches!(protocol, "-1" | "6")
                    && (from..=to).contains(&port)
            })?;
            (texts(first, "ruleAction") == "allow").then(|| {
                format!("Entry {} lets {} in to port {port}.", number_of(first), texts(first, family))
            })
        })
    });
    Verdict::unless(wrong)
}

fn number_of(entry: &Document) -> i64 {
    read::number(read::member(entry, "ruleNumber")).unwrap_or_default()
}

fn no_default_route(item: &Item, parameters: &Parameters) -> Verdict {
    let excluded = parameters.list("routeTableIds").unwrap_or_default();
    if excluded.contains(&item.resource_id.as_str()) {
        return Verdict::Compliant;
    }
    if read::setting(item, &["routes"]).is_none() {
        return Verdict::NonCompliant("The routes of the route table are not known.".into());
    }
    let open = read::elements(read::setting(item, &["routes"])).into_iter().find(|route| {
        texts(route, "gatewayId").starts_with("igw-")
            && (is_everybody(texts(route, "destinationCidrBlock"))
                || is_everybody(texts(route, "destinationIpv6CidrBlock")))
    });
    Verdict::unless(
        open.map(|route| format!("The route table sends all traffic to {}.", texts(route, "gatewayId"))),
    )
}

fn no_public_addresses(item: &Item, _: &Parameters) -> Verdict {
    match read::setting(item, &["mapPublicIpOnLaunch"]) {
        None => {
            Verdict::NonCompliant("Whether the subnet assigns public IPv4 addresses is not known.".into())
        }
        own => Verdict::require(!read::is_true(own), "The subnet assigns public IPv4 addresses."),
    }
}

fn acl_used(item: &Item, _: &Parameters) -> Verdict {
    let used = !read::elements(read::setting(item, &["associations"])).is_empty();
    Verdict::require(used, "The network ACL is not associated with a subnet.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::testing::{item, table};
    use wire::document;

    #[test]
    fn single_settings() {
        let subnet = |public: bool| item(SUBNET, "subnet-1", document!({ "mapPublicIpOnLaunch": public }));
        table(
            "SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED",
            &[
                (subnet(false), "{}", Some(true)),
                (subnet(true), "{}", Some(false)),
                (item(SUBNET, "subnet-1", document!({})), "{}", Some(false)),
            ],
        );
        let interface = |check: bool| item(INTERFACE, "eni-1", document!({ "sourceDestCheck": check }));
        table(
            "EC2_ENIS_SOURCE_DESTINATION_CHECK_ENABLED",
            &[(interface(true), "{}", Some(true)), (interface(false), "{}", Some(false))],
        );
        let gateway = || item(GATEWAY, "igw-1", document!({ "attachments": [{ "vpcId": "vpc-1" }] }));
        table(
            "INTERNET_GATEWAY_AUTHORIZED_VPC_ONLY",
            &[
                (gateway(), r#"{"AuthorizedVpcIds":"vpc-1"}"#, Some(true)),
                (gateway(), "{}", Some(false)),
                (item(GATEWAY, "igw-1", document!({ "attachments": [] })), "{}", Some(true)),
            ],
        );
    }

    #[test]
    fn routes_and_acls() {
        let routes = |cidr: &str, gateway: &str| {
            item(
                ROUTES,
                "rtb-1",
                document!({ "routes": [{ "destinationCidrBlock": cidr, "gatewayId": gateway }] }),
            )
        };
        table(
            "NO_UNRESTRICTED_ROUTE_TO_IGW",
            &[
                (routes("0.0.0.0/0", "igw-1"), "{}", Some(false)),
                (routes("0.0.0.0/0", "igw-1"), r#"{"routeTableIds":"rtb-1"}"#, Some(true)),
                (routes("0.0.0.0/0", "nat-1"), "{}", Some(true)),
                (routes("10.0.0.0/8", "igw-1"), "{}", Some(true)),
                (item(ROUTES, "rtb-1", document!({})), "{}", Some(false)),
            ],
        );
        let entry = |number: i64, action: &str, from: i64| document!({ "egress": false, "protocol": "6", "cidrBlock": "0.0.0.0/0", "ruleAction": action, "ruleNumber": number, "portRange": { "from": from, "to": 443 } });
        let acl = |entries: Vec<Document>| {
            item(ACL, "acl-1", document!({ "entries": (Document::Array(entries)), "associations": [] }))
        };
        let all = document!({ "egress": false, "protocol": "-1", "cidrBlock": "0.0.0.0/0", "ruleAction": "allow", "ruleNumber": 100 });
        table(
            "NACL_NO_UNRESTRICTED_SSH_RDP",
            &[
                (acl(vec![all]), "{}", Some(false)),
                (item(ACL, "acl-1", document!({})), "{}", Some(false)),
                (acl(vec![entry(100, "allow", 22)]), "{}", Some(false)),
                (acl(vec![entry(100, "allow", 80)]), "{}", Some(true)),
                (acl(vec![entry(100, "allow", 22), entry(90, "deny", 22)]), "{}", Some(true)),
            ],
        );
        table(
            "VPC_NETWORK_ACL_UNUSED_CHECK",
            &[
                (acl(vec![]), "{}", Some(false)),
                (item(ACL, "acl-1", document!({ "associations": [{ "subnetId": "s" }] })), "{}", Some(true)),
            ],
        );
    }
}
