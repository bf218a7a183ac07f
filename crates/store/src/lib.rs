//! The store: ordered keys, snapshot views, serializable transactions and an ordered change feed.
//!
//! What it is: [`Row`]s of services under (table, account, region, key), read through a [`View`], written through a [`Tx`], with every
//! change of a resource appended to the [`Feed`] in the same commit. Transactions are optimistic: reads are remembered, and a commit
//! whose reads were overwritten meanwhile is run again ([`Store::transact`]).
//!
//! What it is not: it knows no service and no AWS error, does not check that names are unique (a service looks at its index first; the
//! look is part of the transaction), and has no query language.
//!
//! ```
//! use store::{Backend, IndexEntry, Row, Store, StoreError};
//! # use std::sync::Arc;
//! #[derive(Clone, serde::Serialize, serde::Deserialize)]
//! struct Topic { scope: names::Scope, name: String, owner: String }
//!
//! impl Row for Topic {
//!     const TABLE: &'static str = "sns.topics";
//!     type Key = String;
//!     fn scope(&self) -> names::Scope { self.scope }
//!     fn key(&self) -> String { self.name.clone() }
//!     fn indexes(&self) -> Vec<IndexEntry> { vec![IndexEntry::new("by-owner", (&self.owner, &self.name))] }
//! }
//!
//! # fn main() -> Result<(), StoreError> {
//! let store = Store::open(Backend::Memory, Arc::new(clock::SystemClock::new()))?;
//! let scope = names::Scope::new(names::AccountId::DEFAULT, names::Region::US_EAST_1);
//! store.transact(None, |tx| {
//!     tx.insert(Topic { scope, name: "alarms".into(), owner: "ann".into() })
//! })?;
//! let view = store.view();
//! assert!(view.get::<Topic>(scope, "alarms")?.is_some());
//! assert_eq!(view.by_index::<Topic>(scope, "by-owner", ("ann",))?.len(), 1);
//! # Ok(()) }
//! ```

mod accounts;
mod append;
mod backends;
mod cache;
mod closed;
mod commit;
mod conflict;
mod cursor;
mod durable;
mod encoding;
mod error;
mod feed;
mod key;
mod key_prefix;
mod meter;
mod row;
mod scan;
mod signals;
mod store;
mod touches;
mod tx;
mod view;

pub use backends::{Backend, Durability};
pub use closed::{AccountsClosed, Removal};
pub use durable::Committed;
pub use error::StoreError;
pub use feed::{Cause, Change, ChangeKind, ChangedResource, Feed, Position};
pub use key::{EncodesAs, Key};
pub use key_prefix::{IndexPrefix, PrefixOf, StartsWith};
pub use meter::{Distribution, Measured, Measurement, Series, whole};
pub use row::{IndexEntry, ResourceIdentity, Row};
pub use scan::{IndexScan, Page, Scan};
pub use signals::Listener;
pub use store::Store;
pub use touches::{EVERYTHING, TouchListener};
pub use tx::Tx;
pub use view::View;
