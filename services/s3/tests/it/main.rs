//! S3 over the real pipeline.

mod acls;
mod buckets;
mod cloud;
mod cloudformation;
mod copies;
mod listings;
mod objects;
mod policies;
mod settings;
mod versions;
