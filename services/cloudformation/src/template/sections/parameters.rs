//! `Parameters`: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>.

use super::{at_most, every_must_be, logical_id, members, text_member, text_of, truth_member};
use crate::template::error::TemplateError;
use crate::template::pattern::Pattern;
use indexmap::IndexMap;
use wire::Document;

const MAXIMUM_PARAMETERS: usize = 200;
/// AWS's limit on descriptions of parameters, in characters.
const MAXIMUM_DESCRIPTION: usize = 4000;
const KNOWN: &[&str] = &[
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];
/// The AWS-specific types whose values must exist in the account and region.
const AWS_TYPES: &[&str] = &[
    "AWS::EC2::AvailabilityZone::Name",
    "AWS::EC2::Image::Id",
    "AWS::EC2::Instance::Id",
    "AWS::EC2::KeyPair::KeyName",
    "AWS::EC2::SecurityGroup::GroupName",
    "AWS::EC2::SecurityGroup::Id",
    "AWS::EC2::Subnet::Id",
    "AWS::EC2::VPC::Id",
    "AWS::EC2::Volume::Id",
    "AWS::Route53::HostedZone::Id",
];

/// What a parameter's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterType {
    /// `String`
    String,
    /// `Number`
    Number,
    /// `List<Number>`
    NumberList,
    /// `CommaDelimitedList` and `List<String>`
    TextList,
    /// A name of something that must exist, such as `AWS::EC2::VPC::Id`; the engine looks it up.
    Existing(&'static str),
    /// A list of names of things that must exist, such as `List<AWS::EC2::Subnet::Id>`.
    ExistingList(&'static str),
    /// `AWS::SSM::Parameter::Name`: the name of a parameter of Parameter Store.
    SsmName,
    /// `AWS::SSM::Parameter::Value<…>`: the name of one, whose value is meant.
    Ssm(Stored),
}

/// What the value of a parameter of Parameter Store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Text.
    Text,
    /// Texts, written with commas.
    List,
    /// As [`ParameterType::Existing`].
    Existing(&'static str),
    /// As [`ParameterType::ExistingList`].
    ExistingList(&'static str),
}

impl ParameterType {
    fn parse(name: &str) -> Option<Self> {
        let existing = |name: &str| AWS_TYPES.iter().copied().find(|known| *known == name);
        let listed = |name: &str| {
            name.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>')).map(ToOwned::to_owned)
        };
        match name {
            "String" => Some(Self::String),
            "Number" => Some(Self::Number),
            "List<Number>" => Some(Self::NumberList),
            "CommaDelimitedList" | "List<String>" => Some(Self::TextList),
            "AWS::SSM::Parameter::Name" => Some(Self::SsmName),
            _ => {
                if let Some(inner) =
                    name.strip_prefix("AWS::SSM::Parameter::Value<").and_then(|rest| rest.strip_suffix('>'))
                {
                    return match Self::parse(inner)? {
                        Self::String => Some(Self::Ssm(Stored::Text)),
                        Self::TextList => Some(Self::Ssm(Stored::List)),
                        Self::Existing(of) => Some(Self::Ssm(Stored::Existing(of))),
                        Self::ExistingList(of) => Some(Self::Ssm(Stored::ExistingList(of))),
                        Self::Number | Self::NumberList | Self::SsmName | Self::Ssm(_) => None,
                    };
                }
                match listed(name) {
                    Some(inner) => existing(&inner).map(Self::ExistingList),
                    None => existing(name).map(Self::Existing),
                }
            }
        }
    }

    /// Is the value a list, written with commas?
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, Self::NumberList | Self::TextList | Self::ExistingList(_))
    }

    /// Is the value the name of a parameter of Parameter Store?
    #[must_use]
    pub fn is_stored(self) -> bool {
        matches!(self, Self::SsmName | Self::Ssm(_))
    }

    pub(crate) fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::NumberList)
    }
}

/// A bound on a number, as it was written and as it compares.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// As the template has it.
    pub text: String,
    pub(crate) value: f64,
}

/// A declared parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// What its value is.
    pub kind: ParameterType,
    /// The type as the template has it.
    pub type_name: String,
    /// The value that is taken when none is given.
    pub default: Option<String>,
    /// Are values to be shown as `****`?
    pub no_echo: bool,
    /// For the person who fills the form.
    pub description: Option<String>,
    /// Said when a constraint is not met.
    pub constraint_description: Option<String>,
    /// The only values (of each element, in a list).
    pub allowed_values: Option<Vec<String>>,
    /// Least number of characters.
    pub min_length: Option<Bound>,
    /// Greatest number of characters.
    pub max_length: Option<Bound>,
    /// Least number.
    pub min_value: Option<Bound>,
    /// Greatest number.
    pub max_value: Option<Bound>,
    pub(crate) pattern: Option<Pattern>,
}

impl Parameter {
    /// The regular expression that the whole value (of each element, in a list) must match.
    #[must_use]
    pub fn allowed_pattern(&self) -> Option<&str> {
        self.pattern.as_ref().map(Pattern::text)
    }
}

