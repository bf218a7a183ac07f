//! VPCs and subnets.

use crate::support::*;
use api_ec2::*;

#[tokio::test]
async fn a_vpc_comes_with_its_parts_and_goes_with_them() {
    let cloud = cloud();
    let root = cloud.root();
    let created = CreateVpc { cidr_block: text("10.0.0.9/16"), ..Default::default() };
    let made = ok(&root, created).await.vpc.unwrap();
    assert_eq!((made.cidr_block.as_deref(), made.state), (Some("10.0.0.0/16"), Some(VpcState::Pending)));
    let id = made.vpc_id.unwrap();
    let of_vpc = || Some(vec![filter("vpc-id", &[&id])]);
    let tables = ok(&root, DescribeRouteTables { filters: of_vpc(), ..Default::default() })
        .await
        .route_tables
        .unwrap();
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0].routes.as_ref().unwrap().len(), 1);
    let acls = ok(&root, DescribeNetworkAcls { filters: of_vpc(), ..Default::default() })
        .await
        .network_acls
        .unwrap();
    assert_eq!(acls[0].is_default, Some(true));
    let groups = DescribeSecurityGroups { filters: of_vpc(), ..Default::default() };
    assert_eq!(ok(&root, groups).await.security_groups.unwrap()[0].group_name.as_deref(), Some("default"));
    ok(&root, DeleteVpc { vpc_id: id.clone(), dry_run: None }).await;
    let gone = refused(&root, DeleteVpc { vpc_id: id.clone(), dry_run: None }).await;
    assert_eq!(gone, pair("InvalidVpcID.NotFound", format!("The vpc ID '{id}' does not exist")));
    let left = DescribeRouteTables { filters: of_vpc(), ..Default::default() };
    assert!(ok(&root, left).await.route_tables.unwrap().is_empty());
}

#[tokio::test]
async fn blocks_of_vpcs_have_bounds() {
    let cloud = cloud();
    let root = cloud.root();
    let create = |cidr: &str| CreateVpc { cidr_block: text(cidr), ..Default::default() };
    let malformed = "Value (10.0.0.0/33) for parameter cidrBlock is invalid. This is not a valid CIDR block.";
    assert_eq!(refused(&root, create("10.0.0.0/33")).await, pair("InvalidParameterValue", malformed));
    assert_eq!(
        refused(&root, create("10.0.0.0/8")).await,
        pair("InvalidVpc.Range", "The CIDR '10.0.0.0/8' is invalid.")
    );
    assert_eq!(refused(&root, create("10.0.0.0/29")).await.0, "InvalidVpc.Range");
    assert_eq!(refused(&root, create("127.0.0.0/16")).await.0, "InvalidVpc.Range");
    assert_eq!(refused(&root, CreateVpc::default()).await.0, "MissingParameter");
    let host = CreateVpc { instance_tenancy: Some(Tenancy::Host), ..create("10.0.0.0/16") };
    assert_eq!(refused(&root, host).await.0, "InvalidParameterValue");
    let pool = CreateVpc { ipv4_ipam_pool_id: text("ipam-pool-1"), ..Default::default() };
    assert_eq!(refused(&root, pool).await.0, "InvalidIpamPoolId.NotFound");
    for number in 0..4 {
        vpc(&root, &format!("10.{number}.0.0/16")).await;
    }
    let full = refused(&root, create("10.9.0.0/16")).await;
    assert_eq!(full, pair("VpcLimitExceeded", "The maximum number of VPCs has been reached."));
}

