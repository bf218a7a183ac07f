//! Log groups: made and deleted.

use super::{group, metric_filters, on_group, protection, subscription_filters, tags};
use crate::Logs;
use crate::state::event::LogEvent;
use crate::state::group::LogGroup;
use crate::state::policy::Policy;
use crate::state::stream::LogStream;
use api_logs::{
    CreateLogGroup, CreateLogGroupOutput, DeleteLogGroup, DeleteLogGroupOutput, Error,
    InvalidParameterException, LogGroupClass, ResourceAlreadyExistsException,
};
use contract::{Access, Call, Transact};
use std::ops::ControlFlow;
use store::{Tx, View};

/// The days that AWS keeps the events of groups of the class DELIVERY, whatever is asked for.
const DELIVERY_DAYS: i32 = 2;

impl Transact<CreateLogGroup> for Logs {
    fn access(input: &CreateLogGroup, call: &Call, view: &View) -> Access {
        let (scope, name) = (call.scope(), input.log_group_name.as_str());
        let mut access = on_group("CreateLogGroup", view, scope, name);
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access.checks.extend(on_group("TagResource", view, scope, name).checks);
        }
        access.with_request_tags(tags::pairs(input.tags.iter().flatten()))
    }

    fn run(input: CreateLogGroup, call: &Call, tx: &mut Tx) -> Result<CreateLogGroupOutput, Error> {
        if input.kms_key_id.is_some() {
            return Err(InvalidParameterException::new(
                "kmsKeyId: encryption of log groups is not built in Cloudchamber.",
            )
            .into());
        }
        if input.log_group_name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws/")) {
            return Err(InvalidParameterException::new(
                "Log groups starting with AWS/ are reserved for AWS.",
            )
            .into());
        }
        let tags = input.tags.unwrap_or_default();
        tags::check(tags.keys(), call)?;
        if tx.exists::<LogGroup>(call.scope(), &input.log_group_name)? {
            return Err(ResourceAlreadyExistsException::new("The specified log group already exists").into());
        }
        let class = input.log_group_class.unwrap_or_default();
        tx.insert(LogGroup {
            scope: call.scope(),
            name: input.log_group_name,
            created: call.now,
            retention: (class == LogGroupClass::Delivery).then_some(DELIVERY_DAYS),
            class: class.as_str().to_owned(),
            tags,
            deletion_protected: input.deletion_protection_enabled.unwrap_or(false),
        })?;
        Ok(CreateLogGroupOutput {})
    }
}

impl Transact<DeleteLogGroup> for Logs {
    fn access(input: &DeleteLogGroup, call: &Call, view: &View) -> Access {
        on_group("DeleteLogGroup", view, call.scope(), &input.log_group_name)
    }

    fn run(input: DeleteLogGroup, call: &Call, tx: &mut Tx) -> Result<DeleteLogGroupOutput, Error> {
        let scope = call.scope();
        let group = group(tx, scope, &input.log_group_name)?;
        protection::check(&group)?;
        let streams = tx.scan::<LogStream>(scope, (group.name.as_str(),)).rows()?;
        for stream in streams {
            remove_stream(tx, &stream)?;
        }
        metric_filters::remove_all(tx, scope, &group.name)?;
        subscription_filters::remove_all(tx, scope, &group.name)?;
        tx.remove::<Policy>(scope, (group.arn().to_string(), ""))?;
        tx.remove::<LogGroup>(scope, &group.name)?;
        Ok(DeleteLogGroupOutput {})
    }
}

/// Removes a stream and all its events.
pub(super) fn remove_stream(tx: &mut Tx, stream: &LogStream) -> Result<(), Error> {
    let prefix = (stream.group.as_str(), stream.name.as_str());
    let mut keys = Vec::new();
    tx.scan::<LogEvent>(stream.scope, prefix).each(|event| {
        keys.push((event.at, event.number));
        ControlFlow::Continue(())
    })?;
    for (at, number) in keys {
        tx.remove::<LogEvent>(stream.scope, (stream.group.as_str(), stream.name.as_str(), at, number))?;
    }
    tx.remove::<LogStream>(stream.scope, prefix)?;
    Ok(())
}
