//! The poller of a DynamoDB stream: a reader for each shard, parents before their children.

use super::invoke::Shared;
use super::session::Session;
use super::stream_batch::Source;
use super::stream_record::StreamRecord;
use crate::state::event_source_mapping::StreamSettings;
use crate::state::{EventSourceMapping, StreamPosition};
use api_dynamodbstreams::{DescribeStream, GetRecords, GetShardIterator, Shard, ShardIteratorType};
use contract::Principal;
use names::{Arn, Scope, Timestamp};
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use tokio::task::JoinSet;
use wire::ErrorResponse;

/// What GetRecords answers at most.
const MOST: i32 = 1000;
/// How often a stream is looked at although nothing was signalled.
const SLOW_TIMER: Duration = Duration::from_secs(60);
/// Between tries that are refused: twice as long each time.
const AFTER_REFUSAL: Duration = Duration::from_millis(500);
const LONGEST_REFUSAL: Duration = Duration::from_secs(4);

/// What writers to the table signal.
fn topic(stream: &Arn) -> String {
    let table = stream.resource_after("table/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let account = stream.account.map(|account| account.to_string()).unwrap_or_default();
    let region = stream.region.map(|region| region.to_string()).unwrap_or_default();
    format!("dynamodb-stream/{account}/{region}/{table}")
}

/// The mapping, while it is active.
fn active(shared: &Shared, scope: Scope, uuid: &str) -> Option<EventSourceMapping> {
    let found = EventSourceMapping::find(&shared.context.store.view(), scope, uuid);
    found.ok().flatten().filter(EventSourceMapping::is_active)
}

/// Reads a stream until the mapping is not active any more.
pub(super) async fn follow(shared: Arc<Shared>, scope: Scope, uuid: String) {
    let mut changed = shared.context.store.listen(&EventSourceMapping::topic(&uuid));
    let mut session = Session::default();
    let mut readers: JoinSet<String> = JoinSet::new();
    let mut reading: HashSet<String> = HashSet::new();
    let mut refusals = 0_u32;
    let mut first = true;
    while let Some(mapping) = active(&shared, scope, &uuid) {
        let clock = Arc::clone(&shared.context.clock);
        let wait = match shards(&mut session, &mapping, &shared).await {
            Ok(shards) => {
                if std::mem::take(&mut refusals) > 0 {
                    shared.note(&mapping, "OK", None).await;
                }
                for shard in readable(&shards, &positions(&shared, &mapping)) {
                    if reading.insert(shard.clone()) {
                        let reader = Reader::new(Arc::clone(&shared), &mapping, shard, first);
                        readers.spawn(reader.read());
                    }
                }
                // What turns up later is read from its beginning.
                first = false;
                SLOW_TIMER
            }
            Err(error) => {
                session.forget();
                refused(&shared, &mapping, &error, &mut refusals).await
            }
        };
        tokio::select! {
            () = changed.signalled() => {}
            Some(ended) = readers.join_next(), if !readers.is_empty() => match ended {
                Ok(shard) => {
                    reading.remove(&shard);
                }
                Err(error) => {
                    tracing::error!(%error, uuid, "a reader of a shard broke off");
                    break;
                }
            },
            () = clock.sleep_until(clock.now().plus(wait)) => {}
        }
    }
    // Dropping the readers ends them; what they were at is read again from the last position.
}

async fn refused(
    shared: &Shared,
    mapping: &EventSourceMapping,
    error: &ErrorResponse,
    refusals: &mut u32,
) -> Duration {
    tracing::debug!(%error, mapping = mapping.uuid, "a stream cannot be read");
    let wait = AFTER_REFUSAL.saturating_mul(1_u32.checked_shl(*refusals).unwrap_or(u32::MAX));
    *refusals = refusals.saturating_add(1).min(8);
    let problem = format!("PROBLEM: {}", error.message);
    shared.note(mapping, &problem, Some(&problem)).await;
    wait.min(LONGEST_REFUSAL)
}

/// All shards of the stream.
async fn shards(
    session: &mut Session,
    mapping: &EventSourceMapping,
    shared: &Shared,
) -> Result<Vec<Shard>, ErrorResponse> {
    let role = session.caller(mapping, &shared.context).await?;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let input = DescribeStream {
            stream_arn: mapping.source.clone(),
            exclusive_start_shard_id: after,
            ..DescribeStream::default()
        };
        let stream = role.call(input).await?.stream_description.unwrap_or_default();
        all.extend(stream.shards.unwrap_or_default());
        match stream.last_evaluated_shard_id {
            Some(last) => after = Some(last),
            None => return Ok(all),
        }
    }
}

