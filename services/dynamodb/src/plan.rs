//! A write of one item, from the parameters to the store: what PutItem, UpdateItem, DeleteItem, ConditionCheck and their batches share.

use crate::capacity::{Usage, write_units};
use crate::checks::{self, TOO_LARGE, UPDATE_TOO_LARGE};
use crate::expression::{Condition, Placeholders, Update};
use crate::reference::TableReference;
use crate::refusal::{no_resource, validation};
use crate::state::{StoredItem, Table};
use crate::value::{Item, KeyBytes, Wire, item_from, item_into, item_size};
use crate::writing::Replacement;
use api_dynamodb::{ConditionalCheckFailedException, Error};
use contract::Call;
use std::collections::BTreeMap;
use store::{StoreError, Tx, View};
use wire::Document;

/// What shall become of an item.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Put(Item),
    Update(Update),
    Delete,
    /// Only the condition is looked at.
    Check,
}

/// A write that is checked as far as it can be without the item.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) key: KeyBytes,
    /// The key's attributes.
    pub(crate) key_item: Item,
    pub(crate) change: Change,
    pub(crate) condition: Option<Condition>,
    /// The item is shown where the condition fails.
    pub(crate) show_item: bool,
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    pub(crate) before: Option<Item>,
    pub(crate) after: Option<Item>,
    pub(crate) usage: Usage,
}

/// Why nothing was.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The condition does not hold.
    Condition {
        /// The item, where it is to be shown.
        item: Option<Item>,
        /// What it costs all the same.
        units: f64,
    },
    /// AWS's sentence.
    Invalid(String),
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Condition { item, .. } => {
                let mut error = ConditionalCheckFailedException::new("The conditional request failed");
                error.item = item.map(item_document);
                error.into()
            }
            Failure::Invalid(reason) => validation(reason),
            Failure::Store(error) => error.into(),
        }
    }
}

/// An item as JSON, for the members of errors.
pub(crate) fn item_document(item: Item) -> Document {
    let wire: Wire = item_into(item);
    wire.iter().map(|(name, value)| (name.clone(), value_document(value))).collect()
}

fn value_document(value: &api_dynamodb::AttributeValue) -> Document {
    use base64::Engine as _;
    let base64 = |bytes: &bytes::Bytes| base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut object = Document::object();
    if let Some(text) = &value.s {
        object.set("S", text.as_str());
    }
    if let Some(text) = &value.n {
        object.set("N", text.as_str());
    }
    if let Some(bytes) = &value.b {
        object.set("B", base64(bytes));
    }
    if let Some(texts) = &value.ss {
        object.set("SS", texts.clone());
    }
    if let Some(texts) = &value.ns {
        object.set("NS", texts.clone());
    }
    if let Some(blobs) = &value.bs {
        object.set("BS", blobs.iter().map(base64).collect::<Vec<String>>());
    }
    if let Some(members) = &value.m {
        let members: Document =
            members.iter().map(|(name, value)| (name.clone(), value_document(value))).collect();
        object.set("M", members);
    }
    if let Some(elements) = &value.l {
        object.set("L", elements.iter().map(value_document).collect::<Document>());
    }
    if let Some(null) = value.null {
        object.set("NULL", null);
    }
    if let Some(value) = value.bool {
        object.set("BOOL", value);
    }
    object
}

/// The table of a call on items.
pub(crate) fn table(view: &View, call: &Call, name: &str) -> Result<Table, Error> {
    let reference = TableReference::read(name, call.scope())?;
    Table::get(view, reference.scope, &reference.name)?.ok_or_else(no_resource)
}

/// The expressions of a write, read before the table is looked at.
#[derive(Debug, Default)]
pub(crate) struct Expressions {
    pub(crate) condition: Option<Condition>,
    pub(crate) update: Option<Update>,
}

/// Reads a write's expressions. `update` is None where the operation has no `UpdateExpression`.
pub(crate) fn expressions(
    condition: Option<&str>,
    update: Option<Option<&str>>,
    names: Option<BTreeMap<String, String>>,
    values: Option<Wire>,
) -> Result<Expressions, String> {
    let given_condition = ("ConditionExpression", condition.is_some());
    let mut placeholders = match update {
        None => Placeholders::new(names, values, &[given_condition], 1)?,
        Some(update) => {
            let given = [("UpdateExpression", update.is_some()), given_condition];
            Placeholders::new(names, values, &given, 2)?
        }
    };
    let update = update.flatten().map(|text| placeholders.update(text)).transpose()?;
    let condition = condition.map(|text| placeholders.condition("ConditionExpression", text)).transpose()?;
    placeholders.finish()?;
    Ok(Expressions { condition, update })
}

impl Plan {
    /// Of a whole item.
    pub(crate) fn put(table: &Table, item: Wire) -> Result<Self, String> {
        let item = item_from(item)?;
        let key = checks::whole_key(table, &item)?;
        checks::item(table, &item, TOO_LARGE)?;
        let members = table.key.names().filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())));
        let key_item = members.collect();
        Ok(Self { key, key_item, change: Change::Put(item), condition: None, show_item: false })
    }

    /// Of the item with a key.
    pub(crate) fn on_key(table: &Table, key: Wire, change: Change) -> Result<Self, String> {
        let (key_item, key) = checks::key(table, key)?;
        if let Change::Update(update) = &change
            && let Some(path) = update.paths().find(|path| table.key.has(&path.attribute))
        {
            return Err(format!(
                "One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of the key",
                path.attribute
            ));
        }
        Ok(Self { key, key_item, change, condition: None, show_item: false })
    }

    /// Only if a condition holds.
    pub(crate) fn only_if(mut self, condition: Option<Condition>, show_item: bool) -> Self {
        self.condition = condition;
        self.show_item = show_item;
        self
    }

    /// Carries it out.
    pub(crate) fn carry_out(self, table: &Table, call: &Call, tx: &mut Tx) -> Result<Done, Failure> {
        let row = StoredItem::get(tx, table.scope, &table.id, &self.key)?;
        let before = row.map(|row| row.item()).transpose()?;
        if let Some(condition) = &self.condition {
            let nothing = Item::new();
            if !condition.holds(before.as_ref().unwrap_or(&nothing)) {
                let units = write_units(before.as_ref().map_or(0, item_size));
                return Err(Failure::Condition { item: before.filter(|_| self.show_item), units });
            }
        }
        let after = match self.change {
            Change::Put(item) => Some(item),
            Change::Delete => None,
            Change::Check => {
                let units = write_units(before.as_ref().map_or(0, item_size));
                let usage = Usage { table: units, ..Usage::default() };
                return Ok(Done { after: before.clone(), before, usage });
            }
            Change::Update(update) => {
                let after =
                    update.apply(before.as_ref().unwrap_or(&self.key_item)).map_err(Failure::Invalid)?;
                checks::item(table, &after, UPDATE_TOO_LARGE).map_err(Failure::Invalid)?;
                if after.values().any(|value| value.depth() > crate::value::MAX_DEPTH) {
                    return Err(Failure::Invalid("Nesting Levels have exceeded supported limits".into()));
                }
                Some(after)
            }
        };
        let replacement = Replacement {
            table,
            key: &self.key,
            before: before.as_ref(),
            after: after.as_ref(),
            expired: false,
        };
        let usage = replacement.write(call, tx)?;
        Ok(Done { before, after, usage })
    }
}
