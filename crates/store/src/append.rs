use crate::{Row, StoreError, encoding, tx};
use bytes::Bytes;

/// More than this, and the committer thread does not wait for company.
pub(crate) const MANY: usize = 1 << 20;
/// More than this, and who appends waits for the write.
pub(crate) const TOO_MANY: usize = 16 << 20;

/// Entries that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Appended {
    pub(crate) entries: Vec<(Bytes, Bytes)>,
    pub(crate) bytes: usize,
    /// Whom to wake once it is written.
    pub(crate) signals: Vec<String>,
}

impl Appended {
    pub(crate) fn of_rows<R: Row>(rows: impl IntoIterator<Item = R>) -> Result<Self, StoreError> {
        let mut appended = Self::default();
        for row in rows {
            if row.resource().is_some() {
                return Err(StoreError::Encode {
                    table: R::TABLE,
                    reason: "it is a resource: write it in a transaction, so that its change is recorded"
                        .into(),
                });
            }
            let key = tx::physical_key(&row);
            let suffix = key.slice(encoding::table_prefix::<R>().len().min(key.len())..);
            for entry in row.indexes() {
                appended.push(encoding::index_key::<R>(row.scope(), &entry, &key), suffix.clone());
            }
            appended.push(key, encoding::encode_row(&row)?);
        }
        if !appended.entries.is_empty() {
            appended.signals.extend(R::SIGNAL.map(str::to_owned));
        }
        Ok(appended)
    }

    fn push(&mut self, key: Bytes, value: Bytes) {
        self.bytes = self.bytes.saturating_add(key.len()).saturating_add(value.len());
        self.entries.push((key, value));
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.entries.extend(other.entries);
        self.signals.extend(other.signals);
        self.signals.dedup();
    }
}
