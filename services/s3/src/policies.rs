//! The policy that governs a bucket: its own, its access control lists written as statements, and what public access block leaves of them.

mod acl_statements;
mod applicable;

pub(crate) use applicable::check;

use crate::state::{Bucket, Object};
use contract::Principal;
use parking_lot::Mutex;
use policy::{Document, Flavour, Kind, ParseError, ResourcePolicy};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// A stored policy cannot be read: it may deny, so nothing may be decided without it.
#[derive(Debug, thiserror::Error)]
#[error("the policy of the bucket {bucket} cannot be read: {error}")]
pub(crate) struct Unreadable {
    bucket: String,
    error: Box<ParseError>,
}

/// Parsed policies by their text; parsing costs more than all else that a small request does.
static PARSED: LazyLock<Mutex<HashMap<String, Arc<Document>>>> = LazyLock::new(Mutex::default);
/// Past so many the cache starts anew.
const PARSED_LIMIT: usize = 512;

/// Parses a bucket policy.
pub(crate) fn parse(text: &str) -> Result<Arc<Document>, ParseError> {
    if let Some(document) = PARSED.lock().get(text) {
        return Ok(Arc::clone(document));
    }
    let document = policy::parse(text, Kind::Resource(Flavour::S3))?;
    let mut parsed = PARSED.lock();
    if parsed.len() >= PARSED_LIMIT {
        parsed.clear();
    }
    parsed.insert(text.to_owned(), Arc::clone(&document));
    Ok(document)
}

/// What governs a call of a principal on a bucket, or on an object in it.
pub(crate) fn governing(
    bucket: &Bucket,
    object: Option<&Object>,
    principal: &Principal,
) -> Result<Option<ResourcePolicy>, Unreadable> {
    let unreadable = |error| Unreadable { bucket: bucket.name.clone(), error: Box::new(error) };
    let own = bucket.policy.as_deref().map(parse).transpose().map_err(unreadable)?;
    let stranger =
        !matches!(principal, Principal::Service(_)) && principal.account() != Some(bucket.scope.account);
    if let Some(own) = &own
        && stranger
        && bucket.blocks().restrict_public_buckets
        && own.is_public()
    {
        // RestrictPublicBuckets: a public policy grants to nobody outside of the account, not even what it grants by name.
        return Ok(None);
    }
    let document = match acl_statements::merged(bucket, object) {
        Some(text) => Some(parse(&text).map_err(unreadable)?),
        None => own,
    };
    Ok(document.map(|document| ResourcePolicy::new(&bucket.name, document)))
}
