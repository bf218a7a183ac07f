//! The lines that Lambda itself writes: START, END, REPORT, or their JSON form.

use super::log_stream::Entry;
use crate::state::Configuration;
use names::Timestamp;
use sandbox::Outcome;
use std::time::Duration;
use wire::{Document, document};

/// What the lines tell of an invocation.
pub(crate) struct Account<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) version: &'a str,
    pub(crate) configuration: &'a Configuration,
    pub(crate) runtime_version_arn: &'a str,
    /// When it began.
    pub(crate) began: Timestamp,
    pub(crate) outcome: &'a Outcome,
}

impl Account<'_> {
    fn is_json(&self) -> bool {
        self.configuration.logging.format == "JSON"
    }

    fn status(&self) -> &'static str {
        match self.outcome.result.error_type() {
            None => "success",
            Some("Sandbox.Timedout") => "timeout",
            Some(_) => "error",
        }
    }

    /// Errors of the platform, which REPORT names; those of the function's own code it does not.
    fn platform_error(&self) -> Option<&str> {
        self.outcome
            .result
            .error_type()
            .filter(|kind| kind.starts_with("Runtime.") || *kind == "Sandbox.Timedout")
    }

    fn ended(&self) -> Timestamp {
        self.began.plus(self.outcome.duration)
    }

    /// Which of the platform's lines are shown. As text all are; as JSON the system log level decides: `DEBUG` shows all, `INFO` (the usual)
    /// not the initialization's, `WARN` only the report of a failure.
    fn shows(&self, kind: &str) -> bool {
        match self.configuration.logging.system_level.as_deref() {
            _ if !self.is_json() => true,
            Some("DEBUG") => true,
            Some("WARN") => kind == "report" && self.outcome.result.error_type().is_some(),
            _ => kind != "initStart",
        }
    }

    /// The log of the invocation, in order.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        if let Some(init) = self.outcome.init_duration
            && self.shows("initStart")
        {
            entries.push(self.initialization(self.began.minus(init)));
        }
        // Initialization prints before START.
        let printed = |line: &sandbox::LogLine| Entry {
            at: self.began.plus(line.offset),
            text: as_printed(&line.text),
        };
        let mut lines = self.outcome.logs.lines.iter().peekable();
        if self.outcome.init_duration.is_some() {
            while let Some(line) = lines.next_if(|line| line.offset.is_zero()) {
                entries.push(Entry { at: self.began, ..printed(line) });
            }
        }
        if self.shows("start") {
            entries.push(self.start());
        }
        entries.extend(lines.map(printed));
        if self.outcome.logs.dropped > 0 {
            let text =
                format!("{} more bytes were printed, which are not kept.\n", self.outcome.logs.dropped);
            entries.push(Entry { at: self.ended(), text });
        }
        if self.shows("report") {
            entries.extend(self.end());
        }
        entries
    }

    fn initialization(&self, at: Timestamp) -> Entry {
        let (runtime, arn) = (&self.configuration.runtime, self.runtime_version_arn);
        let version = format!(
            "{}.v1",
            runtime.replacen("python", "python:", 1).replacen("nodejs", "nodejs:", 1).replace(".x", "")
        );
        let text = if self.is_json() {
            let record = document!({
                "initializationType": "on-demand",
                "phase": "init",
                "runtimeVersion": (version),
                "runtimeVersionArn": arn,
            });
            event(at, "platform.initStart", record)
        } else {
            format!("INIT_START Runtime Version: {version}\tRuntime Version ARN: {arn}\n")
        };
        Entry { at, text }
    }

    fn start(&self) -> Entry {
        let (id, version) = (self.request_id, self.version);
        let text = if self.is_json() {
            event(self.began, "platform.start", document!({ "requestId": id, "version": version }))
        } else {
            format!("START RequestId: {id} Version: {version}\n")
        };
        Entry { at: self.began, text }
    }

    fn end(&self) -> Vec<Entry> {
        let at = self.ended();
        if self.is_json() {
            return vec![Entry { at, text: event(at, "platform.report", self.report_record()) }];
        }
        let id = self.request_id;
        let own = [format!("END RequestId: {id}\n"), self.report()].into_iter();
        own.chain(self.outcome.platform_line.clone()).map(|text| Entry { at, text }).collect()
    }

    /// Whole milliseconds, initialization included: since August 2025 AWS bills it.
    fn billed(&self) -> u64 {
        let all = self.outcome.duration + self.outcome.init_duration.unwrap_or_default();
        u64::try_from(all.as_micros().div_ceil(1000)).unwrap_or(u64::MAX).max(1)
    }

    /// The REPORT line.
    pub(crate) fn report(&self) -> String {
        let memory = u32::try_from(self.configuration.memory).unwrap_or(0);
        let used = self.outcome.max_memory_used_mb.min(memory);
        let mut report = format!(
            "REPORT RequestId: {}\tDuration: {} ms\tBilled Duration: {} ms\tMemory Size: {memory} MB\tMax Memory Used: {used} MB\t",
            self.request_id,
            milliseconds(self.outcome.duration),
            self.billed(),
        );
        if let Some(init) = self.outcome.init_duration {
            report.push_str(&format!("Init Duration: {} ms\t", milliseconds(init)));
        }
        match self.platform_error() {
            Some("Sandbox.Timedout") => report.push_str("Status: timeout"),
            Some(kind) => report.push_str(&format!("Status: error\tError Type: {kind}")),
            None => {}
        }
        report.push('\n');
        report
    }

    fn report_record(&self) -> Document {
        let number = |duration: Duration| (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0;
        let mut metrics = document!({
            "durationMs": (number(self.outcome.duration)),
            "billedDurationMs": (i64::try_from(self.billed()).unwrap_or(i64::MAX)),
            "memorySizeMB": (self.configuration.memory),
            "maxMemoryUsedMB": (self.outcome.max_memory_used_mb),
        });
        if let Some(init) = self.outcome.init_duration {
            metrics.set("initDurationMs", number(init));
        }
        let mut record = document!({
            "requestId": (self.request_id),
            "metrics": (metrics),
            "status": (self.status()),
        });
        if let Some(kind) = self.outcome.result.error_type() {
            record.set("errorType", kind);
        }
        record
    }
}

/// A printed line is an event with its newline, as in CloudWatch Logs; a record of several lines (a traceback) has none at its end.
fn as_printed(text: &str) -> String {
    if text.contains('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1000.0)
}

fn event(at: Timestamp, kind: &str, record: Document) -> String {
    document!({ "time": (at.iso_millis()), "type": kind, "record": (record) }).to_string()
}
