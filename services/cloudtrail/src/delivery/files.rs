//! Log files: compressed JSON, one for each region of a delivery.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html>

use super::send::{Failed, PRINCIPAL, caller, open_stream, publish, put_object};
use crate::event;
use crate::state::{Delivered, LogFile, Logging, Trail};
use api_logs::InputLogEvent;
use bytes::Bytes;
use contract::{Caller, Chain, Context};
use flate2::Compression;
use flate2::write::GzEncoder;
use names::{Region, Timestamp};
use pipeline::CallRecord;
use sha2::{Digest, Sha256};
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

/// How a delivery went.
#[derive(Default)]
pub(super) struct Report {
    pub(super) results: BTreeMap<To, Result<(), String>>,
    /// What is in the bucket now.
    pub(super) files: Vec<LogFile>,
}

/// Delivers records, and reports how that went. False where the bucket could not be written to: then they are delivered again.
pub(super) async fn deliver(
    trail: &Trail,
    records: &[CallRecord],
    now: Timestamp,
    context: &Context,
    report: &mut Report,
) -> bool {
    let service = caller(trail, context, Chain::default().through(PRINCIPAL));
    let mut regions: BTreeMap<Region, Vec<&CallRecord>> = BTreeMap::new();
    for record in records {
        regions.entry(event::region(record)).or_default().push(record);
    }
    for (region, told) in regions {
        let (file, body) = match file(trail, region, &told, now, context) {
            Ok(made) => made,
            Err(error) => {
                tracing::error!(%error, trail = %trail.arn(), "a log file cannot be made");
                report.results.insert(To::Bucket, Err("InternalFailure".into()));
                return false;
            }
        };
        if let Err(error) = put_object(trail, &service, &file.object, body).await {
            report.results.insert(To::Bucket, Err(error.code));
            return false;
        }
        report.results.insert(To::Bucket, Ok(()));
        if trail.topic.is_some() {
            let message =
                document!({ "s3Bucket": (trail.bucket.as_str()), "s3ObjectKey": [(file.object.as_str())] });
            let sent = publish(trail, &service, &message.to_string()).await;
            report.results.insert(To::Topic, sent.map_err(|error| error.code));
        }
        report.files.push(file);
    }
    if trail.log_group.is_some() {
        let sent = to_logs(trail, &service, records).await;
        report.results.insert(To::Logs, sent.map_err(|failed| failed.code()));
    }
    true
}

/// A file and its content.
fn file(
    trail: &Trail,
    region: Region,
    records: &[&CallRecord],
    now: Timestamp,
    context: &Context,
) -> Result<(LogFile, Bytes), StoreError> {
    let account = trail.scope.account;
    let (year, month, day) = now.date();
    // `20261121T093000Z` without its seconds.
    let compact = now.compact();
    let minute = compact.get(..13).unwrap_or(&compact);
    let unique = context.entropy()?.alphanumeric(16);
    let object = format!(
        "{}CloudTrail/{region}/{year:04}/{month:02}/{day:02}/{account}_CloudTrail_{region}_{minute}Z_{unique}.json.gz",
        trail.root()
    );
    let told = records.iter().map(|record| event::document(record)).collect();
    let content = Document::object().with("Records", Document::Array(told)).to_string();
    let file = LogFile {
        scope: trail.scope,
        trail: trail.name.clone(),
        region,
        bucket: trail.bucket.clone(),
        object,
        hash: hex::encode(Sha256::digest(content.as_bytes())),
        oldest: records.iter().map(|record| record.at).min().unwrap_or(now),
        newest: records.iter().map(|record| record.at).max().unwrap_or(now),
    };
    Ok((file, compressed(content.as_bytes())?))
}

/// As gzip.
pub(super) fn compressed(content: &[u8]) -> Result<Bytes, StoreError> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    let body = written
        .map_err(|error| StoreError::Backend(format!("a file cannot be compressed: {error}").into()))?;
    Ok(Bytes::from(body))
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
