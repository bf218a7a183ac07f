//! A query at work: events go in one by one, rows come out.

use super::aggregate::Seen;
use super::budget::Budget;
use super::command::{Segment, Sink, Stats, Step};
use super::evaluate::Scope;
use super::value::Value;
use super::{MOST_ROWS, Query, Record};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Bytes that one command may keep; half of it where nothing more can be sorted out.
const MOST_BYTES: usize = 128 * 1024 * 1024;
/// Groups of one `stats`.
const MOST_GROUPS: usize = 100_000;
/// Rows that are kept before those that cannot count any more are sorted out.
const FIRST_ROWS: usize = 20_000;

/// A query that is given events.
pub(crate) struct Pipeline<'q> {
    query: &'q Query,
    now: i64,
    /// Rows, where the query does not say.
    limit: usize,
    state: State<'q>,
    budget: Budget,
    events: u64,
    matched: u64,
}

/// What a query came to: rows of columns with values, where they have one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Vec<(String, String)>>,
    /// The events that reached the first command that keeps rows.
    pub(crate) matched: u64,
}

/// A query would keep more, or look at more, than it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the query keeps or looks at too much at once: narrow it by a filter, a shorter time, fewer groups or simpler commands"
)]
pub(crate) struct TooMuch;

/// A row on its way.
struct Row {
    record: Option<Record>,
    /// The latest last.
    values: Vec<(Arc<str>, Value)>,
    at: i64,
    /// Where it stands unless it is sorted: events by their time, latest first, and rows of a command as they came from it.
    place: i64,
    keys: Vec<Key>,
}

struct Key {
    value: Option<Value>,
    descending: bool,
}

impl Key {
    /// What is missing is last.
    fn compare(&self, other: &Self) -> Ordering {
        match (&self.value, &other.value) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(own), Some(other)) if self.descending => other.sorts(own),
            (Some(own), Some(other)) => own.sorts(other),
        }
    }
}

impl Row {
    fn get(&self, name: &str, budget: &Budget) -> Option<Value> {
        budget.look(self.values.len().saturating_mul(8).saturating_add(32))?;
        if let Some((_, value)) = self.values.iter().rev().find(|(known, _)| **known == *name) {
            return Some(value.clone());
        }
        let record = self.record.as_ref()?;
        let cost = record.cost(name);
        budget.look(cost)?;
        let value = record.field(name)?;
        // But for its own fields, each is a copy.
        budget.look(if cost > 0 { value.size() } else { 0 })?;
        Some(value)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let keys = self.keys.iter().zip(&other.keys).map(|(own, other)| own.compare(other));
        keys.fold(Ordering::Equal, Ordering::then).then_with(|| self.place.cmp(&other.place))
    }

    fn size(&self) -> usize {
        let values = self.values.iter().map(|(_, value)| value.size());
        let keys = self.keys.iter().filter_map(|key| key.value.as_ref()).map(Value::size);
        let record = self.record.as_ref().map_or(0, |record| record.message.len() + 200);
        values.chain(keys).sum::<usize>().saturating_add(record).saturating_add(100)
    }
}

/// A row with what is needed beside it to evaluate expressions.
struct Seeing<'r> {
    row: &'r Row,
    budget: &'r Budget,
    aggregates: &'r [Option<Value>],
    now: i64,
}

impl Scope for Seeing<'_> {
    fn field(&self, name: &Arc<str>) -> Option<Value> {
        self.row.get(name, self.budget)
    }

    fn aggregate(&self, number: usize) -> Option<Value> {
        self.aggregates.get(number)?.clone()
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn look(&self, bytes: usize) -> Option<()> {
        self.budget.look(bytes)
    }
}

/// What a segment has kept.
struct State<'q> {
    segment: &'q Segment,
    /// The columns, where it is the last.
    shown: Option<&'q [Arc<str>]>,
    rows: Vec<Row>,
    groups: HashMap<Vec<Option<Arc<str>>>, Group>,
    limit: usize,
    bytes: usize,
    now: i64,
}

struct Group {
    /// The order in which they came.
    number: usize,
    keys: Vec<Option<Value>>,
    seen: Vec<Seen>,
}

impl<'q> Pipeline<'q> {
    /// A query, begun at a moment in milliseconds, with a limit for where it says none.
    pub(crate) fn new(query: &'q Query, now: i64, limit: usize) -> Self {
        let limit = limit.min(MOST_ROWS);
        let state = State::of(query, 0, now, limit);
        Self { query, now, limit, state, budget: Budget::new(), events: 0, matched: 0 }
    }

