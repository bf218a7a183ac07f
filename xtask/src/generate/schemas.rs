//! `schemas.rs`: a table a shape.

use super::model::{Reference, Shape, Type, XmlNamespace};
use super::names;
use super::plan::{Plan, Variant, part};
use crate::problem::Problem;
use std::collections::BTreeMap;
use std::fmt::Write;

pub(crate) fn write(plan: &Plan<'_>) -> Result<String, Problem> {
    let mut tables: BTreeMap<&str, (&str, String)> = BTreeMap::new();
    for ((shape, variant), name) in &plan.tables {
        tables.insert(name, (shape, table(plan, shape, *variant)?));
    }
    let mut body = String::new();
    for (name, (shape, table)) in &tables {
        if plan.model.shape(shape)?.pattern.as_deref().is_some_and(looks_around_amid) {
            body.push_str("// The check cannot evaluate this pattern, which looks around amid it: the service checks the value.\n");
        }
        let _ = writeln!(body, "pub static {name}: Schema = {table};\n");
    }
    for (operation, described) in &plan.model.operations {
        for (name, part) in [
            (format!("{operation}Input"), &described.input),
            (format!("{operation}Output"), &described.output),
        ] {
            if part.is_none() {
                let _ = writeln!(
                    body,
                    "pub static {}: Schema = Schema {{ kind: Kind::Structure {{ members: &[], union: false }}, ..Schema::text({name:?}) }};\n",
                    names::screaming(&name)
                );
            }
        }
    }
    let mut used: Vec<&str> =
        ["Location", "Member", "TimestampFormat"].into_iter().filter(|name| mentions(&body, name)).collect();
    used.extend(["Kind", "Schema"]);
    used.sort_unstable();
    let types = if plan.enums.is_empty() { "" } else { "use crate::types;\n" };
    Ok(format!("{types}use wire::{{{}}};\n\n{body}", used.join(", ")))
}

/// Whether the text uses one of wire's types; `types::S3Location::VALUES` is not `Location`.
fn mentions(body: &str, name: &str) -> bool {
    ["(", " ", "&", "["].iter().any(|before| body.contains(&format!("{before}{name}::")))
}

/// The expression of one table.
fn table(plan: &Plan<'_>, name: &str, variant: Variant) -> Result<String, Problem> {
    let shape = plan.model.shape(name)?;
    let flattened = shape.flattened || variant.flattened;
    let kind = match shape.kind {
        Type::String | Type::Character => {
            let json = shape.jsonvalue || variant.json;
            let base = match plan.type_of(name) {
                _ if json => return aggregate(name, shape, "Kind::String { values: &[], json: true }"),
                Some(enumeration) => format!("Schema::choice({name:?}, types::{enumeration}::VALUES)"),
                None if shape.values.is_empty() => format!("Schema::text({name:?})"),
                None => format!("Schema::choice({name:?}, &{:?})", shape.values),
            };
            return Ok(format!("{base}{}", constraints(name, shape)?));
        }
        Type::Boolean => "Kind::Boolean".to_owned(),
        Type::Integer => "Kind::Integer".to_owned(),
        Type::Long => "Kind::Long".to_owned(),
        Type::Float => "Kind::Float".to_owned(),
        Type::Double => "Kind::Double".to_owned(),
        Type::Blob => format!("Kind::Blob {{ streaming: {} }}", shape.streaming || variant.streaming),
        Type::Timestamp => {
            format!("Kind::Timestamp {{ format: {} }}", optional(format(shape.timestamp_format.as_deref())?))
        }
        Type::List => {
            let element = member(plan, "member", part(shape.member.as_ref(), name)?, None)?;
            return aggregate(
                name,
                shape,
                &format!("Kind::List {{ member: &{element}, flattened: {flattened} }}"),
            );
        }
        Type::Map => {
            let key = member(plan, "key", part(shape.key.as_ref(), name)?, None)?;
            let value = member(plan, "value", part(shape.value.as_ref(), name)?, None)?;
            return aggregate(
                name,
                shape,
                &format!("Kind::Map {{ key: &{key}, value: &{value}, flattened: {flattened} }}"),
            );
        }
        Type::Structure if shape.document => "Kind::Document".to_owned(),
        Type::Structure => {
            let mut members = String::new();
            for (member_name, reference) in plan.members(name)? {
                let _ = writeln!(members, "{},", member(plan, member_name, reference, Some(shape))?);
            }
            return aggregate(
                name,
                shape,
                &format!("Kind::Structure {{ members: &[{members}], union: {} }}", shape.union),
            );
        }
    };
    Ok(format!("Schema::new({name:?}, {kind}){}", constraints(name, shape)?))
}

/// A table whose kind borrows others: only a struct literal lets a static hold them.
fn aggregate(name: &str, shape: &Shape, kind: &str) -> Result<String, Problem> {
    Ok(format!("Schema {{ kind: {kind}, ..Schema::text({name:?}){} }}", constraints(name, shape)?))
}

