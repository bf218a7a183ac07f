use super::Config;
use crate::engine::item;
use crate::errors::validation;
use crate::page::Page;
use crate::state::{Item, Recorder, Tracked};
use api_config::{
    BatchGetResourceConfig, BatchGetResourceConfigOutput, Error, GetDiscoveredResourceCounts,
    GetDiscoveredResourceCountsOutput, ListDiscoveredResources, ListDiscoveredResourcesOutput,
    NoAvailableConfigurationRecorderException, ResourceCount, ResourceIdentifier,
};
use contract::{Access, Call, Transact};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use store::{Tx, View};

/// How many resource ids a request may name.
const MOST_IDS: usize = 20;

/// The inventory is that of a recorder.
pub(super) fn require_recorder(view: &View, call: &Call) -> Result<(), Error> {
    match Recorder::of(view, call.scope())? {
        Some(_) => Ok(()),
        None => {
            let message = "There is no configuration recorder available in this account and region.";
            Err(NoAvailableConfigurationRecorderException::new(message).into())
        }
    }
}

impl Transact<ListDiscoveredResources> for Config {
    fn access(_: &ListDiscoveredResources, _: &Call, _: &View) -> Access {
        Access::to("config:ListDiscoveredResources")
    }

    fn run(
        input: ListDiscoveredResources,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListDiscoveredResourcesOutput, Error> {
        require_recorder(tx, call)?;
        let page = Page::new("resources", input.next_token.as_ref(), input.limit, 100, 100)?;
        let ids = input.resource_ids.unwrap_or_default();
        if !ids.is_empty() && input.resource_name.is_some() {
            return Err(validation("You cannot specify both Resource IDs and Resource Name in the request."));
        }
        if ids.len() > MOST_IDS {
            let message = format!(
                "The specified list had more than {MOST_IDS} resource ID's. It must have '{MOST_IDS}' or less items"
            );
            return Err(validation(message));
        }
        let deleted = input.include_deleted_resources.unwrap_or(false);
        let resource_type = input.resource_type.as_str();
        let mut scan = tx.scan::<Tracked>(call.scope(), (resource_type,));
        if let Some(after) = page.after_text()? {
            scan = scan.after((resource_type, after));
        }
        let mut found: Vec<Tracked> = Vec::new();
        scan.each(|tracked| {
            let by_id = ids.is_empty() || ids.contains(&tracked.resource_id);
            let by_name = input.resource_name.is_none() || input.resource_name == tracked.name;
            if by_id && by_name && (deleted || tracked.deleted.is_none()) {
                found.push(tracked);
            }
            if found.len() > page.limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let more = found.len() > page.limit;
        found.truncate(page.limit);
        let next_token = found.last().filter(|_| more).map(|last| page.token(&[&last.resource_id]));
        let identifiers = found
            .into_iter()
            .map(|tracked| ResourceIdentifier {
                resource_type: Some(tracked.resource_type),
                resource_id: Some(tracked.resource_id),
                resource_name: tracked.name,
                resource_deletion_time: tracked.deleted,
            })
            .collect();
        Ok(ListDiscoveredResourcesOutput { resource_identifiers: Some(identifiers), next_token })
    }
}

impl Transact<GetDiscoveredResourceCounts> for Config {
    fn access(_: &GetDiscoveredResourceCounts, _: &Call, _: &View) -> Access {
        Access::to("config:GetDiscoveredResourceCounts")
    }

    /// Most frequent types first, as AWS answers.
    fn run(
        input: GetDiscoveredResourceCounts,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetDiscoveredResourceCountsOutput, Error> {
        let page = Page::new("resource-counts", input.next_token.as_ref(), input.limit, 100, 100)?;
        let types = input.resource_types.unwrap_or_default();
        let mut counts: BTreeMap<String, i64> = types.iter().map(|own| (own.clone(), 0)).collect();
        // Without a recorder there is no inventory, which this operation answers with nothing.
        if Recorder::of(tx, call.scope())?.is_some() {
            tx.scan::<Tracked>(call.scope(), ()).each(|tracked| {
                if tracked.deleted.is_none() && (types.is_empty() || types.contains(&tracked.resource_type)) {
                    *counts.entry(tracked.resource_type).or_default() += 1;
                }
                ControlFlow::Continue(())
            })?;
        }
        let total = counts.values().sum();
        // The key sorts by falling count, then by type.
        let key = |(own, count): &(String, i64)| format!("{:020}{own}", i64::MAX - count);
        let (counts, next_token) = page.of(counts.into_iter().collect(), key)?;
        let counts = counts
            .into_iter()
            .map(|(own, count)| ResourceCount { resource_type: Some(own), count: Some(count) });
        Ok(GetDiscoveredResourceCountsOutput {
            total_discovered_resources: Some(total),
            resource_counts: Some(counts.collect()),
            next_token,
        })
    }
}

impl Transact<BatchGetResourceConfig> for Config {
    fn access(_: &BatchGetResourceConfig, _: &Call, _: &View) -> Access {
        Access::to("config:BatchGetResourceConfig")
    }

    /// Resources that are not known or are gone are left out; none is ever unprocessed.
    fn run(
        input: BatchGetResourceConfig,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<BatchGetResourceConfigOutput, Error> {
        require_recorder(tx, call)?;
        let mut items = Vec::new();
        for key in &input.resource_keys {
            let resource = (key.resource_type.as_str(), key.resource_id.as_str());
            let Some(tracked) = tx.get::<Tracked>(call.scope(), resource)? else { continue };
            if tracked.deleted.is_none() {
                let item = Item::at(tx, call.scope(), resource, tracked.captured)?;
                items.extend(item.as_ref().map(item::base));
            }
        }
        Ok(BatchGetResourceConfigOutput {
            base_configuration_items: Some(items),
            unprocessed_resource_keys: Some(Vec::new()),
        })
    }
}
