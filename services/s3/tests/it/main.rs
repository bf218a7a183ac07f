//! S3 over the real pipeline.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_wrap,
    reason = "a test that meets something else has failed"
)]

mod acls;
mod answers;
mod buckets;
mod cloud;
mod cloudformation;
mod collection;
mod copies;
mod encryption;
mod lifecycle;
mod listings;
mod logs;
mod metrics;
mod multipart;
mod notifications;
mod objects;
mod policies;
mod settings;
mod stand_ins;
mod versions;
