//! What a lab is, once its files are read.

use crate::expression::Expression;
use names::Region;
use std::collections::BTreeMap;
use wire::Document;

/// A lab.
#[derive(Debug, Clone)]
pub struct Lab {
    /// Its name, that of its folder.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it teaches, in a sentence or two.
    pub summary: String,
    /// Such as `intermediate`.
    pub level: String,
    /// How long it takes.
    pub minutes: u32,
    /// Where its checks look.
    pub region: Region,
    /// The guide, Markdown.
    pub guide: String,
    /// What is offered for download.
    pub files: Vec<LabFile>,
    /// It came with the program.
    pub built_in: bool,
    /// Its graded tasks.
    pub tasks: Vec<Task>,
    pub(crate) access: StudentAccess,
    pub(crate) constants: BTreeMap<String, Document>,
    /// In the order in which they are written: each may refer to those before it.
    pub(crate) readings: Vec<(String, Reading)>,
    pub(crate) details: Vec<Detail>,
    pub(crate) start: Vec<Step>,
    pub(crate) solution: Vec<Step>,
    pub(crate) mistakes: Vec<Mistake>,
    /// All files of the folder that lab.yaml names, by name.
    pub(crate) folder: BTreeMap<String, String>,
}

/// A file that is offered for download.
#[derive(Debug, Clone)]
pub struct LabFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub says: String,
    /// Its content.
    pub text: String,
}

/// What a lab's user may do.
#[derive(Debug, Clone)]
pub struct StudentAccess {
    /// The user's name.
    pub user_name: String,
    /// ARNs of managed policies.
    pub managed: Vec<String>,
    /// A policy of its own.
    pub inline: Option<Document>,
}

/// A graded task.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its checks.
    pub checks: Vec<Check>,
}

/// A check: a reading, and what is expected of it.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its id, one among the task's.
    pub id: String,
    /// What is checked, as a statement that holds where it is passed.
    pub says: String,
    /// What it is worth.
    pub points: u32,
    pub(crate) reading: Source,
    pub(crate) expect: Vec<Assertion>,
    pub(crate) otherwise: Option<String>,
    pub(crate) settles: Option<Settles>,
}

/// Where a check's value comes from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A reading of the lab's, by name.
    Named(String),
    /// One of its own.
    Own(Box<Reading>),
}

/// Something that is read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) from: From,
    pub(crate) each: Option<Document>,
    pub(crate) take: Option<Expression>,
    pub(crate) otherwise: Option<String>,
    /// What to say for an error's code, or what the value is then.
    pub(crate) errors: BTreeMap<String, OnError>,
}

#[derive(Debug, Clone)]
pub(crate) enum OnError {
    Say(String),
    Value(Document),
}

#[derive(Debug, Clone)]
pub(crate) enum From {
    /// An operation of an AWS API.
    Call { service: String, operation: String, with: Document, pages: Option<Pages> },
    /// A page beside the APIs, such as the mailbox.
    Page { path: String, query: Document },
    /// An object's content.
    Object { bucket: Document, key: Document },
    /// A value made of others.
    Value(Document),
}

/// How a list that comes in pages is read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Pages {
    /// The member of the output that holds the list.
    pub(crate) list: String,
    /// The members that hold the token: of the output, and of the input.
    pub(crate) token: (String, String),
    pub(crate) most: usize,
}

/// What is expected of a value.
#[derive(Debug, Clone)]
pub(crate) struct Assertion {
    pub(crate) says: Option<String>,
    pub(crate) points: Option<u32>,
    pub(crate) otherwise: Option<String>,
    pub(crate) rule: Rule,
}

#[derive(Debug, Clone)]
pub(crate) enum Rule {
    All(Vec<Assertion>),
    Any(Vec<Assertion>),
    Not(Box<Assertion>),
    Compare { find: Expression, comparison: Comparison },
}

#[derive(Debug, Clone)]
pub(crate) enum Comparison {
    Equals(Document),
    In(Document),
    Contains(Document),
    ContainsAll(Document),
    Set(Document),
    Count {
        at_least: Option<u64>,
        at_most: Option<u64>,
    },
    AtLeast(Document),
    AtMost(Document),
    Matches(Document),
    Exists(bool),
    /// Predicates over a list's elements: there are elements, one after another, of which they hold.
    InOrder(Vec<Expression>),
}

/// State that settles by itself.
#[derive(Debug, Clone)]
pub(crate) struct Settles {
    pub(crate) within: u64,
    /// Seconds without a change in the account after which it has settled.
    pub(crate) quiet: u64,
    /// It is waited only as long as these hold; none: until the check is passed or time is up.
    pub(crate) while_: Vec<Assertion>,
}

/// A name and its value, for the details panel.
#[derive(Debug, Clone)]
pub(crate) struct Detail {
    pub(crate) name: String,
    pub(crate) value: Document,
    pub(crate) says: Option<String>,
}

/// A step of a solution.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) line: usize,
    pub(crate) does: Does,
    /// Codes of errors that do not matter.
    pub(crate) tolerates: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Does {
    Call {
        service: String,
        operation: String,
        with: Document,
        save: Vec<(String, Expression)>,
    },
    /// Over the network, as students do.
    Upload(Document),
    Wait {
        reading: Source,
        until: Vec<Assertion>,
        within: u64,
    },
}

/// A mistake that a student can make, and what it costs.
#[derive(Debug, Clone)]
pub(crate) struct Mistake {
    pub(crate) id: String,
    pub(crate) says: String,
    pub(crate) skip: Vec<String>,
    /// Step to the members of its input that are replaced; null takes a member out.
    pub(crate) change: Vec<(String, Document)>,
    /// Steps after the last of the solution's.
    pub(crate) then: Vec<Step>,
    /// `task.check` to points.
    pub(crate) loses: BTreeMap<String, u32>,
}

impl Lab {
    /// The points of all tasks.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.tasks.iter().map(Task::points).sum()
    }

    /// All files, for `${files."name"}` in solutions.
    pub(crate) fn all_files(&self) -> Document {
        self.folder.iter().map(|(name, text)| (name.clone(), text.as_str())).collect()
    }

    /// A file that is offered for download.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&LabFile> {
        self.files.iter().find(|file| file.name == name)
    }
}

impl Task {
    /// The points of its checks.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.checks.iter().map(|check| check.points).sum()
    }
}
