//! Items and their forms: of the API, and of events, files and notifications.

use crate::state::Item;
use api_config::{BaseConfigurationItem, ConfigurationItem, ConfigurationItemStatus, RecordingFrequency};
use contract::{Description, Relationship};
use names::{Region, Scope, Tags, Timestamp};
use std::collections::BTreeMap;
use wire::{Document, document};

/// The version of items.
pub(crate) const VERSION: &str = "1.3";
/// What makes an item too large for a notification, in bytes.
pub(crate) const OVERSIZED: usize = 256 * 1024;

/// A resource that was described, as an item.
pub(crate) fn of_description(
    scope: Scope,
    global: bool,
    description: Description,
    frequency: RecordingFrequency,
    now: Timestamp,
) -> Item {
    let Description {
        identity,
        availability_zone,
        created,
        configuration,
        supplementary,
        mut relationships,
        tags,
    } = description;
    relationships.sort();
    relationships.dedup();
    let region = if global { Region::GLOBAL } else { scope.region };
    Item {
        scope,
        resource_type: identity.resource_type.as_str().to_owned(),
        resource_id: identity.id,
        captured: now,
        delivered: now,
        status: ConfigurationItemStatus::Ok,
        arn: Some(identity.arn),
        name: identity.name,
        region: region.as_str().to_owned(),
        availability_zone: Some(availability_zone),
        created,
        configuration: Some(configuration),
        supplementary: supplementary.into_iter().collect(),
        relationships,
        tags,
        frequency,
    }
}

/// The item that says that a resource is gone.
pub(crate) fn of_deletion(last: &Item, now: Timestamp) -> Item {
    Item {
        captured: now,
        delivered: now,
        status: ConfigurationItemStatus::ResourceDeleted,
        availability_zone: None,
        created: None,
        configuration: None,
        supplementary: BTreeMap::new(),
        relationships: Vec::new(),
        tags: Tags::new(),
        ..last.clone()
    }
}

/// The item of a resource that is only known by its relationship to another one, or that is not recorded any more.
pub(crate) fn not_recorded(
    scope: Scope,
    resource: (&str, &str),
    status: ConfigurationItemStatus,
    name: Option<String>,
    now: Timestamp,
) -> Item {
    Item {
        scope,
        resource_type: resource.0.to_owned(),
        resource_id: resource.1.to_owned(),
        captured: now,
        delivered: now,
        status,
        arn: None,
        name,
        region: scope.region.as_str().to_owned(),
        availability_zone: None,
        created: None,
        configuration: None,
        supplementary: BTreeMap::new(),
        relationships: Vec::new(),
        tags: Tags::new(),
        frequency: RecordingFrequency::Continuous,
    }
}

/// A relationship in events.
pub(crate) fn relationship_in_event(relationship: &Relationship) -> Document {
    document!({
        "resourceId": (relationship.id.clone()),
        "resourceName": (relationship.name.clone()),
        "resourceType": (relationship.resource_type.clone()),
        "name": (relationship.relation.clone()),
    })
}

/// An item as in Lambda events, notifications and files.
pub(crate) fn in_event(item: &Item) -> Document {
    let relationships: Document = item.relationships.iter().map(relationship_in_event).collect();
    let supplementary: Document =
        item.supplementary.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    document!({
        "relatedEvents": [],
        "relationships": relationships,
        "configuration": (item.configuration.clone()),
        "supplementaryConfiguration": supplementary,
        "tags": (item.tags.clone()),
        "configurationItemVersion": VERSION,
        "configurationItemCaptureTime": (item.captured.iso_millis()),
        "configurationStateId": (item.captured.millis()),
        "awsAccountId": (item.scope.account.as_str()),
        "configurationItemStatus": (item.status.as_str()),
        "resourceType": (item.resource_type.clone()),
        "resourceId": (item.resource_id.clone()),
        "resourceName": (item.name.clone()),
        "ARN": (item.arn.clone()),
        "awsRegion": (item.region.clone()),
        "availabilityZone": (item.availability_zone.clone()),
        "configurationStateMd5Hash": "",
        "resourceCreationTime": (item.created.map(Timestamp::iso_millis)),
    })
}

/// What stands for an item that is too large for a notification.
pub(crate) fn summary(item: &Item, change: &str) -> Document {
    document!({
        "changeType": change,
        "configurationItemVersion": VERSION,
        "configurationItemCaptureTime": (item.captured.iso_millis()),
        "configurationStateId": (item.captured.millis()),
        "awsAccountId": (item.scope.account.as_str()),
        "configurationItemStatus": (item.status.as_str()),
        "resourceType": (item.resource_type.clone()),
        "resourceId": (item.resource_id.clone()),
        "resourceName": (item.name.clone()),
        "ARN": (item.arn.clone()),
        "awsRegion": (item.region.clone()),
        "availabilityZone": (item.availability_zone.clone()),
        "configurationStateMd5Hash": "",
        "resourceCreationTime": (item.created.map(Timestamp::iso_millis)),
    })
}

fn text(value: &Document) -> String {
    match value {
        Document::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn supplementary(item: &Item) -> BTreeMap<String, String> {
    item.supplementary.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// An item as GetResourceConfigHistory answers it.
pub(crate) fn in_api(item: &Item) -> ConfigurationItem {
    ConfigurationItem {
        version: Some(VERSION.into()),
        account_id: Some(item.scope.account.to_string()),
        configuration_item_capture_time: Some(item.captured),
        configuration_item_status: Some(item.status),
        configuration_state_id: Some(item.captured.millis().to_string()),
        configuration_item_md5_hash: Some(String::new()),
        arn: item.arn.clone(),
        resource_type: Some(item.resource_type.clone()),
        resource_id: Some(item.resource_id.clone()),
        resource_name: item.name.clone(),
        aws_region: Some(item.region.clone()),
        availability_zone: item.availability_zone.clone(),
        resource_creation_time: item.created,
        tags: Some(item.tags.clone()),
        related_events: Some(Vec::new()),
        relationships: Some(
            item.relationships
                .iter()
                .map(|relationship| api_config::Relationship {
                    resource_type: Some(relationship.resource_type.clone()),
                    resource_id: relationship.id.clone(),
                    resource_name: relationship.name.clone(),
                    relationship_name: Some(relationship.relation.clone()),
                })
                .collect(),
        ),
        configuration: item.configuration.as_ref().map(text),
        supplementary_configuration: Some(supplementary(item)),
        recording_frequency: Some(item.frequency),
        configuration_item_delivery_time: Some(item.delivered),
    }
}

/// An item as BatchGetResourceConfig answers it: without tags and relationships.
pub(crate) fn base(item: &Item) -> BaseConfigurationItem {
    BaseConfigurationItem {
        version: Some(VERSION.into()),
        account_id: Some(item.scope.account.to_string()),
        configuration_item_capture_time: Some(item.captured),
        configuration_item_status: Some(item.status),
        configuration_state_id: Some(item.captured.millis().to_string()),
        arn: item.arn.clone(),
        resource_type: Some(item.resource_type.clone()),
        resource_id: Some(item.resource_id.clone()),
        resource_name: item.name.clone(),
        aws_region: Some(item.region.clone()),
        availability_zone: item.availability_zone.clone(),
        resource_creation_time: item.created,
        configuration: item.configuration.as_ref().map(text),
        supplementary_configuration: Some(supplementary(item)),
        recording_frequency: Some(item.frequency),
        configuration_item_delivery_time: Some(item.delivered),
    }
}
