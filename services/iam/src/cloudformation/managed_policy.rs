//! `AWS::IAM::ManagedPolicy`.

use super::step::{Attributes, document, gone};
use super::target::{Target, targets};
use crate::managed;
use api_iam::{
    CreatePolicy, CreatePolicyVersion, DeletePolicy, DeletePolicyVersion, GetPolicy, GetPolicyVersion,
    ListPolicyVersions, Policy,
};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::Arn;
use wire::Document;

/// Makes, changes and deletes managed policies.
pub(super) struct ManagedPolicyHandler;

const LONGEST_NAME: usize = 128;
/// The most versions of one policy.
const MOST_VERSIONS: usize = 5;

async fn answer(arn: &str, context: &HandlerContext) -> Result<Attributes, HandlerFailure> {
    let policy =
        context.caller.call(GetPolicy { policy_arn: arn.to_owned() }).await?.policy.unwrap_or_default();
    let Policy { policy_id, default_version_id, is_attachable, create_date, update_date, .. } = policy;
    let text = |value: Option<String>| Document::String(value.unwrap_or_default());
    let number = |value: Option<i32>| Document::from(value.unwrap_or_default());
    let moment = |value: Option<names::Timestamp>| text(value.map(names::Timestamp::iso_seconds));
    Ok([
        ("PolicyArn", Document::from(arn)),
        ("PolicyId", text(policy_id)),
        ("DefaultVersionId", text(default_version_id)),
        ("AttachmentCount", number(policy.attachment_count)),
        ("PermissionsBoundaryUsageCount", number(policy.permissions_boundary_usage_count)),
        ("IsAttachable", Document::from(is_attachable.unwrap_or_default())),
        ("CreateDate", moment(create_date)),
        ("UpdateDate", moment(update_date)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect())
}

/// Makes a document the default version; the oldest other version gives way where there are five.
async fn new_version(arn: &str, document: String, context: &HandlerContext) -> Result<(), HandlerFailure> {
    let (caller, policy_arn) = (&context.caller, || arn.to_owned());
    let list = ListPolicyVersions { policy_arn: policy_arn(), ..Default::default() };
    let versions = caller.call(list).await?.versions.unwrap_or_default();
    if versions.len() >= MOST_VERSIONS {
        let oldest = versions.iter().rev().find(|version| version.is_default_version != Some(true));
        if let Some(version_id) = oldest.and_then(|version| version.version_id.clone()) {
            caller.call(DeletePolicyVersion { policy_arn: policy_arn(), version_id }).await?;
        }
    }
    let create = CreatePolicyVersion {
        policy_arn: policy_arn(),
        policy_document: document,
        set_as_default: Some(true),
    };
    caller.call(create).await?;
    Ok(())
}

/// Whether the default version is this document: what a step that is run again has done already.
async fn is_default(arn: &str, document: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    let policy =
        context.caller.call(GetPolicy { policy_arn: arn.to_owned() }).await?.policy.unwrap_or_default();
    let version_id = policy.default_version_id.unwrap_or_default();
    let get = GetPolicyVersion { policy_arn: arn.to_owned(), version_id };
    let version = context.caller.call(get).await?.policy_version.unwrap_or_default();
    Ok(version.document.as_deref() == Some(&crate::documents::encoded(document)))
}

/// The tags of managed policies of a stack are no property of the type; the stack's own are put on it.
async fn create_policy(
    name: &str,
    properties: &Properties,
    context: &HandlerContext,
) -> Result<String, HandlerFailure> {
    let path = properties.string("Path")?;
    let account = context.caller.scope().account;
    let arn = format!("policy{}{name}", path.as_deref().unwrap_or("/"));
    let arn = Arn::new("iam", names::Scope::global(account), arn).to_string();
    let create = CreatePolicy {
        policy_name: name.to_owned(),
        path,
        policy_document: document(properties, "PolicyDocument")?,
        description: properties.string("Description")?,
        tags: super::step::listed(&context.stack_tags),
    };
    let error = match context.caller.call(create).await {
        Ok(made) => return Ok(made.policy.and_then(|policy| policy.arn).unwrap_or(arn)),
        Err(error) => error,
    };
    if error.code != "EntityAlreadyExists" {
        return Err(error.into());
    }
    let Ok(found) = context.caller.call(GetPolicy { policy_arn: arn.clone() }).await else {
        return Err(error.into());
    };
    let tags = found.policy.unwrap_or_default().tags;
    if super::step::is_ours(&error, name, tags.as_deref(), context) { Ok(arn) } else { Err(error.into()) }
}

#[async_trait::async_trait]
impl ResourceHandler for ManagedPolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::ManagedPolicy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Description", "ManagedPolicyName", "Path"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &[
            "PolicyArn",
            "PolicyId",
            "DefaultVersionId",
            "AttachmentCount",
            "PermissionsBoundaryUsageCount",
            "IsAttachable",
            "CreateDate",
            "UpdateDate",
        ]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let targets = targets(properties)?;
        let name =
            properties.string("ManagedPolicyName")?.unwrap_or_else(|| context.generated_name(LONGEST_NAME));
        let arn = create_policy(&name, properties, context).await?;
        for target in &targets {
            if let Err(failure) = target.attach(&context.caller, &arn).await {
                if let Err(left) = self.delete(&arn, properties, context).await {
                    tracing::warn!(arn, %left, "a policy that could not be attached could not be deleted either");
                }
                return Err(failure);
            }
        }
        let attributes = answer(&arn, context).await?;
        Ok(Created { physical_id: arn, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let document = document(new, "PolicyDocument")?;
        if !is_default(physical_id, &document, context).await? {
            new_version(physical_id, document, context).await?;
        }
        let (was, wanted): (Vec<Target>, Vec<Target>) = (targets(old)?, targets(new)?);
        for target in was.iter().filter(|target| !wanted.contains(target)) {
            target.detach(&context.caller, physical_id).await?;
        }
        for target in wanted.iter().filter(|target| !was.contains(target)) {
            target.attach(&context.caller, physical_id).await?;
        }
        Ok(Updated { attributes: answer(physical_id, context).await? })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        for target in targets(properties)? {
            target.detach(&context.caller, physical_id).await?;
        }
        if managed::check_arn(physical_id).is_err() {
            return Ok(());
        }
        let (caller, policy_arn) = (&context.caller, || physical_id.to_owned());
        match caller.call(ListPolicyVersions { policy_arn: policy_arn(), ..Default::default() }).await {
            Ok(list) => {
                for version in list.versions.unwrap_or_default() {
                    if let (Some(version_id), Some(false)) = (version.version_id, version.is_default_version)
                    {
                        gone(
                            caller.call(DeletePolicyVersion { policy_arn: policy_arn(), version_id }).await,
                        )?;
                    }
                }
            }
            Err(error) => return gone::<()>(Err(error)),
        }
        gone(caller.call(DeletePolicy { policy_arn: policy_arn() }).await)
    }

    async fn read(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        super::reading::managed_policy(physical_id, properties, context).await
    }
}
