//! Log groups.

use super::{after, group, group_arn, on_group, only_own_account, token};
use crate::Logs;
use crate::state::event::LogEvent;
use crate::state::group::LogGroup;
use crate::state::stream::LogStream;
use api_logs::{
    CreateLogGroup, CreateLogGroupOutput, DeleteLogGroup, DeleteLogGroupOutput, DescribeLogGroups, DescribeLogGroupsOutput,
    Error, InvalidParameterException, ListLogGroups, ListLogGroupsOutput, LogGroupSummary, OperationAbortedException,
    ResourceAlreadyExistsException,
};
use contract::{Access, Call, Transact};
use std::ops::ControlFlow;
use store::{StartsWith, Tx, View};

impl Transact<CreateLogGroup> for Logs {
    fn access(input: &CreateLogGroup, call: &Call, _: &View) -> Access {
        let tags = input.tags.iter().flatten().map(|(key, value)| (key.as_str(), value.as_str()));
        let mut access = on_group("CreateLogGroup", call.scope(), &input.log_group_name).with_request_tags(tags);
        if input.tags.as_ref().is_some_and(|tags| !tags.is_empty()) {
            access.checks.extend(on_group("TagResource", call.scope(), &input.log_group_name).checks);
        }
        access
    }

    fn run(input: CreateLogGroup, call: &Call, tx: &mut Tx) -> Result<CreateLogGroupOutput, Error> {
        if input.kms_key_id.is_some() {
            return Err(InvalidParameterException::new("kmsKeyId: encryption of log groups is not built in Cloudchamber.").into());
        }
        let tags = input.tags.unwrap_or_default();
        super::tags::check(&tags)?;
        if tx.exists::<LogGroup>(call.scope(), &input.log_group_name)? {
            return Err(ResourceAlreadyExistsException::new("The specified log group already exists").into());
        }
        tx.insert(LogGroup {
            scope: call.scope(),
            name: input.log_group_name,
            created: call.now,
            retention: None,
            class: input.log_group_class.unwrap_or_default().as_str().to_owned(),
            tags,
            deletion_protected: input.deletion_protection_enabled.unwrap_or(false),
        })?;
        Ok(CreateLogGroupOutput {})
    }
}

impl Transact<DeleteLogGroup> for Logs {
    fn access(input: &DeleteLogGroup, call: &Call, _: &View) -> Access {
        on_group("DeleteLogGroup", call.scope(), &input.log_group_name)
    }

    fn run(input: DeleteLogGroup, call: &Call, tx: &mut Tx) -> Result<DeleteLogGroupOutput, Error> {
        let scope = call.scope();
        let group = group(tx, scope, &input.log_group_name)?;
        if group.deletion_protected {
            return Err(OperationAbortedException::new(
                "The log group has deletion protection enabled. Disable it before deleting the log group.",
            )
            .into());
        }
        let streams = tx.scan::<LogStream>(scope, (group.name.as_str(),)).rows()?;
        for stream in streams {
            remove_events(tx, &stream)?;
            tx.remove::<LogStream>(scope, (&stream.group, &stream.name))?;
        }
        tx.remove::<LogGroup>(scope, &group.name)?;
        Ok(DeleteLogGroupOutput {})
    }
}

/// Removes all events of a stream.
pub(super) fn remove_events(tx: &mut Tx, stream: &LogStream) -> Result<(), Error> {
    let prefix = (stream.group.as_str(), stream.name.as_str());
    let mut keys = Vec::new();
    tx.scan::<LogEvent>(stream.scope, prefix).each(|event| {
        keys.push((event.at, event.number));
        ControlFlow::Continue(())
    })?;
    for (at, number) in keys {
        tx.remove::<LogEvent>(stream.scope, (stream.group.as_str(), stream.name.as_str(), at, number))?;
    }
    Ok(())
}

impl Transact<DescribeLogGroups> for Logs {
    fn access(input: &DescribeLogGroups, call: &Call, _: &View) -> Access {
        on_group("DescribeLogGroups", call.scope(), input.log_group_name_prefix.as_deref().unwrap_or_default())
    }