pub(crate) fn parse(template: &Document) -> Result<IndexMap<String, Parameter>, TemplateError> {
    let Some(section) = members(template, "Parameters")? else { return Ok(IndexMap::new()) };
    at_most(section.len(), MAXIMUM_PARAMETERS, "parameters")?;
    section
        .iter()
        .map(|(name, declaration)| {
            logical_id("Parameter", name)?;
            let Document::Object(declaration) = declaration else {
                return Err(TemplateError::format("Any Parameters member must be an object."));
            };
            let parameter = parameter(name, declaration)?;
            if let Some(default) = &parameter.default {
                crate::template::values::check(name, &parameter, default)?;
            }
            Ok((name.clone(), parameter))
        })
        .collect()
}

fn parameter(name: &str, declaration: &IndexMap<String, Document>) -> Result<Parameter, TemplateError> {
    if let Some(unknown) = declaration.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(TemplateError::validation(format!("Invalid template parameter property '{unknown}'")));
    }
    let Some(type_name) = text_member(declaration, "Type")? else {
        return Err(TemplateError::format("Every Parameters object must contain a Type member."));
    };
    let kind = ParameterType::parse(&type_name)
        .ok_or_else(|| TemplateError::format(format!("Unrecognized parameter type: {type_name}")))?;
    let parameter = Parameter {
        kind,
        default: text_member(declaration, "Default")?,
        no_echo: truth_member(declaration, "NoEcho")?,
        description: description(declaration, "Description")?,
        constraint_description: description(declaration, "ConstraintDescription")?,
        allowed_values: allowed_values(declaration)?,
        min_length: bound(declaration, "MinLength")?,
        max_length: bound(declaration, "MaxLength")?,
        min_value: bound(declaration, "MinValue")?,
        max_value: bound(declaration, "MaxValue")?,
        pattern: text_member(declaration, "AllowedPattern")?
            .map(|text| Pattern::parse(name, text))
            .transpose()?,
        type_name,
    };
    constraints_fit(name, &parameter)?;
    Ok(parameter)
}

fn description(
    declaration: &IndexMap<String, Document>,
    member: &str,
) -> Result<Option<String>, TemplateError> {
    let text = text_member(declaration, member)?;
    if text.as_ref().is_some_and(|text| text.chars().count() > MAXIMUM_DESCRIPTION) {
        return Err(TemplateError::format(format!(
            "{member} must be no longer than {MAXIMUM_DESCRIPTION} characters."
        )));
    }
    Ok(text)
}

fn allowed_values(declaration: &IndexMap<String, Document>) -> Result<Option<Vec<String>>, TemplateError> {
    match declaration.get("AllowedValues") {
        None => Ok(None),
        Some(Document::Array(values)) => values
            .iter()
            .map(text_of)
            .collect::<Option<Vec<_>>>()
            .map(Some)
            .ok_or_else(|| TemplateError::format("Every AllowedValues value must be a string.")),
        Some(_) => Err(every_must_be("AllowedValues", "a list")),
    }
}

fn bound(declaration: &IndexMap<String, Document>, member: &str) -> Result<Option<Bound>, TemplateError> {
    let Some(text) = text_member(declaration, member)? else { return Ok(None) };
    match text.trim().parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(Bound { text: text.trim().to_owned(), value })),
        _ => Err(every_must_be(member, "a number")),
    }
}

/// Lengths and patterns belong to texts, values to numbers, and the lesser bound comes first.
fn constraints_fit(name: &str, parameter: &Parameter) -> Result<(), TemplateError> {
    let textual =
        [("MinLength", parameter.min_length.is_some()), ("MaxLength", parameter.max_length.is_some())];
    let numeric = [("MinValue", parameter.min_value.is_some()), ("MaxValue", parameter.max_value.is_some())];
    let misplaced = |member: &str, of: &str| {
        TemplateError::template(format!("Parameter '{name}' {member} must be on a parameter of type {of}"))
    };
    for (member, given) in textual {
        if given && (parameter.kind.is_numeric() || parameter.kind.is_list()) {
            return Err(misplaced(member, "String"));
        }
    }
    if parameter.pattern.is_some() && parameter.kind.is_numeric() {
        return Err(misplaced("AllowedPattern", "String"));
    }
    for (member, given) in numeric {
        if given && !parameter.kind.is_numeric() {
            return Err(misplaced(member, "Number"));
        }
    }
    let bounds = [
        (&parameter.min_length, &parameter.max_length, "Length"),
        (&parameter.min_value, &parameter.max_value, "Value"),
    ];
    for (least, greatest, of) in bounds {
        if let (Some(least), Some(greatest)) = (least, greatest)
            && least.value > greatest.value
        {
            return Err(TemplateError::template(format!(
                "Parameter '{name}' Min{of} must be less than Max{of}."
            )));
        }
    }
    Ok(())
}