#[tokio::test]
async fn what_is_in_a_vpc_keeps_it() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let delete = || DeleteVpc { vpc_id: id.clone(), dry_run: None };
    let sentence =
        pair("DependencyViolation", format!("The vpc '{id}' has dependencies and cannot be deleted."));
    let subnet = subnet(&root, &id, "10.0.1.0/24").await;
    assert_eq!(refused(&root, delete()).await, sentence);
    ok(&root, DeleteSubnet { subnet_id: subnet, dry_run: None }).await;
    let web = group(&root, Some(&id), "web").await;
    assert_eq!(refused(&root, delete()).await, sentence);
    ok(&root, DeleteSecurityGroup { group_id: text(&web), ..Default::default() }).await;
    let gateway = ok(&root, CreateInternetGateway::default())
        .await
        .internet_gateway
        .unwrap()
        .internet_gateway_id
        .unwrap();
    let attach =
        AttachInternetGateway { internet_gateway_id: gateway.clone(), vpc_id: id.clone(), dry_run: None };
    ok(&root, attach).await;
    assert_eq!(refused(&root, delete()).await, sentence);
    let keeps =
        refused(&root, DeleteInternetGateway { internet_gateway_id: gateway.clone(), dry_run: None }).await;
    let attached = format!("The internetGateway '{gateway}' has dependencies and cannot be deleted.");
    assert_eq!(keeps, pair("DependencyViolation", attached));
    let detach =
        DetachInternetGateway { internet_gateway_id: gateway.clone(), vpc_id: id.clone(), dry_run: None };
    ok(&root, detach.clone()).await;
    let twice = refused(&root, detach).await;
    assert_eq!(
        twice,
        pair("Gateway.NotAttached", format!("resource {gateway} is not attached to network {id}"))
    );
    let table = CreateRouteTable { vpc_id: id.clone(), ..Default::default() };
    let table = ok(&root, table).await.route_table.unwrap().route_table_id.unwrap();
    assert_eq!(refused(&root, delete()).await, sentence);
    ok(&root, DeleteRouteTable { route_table_id: table, dry_run: None }).await;
    ok(&root, delete()).await;
}

#[tokio::test]
async fn gateways_and_vpcs_pair_off() {
    let cloud = cloud();
    let root = cloud.root();
    let (one, two) = (vpc(&root, "10.0.0.0/16").await, vpc(&root, "10.1.0.0/16").await);
    let make = async || {
        ok(&root, CreateInternetGateway::default())
            .await
            .internet_gateway
            .unwrap()
            .internet_gateway_id
            .unwrap()
    };
    let (first, second) = (make().await, make().await);
    let attach = |gateway: &str, vpc: &str| AttachInternetGateway {
        internet_gateway_id: gateway.into(),
        vpc_id: vpc.into(),
        dry_run: None,
    };
    ok(&root, attach(&first, &one)).await;
    let again = refused(&root, attach(&first, &two)).await;
    assert_eq!(
        again,
        pair("Resource.AlreadyAssociated", format!("resource {first} is already attached to network {one}"))
    );
    let taken = refused(&root, attach(&second, &one)).await;
    assert_eq!(
        taken,
        pair("InvalidParameterValue", format!("Network {one} already has an internet gateway attached"))
    );
    let filters = Some(vec![filter("attachment.vpc-id", &[&one])]);
    let found = DescribeInternetGateways { filters, ..Default::default() };
    assert_eq!(ok(&root, found).await.internet_gateways.unwrap()[0].internet_gateway_id, Some(first));
}

