//! What a template's functions see of the stack while it is made.

use super::zones::Zones;
use crate::state::export::Export;
use crate::state::resource::StackResource;
use crate::template::Live;
use names::Scope;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use store::{StoreError, View};
use wire::Document;

/// The resources and exports at one moment.
pub(super) struct Seen<'a> {
    resources: HashMap<String, StackResource>,
    view: View,
    scope: Scope,
    zones: &'a Zones,
    imported: Mutex<BTreeSet<String>>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(
        view: View,
        scope: Scope,
        stack_id: &str,
        zones: &'a Zones,
    ) -> Result<Self, StoreError> {
        let rows = view.scan::<StackResource>(scope, (stack_id,)).rows()?;
        let resources = rows.into_iter().map(|resource| (resource.logical_id.clone(), resource)).collect();
        Ok(Self { resources, view, scope, zones, imported: Mutex::default() })
    }

    /// The exports that functions asked for since this was asked last.
    pub(super) fn imported(&self) -> BTreeSet<String> {
        self.imported.lock().map(|mut names| std::mem::take(&mut *names)).unwrap_or_default()
    }

    pub(super) fn resource(&self, logical_id: &str) -> Option<&StackResource> {
        self.resources.get(logical_id)
    }

    pub(super) fn resources(&self) -> impl Iterator<Item = &StackResource> {
        self.resources.values()
    }
}

impl Live for Seen<'_> {
    fn reference(&self, logical_id: &str) -> Option<Document> {
        self.resources.get(logical_id)?.physical_id.as_deref().map(Document::from)
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Document> {
        self.resources.get(logical_id)?.attributes.get(attribute).cloned()
    }

    fn import(&self, name: &str) -> Option<String> {
        let export = Export::usable(&self.view, self.scope, name).ok().flatten()?;
        if let Ok(mut names) = self.imported.lock() {
            names.insert(name.to_owned());
        }
        Some(export.value)
    }

    fn availability_zones(&self, region: &str) -> Vec<String> {
        self.zones.get(region).cloned().unwrap_or_default()
    }
}

/// The same, or what is foretold of it, with asterisks for what a custom resource answered and does not want to be shown.
pub(super) struct Hidden<'a> {
    seen: &'a Seen<'a>,
    live: &'a dyn Live,
}

impl<'a> Hidden<'a> {
    pub(super) fn new(seen: &'a Seen<'a>) -> Self {
        Self { seen, live: seen }
    }

    /// What is foretold of what is seen.
    pub(super) fn foretold(seen: &'a Seen<'a>, live: &'a dyn Live) -> Self {
        Self { seen, live }
    }
}

impl Live for Hidden<'_> {
    fn reference(&self, logical_id: &str) -> Option<Document> {
        self.live.reference(logical_id)
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Document> {
        let hides = self
            .seen
            .resource(logical_id)
            .is_some_and(|row| row.attributes.contains_key(super::custom::NO_ECHO));
        if hides { Some("****".into()) } else { self.live.attribute(logical_id, attribute) }
    }

    fn import(&self, name: &str) -> Option<String> {
        self.live.import(name)
    }

    fn availability_zones(&self, region: &str) -> Vec<String> {
        self.live.availability_zones(region)
    }
}
