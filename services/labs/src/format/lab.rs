//! lab.yaml to a [`Lab`].

use super::assertions::assertions;
use super::error::LabError;
use super::fields::{Fields, text, whole};
use super::model::{Check, Detail, Does, Lab, LabFile, Settles, Source, StudentAccess, Task};
use super::readings::{READING, reading, template};
use super::steps::{mistakes, steps};
use super::yaml::{self, Node};
use crate::naming::is_name;
use std::collections::{BTreeMap, BTreeSet};
use wire::Document;

/// What every `${…}` may name.
const ALWAYS: &[&str] = &["account", "region", "student", "lab", "endpoint", "files"];
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
/// The longest that a state is waited for, in seconds.
pub(super) const LONGEST_WAIT: u64 = 120;
/// An account in which nothing has changed for so many seconds has settled, unless a check says otherwise.
const QUIET: u64 = 4;
const MOST_TASKS: usize = 50;

/// The files of a lab's folder by name: all that lab.yaml and the guide refer to.
pub(crate) type Files = BTreeMap<String, String>;

/// The files that lab.yaml asks for, beside itself.
pub(crate) fn wanted(lab_yaml: &str) -> Result<Vec<String>, LabError> {
    let root = yaml::parse(lab_yaml)?;
    let fields = Fields::of(&root, "the lab", LAB)?;
    let mut wanted = vec![fields.maybe_text("guide")?.unwrap_or_else(|| "guide.md".into())];
    wanted.extend(fields.members("files")?.into_iter().map(|(name, ..)| name.to_owned()));
    for node in fields.list("solution_files")? {
        wanted.push(text(node, "solution_files")?);
    }
    Ok(wanted)
}

const LAB: &[&str] = &[
    "lab",
    "title",
    "summary",
    "level",
    "minutes",
    "region",
    "guide",
    "files",
    "solution_files",
    "student",
    "constants",
    "readings",
    "details",
    "start",
    "tasks",
    "solution",
    "mistakes",
];

/// Reads a lab: `name` is its folder's, `files` has lab.yaml and what it asks for.
pub(crate) fn read(name: &str, files: &Files, built_in: bool) -> Result<Lab, LabError> {
    let yaml = files.get("lab.yaml").ok_or_else(|| LabError::at(0, "there is no lab.yaml").of(name))?;
    let lab = lab(name, yaml, files, built_in);
    lab.map_err(|error| error.of(&format!("{name}/lab.yaml")))
}

fn lab(name: &str, yaml: &str, files: &Files, built_in: bool) -> Result<Lab, LabError> {
    let root = yaml::parse(yaml)?;
    let fields = Fields::of(&root, "the lab", LAB)?;
    let own = fields.text("lab")?;
    if own != name || !is_name(name) {
        let message = format!(
            "lab is {own:?}, and the folder {name:?}: they must be the same, in lower-case letters, digits and hyphens"
        );
        return Err(LabError::at(fields.need("lab")?.line, message));
    }
    let region = fields.maybe_text("region")?.unwrap_or_else(|| "us-east-1".into());
    let region = region.parse().map_err(|_| LabError::at(fields.line, format!("{region:?} is no region")))?;
    let guide = fields.maybe_text("guide")?.unwrap_or_else(|| "guide.md".into());
    let file = |name: &str, line: usize| {
        let missing = || LabError::at(line, format!("{name} is not in the lab's folder"));
        files.get(name).cloned().ok_or_else(missing)
    };
    let mut scope = Scope::default();
    for (name, line, node) in fields.members("constants")? {
        scope.define(name, line)?;
        scope.constants.insert(name.to_owned(), node.document());
    }
    let mut readings = Vec::new();
    for (name, line, node) in fields.members("readings")? {
        let reading = reading(&Fields::of(node, &format!("the reading {name}"), READING)?, &scope)?;
        scope.define(name, line)?;
        readings.push((name.to_owned(), reading));
    }
    let tasks = tasks(&fields, &scope)?;
    let mut offered = Vec::new();
    for (name, line, node) in fields.members("files")? {
        let says = text(node, name)?;
        offered.push(LabFile { name: name.to_owned(), says, text: file(name, line)? });
    }
    for node in fields.list("solution_files")? {
        file(&text(node, "solution_files")?, node.line)?;
    }
    let details = details(&fields, &scope)?;
    let mut stepping = scope.clone();
    let start = steps(fields.list("start")?, &mut stepping, &mut BTreeSet::new())?;
    if let Some(step) = start.iter().find(|step| matches!(step.does, Does::Upload(_))) {
        let message =
            "what a lab starts with is made without an access key; put objects by call: s3:PutObject";
        return Err(LabError::at(step.line, message));
    }
    let mut stepping = scope.clone();
    let mut ids = BTreeSet::new();
    let solution = steps(fields.list("solution")?, &mut stepping, &mut ids)?;
    let mistakes = mistakes(&fields, &stepping, &ids, &tasks)?;
    Ok(Lab {
        name: name.to_owned(),
        title: fields.text("title")?,
        summary: fields.text("summary")?,
        level: fields.maybe_text("level")?.unwrap_or_default(),
        minutes: fields.maybe_whole("minutes", 10_000)?.and_then(|it| u32::try_from(it).ok()).unwrap_or(60),
        region,
        guide: file(&guide, fields.line)?,
        files: offered,
        built_in,
        tasks,
        access: access(&fields)?,
        constants: scope.constants,
        readings,
        details,
        start,
        solution,
        mistakes,
        folder: files.clone(),
    })
}

