//! A log stream of an environment, written as the function's role: what the role may not write does not appear, as on AWS.

use super::engine::Work;
use crate::state::Logging;
use api_logs::{CreateLogGroup, CreateLogStream, InputLogEvent, PutLogEvents};
use clock::Entropy;
use contract::{Caller, Chain};
use names::Timestamp;
use wire::ErrorResponse;

/// What one PutLogEvents takes.
const MOST_EVENTS: usize = 10_000;
const MOST_BYTES: usize = 1_048_576;
const OVERHEAD: usize = 26;
/// The largest entry, in bytes; what is longer is cut.
const LONGEST: usize = 256 * 1024 - OVERHEAD;

/// A stream; made with its first entries.
pub(crate) struct LogStream {
    caller: Caller,
    group: String,
    name: String,
    made: bool,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) text: String,
}

impl LogStream {
    /// `YYYY/MM/DD/[version]hex` in the function's own group; in a group that functions may share, the function's name goes before.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html>
    pub(crate) fn new(caller: Caller, work: &Work, now: Timestamp, entropy: &Entropy) -> Self {
        let (year, month, day) = now.date();
        let (function, version) = (work.function.name.as_str(), work.version.as_str());
        let group = work.configuration.logging.group.clone();
        let shared = if group == Logging::usual(function).group { "" } else { function };
        let name = format!("{year:04}/{month:02}/{day:02}/{shared}[{version}]{}", entropy.hex(32));
        Self { caller, group, name, made: false }
    }

    /// The stream's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Writes entries in order. What cannot be written is lost, as on AWS. They come after the calls that led to the invocation, so that a function
    /// that subscribes to its own log does not run for ever.
    pub(crate) async fn write(&mut self, entries: Vec<Entry>, chain: &Chain) {
        self.caller = self.caller.after(chain.clone());
        for batch in batches(entries) {
            if let Err(error) = self.put(batch).await {
                tracing::debug!(%error, group = self.group, "a function's log cannot be written with its role");
                return;
            }
        }
    }

    async fn put(&mut self, events: Vec<InputLogEvent>) -> Result<(), ErrorResponse> {
        if !self.made {
            self.make().await?;
        }
        let input = PutLogEvents {
            log_group_name: self.group.clone(),
            log_stream_name: self.name.clone(),
            log_events: events,
            ..PutLogEvents::default()
        };
        match self.caller.call(input.clone()).await {
            // Somebody has deleted the group or stream since.
            Err(error) if error.code.contains("ResourceNotFound") => {
                self.make().await?;
                self.caller.call(input).await.map(drop)
            }
            other => other.map(drop),
        }
    }

    async fn make(&mut self) -> Result<(), ErrorResponse> {
        let stream =
            || CreateLogStream { log_group_name: self.group.clone(), log_stream_name: self.name.clone() };
        let made = match self.caller.call(stream()).await {
            Err(error) if error.code.contains("ResourceNotFound") => {
                let group =
                    CreateLogGroup { log_group_name: self.group.clone(), ..CreateLogGroup::default() };
                exists(self.caller.call(group).await.map(drop))?;
                self.caller.call(stream()).await.map(drop)
            }
            other => other.map(drop),
        };
        exists(made)?;
        self.made = true;
        Ok(())
    }
}

/// What is there already is as good as made.
fn exists(made: Result<(), ErrorResponse>) -> Result<(), ErrorResponse> {
    match made {
        Err(error) if error.code.contains("AlreadyExists") => Ok(()),
        other => other,
    }
}

fn batches(entries: Vec<Entry>) -> Vec<Vec<InputLogEvent>> {
    let mut batches = vec![Vec::new()];
    let mut bytes = 0;
    for Entry { at, mut text } in entries {
        if text.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
        }
        let size = text.len() + OVERHEAD;
        let full = batches.last().is_some_and(|batch: &Vec<InputLogEvent>| batch.len() >= MOST_EVENTS);
        if full || bytes + size > MOST_BYTES {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(batch) = batches.last_mut() {
            batch.push(InputLogEvent { timestamp: at.millis(), message: text });
        }
    }
    batches.retain(|batch| !batch.is_empty());
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> Entry {
        Entry { at: Timestamp::from_millis(5), text: text.into() }
    }

    #[test]
    fn batches_stay_within_what_logs_takes() {
        let large = "é".repeat(200_000);
        let all = batches((0..9).map(|_| entry(&large)).chain([entry("\n")]).collect());
        let bytes = |batch: &Vec<InputLogEvent>| {
            batch.iter().map(|event| event.message.len() + OVERHEAD).sum::<usize>()
        };
        assert!(
            all.iter().all(|batch| bytes(batch) <= MOST_BYTES),
            "{:?}",
            all.iter().map(bytes).collect::<Vec<_>>()
        );
        assert_eq!(all.iter().map(Vec::len).sum::<usize>(), 10);
        assert_eq!(all.last().unwrap().last().unwrap().message, "\n");
        assert!(all[0][0].message.len() <= LONGEST);
        assert_eq!(batches((0..10_001).map(|_| entry("x")).collect()).len(), 2);
        assert!(batches(Vec::new()).is_empty());
    }
}
