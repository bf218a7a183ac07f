//! What a new region has.

use crate::support::*;
use api_ec2::*;

#[tokio::test]
async fn a_region_starts_with_its_default_vpc() {
    let cloud = cloud();
    let root = cloud.root();
    let vpcs = ok(&root, DescribeVpcs::default()).await.vpcs.unwrap();
    assert_eq!(vpcs.len(), 1);
    let vpc = &vpcs[0];
    assert_eq!((vpc.cidr_block.as_deref(), vpc.is_default), (Some("172.31.0.0/16"), Some(true)));
    assert_eq!(vpc.owner_id.as_deref(), Some(testkit::ACCOUNT));
    let id = vpc.vpc_id.clone().unwrap();
    assert!(id.starts_with("vpc-") && id.len() == 21, "{id}");

    let subnets = ok(&root, DescribeSubnets::default()).await.subnets.unwrap();
    assert_eq!(subnets.len(), 6);
    let mut zones: Vec<_> = subnets.iter().map(|subnet| subnet.availability_zone.clone().unwrap()).collect();
    zones.sort();
    assert_eq!(zones, ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"]);
    for subnet in &subnets {
        assert_eq!((subnet.default_for_az, subnet.map_public_ip_on_launch), (Some(true), Some(true)));
        assert_eq!(subnet.available_ip_address_count, Some(4091));
        assert!(subnet.cidr_block.as_ref().unwrap().ends_with("/20"));
    }

    let gateways = ok(&root, DescribeInternetGateways::default()).await.internet_gateways.unwrap();
    let attachment = &gateways[0].attachments.as_ref().unwrap()[0];
    assert_eq!(
        (attachment.vpc_id.as_ref(), attachment.state),
        (Some(&id), Some(AttachmentStatus::Available))
    );

    let tables = ok(&root, DescribeRouteTables::default()).await.route_tables.unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].associations.as_ref().unwrap()[0].main, Some(true));
    let routes = tables[0].routes.as_ref().unwrap();
    assert_eq!(routes[0].gateway_id.as_deref(), Some("local"));
    assert_eq!(routes[1].destination_cidr_block.as_deref(), Some("0.0.0.0/0"));
    assert_eq!(routes[1].gateway_id, gateways[0].internet_gateway_id);
    assert_eq!(routes[1].state, Some(RouteState::Active));

    let acls = ok(&root, DescribeNetworkAcls::default()).await.network_acls.unwrap();
    assert_eq!(acls[0].is_default, Some(true));
    assert_eq!(acls[0].associations.as_ref().unwrap().len(), 6);
    let numbers: Vec<_> =
        acls[0].entries.as_ref().unwrap().iter().map(|entry| (entry.egress, entry.rule_number)).collect();
    assert_eq!(
        numbers,
        [
            (Some(true), Some(100)),
            (Some(true), Some(32767)),
            (Some(false), Some(100)),
            (Some(false), Some(32767))
        ]
    );

    let options = ok(&root, DescribeDhcpOptions::default()).await.dhcp_options.unwrap();
    assert_eq!(options.len(), 1);
    assert_eq!(options[0].dhcp_options_id, vpc.dhcp_options_id);
    let names = options[0].dhcp_configurations.as_ref().unwrap();
    assert_eq!(names[0].values.as_ref().unwrap()[0].value.as_deref(), Some("ec2.internal"));
}

#[tokio::test]
async fn the_default_group_trusts_itself() {
    let cloud = cloud();
    let root = cloud.root();
    let groups = ok(&root, DescribeSecurityGroups::default()).await.security_groups.unwrap();
    assert_eq!(groups.len(), 1);
    let group = &groups[0];
    assert_eq!(group.group_name.as_deref(), Some("default"));
    assert_eq!(group.description.as_deref(), Some("default VPC security group"));
    let ingress = &group.ip_permissions.as_ref().unwrap()[0];
    assert_eq!((ingress.ip_protocol.as_deref(), ingress.from_port), (Some("-1"), None));
    let pair = &ingress.user_id_group_pairs.as_ref().unwrap()[0];
    assert_eq!(
        (pair.group_id.as_ref(), pair.user_id.as_deref()),
        (group.group_id.as_ref(), Some(testkit::ACCOUNT))
    );
    let egress = &group.ip_permissions_egress.as_ref().unwrap()[0];
    assert_eq!(egress.ip_ranges.as_ref().unwrap()[0].cidr_ip.as_deref(), Some("0.0.0.0/0"));

    let id = group.group_id.clone().unwrap();
    let delete = DeleteSecurityGroup { group_id: Some(id.clone()), ..Default::default() };
    let sentence = format!("the specified group: \"{id}\" name: \"default\" cannot be deleted by a user");
    assert_eq!(refused(&root, delete).await, pair_of("CannotDelete", sentence));
}

