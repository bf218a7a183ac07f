//! Subscription filters: what a group's events are sent to functions by, as they are put.

use super::filters::{Filter, check_regexes, refuse_unbuilt};
use super::{group, limit, on_group, tokens};
use crate::pattern::Pattern;
use crate::state::group::LogGroup;
use crate::state::subscription_filter::SubscriptionFilter;
use crate::{Logs, delivery};
use api_logs::{
    DeleteSubscriptionFilter, DeleteSubscriptionFilterOutput, DescribeSubscriptionFilters,
    DescribeSubscriptionFiltersOutput, Distribution, Error, InvalidParameterException,
    LimitExceededException, PutSubscriptionFilter, PutSubscriptionFilterOutput, ResourceNotFoundException,
};
use contract::{Access, Call, Context, Orchestrate, Transact};
use names::{Arn, Scope};
use store::{Tx, View};
use tokens::Listing;

/// The subscription filters of a group.
const MOST: usize = 2;
/// AWS's sentence where the function does not let it in, or is not there.
const NOT_EXECUTABLE: &str = "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.";

fn invalid(message: impl Into<String>) -> Error {
    InvalidParameterException::new(message).into()
}

#[async_trait::async_trait]
impl Orchestrate<PutSubscriptionFilter> for Logs {
    fn access(&self, input: &PutSubscriptionFilter, call: &Call, view: &View) -> Access {
        on_group("PutSubscriptionFilter", view, call.scope(), &input.log_group_name)
    }

    async fn run(
        &self,
        input: PutSubscriptionFilter,
        call: &Call,
        context: &Context,
    ) -> Result<PutSubscriptionFilterOutput, Error> {
        let criteria = input.field_selection_criteria.as_deref();
        let fields = ("emitSystemFields", input.emit_system_fields.as_deref());
        refuse_unbuilt(input.apply_on_transformed_logs, criteria, fields)?;
        let pattern = Pattern::parse(&input.filter_pattern).map_err(|wrong| invalid(wrong.to_string()))?;
        let destination = destination(&input, call)?;
        let filter = SubscriptionFilter {
            scope: call.scope(),
            group: input.log_group_name,
            name: input.filter_name,
            pattern: input.filter_pattern,
            destination,
            created: call.now,
        };
        // What the group says comes before what the function says.
        check(&context.store.view(), &filter, &pattern)?;
        if let Err(error) = delivery::check(&filter, call, context).await {
            tracing::info!(group = filter.group, filter = filter.name, %error, "a function cannot be subscribed");
            return Err(if error.status >= 500 {
                api_logs::ServiceUnavailableException::new("The service cannot complete the request.").into()
            } else {
                invalid(NOT_EXECUTABLE)
            });
        }
        context
            .transact(call, |_, tx| {
                let known = check(tx, &filter, &pattern)?;
                let created = known.map_or(filter.created, |known| known.created);
                tx.put(SubscriptionFilter { created, ..filter.clone() })?;
                Ok(PutSubscriptionFilterOutput {})
            })
            .await
    }
}

/// Refuses a filter that the group has no room for; answers the one that it replaces.
fn check(
    view: &View,
    filter: &SubscriptionFilter,
    pattern: &Pattern,
) -> Result<Option<SubscriptionFilter>, Error> {
    let group: LogGroup = group(view, filter.scope, &filter.group)?;
    let known = view.get::<SubscriptionFilter>(filter.scope, (&filter.group, &filter.name))?;
    let count = view.scan::<SubscriptionFilter>(filter.scope, (group.name.as_str(),)).count()?;
    if known.is_none() && count >= MOST {
        return Err(LimitExceededException::new("Resource limit exceeded.").into());
    }
    if pattern.has_regexes() {
        check_regexes(view, &group, Filter::Subscription(&filter.name))?;
    }
    Ok(known)
}

