//! Reading a range of a table or index, a page at a time: what Query and Scan share.

use crate::capacity::{Usage, read_units};
use crate::expression::{Condition, Placeholders, Projection};
use crate::legacy;
use crate::state::{Index, IndexItem, KeyType, StoredItem, Table, primary};
use crate::value::{Item, KeyBytes, Wire, item_from, item_size, token};
use api_dynamodb::Select;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::{StoreError, View};

/// A page ends with the item that fills it.
const PAGE: usize = 1 << 20;

/// Where a page begins: behind this item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) key: KeyBytes,
    /// The key of the item in its table, where the page is of an index.
    pub(crate) primary: Vec<u8>,
}

/// What part of a table or index is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extent {
    /// One partition.
    pub(crate) hash: Option<Vec<u8>>,
    /// Sort keys from here …
    pub(crate) low: Vec<u8>,
    /// … to before here.
    pub(crate) high: Option<Vec<u8>>,
    /// Partitions with tokens from the first to before the second.
    pub(crate) tokens: Option<(u32, Option<u32>)>,
    pub(crate) start: Option<Start>,
    pub(crate) reverse: bool,
}

/// What is wanted of each item.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) filter: Option<Condition>,
    pub(crate) projection: Option<Projection>,
    pub(crate) count_only: bool,
    /// A local index does not have all that is wanted: the items are fetched from the table.
    pub(crate) fetch: bool,
    pub(crate) limit: Option<usize>,
    pub(crate) consistent: bool,
}

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    pub(crate) count: usize,
    pub(crate) scanned: usize,
    /// Where the next one begins; None where there is none.
    pub(crate) last: Option<Item>,
    bytes: usize,
    fetched: f64,
}

impl Page {
    /// What it consumed.
    pub(crate) fn usage(&self, index: Option<&Index>, consistent: bool) -> Usage {
        let units = read_units(self.bytes, consistent);
        match index {
            None => Usage { table: units, ..Usage::default() },
            Some(index) => Usage {
                table: self.fetched,
                indexes: BTreeMap::from([(index.name.clone(), units)]),
                is_split: false,
            },
        }
    }
}

/// Reads a page.
pub(crate) fn read(
    view: &View,
    table: &Table,
    index: Option<&Index>,
    extent: &Extent,
    wanted: &Wanted,
) -> Result<Page, StoreError> {
    let mut page = Page::default();
    let mut failure = None;
    let mut each = |item: Result<Item, StoreError>| match item
        .and_then(|item| take(&mut page, view, table, index, wanted, item))
    {
        Ok(flow) => flow,
        Err(error) => {
            failure = Some(error);
            ControlFlow::Break(())
        }
    };
    match index {
        None => scan_table(view, table, extent, &mut each)?,
        Some(index) => scan_index(view, table, index, extent, &mut each)?,
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(page),
    }
}

type Each<'a> = &'a mut dyn FnMut(Result<Item, StoreError>) -> ControlFlow<()>;

fn scan_table(view: &View, table: &Table, extent: &Extent, each: Each<'_>) -> Result<(), StoreError> {
    let id = table.id.as_str();
    let mut scan = match &extent.hash {
        Some(hash) => view.scan::<StoredItem>(table.scope, (id, token(hash), hash.as_slice())),
        None => view.scan::<StoredItem>(table.scope, (id,)),
    };
    if let Some(hash) = &extent.hash {
        scan = scan.from((id, token(hash), hash.as_slice(), extent.low.as_slice()));
        if let Some(high) = &extent.high {
            scan = scan.before((id, token(hash), hash.as_slice(), high.as_slice()));
        }
    }
    let none: &[u8] = &[];
    if let Some((low, high)) = extent.tokens {
        scan = scan.from((id, low, none, none));
        if let Some(high) = high {
            scan = scan.before((id, high, none, none));
        }
    }
    if let Some(Start { key, .. }) = &extent.start {
        let at = (id, key.token(), key.hash.as_slice(), key.range.as_slice());
        scan = if extent.reverse { scan.before(at) } else { scan.after(at) };
    }
    if extent.reverse {
        scan = scan.reverse();
    }
    scan.each(|row| each(row.item()))
}

