//! "AWS API Call via CloudTrail": calls as events for EventBridge.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>

use crate::event;
use api_events::{PutEvents, PutEventsRequestEntry};
use contract::{Chain, Context, Principal};
use names::{AccountId, Region, Scope};
use pipeline::CallRecord;
use std::collections::BTreeMap;

/// As many as a call takes, and as many bytes of them.
const ENTRIES: usize = 10;
const BYTES: usize = 900_000;

/// Sends calls on. Those of one chain go together: so what a rule's target does about a call is known to come of it, and circles end.
pub(super) async fn send(context: &Context, account: AccountId, records: &[&CallRecord]) {
    let mut groups: BTreeMap<(Region, &[String]), Vec<&CallRecord>> = BTreeMap::new();
    for record in records.iter().filter(|record| !event::is_by_cloudtrail(record)) {
        groups.entry((event::region(record), &record.via)).or_default().push(record);
    }
    for ((region, via), records) in groups {
        let chain = Chain { via: via.to_vec(), trace: None }.through(event::PRINCIPAL);
        if chain.depth() >= Chain::MAX_DEPTH {
            tracing::warn!(%account, "calls that came of events of calls, many times over, are no events any more");
            continue;
        }
        let principal = Principal::service(event::PRINCIPAL, account, None);
        let caller = context.caller(principal, Scope::new(account, region), chain);
        let (mut entries, mut bytes) = (Vec::new(), 0);
        for record in records {
            let entry = entry(record);
            let size = entry.detail.as_ref().map_or(0, String::len);
            if entries.len() == ENTRIES || bytes + size > BYTES {
                put(&caller, std::mem::take(&mut entries)).await;
                bytes = 0;
            }
            bytes += size;
            entries.push(entry);
        }
        put(&caller, entries).await;
    }
}

async fn put(caller: &contract::Caller, entries: Vec<PutEventsRequestEntry>) {
    if entries.is_empty() {
        return;
    }
    match caller.call(PutEvents { entries, endpoint_id: None }).await {
        Ok(answer) => {
            for refused in answer.entries.into_iter().flatten().filter(|entry| entry.error_code.is_some()) {
                tracing::error!(
                    code = refused.error_code,
                    message = refused.error_message,
                    "EventBridge refused a call's event"
                );
            }
        }
        // A cloud without EventBridge has nobody to tell.
        Err(error) if error.status == 501 => {}
        Err(error) => {
            tracing::error!(code = error.code, message = error.message, "EventBridge took no events of calls")
        }
    }
}

fn entry(record: &CallRecord) -> PutEventsRequestEntry {
    let source = event::event_source(&record.service);
    let detail_type = if event::is_sign_in(record) {
        "AWS Console Sign In via CloudTrail"
    } else {
        "AWS API Call via CloudTrail"
    };
    let service = source.strip_suffix(".amazonaws.com").unwrap_or(&source);
    PutEventsRequestEntry {
        time: Some(record.at),
        source: Some(format!("aws.{service}")),
        resources: Some(Vec::new()),
        detail_type: Some(detail_type.into()),
        detail: Some(event::document(record).to_string()),
        event_bus_name: None,
        trace_header: None,
    }
}