fn pair_of(code: &str, message: String) -> (String, String) {
    pair(code, message)
}

#[tokio::test]
async fn other_regions_and_accounts_have_their_own() {
    let cloud = cloud();
    let here = default_vpc(&cloud.root()).await;
    let tokyo = cloud.root().in_region("ap-northeast-1".parse().unwrap());
    assert_ne!(default_vpc(&tokyo).await, here);
    let subnets = ok(&tokyo, DescribeSubnets::default()).await.subnets.unwrap();
    assert_eq!(subnets.len(), 3);
    let options = ok(&tokyo, DescribeDhcpOptions::default()).await.dhcp_options.unwrap();
    let names = options[0].dhcp_configurations.as_ref().unwrap();
    assert_eq!(
        names[0].values.as_ref().unwrap()[0].value.as_deref(),
        Some("ap-northeast-1.compute.internal")
    );
}

#[tokio::test]
async fn a_default_vpc_is_made_again_once_it_is_gone() {
    let cloud = cloud();
    let root = cloud.root();
    let (code, message) = refused(&root, CreateDefaultVpc::default()).await;
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
    );
    let vpc = default_vpc(&root).await;
    for subnet in ok(&root, DescribeSubnets::default()).await.subnets.unwrap() {
        ok(&root, DeleteSubnet { subnet_id: subnet.subnet_id.unwrap(), dry_run: None }).await;
    }
    let gateways = ok(&root, DescribeInternetGateways::default()).await.internet_gateways.unwrap();
    let gateway = gateways[0].internet_gateway_id.clone().unwrap();
    let detach = DetachInternetGateway { internet_gateway_id: gateway, vpc_id: vpc.clone(), dry_run: None };
    ok(&root, detach).await;
    ok(&root, DeleteVpc { vpc_id: vpc, dry_run: None }).await;
    let no_default = refused(
        &root,
        CreateSecurityGroup { group_name: "a".into(), description: "b".into(), ..Default::default() },
    )
    .await;
    assert_eq!(no_default, pair("VPCIdNotSpecified", "No default VPC for this user"));
    let made = ok(&root, CreateDefaultVpc::default()).await.vpc.unwrap();
    assert_eq!(made.is_default, Some(true));
    assert_eq!(ok(&root, DescribeSubnets::default()).await.subnets.unwrap().len(), 6);
}

#[tokio::test]
async fn a_default_subnet_is_made_once_a_zone() {
    let cloud = cloud();
    let root = cloud.root();
    let create = CreateDefaultSubnet { availability_zone: text("us-east-1b"), ..Default::default() };
    let (code, _) = refused(&root, create.clone()).await;
    assert_eq!(code, "DefaultSubnetAlreadyExistsInAvailabilityZone");
    let filters = Some(vec![filter("availability-zone", &["us-east-1b"])]);
    let existing = ok(&root, DescribeSubnets { filters, ..Default::default() }).await.subnets.unwrap();
    ok(&root, DeleteSubnet { subnet_id: existing[0].subnet_id.clone().unwrap(), dry_run: None }).await;
    let subnet = ok(&root, create).await.subnet.unwrap();
    assert_eq!(subnet.cidr_block, existing[0].cidr_block);
}

#[tokio::test]
async fn regions_and_zones_come_from_the_tables() {
    let cloud = cloud();
    let root = cloud.root();
    let regions = ok(&root, DescribeRegions::default()).await.regions.unwrap();
    assert_eq!(regions.len(), 17);
    assert_eq!(regions[0].endpoint.as_deref(), Some("ec2.ap-northeast-1.amazonaws.com"));
    let all =
        ok(&root, DescribeRegions { all_regions: Some(true), ..Default::default() }).await.regions.unwrap();
    assert!(all.iter().any(|region| region.opt_in_status.as_deref() == Some("not-opted-in")));
    let unknown = DescribeRegions { region_names: Some(vec!["mars-1".into()]), ..Default::default() };
    assert_eq!(
        refused(&root, unknown).await,
        pair("InvalidParameterValue", "Invalid region provided: mars-1")
    );
    let by_id = DescribeAvailabilityZones { zone_ids: Some(vec!["use1-az2".into()]), ..Default::default() };
    let zones = ok(&root, by_id).await.availability_zones.unwrap();
    assert_eq!(zones[0].zone_name.as_deref(), Some("us-east-1b"));
    let attributes = DescribeAccountAttributes {
        attribute_names: Some(vec![AccountAttributeName::DefaultVpc]),
        ..Default::default()
    };
    let answered = ok(&root, attributes).await.account_attributes.unwrap();
    let value = answered[0].attribute_values.as_ref().unwrap()[0].attribute_value.clone();
    assert_eq!((answered.len(), value), (1, Some(default_vpc(&root).await)));
}
