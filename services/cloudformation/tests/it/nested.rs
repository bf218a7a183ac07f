use crate::support::{Cloud, create, update};

/// `one.yaml` in the stand-in for S3 makes one thing; `two.yaml` takes a parameter and gives an output; `bad.yaml` fails.
fn outer(template: &str, value: &str) -> String {
    format!(
        "Resources:\n  Inner: {{Type: 'AWS::CloudFormation::Stack', Properties: {{TemplateURL: 'https://s3.amazonaws.com/templates/{template}', Parameters: {{P: {value}}}}}}}\n  After: {{Type: 'AWS::Test::Thing', Properties: {{Value: !GetAtt Inner.Outputs.O}}}}\n"
    )
}

#[tokio::test]
async fn a_stack_in_a_stack_is_made_changed_and_deleted() {
    let cloud = Cloud::new();
    let stack = cloud.make("s", &outer("two.yaml", "a")).await;
    assert_eq!(stack.stack_status.as_str(), "CREATE_COMPLETE", "{:#?}", cloud.events("s").await);
    assert_eq!(cloud.world.things().len(), 2);
    let id = cloud.ask_update(update("s", &outer("two.yaml", "b"))).await;
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "UPDATE_COMPLETE");
    let calls = cloud.world.calls();
    assert_eq!(calls, ["create Two", "create After", "update Two a>b", "update After a>b"]);
    assert_eq!(cloud.delete(&id).await.stack_status.as_str(), "DELETE_COMPLETE");
    assert!(cloud.world.things().is_empty());
}

#[tokio::test]
async fn an_inner_stack_that_fails_fails_the_outer() {
    let cloud = Cloud::new();
    let stack = cloud.make("s", &outer("bad.yaml", "a")).await;
    assert_eq!(stack.stack_status.as_str(), "ROLLBACK_COMPLETE");
    assert!(cloud.world.things().is_empty());
    let events = cloud.events("s").await;
    let said = |event: &&String| {
        event.starts_with(
            "Inner CREATE_FAILED Resource handler returned message: \"Embedded stack arn:aws:cloudformation:",
        ) && event
            .contains("was not successfully created: The following resource(s) failed to create: [Two].")
    };
    assert_eq!(events.iter().filter(said).count(), 1, "{events:#?}");
    // An update of the inner stack that fails takes both back.
    cloud.make("t", &outer("two.yaml", "a")).await;
    let stack = cloud.update("t", &outer("bad.yaml", "a")).await;
    assert_eq!(stack.stack_status.as_str(), "UPDATE_ROLLBACK_COMPLETE", "{:#?}", cloud.events("t").await);
    assert_eq!(cloud.world.things().len(), 2);
}

#[tokio::test]
async fn an_inner_stack_goes_on_after_a_restart() {
    let mut cloud = Cloud::new();
    let id = cloud.ask(create("s", &outer("slow.yaml", "a"))).await;
    cloud.called(&["create Two"]).await;
    cloud.restart().await;
    cloud.called(&["create Two", "create Two"]).await;
    cloud.world.open("Two");
    assert_eq!(cloud.rests(&id).await.stack_status.as_str(), "CREATE_COMPLETE");
    assert_eq!(cloud.world.things().len(), 2);
}
