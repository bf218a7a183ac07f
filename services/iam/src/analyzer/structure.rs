//! A document's elements, read leniently.

use super::Kind;
use super::finding::Report;
use super::place::{Place, Positions};
use policy::{Effect, Member, Node, Value, read_json};
use std::collections::HashMap;

/// What could be read.
pub(super) struct Document {
    /// Of Version 2012-10-17, which has variables.
    pub(super) has_variables: bool,
    pub(super) statements: Vec<Statement>,
}

/// A statement.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) place: Option<Place>,
    pub(super) effect: Option<Effect>,
    pub(super) actions: Texts,
    pub(super) resources: Texts,
    /// Type (`AWS`) with its values; a bare `*` has none.
    pub(super) principals: Vec<(String, Texts)>,
    pub(super) everybody: bool,
    pub(super) conditions: Vec<Condition>,
    /// All but the Sid, in a form that is the same where the meaning is.
    pub(super) essence: String,
}

/// An element of texts.
#[derive(Default)]
pub(super) struct Texts {
    /// `NotAction`, `NotResource`.
    pub(super) negated: bool,
    /// The element itself; None where it is missing.
    pub(super) place: Option<Place>,
    pub(super) items: Vec<(String, Place)>,
}

/// One key under one operator.
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) operator_place: Place,
    pub(super) key: String,
    pub(super) key_place: Place,
    pub(super) place: Place,
    pub(super) values: Vec<(Scalar, Place)>,
}

/// A condition's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Text(String),
    Number(String),
    Bool(bool),
}

impl Scalar {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) => text.clone(),
            Self::Bool(truth) => truth.to_string(),
        }
    }
}

impl Statement {
    pub(super) fn place(&self) -> Place {
        self.place.clone().unwrap_or_else(|| Place::spot(0))
    }

    pub(super) fn allows(&self) -> bool {
        self.effect == Some(Effect::Allow)
    }

    pub(super) fn has_condition_key(&self, name: &str) -> bool {
        self.conditions.iter().any(|condition| condition.key.eq_ignore_ascii_case(name))
    }
}

/// Reads a document and reports what is wrong with its elements; None where it is no JSON object.
pub(super) fn read(text: &str, report: &mut Report) -> Option<Document> {
    let root = match read_json(text) {
        Ok(root) => root,
        Err(error) => {
            let at = Positions::of(text).at(error.at);
            let (index, line, column) = (at.offset, at.line, at.column);
            let details = format!("Fix the JSON syntax error at index {index} line {line} column {column}.");
            report.error("JSON_SYNTAX_ERROR", details, Place::spot(error.at));
            return None;
        }
    };
    let place = Place::root(&root);
    let Value::Object(members) = &root.value else {
        mismatch("Object", place, report);
        return None;
    };
    super::size::check(text, place.clone(), report);
    let mut document = Document { has_variables: false, statements: Vec::new() };
    let mut versioned = false;
    let mut statements = None;
    for member in members {
        match member.name.as_str() {
            "Version" => {
                versioned = true;
                document.has_variables = version(member, &place, report);
            }
            "Id" if matches!(member.node.value, Value::Text(_)) => {}
            "Id" => mismatch("String", place.value(member), report),
            "Statement" => statements = Some(member),
            other => report.error(
                "INVALID_POLICY_ELEMENT",
                format!("The policy element {other} is not valid."),
                place.key(member),
            ),
        }
    }
    if !versioned {
        let details =
            "We recommend that you specify the Version element to help you with debugging permission issues.";
        report.warning("MISSING_VERSION", details, place.clone());
    }
    let missing = |place, report: &mut Report| {
        report.error("MISSING_STATEMENT", "Add a statement to the policy", place)
    };
    match statements {
        None => missing(place, report),
        Some(member) => {
            let at = place.value(member);
            match &member.node.value {
                Value::List(items) if items.is_empty() => missing(at, report),
                Value::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        document.statements.extend(statement(item, at.item(index, item), report));
                    }
                }
                _ => document.statements.extend(statement(&member.node, at, report)),
            }
        }
    }
    sids(members, &document, report);
    Some(document)
}

