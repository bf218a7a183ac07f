//! What calls consume, as AWS counts it: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>.
//! It is measured, and answered where asked for; nothing is throttled.

use crate::metrics;
use crate::state::Table;
use api_dynamodb::{Capacity, ConsumedCapacity, ReturnConsumedCapacity};
use contract::Call;
use std::collections::BTreeMap;
use store::Tx;

/// Units that a call consumed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Usage {
    pub(crate) table: f64,
    pub(crate) indexes: BTreeMap<String, f64>,
    /// In transactions, where AWS tells reads from writes.
    pub(crate) is_split: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
}

fn units(bytes: usize, step: usize) -> f64 {
    let units = bytes.div_ceil(step).max(1);
    u32::try_from(units).map_or(f64::MAX, f64::from)
}

/// Units of reading so many bytes.
pub(crate) fn read_units(bytes: usize, consistent: bool) -> f64 {
    units(bytes, 4096) * if consistent { 1.0 } else { 0.5 }
}

/// Units of writing an item of so many bytes.
pub(crate) fn write_units(bytes: usize) -> f64 {
    units(bytes, 1024)
}

impl Usage {
    pub(crate) fn add(&mut self, other: &Self) {
        self.table += other.table;
        for (name, units) in &other.indexes {
            *self.indexes.entry(name.clone()).or_default() += units;
        }
    }

    /// Transactions cost twice.
    pub(crate) fn doubled(mut self) -> Self {
        self.table *= 2.0;
        self.indexes.values_mut().for_each(|units| *units *= 2.0);
        self.is_split = true;
        self
    }

    /// Measures it, and answers it where that is asked for.
    pub(crate) fn tell(
        &self,
        direction: Direction,
        wanted: Option<ReturnConsumedCapacity>,
        table: &Table,
        call: &Call,
        tx: &mut Tx,
    ) -> Option<ConsumedCapacity> {
        metrics::consumed(self, direction, table, call.now, tx);
        let wanted = wanted.filter(|wanted| *wanted != ReturnConsumedCapacity::None)?;
        let capacity = |units: f64| Capacity {
            capacity_units: Some(units),
            read_capacity_units: (self.is_split && direction == Direction::Read).then_some(units),
            write_capacity_units: (self.is_split && direction == Direction::Write).then_some(units),
        };
        let total = capacity(self.table + self.indexes.values().sum::<f64>());
        let mut answer = ConsumedCapacity {
            table_name: Some(table.name.clone()),
            capacity_units: total.capacity_units,
            read_capacity_units: total.read_capacity_units,
            write_capacity_units: total.write_capacity_units,
            ..Default::default()
        };
        if wanted == ReturnConsumedCapacity::Indexes {
            answer.table = Some(capacity(self.table));
            let of = |global: bool| {
                let found: BTreeMap<String, Capacity> = self
                    .indexes
                    .iter()
                    .filter(|(name, _)| table.index(name).is_some_and(|index| index.global == global))
                    .map(|(name, units)| (name.clone(), capacity(*units)))
                    .collect();
                (!found.is_empty()).then_some(found)
            };
            answer.local_secondary_indexes = of(false);
            answer.global_secondary_indexes = of(true);
        }
        Some(answer)
    }
}
