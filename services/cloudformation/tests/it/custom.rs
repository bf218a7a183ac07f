//! Custom resources, whose provider is a stand-in for Lambda and SNS that keeps the events.

use crate::support::{Cloud, things, update};
use bytes::Bytes;
use contract::{Entry, Route, RouteAnswer, RouteRequest};
use std::sync::Arc;
use std::time::Duration;
use wire::{Document, document};

const TOKEN: &str = "arn:aws:lambda:us-east-1:111122223333:function:provider";

fn template(value: &str) -> String {
    format!(
        "Resources:\n  C: {{Type: 'Custom::Answer', Properties: {{ServiceToken: '{TOKEN}', Value: {value}, Count: 3, Flag: true}}}}\n  After: {{Type: 'AWS::Test::Thing', Properties: {{Value: !GetAtt C.Given}}}}\nOutputs: {{O: {{Value: !GetAtt C.Deep.Inner}}}}\n"
    )
}

impl Cloud {
    /// The event of the nth invocation.
    async fn event(&self, number: usize) -> Document {
        self.cloud
            .until("the provider is asked", async || self.world.events.lock().unwrap().get(number).cloned())
            .await
    }

    async fn put(&self, event: &Document, body: String) -> u16 {
        let url = event.get("ResponseURL").and_then(Document::as_str).unwrap();
        self.put_to(url, body).await.status
    }

    async fn put_to(&self, url: &str, body: String) -> RouteAnswer {
        let route: Arc<dyn Route> = cloudformation::registration().routes.remove(0);
        let rest = url.strip_prefix("http://127.0.0.1:4566/_cloudchamber/cloudformation-responses/").unwrap();
        let (path, query) = rest.split_once('?').unwrap();
        let (name, value) = query.split_once('=').unwrap();
        let request = RouteRequest {
            method: "PUT".into(),
            path: path.into(),
            query: vec![(name.into(), value.into())],
            body: Bytes::from(body),
            ..RouteRequest::default()
        };
        assert_eq!(route.entry(), Entry::Capability);
        route.answer(request, self.cloud.context()).await
    }
}

fn text<'a>(event: &'a Document, name: &str) -> &'a str {
    event.get(name).and_then(Document::as_str).unwrap_or_else(|| panic!("{name} is not in {event}"))
}

fn answer(event: &Document, status: &str, id: &str) -> String {
    document!({
        "Status": status, "Reason": "as it was told", "PhysicalResourceId": id,
        "StackId": (text(event, "StackId")), "RequestId": (text(event, "RequestId")),
        "LogicalResourceId": (text(event, "LogicalResourceId")),
        "Data": { "Given": (format!("given by {id}")), "Deep": { "Inner": "deep" } }
    })
    .to_string()
}

