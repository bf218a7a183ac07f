//! What a message is made of: its body and attributes, and the digests by which clients verify them.

mod content;
mod digest;
mod shown;

pub(crate) use content::{Content, Grouping, check_token};
pub(crate) use shown::{Wanted, sequence, show};
