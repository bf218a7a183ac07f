//! The document's shape: which fields there are and of which JSON types. What they mean comes after.

use super::json::{Member, Node, Value};
use super::{Fault, Problem};

/// A text of the document and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) text: String,
    pub(super) at: usize,
    pub(super) path: String,
}

/// A field that may be one text or a list of texts.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    pub(super) negated: bool,
    pub(super) items: Vec<Spot>,
    pub(super) at: usize,
    pub(super) path: String,
}

#[derive(Debug, Clone)]
pub(super) enum RawPrincipal {
    /// A bare text: should be `*`.
    Bare(Spot),
    /// Type of principal to values.
    Typed(Vec<(Spot, Vec<Spot>)>),
}

#[derive(Debug, Clone)]
pub(super) struct RawCondition {
    pub(super) operator: Spot,
    /// None: the operator has no keys.
    pub(super) key: Option<Spot>,
    pub(super) values: Vec<Spot>,
}

#[derive(Debug, Default)]
pub(super) struct RawStatement {
    pub(super) at: usize,
    pub(super) path: String,
    pub(super) sid: Option<Spot>,
    pub(super) effect: Option<Spot>,
    pub(super) action: Option<Texts>,
    pub(super) resource: Option<Texts>,
    pub(super) principal: Option<(bool, RawPrincipal)>,
    pub(super) principal_at: usize,
    pub(super) conditions: Vec<RawCondition>,
}

#[derive(Debug, Default)]
pub(super) struct RawDocument {
    pub(super) at: usize,
    pub(super) version: Option<Spot>,
    pub(super) id: Option<Spot>,
    /// None: the field is missing.
    pub(super) statements: Option<Vec<RawStatement>>,
}

fn shape(at: usize, path: &str, detail: impl Into<String>) -> Fault {
    Fault { at, path: path.to_owned(), problem: Problem::Shape(detail.into()) }
}

/// Reads the document's fields.
pub(super) fn document(node: &Node) -> Result<RawDocument, Fault> {
    let Value::Object(members) = &node.value else {
        return Err(shape(node.at, "$", "a policy is a JSON object"));
    };
    let mut raw = RawDocument { at: node.at, ..RawDocument::default() };
    for member in members {
        let path = format!("$.{}", member.name);
        match member.name.as_str() {
            "Version" => raw.version = Some(text(&member.node, path)?),
            "Id" => raw.id = Some(text(&member.node, path)?),
            "Statement" => raw.statements = Some(statements(&member.node, &path)?),
            _ => return Err(unknown(member, path)),
        }
    }
    Ok(raw)
}

fn unknown(member: &Member, path: String) -> Fault {
    Fault { at: member.at, path, problem: Problem::UnknownField(member.name.clone()) }
}

fn statements(node: &Node, path: &str) -> Result<Vec<RawStatement>, Fault> {
    match &node.value {
        Value::Object(members) => Ok(vec![statement(node.at, members, path.to_owned())?]),
        Value::List(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let path = format!("{path}[{index}]");
                match &item.value {
                    Value::Object(members) => statement(item.at, members, path),
                    _ => Err(shape(item.at, &path, "a statement is a JSON object")),
                }
            })
            .collect(),
        _ => Err(shape(node.at, path, "Statement must be an object or a list of objects")),
    }
}

fn statement(at: usize, members: &[Member], path: String) -> Result<RawStatement, Fault> {
    let mut raw = RawStatement { at, ..RawStatement::default() };
    for member in members {
        let (name, node) = (member.name.as_str(), &member.node);
        let path = format!("{path}.{name}");
        match name {
            "Sid" => raw.sid = Some(text(node, path)?),
            "Effect" => raw.effect = Some(text(node, path)?),
            "Action" | "NotAction" => once(&mut raw.action, texts(node, path, name == "NotAction")?)?,
            "Resource" | "NotResource" => once(&mut raw.resource, texts(node, path, name == "NotResource")?)?,
            "Principal" | "NotPrincipal" => {
                if raw.principal.is_some() {
                    return Err(shape(member.at, &path, "a statement has either Principal or NotPrincipal"));
                }
                raw.principal_at = member.at;
                raw.principal = Some((name == "NotPrincipal", principal(node, &path)?));
            }
            "Condition" => raw.conditions = conditions(node, &path)?,
            _ => return Err(unknown(member, path)),
        }
    }
    raw.path = path;
    Ok(raw)
}

fn once(slot: &mut Option<Texts>, texts: Texts) -> Result<(), Fault> {
    if slot.is_some() {
        return Err(shape(
            texts.at,
            &texts.path,
            "a statement has either the field or its negation, not both",
        ));
    }
    *slot = Some(texts);
    Ok(())
}

fn text(node: &Node, path: String) -> Result<Spot, Fault> {
    match &node.value {
        Value::Text(text) => Ok(Spot { text: text.clone(), at: node.at, path }),
        _ => Err(shape(node.at, &path, "a text was expected")),
    }
}

fn list<T>(
    node: &Node,
    path: &str,
    item: impl Fn(&Node, String) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    match &node.value {
        Value::List(items) => {
            items.iter().enumerate().map(|(index, node)| item(node, format!("{path}[{index}]"))).collect()
        }
        _ => Ok(vec![item(node, path.to_owned())?]),
    }
}

fn texts(node: &Node, path: String, negated: bool) -> Result<Texts, Fault> {
    Ok(Texts { negated, items: list(node, &path, text)?, at: node.at, path })
}

fn principal(node: &Node, path: &str) -> Result<RawPrincipal, Fault> {
    match &node.value {
        Value::Text(_) => Ok(RawPrincipal::Bare(text(node, path.to_owned())?)),
        Value::Object(members) => members
            .iter()
            .map(|member| {
                let path = format!("{path}.{}", member.name);
                let values = list(&member.node, &path, text)?;
                Ok((Spot { text: member.name.clone(), at: member.at, path }, values))
            })
            .collect::<Result<_, _>>()
            .map(RawPrincipal::Typed),
        _ => Err(shape(node.at, path, "a principal is \"*\" or an object such as {\"AWS\": \"…\"}")),
    }
}

fn conditions(node: &Node, path: &str) -> Result<Vec<RawCondition>, Fault> {
    let Value::Object(operators) = &node.value else {
        return Err(shape(node.at, path, "Condition must be an object"));
    };
    let mut conditions = Vec::new();
    for member in operators {
        let path = format!("{path}.{}", member.name);
        let operator = Spot { text: member.name.clone(), at: member.at, path: path.clone() };
        let Value::Object(keys) = &member.node.value else {
            return Err(shape(member.node.at, &path, "an operator holds an object of keys and values"));
        };
        if keys.is_empty() {
            conditions.push(RawCondition { operator: operator.clone(), key: None, values: Vec::new() });
        }
        for key in keys {
            let path = format!("{path}.{}", key.name);
            let values = list(&key.node, &path, scalar)?;
            let key = Spot { text: key.name.clone(), at: key.at, path };
            conditions.push(RawCondition { operator: operator.clone(), key: Some(key), values });
        }
    }
    Ok(conditions)
}

/// A condition's value: a text, a number or a truth value.
fn scalar(node: &Node, path: String) -> Result<Spot, Fault> {
    let text = match &node.value {
        Value::Text(text) | Value::Number(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        _ => return Err(shape(node.at, &path, "a condition's value is a text, a number or a truth value")),
    };
    Ok(Spot { text, at: node.at, path })
}
