//! What AWS would carry out and Cloudchamber does not: said clearly, before anything is created.

use super::error::TemplateError;
use super::parse::{Template, contains_key};
use wire::Document;

/// Refuses what AWS would carry out and Cloudchamber does not.
pub(crate) fn require_built(template: &Template) -> Result<(), TemplateError> {
    let mut inline = Vec::new();
    inline_transforms(&template.document, &mut inline);
    let transforms = template.transforms.iter().filter(|name| *name != "AWS::LanguageExtensions");
    if let Some(name) = transforms.chain(&inline).next() {
        let advice = match name.as_str() {
            "AWS::Serverless-2016-10-31" => {
                "Expand the template (`sam validate` and `aws cloudformation get-template --template-stage Processed` show the result) and \
                 give the plain CloudFormation template."
            }
            "AWS::Include" => "Write out what it would insert.",
            _ => "Give the template as the macro would return it.",
        };
        return Err(TemplateError::not_built(format!("Transform {name}"), advice));
    }
    if template.document.get("Hooks").is_some() {
        return Err(TemplateError::not_built("The template section Hooks", "Leave it out."));
    }
    if contains_key(&template.document, &|name| name.starts_with("Fn::ForEach::")) {
        return Err(TemplateError::not_built("Fn::ForEach", "Write out each of its repetitions."));
    }
    Ok(())
}

/// Where AWS resolves `{{resolve:ssm-secure:…}}`, of the types that Cloudchamber makes
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html>).
const SECURE: &[(&str, &str)] = &[("AWS::IAM::User", "/LoginProfile/Password")];

/// Refuses a secret of Parameter Store where it could be read by others, in AWS's words.
pub(crate) fn secrets_in_place(resource_type: &str, properties: &Document) -> Result<(), TemplateError> {
    secrets_below(resource_type, properties, "")
}

fn secrets_below(resource_type: &str, document: &Document, path: &str) -> Result<(), TemplateError> {
    match document {
        Document::String(text)
            if text.contains("{{resolve:ssm-secure:") && !SECURE.contains(&(resource_type, path)) =>
        {
            Err(TemplateError::validation(format!(
                "SSM Secure reference is not supported in: [{resource_type}/Properties{path}]"
            )))
        }
        Document::Array(elements) => {
            elements.iter().try_for_each(|element| secrets_below(resource_type, element, path))
        }
        Document::Object(members) => members.iter().try_for_each(|(name, member)| {
            // Functions are no part of where a property is.
            let below = if name.starts_with("Fn::") { path.to_owned() } else { format!("{path}/{name}") };
            secrets_below(resource_type, member, &below)
        }),
        _ => Ok(()),
    }
}

/// `{{resolve:secretsmanager:…}}`, and those of Parameter Store where the engine does not resolve them (`ssm`: it does).
pub(crate) fn no_dynamic_references(document: &Document, ssm: bool) -> Result<(), TemplateError> {
    match document {
        Document::String(text) => {
            let begins = text.match_indices("{{resolve:").find_map(|(at, found)| {
                let rest = text.get(at + found.len()..)?;
                let service = rest.split_once(':')?.0;
                (service == "secretsmanager" || (matches!(service, "ssm" | "ssm-secure") && !ssm))
                    .then_some(service)
            });
            match begins {
                None => Ok(()),
                Some(service) => Err(TemplateError::not_built(
                    format!("The dynamic reference {{{{resolve:{service}:…}}}}"),
                    "Give the value by a parameter (with NoEcho, if it is a secret).",
                )),
            }
        }
        Document::Array(elements) => {
            elements.iter().try_for_each(|element| no_dynamic_references(element, ssm))
        }
        Document::Object(members) => {
            members.values().try_for_each(|member| no_dynamic_references(member, ssm))
        }
        Document::Null | Document::Boolean(_) | Document::Number(_) => Ok(()),
    }
}

/// The names of all `Fn::Transform`s.
fn inline_transforms(document: &Document, found: &mut Vec<String>) {
    match document {
        Document::Array(elements) => elements.iter().for_each(|element| inline_transforms(element, found)),
        Document::Object(members) => {
            for (name, member) in members {
                if name == "Fn::Transform" {
                    found.push(member.get("Name").and_then(Document::as_str).unwrap_or_default().to_owned());
                }
                inline_transforms(member, found);
            }
        }
        _ => {}
    }
}
