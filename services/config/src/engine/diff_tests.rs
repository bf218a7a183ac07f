use super::*;
use crate::engine::item;
use api_config::RecordingFrequency;
use contract::{Description, Relationship};
use indexmap::IndexMap;
use names::{AccountId, Region, ResourceType, Scope, Tags, Timestamp};
use store::ResourceIdentity;

fn group(configuration: Document, vpc: &str, status: ConfigurationItemStatus) -> Item {
    let scope = Scope::new(AccountId::DEFAULT, Region::US_EAST_1);
    let description = Description {
        identity: ResourceIdentity {
            resource_type: ResourceType("AWS::EC2::SecurityGroup"),
            id: "sg-1".into(),
            name: None,
            arn: "arn:aws:ec2:us-east-1:000000000000:security-group/sg-1".into(),
        },
        availability_zone: "Not Applicable".into(),
        created: None,
        configuration,
        supplementary: IndexMap::new(),
        relationships: vec![Relationship::to("Is contained in Vpc", "AWS::EC2::VPC", vpc)],
        tags: Tags::new(),
    };
    let mut item =
        item::of_description(scope, false, description, RecordingFrequency::Continuous, Timestamp::default());
    item.status = status;
    item
}

#[test]
fn a_changed_element_is_a_deletion_and_a_creation() {
    let before = group(
        document!({ "groupName": "a", "ipPermissions": [{ "fromPort": 22, "ruleId": 1 }, { "fromPort": 80 }] }),
        "vpc-1",
        ConfigurationItemStatus::ResourceDiscovered,
    );
    let after = group(
        document!({ "groupName": "b", "ipPermissions": [{ "fromPort": 80 }, { "fromPort": 443 }] }),
        "vpc-1",
        ConfigurationItemStatus::Ok,
    );
    let found = diff(Some(&before), &after);
    assert_eq!(
        found,
        document!({
            "changedProperties": {
                "Configuration.GroupName": { "previousValue": "a", "updatedValue": "b", "changeType": "UPDATE" },
                "Configuration.IpPermissions.0": {
                    "previousValue": { "fromPort": 22, "ruleId": 1 },
                    "updatedValue": null,
                    "changeType": "DELETE"
                },
                "Configuration.IpPermissions.1": {
                    "previousValue": null,
                    "updatedValue": { "fromPort": 443 },
                    "changeType": "CREATE"
                },
            },
            "changeType": "UPDATE",
        })
    );
}

#[test]
fn a_new_resource_has_no_changed_properties() {
    let item = group(document!({ "groupName": "a" }), "vpc-1", ConfigurationItemStatus::ResourceDiscovered);
    assert_eq!(diff(None, &item), document!({ "changedProperties": {}, "changeType": "CREATE" }));
}

#[test]
fn a_deletion_names_the_whole_configuration_and_the_relationships() {
    let before = group(document!({ "groupName": "a" }), "vpc-1", ConfigurationItemStatus::Ok);
    let after = item::of_deletion(&before, Timestamp::from_seconds(1));
    let found = diff(Some(&before), &after);
    let changed = found.get("changedProperties").unwrap();
    assert_eq!(
        changed.get("Configuration").unwrap(),
        &document!({ "previousValue": { "groupName": "a" }, "updatedValue": null, "changeType": "DELETE" })
    );
    assert_eq!(
        changed.at(&["Relationships.0", "previousValue", "resourceId"]).unwrap().as_str(),
        Some("vpc-1")
    );
    assert_eq!(found.get("changeType").unwrap().as_str(), Some("DELETE"));
}
