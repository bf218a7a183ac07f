//! Network ACLs.

use crate::support::*;
use api_ec2::*;

#[tokio::test]
async fn entries_are_made_once_in_order() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let acl = ok(&root, CreateNetworkAcl { vpc_id: id, ..Default::default() }).await.network_acl.unwrap();
    assert_eq!((acl.is_default, acl.entries.as_ref().unwrap().len()), (Some(false), 2));
    let acl = acl.network_acl_id.unwrap();
    let entry = |number: i32| CreateNetworkAclEntry {
        network_acl_id: acl.clone(),
        rule_number: number,
        protocol: "tcp".into(),
        rule_action: RuleAction::Allow,
        egress: false,
        cidr_block: text("10.0.0.9/8"),
        port_range: Some(PortRange { from: Some(443), to: Some(443) }),
        ..Default::default()
    };
    ok(&root, entry(200)).await;
    ok(&root, entry(100)).await;
    let again = refused(&root, entry(100)).await;
    assert_eq!(
        again,
        pair("NetworkAclEntryAlreadyExists", "The network acl entry identified by 100 already exists.")
    );
    assert_eq!(refused(&root, entry(32767)).await.0, "InvalidParameterValue");
    assert_eq!(
        refused(&root, CreateNetworkAclEntry { port_range: None, ..entry(300) }).await.0,
        "MissingParameter"
    );
    assert_eq!(
        refused(&root, CreateNetworkAclEntry { cidr_block: None, ..entry(300) }).await.0,
        "MissingParameter"
    );
    let describe = DescribeNetworkAcls { network_acl_ids: Some(vec![acl.clone()]), ..Default::default() };
    let entries = ok(&root, describe).await.network_acls.unwrap().remove(0).entries.unwrap();
    let incoming: Vec<_> = entries.iter().filter(|entry| entry.egress == Some(false)).collect();
    let numbers: Vec<_> = incoming.iter().map(|entry| entry.rule_number.unwrap()).collect();
    assert_eq!(numbers, [100, 200, 32767]);
    assert_eq!(
        (incoming[0].protocol.as_deref(), incoming[0].cidr_block.as_deref()),
        (Some("6"), Some("10.0.0.0/8"))
    );
    let replace = |number: i32| ReplaceNetworkAclEntry {
        network_acl_id: acl.clone(),
        rule_number: number,
        protocol: "-1".into(),
        rule_action: RuleAction::Deny,
        egress: false,
        cidr_block: text("0.0.0.0/0"),
        ..Default::default()
    };
    ok(&root, replace(100)).await;
    assert_eq!(refused(&root, replace(150)).await.0, "InvalidNetworkAclEntry.NotFound");
    let delete =
        DeleteNetworkAclEntry { network_acl_id: acl.clone(), rule_number: 100, egress: false, dry_run: None };
    ok(&root, delete.clone()).await;
    assert_eq!(refused(&root, delete).await.0, "InvalidNetworkAclEntry.NotFound");
    for number in 1..=19 {
        ok(&root, entry(number)).await;
    }
    assert_eq!(refused(&root, entry(20)).await.0, "NetworkAclEntryLimitExceeded");
}

#[tokio::test]
async fn a_subnet_moves_between_acls() {
    let cloud = cloud();
    let root = cloud.root();
    let id = vpc(&root, "10.0.0.0/16").await;
    let subnet = subnet(&root, &id, "10.0.1.0/24").await;
    let own =
        ok(&root, CreateNetworkAcl { vpc_id: id.clone(), ..Default::default() }).await.network_acl.unwrap();
    let own = own.network_acl_id.unwrap();
    let of_subnet = async || {
        let filters = Some(vec![filter("association.subnet-id", &[&subnet])]);
        let acl = ok(&root, DescribeNetworkAcls { filters, ..Default::default() })
            .await
            .network_acls
            .unwrap()
            .remove(0);
        let association = acl.associations.unwrap()[0].network_acl_association_id.clone().unwrap();
        (acl.network_acl_id.unwrap(), association)
    };
    let (default, association) = of_subnet().await;
    let sentence = format!("cannot delete default network ACL {default}");
    let delete = |acl: &str| DeleteNetworkAcl { network_acl_id: acl.into(), dry_run: None };
    assert_eq!(refused(&root, delete(&default)).await, pair("InvalidParameterValue", sentence));
    let replace = ReplaceNetworkAclAssociation {
        association_id: association.clone(),
        network_acl_id: own.clone(),
        dry_run: None,
    };
    let new = ok(&root, replace.clone()).await.new_association_id.unwrap();
    assert_eq!(of_subnet().await, (own.clone(), new));
    assert_eq!(refused(&root, replace).await.0, "InvalidAssociationID.NotFound");
    let keeps = format!("The networkAcl '{own}' has dependencies and cannot be deleted.");
    assert_eq!(refused(&root, delete(&own)).await, pair("DependencyViolation", keeps));
    // The association goes with the subnet.
    ok(&root, DeleteSubnet { subnet_id: subnet.clone(), dry_run: None }).await;
    ok(&root, delete(&own)).await;
}
