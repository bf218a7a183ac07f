//! What changed from one item to the next, in the form of `configurationItemDiff`.

use super::canonical::canonical;
use super::item::relationship_in_event;
use crate::state::Item;
use api_config::ConfigurationItemStatus;
use std::collections::BTreeMap;
use wire::{Document, document};

/// How deep nested objects are compared member by member; deeper ones are one property.
const DEPTH: usize = 16;

/// `CREATE`, `UPDATE` or `DELETE`.
pub(crate) fn change_type(item: &Item) -> &'static str {
    match item.status {
        ConfigurationItemStatus::ResourceDiscovered => "CREATE",
        ConfigurationItemStatus::ResourceDeleted | ConfigurationItemStatus::ResourceDeletedNotRecorded => {
            "DELETE"
        }
        ConfigurationItemStatus::Ok | ConfigurationItemStatus::ResourceNotRecorded => "UPDATE",
    }
}

/// The difference between an item and the one before it.
pub(crate) fn diff(previous: Option<&Item>, item: &Item) -> Document {
    let mut changes = Changes::default();
    let change = change_type(item);
    if let Some(previous) = previous.filter(|_| change != "CREATE") {
        match (&previous.configuration, &item.configuration) {
            (Some(before), Some(after)) => changes.value("Configuration", Some(before), Some(after), 0),
            (before, after) => changes.entry("Configuration", before.as_ref(), after.as_ref()),
        }
        let names = previous.supplementary.keys().chain(item.supplementary.keys());
        for name in names.collect::<std::collections::BTreeSet<_>>() {
            let path = format!("SupplementaryConfiguration.{}", upper(name));
            changes.value(&path, previous.supplementary.get(name), item.supplementary.get(name), 0);
        }
        let before: Vec<Document> = previous.relationships.iter().map(relationship_in_event).collect();
        let after: Vec<Document> = item.relationships.iter().map(relationship_in_event).collect();
        changes.set("Relationships", &before, &after);
        changes.set("Tags", &tags(&previous.tags), &tags(&item.tags));
    }
    document!({ "changedProperties": (changes.entries.into_iter().collect::<Document>()), "changeType": change })
}

fn tags(tags: &BTreeMap<String, String>) -> Vec<Document> {
    tags.iter().map(|(key, value)| document!({ "key": (key.clone()), "value": (value.clone()) })).collect()
}

/// `ipPermissions` to `IpPermissions`: paths are in upper camel case.
fn upper(name: &str) -> String {
    let mut characters = name.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[derive(Default)]
struct Changes {
    entries: Vec<(String, Document)>,
}

impl Changes {
    fn entry(&mut self, path: &str, before: Option<&Document>, after: Option<&Document>) {
        let present = |value: Option<&Document>| value.filter(|value| !value.is_null()).cloned();
        let (before, after) = (present(before), present(after));
        let change = match (&before, &after) {
            (None, None) => return,
            (None, Some(_)) => "CREATE",
            (Some(_), None) => "DELETE",
            (Some(_), Some(_)) => "UPDATE",
        };
        let entry = document!({ "previousValue": before, "updatedValue": after, "changeType": change });
        self.entries.push((path.to_owned(), entry));
    }

    fn value(&mut self, path: &str, before: Option<&Document>, after: Option<&Document>, depth: usize) {
        match (before, after) {
            (Some(Document::Object(old)), Some(Document::Object(new))) if depth < DEPTH => {
                let added = new.keys().filter(|name| !old.contains_key(*name));
                for name in old.keys().chain(added) {
                    let path = format!("{path}.{}", upper(name));
                    self.value(&path, old.get(name), new.get(name), depth + 1);
                }
            }
            (Some(Document::Array(old)), Some(Document::Array(new))) => self.set(path, old, new),
            (Some(Document::Array(old)), None | Some(Document::Null)) => self.set(path, old, &[]),
            (None | Some(Document::Null), Some(Document::Array(new))) => self.set(path, &[], new),
            (before, after) => {
                if before.map(canonical) != after.map(canonical) {
                    self.entry(path, before, after);
                }
            }
        }
    }

    /// A changed element shows as one that went and one that came.
    fn set(&mut self, path: &str, before: &[Document], after: &[Document]) {
        let missing_in = |others: &[Document], these: &[Document]| {
            let mut others: Vec<Document> = others.iter().map(canonical).collect();
            let mut missing = Vec::new();
            for element in these {
                let form = canonical(element);
                match others.iter().position(|other| *other == form) {
                    Some(position) => drop(others.swap_remove(position)),
                    None => missing.push(element.clone()),
                }
            }
            missing
        };
        let gone = missing_in(after, before);
        let new = missing_in(before, after);
        let mut index = 0_usize;
        for element in &gone {
            self.entry(&format!("{path}.{index}"), Some(element), None);
            index += 1;
        }
        for element in &new {
            self.entry(&format!("{path}.{index}"), None, Some(element));
            index += 1;
        }
    }
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
