use crate::Context;
use store::{Change, StoreError, Tx};

/// Reads the change feed with a durable cursor; cursor and effect are one transaction, so each change takes effect exactly once.
pub trait Subscriber: Send + Sync + 'static {
    /// The cursor's name; never changed, or the feed is read from its start again.
    fn name(&self) -> &'static str;

    /// Takes up changes, in order. It acts on what it reads in `tx`, and leaves slow work to a [`crate::Task`].
    ///
    /// # Errors
    /// The store's failure; the batch is then given again.
    fn take(&self, changes: &[Change], context: &Context, tx: &mut Tx) -> Result<(), StoreError>;
}