    fn run(input: DescribeLogGroups, call: &Call, tx: &mut Tx) -> Result<DescribeLogGroupsOutput, Error> {
        only_own_account(input.include_linked_accounts, input.account_identifiers.as_ref(), call.account)?;
        if input.log_group_name_prefix.is_some() && input.log_group_name_pattern.is_some() {
            return Err(InvalidParameterException::new(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            )
            .into());
        }
        let identifiers = input.log_group_identifiers.as_ref();
        let wanted = |group: &LogGroup| {
            let class = input.log_group_class.is_none_or(|class| class.as_str() == group.class);
            let pattern = input.log_group_name_pattern.as_ref().is_none_or(|pattern| contains(&group.name, pattern));
            let named = identifiers.is_none_or(|identifiers| {
                let arn = group.arn().to_string();
                identifiers.iter().any(|identifier| *identifier == group.name || *identifier == arn)
            });
            class && pattern && named
        };
        let limit = usize::try_from(input.limit.unwrap_or(50)).unwrap_or(50);
        let prefix = input.log_group_name_prefix.unwrap_or_default();
        let after = after(input.next_token.as_deref())?;
        let (groups, more) = page(tx, call, &prefix, after.as_deref(), limit, wanted)?;
        let next_token = more.then(|| groups.last().map(|group| token(&group.name))).flatten();
        let log_groups = groups.into_iter().map(|group| described(tx, group)).collect::<Result<_, Error>>()?;
        Ok(DescribeLogGroupsOutput { log_groups: Some(log_groups), next_token })
    }
}

impl Transact<ListLogGroups> for Logs {
    fn access(_: &ListLogGroups, call: &Call, _: &View) -> Access {
        on_group("ListLogGroups", call.scope(), "")
    }

    fn run(input: ListLogGroups, call: &Call, tx: &mut Tx) -> Result<ListLogGroupsOutput, Error> {
        only_own_account(input.include_linked_accounts, input.account_identifiers.as_ref(), call.account)?;
        if input.data_sources.is_some() || input.field_index_names.is_some() {
            return Err(api_logs::ValidationException::new(
                "dataSources and fieldIndexNames: data sources and field indexes are not built in Cloudchamber.",
            )
            .into());
        }
        let wanted = |group: &LogGroup| {
            let pattern = input.log_group_name_pattern.as_deref().is_none_or(|pattern| match pattern.strip_prefix('^') {
                Some(start) => group.name.starts_with(start),
                None => group.name.contains(pattern),
            });
            let tagged = input.log_group_tags.iter().flatten().all(|filter| {
                let value = group.tags.get(&filter.key);
                value.is_some_and(|value| filter.values.as_ref().is_none_or(|values| values.is_empty() || values.contains(value)))
            });
            pattern && tagged && input.log_group_class.is_none_or(|class| class.as_str() == group.class)
        };
        let limit = usize::try_from(input.limit.unwrap_or(50)).unwrap_or(50);
        let after = after(input.next_token.as_deref())?;
        let (groups, more) = page(tx, call, "", after.as_deref(), limit, wanted)?;
        let next_token = more.then(|| groups.last().map(|group| token(&group.name))).flatten();
        let summary = |group: LogGroup| LogGroupSummary {
            log_group_arn: Some(group.arn().to_string()),
            log_group_class: group.class.parse().ok(),
            log_group_name: Some(group.name),
        };
        Ok(ListLogGroupsOutput { log_groups: Some(groups.into_iter().map(summary).collect()), next_token })
    }
}

/// AWS compares patterns without regard to case.
fn contains(name: &str, pattern: &str) -> bool {
    name.to_lowercase().contains(&pattern.to_lowercase())
}

fn page(
    view: &View,
    call: &Call,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
    wanted: impl Fn(&LogGroup) -> bool,
) -> Result<(Vec<LogGroup>, bool), Error> {
    let mut scan = view.scan::<LogGroup>(call.scope(), StartsWith(prefix));
    if let Some(after) = after {
        scan = scan.after(after);
    }
    let (mut groups, mut more) = (Vec::new(), false);
    scan.each(|group| {
        if !wanted(&group) {
            return ControlFlow::Continue(());
        }
        if groups.len() == limit {
            more = true;
            return ControlFlow::Break(());
        }
        groups.push(group);
        ControlFlow::Continue(())
    })?;
    Ok((groups, more))
}

fn described(view: &View, group: LogGroup) -> Result<api_logs::LogGroup, Error> {
    let mut bytes = 0;
    view.scan::<LogStream>(group.scope, (group.name.as_str(),)).each(|stream| {
        bytes += stream.bytes;
        ControlFlow::Continue(())
    })?;
    let arn = group_arn(group.scope, &group.name).to_string();
    Ok(api_logs::LogGroup {
        creation_time: Some(group.created.millis()),
        retention_in_days: group.retention,
        metric_filter_count: Some(0),
        arn: Some(format!("{arn}:*")),
        stored_bytes: Some(bytes),
        log_group_class: group.class.parse().ok(),
        log_group_arn: Some(arn),
        deletion_protection_enabled: Some(group.deletion_protected),
        log_group_name: Some(group.name),
        ..Default::default()
    })
}
