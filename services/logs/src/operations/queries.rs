//! Queries of Insights: started, stopped, described, and their results.

use super::{group, identify, identify_or_own, limit, on_any_group, on_group, tokens};
use crate::insights::{MOST_ROWS, Malformed, Query as Compiled};
use crate::state::group::LogGroup;
use crate::state::query::{Query, Results, Status};
use crate::{Logs, running};
use api_logs::{
    DescribeQueries, DescribeQueriesOutput, Error, GetQueryResults, GetQueryResultsOutput,
    InvalidParameterException, LimitExceededException, MalformedQueryException, QueryInfo, QueryLanguage,
    QueryStatistics, QueryStatus, ResourceNotFoundException, ResultField, StartQuery, StartQueryOutput,
    StopQuery, StopQueryOutput,
};
use contract::{Access, Call, Transact};
use names::Scope;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use store::{Tx, View};
use tokens::Listing;
use wire::document;

/// The groups of a query.
const MOST_GROUPS: usize = 50;
/// Queries of an account and region that are not over: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>
const MOST_AT_ONCE: usize = 100;
/// The bytes of a page of results.
const MOST_BYTES: usize = 8 * 1024 * 1024;

fn invalid(message: impl Into<String>) -> Error {
    InvalidParameterException::new(message).into()
}

/// The groups as they are named: one, several, or several by name or ARN.
fn named(input: &StartQuery) -> Vec<(Option<&str>, Option<&str>)> {
    let name = input.log_group_name.iter().map(|name| (Some(name.as_str()), None));
    let names = input.log_group_names.iter().flatten().map(|name| (Some(name.as_str()), None));
    let identifiers = input.log_group_identifiers.iter().flatten().map(|one| (None, Some(one.as_str())));
    name.chain(names).chain(identifiers).collect()
}

/// Refuses the languages that are not built.
pub(super) fn only_insights(language: Option<QueryLanguage>) -> Result<(), Error> {
    match language {
        None | Some(QueryLanguage::Cwli) => Ok(()),
        Some(other) => Err(invalid(format!(
            "queryLanguage: {} is not built in Cloudchamber; queries are in CWLI, the language of Logs Insights.",
            other.as_str()
        ))),
    }
}

fn malformed(malformed: Malformed) -> Error {
    let place = |character: usize| i64::try_from(character).unwrap_or(i64::MAX);
    let (start, end) = (place(malformed.start), place(malformed.end));
    let error = document!({
        "location": { "startCharOffset": start, "endCharOffset": end },
        "message": (malformed.message.as_str())
    });
    MalformedQueryException { message: malformed.message, query_compile_error: Some(error) }.into()
}

impl Transact<StartQuery> for Logs {
    fn access(input: &StartQuery, call: &Call, view: &View) -> Access {
        let mut access = Access::default();
        for (name, identifier) in named(input) {
            let (scope, name) = identify_or_own(call, name, identifier);
            access.checks.extend(on_group("StartQuery", view, scope, &name).checks);
        }
        if access.checks.is_empty() { on_any_group("StartQuery", call) } else { access }
    }

    fn run(input: StartQuery, call: &Call, tx: &mut Tx) -> Result<StartQueryOutput, Error> {
        let scope = call.scope();
        only_insights(input.query_language)?;
        let groups = groups(&input, call, tx)?;
        if input.end_time < input.start_time {
            return Err(invalid("endTime must not be earlier than startTime."));
        }
        let most = limit(input.limit, MOST_ROWS);
        if most > MOST_ROWS {
            return Err(invalid("limit: more than 10000 results of a query are not built in Cloudchamber."));
        }
        Compiled::parse(&input.query_string).map_err(malformed)?;
        // AWS's sentence, also where it is said of all groups.
        if groups.iter().all(|group| {
            input.end_time < group.created.seconds()
                || input.end_time.saturating_mul(1000) < group.horizon(call.now)
        }) {
            return Err(MalformedQueryException::new(
                "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings",
            )
            .into());
        }
        let known = tx.list::<Query>(scope)?;
        if known.iter().filter(|query| !query.status.is_over()).count() >= MOST_AT_ONCE {
            return Err(LimitExceededException::new(format!(
                "Account maximum query concurrency limit of [{MOST_AT_ONCE}] reached."
            ))
            .into());
        }
        running::forget(tx, known, call.now)?;
        let query = Query {
            scope,
            id: call.entropy.uuid(),
            text: input.query_string,
            groups: groups.into_iter().map(|group| group.name).collect(),
            start: input.start_time,
            end: input.end_time,
            limit: most,
            status: Status::Scheduled,
            principal: call.principal.arn(),
            created: call.now,
            ended: None,
            tries: 0,
            statistics: Default::default(),
            rows: 0,
        };
        running::enqueue(tx, &query)?;
        let query_id = Some(query.id.clone());
        tx.insert(query)?;
        Ok(StartQueryOutput { query_id })
    }
}

