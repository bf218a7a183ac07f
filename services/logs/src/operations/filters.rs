//! What metric filters and subscription filters have in common.

use crate::pattern::Pattern;
use crate::state::group::LogGroup;
use crate::state::metric_filter::MetricFilter;
use crate::state::subscription_filter::SubscriptionFilter;
use api_logs::{Error, InvalidParameterException, LimitExceededException};
use store::View;

/// The filters of a group whose patterns have regular expressions:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
const MOST_WITH_REGEXES: usize = 5;

/// A filter that is about to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter<'n> {
    Metric(&'n str),
    Subscription(&'n str),
}

/// Refuses what needs log transformers and centralized groups, which are not built.
pub(super) fn refuse_unbuilt(
    on_transformed: Option<bool>,
    criteria: Option<&str>,
    (member, system_fields): (&str, Option<&[String]>),
) -> Result<(), Error> {
    let message = if on_transformed == Some(true) {
        "applyOnTransformedLogs: log transformers are not built in Cloudchamber.".to_owned()
    } else if criteria.is_some_and(|criteria| !criteria.trim().is_empty()) {
        "fieldSelectionCriteria: system fields of centralized logs are not built in Cloudchamber.".to_owned()
    } else if system_fields.is_some_and(|fields| !fields.is_empty()) {
        format!("{member}: system fields of centralized logs are not built in Cloudchamber.")
    } else {
        return Ok(());
    };
    Err(InvalidParameterException::new(message).into())
}

/// Refuses a filter with regular expressions where the group has enough others of them.
pub(super) fn check_regexes(view: &View, group: &LogGroup, new: Filter<'_>) -> Result<(), Error> {
    let (scope, prefix) = (group.scope, (group.name.as_str(),));
    let metric = view.scan::<MetricFilter>(scope, prefix).rows()?;
    let subscription = view.scan::<SubscriptionFilter>(scope, prefix).rows()?;
    let metric = metric.iter().map(|filter| (Filter::Metric(&filter.name), &filter.pattern));
    let all =
        metric.chain(subscription.iter().map(|filter| (Filter::Subscription(&filter.name), &filter.pattern)));
    let others = all.filter(|(filter, pattern)| {
        *filter != new && Pattern::parse(pattern).is_ok_and(|pattern| pattern.has_regexes())
    });
    if others.count() >= MOST_WITH_REGEXES {
        return Err(LimitExceededException::new("Resource limit exceeded.").into());
    }
    Ok(())
}
