//! `AWS::Events::Rule`.

use super::target::targets;
use super::{choice, gone_is_done, is_another_s, listed, retag, wanted_tags};
use crate::reference::BusReference;
use crate::state::DEFAULT;
use api_events::{DeleteRule, PutRule, PutTargets, RemoveTargets};
use contract::{Created, HandlerContext, HandlerFailure, Properties, ResourceHandler, Updated};
use names::Tags;
use std::collections::BTreeMap;
use wire::Document;

pub(crate) struct RuleHandler;

#[async_trait::async_trait]
impl ResourceHandler for RuleHandler {
    fn resource_type(&self) -> &'static str {
        "AWS::Events::Rule"
    }

    fn properties(&self) -> &'static [&'static str] {
        &[
            "Name",
            "Description",
            "EventBusName",
            "EventPattern",
            "ScheduleExpression",
            "State",
            "RoleArn",
            "Targets",
            "Tags",
        ]
    }

    fn create_only(&self) -> &'static [&'static str] {
        &["Name", "EventBusName"]
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["Arn"]
    }

    async fn create(
        &self,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<Created, HandlerFailure> {
        let given = properties.string("Name")?;
        let bus = properties.string("EventBusName")?;
        let name = given.unwrap_or_else(|| context.generated_name(64));
        let id = physical_id(bus.as_deref(), &name);
        let arn = rule_arn(bus.as_deref(), &name, context);
        // PutRule changes a rule that is there already. One of an earlier try of this step bears this resource's tags.
        if is_another_s(&arn, context).await? {
            return Err(HandlerFailure::new(
                "AlreadyExists",
                format!("Resource of type 'AWS::Events::Rule' with identifier '{arn}' already exists."),
            ));
        }
        let targets = targets(properties)?;
        let tags = wanted_tags(properties, &context.stack_tags)?;
        context.caller.call(rule(properties, bus.clone(), &name, tags)?).await?;
        if !targets.is_empty() {
            let put = PutTargets { rule: name.clone(), event_bus_name: bus, targets };
            let result = context.caller.call(put).await;
            result.map_err(|error| HandlerFailure::from(error).having_made(id.clone()))?;
        }
        Ok(Created { physical_id: id, attributes: attributes(&arn) })
    }

    async fn update(
        &self,
        physical_id: &str,
        old: &Properties,
        new: &Properties,
        context: &HandlerContext,
    ) -> Result<Updated, HandlerFailure> {
        let (bus, name) = place(physical_id);
        let arn = rule_arn(bus.as_deref(), &name, context);
        let (before, after) = (targets(old)?, targets(new)?);
        context.caller.call(rule(new, bus.clone(), &name, Tags::new())?).await?;
        let stale: Vec<String> = before
            .iter()
            .filter(|target| !after.iter().any(|kept| kept.id == target.id))
            .map(|target| target.id.clone())
            .collect();
        if !stale.is_empty() {
            let remove =
                RemoveTargets { rule: name.clone(), event_bus_name: bus.clone(), ids: stale, force: None };
            context.caller.call(remove).await?;
        }
        if !after.is_empty() {
            let put = PutTargets { rule: name.clone(), event_bus_name: bus, targets: after };
            context.caller.call(put).await?;
        }
        retag(&arn, old, new, context).await?;
        Ok(Updated { attributes: attributes(&arn) })
    }

    async fn delete(
        &self,
        physical_id: &str,
        properties: &Properties,
        context: &HandlerContext,
    ) -> Result<(), HandlerFailure> {
        let (bus, name) = place(physical_id);
        let ids: Vec<String> = targets(properties)?.into_iter().map(|target| target.id).collect();
        if !ids.is_empty() {
            let remove = RemoveTargets { rule: name.clone(), event_bus_name: bus.clone(), ids, force: None };
            gone_is_done(context.caller.call(remove).await)?;
        }
        let delete = DeleteRule { name, event_bus_name: bus, force: None };
        Ok(gone_is_done(context.caller.call(delete).await)?)
    }
}

/// `Ref`: the name, after its bus where that is not the default one.
fn physical_id(bus: Option<&str>, name: &str) -> String {
    match bus {
        Some(bus) if bus != DEFAULT => format!("{bus}|{name}"),
        _ => name.to_owned(),
    }
}

fn place(physical_id: &str) -> (Option<String>, String) {
    match physical_id.rsplit_once('|') {
        Some((bus, name)) => (Some(bus.to_owned()), name.to_owned()),
        None => (None, physical_id.to_owned()),
    }
}

fn rule_arn(bus: Option<&str>, name: &str, context: &HandlerContext) -> String {
    let own = |name: &str| BusReference { scope: context.caller.scope(), name: name.to_owned() };
    let bus = bus.map_or_else(|| own(DEFAULT), |bus| BusReference::from_arn(bus).unwrap_or_else(|| own(bus)));
    bus.rule_arn(name).to_string()
}

fn rule(
    properties: &Properties,
    bus: Option<String>,
    name: &str,
    tags: Tags,
) -> Result<PutRule, HandlerFailure> {
    Ok(PutRule {
        name: name.to_owned(),
        schedule_expression: properties.string("ScheduleExpression")?,
        event_pattern: properties.json("EventPattern")?.map(|pattern| pattern.to_string()),
        state: choice(properties, "State")?,
        description: properties.string("Description")?,
        role_arn: properties.string("RoleArn")?,
        tags: listed(tags).filter(|tags| !tags.is_empty()),
        event_bus_name: bus,
    })
}

fn attributes(arn: &str) -> BTreeMap<String, Document> {
    BTreeMap::from([("Arn".to_owned(), Document::from(arn))])
}