fn mismatch(wanted: &str, place: Place, report: &mut Report) {
    let details = format!("The text does not match the expected JSON data type {wanted}.");
    report.error("DATA_TYPE_MISMATCH", details, place);
}

fn version(member: &Member, place: &Place, report: &mut Report) -> bool {
    let at = place.value(member);
    match &member.node.value {
        Value::Text(text) if text == "2012-10-17" => true,
        Value::Text(text) if text == "2008-10-17" => false,
        Value::Text(text) => {
            let details = format!(
                "The version {text} is not valid. Use one of the following versions: 2012-10-17, 2008-10-17"
            );
            report.error("INVALID_VERSION", details, at);
            false
        }
        _ => {
            mismatch("String", at, report);
            false
        }
    }
}

fn statement(node: &Node, place: Place, report: &mut Report) -> Option<Statement> {
    let Value::Object(members) = &node.value else {
        mismatch("Object", place, report);
        return None;
    };
    let mut statement = Statement { place: Some(place.clone()), ..Statement::default() };
    let mut effect = None;
    for member in members {
        let at = place.value(member);
        match member.name.as_str() {
            "Sid" => {}
            "Effect" => {
                effect = Some(());
                statement.effect = self::effect(member, at, report);
            }
            "Action" | "NotAction" => texts(member, at, &mut statement.actions, report),
            "Resource" | "NotResource" => texts(member, at, &mut statement.resources, report),
            "Principal" | "NotPrincipal" => {
                super::principals::read(member, at, &place, &mut statement, report)
            }
            "Condition" => super::conditions::read(member, at, &mut statement, report),
            other => report.error(
                "INVALID_POLICY_ELEMENT",
                format!("The policy element {other} is not valid."),
                place.key(member),
            ),
        }
    }
    for (one, other) in [("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")]
    {
        let has = |name: &str| members.iter().any(|member| member.name == name);
        if has(one) && has(other) {
            let details = format!(
                "The policy elements {one} and {other} can not be used in the same statement. Remove one of these elements."
            );
            report.error("UNSUPPORTED_ELEMENT_COMBINATION", details, place.clone());
        }
    }
    if effect.is_none() {
        let details = "Add an Effect element to the policy statement with a value of Allow or Deny.";
        report.error("MISSING_EFFECT", details, place.clone());
    }
    elements(&statement, members, &place, report);
    statement.essence = essence(members);
    Some(statement)
}

/// The elements that must be there, or must not.
fn elements(statement: &Statement, members: &[Member], place: &Place, report: &mut Report) {
    match (&statement.actions.place, statement.actions.items.is_empty()) {
        (None, _) => {
            let details = "Add an Action or NotAction element to the policy statement.";
            report.error("MISSING_ACTION", details, place.clone());
        }
        (Some(at), true) => {
            let details =
                "This statement includes no actions and does not affect the policy. Specify actions.";
            report.suggestion("EMPTY_ARRAY_ACTION", details, vec![at.clone()]);
        }
        _ => {}
    }
    match (&statement.resources.place, statement.resources.items.is_empty()) {
        (Some(at), _) if report.kind == Kind::Trust => report.error(
            "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
            "Role trust policies apply to the role that they are attached to. You cannot specify a resource. Remove the Resource or \
             NotResource element.",
            at.clone(),
        ),
        (None, _) if report.kind != Kind::Trust => {
            let details = "Add a Resource or NotResource element to the policy statement.";
            report.error("MISSING_RESOURCE", details, place.clone());
        }
        (Some(at), true) => {
            let details = "This statement includes no resources and does not affect the policy. Specify resources.";
            report.suggestion("EMPTY_ARRAY_RESOURCE", details, vec![at.clone()]);
        }
        _ => {}
    }
    let principal = members.iter().any(|member| member.name.ends_with("Principal"));
    if !principal && report.kind.has_principals() {
        report.error("MISSING_PRINCIPAL", "Add a Principal element to the policy statement.", place.clone());
    }
}

