//! Items for the tests of rules.

use super::{Inventory, Judge, Parameters, Verdict, find};
use crate::state::Item;
use api_config::{ConfigurationItemStatus, RecordingFrequency};
use names::{AccountId, Region, Scope, Timestamp};
use store::StoreError;
use wire::Document;

pub(super) const ACCOUNT: &str = "111122223333";

/// An item of a type, with a configuration.
pub(super) fn item(resource_type: &str, id: &str, configuration: Document) -> Item {
    let scope = Scope::new(ACCOUNT.parse().unwrap(), Region::US_EAST_1);
    let now = Timestamp::parse_iso("2026-11-22T00:00:00Z").unwrap();
    Item {
        scope,
        resource_type: resource_type.into(),
        resource_id: id.into(),
        captured: now,
        delivered: now,
        status: ConfigurationItemStatus::Ok,
        arn: None,
        name: Some(id.into()),
        region: "us-east-1".into(),
        availability_zone: None,
        created: None,
        configuration: Some(configuration),
        supplementary: std::collections::BTreeMap::new(),
        relationships: Vec::new(),
        tags: names::Tags::new(),
        frequency: RecordingFrequency::Continuous,
    }
}

/// An item with one further part.
pub(super) fn with_part(mut item: Item, name: &str, part: Document) -> Item {
    item.supplementary.insert(name.into(), part);
    item
}

/// What a rule says of an item, with parameters, in an account that has nothing else.
pub(super) fn judge(identifier: &str, item: &Item, parameters: &str) -> Verdict {
    judge_among(identifier, item, parameters, &Others::default())
}

/// What a rule says of an item, with parameters, among other resources.
pub(super) fn judge_among(identifier: &str, item: &Item, parameters: &str, others: &Others) -> Verdict {
    let rule = find(identifier).unwrap();
    assert!(
        rule.types.contains(&item.resource_type.as_str()),
        "{identifier} does not judge {}",
        item.resource_type
    );
    let parameters = Parameters::read(rule.parameters, Some(parameters)).unwrap();
    match rule.judge {
        Judge::Item(judge) => judge(item, &parameters),
        Judge::Related(judge) => judge(item, &parameters, others).unwrap(),
        Judge::Account(_) => panic!("{identifier} judges the account"),
    }
}

/// What a rule says of an account.
pub(super) fn judge_account(identifier: &str, parameters: &str, others: &Others) -> Verdict {
    let rule = find(identifier).unwrap();
    let parameters = Parameters::read(rule.parameters, Some(parameters)).unwrap();
    match rule.judge {
        Judge::Account(judge) => judge(&parameters, others).unwrap(),
        _ => panic!("{identifier} judges items"),
    }
}

/// Checks rows of a table: item, parameters, and whether it complies (None: not applicable).
pub(super) fn table(identifier: &str, rows: &[(Item, &str, Option<bool>)]) {
    for (index, (item, parameters, expected)) in rows.iter().enumerate() {
        let verdict = judge(identifier, item, parameters);
        let found = match &verdict {
            Verdict::Compliant => Some(true),
            Verdict::NonCompliant(reason) => {
                assert!(!reason.is_empty());
                Some(false)
            }
            Verdict::NotApplicable => None,
        };
        assert_eq!(found, *expected, "{identifier}, row {index}: {verdict:?}");
    }
}

/// Other resources of the account.
#[derive(Default)]
pub(super) struct Others(pub(super) Vec<Item>);

impl Inventory for Others {
    fn account(&self) -> AccountId {
        ACCOUNT.parse().unwrap()
    }
    fn region(&self) -> Region {
        Region::US_EAST_1
    }
    fn now(&self) -> Timestamp {
        Timestamp::parse_iso("2026-11-22T00:00:00Z").unwrap()
    }
    fn resource(&self, resource_type: &str, id: &str) -> Result<Option<Item>, StoreError> {
        let wanted = |item: &&Item| item.resource_type == resource_type && item.resource_id == id;
        Ok(self.0.iter().find(wanted).cloned())
    }
    fn region_of(&self, resource_type: &str, id: &str) -> Result<Option<Region>, StoreError> {
        Ok(self.resource(resource_type, id)?.and_then(|item| item.region.parse().ok()))
    }
    fn each(&self, resource_type: &str, visit: &mut dyn FnMut(&Item)) -> Result<(), StoreError> {
        self.0.iter().filter(|item| item.resource_type == resource_type).for_each(visit);
        Ok(())
    }
    fn resource_anywhere(&self, resource_type: &str, id: &str) -> Result<Option<Item>, StoreError> {
        self.resource(resource_type, id)
    }
    fn each_everywhere(&self, resource_type: &str, visit: &mut dyn FnMut(&Item)) -> Result<(), StoreError> {
        self.each(resource_type, visit)
    }
}
