//! `AWS::KMS::Alias`.

use super::{AliasStep, gone_is_done};
use crate::state::Alias;
use api_kms::{CreateAlias, DeleteAlias, Error, UpdateAlias};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use wire::ServiceError;

pub(crate) struct AliasHandler;

#[async_trait::async_trait]
impl ResourceHandler for AliasHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::KMS::Alias"
    }

    fn properties(&self) -> &'static [&'static str] {
        &["AliasName", "TargetKeyId"]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["AliasName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["AliasName"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let alias_name = properties.required_string("AliasName")?;
        let target_key_id = properties.required_string("TargetKeyId")?;
        if !begun_before(&alias_name, context).await? {
            context.caller.call(CreateAlias { alias_name: alias_name.clone(), target_key_id }).await?;
        }
        let attributes = [("AliasName".to_owned(), alias_name.as_str().into())].into();
        Ok(Created { physical_id: alias_name, attributes })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let target_key_id = new.required_string("TargetKeyId")?;
        if old.string("TargetKeyId")?.as_ref() != Some(&target_key_id) {
            context.caller.call(UpdateAlias { alias_name: physical_id.into(), target_key_id }).await?;
        }
        Ok(Updated::default())
    }

    async fn delete(
        &self,
        physical_id: &str,
        _: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        Ok(gone_is_done(context.caller.call(DeleteAlias { alias_name: physical_id.into() }).await)?)
    }
}

/// Whether the alias is there and this very step made it; else notes that the step is about to, unless the alias is another's.
async fn begun_before(name: &str, context: &HandlerContext) -> Result<bool, HandlerFailure> {
    let scope = context.caller.scope();
    let token = format!("{} {} {}", context.stack_id, context.logical_id, context.token);
    let fault = |error: Error| HandlerFailure::from(error.into_response());
    let call = context
        .context
        .own_call("kms", "CreateAlias", context.caller.principal().clone(), scope)
        .map_err(|error| fault(error.into()))?;
    let noted = context.context.transact(&call, |_, tx| {
        let own = tx.get::<AliasStep>(scope, name)?.is_some_and(|step| step.token == token);
        let exists = tx.exists::<Alias>(scope, name)?;
        if !exists {
            tx.put(AliasStep { scope, alias: name.to_owned(), token: token.clone() })?;
        }
        Ok::<bool, Error>(own && exists)
    });
    noted.await.map_err(fault)
}