fn positions(shared: &Shared, mapping: &EventSourceMapping) -> HashMap<String, StreamPosition> {
    let view = shared.context.store.view();
    let all = view.scan::<StreamPosition>(mapping.scope, (mapping.uuid.as_str(),)).rows();
    all.unwrap_or_default().into_iter().map(|position| (position.shard.clone(), position)).collect()
}

/// Shards that are not finished and whose parents are, or are not there any more.
fn readable(shards: &[Shard], positions: &HashMap<String, StreamPosition>) -> Vec<String> {
    let finished = |shard: &str| positions.get(shard).is_some_and(|position| position.finished);
    let there: HashSet<&str> = shards.iter().filter_map(|shard| shard.shard_id.as_deref()).collect();
    let ready = |shard: &&Shard| {
        let parent = shard.parent_shard_id.as_deref();
        parent.is_none_or(|parent| !there.contains(parent) || finished(parent))
    };
    let ids = shards.iter().filter(ready).filter_map(|shard| shard.shard_id.clone());
    ids.filter(|shard| !finished(shard)).collect()
}

/// Reads one shard.
struct Reader {
    shared: Arc<Shared>,
    scope: Scope,
    uuid: String,
    shard: String,
    /// It was there when the mapping began.
    first: bool,
    session: Session,
    signalled: store::Listener,
    iterator: Option<String>,
}

impl Reader {
    fn new(shared: Arc<Shared>, mapping: &EventSourceMapping, shard: String, first: bool) -> Self {
        let stream = mapping.source.parse::<Arn>().map(|stream| topic(&stream)).unwrap_or_default();
        Self {
            signalled: shared.context.store.listen(&stream),
            scope: mapping.scope,
            uuid: mapping.uuid.clone(),
            shard,
            first,
            session: Session::default(),
            iterator: None,
            shared,
        }
    }

    /// Reads to the shard's end, or until the mapping is not active any more.
    async fn read(mut self) -> String {
        let (mut pending, mut since): (Vec<StreamRecord>, Timestamp) = (Vec::new(), Timestamp::default());
        let mut refusals = 0;
        while let Some(mapping) = active(&self.shared, self.scope, &self.uuid) {
            let Some(settings) = mapping.settings.stream.clone() else { break };
            let clock = Arc::clone(&self.shared.context.clock);
            let wanted = mapping.settings.batch_size.saturating_mul(settings.parallel.max(1));
            let size = usize::try_from(wanted).unwrap_or(100).max(1);
            let (found, ended) =
                match self.next(&mapping, &settings, size.saturating_sub(pending.len())).await {
                    Ok(answer) => {
                        if std::mem::take(&mut refusals) > 0 {
                            self.shared.note(&mapping, "OK", None).await;
                        }
                        answer
                    }
                    Err(error) => {
                        self.session.forget();
                        self.iterator = None;
                        // What is pending is read again with the iterator from the last position.
                        pending.clear();
                        let wait = refused(&self.shared, &mapping, &error, &mut refusals).await;
                        clock.sleep_until(clock.now().plus(wait)).await;
                        continue;
                    }
                };
            let now = clock.now();
            if pending.is_empty() {
                since = now;
            }
            let nothing = found.is_empty();
            pending.extend(found);
            let window = Duration::from_secs(u64::try_from(mapping.settings.window).unwrap_or(0));
            let due = since.plus(window);
            if !pending.is_empty() && (ended || pending.len() >= size || now >= due) {
                let batch = std::mem::take(&mut pending);
                let last = batch.last().map(|record| record.sequence.clone());
                self.deal(&mapping, &settings, batch).await;
                self.keep(last, false).await;
            }
            if ended {
                self.keep(None, true).await;
                return self.shard;
            }
            if nothing {
                let wake = if pending.is_empty() { now.plus(SLOW_TIMER) } else { due };
                tokio::select! {
                    () = self.signalled.signalled() => {}
                    () = clock.sleep_until(wake) => {}
                }
            }
        }
        self.shard
    }

