//! Versions of documents.

use super::documents::checked;
use super::find::{Found, access, find, own};
use super::{Ssm, shown};
use crate::errors::not_built;
use crate::page::page;
use crate::state::{DocumentVersion, StoredDocument};
use api_ssm::{
    DocumentDefaultVersionDescription, DocumentStatus, DocumentVersionInfo, DocumentVersionLimitExceeded,
    DuplicateDocumentContent, DuplicateDocumentVersionName, Error, ListDocumentVersions,
    ListDocumentVersionsOutput, UpdateDocument, UpdateDocumentDefaultVersion,
    UpdateDocumentDefaultVersionOutput, UpdateDocumentOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

const MOST: u64 = 1000;

impl Transact<UpdateDocument> for Ssm {
    fn access(input: &UpdateDocument, call: &Call, view: &View) -> Access {
        access("UpdateDocument", call, view, &input.name)
    }

    fn run(input: UpdateDocument, call: &Call, tx: &mut Tx) -> Result<UpdateDocumentOutput, Error> {
        if input.attachments.is_some_and(|list| !list.is_empty()) {
            return Err(not_built("Attachments of documents are not built in Cloudchamber."));
        }
        let stored = own(tx, call, &input.name)?;
        let is_yaml = checked(&input.content, input.document_format)?;
        // The version that the update is of; it must be there.
        let of = Found::Stored(stored.clone()).version(
            tx,
            input.document_version.as_deref().or(Some("$LATEST")),
            None,
        )?;
        if of.content == input.content {
            let message = "The content of the association document matches another document. Change the content of the document and try again.";
            return Err(DuplicateDocumentContent::new(message).into());
        }
        let versions = DocumentVersion::all(tx, stored.scope, &stored.name)?;
        if let Some(name) = &input.version_name
            && versions.iter().any(|version| version.version_name.as_ref() == Some(name))
        {
            let message = "The version name has already been used in this document. Specify a different version name, and then try again.";
            return Err(DuplicateDocumentVersionName::new(message).into());
        }
        if stored.latest_version >= MOST {
            let message =
                "The document has too many versions. Delete one or more document versions and try again.";
            return Err(DocumentVersionLimitExceeded::new(message).into());
        }
        let latest_version = stored.latest_version.saturating_add(1);
        let version = DocumentVersion {
            scope: stored.scope,
            name: stored.name.clone(),
            version: latest_version,
            version_name: input.version_name,
            created: call.now,
            content: input.content,
            is_yaml,
        };
        let stored = StoredDocument {
            latest_version,
            display_name: input.display_name.or(stored.display_name),
            target_type: input.target_type.or(stored.target_type),
            ..stored
        };
        tx.put(stored.clone())?;
        tx.insert(version.clone())?;
        let document_description = Some(shown::description(&Found::Stored(stored), &version.into())?);
        Ok(UpdateDocumentOutput { document_description })
    }
}

impl Transact<UpdateDocumentDefaultVersion> for Ssm {
    fn access(input: &UpdateDocumentDefaultVersion, call: &Call, view: &View) -> Access {
        access("UpdateDocumentDefaultVersion", call, view, &input.name)
    }

    fn run(
        input: UpdateDocumentDefaultVersion,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<UpdateDocumentDefaultVersionOutput, Error> {
        let stored = own(tx, call, &input.name)?;
        let version = Found::Stored(stored.clone()).version(tx, Some(&input.document_version), None)?;
        tx.put(StoredDocument { default_version: version.number, ..stored.clone() })?;
        let description = DocumentDefaultVersionDescription {
            name: Some(stored.name),
            default_version: Some(version.number.to_string()),
            default_version_name: version.name,
        };
        Ok(UpdateDocumentDefaultVersionOutput { description: Some(description) })
    }
}

impl Transact<ListDocumentVersions> for Ssm {
    fn access(input: &ListDocumentVersions, call: &Call, view: &View) -> Access {
        access("ListDocumentVersions", call, view, &input.name)
    }

    fn run(
        input: ListDocumentVersions,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ListDocumentVersionsOutput, Error> {
        let found = find(tx, call, &input.name)?;
        let (versions, default, display_name) = match &found {
            Found::Owned(_) => (vec![found.version(tx, None, None)?], 1, None),
            Found::Stored(stored) => {
                let versions = DocumentVersion::all(tx, stored.scope, &stored.name)?;
                let versions = versions.into_iter().rev().map(Into::into).collect();
                (versions, stored.default_version, stored.display_name.clone())
            }
        };
        let info = |version: super::find::Version| DocumentVersionInfo {
            name: Some(found.name()),
            display_name: display_name.clone(),
            document_version: Some(version.number.to_string()),
            version_name: version.name,
            created_date: Some(version.created),
            is_default_version: Some(version.number == default),
            document_format: Some(shown::format(version.is_yaml)),
            status: Some(DocumentStatus::Active),
            ..DocumentVersionInfo::default()
        };
        let things =
            versions.into_iter().map(|version| (version.number.to_string(), info(version))).collect();
        let (versions, next_token) =
            page("versions", input.next_token.as_deref(), input.max_results, 50, things)?;
        Ok(ListDocumentVersionsOutput { document_versions: Some(versions), next_token })
    }
}