    /// Takes an event. Events come latest first.
    ///
    /// # Errors
    /// [`TooMuch`].
    pub(crate) fn take(&mut self, record: Record) -> Result<(), TooMuch> {
        self.events += 1;
        let (at, place) = (record.at, record.at.saturating_neg());
        let row = Row { record: Some(record), values: Vec::new(), at, place, keys: Vec::new() };
        self.matched += u64::from(self.state.take(row, &self.budget)?);
        Ok(())
    }

    /// The rows that it comes to.
    ///
    /// # Errors
    /// [`TooMuch`].
    pub(crate) fn finish(self) -> Result<Answer, TooMuch> {
        let budget = &self.budget;
        budget.finish();
        let mut rows = self.state.finish(budget)?;
        for number in 1..self.query.segments.len() {
            let mut state = State::of(self.query, number, self.now, self.limit);
            for (place, row) in (0..).zip(rows) {
                state.take(Row { place, keys: Vec::new(), ..row }, budget)?;
            }
            rows = state.finish(budget)?;
        }
        let printed = |(name, value): (Arc<str>, Value)| (name.to_string(), value.print().to_string());
        let rows = rows.into_iter().map(|row| row.values.into_iter().map(printed).collect()).collect();
        Ok(Answer { rows, matched: self.matched })
    }
}

impl<'q> State<'q> {
    fn of(query: &'q Query, number: usize, now: i64, limit: usize) -> Self {
        static NOTHING: Segment =
            Segment { steps: Vec::new(), sink: Sink::Rows { dedup: Vec::new(), limit: None } };
        let segment = query.segments.get(number).unwrap_or(&NOTHING);
        let last = number + 1 >= query.segments.len();
        let limit = match &segment.sink {
            Sink::Rows { limit: Some(own), .. } => *own,
            Sink::Rows { limit: None, .. } if last => limit,
            _ => usize::MAX,
        };
        let shown = last.then_some(query.shown.as_slice());
        Self { segment, shown, rows: Vec::new(), groups: HashMap::new(), limit, bytes: 0, now }
    }

    /// Takes a row; answers whether it went through.
    fn take(&mut self, mut row: Row, budget: &Budget) -> Result<bool, TooMuch> {
        budget.next_row();
        for step in &self.segment.steps {
            let seeing = |row| Seeing { row, budget, aggregates: &[], now: self.now };
            match step {
                Step::Filter(condition) => {
                    let holds = condition.holds(&seeing(&row));
                    budget.check()?;
                    if !holds {
                        return Ok(false);
                    }
                }
                Step::Set(name, expression) => {
                    if let Some(value) = expression.evaluate(&seeing(&row)) {
                        budget.keep(value.size());
                        row.values.push((Arc::clone(name), value));
                    }
                }
                Step::Parse(from, extract) => {
                    if let Some(text) = from.evaluate(&seeing(&row)) {
                        let text = text.print();
                        if budget.look(extract.cost(&text)).is_some() {
                            let found = extract.find(&text);
                            budget.keep(found.iter().map(|(_, value)| value.size()).sum());
                            row.values.extend(found);
                        }
                    }
                }
                Step::Sort(keys) => {
                    let keys = keys
                        .iter()
                        .map(|key| Key { value: key.by.evaluate(&seeing(&row)), descending: key.descending });
                    row.keys = keys.collect();
                    budget.keep(row.keys.iter().filter_map(|key| key.value.as_ref()).map(Value::size).sum());
                }
            }
            budget.check()?;
        }
        match &self.segment.sink {
            Sink::Stats(stats) => self.count(stats, &row, budget)?,
            Sink::Rows { dedup, .. } => self.keep(row, dedup, budget)?,
        }
        Ok(true)
    }

    fn keep(&mut self, mut row: Row, dedup: &[Arc<str>], budget: &Budget) -> Result<(), TooMuch> {
        // Of the last rows only what is shown is kept.
        if let Some(shown) = self.shown {
            let needed = shown.iter().chain(dedup.iter().filter(|name| !shown.contains(name)));
            let value = |name: &Arc<str>| {
                let value = row.get(name, budget)?;
                budget.keep(value.size())?;
                Some((Arc::clone(name), value))
            };
            // What the row was given counts anew, since it is all that is left of it.
            budget.next_values();
            row.values = needed.filter_map(value).collect();
            row.record = None;
            budget.check()?;
        } else if let Some(record) = &mut row.record {
            record.forget_json();
        }
        self.bytes = self.bytes.saturating_add(row.size());
        self.rows.push(row);
        let many = self.rows.len() >= FIRST_ROWS.max(self.limit.saturating_mul(2));
        if many || self.bytes > MOST_BYTES {
            self.sort_out(dedup, budget);
            budget.check()?;
            if self.bytes > MOST_BYTES / 2 || self.rows.len() > MOST_GROUPS {
                return Err(TooMuch);
            }
        }
        Ok(())
    }

