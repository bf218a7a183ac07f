//! The blobs that Lambda keeps.

use super::{Configuration, Function, LayerVersion, Version};
use blobs::BlobId;
use names::AccountId;
use std::collections::HashSet;
use std::ops::ControlFlow;
use store::{StoreError, View};

/// The packages of functions, of their versions and of layers' versions. A function goes on using a layer's version that was deleted.
///
/// # Errors
/// The store's failure; then nothing may be collected.
pub(crate) fn live_blobs(view: &View, of: Option<AccountId>) -> Result<HashSet<BlobId>, StoreError> {
    let mut live = HashSet::new();
    let mut keep = |configuration: &Configuration| {
        live.insert(configuration.code.blob);
        live.extend(configuration.layers.iter().map(|layer| layer.blob));
        ControlFlow::Continue(())
    };
    view.scan_of::<Function>(of).each(|function| keep(&function.latest))?;
    view.scan_of::<Version>(of).each(|version| keep(&version.configuration))?;
    view.scan_of::<LayerVersion>(of).each(|layer| {
        live.insert(layer.code.blob);
        ControlFlow::Continue(())
    })?;
    Ok(live)
}
