//! What AWS Config sees.

use crate::support::*;
use api_ec2::*;
use contract::Description;
use store::{ChangeKind, Position};
use testkit::TestCloud;
use wire::{Document, document};

fn describe(cloud: &TestCloud, kind: &str, id: &str) -> Description {
    let view = cloud.context().store.view();
    let kind = cloud.context().catalog.resources[kind];
    (kind.describe)(&view, cloud.scope(), id).unwrap().unwrap()
}

fn relations(description: &Description) -> Vec<(String, String)> {
    description
        .relationships
        .iter()
        .map(|relation| (relation.relation.clone(), relation.id.clone().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_groups_item_has_configs_shape() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = vpc(&root, "10.0.0.0/16").await;
    let web = group(&root, Some(&lab), "LabSG1").await;
    let rule = |port: i32| AuthorizeSecurityGroupIngress {
        group_id: text(&web),
        ip_permissions: Some(vec![IpPermission {
            ipv6_ranges: tcp_ipv6(port, "::/0").ipv6_ranges,
            ..tcp(port, &["0.0.0.0/0"])
        }]),
        ..Default::default()
    };
    ok(&root, rule(443)).await;
    let subnet = subnet(&root, &lab, "10.0.1.0/24").await;
    let interface =
        CreateNetworkInterface { subnet_id: subnet, groups: Some(vec![web.clone()]), ..Default::default() };
    let interface = ok(&root, interface).await.network_interface.unwrap().network_interface_id.unwrap();
    let item = describe(&cloud, "AWS::EC2::SecurityGroup", &web);
    assert_eq!(item.identity.name.as_deref(), Some("LabSG1"));
    assert_eq!(item.identity.arn, format!("arn:aws:ec2:us-east-1:111122223333:security-group/{web}"));
    assert_eq!(item.availability_zone, "Not Applicable");
    let id = web.as_str();
    let expected = document!({
        "description": "a group of the tests",
        "groupName": "LabSG1",
        "ipPermissions": [{
            "fromPort": 443,
            "ipProtocol": "tcp",
            "ipv6Ranges": [{ "cidrIpv6": "::/0" }],
            "prefixListIds": [],
            "toPort": 443,
            "userIdGroupPairs": [],
            "ipv4Ranges": [{ "cidrIp": "0.0.0.0/0" }],
            "ipRanges": ["0.0.0.0/0"],
        }],
        "ownerId": "111122223333",
        "groupId": id,
        "ipPermissionsEgress": [{
            "ipProtocol": "-1",
            "ipv6Ranges": [],
            "prefixListIds": [],
            "userIdGroupPairs": [],
            "ipv4Ranges": [{ "cidrIp": "0.0.0.0/0" }],
            "ipRanges": ["0.0.0.0/0"],
        }],
        "tags": [],
        "vpcId": (lab.as_str()),
    });
    assert_eq!(item.configuration.pretty(), expected.pretty());
    assert_eq!(
        relations(&item),
        [("Is contained in Vpc".into(), lab), ("Is associated with NetworkInterface".into(), interface)]
    );
}

#[tokio::test]
async fn a_call_is_one_change_of_the_group() {
    let cloud = cloud();
    let root = cloud.root();
    let web = group(&root, None, "web").await;
    let feed = || cloud.context().store.feed();
    let before = feed().last().unwrap();
    let rules = || Some((1..=5).map(|port| tcp(port, &["0.0.0.0/0", "10.0.0.0/8"])).collect());
    let add =
        AuthorizeSecurityGroupIngress { group_id: text(&web), ip_permissions: rules(), ..Default::default() };
    ok(&root, add.clone()).await;
    let changes = feed().since(before, 10).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].kind, changes[0].resource.id.as_str()), (ChangeKind::Updated, web.as_str()));
    assert_eq!(changes[0].resource.resource_type, "AWS::EC2::SecurityGroup");
    // Taken away and put back, the group looks as it did, whatever its rules' ids are.
    let item = describe(&cloud, "AWS::EC2::SecurityGroup", &web);
    let take =
        RevokeSecurityGroupIngress { group_id: text(&web), ip_permissions: rules(), ..Default::default() };
    ok(&root, take).await;
    assert_ne!(describe(&cloud, "AWS::EC2::SecurityGroup", &web), item);
    ok(&root, add).await;
    assert_eq!(describe(&cloud, "AWS::EC2::SecurityGroup", &web), item);
}

#[tokio::test]
async fn a_region_begins_with_changes_of_all_its_things() {
    let cloud = cloud();
    default_vpc(&cloud.root()).await;
    let changes = cloud.context().store.feed().since(Position::START, 100).unwrap();
    let mut kinds: Vec<_> = changes.iter().map(|change| change.resource.resource_type.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let expected =
        ["DHCPOptions", "InternetGateway", "NetworkAcl", "RouteTable", "SecurityGroup", "Subnet", "VPC"];
    assert_eq!(kinds, expected.map(|kind| format!("AWS::EC2::{kind}")));
}

#[tokio::test]
async fn items_of_the_network_and_their_relationships() {
    let cloud = cloud();
    let root = cloud.root();
    let lab = vpc(&root, "10.0.0.0/16").await;
    let subnet = subnet(&root, &lab, "10.0.1.0/24").await;
    let table = CreateRouteTable { vpc_id: lab.clone(), ..Default::default() };
    let table = ok(&root, table).await.route_table.unwrap().route_table_id.unwrap();
    let associate =
        AssociateRouteTable { route_table_id: table.clone(), subnet_id: text(&subnet), ..Default::default() };
    ok(&root, associate).await;
    let item = describe(&cloud, "AWS::EC2::VPC", &lab);
    assert_eq!(item.configuration.at(&["state", "value"]), Some(&Document::from("available")));
    let names: Vec<_> = relations(&item).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "Contains Subnet",
            "Contains SecurityGroup",
            "Contains RouteTable",
            "Contains RouteTable",
            "Contains NetworkAcl"
        ]
    );
    let item = describe(&cloud, "AWS::EC2::Subnet", &subnet);
    assert_eq!(
        (
            item.availability_zone.as_str(),
            item.configuration.get("availableIpAddressCount").and_then(Document::as_i64)
        ),
        ("us-east-1a", Some(251))
    );
    let names: Vec<_> = relations(&item).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["Is contained in Vpc", "Is attached to NetworkAcl", "Is contained in RouteTable"]);
    let item = describe(&cloud, "AWS::EC2::RouteTable", &table);
    assert_eq!(relations(&item), [("Is contained in Vpc".into(), lab), ("Contains Subnet".into(), subnet)]);
    let route = &item.configuration.get("routes").and_then(Document::as_array).unwrap()[0];
    assert_eq!(
        route.to_string(),
        r#"{"destinationCidrBlock":"10.0.0.0/16","gatewayId":"local","origin":"CreateRouteTable","state":"active"}"#
    );
}