#[tokio::test]
async fn subnets_share_out_a_vpc() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let create =
        |cidr: &str| CreateSubnet { vpc_id: id.clone(), cidr_block: text(cidr), ..Default::default() };
    let made = ok(&root, create("10.0.1.77/24")).await.subnet.unwrap();
    assert_eq!(
        (made.cidr_block.as_deref(), made.available_ip_address_count),
        (Some("10.0.1.0/24"), Some(251))
    );
    assert_eq!(
        (made.availability_zone.as_deref(), made.map_public_ip_on_launch),
        (Some("us-east-1a"), Some(false))
    );
    let conflict = refused(&root, create("10.0.1.128/25")).await;
    assert_eq!(
        conflict,
        pair("InvalidSubnet.Conflict", "The CIDR '10.0.1.128/25' conflicts with another subnet")
    );
    assert_eq!(
        refused(&root, create("10.1.0.0/24")).await,
        pair("InvalidSubnet.Range", "The CIDR '10.1.0.0/24' is invalid.")
    );
    assert_eq!(refused(&root, create("10.0.2.0/29")).await.0, "InvalidSubnet.Range");
    assert_eq!(refused(&root, create("10.0.2.0")).await.0, "InvalidParameterValue");
    let elsewhere = CreateSubnet { availability_zone: text("us-west-2a"), ..create("10.0.2.0/24") };
    let sentence = "Value (us-west-2a) for parameter availabilityZone is invalid. Subnets can currently only be created in the \
                    following availability zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1e, us-east-1f.";
    assert_eq!(refused(&root, elsewhere).await, pair("InvalidParameterValue", sentence));
    let by_id = CreateSubnet { availability_zone_id: text("use1-az3"), ..create("10.0.2.0/24") };
    assert_eq!(ok(&root, by_id).await.subnet.unwrap().availability_zone.as_deref(), Some("us-east-1c"));
    let acls = DescribeNetworkAcls { filters: Some(vec![filter("vpc-id", &[&id])]), ..Default::default() };
    let acls = ok(&root, acls).await.network_acls.unwrap();
    assert_eq!(acls[0].associations.as_ref().unwrap().len(), 2);
}

#[tokio::test]
async fn attributes_change_one_at_a_time() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let on = || Some(AttributeBooleanValue { value: Some(true) });
    let off = || Some(AttributeBooleanValue { value: Some(false) });
    let change = || ModifyVpcAttribute { vpc_id: id.clone(), ..Default::default() };
    ok(&root, ModifyVpcAttribute { enable_dns_hostnames: on(), ..change() }).await;
    let read =
        |attribute: VpcAttributeName| DescribeVpcAttribute { attribute, vpc_id: id.clone(), dry_run: None };
    let hostnames = ok(&root, read(VpcAttributeName::EnableDnsHostnames)).await;
    assert_eq!((hostnames.enable_dns_hostnames, hostnames.enable_dns_support), (on(), None));
    let both = ModifyVpcAttribute { enable_dns_hostnames: off(), enable_dns_support: off(), ..change() };
    let sentence = "Fields for multiple attribute types specified";
    assert_eq!(refused(&root, both).await, pair("InvalidParameterCombination", sentence));
    ok(&root, ModifyVpcAttribute { enable_dns_hostnames: off(), ..change() }).await;
    ok(&root, ModifyVpcAttribute { enable_dns_support: off(), ..change() }).await;
    let without = ModifyVpcAttribute { enable_dns_hostnames: on(), ..change() };
    assert_eq!(refused(&root, without).await.0, "InvalidParameterValue");

    let subnet = subnet(&root, &id, "10.0.1.0/24").await;
    let change = || ModifySubnetAttribute { subnet_id: subnet.clone(), ..Default::default() };
    ok(&root, ModifySubnetAttribute { map_public_ip_on_launch: on(), ..change() }).await;
    let filters = Some(vec![filter("map-public-ip-on-launch", &["true"]), filter("vpc-id", &[&id])]);
    let found = ok(&root, DescribeSubnets { filters, ..Default::default() }).await.subnets.unwrap();
    assert_eq!(found.len(), 1);
    let no_ipv6 = ModifySubnetAttribute { assign_ipv6_address_on_creation: on(), ..change() };
    assert_eq!(refused(&root, no_ipv6).await.0, "InvalidParameterValue");
    assert_eq!(refused(&root, change()).await.0, "InvalidParameterCombination");
}

