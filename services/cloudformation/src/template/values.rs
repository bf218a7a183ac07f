//! The values of a stack's parameters: given or default, checked against their declarations.

use super::Template;
use super::error::{TemplateError, listed};
use super::sections::parameters::{Parameter, ParameterType, Stored};
use indexmap::IndexMap;
use wire::Document;

/// AWS's limit on a parameter's value, in bytes.
const MAXIMUM_VALUE: usize = 4096;

/// One parameter's value.
#[derive(Clone, PartialEq)]
pub struct ParameterValue {
    /// As it was given (or the default).
    pub text: String,
    /// What `Ref` gives: text, or a list of texts.
    pub value: Document,
    /// What it stands for, where it names a parameter of Parameter Store whose value is meant.
    pub resolved: Option<String>,
    /// Must it be shown as `****`?
    pub no_echo: bool,
    /// What it is.
    pub kind: ParameterType,
}

impl ParameterValue {
    /// What may be shown of it.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.no_echo { "****" } else { &self.text }
    }

    /// What may be shown of what it stands for.
    #[must_use]
    pub fn shown_resolved(&self) -> Option<&str> {
        self.resolved.as_deref().map(|resolved| if self.no_echo { "****" } else { resolved })
    }
}

/// Without the values of parameters that are not to be echoed.
impl std::fmt::Debug for ParameterValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParameterValue")
            .field("text", &self.shown())
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The values of all parameters of a template, in its order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParameterValues {
    values: IndexMap<String, ParameterValue>,
}

impl ParameterValues {
    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ParameterValue> {
        self.values.get(name)
    }

    /// All, in the template's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParameterValue)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The values that must name something that exists: (parameter, type, value), one for each element of a list.
    /// Whoever finds that one does not exist answers with [`TemplateError::parameter_value_does_not_exist`].
    pub fn existing(&self) -> impl Iterator<Item = (&str, &'static str, &str)> {
        self.values.iter().flat_map(|(name, value)| {
            let (of, texts): (_, Vec<&str>) = match (value.kind, &value.value) {
                (ParameterType::Existing(of), _) => (of, vec![value.text.as_str()]),
                (ParameterType::Ssm(Stored::Existing(of)), Document::String(text)) => {
                    (of, vec![text.as_str()])
                }
                (
                    ParameterType::ExistingList(of) | ParameterType::Ssm(Stored::ExistingList(of)),
                    Document::Array(elements),
                ) => (of, elements.iter().filter_map(Document::as_str).collect()),
                _ => ("", Vec::new()),
            };
            texts.into_iter().map(move |text| (name.as_str(), of, text))
        })
    }
}

