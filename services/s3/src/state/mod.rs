//! S3's rows.

mod acl;
mod bucket;
mod encryption;
mod item;
mod lifecycle;
mod logging;
mod notification;
mod object;
mod settings;
mod upload;

pub(crate) use acl::{ALL_USERS, AUTHENTICATED_USERS, Acl, Grant, Grantee, LOG_DELIVERY, canonical_id};
pub(crate) use bucket::Bucket;
pub(crate) use encryption::{DefaultEncryption, Encryption, KmsSealing, Sealing};
pub(crate) use lifecycle::{
    Expiration, FilterForm, LifecycleFilter, LifecycleRule, NoncurrentExpiration, after_days, next_midnight,
};
pub(crate) use logging::{KeyFormat, LogLine, Logging};
pub(crate) use notification::{Destination, EVENTS, Notification, NotificationRule};
pub(crate) use object::{
    Content, InlineBody, NULL_VERSION, Noncurrent, Object, Piece, StoredChecksum, SystemHeaders,
};
pub(crate) use settings::{AccountBlock, Ownership, PublicAccessBlock, Versioning};
pub(crate) use upload::{Part, Upload};
