//! Who may measure and read, and who may not.

use crate::metrics_cloud::{Cloud, datum, expression};
use api_cloudwatch::{
    DeleteDashboards, GetDashboard, GetMetricData, ListMetrics, ListTagsForResource, PutDashboard,
    PutMetricData, Tag,
};
use contract::Caller;

const BODY: &str = r#"{"widgets":[]}"#;

fn user(cloud: &Cloud, statement: &str) -> Caller {
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    cloud.cloud.user("u", &[&policy])
}

fn measure(namespace: &str) -> PutMetricData {
    PutMetricData {
        namespace: namespace.into(),
        metric_data: Some(vec![datum("m", 1.0)]),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_namespace_may_be_a_condition() {
    let cloud = Cloud::start();
    let user = user(
        &cloud,
        r#"{"Effect":"Allow","Action":"cloudwatch:PutMetricData","Resource":"*",
            "Condition":{"StringEquals":{"cloudwatch:namespace":"Mine"}}}"#,
    );
    user.call(measure("Mine")).await.unwrap();
    let error = user.call(measure("Yours")).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("AccessDenied", 403));
    assert_eq!(
        error.message,
        "User: arn:aws:iam::111122223333:user/u is not authorized to perform: cloudwatch:PutMetricData because no identity-based policy \
         allows the cloudwatch:PutMetricData action"
    );
    assert_eq!(user.call(ListMetrics::default()).await.unwrap_err().code, "AccessDenied");
    let get = GetMetricData {
        metric_data_queries: vec![expression("e1", "TIME_SERIES(1)")],
        start_time: cloud.ago(1),
        end_time: cloud.now(),
        ..Default::default()
    };
    assert_eq!(user.call(get).await.unwrap_err().code, "AccessDenied");
    assert_eq!(
        cloud.listed(ListMetrics { namespace: Some("Yours".into()), ..Default::default() }).await,
        [""; 0]
    );
}

#[tokio::test]
async fn dashboards_are_resources_with_tags() {
    let cloud = Cloud::start();
    let user = user(
        &cloud,
        r#"{"Effect":"Allow","Action":"cloudwatch:*Dashboard*","Resource":"arn:aws:cloudwatch::111122223333:dashboard/team-*"},
           {"Effect":"Deny","Action":"cloudwatch:DeleteDashboards","Resource":"*",
            "Condition":{"StringEquals":{"aws:ResourceTag/keep":"yes"}}}"#,
    );
    let put =
        |name: &str| PutDashboard { dashboard_name: name.into(), dashboard_body: BODY.into(), tags: None };
    user.call(put("team-a")).await.unwrap();
    assert_eq!(user.call(put("main")).await.unwrap_err().code, "AccessDenied");
    let tagged =
        PutDashboard { tags: Some(vec![Tag { key: "keep".into(), value: "yes".into() }]), ..put("team-b") };
    assert_eq!(user.call(tagged.clone()).await.unwrap_err().code, "AccessDenied", "tags need TagResource");
    cloud.root.call(tagged).await.unwrap();
    user.call(GetDashboard { dashboard_name: "team-b".into() }).await.unwrap();
    let delete = |names: &[&str]| DeleteDashboards {
        dashboard_names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    assert_eq!(user.call(delete(&["team-a", "team-b"])).await.unwrap_err().code, "AccessDenied");
    user.call(delete(&["team-a"])).await.unwrap();
    let list =
        ListTagsForResource { resource_arn: "arn:aws:cloudwatch::111122223333:dashboard/team-b".into() };
    assert_eq!(user.call(list).await.unwrap_err().code, "AccessDenied");
}
