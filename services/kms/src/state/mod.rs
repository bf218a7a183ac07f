//! What KMS keeps. Key material has rows of its own, which are no resources: it is in no change, item or description.

mod alias;
mod grant;
mod key;
mod material;

pub(crate) use alias::Alias;
pub(crate) use grant::{Constraints, Grant};
pub(crate) use key::{Deletion, Key, Rotation, Spec};
pub(crate) use material::{Material, RotatedBy};
