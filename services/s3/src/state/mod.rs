//! S3's rows.

mod acl;
mod bucket;
mod item;
mod object;
mod settings;
mod upload;

pub(crate) use acl::{ALL_USERS, AUTHENTICATED_USERS, Acl, Grant, Grantee, LOG_DELIVERY, canonical_id};
pub(crate) use bucket::Bucket;
pub(crate) use object::{
    Content, InlineBody, NULL_VERSION, Noncurrent, Object, Piece, StoredChecksum, SystemHeaders,
};
pub(crate) use settings::{Encryption, Ownership, PublicAccessBlock, Versioning};
pub(crate) use upload::{Part, Upload};
