//! Which resource types AWS Config has.

use std::collections::HashSet;
use std::sync::LazyLock;
use wire::Kind;

/// The types of the API's enum.
static SUPPORTED: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| match &api_config::schemas::RESOURCE_TYPE.kind {
        Kind::String { values, .. } => values.iter().copied().collect(),
        _ => HashSet::new(),
    });

/// AWS Config records this type.
#[must_use]
pub fn is_supported(resource_type: &str) -> bool {
    SUPPORTED.contains(resource_type)
}

/// A change of a resource of the left type is looked for at related resources of the right types, too: their items show the
/// relationship, although it is held by the left one ("indirect relationships").
const INDIRECT: &[(&str, &[&str])] = &[
    (
        "AWS::EC2::RouteTable",
        &[
            "AWS::EC2::Instance",
            "AWS::EC2::NetworkInterface",
            "AWS::EC2::Subnet",
            "AWS::EC2::VPNGateway",
            "AWS::EC2::VPC",
        ],
    ),
    ("AWS::EC2::EIP", &["AWS::EC2::Instance", "AWS::EC2::NetworkInterface"]),
    ("AWS::EC2::Instance", &["AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::VPC"]),
    ("AWS::EC2::NetworkInterface", &["AWS::EC2::SecurityGroup", "AWS::EC2::Subnet", "AWS::EC2::VPC"]),
    ("AWS::EC2::NetworkAcl", &["AWS::EC2::Subnet", "AWS::EC2::VPC"]),
    ("AWS::EC2::VPNConnection", &["AWS::EC2::VPNGateway", "AWS::EC2::CustomerGateway"]),
    ("AWS::EC2::InternetGateway", &["AWS::EC2::VPC"]),
    ("AWS::EC2::SecurityGroup", &["AWS::EC2::VPC"]),
    ("AWS::EC2::Subnet", &["AWS::EC2::VPC"]),
    ("AWS::EC2::VPNGateway", &["AWS::EC2::VPC"]),
];

/// The types at whose related resources a change of this type is looked for, too.
pub(crate) fn indirect(resource_type: &str) -> &'static [&'static str] {
    INDIRECT.iter().find(|(left, _)| *left == resource_type).map_or(&[], |(_, right)| right)
}
