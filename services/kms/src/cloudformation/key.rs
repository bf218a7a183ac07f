//! `AWS::KMS::Key`.

use super::gone_is_done;
use crate::tags::STEP;
use api_kms::{
    CreateKey, DisableKey, DisableKeyRotation, EnableKey, EnableKeyRotation, PutKeyPolicy,
    ScheduleKeyDeletion, Tag, TagResource, UntagResource, UpdateKeyDescription,
};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::{Arn, Tags};
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct KeyHandler;

#[async_trait::async_trait]
impl ResourceHandler for KeyHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::KMS::Key"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "BypassPolicyLockoutSafetyCheck",
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "KeySpec",
            "KeyUsage",
            "MultiRegion",
            "Origin",
            "PendingWindowInDays",
            "RotationPeriodInDays",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["KeySpec", "KeyUsage", "MultiRegion", "Origin"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn", "KeyId"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let mut tags = wanted_tags(properties, &context.stack_tags)?;
        let token = format!("{}/{}/{}", context.stack_id, context.logical_id, context.token);
        tags.insert(STEP.into(), last(&token, 256));
        let create = CreateKey {
            policy: properties.json("KeyPolicy")?.map(|policy| policy.to_string()),
            description: properties.string("Description")?,
            key_usage: one_of(properties, "KeyUsage")?,
            key_spec: one_of(properties, "KeySpec")?,
            origin: one_of(properties, "Origin")?,
            bypass_policy_lockout_safety_check: properties.boolean("BypassPolicyLockoutSafetyCheck")?,
            tags: Some(tags.into_iter().map(|(tag_key, tag_value)| Tag { tag_key, tag_value }).collect()),
            multi_region: properties.boolean("MultiRegion")?,
            ..Default::default()
        };
        let made = context.caller.call(create).await?.key_metadata.unwrap_or_default();
        let id = made.key_id;
        finish(&id, &Properties::default(), properties, context)
            .await
            .map_err(|failure| failure.having_made(id.clone()))?;
        Ok(Created { attributes: attributes(&id, context), physical_id: id })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let id = || physical_id.to_owned();
        // A key that is disabled can be changed in few ways: it is enabled first, and disabled last.
        if enabled(new)? && !enabled(old)? {
            context.caller.call(EnableKey { key_id: id() }).await?;
        }
        let policy = new.json("KeyPolicy")?;
        if policy != old.json("KeyPolicy")? {
            let account = context.caller.principal().account().unwrap_or(context.caller.scope().account);
            let put = PutKeyPolicy {
                key_id: id(),
                policy_name: None,
                policy: policy
                    .map_or_else(|| crate::key_policy::default(account), |policy| policy.to_string()),
                bypass_policy_lockout_safety_check: new.boolean("BypassPolicyLockoutSafetyCheck")?,
            };
            context.caller.call(put).await?;
        }
        let description = new.string("Description")?.unwrap_or_default();
        if description != old.string("Description")?.unwrap_or_default() {
            context.caller.call(UpdateKeyDescription { key_id: id(), description }).await?;
        }
        let tags = wanted_tags(new, &context.stack_tags)?;
        let before = wanted_tags(old, &context.previous_stack_tags)?;
        let stale: Vec<String> = before.keys().filter(|key| !tags.contains_key(*key)).cloned().collect();
        if !stale.is_empty() {
            context.caller.call(UntagResource { key_id: id(), tag_keys: stale }).await?;
        }
        if !tags.is_empty() && tags != before {
            let tags = tags.into_iter().map(|(tag_key, tag_value)| Tag { tag_key, tag_value }).collect();
            context.caller.call(TagResource { key_id: id(), tags }).await?;
        }
        finish(physical_id, old, new, context).await?;
        Ok(Updated { attributes: attributes(physical_id, context) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let schedule = ScheduleKeyDeletion {
            key_id: physical_id.into(),
            pending_window_in_days: number(properties, "PendingWindowInDays")?,
        };
        match gone_is_done(context.caller.call(schedule).await) {
            // Already scheduled, by this step or by hand.
            Err(error) if error.code == "KMSInvalidStateException" => Ok(()),
            other => Ok(other?),
        }
    }
}

/// What a key has beside what CreateKey is given: its rotation, and being enabled.
async fn finish(
    id: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let key_id = id.to_owned();
    let (before, after) = (rotates(old)?, rotates(new)?);
    let period = number(new, "RotationPeriodInDays")?;
    if after && (!before || period != number(old, "RotationPeriodInDays")?) {
        let enable = EnableKeyRotation { key_id: key_id.clone(), rotation_period_in_days: period };
        context.caller.call(enable).await?;
    } else if before && !after {
        context.caller.call(DisableKeyRotation { key_id: key_id.clone() }).await?;
    }
    if enabled(old)? && !enabled(new)? {
        context.caller.call(DisableKey { key_id }).await?;
    }
    Ok(())
}

fn rotates(properties: &Properties) -> Result<bool, HandlerFailure> {
    Ok(properties.boolean("EnableKeyRotation")? == Some(true))
}

fn enabled(properties: &Properties) -> Result<bool, HandlerFailure> {
    Ok(properties.boolean("Enabled")? != Some(false))
}

fn number(properties: &Properties, name: &str) -> Result<Option<i32>, HandlerFailure> {
    let number = properties.integer(name)?.map(i32::try_from).transpose();
    number.map_err(|_| HandlerFailure::invalid(format!("#/{name}: the number is too large")))
}

fn one_of<T: std::str::FromStr>(properties: &Properties, name: &str) -> Result<Option<T>, HandlerFailure> {
    let Some(text) = properties.string(name)? else { return Ok(None) };
    match text.parse() {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(HandlerFailure::invalid(format!("#/{name}: {text} is not a valid enum value"))),
    }
}

/// The last characters of a text: a token's own part is at its end.
fn last(text: &str, length: usize) -> String {
    let cut = text.char_indices().rev().nth(length.saturating_sub(1)).map_or(0, |(index, _)| index);
    text.get(cut..).unwrap_or_default().to_owned()
}

fn wanted_tags(properties: &Properties, stack: &Tags) -> Result<Tags, HandlerFailure> {
    let mut tags = stack.clone();
    tags.extend(properties.tags("Tags")?);
    Ok(tags)
}

fn attributes(id: &str, context: &HandlerContext) -> BTreeMap<String, Document> {
    let scope = context.caller.scope();
    let account = context.caller.principal().account().unwrap_or(scope.account);
    let arn = Arn::new("kms", names::Scope::new(account, scope.region), format!("key/{id}")).to_string();
    BTreeMap::from([("Arn".to_owned(), Document::from(arn)), ("KeyId".to_owned(), Document::from(id))])
}
