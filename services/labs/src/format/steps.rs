//! Steps of solutions, and the mistakes that are made in them.

use super::assertions::{assertions, known};
use super::error::LabError;
use super::fields::{Fields, text, whole};
use super::lab::{LONGEST_WAIT, Scope, identifier, source};
use super::model::{Does, Mistake, Step, Task};
use super::readings::{expression, template};
use super::yaml::Node;
use std::collections::{BTreeMap, BTreeSet};
use wire::Document;

const STEP: &[&str] = &[
    "id",
    "upload",
    "call",
    "with",
    "save",
    "tolerates",
    "wait",
    "read",
    "take",
    "page",
    "object",
    "value",
    "until",
    "within",
    "pages",
    "each",
];

pub(super) fn steps(
    nodes: &[Node],
    scope: &mut Scope,
    ids: &mut BTreeSet<String>,
) -> Result<Vec<Step>, LabError> {
    let mut steps = Vec::new();
    for node in nodes {
        let fields = Fields::of(node, "a step", STEP)?;
        let id = identifier(&fields, ids)?;
        let tolerates =
            fields.list("tolerates")?.iter().map(|node| text(node, "tolerates")).collect::<Result<_, _>>()?;
        let does = if fields.has("until") {
            let until = assertions(fields.need("until")?, scope)?;
            let within = fields.maybe_whole("within", LONGEST_WAIT)?.unwrap_or(60);
            Does::Wait { reading: source(&fields, scope)?, until, within }
        } else if let Some(node) = fields.get("upload") {
            let upload = Fields::of(node, "upload", &["bucket", "key", "body"])?;
            for name in ["bucket", "key", "body"] {
                upload.need(name)?;
            }
            Does::Upload(template(node, scope)?)
        } else {
            let (service, operation) = known(&fields.text("call")?, fields.line)?;
            let with = fields.get("with").map(|node| template(node, scope)).transpose()?;
            let mut save = Vec::new();
            for (name, line, node) in fields.members("save")? {
                save.push((name.to_owned(), expression(node, scope)?));
                scope.define(name, line)?;
            }
            Does::Call { service, operation, with: with.unwrap_or_else(Document::object), save }
        };
        steps.push(Step { id, line: node.line, does, tolerates });
    }
    Ok(steps)
}

pub(super) fn mistakes(
    fields: &Fields<'_>,
    scope: &Scope,
    solution: &BTreeSet<String>,
    tasks: &[Task],
) -> Result<Vec<Mistake>, LabError> {
    let mut ids = BTreeSet::new();
    let mut mistakes = Vec::new();
    for node in fields.list("mistakes")? {
        let fields = Fields::of(node, "a mistake", &["id", "says", "skip", "change", "then", "loses"])?;
        let id = identifier(&fields, &mut ids)?;
        let step = |name: &str, line: usize| {
            let missing = || LabError::at(line, format!("the solution has no step {name}"));
            solution.contains(name).then(|| name.to_owned()).ok_or_else(missing)
        };
        let mut skip = Vec::new();
        for node in fields.list("skip")? {
            skip.push(step(&text(node, "skip")?, node.line)?);
        }
        let mut change = Vec::new();
        for (name, line, node) in fields.members("change")? {
            change.push((step(name, line)?, template(node, scope)?));
        }
        let then = steps(fields.list("then")?, &mut scope.clone(), &mut solution.clone())?;
        if skip.is_empty() && change.is_empty() && then.is_empty() {
            return Err(LabError::at(
                node.line,
                format!("the mistake {id} changes nothing: skip, change or then"),
            ));
        }
        let mut loses = BTreeMap::new();
        for (path, line, node) in fields.members("loses")? {
            let points = worth(tasks, path)
                .ok_or_else(|| LabError::at(line, format!("{path} is no check; write task.check")))?;
            let lost = whole(node, path, u64::from(points))?;
            loses.insert(path.to_owned(), u32::try_from(lost).unwrap_or(points));
        }
        if loses.is_empty() {
            return Err(LabError::at(node.line, format!("the mistake {id} loses nothing; then it is none")));
        }
        mistakes.push(Mistake { id, says: fields.text("says")?, skip, change, then, loses });
    }
    Ok(mistakes)
}

fn worth(tasks: &[Task], path: &str) -> Option<u32> {
    let (task, check) = path.split_once('.')?;
    let task = tasks.iter().find(|it| it.id == task)?;
    task.checks.iter().find(|it| it.id == check).map(|check| check.points)
}