/// The names that `${…}` may begin with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) constants: BTreeMap<String, Document>,
    names: BTreeSet<String>,
}

impl Scope {
    pub(super) fn define(&mut self, name: &str, line: usize) -> Result<(), LabError> {
        let grammar = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !grammar || ALWAYS.contains(&name) || name == "item" {
            let message = format!(
                "{name:?} cannot be a name here: lower-case letters, digits and _; not {} or item",
                ALWAYS.join(", ")
            );
            return Err(LabError::at(line, message));
        }
        if !self.names.insert(name.to_owned()) {
            return Err(LabError::at(line, format!("{name} is defined twice")));
        }
        Ok(())
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        ALWAYS.contains(&name) || self.names.contains(name)
    }

    pub(crate) fn with(&self, name: &str) -> Self {
        let mut scope = self.clone();
        scope.names.insert(name.to_owned());
        scope
    }

    pub(crate) fn check(&self, names: Vec<String>, line: usize) -> Result<(), LabError> {
        match names.into_iter().find(|name| !self.knows(name)) {
            None => Ok(()),
            Some(stranger) => {
                let known: Vec<&str> =
                    ALWAYS.iter().copied().chain(self.names.iter().map(String::as_str)).collect();
                let message = format!(
                    "${{{stranger}}} is not defined (before this); there are {}. A ${{ that is meant as it stands is written $${{",
                    known.join(", ")
                );
                Err(LabError::at(line, message))
            }
        }
    }
}

fn access(fields: &Fields<'_>) -> Result<StudentAccess, LabError> {
    let mut access =
        StudentAccess { user_name: "student".into(), managed: vec![ADMINISTRATOR.into()], inline: None };
    let Some(node) = fields.get("student") else { return Ok(access) };
    let student = Fields::of(node, "student", &["user", "managed", "inline"])?;
    if let Some(user) = student.maybe_text("user")? {
        access.user_name = user;
    }
    if student.has("managed") || student.has("inline") {
        access.managed =
            student.list("managed")?.iter().map(|node| text(node, "managed")).collect::<Result<_, _>>()?;
        access.inline = student.get("inline").map(Node::document);
    }
    Ok(access)
}

fn details(fields: &Fields<'_>, scope: &Scope) -> Result<Vec<Detail>, LabError> {
    let nodes = fields.list("details")?;
    let details = nodes.iter().map(|node| {
        let detail = Fields::of(node, "a detail", &["name", "value", "says"])?;
        let value = template(detail.need("value")?, scope)?;
        Ok(Detail { name: detail.text("name")?, value, says: detail.maybe_text("says")? })
    });
    details.collect()
}

