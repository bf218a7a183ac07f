use super::Config;
use super::resources::require_recorder;
use crate::engine::item;
use crate::page::{Page, invalid_token};
use crate::state::{Item, Tracked};
use api_config::{
    ChronologicalOrder, Error, GetResourceConfigHistory, GetResourceConfigHistoryOutput,
    InvalidTimeRangeException, ResourceNotDiscoveredException,
};
use contract::{Access, Call, Transact};
use names::Timestamp;
use std::time::Duration;
use store::{Tx, View};

/// The span that a page covers at most.
const SPAN: Duration = Duration::from_secs(7 * 24 * 3600);

impl Transact<GetResourceConfigHistory> for Config {
    fn access(_: &GetResourceConfigHistory, _: &Call, _: &View) -> Access {
        Access::to("config:GetResourceConfigHistory")
    }

    /// A page holds items of at most seven days, so it may hold fewer than its limit although more follow.
    fn run(
        input: GetResourceConfigHistory,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetResourceConfigHistoryOutput, Error> {
        require_recorder(tx, call)?;
        let page = Page::new("history", input.next_token.as_ref(), input.limit, 10, 100)?;
        if let (Some(earlier), Some(later)) = (input.earlier_time, input.later_time)
            && earlier > later
        {
            let message = "The earlier time must be before the later time.";
            return Err(InvalidTimeRangeException::new(message).into());
        }
        let resource = (input.resource_type.as_str(), input.resource_id.as_str());
        if tx.get::<Tracked>(call.scope(), resource)?.is_none() {
            let message = format!(
                "Resource {} of resourceType:{} is unknown or has not been discovered",
                resource.1, resource.0
            );
            return Err(ResourceNotDiscoveredException::new(message).into());
        }
        let earliest = input.earlier_time.unwrap_or(Timestamp::from_millis(i64::MIN));
        let latest = input.later_time.unwrap_or(Timestamp::from_millis(i64::MAX - 1));
        let last = page.after_text()?.map(|text| text.parse().map_err(|_| invalid_token())).transpose()?;
        let last = last.map(Timestamp::from_millis);
        let key = |moment: Timestamp| (resource.0, resource.1, moment);
        let scan = tx.scan::<Item>(call.scope(), resource).from(key(earliest));
        let scan = scan.before(key(latest.plus(Duration::from_millis(1)))).limit(page.limit);
        let reverse = input.chronological_order.unwrap_or_default() == ChronologicalOrder::Reverse;
        let scan = match (reverse, last) {
            (true, Some(last)) => scan.before(key(last)).reverse(),
            (true, None) => scan.reverse(),
            (false, Some(last)) => scan.after(key(last)),
            (false, None) => scan,
        };
        let found = scan.page()?;
        let first = found.rows.first().map_or(latest, |first| first.captured);
        let in_span = |item: &&Item| {
            let (early, late) = if reverse { (item.captured, first) } else { (first, item.captured) };
            late.since(early) <= SPAN
        };
        let items: Vec<&Item> = found.rows.iter().take_while(in_span).collect();
        let more = found.more || items.len() < found.rows.len();
        let next_token =
            items.last().filter(|_| more).map(|last| page.token(&[&last.captured.millis().to_string()]));
        let items = items.into_iter().map(item::in_api).collect();
        Ok(GetResourceConfigHistoryOutput { configuration_items: Some(items), next_token })
    }
}
