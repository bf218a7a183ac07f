//! The operations, one file per noun.

mod aliases;
mod data_keys;
mod deletion;
mod encryption;
mod grant_lists;
mod grants;
mod keys;
mod macs;
mod new_key;
mod policies;
mod random;
mod re_encryption;
mod rotation;
mod states;
mod tags;
