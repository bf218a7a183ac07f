//! `AWS::IAM::Policy`: an inline policy of users, groups and roles.

use super::reading::inline_policy;
use super::step::{attributes, document};
use super::target::{Target, targets};
use contract::{Actual, Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};

/// Puts one policy on all that the template names.
pub(super) struct PolicyHandler;

/// The length of the ids that AWS makes: five letters of the stack, five of the resource, and the token.
const ID_LENGTH: usize = 24;

fn read(properties: &Properties) -> Result<(String, String, Vec<Target>), HandlerFailure> {
    let targets = targets(properties)?;
    if targets.is_empty() {
        return Err(HandlerFailure::invalid("At least one of [Groups,Roles,Users] must be non-empty."));
    }
    Ok((properties.required_string("PolicyName")?, document(properties, "PolicyDocument")?, targets))
}

#[async_trait::async_trait]
impl ResourceHandler for PolicyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::IAM::Policy"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["PolicyDocument", "PolicyName", "Users", "Groups", "Roles"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &[]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Id"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let (name, document, targets) = read(properties)?;
        for (done, target) in targets.iter().enumerate() {
            if let Err(failure) = target.put(&context.caller, &name, &document).await {
                for target in targets.iter().take(done) {
                    target.delete(&context.caller, &name).await?;
                }
                return Err(failure);
            }
        }
        let id = context.generated_name(ID_LENGTH);
        Ok(Created { attributes: attributes([("Id", id.clone())]), physical_id: id })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (old_name, old_document, old_targets) = read(old)?;
        let (name, document, targets) = read(new)?;
        let unchanged = old_name == name && old_document == document;
        for target in targets.iter().filter(|target| !(unchanged && old_targets.contains(target))) {
            target.put(&context.caller, &name, &document).await?;
        }
        for target in old_targets.iter().filter(|target| old_name != name || !targets.contains(target)) {
            target.delete(&context.caller, &old_name).await?;
        }
        Ok(Updated { attributes: attributes([("Id", physical_id.to_owned())]) })
    }

    async fn delete(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let (name, _, targets) = read(properties)?;
        for target in targets {
            target.delete(&context.caller, &name).await?;
        }
        Ok(())
    }

    async fn read(
        &self,
        _: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Actual, HandlerFailure> {
        let (name, _, targets) = read(properties)?;
        inline_policy(&name, &targets, properties, context).await
    }
}