fn scan_index(
    view: &View,
    table: &Table,
    index: &Index,
    extent: &Extent,
    each: Each<'_>,
) -> Result<(), StoreError> {
    let id = index.id(table);
    let id = id.as_str();
    let none: &[u8] = &[];
    let mut scan = match &extent.hash {
        Some(hash) => view.scan::<IndexItem>(table.scope, (id, token(hash), hash.as_slice())),
        None => view.scan::<IndexItem>(table.scope, (id,)),
    };
    if let Some(hash) = &extent.hash {
        scan = scan.from((id, token(hash), hash.as_slice(), extent.low.as_slice(), none));
        if let Some(high) = &extent.high {
            scan = scan.before((id, token(hash), hash.as_slice(), high.as_slice(), none));
        }
    }
    if let Some((low, high)) = extent.tokens {
        scan = scan.from((id, low, none, none, none));
        if let Some(high) = high {
            scan = scan.before((id, high, none, none, none));
        }
    }
    if let Some(Start { key, primary }) = &extent.start {
        let at = (id, key.token(), key.hash.as_slice(), key.range.as_slice(), primary.as_slice());
        scan = if extent.reverse { scan.before(at) } else { scan.after(at) };
    }
    if extent.reverse {
        scan = scan.reverse();
    }
    scan.each(|row| each(row.item()))
}

fn take(
    page: &mut Page,
    view: &View,
    table: &Table,
    index: Option<&Index>,
    wanted: &Wanted,
    mut item: Item,
) -> Result<ControlFlow<()>, StoreError> {
    let keys = table.key.names().chain(index.into_iter().flat_map(|index| index.key.names()));
    let last = keys.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect();
    page.bytes += item_size(&item);
    page.scanned += 1;
    if wanted.fetch
        && let Some(key) = table.key.key_of(&item)
        && let Some(whole) = StoredItem::get(view, table.scope, &table.id, &key)?
    {
        item = whole.item()?;
        page.fetched += read_units(item_size(&item), wanted.consistent);
    }
    if wanted.filter.as_ref().is_none_or(|filter| filter.holds(&item)) {
        page.count += 1;
        if !wanted.count_only {
            page.items.push(wanted.projection.as_ref().map_or_else(|| item.clone(), |it| it.apply(&item)));
        }
    }
    if page.bytes >= PAGE || wanted.limit.is_some_and(|limit| page.scanned >= limit) {
        page.last = Some(last);
        return Ok(ControlFlow::Break(()));
    }
    Ok(ControlFlow::Continue(()))
}

/// `ExclusiveStartKey`. The error is AWS's sentence.
pub(crate) fn start(table: &Table, index: Option<&Index>, wire: Wire) -> Result<Start, String> {
    let bad = || "The provided starting key is invalid".to_owned();
    let item = item_from(wire).map_err(|reason| format!("The provided starting key is invalid: {reason}"))?;
    let mut names: Vec<&str> =
        table.key.names().chain(index.into_iter().flat_map(|index| index.key.names())).collect();
    names.sort_unstable();
    names.dedup();
    if item.len() != names.len() {
        return Err(bad());
    }
    for name in names {
        let value = item.get(name).ok_or_else(bad)?;
        if table.key_type(name).map(KeyType::text) != Some(value.type_name()) {
            return Err(bad());
        }
    }
    let own = table.key.key_of(&item).ok_or_else(bad)?;
    match index {
        None => Ok(Start { key: own, primary: Vec::new() }),
        Some(index) => Ok(Start { key: index.key.key_of(&item).ok_or_else(bad)?, primary: primary(&own) }),
    }
}