fn effect(member: &Member, place: Place, report: &mut Report) -> Option<Effect> {
    let Value::Text(text) = &member.node.value else {
        mismatch("String", place, report);
        return None;
    };
    match text.as_str() {
        "Allow" => Some(Effect::Allow),
        "Deny" => Some(Effect::Deny),
        other => {
            let details = format!("The effect {other} is not valid. Use Allow or Deny.");
            report.error("INVALID_EFFECT", details, place);
            None
        }
    }
}

/// A text or a list of texts.
pub(super) fn texts(member: &Member, place: Place, into: &mut Texts, report: &mut Report) {
    if into.place.is_some() {
        // The element and its negation: which of them counts cannot be told, and it is reported.
        return;
    }
    into.negated = member.name.starts_with("Not");
    into.place = Some(place.clone());
    match &member.node.value {
        Value::Text(text) => into.items.push((text.clone(), place)),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = place.item(index, item);
                match &item.value {
                    Value::Text(text) => into.items.push((text.clone(), at)),
                    _ => mismatch("String", at, report),
                }
            }
        }
        _ => mismatch("String", place, report),
    }
}

fn sids(members: &[Member], document: &Document, report: &mut Report) {
    let Some(list) = members.iter().find(|member| member.name == "Statement") else { return };
    let nodes = match &list.node.value {
        Value::List(items) => items.iter().collect(),
        _ => vec![&list.node],
    };
    let objects = nodes.into_iter().filter_map(|node| match &node.value {
        Value::Object(members) => Some(members),
        _ => None,
    });
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (members, statement) in objects.zip(&document.statements) {
        let Some(member) = members.iter().find(|member| member.name == "Sid") else { continue };
        let at = statement.place().value(member);
        let Value::Text(sid) = &member.node.value else {
            mismatch("String", at, report);
            continue;
        };
        if sid.is_empty() {
            report.suggestion(
                "EMPTY_SID_VALUE",
                "Add a value to the empty string in the Sid element.",
                vec![at],
            );
            continue;
        }
        super::variables::unsupported(sid, &at, report);
        let plain = sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain && matches!(report.kind, Kind::Identity | Kind::ServiceControl | Kind::ResourceControl) {
            let details = "Update the characters in the Sid element to use one of the following character types: [a-z, A-Z, 0-9]";
            report.error("UNSUPPORTED_SID", details, at.clone());
        }
        let count = seen.entry(sid).or_default();
        *count += 1;
        if *count > 1 {
            match report.kind {
                Kind::Identity | Kind::Trust | Kind::Resource(Some("AWS::S3::Bucket")) => {
                    let details = "Duplicate statement IDs are not supported for this policy type. Update the Sid value.";
                    report.error("UNIQUE_SIDS_REQUIRED", details, at);
                }
                _ => {
                    let details = "We recommend that you use statement IDs that are unique to your policy. Update the Sid value.";
                    report.warning("UNIQUE_SIDS_RECOMMENDED", details, at);
                }
            }
        }
    }
}

/// A statement without its Sid: members by name, lists as sets, a single text as a list of one.
fn essence(members: &[Member]) -> String {
    fn write(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".into(),
            Value::Bool(truth) => format!("[{:?}]", truth.to_string()),
            Value::Number(text) | Value::Text(text) => format!("[{text:?}]"),
            Value::List(items) => {
                let one = |node: &Node| write(node).trim_start_matches('[').trim_end_matches(']').to_owned();
                let mut items: Vec<String> = items.iter().map(one).collect();
                items.sort();
                items.dedup();
                format!("[{}]", items.join(","))
            }
            Value::Object(members) => object(members.iter()),
        }
    }
    fn object<'a>(members: impl Iterator<Item = &'a Member>) -> String {
        let mut members: Vec<String> =
            members.map(|member| format!("{:?}:{}", member.name, write(&member.node))).collect();
        members.sort();
        format!("{{{}}}", members.join(","))
    }
    object(members.iter().filter(|member| member.name != "Sid"))
}
