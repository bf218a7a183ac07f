//! One batch of stream records: filtered, given to the function until it has dealt with them or they are given up.

use super::filter::Filters;
use super::invoke::{Invoked, LARGEST, Shared, event};
use super::response::{Failures, failures};
use super::stream_record::StreamRecord;
use crate::asynchronous::Telling;
use crate::execution::Executed;
use crate::metrics::Measured;
use crate::state::EventSourceMapping;
use crate::state::event_source_mapping::StreamSettings;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use wire::document;

/// Between tries: twice as long each time.
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// What the records of a batch are of.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) shared: Arc<Shared>,
    pub(super) mapping: EventSourceMapping,
    pub(super) settings: StreamSettings,
    pub(super) shard: String,
}

/// Records that are tried together.
struct Part {
    records: Vec<StreamRecord>,
    /// How often the function has failed on them.
    failed: i32,
}

/// Why records are given up.
enum GivenUp<'a> {
    TooOld,
    Retried(&'a Executed),
}

impl Source {
    /// Deals with records in order. It comes back when each has been dealt with or given up.
    pub(super) async fn process(&self, records: Vec<StreamRecord>) {
        let filters = Filters::of(&self.mapping.settings.filters);
        let records: Vec<_> = records.into_iter().filter(|record| filters.take(&record.shown)).collect();
        let mut parts: VecDeque<Part> = parts(records).into();
        let mut wait = SHORTEST;
        while let Some(mut part) = parts.pop_front() {
            self.drop_old(&mut part).await;
            if part.records.is_empty() {
                continue;
            }
            let payload = event(part.records.iter().map(|record| record.shown.clone()).collect());
            let sent = self.shared.context.clock.now();
            match self.shared.invoke(&self.mapping, payload, None).await {
                Invoked::Answered(executed) => {
                    if let Some(last) = part.records.last() {
                        let (measured, age) =
                            (Measured::reference(&self.mapping.reference()), sent.since(last.arrived));
                        measured.iterator_age(age, sent, &self.shared.context.store);
                    }
                    let Some(first) = self.first_failure(&executed, &part) else {
                        self.shared.note(&self.mapping, "OK", None).await;
                        wait = SHORTEST;
                        continue;
                    };
                    self.shared.note(&self.mapping, "PROBLEM: Function call failed", None).await;
                    let failed = part.failed + 1;
                    let records = part.records.split_off(first.min(part.records.len()));
                    if self.settings.retries >= 0 && failed > self.settings.retries {
                        self.give_up(&records, failed, &GivenUp::Retried(&executed)).await;
                        continue;
                    }
                    for part in self.bisect(records, failed).into_iter().rev() {
                        parts.push_front(part);
                    }
                }
                Invoked::Throttled | Invoked::Loop => parts.push_front(part),
                Invoked::Failed(why) => {
                    let problem = format!("PROBLEM: {why}");
                    self.shared.note(&self.mapping, &problem, Some(&problem)).await;
                    parts.push_front(part);
                }
            }
            let clock = &self.shared.context.clock;
            clock.sleep_until(clock.now().plus(wait)).await;
            wait = (wait * 2).min(LONGEST);
        }
    }

    /// The place of the first record that the function has not dealt with; None where it has dealt with all.
    fn first_failure(&self, executed: &Executed, part: &Part) -> Option<usize> {
        let result = &executed.outcome.result;
        if result.error_type().is_some() {
            return Some(0);
        }
        if !self.mapping.settings.partial {
            return None;
        }
        let place = |id: &str| part.records.iter().position(|record| record.sequence == id);
        match failures(result.payload(), |id| place(id).is_some()) {
            Failures::Some(failed) => failed.iter().filter_map(|id| place(id)).min(),
            Failures::All => Some(0),
        }
    }

    /// Halves what failed, where the mapping wants that; it does not count as another try of the halves.
    fn bisect(&self, mut records: Vec<StreamRecord>, failed: i32) -> Vec<Part> {
        if self.settings.bisect && records.len() > 1 {
            let second = records.split_off(records.len() / 2);
            let failed = failed - 1;
            return vec![Part { records, failed }, Part { records: second, failed }];
        }
        vec![Part { records, failed }]
    }