/// The groups of a query, each once.
fn groups(input: &StartQuery, call: &Call, view: &View) -> Result<Vec<LogGroup>, Error> {
    let given = [
        input.log_group_name.is_some(),
        input.log_group_names.is_some(),
        input.log_group_identifiers.is_some(),
    ];
    let named = named(input);
    if given.into_iter().filter(|given| *given).count() != 1 || named.is_empty() {
        return Err(invalid(
            "Exactly one of logGroupName, logGroupNames or logGroupIdentifiers must be specified.",
        ));
    }
    if named.len() > MOST_GROUPS {
        return Err(invalid(format!("A query has no more than {MOST_GROUPS} log groups.")));
    }
    let mut known = BTreeSet::new();
    let mut groups = Vec::new();
    for (name, identifier) in named {
        let (scope, name) = identify(call, name, identifier)?;
        if scope != call.scope() {
            return Err(invalid(
                "logGroupIdentifiers of other accounts need a monitoring account, which Cloudchamber does not have.",
            ));
        }
        let group = view.get::<LogGroup>(scope, &name)?.ok_or_else(|| {
            ResourceNotFoundException::new(format!(
                "Log group '{name}' does not exist for account ID '{}'",
                call.account
            ))
        })?;
        if known.insert(name) {
            groups.push(group);
        }
    }
    Ok(groups)
}

/// The query with an id, as long as it is kept.
fn query(view: &View, call: &Call, id: &str) -> Result<Query, Error> {
    let found = view.get::<Query>(call.scope(), id)?.filter(|query| query.is_kept(call.now));
    found.ok_or_else(|| ResourceNotFoundException::new("The specified query does not exist.").into())
}

impl Transact<GetQueryResults> for Logs {
    /// On the groups of the query, whose events its results are.
    fn access(input: &GetQueryResults, call: &Call, view: &View) -> Access {
        let groups = view.get::<Query>(call.scope(), &input.query_id).ok().flatten();
        let mut access = Access::default();
        for name in groups.iter().flat_map(|query| &query.groups) {
            access.checks.extend(on_group("GetQueryResults", view, call.scope(), name).checks);
        }
        if access.checks.is_empty() { on_any_group("GetQueryResults", call) } else { access }
    }

    fn run(input: GetQueryResults, call: &Call, tx: &mut Tx) -> Result<GetQueryResultsOutput, Error> {
        let query = query(tx, call, &input.query_id)?;
        let most = limit(input.max_items.filter(|most| *most > 0), MOST_ROWS);
        let first = match tokens::read(Listing::Results, input.next_token.as_deref(), call.now)? {
            None => 0,
            Some(position) => {
                let (id, first) = position.split_once(':').ok_or_else(tokens::invalid)?;
                let first = first.parse().ok().filter(|_| id == query.id);
                first.ok_or_else(tokens::invalid)?
            }
        };
        let rows = page(tx, call.scope(), &query.id, first, most)?;
        let next = first.saturating_add(rows.len());
        let next_token = (next < query.rows)
            .then(|| tokens::issue(Listing::Results, &format!("{}:{next}", query.id), call.now));
        let count = |count: u64| Some(store::whole(count));
        Ok(GetQueryResultsOutput {
            query_language: Some(QueryLanguage::Cwli),
            results: Some(rows),
            statistics: Some(QueryStatistics {
                records_matched: count(query.statistics.matched),
                records_scanned: count(query.statistics.scanned),
                estimated_records_skipped: count(0),
                bytes_scanned: count(query.statistics.bytes),
                estimated_bytes_skipped: count(0),
                log_groups_scanned: count(query.statistics.groups),
            }),
            status: Some(status(query.status)),
            encryption_key: None,
            next_token,
        })
    }
}