/// A function of the same account and region.
fn destination(input: &PutSubscriptionFilter, call: &Call) -> Result<Arn, Error> {
    let arn: Arn = input
        .destination_arn
        .parse()
        .map_err(|_| invalid("The specified destinationArn is not a valid ARN."))?;
    match arn.service.as_str() {
        "lambda" if arn.resource.starts_with("function:") => {}
        not_built @ ("kinesis" | "firehose" | "logs") => {
            return Err(invalid(format!(
                "destinationArn for vendor {not_built}: delivery to Kinesis data streams, Firehose and logical destinations is not built in Cloudchamber; the destination must be a Lambda function."
            )));
        }
        other => {
            return Err(invalid(format!(
                "PutSubscriptionFilter operation cannot work with destinationArn for vendor {other}"
            )));
        }
    }
    if input.role_arn.is_some() {
        return Err(invalid("destinationArn for vendor lambda cannot be used with roleArn"));
    }
    if input.distribution == Some(Distribution::Random) {
        return Err(invalid(
            "distribution: Random is only applicable when the destination is a Kinesis data stream.",
        ));
    }
    if arn.scope() != Some(call.scope()) {
        return Err(invalid(
            "destinationArn: the function must be in the account and region of the log group.",
        ));
    }
    Ok(arn)
}

impl Transact<DescribeSubscriptionFilters> for Logs {
    fn access(input: &DescribeSubscriptionFilters, call: &Call, view: &View) -> Access {
        on_group("DescribeSubscriptionFilters", view, call.scope(), &input.log_group_name)
    }

    fn run(
        input: DescribeSubscriptionFilters,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeSubscriptionFiltersOutput, Error> {
        let group = group(tx, call.scope(), &input.log_group_name)?;
        let prefix = store::StartsWith(input.filter_name_prefix.as_deref().unwrap_or_default());
        let found = tx.scan::<SubscriptionFilter>(call.scope(), (group.name.as_str(), prefix)).rows()?;
        let keyed = found.into_iter().map(|filter| (filter.name.clone(), answer(filter)));
        let (token, most) = (input.next_token.as_deref(), limit(input.limit, 50));
        let (filters, next_token) =
            tokens::page(Listing::SubscriptionFilters, token, most, call.now, keyed.collect())?;
        Ok(DescribeSubscriptionFiltersOutput { subscription_filters: Some(filters), next_token })
    }
}

impl Transact<DeleteSubscriptionFilter> for Logs {
    fn access(input: &DeleteSubscriptionFilter, call: &Call, view: &View) -> Access {
        on_group("DeleteSubscriptionFilter", view, call.scope(), &input.log_group_name)
    }

    fn run(
        input: DeleteSubscriptionFilter,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeleteSubscriptionFilterOutput, Error> {
        let scope = call.scope();
        let group = group(tx, scope, &input.log_group_name)?;
        if !remove(tx, scope, &group.name, &input.filter_name)? {
            return Err(
                ResourceNotFoundException::new("The specified subscription filter does not exist.").into()
            );
        }
        Ok(DeleteSubscriptionFilterOutput {})
    }
}

/// Removes a filter with what it still has to deliver; answers whether there was one.
fn remove(tx: &mut Tx, scope: Scope, group: &str, name: &str) -> Result<bool, Error> {
    delivery::drop_all(tx, scope, group, name)?;
    Ok(tx.remove::<SubscriptionFilter>(scope, (group, name))?.is_some())
}

/// Removes all subscription filters of a group.
pub(super) fn remove_all(tx: &mut Tx, scope: Scope, group: &str) -> Result<(), Error> {
    for filter in tx.scan::<SubscriptionFilter>(scope, (group,)).rows()? {
        remove(tx, scope, group, &filter.name)?;
    }
    Ok(())
}

fn answer(filter: SubscriptionFilter) -> api_logs::SubscriptionFilter {
    api_logs::SubscriptionFilter {
        filter_name: Some(filter.name),
        log_group_name: Some(filter.group),
        filter_pattern: Some(filter.pattern),
        destination_arn: Some(filter.destination.to_string()),
        distribution: Some(Distribution::ByLogStream),
        creation_time: Some(filter.created.millis()),
        apply_on_transformed_logs: Some(false),
        ..Default::default()
    }
}
