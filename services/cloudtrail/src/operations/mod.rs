//! The operations, one file per noun.

mod lookup;