/// Rows of results from one on, up to a number and some bytes; one at least, where there is one.
fn page(
    view: &View,
    scope: Scope,
    id: &str,
    first: usize,
    most: usize,
) -> Result<Vec<Vec<ResultField>>, Error> {
    let (mut page, mut bytes) = (Vec::new(), 0_usize);
    // The row of the store that the first one is in begins at it or before.
    let from = u64::try_from(first).unwrap_or(u64::MAX);
    let begins = view.scan::<Results>(scope, (id,)).before((id, from.saturating_add(1))).reverse().first()?;
    let Some(begins) = begins else { return Ok(page) };
    view.scan::<Results>(scope, (id,)).from((id, begins.first)).each(|results| {
        for (number, row) in (results.first..).zip(results.rows) {
            let size: usize = row.iter().map(|(name, value)| name.len() + value.len()).sum();
            if page.len() >= most || (!page.is_empty() && bytes.saturating_add(size) > MOST_BYTES) {
                return ControlFlow::Break(());
            }
            if number >= from {
                bytes = bytes.saturating_add(size);
                let field = |(name, value)| ResultField { field: Some(name), value: Some(value) };
                page.push(row.into_iter().map(field).collect());
            }
        }
        ControlFlow::Continue(())
    })?;
    Ok(page)
}

impl Transact<StopQuery> for Logs {
    fn access(_: &StopQuery, _: &Call, _: &View) -> Access {
        Access::to("logs:StopQuery")
    }

    fn run(input: StopQuery, call: &Call, tx: &mut Tx) -> Result<StopQueryOutput, Error> {
        let query = query(tx, call, &input.query_id)?;
        if query.status.is_over() {
            return Err(invalid("The specified query is not running."));
        }
        tx.update(Query { status: Status::Cancelled, ended: Some(call.now), ..query })?;
        Ok(StopQueryOutput { success: Some(true) })
    }
}

impl Transact<DescribeQueries> for Logs {
    fn access(_: &DescribeQueries, _: &Call, _: &View) -> Access {
        Access::to("logs:DescribeQueries")
    }

    fn run(input: DescribeQueries, call: &Call, tx: &mut Tx) -> Result<DescribeQueriesOutput, Error> {
        if let Some(name) = &input.log_group_name {
            group(tx, call.scope(), name)?;
        }
        let of_language = input.query_language.is_none_or(|language| language == QueryLanguage::Cwli);
        let mut found = tx.list::<Query>(call.scope())?;
        found.retain(|query| {
            of_language
                && query.is_kept(call.now)
                && input.log_group_name.as_ref().is_none_or(|name| query.groups.contains(name))
                && input.status.is_none_or(|wanted| wanted == status(query.status))
        });
        // The latest first.
        let key = |query: &Query| format!("{:020}:{}", i64::MAX - query.created.millis(), query.id);
        let keyed = found.into_iter().map(|query| (key(&query), described(query)));
        let (token, most) = (input.next_token.as_deref(), limit(input.max_results, 1000));
        let (queries, next_token) = tokens::page(Listing::Queries, token, most, call.now, keyed.collect())?;
        Ok(DescribeQueriesOutput { queries: Some(queries), next_token })
    }
}

fn described(query: Query) -> QueryInfo {
    let duration = query.ended.map(|ended| ended.since(query.created).as_millis());
    let bytes_scanned = Some(store::whole(query.statistics.bytes));
    QueryInfo {
        query_language: Some(QueryLanguage::Cwli),
        query_id: Some(query.id),
        query_string: Some(query.text),
        status: Some(status(query.status)),
        create_time: Some(query.created.millis()),
        log_group_name: query.groups.into_iter().next(),
        query_duration: duration.and_then(|duration| i64::try_from(duration).ok()),
        bytes_scanned,
        user_identity: Some(query.principal),
    }
}

fn status(status: Status) -> QueryStatus {
    match status {
        Status::Scheduled => QueryStatus::Scheduled,
        Status::Running => QueryStatus::Running,
        Status::Complete => QueryStatus::Complete,
        Status::Failed => QueryStatus::Failed,
        Status::Cancelled => QueryStatus::Cancelled,
        Status::Timeout => QueryStatus::Timeout,
    }
}
