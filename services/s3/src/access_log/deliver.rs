//! Delivery of gathered lines as one object, as the principal `logging.s3.amazonaws.com` for the bucket.

use super::SERVICE;
use crate::state::{Bucket, KeyFormat, LogLine, Logging};
use api_s3::PutObject;
use contract::{Chain, Context, Outcome, Principal, Task, TaskHandler};
use names::{Arn, Timestamp};
use std::time::Duration;
use store::{Row, StoreError};

pub(super) const KIND: &str = "s3.log";

/// As many lines as one object gets.
const MOST_LINES: usize = 10_000;

/// Delivers.
pub(crate) struct Deliver;

#[async_trait::async_trait]
impl TaskHandler for Deliver {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn perform(&self, task: &Task, context: &Context) -> Outcome {
        match deliver(task, context).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(task = task.id, %error, "an access log cannot be read from the store; it will be tried again");
                Outcome::Again(context.clock.now().plus(Duration::from_secs(60)), None)
            }
        }
    }
}

async fn deliver(task: &Task, context: &Context) -> Result<Outcome, StoreError> {
    let name: String = task.payload()?;
    context.store.flush_appended()?;
    let (bucket, lines) = {
        let view = context.store.view();
        let lines = view.scan::<LogLine>(task.scope, (name.as_str(),)).limit(MOST_LINES).rows()?;
        (view.get::<Bucket>(task.scope, name.as_str())?, lines)
    };
    let logging = bucket.as_ref().and_then(|bucket| bucket.logging.clone());
    if let (Some(bucket), Some(logging), Some(first)) = (&bucket, logging, lines.first()) {
        let entropy = context.entropy()?;
        let mut body = String::new();
        for line in &lines {
            body.push_str(&line.line);
            body.push('\n');
        }
        let put = PutObject {
            bucket: logging.target.clone(),
            key: key(&logging, bucket, first.at, context.clock.now(), &entropy.hex(16).to_ascii_uppercase()),
            content_type: Some("text/plain".into()),
            body: Some(bytes::Bytes::from(body).into()),
            ..Default::default()
        };
        let source = Arn::bare("s3", bucket.name.as_str());
        let principal = Principal::service(SERVICE, bucket.scope.account, Some(source));
        let chain = Chain::default().through(SERVICE);
        if let Err(error) = context.caller(principal, bucket.scope, chain).call(put).await {
            if error.status >= 500 && error.status != 501 && task.attempt < 10 {
                return Ok(Outcome::Again(context.clock.now().plus(Duration::from_secs(30)), None));
            }
            // As on AWS, nobody is told.
            tracing::info!(bucket = bucket.name, target = logging.target, %error, "the target refuses an access log; its lines are lost");
        }
    }
    let more = lines.len() == MOST_LINES;
    let scope = task.scope;
    let keys: Vec<_> = lines.iter().map(Row::key).collect();
    let effect = move |_: &contract::Call, tx: &mut store::Tx| {
        for (bucket, at, request) in &keys {
            tx.remove::<LogLine>(scope, (bucket.as_str(), *at, request.as_str()))?;
        }
        Ok(())
    };
    if more {
        return Ok(Outcome::Again(context.clock.now(), Some(Box::new(effect))));
    }
    Ok(Outcome::done_with(effect))
}

/// The name of a log object.
fn key(logging: &Logging, bucket: &Bucket, first: Timestamp, now: Timestamp, unique: &str) -> String {
    let at = if logging.format == KeyFormat::ByEventTime { first } else { now };
    let (year, month, day) = at.date();
    let second = if logging.format == KeyFormat::ByEventTime { 0 } else { at.seconds().rem_euclid(86_400) };
    let date = format!("{year}-{month:02}-{day:02}");
    let name = format!("{date}-{:02}-{:02}-{:02}-{unique}", second / 3600, second / 60 % 60, second % 60);
    let prefix = &logging.prefix;
    match logging.format {
        KeyFormat::Unsaid | KeyFormat::Simple => format!("{prefix}{name}"),
        KeyFormat::ByEventTime | KeyFormat::ByDeliveryTime => {
            let (account, region) = (bucket.scope.account, bucket.scope.region);
            format!("{prefix}{account}/{region}/{}/{year}/{month:02}/{day:02}/{name}", bucket.name)
        }
    }
}
