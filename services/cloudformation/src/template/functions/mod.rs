//! The intrinsic functions: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>.

mod check;
mod cidr;
mod evaluate;
pub(crate) mod sub;
mod truth;

pub(crate) use check::{Checks, attribute, check};
pub use evaluate::resolve;
pub(crate) use evaluate::{Evaluation, text};
pub(crate) use truth::test;

use super::error::TemplateError;
use wire::Document;

/// The function that an object is, and its argument: its only member is `Ref`, `Condition` or `Fn::…`.
pub(crate) fn function(document: &Document) -> Option<(&str, &Document)> {
    let members = document.as_object()?;
    if members.len() != 1 {
        return None;
    }
    let (name, argument) = members.first()?;
    (name == "Ref" || name == "Condition" || name.starts_with("Fn::")).then_some((name.as_str(), argument))
}

/// The condition that an object names by `Condition` or as the first argument of `Fn::If`.
pub(crate) fn condition_name(document: &Document) -> Option<&str> {
    match function(document)? {
        ("Condition", Document::String(name)) => Some(name),
        ("Fn::If", Document::Array(arguments)) => arguments.first()?.as_str(),
        _ => None,
    }
}

/// AWS's sentence on a function that it does not know, list and all.
pub(crate) fn unsupported(name: &str) -> TemplateError {
    TemplateError::validation(format!(
        "Template Error: Encountered unsupported function: {name} Supported functions are: [Fn::Base64, Fn::GetAtt, Fn::GetAZs, \
         Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, \
         Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]"
    ))
}

/// The sentences on wrong arguments, by function.
pub(crate) fn wrong_arguments(name: &str) -> TemplateError {
    TemplateError::template(match name {
        "Ref" => "every Ref object must have a single String value.",
        "Condition" => "every Condition object must have a single String value.",
        "Fn::GetAtt" => {
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"
        }
        "Fn::Join" => {
            "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function \
             that returns a list of strings (such as Fn::GetAZs) to be joined."
        }
        "Fn::Split" => {
            "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that \
             returns a string to be split."
        }
        "Fn::Select" => "Fn::Select requires a list argument with two elements: an integer index and a list",
        "Fn::FindInMap" => {
            "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
        }
        "Fn::Base64" => "every Fn::Base64 object must have a String-typed value.",
        "Fn::GetAZs" => "every Fn::GetAZs object must have a String-typed value.",
        "Fn::Sub" => {
            "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an \
             optional second argument to specify a mapping of values to replace in the string"
        }
        "Fn::If" => "Fn::If requires a list argument with three elements",
        "Fn::And" => "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
        "Fn::Or" => "every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.",
        "Fn::Not" => "every Fn::Not object requires one boolean parameter.",
        "Fn::Equals" => "every Fn::Equals object requires a list of 2 string parameters.",
        "Fn::ImportValue" => "every Fn::ImportValue object must have a String-typed value.",
        "Fn::Cidr" => {
            "every Fn::Cidr object requires three parameters, the IP block, the number of blocks (1 to 256) and the number of subnet bits"
        }
        "Fn::Contains" => "every Fn::Contains object requires two parameters, a list of strings and a string",
        "Fn::EachMemberEquals" => {
            "every Fn::EachMemberEquals object requires two parameters, a list of strings and a string"
        }
        "Fn::EachMemberIn" => "every Fn::EachMemberIn object requires two parameters, two lists of strings",
        "Fn::RefAll" => "every Fn::RefAll object must have a String-typed value.",
        "Fn::Length" => "every Fn::Length object requires a list or a function that returns a list.",
        "Fn::ToJsonString" => "every Fn::ToJsonString object requires an object or a list.",
        _ => "a function has arguments that it does not take",
    })
}
