use crate::support::{Cloud, create, said, things};
use api_cloudformation::{
    CreateStack, DescribeStackEvents, DescribeStackResource, DescribeStacks, GetStackPolicy, GetTemplate,
    ListStackResources, ListStacks, SetStackPolicy, StackStatus,
};
use std::time::Duration;
use wire::Document;

#[tokio::test]
async fn long_answers_come_in_pages() {
    let cloud = Cloud::new();
    let names: Vec<String> = (0..120).map(|number| format!("R{number:03}")).collect();
    let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let id = cloud.make("s", &things(&all)).await.stack_id.unwrap();

    let mut seen = Vec::new();
    let mut next_token = None;
    loop {
        let list = ListStackResources { stack_name: "s".into(), next_token };
        let page = cloud.root.call(list).await.unwrap();
        seen.extend(page.stack_resource_summaries.unwrap().into_iter().map(|it| it.logical_resource_id));
        next_token = page.next_token;
        if next_token.is_none() {
            break;
        }
    }
    assert_eq!(seen, names);

    let first =
        cloud.root.call(DescribeStackEvents { stack_name: id.clone(), next_token: None }).await.unwrap();
    let mut ids: Vec<String> = first.stack_events.unwrap().into_iter().map(|it| it.event_id).collect();
    assert_eq!(ids.len(), 100);
    // Events that come between two pages move nothing.
    cloud.delete(&id).await;
    let mut next_token = first.next_token;
    while next_token.is_some() {
        let page = cloud.root.call(DescribeStackEvents { stack_name: id.clone(), next_token }).await.unwrap();
        ids.extend(page.stack_events.unwrap().into_iter().map(|it| it.event_id));
        next_token = page.next_token;
    }
    assert_eq!(ids.len(), 362);
    assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), 362);
    let wrong = DescribeStackEvents { stack_name: id, next_token: Some("nonsense!".into()) };
    assert_eq!(
        said(cloud.root.call(wrong).await.map(|_| ()).unwrap_err()),
        "ValidationError: The specified NextToken is invalid."
    );
}

#[tokio::test]
async fn stacks_are_listed_newest_first_and_by_status() {
    let cloud = Cloud::new();
    for number in 0..105 {
        cloud.begin(&format!("s{number}"), &things(&[("A", "")])).await;
        cloud.cloud.clock.advance(Duration::from_secs(1));
    }
    for number in 0..105 {
        let id = cloud.stack(&format!("s{number}")).await.stack_id.unwrap();
        cloud.rests(&id).await;
    }
    let first = cloud.root.call(ListStacks::default()).await.unwrap();
    let second =
        cloud.root.call(ListStacks { next_token: first.next_token, ..Default::default() }).await.unwrap();
    let names = first
        .stack_summaries
        .unwrap()
        .into_iter()
        .chain(second.stack_summaries.unwrap())
        .map(|it| it.stack_name);
    assert!(names.eq((0..105).rev().map(|number| format!("s{number}"))));
    assert!(second.next_token.is_none());
    let none =
        ListStacks { stack_status_filter: Some(vec![StackStatus::DeleteComplete]), ..Default::default() };
    assert!(cloud.root.call(none).await.unwrap().stack_summaries.unwrap().is_empty());
    assert!(cloud.root.call(DescribeStacks::default()).await.unwrap().next_token.is_some());
}

#[tokio::test]
async fn config_sees_a_stack_only_when_it_rests() {
    let cloud = Cloud::new();
    let kind = cloud.cloud.context().catalog.resources["AWS::CloudFormation::Stack"];
    let item =
        |id: &str| (kind.describe)(&cloud.cloud.context().store.view(), cloud.cloud.scope(), id).unwrap();
    let changes = || {
        let changes = cloud.cloud.context().store.feed().since(store::Position::default(), 1000).unwrap();
        changes
            .iter()
            .filter(|change| change.resource.resource_type.as_str() == "AWS::CloudFormation::Stack")
            .count()
    };
    let template = format!(
        "{}Outputs: {{O: {{Value: v}}}}\n",
        things(&[("A", ""), ("Slow", "Properties: {Gate: true}")])
    );
    let id = cloud.begin("s", &template).await;
    cloud.called(&["create A", "create Slow"]).await;
    assert!(item(&id).is_none());
    cloud.world.open("Slow");
    cloud.rests(&id).await;
    let recorded = item(&id).unwrap();
    assert_eq!(recorded.identity.name.as_deref(), Some("s"));
    assert_eq!(
        recorded.configuration.at(&["stackStatus"]).and_then(Document::as_str),
        Some("CREATE_COMPLETE")
    );
    let related: Vec<_> =
        recorded.relationships.iter().map(|it| (it.relation.as_str(), it.id.as_deref().unwrap())).collect();
    assert_eq!(related, [("Contains Thing", "s-A"), ("Contains Thing", "s-Slow")]);
    assert_eq!(recorded.supplementary["StackResourceSummaries"].as_array().unwrap().len(), 2);
    assert_eq!(changes(), 1);
    cloud.delete(&id).await;
    assert!(item(&id).is_none());
    assert_eq!(changes(), 2);
    // A creation that fails leaves nothing.
    cloud.make("t", &things(&[("B", "Properties: {Fail: no}")])).await;
    assert_eq!(changes(), 2);
}

#[tokio::test]
async fn a_stack_can_be_looked_into() {
    let cloud = Cloud::new();
    let template = things(&[("A", "Metadata: {Note: !Ref 'AWS::StackName'}")]);
    let policy = r#"{"Statement":[{"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"*"}]}"#;
    let id =
        cloud.ask(CreateStack { stack_policy_body: Some(policy.into()), ..create("s", &template) }).await;
    cloud.rests(&id).await;
    let get = GetTemplate { stack_name: Some("s".into()), ..Default::default() };
    assert_eq!(cloud.root.call(get).await.unwrap().template_body.unwrap(), template);
    let describe = |name: &str, resource: &str| DescribeStackResource {
        stack_name: name.into(),
        logical_resource_id: resource.into(),
    };
    let detail = cloud.root.call(describe("s", "A")).await.unwrap().stack_resource_detail.unwrap();
    assert_eq!(
        (detail.physical_resource_id.as_deref(), detail.metadata.as_deref()),
        (Some("s-A"), Some(r#"{"Note":"s"}"#))
    );
    let absent = cloud.root.call(describe("s", "B")).await.map(|_| ()).unwrap_err();
    assert_eq!(absent.message, "Resource B does not exist for stack s");
    let absent = cloud.root.call(describe("t", "A")).await.map(|_| ()).unwrap_err();
    assert_eq!(absent.message, "Stack 't' does not exist");
    let read = GetStackPolicy { stack_name: "s".into() };
    assert_eq!(cloud.root.call(read).await.unwrap().stack_policy_body.as_deref(), Some(policy));
    let wrong =
        SetStackPolicy { stack_name: "s".into(), stack_policy_body: Some("{}".into()), ..Default::default() };
    assert!(cloud.root.call(wrong).await.is_err());
}
