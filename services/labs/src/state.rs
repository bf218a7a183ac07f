//! Rows: attempts, submissions, classes. They live in the first account's scope; what students do lives in accounts of their own.

use crate::limits::ClassLimits;
use crate::report::Report;
use names::{AccountId, Region, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, Row};

/// Where the labs' rows live.
pub(crate) const SCOPE: Scope = Scope { account: AccountId::DEFAULT, region: Region::GLOBAL };

/// What an attempt is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// Its account is being prepared. One that stays so was cut off, and is closed by the next start.
    Opening,
    /// It can be worked in and graded.
    Open,
    /// It is over: its account's credentials are refused.
    Closed,
}

impl State {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// One account in which one student does one lab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) account: AccountId,
    pub(crate) lab: String,
    pub(crate) student: String,
    pub(crate) region: Region,
    pub(crate) state: State,
    pub(crate) user_name: String,
    pub(crate) started: Timestamp,
    pub(crate) closed: Option<Timestamp>,
    pub(crate) class: Option<String>,
    /// Of its submissions: how many, the best and the last.
    pub(crate) submissions: u32,
    pub(crate) best: Option<u32>,
    pub(crate) last: Option<(Timestamp, u32)>,
    pub(crate) of: u32,
}

impl Row for Attempt {
    const TABLE: &'static str = "labs.attempts";
    type Key = String;

    fn scope(&self) -> Scope {
        SCOPE
    }
    fn key(&self) -> String {
        self.account.to_string()
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        let of = (self.lab.as_str(), self.student.as_str());
        let mut entries = vec![IndexEntry::new("ever", of)];
        if self.state != State::Closed {
            entries.push(IndexEntry::new("of", of));
        }
        entries
    }
}

/// A submission with its report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Submission {
    pub(crate) account: AccountId,
    pub(crate) number: u32,
    pub(crate) at: Timestamp,
    pub(crate) points: u32,
    pub(crate) of: u32,
    /// None where it is older than the reports that are kept.
    pub(crate) report: Option<Report>,
}

impl Row for Submission {
    const TABLE: &'static str = "labs.submissions";
    type Key = (String, u64);

    fn scope(&self) -> Scope {
        SCOPE
    }
    fn key(&self) -> Self::Key {
        (self.account.to_string(), u64::from(self.number))
    }
}

/// A class that does a lab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Class {
    pub(crate) lab: String,
    pub(crate) class: String,
    pub(crate) limits: ClassLimits,
}

impl Row for Class {
    const TABLE: &'static str = "labs.classes";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        SCOPE
    }
    fn key(&self) -> Self::Key {
        (self.lab.clone(), self.class.clone())
    }
}

/// A student of a class that does a lab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Enrolment {
    pub(crate) lab: String,
    pub(crate) class: String,
    pub(crate) student: String,
    pub(crate) name: String,
    pub(crate) email: String,
    /// Its place in the roster.
    pub(crate) order: u32,
}

impl Row for Enrolment {
    const TABLE: &'static str = "labs.enrolments";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        SCOPE
    }
    fn key(&self) -> Self::Key {
        (self.lab.clone(), self.class.clone(), self.student.clone())
    }
}
