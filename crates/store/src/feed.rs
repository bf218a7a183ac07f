use crate::key::EncodesAs;
use crate::row::ResourceIdentity;
use crate::{Row, StoreError, View, encoding};
use bytes::Bytes;
use names::{RequestId, Scope, Timestamp};
use serde::{Deserialize, Serialize};

/// The call that a transaction is run for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The call's id.
    pub request_id: RequestId,
    /// The ARN of who called.
    pub principal: String,
    /// The service's name in the SDK's sense, such as `sns`.
    pub service: String,
    /// The operation, such as `CreateTopic`.
    pub operation: String,
}

/// What happened to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It was not there before.
    Created,
    /// It was there before and is now.
    Updated,
    /// It is not there any more.
    Deleted,
}

/// Whose change it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedResource {
    /// Such as `AWS::EC2::SecurityGroup`.
    pub resource_type: String,
    /// See [`ResourceIdentity::id`].
    pub id: String,
    /// See [`ResourceIdentity::name`].
    pub name: Option<String>,
    /// The ARN.
    pub arn: String,
}

impl From<ResourceIdentity> for ChangedResource {
    fn from(identity: ResourceIdentity) -> Self {
        let ResourceIdentity { resource_type, id, name, arn } = identity;
        Self { resource_type: resource_type.as_str().to_owned(), id, name, arn }
    }
}

/// Where a change stands in the feed; ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Position {
    /// The commit.
    pub sequence: u64,
    /// The change within the commit.
    pub index: u32,
}

impl Position {
    /// Before the first change.
    pub const START: Self = Self { sequence: 0, index: 0 };

    /// After all changes of a commit.
    #[must_use]
    pub const fn end_of(sequence: u64) -> Self {
        Self { sequence, index: u32::MAX }
    }

    pub(crate) fn to_bytes(self) -> Bytes {
        let mut out = self.sequence.to_be_bytes().to_vec();
        out.extend_from_slice(&self.index.to_be_bytes());
        out.into()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        let index = bytes.get(8..).and_then(|bytes| bytes.first_chunk::<4>());
        Self { sequence: encoding::number(bytes), index: index.map_or(0, |index| u32::from_be_bytes(*index)) }
    }

    pub(crate) fn key(self) -> Bytes {
        let mut out = vec![b'f'];
        (self.sequence, self.index).encode(&mut out);
        out.into()
    }
}

/// One change of one resource, in the commit that made it. A transaction that writes a resource several times leaves one change: from what
/// was before it to what is after it, and none where both are equal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The commit; commits that change no resource leave gaps.
    pub sequence: u64,
    /// The change within the commit, from 0, in the order in which the transaction first wrote the resources.
    pub index: u32,
    /// When it was committed.
    pub at: Timestamp,
    /// The call that it was made for, where there was one.
    pub cause: Option<Cause>,
    /// The resource's account and region.
    pub scope: Scope,
    /// The resource.
    pub resource: ChangedResource,
    /// What happened.
    pub kind: ChangeKind,
    /// The table of the row.
    pub table: String,
    /// The row before, encoded; None where it was created.
    pub before: Option<Bytes>,
    /// The row after, encoded; None where it was deleted.
    pub after: Option<Bytes>,
}

/// Without the rows: they may hold secrets.
impl std::fmt::Debug for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change")
            .field("sequence", &self.sequence)
            .field("index", &self.index)
            .field("at", &self.at)
            .field("cause", &self.cause)
            .field("scope", &self.scope)
            .field("resource", &self.resource)
            .field("kind", &self.kind)
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}

impl Change {
    /// Where it stands in the feed.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { sequence: self.sequence, index: self.index }
    }

    /// The row before the change; None where it was created or is a row of another table.
    ///
    /// # Errors
    /// Where the row cannot be decoded.
    pub fn row_before<R: Row>(&self) -> Result<Option<R>, StoreError> {
        self.row(self.before.as_ref())
    }

    /// The row after the change; None where it was deleted or is a row of another table.
    ///
    /// # Errors
    /// Where the row cannot be decoded.
    pub fn row_after<R: Row>(&self) -> Result<Option<R>, StoreError> {
        self.row(self.after.as_ref())
    }

    fn row<R: Row>(&self, bytes: Option<&Bytes>) -> Result<Option<R>, StoreError> {
        bytes.filter(|_| self.table == R::TABLE).map(|bytes| encoding::decode_row(bytes)).transpose()
    }

    pub(crate) fn encode(&self) -> Result<Bytes, StoreError> {
        rmp_serde::to_vec_named(self)
            .map(Bytes::from)
            .map_err(|error| StoreError::Encode { table: "changes", reason: error.to_string() })
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        encoding::decode_fields("changes", 1, bytes)
    }
}

/// The changes of all resources, in the order of their commits.
#[derive(Debug)]
pub struct Feed {
    pub(crate) view: View,
}

impl Feed {
    /// The changes after a position, oldest first, at most `limit`. Read on from the position of the last one.
    ///
    /// # Errors
    /// Where the storage engine fails or a change cannot be decoded.
    pub fn since(&self, position: Position, limit: usize) -> Result<Vec<Change>, StoreError> {
        changes_since(&self.view, position, limit)
    }

    /// The position of the last change; [`Position::START`] where there is none.
    ///
    /// # Errors
    /// Where the storage engine fails.
    pub fn last(&self) -> Result<Position, StoreError> {
        last_position(&self.view)
    }
}

/// Reads past the transaction's tracking: what is in the feed does not change, and what is appended later is read later.
pub(crate) fn changes_since(
    view: &View,
    position: Position,
    limit: usize,
) -> Result<Vec<Change>, StoreError> {
    let lower = [position.key().as_ref(), &[0]].concat();
    let lower = if position == Position::START { b"f".to_vec() } else { lower };
    let entries = view.snapshot.scan(&lower, b"g", false).take(limit);
    entries.map(|entry| Change::decode(&entry?.1)).collect()
}

pub(crate) fn last_position(view: &View) -> Result<Position, StoreError> {
    match view.snapshot.scan(b"f", b"g", true).next() {
        None => Ok(Position::START),
        Some(entry) => Ok(Position::from_bytes(entry?.0.get(1..).unwrap_or_default())),
    }
}

/// The keys of the changes at or before a position that are not among the `keep` last ones, oldest first, at most `limit`.
pub(crate) fn trimmable(
    view: &View,
    until: Position,
    keep: usize,
    limit: usize,
) -> Result<Vec<Bytes>, StoreError> {
    let Some(newest_to_go) = view.snapshot.scan(b"f", b"g", true).nth(keep) else { return Ok(Vec::new()) };
    let newest_to_go = newest_to_go?.0.min(until.key());
    let upper = [newest_to_go.as_ref(), &[0]].concat();
    view.snapshot.scan(b"f", &upper, false).take(limit).map(|entry| Ok(entry?.0)).collect()
}
