//! The rows.

mod cursor;
mod logging;
mod selectors;
mod trail;

pub(crate) use cursor::Cursor;
pub(crate) use logging::{Delivered, Logging};
pub(crate) use selectors::{Advanced, Basic, Data, Field, Selectors};
pub(crate) use trail::{Trail, record_data};
