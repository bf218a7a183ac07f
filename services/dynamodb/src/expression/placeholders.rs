//! `ExpressionAttributeNames` and `ExpressionAttributeValues`: what expressions name, each used at least once.

use super::condition::Condition;
use super::key_condition::KeyCondition;
use super::parser::Parser;
use super::path::Path;
use super::projection::Projection;
use super::update::Update;
use crate::value::{Value, Wire, convert};
use std::collections::{BTreeMap, BTreeSet};

/// The longest expression.
const LONGEST: usize = 4096;

/// The placeholders of one request.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    pub(crate) names: BTreeMap<String, String>,
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) used: BTreeSet<String>,
}

impl Placeholders {
    /// Checks them. `expressions` are the parameters that may use them, and whether each is given; `values_for` how many of them (from the
    /// start) may use values. Errors are AWS's sentences, here and below.
    pub(crate) fn new(
        names: Option<BTreeMap<String, String>>,
        values: Option<Wire>,
        expressions: &[(&str, bool)],
        with_values: usize,
    ) -> Result<Self, String> {
        let any = |expressions: &[(&str, bool)]| expressions.iter().any(|(_, given)| *given);
        if let Some(names) = &names {
            if !any(expressions) {
                return Err("ExpressionAttributeNames can only be specified when using expressions".into());
            }
            if names.is_empty() {
                return Err("ExpressionAttributeNames must not be empty".into());
            }
            if let Some(key) = names.keys().find(|key| !is_placeholder(key, '#')) {
                return Err(format!(
                    "ExpressionAttributeNames contains invalid key: Syntax error; key: \"{key}\""
                ));
            }
            if let Some((key, _)) = names.iter().find(|(_, name)| name.is_empty() || name.len() > 65535) {
                return Err(format!(
                    "ExpressionAttributeNames contains invalid value: attribute name must have a length of 1 to 65535 for key {key}"
                ));
            }
        }
        let mut read = BTreeMap::new();
        if let Some(values) = values {
            let usable = expressions.get(..with_values).unwrap_or(expressions);
            if !any(usable) {
                let names: Vec<&str> = usable.iter().map(|(name, _)| *name).collect();
                let verb = if names.len() == 1 { "is" } else { "are" };
                return Err(format!(
                    "ExpressionAttributeValues can only be specified when using expressions: {} {verb} null",
                    names.join(" and ")
                ));
            }
            if values.is_empty() {
                return Err("ExpressionAttributeValues must not be empty".into());
            }
            if let Some(key) = values.keys().find(|key| !is_placeholder(key, ':')) {
                return Err(format!(
                    "ExpressionAttributeValues contains invalid key: Syntax error; key: \"{key}\""
                ));
            }
            for (key, value) in values {
                let value = convert(value).map_err(|reason| {
                    format!("ExpressionAttributeValues contains invalid value: {reason} for key {key}")
                })?;
                read.insert(key, value);
            }
        }
        Ok(Self { names: names.unwrap_or_default(), values: read, used: BTreeSet::new() })
    }

    /// A condition or filter.
    pub(crate) fn condition(&mut self, parameter: &str, text: &str) -> Result<Condition, String> {
        self.parse(parameter, text, |parser| parser.whole_condition())
    }

    /// `KeyConditionExpression`.
    pub(crate) fn key_condition(&mut self, text: &str) -> Result<KeyCondition, String> {
        let condition = self.condition("KeyConditionExpression", text)?;
        KeyCondition::of(condition)
    }

    /// `UpdateExpression`.
    pub(crate) fn update(&mut self, text: &str) -> Result<Update, String> {
        self.parse("UpdateExpression", text, |parser| parser.whole_update())
    }

    /// `ProjectionExpression`.
    pub(crate) fn projection(&mut self, text: &str) -> Result<Projection, String> {
        self.parse("ProjectionExpression", text, |parser| {
            let paths = parser.whole_projection()?;
            super::path::check_distinct(&paths.iter().collect::<Vec<&Path>>())?;
            Ok(Projection::of(&paths))
        })
    }

    fn parse<T>(
        &mut self,
        parameter: &str,
        text: &str,
        parse: impl FnOnce(&mut Parser<'_, '_>) -> Result<T, String>,
    ) -> Result<T, String> {
        let invalid = |reason: String| format!("Invalid {parameter}: {reason}");
        if text.trim().is_empty() {
            return Err(invalid("The expression can not be empty;".into()));
        }
        if text.len() > LONGEST {
            return Err(invalid(format!(
                "Expression size has exceeded the maximum allowed size; expression size: {}",
                text.len()
            )));
        }
        Parser::new(text, self).and_then(|mut parser| parse(&mut parser)).map_err(invalid)
    }

    /// Refuses placeholders that no expression used.
    pub(crate) fn finish(self) -> Result<(), String> {
        fn unused<'a, V: 'a>(all: &'a BTreeMap<String, V>, used: &BTreeSet<String>) -> Option<String> {
            let unused: Vec<&str> =
                all.keys().filter(|key| !used.contains(*key)).map(String::as_str).collect();
            (!unused.is_empty()).then(|| unused.join(", "))
        }
        if let Some(keys) = unused(&self.names, &self.used) {
            return Err(format!(
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {{{keys}}}"
            ));
        }
        if let Some(keys) = unused(&self.values, &self.used) {
            return Err(format!(
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {{{keys}}}"
            ));
        }
        Ok(())
    }
}

fn is_placeholder(key: &str, sign: char) -> bool {
    key.strip_prefix(sign).is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }) && key.len() <= 255
}