/// The parameters of Query and Scan that say what is wanted.
pub(crate) struct Parameters<'a> {
    pub(crate) index_name: Option<&'a str>,
    pub(crate) select: Option<Select>,
    pub(crate) attributes_to_get: Option<Vec<String>>,
    pub(crate) projection: Option<&'a str>,
    pub(crate) filter: Option<&'a str>,
    pub(crate) limit: Option<i32>,
    pub(crate) consistent: bool,
}

/// What [`Parameters`] ask for, before the table is known.
pub(crate) struct Asked {
    pub(crate) select: Select,
    pub(crate) wanted: Wanted,
}

impl Parameters<'_> {
    /// Reads them. Errors are AWS's sentences.
    pub(crate) fn read(self, placeholders: &mut Placeholders) -> Result<Asked, String> {
        let given = if self.projection.is_some() { "ProjectionExpression" } else { "AttributesToGet" };
        let specific = self.projection.is_some() || self.attributes_to_get.is_some();
        let select = match self.select {
            None if specific => Select::SpecificAttributes,
            None if self.index_name.is_some() => Select::AllProjectedAttributes,
            None => Select::AllAttributes,
            Some(Select::SpecificAttributes) if !specific => {
                return Err(
                    "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
                        .into(),
                );
            }
            Some(Select::AllProjectedAttributes) if self.index_name.is_none() => {
                return Err(
                    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName".into()
                );
            }
            Some(select) if specific && select != Select::SpecificAttributes => {
                return Err(format!("Cannot specify the {given} when choosing to get {select}"));
            }
            Some(select) => select,
        };
        let projection = match (self.projection, self.attributes_to_get) {
            (Some(text), _) => Some(placeholders.projection(text)?),
            (None, Some(names)) => Some(legacy::attributes_to_get(names)?),
            (None, None) => None,
        };
        let filter = self.filter.map(|text| placeholders.condition("FilterExpression", text)).transpose()?;
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok());
        let wanted = Wanted {
            filter,
            projection,
            count_only: select == Select::Count,
            fetch: false,
            limit,
            consistent: self.consistent,
        };
        Ok(Asked { select, wanted })
    }
}

impl Asked {
    /// Whether the index has what is wanted; decides whether items are fetched from the table.
    pub(crate) fn fit(mut self, table: &Table, index: Option<&Index>) -> Result<Wanted, String> {
        let Some(index) = index else { return Ok(self.wanted) };
        let projected = self.wanted.projection.iter().flat_map(|projection| projection.attributes());
        let absent: Vec<&str> = projected.filter(|name| !index.projects(table, name)).collect();
        let whole = index.projected == crate::state::Projected::All;
        if index.global {
            if self.wanted.consistent {
                return Err("Consistent reads are not supported on global secondary indexes".into());
            }
            if self.select == Select::AllAttributes && !whole {
                return Err(format!(
                    "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type is not ALL",
                    index.name
                ));
            }
            if !absent.is_empty() {
                return Err(format!(
                    "One or more parameter values were invalid: Global secondary index {} does not project [{}]",
                    index.name,
                    absent.join(", ")
                ));
            }
            return Ok(self.wanted);
        }
        let mut filtered = false;
        if let Some(filter) = &self.wanted.filter {
            filter.each_path(&mut |path| filtered |= !index.projects(table, &path.attribute));
        }
        self.wanted.fetch =
            !whole && (self.select == Select::AllAttributes || !absent.is_empty() || filtered);
        Ok(self.wanted)
    }
}

/// The index of a request. The error is AWS's sentence.
pub(crate) fn index<'t>(table: &'t Table, name: Option<&str>) -> Result<Option<&'t Index>, String> {
    match name {
        None => Ok(None),
        Some(name) => match table.index(name) {
            Some(index) => Ok(Some(index)),
            None => Err(format!("The table does not have the specified index: {name}")),
        },
    }
}
