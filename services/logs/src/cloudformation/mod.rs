//! One file a resource type, and what those of filters share.

pub(crate) mod log_group;
pub(crate) mod log_stream;
pub(crate) mod metric_filter;
pub(crate) mod subscription_filter;

use contract::HandlerFailure;
use wire::ErrorResponse;

fn is_missing(error: &ErrorResponse) -> bool {
    error.code == "ResourceNotFoundException"
}

/// The failure of a filter that somebody else has made.
fn already_exists(resource_type: &str, group: &str, name: &str) -> HandlerFailure {
    let reason =
        format!("Resource of type '{resource_type}' with identifier '{group}|{name}' already exists.");
    HandlerFailure::new("AlreadyExists", reason)
}
