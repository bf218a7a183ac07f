//! The rows.

mod cursor;
mod digests;
mod logging;
mod selectors;
mod signing_key;
mod trail;

pub(crate) use cursor::Cursor;
pub(crate) use digests::{DigestChain, LogFile, PreviousDigest};
pub(crate) use logging::{Delivered, Logging};
pub(crate) use selectors::{Advanced, Basic, Data, Field, Selectors};
pub(crate) use signing_key::{SealedPrivateKey, SigningKey};
pub(crate) use trail::{Trail, record_data};
