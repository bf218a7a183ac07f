//! `Rules`: assertions on parameters, checked before anything is created.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>

use super::{logical_id, members, text_member, unknown_members};
use crate::template::error::TemplateError;
use crate::template::functions::{function, test};
use crate::template::scope::Scope;
use indexmap::IndexMap;
use wire::Document;

/// A rule: when its condition holds (or there is none), every assertion must.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    condition: Option<Document>,
    assertions: Vec<(Document, Option<String>)>,
}

impl Rule {
    pub(crate) fn documents(&self) -> impl Iterator<Item = &Document> {
        self.condition.iter().chain(self.assertions.iter().map(|(test, _)| test))
    }

    pub(crate) fn check(&self, name: &str, scope: &dyn Scope) -> Result<(), TemplateError> {
        if let Some(condition) = &self.condition
            && !test(condition, scope)?
        {
            return Ok(());
        }
        for (assertion, description) in &self.assertions {
            if !test(assertion, scope)? {
                return Err(TemplateError::validation(match description {
                    Some(description) => description.clone(),
                    None => format!("Template error: an assertion of rule {name} failed"),
                }));
            }
        }
        Ok(())
    }
}

pub(crate) fn parse(template: &Document) -> Result<IndexMap<String, Rule>, TemplateError> {
    let Some(section) = members(template, "Rules")? else { return Ok(IndexMap::new()) };
    section
        .iter()
        .map(|(name, declaration)| {
            logical_id("Rule", name)?;
            Ok((name.clone(), rule(name, declaration)?))
        })
        .collect()
}

fn rule(name: &str, declaration: &Document) -> Result<Rule, TemplateError> {
    let Document::Object(declaration) = declaration else {
        return Err(TemplateError::format("Any Rules member must be an object."));
    };
    if let Some(unknown) = unknown_members(declaration, &["Assertions", "RuleCondition"]) {
        return Err(TemplateError::format(format!("Invalid rule property or properties {unknown}")));
    }
    let assertions = match declaration.get("Assertions") {
        Some(Document::Array(assertions)) if !assertions.is_empty() => assertions,
        _ => return Err(TemplateError::format(format!("Rule {name} must contain a list of Assertions"))),
    };
    Ok(Rule {
        condition: declaration.get("RuleCondition").map(rule_function).transpose()?,
        assertions: assertions.iter().map(|one| assertion(name, one)).collect::<Result<_, _>>()?,
    })
}

fn assertion(rule: &str, assertion: &Document) -> Result<(Document, Option<String>), TemplateError> {
    let object = assertion.as_object();
    let Some((object, test)) = object.and_then(|object| Some((object, object.get("Assert")?))) else {
        return Err(TemplateError::format(format!("Every assertion of rule {rule} must contain an Assert")));
    };
    if let Some(unknown) = unknown_members(object, &["Assert", "AssertDescription"]) {
        return Err(TemplateError::format(format!("Invalid rule property or properties {unknown}")));
    }
    Ok((rule_function(test)?, text_member(object, "AssertDescription")?))
}

/// Rules know their own functions, and neither `Condition` nor `Fn::If`.
fn rule_function(definition: &Document) -> Result<Document, TemplateError> {
    let known = matches!(
        function(definition),
        Some((
            "Fn::And"
                | "Fn::Contains"
                | "Fn::EachMemberEquals"
                | "Fn::EachMemberIn"
                | "Fn::Equals"
                | "Fn::Not"
                | "Fn::Or",
            _
        ))
    );
    if known {
        Ok(definition.clone())
    } else {
        Err(TemplateError::format("Rules can only contain rule-specific intrinsic functions"))
    }
}