#[tokio::test]
async fn a_provider_makes_changes_and_deletes() {
    let mut cloud = Cloud::new();
    let id = cloud.begin("s", &template("one")).await;
    let event = cloud.event(0).await;
    for (name, value) in [
        ("RequestType", "Create"),
        ("ResourceType", "Custom::Answer"),
        ("LogicalResourceId", "C"),
        ("StackId", &id),
        ("ServiceToken", TOKEN),
    ] {
        assert_eq!(text(&event, name), value);
    }
    assert!(event.get("PhysicalResourceId").is_none());
    // Everything is text.
    assert_eq!(
        event.get("ResourceProperties"),
        Some(&document!({ "ServiceToken": TOKEN, "Value": "one", "Count": "3", "Flag": "true" }))
    );
    // After `kill -9` it is waited for, and not asked again.
    cloud.restart().await;
    let url = text(&event, "ResponseURL");
    assert_eq!(
        cloud
            .put_to(&url.replace("X-Amz-Signature=", "X-Amz-Signature=0"), answer(&event, "SUCCESS", "x"))
            .await
            .status,
        403
    );
    assert_eq!(cloud.put(&event, answer(&event, "SUCCESS", "c-1")).await, 200);
    assert_eq!(cloud.put(&event, answer(&event, "FAILED", "c-2")).await, 200);
    let stack = cloud.rests(&id).await;
    assert_eq!(stack.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(stack.outputs.unwrap()[0].output_value.as_deref(), Some("deep"));
    assert_eq!(cloud.world.events.lock().unwrap().len(), 1);

    // An update that answers another id makes the old one superfluous.
    let id = cloud.ask_update(update("s", &template("two"))).await;
    let event = cloud.event(1).await;
    assert_eq!((text(&event, "RequestType"), text(&event, "PhysicalResourceId")), ("Update", "c-1"));
    assert_eq!(event.get("OldResourceProperties").and_then(|old| old.get("Value")), Some(&"one".into()));
    cloud.put(&event, answer(&event, "SUCCESS", "c-2")).await;
    let event = cloud.event(2).await;
    assert_eq!((text(&event, "RequestType"), text(&event, "PhysicalResourceId")), ("Delete", "c-1"));
    assert_eq!(event.get("ResourceProperties").and_then(|old| old.get("Value")), Some(&"one".into()));
    cloud.put(&event, answer(&event, "SUCCESS", "c-1")).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_COMPLETE");
    assert!(cloud.world.calls().contains(&"update After given by c-1>given by c-2".to_owned()));

    cloud
        .root
        .call(api_cloudformation::DeleteStack { stack_name: "s".into(), ..Default::default() })
        .await
        .unwrap();
    let event = cloud.event(3).await;
    assert_eq!((text(&event, "RequestType"), text(&event, "PhysicalResourceId")), ("Delete", "c-2"));
    cloud.put(&event, answer(&event, "SUCCESS", "c-2")).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    // Who keeps the link has nothing from it.
    assert_eq!(cloud.put(&event, answer(&event, "SUCCESS", "c-2")).await, 403);
}

#[tokio::test]
async fn a_provider_that_fails_fails_the_resource() {
    let cloud = Cloud::new();
    let id = cloud.begin("s", &template("one")).await;
    let event = cloud.event(0).await;
    cloud.put(&event, answer(&event, "FAILED", "c-1")).await;
    // What it says to have made is deleted.
    let delete = cloud.event(1).await;
    assert_eq!((text(&delete, "RequestType"), text(&delete, "PhysicalResourceId")), ("Delete", "c-1"));
    cloud.put(&delete, answer(&delete, "SUCCESS", "c-1")).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    let line = format!(
        "C CREATE_FAILED Received response status [FAILED] from custom resource. Message returned: as it was told (RequestId: {})",
        text(&event, "RequestId")
    );
    assert!(cloud.events(&id).await.contains(&line));
}

#[tokio::test]
async fn answers_that_are_none() {
    let cloud = Cloud::new();
    for (number, (name, body)) in [
        ("json", "no".to_owned()),
        ("long", format!("{{\"Reason\": \"{}\"}}", "x".repeat(4096))),
        (
            "stranger",
            "{\"Status\": \"SUCCESS\", \"PhysicalResourceId\": \"x\", \"StackId\": \"y\"}".to_owned(),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let id = cloud.begin(name, &template("one")).await;
        let event = cloud.event(number).await;
        cloud.put(&event, body).await;
        assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
        let reason = match name {
            "json" => "C CREATE_FAILED Invalid Response object: it is not a JSON object.",
            "long" => "C CREATE_FAILED Response object is too long.",
            _ => {
                "C CREATE_FAILED Invalid Response object: Value of property StackId must be that of the request."
            }
        };
        let events = cloud.events(&id).await;
        assert!(events.contains(&reason.to_owned()), "{events:#?}");
    }
}

#[tokio::test]
async fn an_answer_is_waited_for_an_hour_or_as_long_as_is_said() {
    let cloud = Cloud::new();
    for (name, extra, seconds, asked) in [("a", "", 3600, 0), ("b", ", ServiceTimeout: 30", 30, 2)] {
        let text_of = template("one").replace("Flag: true", &format!("Flag: true{extra}"));
        let id = cloud.begin(name, &text_of).await;
        let event = cloud.event(asked).await;
        cloud.cloud.advance(Duration::from_secs(seconds - 1)).await;
        assert_eq!(cloud.stack(&id).await.stack_status.as_str(), "CREATE_IN_PROGRESS");
        cloud.cloud.advance(Duration::from_secs(1)).await;
        let delete = cloud.event(asked + 1).await;
        cloud.put(&delete, answer(&delete, "SUCCESS", text(&delete, "PhysicalResourceId"))).await;
        assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
        let start = format!(
            "C CREATE_FAILED CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [{}].",
            text(&event, "RequestId")
        );
        assert!(cloud.events(&id).await.iter().any(|event| event.starts_with(&start)));
    }
}

#[tokio::test]
async fn a_principal_that_may_not_invoke_makes_nothing() {
    let cloud = Cloud::new();
    let ann = cloud.cloud.user("ann", &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"cloudformation:*","Resource":"*"}]}"#]);
    let id = ann.call(crate::support::create("s", &template("one"))).await.unwrap().stack_id.unwrap();
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert!(cloud.world.events.lock().unwrap().is_empty());
    let events = cloud.events(&id).await;
    let denied = events.iter().any(|event| event.starts_with("C CREATE_FAILED User: arn:aws:iam::111122223333:user/ann is not authorized to perform: lambda:InvokeFunction"));
    assert!(denied, "{events:#?}");
}

