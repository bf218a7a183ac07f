use crate::{DAY, GROUP, SECOND, cloud_with, create_group, create_stream, put, refused, said, violates};
use api_logs::{
    DescribeQueries, GetLogGroupFields, GetLogRecord, GetQueryResults, GetQueryResultsOutput,
    PutRetentionPolicy, QueryLanguage, QueryStatus, StartQuery, StopQuery,
};
use contract::Caller;
use std::time::Duration;
use testkit::TestCloud;
use wire::document;

const CALL: &str = r#"{"eventName":"RunInstances","userIdentity":{"type":"Root"},"items":[{"x":7}]}"#;

pub(crate) fn start(cloud: &TestCloud, text: &str) -> StartQuery {
    let now = cloud.now().seconds();
    StartQuery {
        log_group_name: Some(GROUP.into()),
        start_time: now - 3600,
        end_time: now + 60,
        query_string: text.into(),
        ..Default::default()
    }
}

pub(crate) fn results(id: &str) -> GetQueryResults {
    GetQueryResults { query_id: id.into(), ..Default::default() }
}

pub(crate) async fn started(caller: &Caller, start: StartQuery) -> String {
    caller.call(start).await.unwrap().query_id.unwrap()
}

/// Waits until a query is over.
pub(crate) async fn over(cloud: &TestCloud, caller: &Caller, id: &str) -> GetQueryResultsOutput {
    cloud
        .until("the query is over", async || {
            let output = caller.call(results(id)).await.unwrap();
            let running = [Some(QueryStatus::Scheduled), Some(QueryStatus::Running)].contains(&output.status);
            (!running).then_some(output)
        })
        .await
}

fn rows(output: &GetQueryResultsOutput) -> Vec<String> {
    let row = |row: &Vec<api_logs::ResultField>| {
        let fields = row.iter().filter(|field| field.field.as_deref() != Some("@ptr"));
        let printed = fields
            .map(|field| format!("{}={}", field.field.as_deref().unwrap(), field.value.as_deref().unwrap()));
        printed.collect::<Vec<_>>().join(",")
    };
    output.results.as_ref().unwrap().iter().map(row).collect()
}

pub(crate) async fn answer(cloud: &TestCloud, caller: &Caller, start: StartQuery) -> GetQueryResultsOutput {
    let id = started(caller, start).await;
    over(cloud, caller, &id).await
}

#[tokio::test]
async fn a_query_is_started_run_and_described() {
    let (cloud, root) = cloud_with(&["s", "t"]).await;
    let now = cloud.now().millis();
    put(&root, "s", &[(now - 2, "text"), (now, CALL)]).await;
    put(&root, "t", &[(now - 1, CALL)]).await;
    let text = "fields @logStream, userIdentity.type, items.0.x | filter eventName = 'RunInstances'";
    let id = started(&root, start(&cloud, text)).await;
    let scheduled = root.call(results(&id)).await.unwrap();
    assert_eq!((scheduled.status, scheduled.results.unwrap().len()), (Some(QueryStatus::Scheduled), 0));
    let _work = cloud.start_work();
    let output = over(&cloud, &root, &id).await;
    assert_eq!(output.status, Some(QueryStatus::Complete));
    assert_eq!(output.query_language, Some(QueryLanguage::Cwli));
    assert_eq!(
        rows(&output),
        [
            "@logStream=s,userIdentity.type=Root,items.0.x=7",
            "@logStream=t,userIdentity.type=Root,items.0.x=7"
        ]
    );
    let statistics = output.statistics.unwrap();
    let bytes = (4 + 2 * CALL.len() + 3 * 26) as f64;
    assert_eq!(
        (statistics.records_matched, statistics.records_scanned, statistics.bytes_scanned),
        (Some(2.0), Some(3.0), Some(bytes))
    );
    let queries = root.call(DescribeQueries::default()).await.unwrap().queries.unwrap();
    assert_eq!(queries.len(), 1);
    assert_eq!(
        (queries[0].status, queries[0].query_string.as_deref()),
        (Some(QueryStatus::Complete), Some(text))
    );
    assert_eq!(queries[0].log_group_name.as_deref(), Some(GROUP));
    assert_eq!(queries[0].user_identity.as_deref(), Some("arn:aws:iam::111122223333:root"));
    assert_eq!(queries[0].create_time, Some(now));

    let pointer = output.results.unwrap()[0].last().unwrap().value.clone().unwrap();
    let record = root
        .call(GetLogRecord { log_record_pointer: pointer, unmask: None })
        .await
        .unwrap()
        .log_record
        .unwrap();
    assert_eq!((record["@message"].as_str(), record["@log"].as_str()), (CALL, "111122223333:/aws/lambda/fn"));
    assert_eq!(
        (record["@timestamp"].as_str(), record["userIdentity.type"].as_str()),
        (now.to_string().as_str(), "Root")
    );
}

