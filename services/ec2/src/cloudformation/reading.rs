//! What things are, in the form of a template.

use super::step::is_gone;
use contract::{Actual, HandlerContext, HandlerFailure, Properties};
use wire::{Document, document};

/// The one thing that a describing operation answers for an id; None where it is gone.
async fn one(
    operation: &str,
    ids: &str,
    list: &str,
    id: &str,
    context: &HandlerContext,
) -> Result<Option<Document>, HandlerFailure> {
    let ask = Document::object().with(ids, Document::Array(vec![Document::from(id)]));
    let answer = context.ask("ec2", operation, ask, is_gone).await?;
    Ok(answer.and_then(|answer| answer.get(list).and_then(Document::as_array)?.first().cloned()))
}

/// A VPC.
pub(super) async fn vpc(
    id: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let Some(vpc) = one("DescribeVpcs", "VpcIds", "Vpcs", id, context).await? else {
        return Ok(Actual::Gone);
    };
    let mut actual = Actual::picked(&vpc, &["CidrBlock", "InstanceTenancy", "Tags"]);
    for (property, attribute) in
        [("EnableDnsHostnames", "enableDnsHostnames"), ("EnableDnsSupport", "enableDnsSupport")]
    {
        if properties.get(property).is_some() {
            let ask = document!({ "VpcId": id, "Attribute": attribute });
            let answer = context.ask("ec2", "DescribeVpcAttribute", ask, is_gone).await?.unwrap_or_default();
            actual.set(property, answer.at(&[property, "Value"]).cloned().unwrap_or_default());
        }
    }
    Ok(Actual::Properties(actual))
}

/// A subnet.
pub(super) async fn subnet(id: &str, context: &HandlerContext) -> Result<Actual, HandlerFailure> {
    let Some(subnet) = one("DescribeSubnets", "SubnetIds", "Subnets", id, context).await? else {
        return Ok(Actual::Gone);
    };
    let mut actual = Actual::picked(
        &subnet,
        &[
            "AssignIpv6AddressOnCreation",
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "EnableDns64",
            "EnableLniAtDeviceIndex",
            "Ipv6Native",
            "MapPublicIpOnLaunch",
            "PrivateDnsNameOptionsOnLaunch",
            "Tags",
            "VpcId",
        ],
    );
    let blocks = subnet.get("Ipv6CidrBlockAssociationSet").and_then(Document::as_array).unwrap_or_default();
    let block = blocks.first().and_then(|block| block.get("Ipv6CidrBlock")).cloned();
    actual.set("Ipv6CidrBlock", block.unwrap_or_default());
    Ok(Actual::Properties(actual))
}

/// A security group, by its id or (in the default VPC) its name.
pub(super) async fn security_group(id: &str, context: &HandlerContext) -> Result<Actual, HandlerFailure> {
    let ids = if id.starts_with("sg-") { "GroupIds" } else { "GroupNames" };
    let Some(group) = one("DescribeSecurityGroups", ids, "SecurityGroups", id, context).await? else {
        return Ok(Actual::Gone);
    };
    let mut actual = Actual::picked(&group, &["GroupName", "VpcId", "Tags"]);
    actual.set("GroupDescription", group.get("Description").cloned().unwrap_or_default());
    for (property, list, peers) in [
        ("SecurityGroupIngress", "IpPermissions", "Source"),
        ("SecurityGroupEgress", "IpPermissionsEgress", "Destination"),
    ] {
        let permissions = group.get(list).and_then(Document::as_array).unwrap_or_default();
        let rules = permissions.iter().flat_map(|permission| rules(permission, peers));
        actual.set(property, Document::Array(rules.collect()));
    }
    Ok(Actual::Properties(actual))
}

/// The rules of a permission, one for each peer, as a template writes them.
fn rules(permission: &Document, peers: &str) -> Vec<Document> {
    let mut base = Actual::picked(permission, &["IpProtocol", "FromPort", "ToPort"]);
    if permission.get("IpProtocol").and_then(Document::as_str) == Some("-1") {
        base.set("FromPort", -1_i64);
        base.set("ToPort", -1_i64);
    }
    let list_id = format!("{peers}PrefixListId");
    let group_id = format!("{peers}SecurityGroupId");
    let owner = format!("{peers}SecurityGroupOwnerId");
    let name = format!("{peers}SecurityGroupName");
    let kinds: [(&str, Vec<(&str, &str)>); 4] = [
        ("IpRanges", vec![("CidrIp", "CidrIp")]),
        ("Ipv6Ranges", vec![("CidrIpv6", "CidrIpv6")]),
        ("PrefixListIds", vec![("PrefixListId", &list_id)]),
        ("UserIdGroupPairs", vec![("GroupId", &group_id), ("GroupName", &name), ("UserId", &owner)]),
    ];
    let mut rules = Vec::new();
    for (list, members) in kinds {
        for peer in permission.get(list).and_then(Document::as_array).unwrap_or_default() {
            let mut rule = base.clone();
            for (from, to) in members.iter().copied().chain([("Description", "Description")]) {
                if let Some(value) = peer.get(from) {
                    rule.set(to, value.clone());
                }
            }
            rules.push(rule);
        }
    }
    rules
}

/// A rule of a security group that is a resource of its own.
pub(super) async fn rule(
    id: &str,
    properties: &Properties,
    peers: &str,
    context: &HandlerContext,
) -> Result<Actual, HandlerFailure> {
    let found =
        one("DescribeSecurityGroupRules", "SecurityGroupRuleIds", "SecurityGroupRules", id, context).await?;
    let Some(rule) = found else { return Ok(Actual::Gone) };
    let told = |name: &str| rule.get(name).cloned().unwrap_or_default();
    let mut actual =
        Actual::picked(&rule, &["GroupId", "IpProtocol", "FromPort", "ToPort", "Description", "CidrIpv6"]);
    actual.set("CidrIp", told("CidrIpv4"));
    actual.set(format!("{peers}PrefixListId"), told("PrefixListId"));
    let peer = |name: &str| rule.at(&["ReferencedGroupInfo", name]).cloned().unwrap_or_default();
    actual.set(format!("{peers}SecurityGroupId"), peer("GroupId"));
    // Ports of a protocol that has none are not compared.
    if properties.string("IpProtocol")?.as_deref() == Some("-1") {
        for name in ["FromPort", "ToPort"] {
            actual.set(name, properties.get(name).cloned().unwrap_or_default());
        }
    }
    Ok(Actual::Properties(actual))
}
