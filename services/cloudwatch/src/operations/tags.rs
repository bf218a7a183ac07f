//! Tags of alarms and dashboards.

use super::{alarms, dashboards};
use crate::refusal::invalid;
use crate::state::{Alarm, Dashboard, arn, dashboard_arn};
use crate::{CloudWatch, tags};
use api_cloudwatch::{
    Error, ListTagsForResource, ListTagsForResourceOutput, ResourceNotFoundException, TagResource,
    TagResourceOutput, UntagResource, UntagResourceOutput,
};
use contract::{Access, Call, Transact};
use names::{Arn, Tags};
use store::{Tx, View};

impl Transact<TagResource> for CloudWatch {
    fn access(input: &TagResource, call: &Call, view: &View) -> Access {
        on_tagged("TagResource", &input.resource_arn, call, view)
            .with_request_tags(tags::pairs(Some(&input.tags)))
    }

    fn run(input: TagResource, call: &Call, tx: &mut Tx) -> Result<TagResourceOutput, Error> {
        change(&input.resource_arn, call, tx, |known| tags::add(known, input.tags.clone(), call))?;
        Ok(TagResourceOutput {})
    }
}

impl Transact<UntagResource> for CloudWatch {
    fn access(input: &UntagResource, call: &Call, view: &View) -> Access {
        on_tagged("UntagResource", &input.resource_arn, call, view)
            .with("aws:TagKeys", input.tag_keys.clone())
    }

    fn run(input: UntagResource, call: &Call, tx: &mut Tx) -> Result<UntagResourceOutput, Error> {
        change(&input.resource_arn, call, tx, |known| tags::remove(known, &input.tag_keys, call))?;
        Ok(UntagResourceOutput {})
    }
}

impl Transact<ListTagsForResource> for CloudWatch {
    fn access(input: &ListTagsForResource, call: &Call, view: &View) -> Access {
        on_tagged("ListTagsForResource", &input.resource_arn, call, view)
    }

    fn run(input: ListTagsForResource, call: &Call, tx: &mut Tx) -> Result<ListTagsForResourceOutput, Error> {
        let mut found = Tags::new();
        change(&input.resource_arn, call, tx, |known| {
            found.clone_from(known);
            Ok(())
        })?;
        Ok(ListTagsForResourceOutput { tags: Some(tags::list(&found)) })
    }
}

/// What has tags.
enum Tagged {
    Alarm(String),
    Dashboard(String),
}

impl Tagged {
    /// What an ARN names, of the account and region of a call; None where it is nothing that has tags here.
    fn read(text: &str, call: &Call) -> Option<Self> {
        let read: Arn = text.parse().ok()?;
        if let Some(name) = read.resource_after("alarm:") {
            return (read == arn(call.scope(), name)).then(|| Self::Alarm(name.to_owned()));
        }
        let name = read.resource_after("dashboard/")?;
        (read == dashboard_arn(call.account, name)).then(|| Self::Dashboard(name.to_owned()))
    }
}

/// An action on what an ARN names. What is no ARN of ours is told to those who may do the action at all.
fn on_tagged(action: &str, arn: &str, call: &Call, view: &View) -> Access {
    match Tagged::read(arn, call) {
        Some(Tagged::Alarm(name)) => Access::default().and(alarms::on_alarm(action, &name, call, view)),
        Some(Tagged::Dashboard(name)) => Access::default().and(dashboards::on(action, &name, call, view)),
        None => Access::to(format!("cloudwatch:{action}")),
    }
}

/// Changes the tags of what an ARN names; where they stay what they are, nothing is written.
fn change(
    arn: &str,
    call: &Call,
    tx: &mut Tx,
    change: impl FnOnce(&mut Tags) -> Result<(), Error>,
) -> Result<(), Error> {
    let not_found = |kind: &str| {
        Error::from(ResourceNotFoundException {
            message: format!("The resource {arn} does not exist."),
            resource_type: Some(kind.to_owned()),
            resource_id: Some(arn.to_owned()),
        })
    };
    match Tagged::read(arn, call) {
        Some(Tagged::Alarm(name)) => {
            let mut alarm =
                Alarm::get(tx, call.scope(), &name)?.ok_or_else(|| not_found("AWS::CloudWatch::Alarm"))?;
            change(&mut alarm.common_mut().tags)?;
            Ok(alarm.put(tx)?)
        }
        Some(Tagged::Dashboard(name)) => {
            let found = tx.get::<Dashboard>(call.global_scope(), name.as_str())?;
            let mut dashboard = found.ok_or_else(|| not_found("AWS::CloudWatch::Dashboard"))?;
            change(&mut dashboard.tags)?;
            Ok(tx.put(dashboard)?)
        }
        None if arn.parse::<Arn>().is_err() => {
            Err(invalid(format!("The value {} for parameter ResourceARN is invalid.", arn.escape_debug())))
        }
        None => Err(not_found("AWS::CloudWatch::Alarm")),
    }
}
