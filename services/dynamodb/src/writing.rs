//! Writing an item: the item, its copies in the indexes and the stream's record, in one transaction.

use crate::capacity::{Usage, write_units};
use crate::state::{
    Blob, Event, Index, IndexItem, Shard, StoredItem, Stream, StreamRecord, Table, primary, stream_id,
};
use crate::value::{Item, KeyBytes, encode_item, item_size};
use contract::Call;
use store::{StoreError, Tx};

/// An item's place, what is there, and what shall be.
pub(crate) struct Replacement<'a> {
    pub(crate) table: &'a Table,
    pub(crate) key: &'a KeyBytes,
    pub(crate) before: Option<&'a Item>,
    pub(crate) after: Option<&'a Item>,
    /// Time to live does it.
    pub(crate) expired: bool,
}

/// The topic of a table's stream: [`Tx::signal`].
pub(crate) fn topic(table: &Table) -> String {
    format!("dynamodb-stream/{}/{}/{}", table.scope.account, table.scope.region, table.name)
}

impl Replacement<'_> {
    /// Writes it; answers what it consumed.
    pub(crate) fn write(&self, call: &Call, tx: &mut Tx) -> Result<Usage, StoreError> {
        let table = self.table;
        match self.after {
            Some(after) => tx.put(StoredItem {
                scope: table.scope,
                table: table.id.clone(),
                token: self.key.token(),
                hash: Blob(self.key.hash.clone()),
                range: Blob(self.key.range.clone()),
                body: Blob(encode_item(after)),
                expires: table.expiry(after),
            })?,
            None if self.before.is_some() => {
                let key = (
                    table.id.as_str(),
                    self.key.token(),
                    self.key.hash.as_slice(),
                    self.key.range.as_slice(),
                );
                tx.remove::<StoredItem>(table.scope, key)?;
            }
            None => {}
        }
        let size = |item: Option<&Item>| item.map_or(0, item_size);
        let mut usage =
            Usage { table: write_units(size(self.before).max(size(self.after))), ..Usage::default() };
        for index in &table.indexes {
            let units = self.write_copy(index, tx)?;
            if units > 0.0 {
                usage.indexes.insert(index.name.clone(), units);
            }
        }
        if self.before != self.after {
            self.record(call, tx)?;
        }
        Ok(usage)
    }

    fn write_copy(&self, index: &Index, tx: &mut Tx) -> Result<f64, StoreError> {
        let place = |item: Option<&Item>| {
            item.and_then(|item| Some((index_key(self.table, index, item)?, index.copy(self.table, item))))
        };
        let (before, after) = (place(self.before), place(self.after));
        if before == after {
            return Ok(0.0);
        }
        let mut units = 0.0;
        let (primary, id) = (primary(self.key), index.id(self.table));
        let moved = match (&before, &after) {
            (Some((old, _)), Some((new, _))) => old != new,
            (Some(_), None) => true,
            _ => false,
        };
        if let Some((key, copy)) = before.filter(|_| moved) {
            let row =
                (id.as_str(), key.token(), key.hash.as_slice(), key.range.as_slice(), primary.as_slice());
            tx.remove::<IndexItem>(self.table.scope, row)?;
            units += write_units(item_size(&copy));
        }
        if let Some((key, copy)) = after {
            units += write_units(item_size(&copy));
            tx.put(index_row(self.table, id, &key, primary, &copy))?;
        }
        Ok(units)
    }

    fn record(&self, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
        let table = self.table;
        let Some(settings) = &table.stream else { return Ok(()) };
        let stream = stream_id(&table.id, &settings.label);
        let shard = self.key.token() % settings.shards.max(1);
        let counter: Option<Shard> = tx.get(table.scope, (stream.as_str(), shard))?;
        let number = counter.map_or(0, |counter| counter.next);
        tx.put(Shard { scope: table.scope, stream: stream.clone(), number: shard, next: number + 1 })?;
        let keys: Item = table
            .key
            .names()
            .filter_map(|name| {
                let value = self.after.or(self.before)?.get(name)?;
                Some((name.to_owned(), value.clone()))
            })
            .collect();
        let image = |wanted: &[&str], item: Option<&Item>| {
            item.filter(|_| wanted.contains(&settings.view_type.as_str())).cloned()
        };
        let old = image(&["OLD_IMAGE", "NEW_AND_OLD_IMAGES"], self.before);
        let new = image(&["NEW_IMAGE", "NEW_AND_OLD_IMAGES"], self.after);
        let size =
            [Some(&keys), old.as_ref(), new.as_ref()].into_iter().flatten().map(item_size).sum::<usize>();
        let event = match (self.before, self.after) {
            (None, _) => Event::Insert,
            (_, Some(_)) => Event::Modify,
            (_, None) => Event::Remove,
        };
        let stored = |item: Item| Blob(encode_item(&item));
        tx.insert(StreamRecord {
            scope: table.scope,
            stream,
            shard,
            number,
            id: call.entropy.hex(32),
            at: call.now,
            event,
            keys: stored(keys),
            old: old.map(stored),
            new: new.map(stored),
            size: u64::try_from(size).unwrap_or(u64::MAX),
            expired: self.expired,
        })?;
        tx.signal(topic(table));
        Ok(())
    }
}