    /// Puts the rows in order, and drops those that no further row can bring back.
    fn sort_out(&mut self, dedup: &[Arc<str>], budget: &Budget) {
        // Stable: rows that are equal stay as they came.
        self.rows.sort_by(Row::compare);
        if !dedup.is_empty() {
            let mut known = HashSet::new();
            self.rows.retain(|row| {
                budget.next_row();
                let values: Option<Vec<Arc<str>>> =
                    dedup.iter().map(|name| row.get(name, budget).map(|value| value.print())).collect();
                // What is missing is the same as nothing.
                values.is_none_or(|values| known.insert(values))
            });
        }
        self.rows.truncate(self.limit);
        self.bytes = self.rows.iter().map(Row::size).fold(0, usize::saturating_add);
    }

    fn count(&mut self, stats: &Stats, row: &Row, budget: &Budget) -> Result<(), TooMuch> {
        let seeing = Seeing { row, budget, aggregates: &[], now: self.now };
        let keys: Vec<Option<Value>> =
            stats.groups.iter().map(|(_, expression)| expression.evaluate(&seeing)).collect();
        budget.look(keys.iter().flatten().map(Value::size).sum());
        budget.check()?;
        let printed: Vec<Option<Arc<str>>> = keys.iter().map(|key| key.as_ref().map(Value::print)).collect();
        let number = self.groups.len();
        let bytes = &mut self.bytes;
        let group = self.groups.entry(printed).or_insert_with(|| {
            let size: usize = keys.iter().flatten().map(Value::size).sum();
            let seen: Vec<Seen> =
                stats.aggregates.iter().map(|aggregate| Seen::nothing(aggregate.function)).collect();
            let own = seen.len().saturating_mul(size_of::<Seen>()).saturating_add(200);
            *bytes = bytes.saturating_add(size.saturating_mul(2).saturating_add(own));
            Group { number, keys, seen }
        });
        for (aggregate, seen) in stats.aggregates.iter().zip(&mut group.seen) {
            let value = match &aggregate.of {
                None => Some(Value::Boolean(true)),
                Some(of) => of.evaluate(&seeing),
            };
            if let Some(value) = value.filter(|value| budget.look(value.size()).is_some()) {
                *bytes = bytes.saturating_add(seen.see(value, row.at));
            }
        }
        budget.check()?;
        if *bytes > MOST_BYTES || self.groups.len() > MOST_GROUPS {
            return Err(TooMuch);
        }
        Ok(())
    }

    fn finish(mut self, budget: &Budget) -> Result<Vec<Row>, TooMuch> {
        match &self.segment.sink {
            Sink::Rows { dedup, .. } => {
                self.sort_out(dedup, budget);
                budget.check()?;
                // What was kept for `dedup` alone is not shown.
                if let Some(shown) = self.shown {
                    for row in &mut self.rows {
                        row.values.retain(|(name, _)| shown.contains(name));
                    }
                }
                Ok(self.rows)
            }
            Sink::Stats(stats) => {
                // Groups of times are in their order, latest first; others in that in which they came.
                let mut groups: Vec<Group> = self.groups.into_values().collect();
                groups.sort_by_key(|group| (group.time().map(i64::saturating_neg), group.number));
                let (mut rows, mut bytes) = (Vec::with_capacity(groups.len()), 0_usize);
                for group in groups {
                    let row = group.row(stats, self.now, budget)?;
                    bytes = bytes.saturating_add(row.size());
                    if bytes > MOST_BYTES {
                        return Err(TooMuch);
                    }
                    rows.push(row);
                }
                Ok(rows)
            }
        }
    }
}

impl Group {
    /// The first of its values that is a moment.
    fn time(&self) -> Option<i64> {
        self.keys.iter().find_map(|key| match key {
            Some(Value::Time(millis)) => Some(*millis),
            _ => None,
        })
    }

    fn row(self, stats: &Stats, now: i64, budget: &Budget) -> Result<Row, TooMuch> {
        budget.next_row();
        let at = self.time().unwrap_or(0);
        let keys = stats.groups.iter().zip(self.keys);
        let values = keys.filter_map(|((name, _), value)| Some((Arc::clone(name), value?))).collect();
        let mut row = Row { record: None, values, at, place: 0, keys: Vec::new() };
        let aggregates: Vec<Option<Value>> = self.seen.into_iter().map(Seen::outcome).collect();
        for (name, expression) in &stats.outputs {
            let seeing = Seeing { row: &row, budget, aggregates: &aggregates, now };
            if let Some(value) = expression.evaluate(&seeing) {
                budget.keep(value.size());
                row.values.push((Arc::clone(name), value));
            }
            budget.check()?;
        }
        Ok(row)
    }
}
