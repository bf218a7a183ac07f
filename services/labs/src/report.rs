//! What a grading found.

use names::{AccountId, Region, Timestamp};
use serde::{Deserialize, Serialize};
use wire::{Document, document};

/// A submission's report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The lab's name.
    pub lab: String,
    /// Its title.
    pub title: String,
    /// Who submitted.
    pub student: String,
    /// The account that was read.
    pub account: AccountId,
    /// Where.
    pub region: Region,
    /// Its number; None where it was a check only.
    pub number: Option<u32>,
    /// When it was begun.
    pub at: Timestamp,
    /// How long it took.
    pub milliseconds: u64,
    /// Task by task.
    pub tasks: Vec<TaskResult>,
}

/// A task's part of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskResult {
    /// The task.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its checks.
    pub checks: Vec<CheckResult>,
}

/// A check's part of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckResult {
    /// The check.
    pub id: String,
    /// What was checked.
    pub says: String,
    /// What was earned.
    pub points: u32,
    /// What could be.
    pub of: u32,
    /// What was found, shortened.
    pub found: Option<String>,
    /// What is missing and what to do.
    pub why: Option<String>,
    /// The parts, where the check gives partial credit.
    pub parts: Vec<PartResult>,
}

/// A part of a check with points of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartResult {
    /// What was checked.
    pub says: String,
    /// What it is worth.
    pub of: u32,
    /// Whether it was earned.
    pub passed: bool,
    /// What was found, shortened.
    pub found: Option<String>,
    /// What is missing and what to do.
    pub why: Option<String>,
}

impl Report {
    /// What was earned.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.tasks.iter().map(TaskResult::points).sum()
    }

    /// What could be.
    #[must_use]
    pub fn of(&self) -> u32 {
        self.tasks.iter().map(TaskResult::of).sum()
    }

    /// As the API tells it.
    #[must_use]
    pub fn document(&self) -> Document {
        #[expect(clippy::cast_precision_loss, reason = "a grading takes no centuries")]
        let seconds = self.milliseconds as f64 / 1000.0;
        let tasks: Vec<Document> = self.tasks.iter().map(TaskResult::document).collect();
        document!({
            "lab": (self.lab.as_str()),
            "title": (self.title.as_str()),
            "student": (self.student.as_str()),
            "account": (self.account.as_str()),
            "region": (self.region.as_str()),
            "number": (self.number),
            "at": (self.at.iso_millis()),
            "points": (self.points()),
            "of": (self.of()),
            "seconds": seconds,
            "tasks": tasks,
        })
    }
}

impl TaskResult {
    /// What was earned.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.checks.iter().map(|check| check.points).sum()
    }

    /// What could be.
    #[must_use]
    pub fn of(&self) -> u32 {
        self.checks.iter().map(|check| check.of).sum()
    }

    fn document(&self) -> Document {
        let checks: Vec<Document> = self.checks.iter().map(CheckResult::document).collect();
        document!({
            "id": (self.id.as_str()),
            "title": (self.title.as_str()),
            "points": (self.points()),
            "of": (self.of()),
            "checks": checks,
        })
    }
}

impl CheckResult {
    /// `earned`, `partly` or `missed`.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match self.points {
            0 => "missed",
            points if points == self.of => "earned",
            _ => "partly",
        }
    }

    fn document(&self) -> Document {
        let parts: Vec<Document> = self.parts.iter().map(PartResult::document).collect();
        document!({
            "id": (self.id.as_str()),
            "says": (self.says.as_str()),
            "points": (self.points),
            "of": (self.of),
            "outcome": (self.outcome()),
            "found": (self.found.as_deref()),
            "why": (self.why.as_deref()),
            "parts": parts,
        })
    }
}

impl PartResult {
    fn document(&self) -> Document {
        document!({
            "says": (self.says.as_str()),
            "points": (if self.passed { self.of } else { 0 }),
            "of": (self.of),
            "passed": (self.passed),
            "found": (self.found.as_deref()),
            "why": (self.why.as_deref()),
        })
    }
}
