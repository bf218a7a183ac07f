//! What of a table is set by operations of its own: time to live, recovery, policies.

use api_dynamodb::{
    DeleteResourcePolicy, DescribeTimeToLive, PointInTimeRecoverySpecification, PutResourcePolicy,
    TableDescription, TimeToLiveSpecification, TimeToLiveStatus, UpdateContinuousBackups, UpdateTimeToLive,
};
use contract::{HandlerContext, HandlerFailure, Properties};
use wire::Document;

/// Brings the settings to what is wanted; may be run again.
pub(super) async fn apply(
    name: &str,
    table: &TableDescription,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    time_to_live(name, old, new, context).await?;
    recovery(name, old, new, context).await?;
    let arn = table.table_arn.clone().unwrap_or_default();
    policy(&arn, policy_of(Some(old))?, policy_of(Some(new))?, context).await?;
    if let Some(stream) = table.latest_stream_arn.as_ref().filter(|_| table.stream_specification.is_some()) {
        let before = policy_of(old.object("StreamSpecification")?.as_ref())?;
        let after = policy_of(new.object("StreamSpecification")?.as_ref())?;
        policy(stream, before, after, context).await?;
    }
    Ok(())
}

fn wanted_time_to_live(properties: &Properties) -> Result<Option<String>, HandlerFailure> {
    let Some(given) = properties.object("TimeToLiveSpecification")? else { return Ok(None) };
    given.only(&["AttributeName", "Enabled"])?;
    let enabled = given.boolean("Enabled")?.ok_or_else(|| given.missing("Enabled"))?;
    if !enabled {
        return Ok(None);
    }
    given.required_string("AttributeName").map(Some)
}

async fn time_to_live(
    name: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let wanted = wanted_time_to_live(new)?;
    if wanted.is_none() && wanted_time_to_live(old)?.is_none() {
        return Ok(());
    }
    let answer = context.caller.call(DescribeTimeToLive { table_name: name.into() }).await?;
    let described = answer.time_to_live_description.unwrap_or_default();
    let on = described.time_to_live_status == Some(TimeToLiveStatus::Enabled);
    let there = described.attribute_name.filter(|_| on);
    if there == wanted {
        return Ok(());
    }
    let set = |enabled: bool, attribute_name: String| UpdateTimeToLive {
        table_name: name.into(),
        time_to_live_specification: TimeToLiveSpecification { enabled, attribute_name },
    };
    if let Some(attribute) = there {
        context.caller.call(set(false, attribute)).await?;
    }
    if let Some(attribute) = wanted {
        context.caller.call(set(true, attribute)).await?;
    }
    Ok(())
}

fn wanted_recovery(
    properties: &Properties,
) -> Result<Option<PointInTimeRecoverySpecification>, HandlerFailure> {
    let Some(given) = properties.object("PointInTimeRecoverySpecification")? else { return Ok(None) };
    given.only(&["PointInTimeRecoveryEnabled", "RecoveryPeriodInDays"])?;
    let days = given.integer("RecoveryPeriodInDays")?.and_then(|days| i32::try_from(days).ok());
    Ok(Some(PointInTimeRecoverySpecification {
        point_in_time_recovery_enabled: given.boolean("PointInTimeRecoveryEnabled")?.unwrap_or(false),
        recovery_period_in_days: days,
    }))
}

async fn recovery(
    name: &str,
    old: &Properties,
    new: &Properties,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    let (before, after) = (wanted_recovery(old)?, wanted_recovery(new)?);
    let on = |wanted: &Option<PointInTimeRecoverySpecification>| {
        wanted.as_ref().is_some_and(|wanted| wanted.point_in_time_recovery_enabled)
    };
    if before == after || (!on(&before) && !on(&after)) {
        return Ok(());
    }
    let off = PointInTimeRecoverySpecification {
        point_in_time_recovery_enabled: false,
        recovery_period_in_days: None,
    };
    let update = UpdateContinuousBackups {
        table_name: name.into(),
        point_in_time_recovery_specification: after.unwrap_or(off),
    };
    context.caller.call(update).await?;
    Ok(())
}

/// `ResourcePolicy: { PolicyDocument }`
fn policy_of(properties: Option<&Properties>) -> Result<Option<Document>, HandlerFailure> {
    let Some(given) = properties.map(|given| given.object("ResourcePolicy")).transpose()?.flatten() else {
        return Ok(None);
    };
    given.only(&["PolicyDocument"])?;
    given
        .json("PolicyDocument")?
        .map_or_else(|| Err(given.missing("PolicyDocument")), |document| Ok(Some(document)))
}

async fn policy(
    arn: &str,
    before: Option<Document>,
    after: Option<Document>,
    context: &HandlerContext,
) -> Result<(), HandlerFailure> {
    if before == after {
        return Ok(());
    }
    match after {
        Some(policy) => {
            let put = PutResourcePolicy {
                resource_arn: arn.to_owned(),
                policy: policy.to_string(),
                ..PutResourcePolicy::default()
            };
            context.caller.call(put).await?;
        }
        None => {
            let delete = DeleteResourcePolicy { resource_arn: arn.to_owned(), expected_revision_id: None };
            context.caller.call(delete).await?;
        }
    }
    Ok(())
}
