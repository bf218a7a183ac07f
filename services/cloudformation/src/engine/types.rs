//! The types of resources that can be made: those that services registered, and custom ones.

use crate::state::stack::STACK;
use contract::{Context, Properties, ResourceHandler};
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::Document;

/// Who makes resources of a type.
#[derive(Clone)]
pub(crate) enum Maker {
    /// A service's handler.
    Handler(Arc<dyn ResourceHandler>),
    /// A function or topic of the user's: `Custom::…`, `AWS::CloudFormation::CustomResource`.
    Custom,
}

impl Maker {
    /// Who makes a type; None where nobody does.
    pub(crate) fn of(resource_type: &str, context: &Context) -> Option<Self> {
        if resource_type.starts_with("Custom::") || resource_type == "AWS::CloudFormation::CustomResource" {
            return Some(Self::Custom);
        }
        context.catalog.handlers.get(resource_type).cloned().map(Self::Handler)
    }

    /// Whether `Fn::GetAtt` may ask for an attribute; of custom resources nobody knows beforehand.
    pub(crate) fn has_attribute(&self, name: &str) -> bool {
        match self {
            Self::Handler(handler) => {
                handler.attributes().contains(&name)
                    || (handler.resource_type() == STACK && name.starts_with("Outputs."))
            }
            Self::Custom => true,
        }
    }

    /// Whether the stack's tags are put on the resource.
    pub(crate) fn takes_tags(&self) -> bool {
        match self {
            Self::Handler(handler) => handler.properties().contains(&"Tags"),
            Self::Custom => false,
        }
    }

    /// Whether the change of a property makes another resource.
    pub(crate) fn replacement(&self, property: &str, old: &Document, new: &Document) -> Replacement {
        match self {
            Self::Custom => Replacement::Never,
            Self::Handler(handler) => {
                let replaces =
                    handler.replaces(property, &Properties::new(old.clone()), &Properties::new(new.clone()));
                match (handler.conditional().contains(&property), replaces) {
                    (false, false) => Replacement::Never,
                    (false, true) => Replacement::Always,
                    (true, replaces) => Replacement::Conditionally(replaces),
                }
            }
        }
    }
}

/// Whether a change makes another resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replacement {
    Never,
    /// It depends on the values; with these it does or does not.
    Conditionally(bool),
    Always,
}

impl Replacement {
    pub(crate) fn is_certain(self) -> bool {
        matches!(self, Self::Always | Self::Conditionally(true))
    }
}

/// The properties that differ.
pub(crate) fn differing(old: &Document, new: &Document) -> Vec<String> {
    let names = |document: &Document| -> BTreeSet<String> {
        document.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default()
    };
    let all: BTreeSet<String> = names(old).union(&names(new)).cloned().collect();
    all.into_iter().filter(|name| old.get(name) != new.get(name)).collect()
}
