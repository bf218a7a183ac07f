use super::{Rule, Violation, pattern};
use crate::{Constraints, Kind, Member, Schema};

/// Where a walk stands and what it has found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) violations: Vec<Violation>,
    path: String,
    parameter: &'static str,
    /// The elements of the constrained list or map that is being walked, as AWS prints them.
    echo: Option<String>,
    /// The value is an element (or a key, or a value) of a list or map, which is blamed for it.
    within: bool,
    within_failed: bool,
}

/// What [`Findings::enter`] saved.
pub(super) struct Place {
    length: usize,
    parameter: &'static str,
    echo: Option<String>,
    within: bool,
}

impl Findings {
    /// Steps into a structure's member.
    pub(super) fn enter(&mut self, member: &'static Member) -> Place {
        let place = Place {
            length: self.path.len(),
            parameter: self.parameter,
            echo: self.echo.take(),
            within: std::mem::take(&mut self.within),
        };
        if !self.path.is_empty() {
            self.path.push('.');
        }
        // AWS names members as Java does: the first letter is small.
        let mut letters = member.name.chars();
        if let Some(first) = letters.next() {
            self.path.extend(first.to_lowercase());
            self.path.push_str(letters.as_str());
        }
        self.parameter = member.query_name.unwrap_or(member.wire_name);
        place
    }

    pub(super) fn leave(&mut self, place: Place) {
        self.path.truncate(place.length);
        self.parameter = place.parameter;
        self.echo = place.echo;
        self.within = place.within;
    }

    fn step(&mut self, step: std::fmt::Arguments<'_>) -> usize {
        let length = self.path.len();
        let _ = std::fmt::Write::write_fmt(&mut self.path, format_args!(".{step}.member"));
        length
    }

    pub(super) fn report(&mut self, schema: &Schema, value: Option<String>, rule: Rule) {
        self.blame(schema.sensitive, value, rule);
    }

    fn blame(&mut self, sensitive: bool, value: Option<String>, rule: Rule) {
        if self.within && !matches!(rule, Rule::Missing) {
            self.within_failed = true;
            return;
        }
        self.violations.push(Violation {
            path: self.path.clone(),
            parameter: self.parameter,
            value,
            sensitive,
            rule,
        });
    }

    pub(super) fn string(&mut self, schema: &'static Schema, value: &str) {
        let Constraints { min, max, pattern } = schema.constraints;
        if min.is_some() || max.is_some() {
            let length = || i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
            self.length(schema, schema.sensitive, &length, &|| value.to_owned());
        }
        if let Some(text) = pattern
            && !pattern::matches(text, value)
        {
            self.report(schema, Some(value.to_owned()), Rule::Pattern(text));
        }
        if let Kind::String { values, .. } = schema.kind
            && !values.is_empty()
            && !values.contains(&value)
        {
            self.report(schema, Some(value.to_owned()), Rule::Enum(values));
        }
        self.echo(format_args!("{value}"));
    }

