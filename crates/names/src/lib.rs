//! The names of AWS: parsed once, never split again.
//!
//! What it is: plain values ([`Arn`], [`AccountId`], [`Region`], [`ResourceType`], [`RequestId`], [`Tags`], [`Timestamp`]) with their grammar.
//! What it is not: it knows no service, asks nobody for the time and generates no identifiers.

mod account;
mod arn;
mod region;
mod request;
mod resource_type;
mod timestamp;

pub use account::AccountId;
pub use arn::{Arn, PARTITION};
pub use region::Region;
pub use request::RequestId;
pub use resource_type::ResourceType;
pub use timestamp::Timestamp;

/// A resource's tags: key to value, sorted by key.
pub type Tags = std::collections::BTreeMap<String, String>;

/// A failure of ours, not of the caller's: a disk that is full, a row that cannot be read. Clients see `InternalFailure`; the log sees this.
pub trait Fault: std::error::Error + Send + Sync + 'static {}

/// Why a text is not the name it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct NameError {
    /// What was read, cut to 200 characters.
    pub text: String,
    /// What was expected, as a noun phrase.
    pub expected: &'static str,
}

impl NameError {
    pub(crate) fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(200).collect(), expected }
    }
}

/// Where a row lives: keys in the store begin with the account and the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Scope {
    /// The account that owns it.
    pub account: AccountId,
    /// The region that it is in; [`Region::GLOBAL`] for global services (IAM).
    pub region: Region,
}

impl Scope {
    /// The scope of an account's resources in a region.
    #[must_use]
    pub fn new(account: AccountId, region: Region) -> Self {
        Self { account, region }
    }

    /// The scope of an account's global resources (IAM users, roles …).
    #[must_use]
    pub fn global(account: AccountId) -> Self {
        Self { account, region: Region::GLOBAL }
    }
}