    /// Gives records up that are older than the mapping wants them.
    async fn drop_old(&self, part: &mut Part) {
        let Ok(age) = u64::try_from(self.settings.age) else { return };
        let now = self.shared.context.clock.now();
        let (old, kept) = std::mem::take(&mut part.records)
            .into_iter()
            .partition(|record| record.arrived.plus(Duration::from_secs(age)) < now);
        part.records = kept;
        let old: Vec<StreamRecord> = old;
        self.give_up(&old, part.failed, &GivenUp::TooOld).await;
    }

    /// Tells the destination, where there is one, of records that are given up.
    async fn give_up(&self, records: &[StreamRecord], invoked: i32, why: &GivenUp<'_>) {
        let Some(target) = self.settings.on_failure.clone().filter(|_| !records.is_empty()) else { return };
        if let Err(error) = self.tell(records, invoked, why, target).await {
            tracing::error!(%error, mapping = self.mapping.uuid, "what was given up cannot be told to the destination");
        }
    }

    async fn tell(
        &self,
        records: &[StreamRecord],
        invoked: i32,
        why: &GivenUp<'_>,
        target: String,
    ) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(()) };
        let context = &self.shared.context;
        let (now, id) = (context.clock.now(), context.entropy()?.uuid());
        let condition = match why {
            GivenUp::TooOld => "RecordAgeExceeded",
            GivenUp::Retried(_) => "RetryAttemptsExhausted",
        };
        let mut message = document!({
            "requestContext": {
                "requestId": (id.as_str()),
                "functionArn": (self.mapping.function_arn()),
                "condition": condition,
                "approximateInvokeCount": invoked,
            },
        });
        if let GivenUp::Retried(executed) = why {
            let mut response =
                document!({ "statusCode": 200, "executedVersion": (executed.version.as_str()) });
            if executed.outcome.result.error_type().is_some() {
                response.set("functionError", "Unhandled");
            }
            message.set("responseContext", response);
        }
        let count = i64::try_from(records.len()).unwrap_or(i64::MAX);
        let message = message.with("version", "1.0").with("timestamp", now.iso_millis()).with(
            "DDBStreamBatchInfo",
            document!({
                "shardId": (self.shard.as_str()),
                "startSequenceNumber": (first.sequence.as_str()),
                "endSequenceNumber": (last.sequence.as_str()),
                "approximateArrivalOfFirstRecord": (first.arrived.iso_seconds()),
                "approximateArrivalOfLastRecord": (last.arrived.iso_seconds()),
                "batchSize": count,
                "streamArn": (self.mapping.source.as_str()),
            }),
        );
        let role = crate::operations::find(&context.store.view(), &self.mapping.reference(), None)
            .map(|found| found.configuration.role)
            .unwrap_or_default();
        let telling = Telling {
            scope: self.mapping.scope,
            function: self.mapping.function.clone(),
            role,
            target,
            message: message.to_string(),
        };
        telling.enqueue(id, context).await
    }
}

/// As few parts as fit into events.
fn parts(records: Vec<StreamRecord>) -> Vec<Part> {
    let mut all: Vec<Part> = Vec::new();
    let mut bytes = usize::MAX;
    for record in records {
        let size = record.shown.to_string().len() + 1;
        bytes = bytes.saturating_add(size);
        match all.last_mut() {
            Some(part) if bytes <= LARGEST => part.records.push(record),
            _ => {
                bytes = size;
                all.push(Part { records: vec![record], failed: 0 });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use names::Timestamp;
    use wire::Document;

    #[test]
    fn parts_fit_into_events() {
        let record = |size: usize| StreamRecord {
            shown: Document::from("x".repeat(size)),
            sequence: "1".into(),
            arrived: Timestamp::default(),
            key: String::new(),
        };
        let sizes = |parts: Vec<Part>| parts.iter().map(|part| part.records.len()).collect::<Vec<_>>();
        assert_eq!(sizes(parts((0..5).map(|_| record(LARGEST / 2 - 10)).collect())), [2, 2, 1]);
        assert_eq!(sizes(parts(vec![record(1), record(1)])), [2]);
        assert!(parts(Vec::new()).is_empty());
    }
}