    /// The next records, and whether the shard ends with them.
    async fn next(
        &mut self,
        mapping: &EventSourceMapping,
        settings: &StreamSettings,
        room: usize,
    ) -> Result<(Vec<StreamRecord>, bool), ErrorResponse> {
        let role = self.session.caller(mapping, &self.shared.context).await?;
        let iterator = match self.iterator.take() {
            Some(iterator) => iterator,
            None => {
                let position = positions(&self.shared, mapping).remove(&self.shard);
                let sequence = position.and_then(|position| position.sequence);
                let kind = match &sequence {
                    Some(_) => ShardIteratorType::AfterSequenceNumber,
                    None if self.first && settings.start == "LATEST" => ShardIteratorType::Latest,
                    None => ShardIteratorType::TrimHorizon,
                };
                let input = GetShardIterator {
                    stream_arn: mapping.source.clone(),
                    shard_id: self.shard.clone(),
                    shard_iterator_type: kind,
                    sequence_number: sequence,
                };
                role.call(input).await?.shard_iterator.unwrap_or_default()
            }
        };
        let limit = i32::try_from(room).unwrap_or(MOST).clamp(1, MOST);
        let answer = role.call(GetRecords { shard_iterator: iterator, limit: Some(limit) }).await?;
        self.iterator = answer.next_shard_iterator;
        let records = answer.records.unwrap_or_default();
        let records = records.iter().map(|record| StreamRecord::new(record, &mapping.source)).collect();
        Ok((records, self.iterator.is_none()))
    }

    /// Deals with a batch; where the mapping wants that, in several parts at once, with each item's records in one of them.
    async fn deal(&self, mapping: &EventSourceMapping, settings: &StreamSettings, batch: Vec<StreamRecord>) {
        let source = Source {
            shared: Arc::clone(&self.shared),
            mapping: mapping.clone(),
            settings: settings.clone(),
            shard: self.shard.clone(),
        };
        let count = u64::try_from(settings.parallel).unwrap_or(1).max(1);
        let mut parts: HashMap<u64, Vec<StreamRecord>> = HashMap::new();
        for record in batch {
            let mut hasher = DefaultHasher::new();
            record.key.hash(&mut hasher);
            parts.entry(hasher.finish() % count).or_default().push(record);
        }
        futures::future::join_all(parts.into_values().map(|part| source.process(part))).await;
    }

    /// Keeps how far the shard was read.
    async fn keep(&self, sequence: Option<String>, finished: bool) {
        if let Err(error) = self.write(sequence, finished).await {
            tracing::error!(%error, mapping = self.uuid, "how far a stream was read cannot be kept; records will be read again");
        }
    }

    async fn write(&self, sequence: Option<String>, finished: bool) -> Result<(), StoreError> {
        let principal = Principal::service(crate::SERVICE_PRINCIPAL, self.scope.account, None);
        let call = self.shared.context.own_call("lambda", "EventSourceMapping", principal, self.scope)?;
        self.shared
            .context
            .transact(&call, |_, tx| {
                // A mapping that was deleted meanwhile leaves nothing behind.
                if !tx.exists::<EventSourceMapping>(self.scope, self.uuid.as_str())? {
                    return Ok(());
                }
                let key = (self.uuid.as_str(), self.shard.as_str());
                let before: Option<StreamPosition> = tx.get(self.scope, key)?;
                tx.put(StreamPosition {
                    scope: self.scope,
                    mapping: self.uuid.clone(),
                    shard: self.shard.clone(),
                    sequence: sequence.clone().or(before.and_then(|before| before.sequence)),
                    finished,
                })
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(id: &str, parent: Option<&str>) -> Shard {
        Shard {
            shard_id: Some(id.into()),
            parent_shard_id: parent.map(str::to_owned),
            sequence_number_range: None,
        }
    }

    #[test]
    fn children_wait_for_their_parents() {
        let shards = [shard("a", Some("gone")), shard("b", Some("a")), shard("c", None)];
        let mut positions = HashMap::new();
        assert_eq!(readable(&shards, &positions), ["a", "c"]);
        let position = StreamPosition {
            scope: Scope::new("111122223333".parse().unwrap(), names::Region::US_EAST_1),
            mapping: "m".into(),
            shard: "a".into(),
            sequence: None,
            finished: true,
        };
        positions.insert("a".to_owned(), position);
        assert_eq!(readable(&shards, &positions), ["b", "c"]);
    }

    #[test]
    fn the_topic_is_the_table_s() {
        let stream = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2026-01-01T00:00:00.000";
        assert_eq!(topic(&stream.parse().unwrap()), "dynamodb-stream/111122223333/us-east-1/orders");
    }
}
