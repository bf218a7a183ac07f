//! `AWS::SSM::Document`.

use super::{is_own, listed, retag};
use api_ssm::{
    CreateDocument, DeleteDocument, DescribeDocument, DocumentFormat, DocumentType, ResourceTypeForTagging,
    UpdateDocument, UpdateDocumentDefaultVersion,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::Tags;
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct DocumentHandler;

const KIND: ResourceTypeForTagging = ResourceTypeForTagging::Document;

#[async_trait::async_trait]
impl ResourceHandler for DocumentHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::SSM::Document"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "Name",
            "Content",
            "DocumentType",
            "DocumentFormat",
            "TargetType",
            "VersionName",
            "UpdateMethod",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Name", "DocumentType"]
    }

    fn conditional(&self) -> &'static [&'static str] {
        &["Content", "DocumentFormat", "TargetType", "VersionName"]
    }

    /// By `UpdateMethod` a change makes a new version, or, if it says nothing, a new document.
    fn replaces(&self, property: &str, _: &Properties, new: &Properties) -> bool {
        let makes_version = new.string("UpdateMethod").ok().flatten().as_deref() == Some("NewVersion");
        self.create_only().contains(&property) || (self.conditional().contains(&property) && !makes_version)
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        check(properties)?;
        let name = properties.string("Name")?.unwrap_or_else(|| context.generated_name(128));
        let (content, document_format) = content(properties)?;
        let create = CreateDocument {
            name: name.clone(),
            content,
            document_format,
            document_type: Some(parsed(properties, "DocumentType")?.unwrap_or(DocumentType::Command)),
            target_type: properties.string("TargetType")?,
            version_name: properties.string("VersionName")?,
            tags: Some(listed(tags(properties, &context.stack_tags)?)).filter(|tags| !tags.is_empty()),
            ..CreateDocument::default()
        };
        match context.caller.call(create).await {
            Ok(_) => {}
            Err(error) if error.code == "DocumentAlreadyExists" && is_own(KIND, &name, context).await? => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Created { physical_id: name, attributes: BTreeMap::new() })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        check(new)?;
        if self.conditional().iter().any(|name| old.get(name) != new.get(name)) {
            version(physical_id, new, context).await?;
        }
        let tags = (tags(old, &context.previous_stack_tags)?, tags(new, &context.stack_tags)?);
        retag(KIND, physical_id, tags, context).await?;
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let delete = DeleteDocument { name: physical_id.to_owned(), ..DeleteDocument::default() };
        match context.caller.call(delete).await {
            Err(error) if error.code != "InvalidDocument" => Err(error.into()),
            _ => Ok(()),
        }
    }
}

/// Makes a version and lets it be the default. One that an earlier try made is the newest, with the same content.
async fn version(name: &str, new: &Properties, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let (content, document_format) = content(new)?;
    let update = UpdateDocument {
        name: name.to_owned(),
        content,
        document_format,
        document_version: Some("$LATEST".into()),
        target_type: new.string("TargetType")?,
        version_name: new.string("VersionName")?,
        ..UpdateDocument::default()
    };
    match context.caller.call(update).await {
        Ok(_) => {}
        Err(error) if error.code == "DuplicateDocumentContent" => {}
        Err(error) => return Err(error.into()),
    }
    let describe = DescribeDocument { name: name.to_owned(), ..DescribeDocument::default() };
    let latest = context.caller.call(describe).await?.document.and_then(|document| document.latest_version);
    let default = UpdateDocumentDefaultVersion {
        name: name.to_owned(),
        document_version: latest.unwrap_or_else(|| "1".into()),
    };
    context.caller.call(default).await?;
    Ok(())
}

fn check(properties: &Properties) -> Result<(), HandlerFailure> {
    match properties.string("UpdateMethod")?.as_deref() {
        None | Some("Replace" | "NewVersion") => Ok(()),
        Some(other) => {
            Err(HandlerFailure::invalid(format!("#/UpdateMethod: {other} is not a valid enum value")))
        }
    }
}

/// The content, which may be written as an object, and its format.
fn content(properties: &Properties) -> Result<(String, Option<DocumentFormat>), HandlerFailure> {
    let format = parsed::<DocumentFormat>(properties, "DocumentFormat")?;
    match properties.get("Content") {
        None => Err(properties.missing("Content")),
        Some(Document::String(text)) => Ok((text.clone(), format)),
        // JSON is YAML, too.
        Some(object @ Document::Object(_)) => Ok((object.to_string(), format)),
        Some(_) => Err(HandlerFailure::invalid("#/Content: expected type: JSONObject")),
    }
}

fn parsed<T: std::str::FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
    let wrong = |text: &str| HandlerFailure::invalid(format!("#/{name}: {text} is not a valid enum value"));
    properties.string(name)?.map(|text| text.parse().map_err(|_| wrong(&text))).transpose()
}

fn tags(properties: &Properties, stack_tags: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack_tags.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}
