use crate::queries::{answer, over, results, start, started};
use crate::{GROUP, cloud, create_group, create_stream, refused};
use api_logs::{DeleteLogGroup, DescribeQueries, GetLogRecord, QueryStatus, StartQuery, StopQuery};

#[tokio::test]
async fn queries_need_permission_on_each_group() {
    let cloud = cloud();
    let root = cloud.root();
    create_group(&root, GROUP).await;
    create_group(&root, "secret").await;
    create_stream(&root, "secret", "s").await;
    let allow = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["logs:StartQuery","logs:GetQueryResults","logs:GetLogRecord"],"Resource":"arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}:*"}}]}}"#
    );
    let ann = cloud.user("ann", &[&allow]);
    let _work = cloud.start_work();
    assert_eq!(answer(&cloud, &ann, start(&cloud, "")).await.status, Some(QueryStatus::Complete));
    let denied = |action: &str, resource: &str| {
        format!(
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: logs:{action}{resource} because no identity-based policy allows the logs:{action} action"
        )
    };
    let code = "AccessDeniedException";
    let both = StartQuery {
        log_group_name: None,
        log_group_names: Some(vec![GROUP.into(), "secret".into()]),
        ..start(&cloud, "")
    };
    let secret = " on resource: arn:aws:logs:us-east-1:111122223333:log-group:secret:log-stream:";
    refused(ann.call(both.clone()).await, code, &denied("StartQuery", secret));
    // Nor are the results of others' queries there for who may not read the group.
    let now = cloud.now().millis();
    root.call(api_logs::PutLogEvents {
        log_group_name: "secret".into(),
        ..crate::batch("s", [(now, "hush")])
    })
    .await
    .unwrap();
    let id = started(&root, both).await;
    let output = over(&cloud, &root, &id).await;
    refused(ann.call(results(&id)).await, code, &denied("GetQueryResults", secret));
    let pointer = output.results.unwrap()[0].last().unwrap().value.clone().unwrap();
    refused(
        ann.call(GetLogRecord { log_record_pointer: pointer, unmask: None }).await,
        code,
        &denied("GetLogRecord", secret),
    );
    refused(ann.call(StopQuery { query_id: id }).await, code, &denied("StopQuery", ""));
    refused(ann.call(DescribeQueries::default()).await, code, &denied("DescribeQueries", ""));
    root.call(DeleteLogGroup { log_group_name: "secret".into() }).await.unwrap();
}
