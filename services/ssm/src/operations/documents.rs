//! Documents: made, read and deleted.

use super::Ssm;
use super::find::{Found, Version, access, find, own};
use super::shown::{self, description};
use crate::document::{Runbook, owned, read};
use crate::errors::{not_built, refused, validation};
use crate::state::{DocumentVersion, StoredDocument};
use crate::tags;
use api_ssm::{
    CreateDocument, CreateDocumentOutput, DeleteDocument, DeleteDocumentOutput, DescribeDocument,
    DescribeDocumentOutput, DocumentAlreadyExists, DocumentFormat, DocumentLimitExceeded, DocumentStatus,
    DocumentType, Error, GetDocument, GetDocumentOutput, InvalidDocument, InvalidDocumentOperation,
    MaxDocumentSizeExceeded,
};
use contract::{Access, Call, Transact};
use names::Tags;
use std::collections::BTreeSet;
use store::{Tx, View};
use wire::Document;

/// AWS's limits: 64 KB of text, 500 documents of an account and region.
const LARGEST: usize = 64 * 1024;
const MOST: usize = 500;
/// What AWS keeps for itself.
const RESERVED: &[&str] = &["aws", "amazon", "amzn"];

/// Reads what CreateDocument and UpdateDocument are given; answers whether it is YAML.
pub(super) fn checked(content: &str, format: Option<DocumentFormat>) -> Result<bool, Error> {
    if content.len() > LARGEST {
        return Err(MaxDocumentSizeExceeded::new("The size limit of a document is 64 KB.").into());
    }
    let is_yaml = match format {
        None | Some(DocumentFormat::Json) => false,
        Some(DocumentFormat::Yaml) => true,
        Some(DocumentFormat::Text) => {
            return Err(validation(
                "Document format TEXT is not supported for documents of type Automation.",
            ));
        }
    };
    read(content, is_yaml).and_then(|document| Runbook::parse(&document)).map_err(refused)?;
    Ok(is_yaml)
}

impl Transact<CreateDocument> for Ssm {
    fn access(input: &CreateDocument, call: &Call, view: &View) -> Access {
        let mut needed = access("CreateDocument", call, view, &input.name);
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            needed.checks.extend(access("AddTagsToResource", call, view, &input.name).checks);
        }
        needed.with_request_tags(tags::pairs(input.tags.as_deref()))
    }

    fn run(input: CreateDocument, call: &Call, tx: &mut Tx) -> Result<CreateDocumentOutput, Error> {
        match input.document_type {
            Some(DocumentType::Automation) => {}
            other => {
                let kind = other.unwrap_or(DocumentType::Command);
                return Err(not_built(format!(
                    "Documents of type {kind} are not built in Cloudchamber, only Automation."
                )));
            }
        }
        if input.attachments.is_some_and(|list| !list.is_empty())
            || input.requires.is_some_and(|list| !list.is_empty())
        {
            return Err(not_built("Attachments and Requires of documents are not built in Cloudchamber."));
        }
        let name = input.name;
        if RESERVED.iter().any(|reserved| name.to_ascii_lowercase().starts_with(reserved)) {
            let message = format!(
                "Document name {name} is not valid: names that begin with aws, amazon or amzn are reserved."
            );
            return Err(InvalidDocument::new(message).into());
        }
        let is_yaml = checked(&input.content, input.document_format)?;
        if tx.exists::<StoredDocument>(call.scope(), name.as_str())? || owned::find(&name).is_some() {
            return Err(
                DocumentAlreadyExists::new(format!("Document with same name {name} already exists")).into()
            );
        }
        if tx.scan::<StoredDocument>(call.scope(), ()).limit(MOST).count()? >= MOST {
            return Err(DocumentLimitExceeded::new("You can have at most 500 active SSM documents.").into());
        }
        let mut given = Tags::new();
        tags::add(&mut given, input.tags.unwrap_or_default(), call)?;
        let version = DocumentVersion {
            scope: call.scope(),
            name: name.clone(),
            version: 1,
            version_name: input.version_name,
            created: call.now,
            content: input.content,
            is_yaml,
        };
        let stored = StoredDocument {
            scope: call.scope(),
            name,
            created: call.now,
            default_version: 1,
            latest_version: 1,
            display_name: input.display_name,
            target_type: input.target_type,
            tags: given,
            shared_with: BTreeSet::new(),
        };
        tx.insert(stored.clone())?;
        tx.insert(version.clone())?;
        let document_description = Some(description(&Found::Stored(stored), &version.into())?);
        Ok(CreateDocumentOutput { document_description })
    }
}

