//! CloudFormation templates, pure: text to declarations, parameters to values, functions to documents, references to an order.
//!
//! ```text
//! Template::parse -> parameter_values -> Plan::new -> (properties, outputs) of what is there
//!                 -> summary, require_capabilities
//! ```
//!
//! What it is not: it knows no resource type's properties, creates nothing, and asks nothing but the [`Live`] stack that the engine shows it.

mod error;
mod functions;
mod graph;
mod json;
mod parse;
mod pattern;
mod plan;
mod references;
mod scope;
mod sections;
mod summary;
mod unbuilt;
mod values;
mod yaml;

#[cfg(test)]
mod tests;

pub use error::{TemplateError, TemplateErrorKind};
pub use functions::resolve;
pub use graph::Graph;
pub use parse::{Source, Template};
pub use plan::{Output, Plan};
pub(crate) use references::{Reference, references};
pub use scope::{Live, PseudoParameters, Scope, is_pseudo_parameter};
pub use sections::mappings::Mappings;
pub use sections::outputs::OutputDeclaration;
pub use sections::parameters::{Bound, Parameter, ParameterType, Stored};
pub use sections::resources::{DeletionPolicy, ResourceDeclaration};
pub use summary::{ResourceIdentifierSummary, TemplateSummary};
pub(crate) use values::not_stored;
pub use values::{ParameterValue, ParameterValues};

/// `/Resources/Queue/Properties/Tags/0`: where in a template, as AWS writes it (which calls `Properties` of a resource `Type`).
pub(crate) fn pointer(steps: &[impl AsRef<str>]) -> String {
    let mut out = String::new();
    for (index, step) in steps.iter().enumerate() {
        let resource = index == 2 && steps.first().is_some_and(|first| first.as_ref() == "Resources");
        out.push('/');
        out.push_str(match step.as_ref() {
            "Properties" if resource => "Type",
            step => step,
        });
    }
    out
}