impl Template {
    /// The names in Parameter Store that the given values, or defaults, name, each with its version where it has one.
    #[must_use]
    pub fn stored_names(&self, given: &IndexMap<String, String>) -> Vec<String> {
        let stored = self.parameters.iter().filter(|(_, parameter)| parameter.kind.is_stored());
        let mut names: Vec<String> = stored
            .filter_map(|(name, parameter)| given.get(name).or(parameter.default.as_ref()).cloned())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// As [`Template::parameter_values_with`], of a template that names nothing in Parameter Store.
    ///
    /// # Errors
    /// Likewise.
    pub fn parameter_values(
        &self,
        given: &IndexMap<String, String>,
    ) -> Result<ParameterValues, TemplateError> {
        self.parameter_values_with(given, &IndexMap::new())
    }

    /// Takes the given values, and defaults for the others, in the template's order. Values of a stack that an update keeps
    /// (`UsePreviousValue`) are given like others. `stored`: the values in Parameter Store by [`Template::stored_names`].
    ///
    /// # Errors
    /// `Parameters: [X] do not exist in the template`, `Parameters: [X] must have values`, or the constraint that is not met.
    pub fn parameter_values_with(
        &self,
        given: &IndexMap<String, String>,
        stored: &IndexMap<String, String>,
    ) -> Result<ParameterValues, TemplateError> {
        let unknown: Vec<&String> =
            given.keys().filter(|name| !self.parameters.contains_key(*name)).collect();
        if !unknown.is_empty() {
            return Err(TemplateError::validation(format!(
                "Parameters: {} do not exist in the template",
                listed(&unknown)
            )));
        }
        let missing: Vec<&String> = self
            .parameters
            .iter()
            .filter(|(name, parameter)| parameter.default.is_none() && !given.contains_key(*name))
            .map(|(name, _)| name)
            .collect();
        if !missing.is_empty() {
            return Err(TemplateError::validation(format!(
                "Parameters: {} must have values",
                listed(&missing)
            )));
        }
        let mut values = IndexMap::new();
        for (name, parameter) in &self.parameters {
            let text = given.get(name).or(parameter.default.as_ref()).cloned().unwrap_or_default();
            check(name, parameter, &text)?;
            let resolved = match parameter.kind {
                ParameterType::Ssm(_) => {
                    Some(stored.get(&text).cloned().ok_or_else(|| not_stored(&[text.as_str()]))?)
                }
                _ => None,
            };
            let value = if let (ParameterType::Ssm(kind), Some(resolved)) = (parameter.kind, &resolved) {
                match kind {
                    Stored::Text | Stored::Existing(_) => Document::from(resolved.as_str()),
                    Stored::List | Stored::ExistingList(_) => elements(resolved).into_iter().collect(),
                }
            } else if parameter.kind.is_list() {
                elements(&text).into_iter().collect()
            } else if parameter.kind == ParameterType::Number {
                Document::from(text.trim())
            } else {
                Document::from(text.as_str())
            };
            let (no_echo, kind) = (parameter.no_echo, parameter.kind);
            let value = ParameterValue { text, value, resolved, no_echo, kind };
            values.insert(name.clone(), value);
        }
        Ok(ParameterValues { values })
    }
}

/// The refusal of names that Parameter Store does not have.
pub(crate) fn not_stored(names: &[&str]) -> TemplateError {
    TemplateError::validation(format!(
        "Unable to fetch parameters [{}] from parameter store for this account.",
        names.join(",")
    ))
}

/// One more element than there are commas, each without the blanks around it.
fn elements(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).collect()
}

/// Checks a value against its declaration's constraints.
pub(crate) fn check(name: &str, parameter: &Parameter, text: &str) -> Result<(), TemplateError> {
    if text.len() > MAXIMUM_VALUE {
        return Err(TemplateError::validation(format!(
            "Parameter '{name}' must be at most {MAXIMUM_VALUE} bytes long"
        )));
    }
    let each = if parameter.kind.is_list() { elements(text) } else { vec![text] };
    match each.into_iter().find_map(|value| broken(parameter, value)) {
        None => Ok(()),
        Some(broken) => Err(TemplateError::validation(match &parameter.constraint_description {
            Some(description) => format!("Parameter {name} failed to satisfy constraint: {description}"),
            None => format!("Parameter '{name}' {broken}"),
        })),
    }
}

/// The constraint that a value does not meet, in the words that follow its name.
fn broken(parameter: &Parameter, value: &str) -> Option<String> {
    if parameter.allowed_values.as_ref().is_some_and(|allowed| !allowed.iter().any(|one| one == value)) {
        return Some("must be one of AllowedValues".to_owned());
    }
    if let Some(pattern) = &parameter.pattern
        && !pattern.matches(value)
    {
        return Some(format!("must match pattern {}", pattern.text()));
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 4096")]
    let length = value.encode_utf16().count() as f64;
    if let Some(least) = &parameter.min_length
        && length < least.value
    {
        return Some(format!("must contain at least {} characters", least.text));
    }
    if let Some(greatest) = &parameter.max_length
        && length > greatest.value
    {
        return Some(format!("must contain at most {} characters", greatest.text));
    }
    if !parameter.kind.is_numeric() {
        return None;
    }
    let Some(number) = value.trim().parse::<f64>().ok().filter(|number| number.is_finite()) else {
        return Some("must be a number".to_owned());
    };
    if let Some(least) = &parameter.min_value
        && number < least.value
    {
        return Some(format!("must be a number not less than {}", least.text));
    }
    if let Some(greatest) = &parameter.max_value
        && number > greatest.value
    {
        return Some(format!("must be a number not greater than {}", greatest.text));
    }
    None
}
