use super::pipeline::TooMuch;
use std::cell::Cell;

/// Bytes that a query may look at. It is ended by its time long before, unless one row after the other is as dear as a row may be.
const QUERY: u64 = 64 * 1024 * 1024 * 1024;
/// Those that may be looked at once all events are in, when neither the time nor whether it was stopped is asked for any more.
const FINISH: u64 = 8 * 1024 * 1024 * 1024;
/// Those of one row, about a second or two at worst: between rows it is asked how late it is.
const ROW: u64 = 64 * 1024 * 1024;
/// Bytes of the values that one row may be given.
const ROW_VALUES: u64 = 8 * 1024 * 1024;

/// What a query may still do. A byte counts as often as something looks at it, and more where looking is dear ([`super::regex::Regex::cost`]).
#[derive(Debug)]
pub(super) struct Budget {
    query: Cell<u64>,
    row: Cell<u64>,
    values: Cell<u64>,
    spent: Cell<bool>,
}

impl Budget {
    pub(super) fn new() -> Self {
        let (row, values) = (Cell::new(ROW), Cell::new(ROW_VALUES));
        Self { query: Cell::new(QUERY), row, values, spent: Cell::new(false) }
    }

    /// All events are in.
    pub(super) fn finish(&self) {
        self.query.set(self.query.get().min(FINISH));
    }

    /// The next row begins.
    pub(super) fn next_row(&self) {
        self.row.set(ROW);
        self.next_values();
    }

    /// What the row has kept so far is dropped.
    pub(super) fn next_values(&self) {
        self.values.set(ROW_VALUES);
    }

    /// Counts bytes before they are looked at; None where they must not be. What is evaluated then comes to nothing, and [`Self::check`] tells.
    pub(super) fn look(&self, bytes: usize) -> Option<()> {
        self.count(&self.query, bytes)?;
        self.count(&self.row, bytes)
    }

    /// Counts bytes that the row keeps; None where it must not.
    pub(super) fn keep(&self, bytes: usize) -> Option<()> {
        self.count(&self.values, bytes)
    }

    /// # Errors
    /// [`TooMuch`] where it was spent, also in the middle of an expression.
    pub(super) fn check(&self) -> Result<(), TooMuch> {
        if self.spent.get() { Err(TooMuch) } else { Ok(()) }
    }

    fn count(&self, of: &Cell<u64>, bytes: usize) -> Option<()> {
        let left = u64::try_from(bytes).ok().and_then(|bytes| of.get().checked_sub(bytes));
        let Some(left) = left.filter(|_| !self.spent.get()) else {
            self.spent.set(true);
            return None;
        };
        of.set(left);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_and_a_query_have_bounds_and_what_is_spent_stays_so() {
        let row = usize::try_from(ROW).unwrap();
        let budget = Budget::new();
        assert_eq!((budget.look(row), budget.check()), (Some(()), Ok(())));
        assert_eq!((budget.look(1), budget.check()), (None, Err(TooMuch)));
        budget.next_row();
        assert_eq!((budget.look(1), budget.check()), (None, Err(TooMuch)));

        let count = |budget: &Budget| {
            let one = |_: &u64| {
                budget.next_row();
                budget.look(row).is_some()
            };
            (0..u64::MAX).take_while(one).count()
        };
        assert_eq!(count(&Budget::new()), 1024);
        let finishing = Budget::new();
        finishing.finish();
        assert_eq!(count(&finishing), 128);
        let keeping = Budget::new();
        assert_eq!((keeping.keep(8 << 20), keeping.keep(1)), (Some(()), None));
    }
}