#[tokio::test]
async fn times_groups_and_limits_are_honoured() {
    let (cloud, root) = cloud_with(&["s"]).await;
    create_group(&root, "other").await;
    create_stream(&root, "other", "s").await;
    let _work = cloud.start_work();
    let now = cloud.now().millis();
    put(
        &root,
        "s",
        &[
            (now - 7200 * SECOND, "old"),
            (now - 3600 * SECOND, "first"),
            (now, "now"),
            (now + 999, "last"),
            (now + 1000, "late"),
        ],
    )
    .await;
    let other =
        api_logs::PutLogEvents { log_group_name: "other".into(), ..crate::batch("s", [(now - 5, "other")]) };
    root.call(other).await.unwrap();
    let seconds = cloud.now().seconds();
    let narrow = StartQuery { end_time: seconds, ..start(&cloud, "fields @message") };
    assert_eq!(
        rows(&answer(&cloud, &root, narrow.clone()).await),
        ["@message=last", "@message=now", "@message=first"]
    );
    let both = StartQuery {
        log_group_name: None,
        log_group_names: Some(vec![GROUP.into(), "other".into(), GROUP.into()]),
        ..narrow.clone()
    };
    assert_eq!(
        rows(&answer(&cloud, &root, both).await),
        ["@message=last", "@message=now", "@message=other", "@message=first"]
    );
    let by_arn = StartQuery {
        log_group_name: None,
        log_group_identifiers: Some(vec!["arn:aws:logs:us-east-1:111122223333:log-group:other".into()]),
        ..narrow.clone()
    };
    assert_eq!(rows(&answer(&cloud, &root, by_arn).await), ["@message=other"]);
    let two = StartQuery { limit: Some(2), ..narrow.clone() };
    assert_eq!(rows(&answer(&cloud, &root, two.clone()).await).len(), 2);
    let own = StartQuery { query_string: "fields @message | limit 1".into(), ..two };
    assert_eq!(rows(&answer(&cloud, &root, own).await), ["@message=last"], "the text's own limit counts");
    root.call(PutRetentionPolicy { log_group_name: GROUP.into(), retention_in_days: 1 }).await.unwrap();
    cloud.advance(Duration::from_secs(24 * 60 * 60 - 1800)).await;
    let expired = StartQuery { end_time: cloud.now().seconds(), ..narrow };
    assert_eq!(
        rows(&answer(&cloud, &root, expired).await),
        ["@message=late", "@message=last", "@message=now"]
    );
}

#[tokio::test]
async fn many_events_are_looked_at_in_steps_and_results_come_in_pages() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    let line = "x".repeat(80);
    root.call(crate::batch("s", (0..5_000).map(|number| (now, format!("{number} {line}"))))).await.unwrap();
    let _work = cloud.start_work();
    let id = started(&root, start(&cloud, "parse @message '* *' as n, rest | display n")).await;
    let whole = over(&cloud, &root, &id).await;
    let expected: Vec<String> = (0..5_000).rev().map(|number| format!("n={number}")).collect();
    assert_eq!(rows(&whole), expected);
    assert_eq!(whole.statistics.unwrap().records_scanned, Some(5_000.0));
    let (mut seen, mut next_token) = (Vec::new(), None);
    loop {
        let page = GetQueryResults { max_items: Some(1_700), next_token, ..results(&id) };
        let page = root.call(page).await.unwrap();
        assert!(rows(&page).len() <= 1_700);
        seen.extend(rows(&page));
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    assert_eq!(seen, expected);
    let counted =
        answer(&cloud, &root, start(&cloud, "stats count(*) as n, count_distinct(@message) as d")).await;
    assert_eq!(rows(&counted), ["n=5000,d=5000"]);
    let other = started(&root, start(&cloud, "")).await;
    let first = root.call(GetQueryResults { max_items: Some(1), ..results(&id) }).await.unwrap();
    for (id, token) in [(other.as_str(), first.next_token.unwrap()), (&id, "wrong".to_owned())] {
        let foreign = GetQueryResults { next_token: Some(token), ..results(id) };
        refused(root.call(foreign).await, "InvalidParameterException", "The specified nextToken is invalid.");
    }
}

