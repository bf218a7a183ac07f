//! Log files: compressed JSON, one for each region of a delivery.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html>

use super::send::{Failed, PRINCIPAL, caller, open_stream, publish, put_object};
use crate::event;
use crate::state::{Delivered, Logging, Trail};
use api_logs::InputLogEvent;
use bytes::Bytes;
use contract::{Caller, Chain, Context};
use flate2::Compression;
use flate2::write::GzEncoder;
use names::{Region, Timestamp};
use pipeline::CallRecord;
use std::collections::BTreeMap;
use std::io::Write;
use store::StoreError;
use wire::{Document, document};

/// What CloudWatch Logs takes at once, and 26 bytes that it counts for each event.
const LOG_BATCH: usize = 1_000_000;
const LOG_EVENTS: usize = 5000;
const LOG_EVENT: usize = 250_000;
const LOG_OVERHEAD: usize = 26;

/// Where deliveries go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum To {
    Bucket,
    Topic,
    Logs,
}

impl To {
    pub(super) fn of(self, logging: &mut Logging) -> &mut Delivered {
        match self {
            Self::Bucket => &mut logging.files,
            Self::Topic => &mut logging.notifications,
            Self::Logs => &mut logging.logs,
        }
    }
}

/// Delivers records, and tells how that went. False where the bucket could not be written to: then they are delivered again.
pub(super) async fn deliver(
    trail: &Trail,
    records: &[CallRecord],
    now: Timestamp,
    context: &Context,
    results: &mut BTreeMap<To, Result<(), String>>,
) -> bool {
    let service = caller(trail, context, Chain::default().through(PRINCIPAL));
    let mut regions: BTreeMap<Region, Vec<Document>> = BTreeMap::new();
    for record in records {
        regions.entry(event::region(record)).or_default().push(event::document(record));
    }
    for (region, told) in regions {
        let key = match file(trail, region, told, now, context) {
            Ok((key, body)) => match put_object(trail, &service, &key, body).await {
                Ok(()) => key,
                Err(error) => {
                    results.insert(To::Bucket, Err(error.code));
                    return false;
                }
            },
            Err(error) => {
                tracing::error!(%error, trail = %trail.arn(), "a log file cannot be made");
                results.insert(To::Bucket, Err("InternalFailure".into()));
                return false;
            }
        };
        results.insert(To::Bucket, Ok(()));
        if trail.topic.is_some() {
            let message = document!({ "s3Bucket": (trail.bucket.as_str()), "s3ObjectKey": [(key.as_str())] });
            let sent = publish(trail, &service, &message.to_string()).await;
            results.insert(To::Topic, sent.map_err(|error| error.code));
        }
    }
    if trail.log_group.is_some() {
        let sent = to_logs(trail, &service, records).await;
        results.insert(To::Logs, sent.map_err(|failed| failed.code()));
    }
    true
}

/// A file's key and content.
fn file(
    trail: &Trail,
    region: Region,
    records: Vec<Document>,
    now: Timestamp,
    context: &Context,
) -> Result<(String, Bytes), StoreError> {
    let account = trail.scope.account;
    let (year, month, day) = now.date();
    // `20261121T093000Z` without its seconds.
    let compact = now.compact();
    let minute = compact.get(..13).unwrap_or(&compact);
    let unique = context.entropy()?.alphanumeric(16);
    let key = format!(
        "{}CloudTrail/{region}/{year:04}/{month:02}/{day:02}/{account}_CloudTrail_{region}_{minute}Z_{unique}.json.gz",
        trail.root()
    );
    let content = Document::object().with("Records", Document::Array(records));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(content.to_string().as_bytes()).and_then(|()| encoder.finish());
    let body = written
        .map_err(|error| StoreError::Backend(format!("a log file cannot be compressed: {error}").into()))?;
    Ok((key, Bytes::from(body)))
}

async fn to_logs(trail: &Trail, service: &Caller, records: &[CallRecord]) -> Result<(), Failed> {
    let stream = open_stream(trail, service).await?;
    let mut events: Vec<InputLogEvent> = records
        .iter()
        .map(|record| InputLogEvent {
            timestamp: record.at.millis(),
            message: event::document(record).to_string(),
        })
        // As on AWS, what is longer than CloudWatch Logs takes is not sent there.
        .filter(|event| event.message.len() <= LOG_EVENT)
        .collect();
    events.sort_by_key(|event| event.timestamp);
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for event in events {
        let size = event.message.len() + LOG_OVERHEAD;
        if bytes + size > LOG_BATCH || batch.len() == LOG_EVENTS {
            stream.put(std::mem::take(&mut batch)).await?;
            bytes = 0;
        }
        bytes += size;
        batch.push(event);
    }
    if batch.is_empty() { Ok(()) } else { stream.put(batch).await }
}