impl Transact<GetDocument> for Ssm {
    fn access(input: &GetDocument, call: &Call, view: &View) -> Access {
        access("GetDocument", call, view, &input.name)
    }

    fn run(input: GetDocument, call: &Call, tx: &mut Tx) -> Result<GetDocumentOutput, Error> {
        let found = find(tx, call, &input.name)?;
        let version = found.version(tx, input.document_version.as_deref(), input.version_name.as_deref())?;
        let (content, is_yaml) = in_format(&version, input.document_format)?;
        Ok(GetDocumentOutput {
            name: Some(found.name()),
            created_date: Some(version.created),
            display_name: match &found {
                Found::Stored(stored) => stored.display_name.clone(),
                Found::Owned(_) => None,
            },
            version_name: version.name,
            document_version: Some(version.number.to_string()),
            status: Some(DocumentStatus::Active),
            content: Some(content),
            document_type: Some(DocumentType::Automation),
            document_format: Some(shown::format(is_yaml)),
            ..GetDocumentOutput::default()
        })
    }
}

/// The content in the format that is asked for; JSON is YAML, too, so that it is told as it is.
fn in_format(version: &Version, asked: Option<DocumentFormat>) -> Result<(String, bool), Error> {
    match (asked, version.is_yaml) {
        // JSON where nothing is asked for.
        (None | Some(DocumentFormat::Json), true) => {
            let document: Document = read(&version.content, true).map_err(refused)?;
            Ok((document.pretty(), false))
        }
        (Some(DocumentFormat::Text), _) => {
            Err(validation("Document format TEXT is not supported for documents of type Automation."))
        }
        (Some(DocumentFormat::Yaml), _) => Ok((version.content.clone(), true)),
        (None | Some(DocumentFormat::Json), false) => Ok((version.content.clone(), false)),
    }
}

impl Transact<DescribeDocument> for Ssm {
    fn access(input: &DescribeDocument, call: &Call, view: &View) -> Access {
        access("DescribeDocument", call, view, &input.name)
    }

    fn run(input: DescribeDocument, call: &Call, tx: &mut Tx) -> Result<DescribeDocumentOutput, Error> {
        let found = find(tx, call, &input.name)?;
        let version = found.version(tx, input.document_version.as_deref(), input.version_name.as_deref())?;
        Ok(DescribeDocumentOutput { document: Some(description(&found, &version)?) })
    }
}

impl Transact<DeleteDocument> for Ssm {
    fn access(input: &DeleteDocument, call: &Call, view: &View) -> Access {
        access("DeleteDocument", call, view, &input.name)
    }

    fn run(input: DeleteDocument, call: &Call, tx: &mut Tx) -> Result<DeleteDocumentOutput, Error> {
        let stored = own(tx, call, &input.name)?;
        if input.document_version.is_some() || input.version_name.is_some() {
            let found = Found::Stored(stored.clone());
            let version =
                found.version(tx, input.document_version.as_deref(), input.version_name.as_deref())?;
            if version.number == stored.default_version {
                let message = "Default version of the document can't be deleted.";
                return Err(InvalidDocumentOperation::new(message).into());
            }
            tx.remove::<DocumentVersion>(stored.scope, (stored.name.as_str(), version.number))?;
            return Ok(DeleteDocumentOutput {});
        }
        if !stored.shared_with.is_empty() {
            let message =
                "Document is shared with other accounts and can't be deleted. Stop sharing it first.";
            return Err(InvalidDocumentOperation::new(message).into());
        }
        for version in DocumentVersion::all(tx, stored.scope, &stored.name)? {
            tx.remove::<DocumentVersion>(stored.scope, (version.name.as_str(), version.version))?;
        }
        tx.remove::<StoredDocument>(stored.scope, stored.name.as_str())?;
        Ok(DeleteDocumentOutput {})
    }
}