    pub(super) fn integer(&mut self, schema: &'static Schema, value: i64) {
        if let Some(max) = schema.constraints.max.filter(|max| value > *max) {
            self.report(schema, Some(value.to_string()), Rule::Max(max));
        }
        if let Some(min) = schema.constraints.min.filter(|min| value < *min) {
            self.report(schema, Some(value.to_string()), Rule::Min(min));
        }
        self.echo(format_args!("{value}"));
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds of floats are small whole numbers")]
    pub(super) fn double(&mut self, schema: &'static Schema, value: f64) {
        if let Some(max) = schema.constraints.max.filter(|max| value > *max as f64) {
            self.report(schema, Some(value.to_string()), Rule::Max(max));
        }
        if let Some(min) = schema.constraints.min.filter(|min| value < *min as f64) {
            self.report(schema, Some(value.to_string()), Rule::Min(min));
        }
        self.echo(format_args!("{value}"));
    }

    pub(super) fn blob(&mut self, schema: &'static Schema, length: usize) {
        let counted = || i64::try_from(length).unwrap_or(i64::MAX);
        self.length(schema, schema.sensitive, &counted, &|| {
            format!("java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]")
        });
    }

    /// Checks a length; both are computed only where needed.
    fn length(
        &mut self,
        schema: &'static Schema,
        sensitive: bool,
        length: &dyn Fn() -> i64,
        value: &dyn Fn() -> String,
    ) {
        let Constraints { min, max, .. } = schema.constraints;
        if min.is_none() && max.is_none() {
            return;
        }
        let length = length();
        if let Some(max) = max.filter(|max| length > *max) {
            self.blame(sensitive, Some(value()), Rule::MaxLength(max));
        }
        if let Some(min) = min.filter(|min| length < *min) {
            self.blame(sensitive, Some(value()), Rule::MinLength(min));
        }
    }

    pub(super) fn echo(&mut self, text: std::fmt::Arguments<'_>) {
        if let Some(echo) = &mut self.echo {
            if !echo.is_empty() && !echo.ends_with('=') {
                echo.push_str(", ");
            }
            let _ = std::fmt::Write::write_fmt(echo, text);
        }
    }

    /// Opens a list or map.
    pub(super) fn open(&mut self, schema: &'static Schema) -> Frame {
        let (key, value) = match schema.kind {
            Kind::List { member, .. } => (None, Some(member.schema)),
            Kind::Map { key, value, .. } => (Some(key.schema), Some(value.schema)),
            _ => (None, None),
        };
        let scalar = value.is_some_and(Schema::is_scalar);
        let judged = [Some(schema), key, value.filter(|_| scalar)].into_iter().flatten().any(constrained);
        Frame {
            echo: std::mem::replace(&mut self.echo, judged.then(String::new)),
            within: self.within,
            within_failed: std::mem::take(&mut self.within_failed),
            key,
            value,
            scalar,
            length: 0,
            keys_failed: false,
            values_failed: false,
        }
    }

    /// Steps to the next element, or to the entry of a key.
    pub(super) fn begin(&mut self, frame: &mut Frame, name: Option<&str>) -> Option<usize> {
        frame.length += 1;
        if let (Some(name), Some(key)) = (name, frame.key) {
            self.within = true;
            self.string(key, name);
            frame.keys_failed |= std::mem::take(&mut self.within_failed);
            if let Some(echo) = &mut self.echo {
                echo.push('=');
            }
        }
        self.within = frame.scalar;
        if frame.scalar {
            return None;
        }
        Some(match name {
            Some(name) => self.step(format_args!("{name}")),
            None => self.step(format_args!("{}", frame.length)),
        })
    }

    /// The end of what [`Findings::begin`] began.
    pub(super) fn end(&mut self, frame: &mut Frame, at: Option<usize>) {
        if let Some(length) = at {
            self.path.truncate(length);
        }
        frame.values_failed |= std::mem::take(&mut self.within_failed);
    }

    /// The end of a list or map: its own length, and its elements' rules.
    pub(super) fn close(&mut self, schema: &'static Schema, frame: Frame) {
        let echo = std::mem::replace(&mut self.echo, frame.echo).unwrap_or_default();
        self.within = frame.within;
        self.within_failed = frame.within_failed;
        let printed = || if frame.key.is_some() { format!("{{{echo}}}") } else { format!("[{echo}]") };
        let sensitive =
            [Some(schema), frame.key, frame.value].into_iter().flatten().any(|schema| schema.sensitive);
        if let Some(key) = frame.key.filter(|_| frame.keys_failed) {
            self.blame(sensitive, Some(printed()), Rule::Keys(rules(key)));
        }
        if let Some(value) = frame.value.filter(|_| frame.values_failed) {
            let all = rules(value);
            let rule = if frame.key.is_some() { Rule::Values(all) } else { Rule::Elements(all) };
            self.blame(sensitive, Some(printed()), rule);
        }
        self.length(schema, sensitive, &|| i64::try_from(frame.length).unwrap_or(i64::MAX), &printed);
    }
}

/// A list or map that is being walked, and what it hides of the one around it.
pub(super) struct Frame {
    echo: Option<String>,
    within: bool,
    within_failed: bool,
    key: Option<&'static Schema>,
    value: Option<&'static Schema>,
    scalar: bool,
    length: usize,
    keys_failed: bool,
    values_failed: bool,
}

/// A scalar's rules, all of them, in AWS's order.
fn rules(schema: &Schema) -> Vec<Rule> {
    let Constraints { min, max, pattern } = schema.constraints;
    let numeric = matches!(schema.kind, Kind::Integer | Kind::Long | Kind::Float | Kind::Double);
    let mut rules = Vec::new();
    rules.extend(max.map(|max| if numeric { Rule::Max(max) } else { Rule::MaxLength(max) }));
    rules.extend(min.map(|min| if numeric { Rule::Min(min) } else { Rule::MinLength(min) }));
    rules.extend(pattern.map(Rule::Pattern));
    if let Kind::String { values, .. } = schema.kind
        && !values.is_empty()
    {
        rules.push(Rule::Enum(values));
    }
    rules
}

/// The scalar has a rule that can fail.
fn constrained(schema: &Schema) -> bool {
    let Constraints { min, max, pattern } = schema.constraints;
    let enumerated = matches!(schema.kind, Kind::String { values, .. } if !values.is_empty());
    min.is_some() || max.is_some() || pattern.is_some() || enumerated
}