fn tasks(fields: &Fields<'_>, scope: &Scope) -> Result<Vec<Task>, LabError> {
    let nodes = fields.list("tasks")?;
    if nodes.is_empty() || nodes.len() > MOST_TASKS {
        return Err(LabError::at(fields.line, format!("a lab has 1 to {MOST_TASKS} tasks")));
    }
    let mut ids = BTreeSet::new();
    let mut tasks = Vec::new();
    for node in nodes {
        let task = Fields::of(node, "a task", &["id", "title", "checks"])?;
        let id = identifier(&task, &mut ids)?;
        let mut checks = Vec::new();
        let mut own = BTreeSet::new();
        for node in task.list("checks")? {
            checks.push(check(node, scope, &mut own)?);
        }
        if checks.is_empty() {
            return Err(LabError::at(node.line, format!("the task {id} has no checks")));
        }
        tasks.push(Task { id, title: task.text("title")?, checks });
    }
    Ok(tasks)
}

pub(super) fn identifier(fields: &Fields<'_>, ids: &mut BTreeSet<String>) -> Result<String, LabError> {
    let id = fields.text("id")?;
    if !is_name(&id) {
        return Err(LabError::at(
            fields.line,
            format!("the id {id:?} must be of lower-case letters, digits and hyphens"),
        ));
    }
    if !ids.insert(id.clone()) {
        return Err(LabError::at(fields.line, format!("the id {id} is there twice")));
    }
    Ok(id)
}

/// A check's own members, beside those of a reading.
fn members_of_check() -> Vec<&'static str> {
    ["id", "says", "points", "read", "expect", "settles"].iter().chain(READING).copied().collect()
}

fn check(node: &Node, scope: &Scope, ids: &mut BTreeSet<String>) -> Result<Check, LabError> {
    let fields = Fields::of(node, "a check", &members_of_check())?;
    let id = identifier(&fields, ids)?;
    let expect = assertions(fields.need("expect")?, scope)?;
    let settles = fields.get("settles").map(|node| settles(node, scope)).transpose()?;
    let parts: Vec<u32> = expect.iter().filter_map(|assertion| assertion.points).collect();
    if !parts.is_empty() && parts.len() != expect.len() {
        return Err(LabError::at(
            node.line,
            format!("of the check {id}, either every part has points or none has"),
        ));
    }
    let points = fields.maybe_whole("points", 1000)?.and_then(|it| u32::try_from(it).ok());
    let sum = (!parts.is_empty()).then(|| parts.iter().sum::<u32>());
    let points = match (points, sum) {
        (Some(points), Some(sum)) if points != sum => {
            return Err(LabError::at(
                node.line,
                format!("the check {id} has {points} points, its parts {sum}"),
            ));
        }
        (Some(points), _) | (None, Some(points)) if points > 0 => points,
        _ => return Err(LabError::at(node.line, format!("the check {id} needs points, at least 1"))),
    };
    Ok(Check {
        id,
        says: fields.text("says")?,
        points,
        reading: source(&fields, scope)?,
        expect,
        otherwise: fields.maybe_text("otherwise")?,
        settles,
    })
}

pub(super) fn source(fields: &Fields<'_>, scope: &Scope) -> Result<Source, LabError> {
    match fields.maybe_text("read")? {
        None => Ok(Source::Own(Box::new(reading(fields, scope)?))),
        Some(name) => {
            scope.check(vec![name.clone()], fields.line)?;
            if ["call", "page", "object", "value"].iter().any(|own| fields.has(own)) {
                return Err(LabError::at(fields.line, "read names a reading; it stands alone"));
            }
            Ok(Source::Named(name))
        }
    }
}

fn settles(node: &Node, scope: &Scope) -> Result<Settles, LabError> {
    let fields = Fields::of(node, "settles", &["within", "quiet", "while"])?;
    let while_ = fields.get("while").map(|node| assertions(node, scope)).transpose()?.unwrap_or_default();
    let quiet = fields.maybe_whole("quiet", LONGEST_WAIT)?.unwrap_or(QUIET);
    Ok(Settles { within: whole(fields.need("within")?, "within", LONGEST_WAIT)?, quiet, while_ })
}
