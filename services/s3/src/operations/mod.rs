//! One file per noun; each operation is one `impl`.

mod attributes;
mod bucket;
mod copy_object;
mod create_bucket;
mod delete_object;
mod get_object;
mod list_buckets;
mod list_objects;
mod put_object;
