//! Network interfaces and their addresses.

use crate::support::*;
use api_ec2::*;

#[tokio::test]
async fn an_interface_takes_addresses_of_its_subnet() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let subnet = subnet(&root, &id, "10.0.1.0/28").await;
    let create = || CreateNetworkInterface { subnet_id: subnet.clone(), ..Default::default() };
    let first = ok(&root, create()).await.network_interface.unwrap();
    assert_eq!(first.private_ip_address.as_deref(), Some("10.0.1.4"));
    assert_eq!(first.groups.as_ref().unwrap()[0].group_name.as_deref(), Some("default"));
    assert_eq!(
        (first.status, first.source_dest_check),
        (Some(NetworkInterfaceStatus::Available), Some(true))
    );
    let named = |address: &str| CreateNetworkInterface { private_ip_address: text(address), ..create() };
    assert_eq!(
        ok(&root, named("10.0.1.9")).await.network_interface.unwrap().private_ip_address.as_deref(),
        Some("10.0.1.9")
    );
    assert_eq!(
        refused(&root, named("10.0.1.9")).await,
        pair("InvalidIPAddress.InUse", "Address 10.0.1.9 is in use.")
    );
    for reserved in ["10.0.1.0", "10.0.1.3", "10.0.1.15"] {
        let sentence = format!("Address {reserved} is in subnet's reserved address range");
        assert_eq!(refused(&root, named(reserved)).await, pair("InvalidParameterValue", sentence));
    }
    let outside = "Address 10.0.2.9 does not fall within the subnet's address range";
    assert_eq!(refused(&root, named("10.0.2.9")).await, pair("InvalidParameterValue", outside));
    let several = CreateNetworkInterface { secondary_private_ip_address_count: Some(2), ..create() };
    let addresses = ok(&root, several).await.network_interface.unwrap().private_ip_addresses.unwrap();
    let primary: Vec<_> = addresses.iter().map(|address| address.primary.unwrap()).collect();
    assert_eq!(primary, [true, false, false]);
    let describe = DescribeSubnets { subnet_ids: Some(vec![subnet.clone()]), ..Default::default() };
    assert_eq!(ok(&root, describe).await.subnets.unwrap()[0].available_ip_address_count, Some(6));
    let too_many = CreateNetworkInterface { secondary_private_ip_address_count: Some(6), ..create() };
    let sentence = format!("Insufficient free addresses in subnet '{subnet}'.");
    assert_eq!(refused(&root, too_many).await, pair("InsufficientFreeAddressesInSubnet", sentence));
}

#[tokio::test]
async fn an_interface_keeps_its_groups_and_subnet() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let subnet = subnet(&root, &id, "10.0.1.0/24").await;
    let (web, elsewhere) = (group(&root, Some(&id), "web").await, group(&root, None, "elsewhere").await);
    let create = |groups: Vec<String>| CreateNetworkInterface {
        subnet_id: subnet.clone(),
        groups: Some(groups),
        ..Default::default()
    };
    let foreign = refused(&root, create(vec![elsewhere.clone()])).await;
    let sentence = format!("Security group {elsewhere} and subnet {subnet} belong to different networks.");
    assert_eq!(foreign, pair("InvalidParameter", sentence));
    let interface =
        ok(&root, create(vec![web.clone()])).await.network_interface.unwrap().network_interface_id.unwrap();
    let in_use = refused(&root, DeleteSecurityGroup { group_id: text(&web), ..Default::default() }).await;
    assert_eq!(in_use, pair("DependencyViolation", format!("resource {web} has a dependent object")));
    let keeps = refused(&root, DeleteSubnet { subnet_id: subnet.clone(), dry_run: None }).await;
    assert_eq!(
        keeps,
        pair("DependencyViolation", format!("The subnet '{subnet}' has dependencies and cannot be deleted."))
    );
    let change =
        || ModifyNetworkInterfaceAttribute { network_interface_id: interface.clone(), ..Default::default() };
    let off = Some(AttributeBooleanValue { value: Some(false) });
    ok(&root, ModifyNetworkInterfaceAttribute { source_dest_check: off.clone(), ..change() }).await;
    let read = DescribeNetworkInterfaceAttribute {
        network_interface_id: interface.clone(),
        attribute: Some(NetworkInterfaceAttribute::SourceDestCheck),
        dry_run: None,
    };
    assert_eq!(ok(&root, read).await.source_dest_check, off);
    let two = ModifyNetworkInterfaceAttribute {
        source_dest_check: off,
        description: Some(AttributeValue { value: text("x") }),
        ..change()
    };
    assert_eq!(refused(&root, two).await.0, "InvalidParameterCombination");
    ok(&root, DeleteNetworkInterface { network_interface_id: interface.clone(), dry_run: None }).await;
    let gone =
        refused(&root, DeleteNetworkInterface { network_interface_id: interface.clone(), dry_run: None })
            .await;
    let sentence = format!("The networkInterface ID '{interface}' does not exist");
    assert_eq!(gone, pair("InvalidNetworkInterfaceID.NotFound", sentence));
    ok(&root, DeleteSecurityGroup { group_id: text(&web), ..Default::default() }).await;
}