#[tokio::test]
async fn what_is_not_to_be_echoed_is_not_shown() {
    let cloud = Cloud::new();
    let id = cloud.begin("s", &template("one")).await;
    let event = cloud.event(0).await;
    let body = answer(&event, "SUCCESS", "c-1").replacen('{', "{\"NoEcho\": true, ", 1);
    cloud.put(&event, body).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
    let describe = api_cloudformation::DescribeStackEvents { stack_name: id.clone(), next_token: None };
    let events = cloud.root.call(describe).await.unwrap().stack_events.unwrap();
    let shown: Vec<_> = events
        .iter()
        .filter(|event| event.logical_resource_id.as_deref() == Some("After"))
        .filter_map(|event| event.resource_properties.clone())
        .collect();
    assert_eq!(shown, vec![r#"{"Value":"****"}"#; 3]);

    // Nor does a change set show it, of what comes or of what changes.
    let changed = template("one").replace("!GetAtt C.Given", "!Sub 'now ${C.Given}'");
    let added = "  Added: {Type: 'AWS::Test::Thing', Properties: {Value: !GetAtt C.Given}}\nOutputs:";
    let create = api_cloudformation::CreateChangeSet {
        stack_name: "s".into(),
        change_set_name: "set".into(),
        template_body: Some(changed.replace("Outputs:", added)),
        ..Default::default()
    };
    cloud.root.call(create).await.unwrap();
    let describe = api_cloudformation::DescribeChangeSet {
        stack_name: Some("s".into()),
        change_set_name: "set".into(),
        include_property_values: Some(true),
        ..Default::default()
    };
    let changes = cloud.root.call(describe).await.unwrap().changes.unwrap();
    let after = |id: &str| {
        let mut found = changes.iter().filter_map(|change| change.resource_change.clone());
        found.find(|change| change.logical_resource_id.as_deref() == Some(id)).unwrap().after_context.unwrap()
    };
    assert_eq!(after("Added"), r#"{"Properties":{"Value":"****"}}"#);
    assert_eq!(after("After"), r#"{"Properties":{"Value":"now ****"}}"#);
    assert!(!format!("{changes:?}").contains("given by"), "{changes:#?}");
}

#[tokio::test]
async fn a_topic_can_be_a_provider() {
    let cloud = Cloud::new();
    let text_of = template("one").replace(TOKEN, "arn:aws:sns:us-east-1:111122223333:topic");
    let id = cloud.begin("s", &text_of).await;
    let event = cloud.event(0).await;
    cloud.put(&event, answer(&event, "SUCCESS", "c-1")).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
    let other = things(&[]).replace(
        "Resources:\n",
        "Resources: {C: {Type: 'Custom::Answer', Properties: {ServiceToken: nowhere}}}\n",
    );
    assert_eq!(cloud.make("t", &other).await.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert!(cloud.events("t").await.contains(
        &"C CREATE_FAILED Invalid service token: nowhere is no ARN of a function or topic.".to_owned()
    ));
}
