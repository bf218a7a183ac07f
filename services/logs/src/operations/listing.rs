//! Log groups: listed and described.

use super::{limit, on_any_group, only_own_account, tokens};
use crate::Logs;
use crate::state::group::LogGroup;
use crate::state::metric_filter::MetricFilter;
use crate::state::stream::LogStream;
use api_logs::{
    DescribeLogGroups, DescribeLogGroupsOutput, Error, InvalidParameterException, ListLogGroups,
    ListLogGroupsOutput, LogGroupSummary, TagFilter, ValidationException,
};
use contract::{Access, Call, Transact};
use std::ops::ControlFlow;
use store::{StartsWith, Tx, View};
use tokens::Listing;

impl Transact<DescribeLogGroups> for Logs {
    // Whatever prefix is asked for, AWS checks `log-group::log-stream:`.
    fn access(_: &DescribeLogGroups, call: &Call, _: &View) -> Access {
        on_any_group("DescribeLogGroups", call)
    }

    fn run(input: DescribeLogGroups, call: &Call, tx: &mut Tx) -> Result<DescribeLogGroupsOutput, Error> {
        only_own_account(input.include_linked_accounts, input.account_identifiers.as_ref(), call.account)?;
        let by_name = input.log_group_name_prefix.is_some() || input.log_group_name_pattern.is_some();
        if input.log_group_name_prefix.is_some() && input.log_group_name_pattern.is_some() {
            return Err(InvalidParameterException::new(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            )
            .into());
        }
        if input.log_group_identifiers.is_some() && (by_name || input.log_group_class.is_some()) {
            return Err(InvalidParameterException::new(
                "logGroupIdentifiers cannot be combined with logGroupNamePrefix, logGroupNamePattern or logGroupClass.",
            )
            .into());
        }
        let wanted = |group: &LogGroup| {
            let class = input.log_group_class.is_none_or(|class| class.as_str() == group.class);
            let pattern =
                input.log_group_name_pattern.as_ref().is_none_or(|pattern| group.name.contains(pattern));
            let named = input.log_group_identifiers.as_ref().is_none_or(|identifiers| {
                let arn = group.arn().to_string();
                identifiers.iter().any(|identifier| *identifier == group.name || *identifier == arn)
            });
            class && pattern && named
        };
        let prefix = input.log_group_name_prefix.as_deref().unwrap_or_default();
        let (groups, next_token) = page(tx, call, prefix, input.next_token.as_deref(), input.limit, wanted)?;
        let briefly = input.log_group_name_pattern.is_some();
        let log_groups =
            groups.into_iter().map(|group| if briefly { Ok(brief(group)) } else { described(tx, group) });
        Ok(DescribeLogGroupsOutput {
            log_groups: Some(log_groups.collect::<Result<_, Error>>()?),
            next_token,
        })
    }
}

impl Transact<ListLogGroups> for Logs {
    fn access(_: &ListLogGroups, call: &Call, _: &View) -> Access {
        on_any_group("ListLogGroups", call)
    }

    fn run(input: ListLogGroups, call: &Call, tx: &mut Tx) -> Result<ListLogGroupsOutput, Error> {
        only_own_account(input.include_linked_accounts, input.account_identifiers.as_ref(), call.account)?;
        if input.data_sources.is_some() || input.field_index_names.is_some() {
            return Err(ValidationException::new(
                "dataSources and fieldIndexNames: data sources and field indexes are not built in Cloudchamber.",
            )
            .into());
        }
        let wanted = |group: &LogGroup| {
            let class = input.log_group_class.is_none_or(|class| class.as_str() == group.class);
            let named =
                input.log_group_name_pattern.as_deref().is_none_or(|pattern| is_named(&group.name, pattern));
            class && named && input.log_group_tags.iter().flatten().all(|filter| is_tagged(group, filter))
        };
        let (groups, next_token) = page(tx, call, "", input.next_token.as_deref(), input.limit, wanted)?;
        let summary = |group: LogGroup| LogGroupSummary {
            log_group_arn: Some(group.arn().to_string()),
            log_group_class: group.class.parse().ok(),
            log_group_name: Some(group.name),
        };
        Ok(ListLogGroupsOutput { log_groups: Some(groups.into_iter().map(summary).collect()), next_token })
    }
}