#[tokio::test]
async fn wrong_queries_are_refused_with_the_place() {
    let (cloud, root) = cloud_with(&[]).await;
    let error = root.call(start(&cloud, "fields @timestamp | count()")).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("MalformedQueryException", 400));
    assert_eq!(error.message, "unexpected symbol found count at line 1 and position 21");
    let detail = document!({
        "location": { "startCharOffset": 20, "endCharOffset": 25 },
        "message": "unexpected symbol found count at line 1 and position 21"
    });
    assert_eq!(error.members, [("queryCompileError", detail)]);
    let code = "InvalidParameterException";
    for language in [QueryLanguage::Sql, QueryLanguage::Ppl] {
        let other = StartQuery { query_language: Some(language), ..start(&cloud, "") };
        let (found, message) = said(root.call(other).await);
        assert_eq!(found, code);
        assert!(message.contains("is not built in Cloudchamber"), "{message}");
    }
    let none = StartQuery { log_group_name: None, ..start(&cloud, "") };
    assert_eq!(said(root.call(none).await).0, code);
    let both = StartQuery { log_group_names: Some(vec![GROUP.into()]), ..start(&cloud, "") };
    assert_eq!(said(root.call(both).await).0, code);
    let many = StartQuery {
        log_group_name: None,
        log_group_names: Some(vec![GROUP.into(); 51]),
        ..start(&cloud, "")
    };
    assert_eq!(said(root.call(many).await).0, code);
    let gone = StartQuery { log_group_name: Some("gone".into()), ..start(&cloud, "") };
    refused(
        root.call(gone).await,
        "ResourceNotFoundException",
        "Log group 'gone' does not exist for account ID '111122223333'",
    );
    let backwards = StartQuery { end_time: 0, ..start(&cloud, "") };
    assert_eq!(said(root.call(backwards).await).0, code);
    let before = StartQuery { start_time: 0, end_time: cloud.now().seconds() - 1, ..start(&cloud, "") };
    let sentence = "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings";
    refused(root.call(before).await, "MalformedQueryException", sentence);
    let more = StartQuery { limit: Some(10_001), ..start(&cloud, "") };
    assert_eq!(said(root.call(more).await).0, code);
    violates(root.call(start(&cloud, &" ".repeat(10_001))).await, "queryString");
    assert!(root.call(DescribeQueries::default()).await.unwrap().queries.unwrap().is_empty());
    let missing = "The specified query does not exist.";
    refused(root.call(results("gone")).await, "ResourceNotFoundException", missing);
    refused(root.call(StopQuery { query_id: "gone".into() }).await, "ResourceNotFoundException", missing);
}

#[tokio::test]
async fn a_query_is_stopped_once() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let id = started(&root, start(&cloud, "")).await;
    let stop = StopQuery { query_id: id.clone() };
    assert_eq!(root.call(stop.clone()).await.unwrap().success, Some(true));
    refused(root.call(stop).await, "InvalidParameterException", "The specified query is not running.");
    let _work = cloud.start_work();
    let other = answer(&cloud, &root, start(&cloud, "stats count(*)")).await;
    assert_eq!(other.status, Some(QueryStatus::Complete));
    assert_eq!(root.call(results(&id)).await.unwrap().status, Some(QueryStatus::Cancelled), "it stays so");
    let of = |status| DescribeQueries { status: Some(status), ..Default::default() };
    let cancelled = root.call(of(QueryStatus::Cancelled)).await.unwrap().queries.unwrap();
    assert_eq!(cancelled[0].query_id, Some(id));
    assert!(root.call(of(QueryStatus::Failed)).await.unwrap().queries.unwrap().is_empty());
}

