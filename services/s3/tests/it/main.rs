//! S3 over the real pipeline.

mod buckets;
mod cloud;
mod copies;
mod listings;
mod objects;