/// `^/aws/lambda|discovery`: one of several, each a part of the name or, with `^`, its beginning.
fn is_named(name: &str, pattern: &str) -> bool {
    pattern.split('|').any(|one| match one.strip_prefix('^') {
        Some(start) => name.starts_with(start),
        None => name.contains(one),
    })
}

/// One of the values: `!` negates, `*` at an end stands for anything and makes the case of letters not count.
fn is_tagged(group: &LogGroup, filter: &TagFilter) -> bool {
    let Some(value) = group.tags.get(&filter.key) else { return false };
    let values = filter.values.as_deref().unwrap_or_default();
    values.is_empty()
        || values.iter().any(|wanted| match wanted.strip_prefix('!') {
            Some(unwanted) => !is_value(value, unwanted),
            None => is_value(value, wanted),
        })
}

fn is_value(value: &str, wanted: &str) -> bool {
    let start = wanted.strip_prefix('*');
    let end = start.unwrap_or(wanted).strip_suffix('*');
    let part = end.or(start).unwrap_or(wanted).to_lowercase();
    match (start, end) {
        (None, None) => value == wanted,
        (Some(_), None) => value.to_lowercase().ends_with(&part),
        (None, Some(_)) => value.to_lowercase().starts_with(&part),
        (Some(_), Some(_)) => value.to_lowercase().contains(&part),
    }
}

fn page(
    view: &View,
    call: &Call,
    prefix: &str,
    token: Option<&str>,
    most: Option<i32>,
    wanted: impl Fn(&LogGroup) -> bool,
) -> Result<(Vec<LogGroup>, Option<String>), Error> {
    let most = limit(most, 50);
    let mut scan = view.scan::<LogGroup>(call.scope(), StartsWith(prefix));
    if let Some(last) = tokens::read(Listing::Groups, token, call.now)? {
        scan = scan.after(last.as_str());
    }
    let (mut groups, mut more) = (Vec::<LogGroup>::new(), false);
    scan.each(|group| {
        if !wanted(&group) {
            return ControlFlow::Continue(());
        }
        more = groups.len() == most;
        if more {
            return ControlFlow::Break(());
        }
        groups.push(group);
        ControlFlow::Continue(())
    })?;
    let last = groups.last().filter(|_| more);
    let next_token = last.map(|last| tokens::issue(Listing::Groups, &last.name, call.now));
    Ok((groups, next_token))
}

/// What AWS answers where `logGroupNamePattern` was given.
fn brief(group: LogGroup) -> api_logs::LogGroup {
    api_logs::LogGroup {
        creation_time: Some(group.created.millis()),
        arn: Some(format!("{}:*", group.arn())),
        log_group_name: Some(group.name),
        ..Default::default()
    }
}

fn described(view: &View, group: LogGroup) -> Result<api_logs::LogGroup, Error> {
    let mut bytes: i64 = 0;
    view.scan::<LogStream>(group.scope, (group.name.as_str(),)).each(|stream| {
        bytes = bytes.saturating_add(stream.bytes);
        ControlFlow::Continue(())
    })?;
    let filters = view.scan::<MetricFilter>(group.scope, (group.name.as_str(),)).count()?;
    let arn = group.arn().to_string();
    Ok(api_logs::LogGroup {
        creation_time: Some(group.created.millis()),
        retention_in_days: group.retention,
        metric_filter_count: i32::try_from(filters).ok(),
        arn: Some(format!("{arn}:*")),
        stored_bytes: Some(bytes),
        log_group_class: group.class.parse().ok(),
        log_group_arn: Some(arn),
        deletion_protection_enabled: Some(group.deletion_protected),
        log_group_name: Some(group.name),
        ..Default::default()
    })
}