/// The calls that add a shape's constraints.
fn constraints(name: &str, shape: &Shape) -> Result<String, Problem> {
    let mut text = String::new();
    for (call, bound) in [("min", shape.min), ("max", shape.max)] {
        let Some(bound) = bound else { continue };
        if bound.fract() != 0.0 {
            return Err(Problem::new(format!(
                "{name}: {call} {bound} is not a whole number; Constraints cannot say it, so patch it away or extend them"
            )));
        }
        let _ = write!(text, ".{call}({bound})");
    }
    if let Some(pattern) = &shape.pattern {
        let _ = write!(text, ".pattern({})", literal(pattern));
    }
    if shape.sensitive {
        text.push_str(".sensitive()");
    }
    Ok(text)
}

/// The expression of a member, element, key or value.
fn member(
    plan: &Plan<'_>,
    name: &str,
    reference: &Reference,
    owner: Option<&Shape>,
) -> Result<String, Problem> {
    let shape = plan.model.shape(&reference.shape)?;
    let wire_name = reference.location_name.as_deref().or(shape.location_name.as_deref()).unwrap_or(name);
    let mut text = format!("Member::new({name:?}, {wire_name:?}, &{})", plan.table(reference)?);
    if owner.is_some_and(|owner| owner.required.iter().any(|required| required == name)) {
        text.push_str(".required()");
    }
    let payload = owner.is_some_and(|owner| owner.payload.as_deref() == Some(name));
    let location = match reference.location.as_deref() {
        None if payload => Some("Payload"),
        None => None,
        Some("header") => Some("Header"),
        Some("headers") => Some("Headers"),
        Some("querystring") => Some("Query"),
        Some("uri") => Some("Uri"),
        Some("statusCode") => Some("StatusCode"),
        Some(other) => return Err(Problem::new(format!("{name}: unknown location {other}"))),
    };
    if let Some(location) = location {
        let _ = write!(text, ".at(Location::{location})");
    }
    if let Some(query_name) = &reference.query_name {
        let _ = write!(text, ".query({query_name:?})");
    }
    if reference.xml_attribute {
        text.push_str(".attribute()");
    }
    match reference.xml_namespace.as_ref().or(shape.xml_namespace.as_ref()) {
        Some(XmlNamespace::Uri(uri)) => {
            let _ = write!(text, ".namespace(\"\", {uri:?})");
        }
        Some(XmlNamespace::Prefixed { prefix, uri }) => {
            let _ = write!(text, ".namespace({prefix:?}, {uri:?})");
        }
        None => {}
    }
    if let Some(format) = format(reference.timestamp_format.as_deref())? {
        let _ = write!(text, ".format({format})");
    }
    if reference.idempotency_token {
        text.push_str(".token()");
    }
    if reference.host_label {
        text.push_str(".label()");
    }
    Ok(text)
}

/// Whether a pattern has a lookaround that is not a lookahead at its begin, which is what `wire::check` can evaluate.
fn looks_around_amid(pattern: &str) -> bool {
    let begin = pattern.strip_prefix('^').unwrap_or(pattern);
    let rest = begin.strip_prefix("(?!").or_else(|| begin.strip_prefix("(?=")).unwrap_or(begin);
    ["(?!", "(?=", "(?<!", "(?<="].iter().any(|around| rest.contains(around))
}

fn format(name: Option<&str>) -> Result<Option<&'static str>, Problem> {
    Ok(Some(match name {
        None => return Ok(None),
        Some("iso8601") => "TimestampFormat::Iso8601",
        Some("unixTimestamp") => "TimestampFormat::UnixTimestamp",
        Some("rfc822") => "TimestampFormat::Rfc822",
        Some(other) => return Err(Problem::new(format!("unknown timestamp format {other}"))),
    }))
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "None".to_owned(), |text| format!("Some({text})"))
}

/// A string literal: raw where that spares backslashes.
fn literal(text: &str) -> String {
    if !text.contains(['\\', '"']) || text.contains('\n') || text.contains("\"#") {
        return format!("{text:?}");
    }
    let hash = if text.contains('"') { "#" } else { "" };
    format!("r{hash}\"{text}\"{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_spare_backslashes() {
        assert_eq!(literal(r"[\w]+"), r#"r"[\w]+""#);
        assert_eq!(literal("plain"), r#""plain""#);
        assert_eq!(literal("a\"b"), "r#\"a\"b\"#");
        assert_eq!(literal("a\"#b"), r##""a\"#b""##);
    }

    #[test]
    fn lookarounds_that_the_check_cannot_evaluate() {
        assert!(!looks_around_amid("(?!^[0-9]+$)([a-zA-Z0-9-_]+)"));
        assert!(!looks_around_amid("^[a-z](?::x)?$"));
        assert!(looks_around_amid(r"[0-9A-Za-z\.\-_]*(?<!\.)"));
        assert!(looks_around_amid("^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"));
    }

    #[test]
    fn unknown_formats_are_refused() {
        assert_eq!(format(Some("rfc822")).unwrap(), Some("TimestampFormat::Rfc822"));
        assert!(format(Some("julian")).unwrap_err().to_string().contains("julian"));
    }
}
