//! Parameter Store: names, selectors, values under keys of KMS, policies and filters
//! (<https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html>).

pub(crate) mod encryption;
pub(crate) mod events;
pub(crate) mod expiration;
pub(crate) mod filter;
pub(crate) mod find;
pub(crate) mod name;
pub(crate) mod policy;

pub(crate) use crate::automation::PRINCIPAL as SERVICE;
