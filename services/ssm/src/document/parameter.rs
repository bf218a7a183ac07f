//! Parameters of runbooks, and the values that an execution gives them.

use super::{Fault, content, text};
use fancy_regex::Regex;
use wire::Document;

/// What a parameter's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    StringList,
    Boolean,
    Integer,
    StringMap,
    MapList,
}

/// A parameter.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) kind: Kind,
    pub(crate) description: Option<String>,
    pub(crate) default: Option<Document>,
    allowed_values: Vec<Document>,
    allowed_pattern: Option<String>,
    /// Least and greatest number of characters, then of items.
    chars: (Option<i64>, Option<i64>),
    items: (Option<i64>, Option<i64>),
}

const MEMBERS: &[&str] = &[
    "type",
    "description",
    "default",
    "allowedValues",
    "allowedPattern",
    "displayType",
    "minItems",
    "maxItems",
    "minChars",
    "maxChars",
];

impl Parameter {
    pub(super) fn parse(name: &str, value: &Document) -> Result<Self, Fault> {
        let Some(members) = value.as_object() else {
            return content(format!("The parameter {name} must be an object."));
        };
        if let Some(stranger) = members.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
            return content(format!("Unrecognized property \"{stranger}\" in the parameter {name}."));
        }
        let kind = match text(members.get("type"), "type")?.as_deref() {
            Some("String") => Kind::String,
            Some("StringList") => Kind::StringList,
            Some("Boolean") => Kind::Boolean,
            Some("Integer") => Kind::Integer,
            Some("StringMap") => Kind::StringMap,
            Some("MapList") => Kind::MapList,
            // Resource types only help the console to choose a value.
            Some(own) if own.starts_with("List<AWS::") && own.ends_with('>') => Kind::StringList,
            Some(own) if own.starts_with("AWS::") => Kind::String,
            Some(other) => {
                return content(format!("The parameter {name} has the type {other}, which is not valid."));
            }
            None => return content(format!("The parameter {name} has no type.")),
        };
        let number = |member: &str| members.get(member).and_then(Document::as_i64);
        let allowed_pattern = text(members.get("allowedPattern"), "allowedPattern")?;
        if let Some(pattern) = &allowed_pattern
            && whole(pattern).is_none()
        {
            return content(format!(
                "The allowedPattern of the parameter {name} is not a regular expression."
            ));
        }
        let parameter = Self {
            kind,
            description: text(members.get("description"), "description")?,
            default: members.get("default").filter(|default| !default.is_null()).cloned(),
            allowed_values: members
                .get("allowedValues")
                .and_then(Document::as_array)
                .unwrap_or_default()
                .to_vec(),
            allowed_pattern,
            chars: (number("minChars"), number("maxChars")),
            items: (number("minItems"), number("maxItems")),
        };
        if let Some(default) = &parameter.default
            && !parameter.fits(default)
        {
            return content(format!("The default of the parameter {name} is not of its type."));
        }
        Ok(parameter)
    }

    fn fits(&self, value: &Document) -> bool {
        match self.kind {
            // An empty default stands for none, whatever the type.
            _ if value.as_str() == Some("") => true,
            Kind::String => value.as_str().is_some(),
            Kind::StringList => {
                value.as_array().is_some_and(|list| list.iter().all(|one| one.as_str().is_some()))
            }
            Kind::Boolean => {
                value.as_bool().is_some()
                    || matches!(value.as_str(), Some("true" | "True" | "false" | "False"))
            }
            Kind::Integer => value.as_i64().is_some(),
            Kind::StringMap => value.as_object().is_some(),
            Kind::MapList => {
                value.as_array().is_some_and(|list| list.iter().all(|one| one.as_object().is_some()))
            }
        }
    }

    /// The type as DescribeDocument names it: it knows only two.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.kind, Kind::StringList | Kind::MapList)
    }

    /// The default, typed.
    pub(crate) fn default_value(&self) -> Option<Document> {
        match (&self.default, self.kind) {
            (Some(Document::String(text)), Kind::Boolean) => Some(text.eq_ignore_ascii_case("true").into()),
            (default, _) => default.clone(),
        }
    }

    /// The value that an execution was given; the error is a sentence.
    pub(crate) fn value(&self, name: &str, given: &[String]) -> Result<Document, String> {
        let one = || match given {
            [one] => Ok(one.as_str()),
            _ => Err(format!("The parameter {name} takes one value, not {}.", given.len())),
        };
        let wrong = |what: &str| format!("The value of the parameter {name} is not {what}.");
        let value = match self.kind {
            Kind::String => Document::from(one()?),
            Kind::StringList => given.iter().map(String::as_str).collect(),
            Kind::Boolean => match one()? {
                "true" | "True" => true.into(),
                "false" | "False" => false.into(),
                _ => return Err(wrong("a boolean")),
            },
            Kind::Integer => one()?.parse::<i64>().map_err(|_| wrong("an integer"))?.into(),
            Kind::StringMap => {
                let map = Document::parse(one()?).ok().filter(|map| map.as_object().is_some());
                map.ok_or_else(|| wrong("a map in JSON"))?
            }
            Kind::MapList => given
                .iter()
                .map(|text| Document::parse(text).ok().filter(|map| map.as_object().is_some()))
                .collect::<Option<Vec<Document>>>()
                .map(Document::Array)
                .ok_or_else(|| wrong("a list of maps in JSON"))?,
        };
        self.allows(name, &value)?;
        Ok(value)
    }

    fn allows(&self, name: &str, value: &Document) -> Result<(), String> {
        let each = match value {
            Document::Array(elements) => elements.as_slice(),
            one => std::slice::from_ref(one),
        };
        for one in each {
            if !self.allowed_values.is_empty()
                && !self.allowed_values.iter().any(|allowed| same(allowed, one))
            {
                let allowed: Vec<String> = self.allowed_values.iter().map(plain).collect();
                return Err(format!(
                    "The value {} of the parameter {name} is not one of the allowed values: [{}].",
                    plain(one),
                    allowed.join(", ")
                ));
            }
            if let (Some(pattern), Some(text)) = (&self.allowed_pattern, one.as_str())
                && !whole(pattern).is_some_and(|regex| regex.is_match(text).unwrap_or(false))
            {
                return Err(format!(
                    "The value {text} of the parameter {name} does not match the pattern {pattern}."
                ));
            }
            if let Some(text) = one.as_str() {
                let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                within(name, "characters", length, self.chars)?;
            }
        }
        if value.as_array().is_some() {
            within(name, "items", i64::try_from(each.len()).unwrap_or(i64::MAX), self.items)?;
        }
        Ok(())
    }
}

fn within(
    name: &str,
    what: &str,
    count: i64,
    (least, most): (Option<i64>, Option<i64>),
) -> Result<(), String> {
    if least.is_some_and(|least| count < least) || most.is_some_and(|most| count > most) {
        return Err(format!("The parameter {name} has {count} {what}, which its document does not allow."));
    }
    Ok(())
}

fn same(allowed: &Document, value: &Document) -> bool {
    allowed == value || plain(allowed).eq_ignore_ascii_case(&plain(value)) && value.as_bool().is_some()
}

fn whole(pattern: &str) -> Option<Regex> {
    let built = |text: &str| fancy_regex::RegexBuilder::new(text).backtrack_limit(100_000).build().ok();
    built(pattern)?;
    built(&format!(r"\A(?:{pattern})\z"))
}

fn plain(value: &Document) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value as executions show it: a list of texts.
pub(crate) fn shown(value: &Document) -> Vec<String> {
    match value {
        Document::Null => Vec::new(),
        Document::Array(elements) => elements.iter().map(plain).collect(),
        one => vec![plain(one)],
    }
}