/// Where an item lies in an index; None where it lacks a part of the index's key.
pub(crate) fn index_key(table: &Table, index: &Index, item: &Item) -> Option<KeyBytes> {
    // What a key of the index must not be was refused when the item was written, or came before the index.
    let fits = |name: &str| {
        let value = item.get(name)?;
        (table.key_type(name)?.text() == value.type_name() && value.size() > 0).then_some(())
    };
    index.key.names().try_for_each(fits)?;
    index.key.key_of(item)
}

/// The copy of an item in an index.
pub(crate) fn index_row(
    table: &Table,
    id: String,
    key: &KeyBytes,
    primary: Vec<u8>,
    copy: &Item,
) -> IndexItem {
    IndexItem {
        scope: table.scope,
        index: id,
        token: key.token(),
        hash: Blob(key.hash.clone()),
        range: Blob(key.range.clone()),
        primary: Blob(primary),
        body: Blob(encode_item(copy)),
    }
}

/// Turns a table's stream on, with a new label.
pub(crate) fn start_stream(
    table: &mut Table,
    view_type: &str,
    call: &Call,
    tx: &mut Tx,
) -> Result<(), StoreError> {
    // A second stream of the same millisecond would have the same label.
    let mut at = call.now;
    let mut label = label_of(at);
    while Stream::get(tx, table.scope, &table.name, &label)?.is_some() {
        at = at.plus(std::time::Duration::from_millis(1));
        label = label_of(at);
    }
    let settings = crate::state::StreamSettings {
        label: label.clone(),
        view_type: view_type.to_owned(),
        shards: shards(table),
    };
    let stream = Stream::of(table, &settings, at);
    crate::tasks::Trim::schedule(&stream, call.now, tx)?;
    tx.insert(stream)?;
    table.stream = Some(settings);
    table.latest_stream = Some(label);
    Ok(())
}

/// `2026-11-22T01:02:03.456`
fn label_of(at: names::Timestamp) -> String {
    at.iso_millis().trim_end_matches('Z').to_owned()
}

/// As many as AWS gives a new table partitions: four on demand, one for each thousand write or three thousand read units.
fn shards(table: &Table) -> u32 {
    if table.on_demand_billing {
        return 4;
    }
    let units = table.throughput.units;
    let partitions = (units.write * 3 + units.read).max(1).unsigned_abs().div_ceil(3000);
    u32::try_from(partitions).unwrap_or(1).clamp(1, 16)
}

/// Turns a table's stream off: it can be read for another day.
pub(crate) fn end_stream(table: &mut Table, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
    let Some(settings) = table.stream.take() else { return Ok(()) };
    if let Some(mut stream) = Stream::get(tx, table.scope, &table.name, &settings.label)? {
        stream.ended = Some(call.now);
        tx.put(stream)?;
    }
    tx.signal(topic(table));
    Ok(())
}