#[tokio::test]
async fn what_would_keep_too_much_fails() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    for part in 0..11 {
        root.call(crate::batch("s", (0..10_000).map(|number| (now, format!("{part}-{number}")))))
            .await
            .unwrap();
    }
    let _work = cloud.start_work();
    let output = answer(&cloud, &root, start(&cloud, "stats count(*) by @message")).await;
    assert_eq!((output.status, output.results.unwrap().len()), (Some(QueryStatus::Failed), 0));
}

#[tokio::test]
async fn queries_are_many_and_kept_for_a_week() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let mut last = String::new();
    for _ in 0..100 {
        last = started(&root, start(&cloud, "stats count(*)")).await;
    }
    let sentence = "Account maximum query concurrency limit of [100] reached.";
    refused(root.call(start(&cloud, "")).await, "LimitExceededException", sentence);
    let page = DescribeQueries { max_results: Some(60), ..Default::default() };
    let first = root.call(page.clone()).await.unwrap();
    assert_eq!(first.queries.as_ref().unwrap().len(), 60);
    let second = root.call(DescribeQueries { next_token: first.next_token, ..page }).await.unwrap();
    assert_eq!((second.queries.unwrap().len(), second.next_token), (40, None));
    let _work = cloud.start_work();
    assert_eq!(over(&cloud, &root, &last).await.status, Some(QueryStatus::Complete));
    let all_over = async || {
        let running = DescribeQueries { status: Some(QueryStatus::Scheduled), ..Default::default() };
        let queries = root.call(running).await.unwrap().queries.unwrap();
        let running = DescribeQueries { status: Some(QueryStatus::Running), ..Default::default() };
        (queries.is_empty() && root.call(running).await.unwrap().queries.unwrap().is_empty()).then_some(())
    };
    cloud.until("all queries are over", all_over).await;
    cloud.advance(Duration::from_millis((7 * DAY - 1).unsigned_abs())).await;
    root.call(results(&last)).await.unwrap();
    cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(said(root.call(results(&last)).await).0, "ResourceNotFoundException");
    assert!(root.call(DescribeQueries::default()).await.unwrap().queries.unwrap().is_empty());
    started(&root, start(&cloud, "")).await;
}

#[tokio::test]
async fn the_fields_of_a_group_are_counted() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let now = cloud.now().millis();
    put(
        &root,
        "s",
        &[
            (now - 20 * 60 * SECOND, r#"{"old":1}"#),
            (now - 3, "text"),
            (now - 2, r#"{"a":1}"#),
            (now - 1, r#"{"a":1,"b":{"c":2}}"#),
        ],
    )
    .await;
    let ask = GetLogGroupFields { log_group_name: Some(GROUP.into()), ..Default::default() };
    let told = |fields: Vec<api_logs::LogGroupField>| {
        fields
            .into_iter()
            .map(|field| format!("{} {}", field.name.unwrap(), field.percent.unwrap()))
            .collect::<Vec<_>>()
    };
    let fields = told(root.call(ask.clone()).await.unwrap().log_group_fields.unwrap());
    assert_eq!(
        fields,
        [
            "@ingestionTime 100",
            "@log 100",
            "@logStream 100",
            "@message 100",
            "@timestamp 100",
            "a 66",
            "b.c 33"
        ]
    );
    let earlier = GetLogGroupFields { time: Some(cloud.now().seconds() - 25 * 60), ..ask };
    let fields = told(root.call(earlier).await.unwrap().log_group_fields.unwrap());
    assert!(fields.contains(&"old 100".to_owned()), "{fields:?}");
    let record = |pointer: &str| GetLogRecord { log_record_pointer: pointer.into(), unmask: None };
    refused(
        root.call(record("wrong")).await,
        "InvalidParameterException",
        "The specified log record pointer is invalid.",
    );
}
