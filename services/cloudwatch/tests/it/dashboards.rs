//! Dashboards, their tags, and their CloudFormation type.

use crate::metrics_cloud::Cloud;
use api_cloudwatch::{
    DeleteDashboards, GetDashboard, ListDashboards, ListTagsForResource, PutDashboard, Tag, TagResource,
    UntagResource,
};
use contract::{Actual, Chain, HandlerContext, Properties, ResourceHandler};
use std::sync::Arc;
use std::time::Duration;
use wire::document;

const BODY: &str =
    r#"{"widgets":[{"type":"text","x":0,"y":0,"width":6,"height":3,"properties":{"markdown":"Hello"}}]}"#;
const ARN: &str = "arn:aws:cloudwatch::111122223333:dashboard/main";

fn put(name: &str, body: &str) -> PutDashboard {
    PutDashboard { dashboard_name: name.into(), dashboard_body: body.into(), tags: None }
}

#[tokio::test]
async fn dashboards_are_put_listed_and_deleted() {
    let cloud = Cloud::start();
    let answer = cloud.root.call(put("main", BODY)).await.unwrap();
    assert!(answer.dashboard_validation_messages.unwrap().is_empty());
    cloud.root.call(put("main-2", r#"{"widgets":[]}"#)).await.unwrap();
    cloud.root.call(put("other", BODY)).await.unwrap();
    let found = cloud.root.call(GetDashboard { dashboard_name: "main".into() }).await.unwrap();
    assert_eq!((found.dashboard_arn.as_deref(), found.dashboard_body.as_deref()), (Some(ARN), Some(BODY)));
    cloud.cloud.clock.advance(Duration::from_secs(60));
    cloud.root.call(put("main", r#"{"widgets":[ ]}"#)).await.unwrap();
    let list = ListDashboards { dashboard_name_prefix: Some("main".into()), next_token: None };
    let entries = cloud.root.call(list).await.unwrap().dashboard_entries.unwrap();
    let told: Vec<_> = entries
        .iter()
        .map(|it| (it.dashboard_name.as_deref().unwrap(), it.size.unwrap(), it.last_modified.unwrap()))
        .collect();
    assert_eq!(told, [("main", 15, cloud.now()), ("main-2", 14, testkit::START)]);
    // None is deleted where one is not there.
    let delete = |names: &[&str]| DeleteDashboards {
        dashboard_names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let error = cloud.root.call(delete(&["main", "gone"])).await.unwrap_err();
    assert_eq!(
        (error.query_code, error.message.as_str()),
        (Some("ResourceNotFound"), "Dashboard gone does not exist")
    );
    cloud.root.call(delete(&["main", "other"])).await.unwrap();
    let left = cloud.root.call(ListDashboards::default()).await.unwrap().dashboard_entries.unwrap();
    assert_eq!(left.len(), 1);
    let error = cloud.root.call(GetDashboard { dashboard_name: "main".into() }).await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("DashboardNotFoundError", 404));
}

#[tokio::test]
async fn what_is_no_dashboard_is_refused() {
    let cloud = Cloud::start();
    let error = cloud.root.call(put("my board", BODY)).await.unwrap_err();
    assert_eq!(
        error.message,
        "The value my board for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_)."
    );
    let error =
        cloud.root.call(put("main", r#"{"widgets":[{"type":"text","properties":{}}]}"#)).await.unwrap_err();
    assert_eq!(error.query_code, Some("InvalidParameterInput"));
    assert!(
        error.message.starts_with("The dashboard body is invalid, there are 1 validation errors:"),
        "{error}"
    );
    let messages = error.members.iter().find(|(name, _)| *name == "dashboardValidationMessages").unwrap();
    let first = &messages.1.as_array().unwrap()[0];
    assert_eq!(first.get("DataPath").unwrap().as_str(), Some("/widgets/0/properties"));
    assert!(cloud.root.call(ListDashboards::default()).await.unwrap().dashboard_entries.unwrap().is_empty());
}

#[tokio::test]
async fn dashboards_have_tags() {
    let cloud = Cloud::start();
    let tag = |key: &str, value: &str| Tag { key: key.into(), value: value.into() };
    let tags = async || {
        let list = ListTagsForResource { resource_arn: ARN.into() };
        let tags = cloud.root.call(list).await.map(|answer| answer.tags.unwrap());
        tags.map(|tags| tags.into_iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect::<Vec<_>>())
    };
    let error = tags().await.unwrap_err();
    assert_eq!((error.code.as_str(), error.status), ("ResourceNotFoundException", 404));
    let with = |value| PutDashboard { tags: Some(vec![tag("team", value)]), ..put("main", BODY) };
    cloud.root.call(with("a")).await.unwrap();
    cloud.root.call(with("b")).await.unwrap();
    assert_eq!(tags().await.unwrap(), ["team=a"], "tags are of a new dashboard");
    let change = TagResource { resource_arn: ARN.into(), tags: vec![tag("team", "c"), tag("env", "x")] };
    cloud.root.call(change).await.unwrap();
    let remove = UntagResource { resource_arn: ARN.into(), tag_keys: vec!["env".into(), "none".into()] };
    cloud.root.call(remove).await.unwrap();
    assert_eq!(tags().await.unwrap(), ["team=c"]);
    let reserved = TagResource { resource_arn: ARN.into(), tags: vec![tag("aws:x", "1")] };
    assert_eq!(cloud.root.call(reserved).await.unwrap_err().query_code, Some("InvalidParameterValue"));
    for arn in
        ["main", "arn:aws:cloudwatch::444455556666:dashboard/main", "arn:aws:sns:us-east-1:111122223333:main"]
    {
        let list = ListTagsForResource { resource_arn: arn.into() };
        assert!(cloud.root.call(list).await.is_err(), "{arn}");
    }
}

fn handler() -> Arc<dyn ResourceHandler> {
    let handlers = cloudwatch::registration().handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == "AWS::CloudWatch::Dashboard").unwrap()
}

fn context(cloud: &Cloud, logical_id: &str) -> HandlerContext {
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";
    let tags = [("aws:cloudformation:stack-id", stack_id), ("aws:cloudformation:logical-id", logical_id)];
    let tags: names::Tags = tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let chain = Chain::default().through("cloudformation.amazonaws.com");
    let principal = cloud.root.principal().clone();
    HandlerContext {
        caller: cloud.cloud.context().caller(principal, cloud.cloud.scope(), chain),
        context: cloud.cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: stack_id.into(),
        logical_id: logical_id.into(),
        stack_tags: tags.clone(),
        previous_stack_tags: tags,
        token: "ABCDEF123456".into(),
    }
}

#[tokio::test]
async fn stacks_make_change_and_delete_dashboards() {
    let cloud = Cloud::start();
    let (handler, context_) = (handler(), context(&cloud, "Board"));
    let properties = |body: &str, tag: &str| {
        Properties::new(document!({ "DashboardBody": body, "Tags": [{ "Key": "team", "Value": tag }] }))
    };
    let (old, new) = (properties(BODY, "a"), properties(r#"{"widgets":[]}"#, "b"));
    let made = handler.create(&old, &context_).await.unwrap();
    let name = made.physical_id;
    assert_eq!(name, "lab-Board-ABCDEF123456");
    // After kill -9 the step runs again, and finds what it made.
    assert_eq!(handler.create(&old, &context_).await.unwrap().physical_id, name);
    handler.update(&name, &old, &new, &context_).await.unwrap();
    let read = handler.read(&name, &new, &context_).await.unwrap();
    let Actual::Properties(actual) = read else { panic!("{read:?}") };
    assert_eq!(actual.get("DashboardBody").unwrap().as_str(), Some(r#"{"widgets":[]}"#));
    let tags = actual.get("Tags").unwrap().as_array().unwrap();
    let team = tags.iter().find(|tag| tag.get("Key").unwrap().as_str() == Some("team")).unwrap();
    assert_eq!(team.get("Value").unwrap().as_str(), Some("b"));
    // Another's is not adopted.
    let named = Properties::new(document!({ "DashboardName": (name.as_str()), "DashboardBody": BODY }));
    let error = handler.create(&named, &context(&cloud, "Other")).await.unwrap_err();
    assert_eq!(error.code, "AlreadyExists");
    let wrong = Properties::new(document!({ "DashboardBody": "{}" }));
    let error = handler.create(&wrong, &context(&cloud, "Wrong")).await.unwrap_err();
    assert_eq!(error.service_code.as_deref(), Some("DashboardInvalidInputError"));
    handler.delete(&name, &new, &context_).await.unwrap();
    handler.delete(&name, &new, &context_).await.unwrap();
    assert!(matches!(handler.read(&name, &new, &context_).await.unwrap(), Actual::Gone));
}
