use crate::{GROUP, batch, cloud_with, filter, found, get, refused, said};
use api_logs::{
    CreateLogGroup, DescribeLogGroups, DescribeLogStreams, GetLogEvents, ListTagsForResource, TagResource,
    TestMetricFilter,
};

fn denied(user: &str, action: &str, resource: &str) -> String {
    format!(
        "User: arn:aws:iam::111122223333:user/{user} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
    )
}

fn allow(actions: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{actions},"Resource":"{resource}"}}]}}"#
    )
}

const PREFIX: &str = "arn:aws:logs:us-east-1:111122223333:log-group:";

#[tokio::test]
async fn denials_name_group_and_stream_as_aws_does() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let ann = cloud.user("ann", &[]);
    let now = cloud.now().millis();
    let code = "AccessDeniedException";
    let stream = format!("{PREFIX}{GROUP}:log-stream:s");
    refused(ann.call(batch("s", [(now, "x")])).await, code, &denied("ann", "logs:PutLogEvents", &stream));
    refused(ann.call(get("s")).await, code, &denied("ann", "logs:GetLogEvents", &stream));
    let group = format!("{PREFIX}{GROUP}:log-stream:");
    refused(ann.call(filter("")).await, code, &denied("ann", "logs:FilterLogEvents", &group));
    let create = CreateLogGroup { log_group_name: GROUP.into(), ..Default::default() };
    refused(ann.call(create).await, code, &denied("ann", "logs:CreateLogGroup", &group));
    let any = DescribeLogGroups { log_group_name_prefix: Some(GROUP.into()), ..Default::default() };
    let nameless = format!("{PREFIX}:log-stream:");
    refused(ann.call(any).await, code, &denied("ann", "logs:DescribeLogGroups", &nameless));
    let list = ListTagsForResource { resource_arn: format!("{PREFIX}{GROUP}") };
    refused(
        ann.call(list).await,
        code,
        &denied("ann", "logs:ListTagsForResource", &format!("{PREFIX}{GROUP}")),
    );
    let test = TestMetricFilter { filter_pattern: String::new(), log_event_messages: vec!["x".into()] };
    let on_nothing = denied("ann", "logs:TestMetricFilter", "*").replace(" on resource: *", "");
    refused(ann.call(test).await, code, &on_nothing);
    assert!(root.call(get("s")).await.unwrap().events.unwrap().is_empty(), "nothing was written");
}

#[tokio::test]
async fn a_denial_does_not_say_what_exists() {
    let (cloud, _root) = cloud_with(&["s"]).await;
    let ann = cloud.user("ann", &[]);
    let (here, gone) = (said(ann.call(get("s")).await), said(ann.call(get("gone")).await));
    assert_eq!(here.1.replace("stream:s ", "stream:gone "), gone.1);
    let wrong = GetLogEvents { next_token: Some("wrong".into()), ..get("s") };
    assert_eq!(said(ann.call(wrong).await).0, "AccessDeniedException", "before anything is checked");
}

#[tokio::test]
async fn policies_name_groups_with_a_star_behind() {
    let (cloud, _root) = cloud_with(&["s"]).await;
    let actions = r#"["logs:PutLogEvents","logs:FilterLogEvents","logs:DescribeLogStreams"]"#;
    let writer = cloud.role("writer", &[&allow(actions, &format!("{PREFIX}{GROUP}:*"))]);
    writer.call(batch("s", [(cloud.now().millis(), "x")])).await.unwrap();
    assert_eq!(found(&writer.call(filter("")).await.unwrap()), ["x"]);
    let describe = DescribeLogStreams { log_group_name: Some(GROUP.into()), ..Default::default() };
    writer.call(describe).await.unwrap();
    let without = cloud.role("without", &[&allow(actions, &format!("{PREFIX}{GROUP}"))]);
    assert_eq!(said(without.call(filter("")).await).0, "AccessDeniedException");
    let of_one =
        cloud.role("one", &[&allow(r#""logs:PutLogEvents""#, &format!("{PREFIX}{GROUP}:log-stream:t"))]);
    assert_eq!(said(of_one.call(batch("s", [(cloud.now().millis(), "x")])).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn unmasking_and_tagging_need_permissions_of_their_own() {
    let (cloud, _root) = cloud_with(&["s"]).await;
    let reader = cloud.user("reader", &[&allow(r#""logs:GetLogEvents""#, "*")]);
    reader.call(get("s")).await.unwrap();
    let unmasked = GetLogEvents { unmask: Some(true), ..get("s") };
    let group = format!("{PREFIX}{GROUP}:log-stream:");
    refused(reader.call(unmasked).await, "AccessDeniedException", &denied("reader", "logs:Unmask", &group));
    let creator = cloud.user("creator", &[&allow(r#""logs:CreateLogGroup""#, "*")]);
    let plain = CreateLogGroup { log_group_name: "g".into(), ..Default::default() };
    let tagged = CreateLogGroup { tags: Some([("a".to_owned(), "b".to_owned())].into()), ..plain.clone() };
    let resource = format!("{PREFIX}g:log-stream:");
    refused(
        creator.call(tagged).await,
        "AccessDeniedException",
        &denied("creator", "logs:TagResource", &resource),
    );
    creator.call(plain).await.unwrap();
}

#[tokio::test]
async fn conditions_see_tags() {
    let (cloud, root) = cloud_with(&["s"]).await;
    let condition = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:FilterLogEvents","Resource":"*",
        "Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}},{"Effect":"Allow","Action":"logs:TagResource","Resource":"*",
        "Condition":{"StringEquals":{"aws:RequestTag/team":"red"}}}]}"#;
    let ann = cloud.user("ann", &[condition]);
    let tag = |team: &str| TagResource {
        resource_arn: format!("{PREFIX}{GROUP}"),
        tags: [("team".to_owned(), team.to_owned())].into(),
    };
    assert_eq!(said(ann.call(filter("")).await).0, "AccessDeniedException");
    assert_eq!(said(ann.call(tag("blue")).await).0, "AccessDeniedException");
    root.call(tag("blue")).await.unwrap();
    ann.call(filter("")).await.unwrap();
    ann.call(tag("red")).await.unwrap();
    assert_eq!(said(ann.call(filter("")).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn other_accounts_groups_are_denied() {
    let (cloud, _root) = cloud_with(&["s"]).await;
    let ann = cloud.user("ann", &[&allow(r#""logs:*""#, "*")]);
    let theirs = "arn:aws:logs:us-east-1:999988887777:log-group:/aws/lambda/fn".to_owned();
    let by_arn =
        GetLogEvents { log_group_name: None, log_group_identifier: Some(theirs.clone()), ..get("s") };
    assert_eq!(said(ann.call(by_arn).await).0, "AccessDeniedException");
    assert_eq!(said(ann.call(ListTagsForResource { resource_arn: theirs }).await).0, "AccessDeniedException");
}
