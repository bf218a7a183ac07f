//! Documents as operations answer them.

use super::find::{Found, Version};
use crate::document::{Runbook, read, shown};
use crate::errors::refused;
use api_ssm::{
    DocumentDescription, DocumentFormat, DocumentHashType, DocumentIdentifier, DocumentParameter,
    DocumentParameterType, DocumentStatus, DocumentType, Error, PlatformType,
};
use sha2::{Digest, Sha256};

/// Automation runs on no platform, and so on all.
pub(super) fn platforms() -> Vec<PlatformType> {
    vec![PlatformType::Windows, PlatformType::Linux, PlatformType::MacOs]
}

pub(super) fn format(is_yaml: bool) -> DocumentFormat {
    if is_yaml { DocumentFormat::Yaml } else { DocumentFormat::Json }
}

pub(super) fn owner(found: &Found) -> String {
    match found {
        Found::Owned(_) => "Amazon".to_owned(),
        Found::Stored(stored) => stored.scope.account.to_string(),
    }
}

pub(super) fn runbook(version: &Version) -> Result<Runbook, Error> {
    read(&version.content, version.is_yaml).and_then(|document| Runbook::parse(&document)).map_err(refused)
}

/// As CreateDocument, UpdateDocument and DescribeDocument answer it.
pub(super) fn description(found: &Found, version: &Version) -> Result<DocumentDescription, Error> {
    let runbook = runbook(version)?;
    let parameters = runbook.parameters.iter().map(|(name, parameter)| DocumentParameter {
        name: Some(name.clone()),
        r#type: Some(if parameter.is_list() {
            DocumentParameterType::StringList
        } else {
            DocumentParameterType::String
        }),
        description: parameter.description.clone(),
        default_value: parameter.default.as_ref().map(|default| match default {
            wire::Document::Array(_) => default.to_string(),
            one => shown(one).concat(),
        }),
    });
    let parameters: Vec<DocumentParameter> = parameters.collect();
    let (latest, default, display_name, target_type, tags) = match found {
        Found::Owned(_) => (1, 1, None, None, names::Tags::new()),
        Found::Stored(stored) => (
            stored.latest_version,
            stored.default_version,
            stored.display_name.clone(),
            stored.target_type.clone(),
            stored.tags.clone(),
        ),
    };
    Ok(DocumentDescription {
        hash: Some(hex::encode(Sha256::digest(version.content.as_bytes()))),
        hash_type: Some(DocumentHashType::Sha256),
        name: Some(found.name()),
        display_name,
        version_name: version.name.clone(),
        owner: Some(owner(found)),
        created_date: Some(version.created),
        status: Some(DocumentStatus::Active),
        document_version: Some(version.number.to_string()),
        description: runbook.description,
        parameters: Some(parameters).filter(|parameters| !parameters.is_empty()),
        platform_types: Some(platforms()),
        document_type: Some(DocumentType::Automation),
        schema_version: Some("0.3".into()),
        latest_version: Some(latest.to_string()),
        default_version: Some(default.to_string()),
        document_format: Some(format(version.is_yaml)),
        target_type,
        tags: Some(crate::tags::list(&tags)),
        ..DocumentDescription::default()
    })
}

/// As ListDocuments answers it.
pub(super) fn identifier(found: &Found, version: &Version) -> DocumentIdentifier {
    let (display_name, target_type, tags) = match found {
        Found::Owned(_) => (None, None, names::Tags::new()),
        Found::Stored(stored) => {
            (stored.display_name.clone(), stored.target_type.clone(), stored.tags.clone())
        }
    };
    DocumentIdentifier {
        name: Some(found.name()),
        created_date: Some(version.created),
        display_name,
        owner: Some(owner(found)),
        version_name: version.name.clone(),
        platform_types: Some(platforms()),
        document_version: Some(version.number.to_string()),
        document_type: Some(DocumentType::Automation),
        schema_version: Some("0.3".into()),
        document_format: Some(format(version.is_yaml)),
        target_type,
        tags: Some(crate::tags::list(&tags)),
        ..DocumentIdentifier::default()
    }
}
