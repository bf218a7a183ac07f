use crate::key::Key;
use crate::key_prefix::IndexPrefix;
use crate::{StoreError, encoding};
use names::{ResourceType, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a service stores. The fields are stored by name: adding one with `#[serde(default)]` needs no migration; what else changes raises
/// `VERSION` and gets a `migrate`. Use ordered collections (`BTreeMap`, `Vec`): equal rows must have equal encodings.
pub trait Row: Clone + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// The table, `service.nouns`. No two types share one.
    const TABLE: &'static str;
    /// The version of the stored form that this type is.
    const VERSION: u16 = 1;
    /// A commit that writes such a row wakes those who wait on [`crate::Store::subscribe_notify`], as a change of a resource does.
    const WAKES: bool = false;
    /// A commit that writes such a row signals this topic ([`crate::Tx::signal`]), rows of [`crate::Store::append_soon`] too.
    const SIGNAL: Option<&'static str> = None;
    /// It is written because something was looked at, or keeps somebody's place: who shows an account and [listens](crate::Store::listen_touches)
    /// is not told, or each look would make the next.
    const QUIET: bool = false;
    /// What identifies a row within its table and scope.
    type Key: Key;

    /// The account and region that it lives in.
    fn scope(&self) -> Scope;

    /// Its key.
    fn key(&self) -> Self::Key;

    /// The entries under which `by_index` finds it. They are kept as the row changes.
    fn indexes(&self) -> Vec<IndexEntry> {
        Vec::new()
    }

    /// Reads a row that an older version wrote; `bytes` are its MessagePack fields by name. Index entries are not rewritten by
    /// reading: a version that changes `indexes` calls [`crate::Store::reindex`] once.
    ///
    /// # Errors
    /// [`StoreError::UnknownVersion`] unless overridden.
    fn migrate(version: u16, bytes: &[u8]) -> Result<Self, StoreError> {
        let _ = bytes;
        Err(StoreError::UnknownVersion { table: Self::TABLE, version, current: Self::VERSION })
    }

    /// Some where the row is what AWS names `AWS::Service::Type`: then every change of it is appended to the feed in the same commit.
    fn resource(&self) -> Option<ResourceIdentity> {
        None
    }

    /// Decodes MessagePack fields by name, for `migrate`: `let old: v1::Topic = Self::decode_as(version, bytes)?`.
    ///
    /// # Errors
    /// [`StoreError::Decode`] where the bytes are no such value.
    fn decode_as<Old: DeserializeOwned>(version: u16, bytes: &[u8]) -> Result<Old, StoreError> {
        encoding::decode_fields(Self::TABLE, version, bytes)
    }
}

/// Who a resource is, in the change feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceIdentity {
    /// Such as `AWS::EC2::SecurityGroup`.
    pub resource_type: ResourceType,
    /// The id that AWS Config knows it by.
    pub id: String,
    /// The name, where it has one.
    pub name: Option<String>,
    /// The ARN.
    pub arn: String,
}

/// A further key of a row, under which it is found. Several rows may have an equal one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexEntry {
    pub(crate) index: &'static str,
    pub(crate) global: bool,
    pub(crate) key: Vec<u8>,
}

impl IndexEntry {
    /// An entry of an index within the row's account and region. The key may be anything that keys are made of, or a tuple.
    #[must_use]
    pub fn new(index: &'static str, key: impl IndexPrefix) -> Self {
        Self { index, global: false, key: prefix_bytes(&key) }
    }

    /// An entry of an index over all accounts and regions, read with [`crate::View::by_global_index`]: bucket names, access key ids.
    #[must_use]
    pub fn global(index: &'static str, key: impl IndexPrefix) -> Self {
        Self { index, global: true, key: prefix_bytes(&key) }
    }
}

pub(crate) fn prefix_bytes(prefix: &impl IndexPrefix) -> Vec<u8> {
    let mut out = Vec::new();
    prefix.encode_prefix(&mut out);
    out
}
