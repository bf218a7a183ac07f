//! The operations, one file per noun.

mod destinations;
mod insights;
mod logging;
mod lookup;
mod public_keys;
mod selectors;
mod tags;
mod trails;
