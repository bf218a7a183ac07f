//! What a template's functions see: parameters, conditions, and the stack as it is so far.

use super::sections::mappings::Mappings;
use super::values::ParameterValues;
use indexmap::IndexMap;
use wire::Document;

/// The pseudo parameters: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PseudoParameters {
    /// `AWS::AccountId`
    pub account_id: String,
    /// `AWS::Region`
    pub region: String,
    /// `AWS::Partition`
    pub partition: String,
    /// `AWS::URLSuffix`
    pub url_suffix: String,
    /// `AWS::StackName`
    pub stack_name: String,
    /// `AWS::StackId`
    pub stack_id: String,
    /// `AWS::NotificationARNs`
    pub notification_arns: Vec<String>,
}

impl PseudoParameters {
    /// The value of `AWS::…`; `AWS::NoValue` has none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Document> {
        Some(match name {
            "AWS::AccountId" => self.account_id.as_str().into(),
            "AWS::Region" => self.region.as_str().into(),
            "AWS::Partition" => self.partition.as_str().into(),
            "AWS::URLSuffix" => self.url_suffix.as_str().into(),
            "AWS::StackName" => self.stack_name.as_str().into(),
            "AWS::StackId" => self.stack_id.as_str().into(),
            "AWS::NotificationARNs" => self.notification_arns.iter().map(String::as_str).collect(),
            _ => return None,
        })
    }
}

/// Is this one of the names that `Ref` knows in every template, `AWS::NoValue` included?
#[must_use]
pub fn is_pseudo_parameter(name: &str) -> bool {
    name == "AWS::NoValue" || PseudoParameters::default().get(name).is_some()
}

/// What the engine knows of the running stack. A resource that is not there yet gives `None`.
pub trait Live {
    /// What `Ref` gives for a resource: mostly its physical id.
    fn reference(&self, logical_id: &str) -> Option<Document>;
    /// What `Fn::GetAtt` gives.
    fn attribute(&self, logical_id: &str, attribute: &str) -> Option<Document>;
    /// The value that another stack exports under this name.
    fn import(&self, name: &str) -> Option<String>;
    /// The availability zones of a region, in order; none for a region that there is not.
    fn availability_zones(&self, region: &str) -> Vec<String>;
}

/// Everything that functions see.
pub trait Scope {
    /// The value of a pseudo parameter.
    fn pseudo(&self, name: &str) -> Option<Document>;
    /// The value of a parameter.
    fn parameter(&self, name: &str) -> Option<Document>;
    /// Whether a condition holds.
    fn condition(&self, name: &str) -> Option<bool>;
    /// The template's mappings.
    fn mappings(&self) -> &Mappings;
    /// Does the template declare `AWS::LanguageExtensions`?
    fn extended(&self) -> bool;
    /// The names of parameters of a type, for `Fn::RefAll`.
    fn parameters_of_type(&self, type_name: &str) -> Vec<Document>;
    /// The running stack; `None` where resources may not be referred to.
    fn live(&self) -> Option<&dyn Live>;
}

/// The [`Scope`] of a template with its values.
pub(crate) struct StackScope<'a> {
    pub(crate) pseudo: &'a PseudoParameters,
    pub(crate) parameters: &'a ParameterValues,
    pub(crate) types: &'a IndexMap<String, super::Parameter>,
    pub(crate) conditions: std::borrow::Cow<'a, IndexMap<String, bool>>,
    pub(crate) mappings: &'a Mappings,
    pub(crate) extended: bool,
    pub(crate) live: Option<&'a dyn Live>,
    /// Give asterisks for parameters that are not to be echoed.
    pub(crate) hides: bool,
}

impl Scope for StackScope<'_> {
    fn pseudo(&self, name: &str) -> Option<Document> {
        self.pseudo.get(name)
    }

    fn parameter(&self, name: &str) -> Option<Document> {
        let value = self.parameters.get(name)?;
        Some(if self.hides && value.no_echo { value.shown().into() } else { value.value.clone() })
    }

    fn condition(&self, name: &str) -> Option<bool> {
        self.conditions.get(name).copied()
    }

    fn mappings(&self) -> &Mappings {
        self.mappings
    }

    fn extended(&self) -> bool {
        self.extended
    }

    fn parameters_of_type(&self, type_name: &str) -> Vec<Document> {
        self.types
            .iter()
            .filter(|(_, parameter)| parameter.type_name == type_name)
            .filter_map(|(name, _)| self.parameter(name))
            .collect()
    }

    fn live(&self) -> Option<&dyn Live> {
        self.live
    }
}