#[tokio::test]
async fn ipv6_comes_from_amazon() {
    let cloud = cloud();
    let root = cloud.root();
    let create = CreateVpc {
        cidr_block: text("10.0.0.0/16"),
        amazon_provided_ipv6_cidr_block: Some(true),
        ..Default::default()
    };
    let made = ok(&root, create).await.vpc.unwrap();
    let (id, blocks) = (made.vpc_id.unwrap(), made.ipv6_cidr_block_association_set.unwrap());
    let block = blocks[0].ipv6_cidr_block.clone().unwrap();
    assert!(block.starts_with("2600:1f18:") && block.ends_with("/56"), "{block}");
    let inside = block.replace("/56", "/64");
    let create = |cidr: &str, ipv6: &str| CreateSubnet {
        vpc_id: id.clone(),
        cidr_block: text(cidr),
        ipv6_cidr_block: text(ipv6),
        ..Default::default()
    };
    let subnet = ok(&root, create("10.0.1.0/24", &inside)).await.subnet.unwrap();
    assert_eq!(subnet.ipv6_cidr_block_association_set.unwrap()[0].ipv6_cidr_block.as_ref(), Some(&inside));
    assert_eq!(refused(&root, create("10.0.2.0/24", &inside)).await.0, "InvalidSubnet.Conflict");
    assert_eq!(refused(&root, create("10.0.2.0/24", "2001:db8::/64")).await.0, "InvalidSubnet.Range");
    let native = CreateSubnet { ipv6_native: Some(true), ..create("10.0.2.0/24", &inside) };
    assert_eq!(refused(&root, native).await.0, "InvalidParameterCombination");
}

#[tokio::test]
async fn dhcp_options_are_of_a_vpc_or_nobody() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let option = |key: &str, values: &[&str]| NewDhcpConfiguration {
        key: text(key),
        values: Some(values.iter().map(|value| (*value).to_owned()).collect()),
    };
    let create = |options: Vec<NewDhcpConfiguration>| CreateDhcpOptions {
        dhcp_configurations: options,
        ..Default::default()
    };
    assert_eq!(refused(&root, create(vec![option("colour", &["red"])])).await.0, "InvalidParameterValue");
    assert_eq!(
        refused(&root, create(vec![option("netbios-node-type", &["3"])])).await.0,
        "InvalidParameterValue"
    );
    let options = vec![
        option("domain-name", &["corp.example"]),
        option("domain-name-servers", &["10.0.0.2", "AmazonProvidedDNS"]),
    ];
    let made = ok(&root, create(options)).await.dhcp_options.unwrap().dhcp_options_id.unwrap();
    let associate = |options: &str| AssociateDhcpOptions {
        dhcp_options_id: options.into(),
        vpc_id: id.clone(),
        dry_run: None,
    };
    ok(&root, associate(&made)).await;
    let delete = DeleteDhcpOptions { dhcp_options_id: made.clone(), dry_run: None };
    let sentence = format!("The dhcpOptions '{made}' has dependencies and cannot be deleted.");
    assert_eq!(refused(&root, delete.clone()).await, pair("DependencyViolation", sentence));
    ok(&root, associate("default")).await;
    ok(&root, delete).await;
    assert_eq!(refused(&root, associate(&made)).await.0, "InvalidDhcpOptionID.NotFound");
}

#[tokio::test]
async fn ids_that_are_none_are_answered_as_aws_does() {
    let cloud = cloud();
    let root = cloud.root();
    let create = CreateSubnet {
        vpc_id: "10.20.0.0/16".into(),
        cidr_block: text("10.20.1.0/24"),
        ..Default::default()
    };
    let sentence = "The vpc ID '10.20.0.0/16' does not exist";
    assert_eq!(refused(&root, create).await, pair("InvalidVpcID.NotFound", sentence));
    let interface = DeleteNetworkInterface { network_interface_id: "web".into(), dry_run: None };
    let sentence = "Invalid id: \"web\" (expecting \"eni-...\")";
    assert_eq!(refused(&root, interface).await, pair("InvalidNetworkInterfaceId.Malformed", sentence));
}
