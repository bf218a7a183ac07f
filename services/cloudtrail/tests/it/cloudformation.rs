use crate::cloud::{BUCKET, Cloud};
use api_cloudtrail::{DeleteTrail, GetTrail, GetTrailStatus, StopLogging};
use contract::{Actual, HandlerContext, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn context(cloud: &Cloud) -> HandlerContext {
    HandlerContext {
        caller: cloud.root.clone(),
        context: cloud.cloud.context().clone(),
        stack_name: "stack".into(),
        stack_id: "arn:aws:cloudformation:us-east-1:111122223333:stack/stack/1".into(),
        logical_id: "Trail".into(),
        previous_stack_tags: Default::default(),
        stack_tags: names::Tags::from([("team".to_owned(), "blue".to_owned())]),
        token: "ABCDEF123456".into(),
    }
}

fn is(actual: &Document, name: &str, expected: impl Into<Document>) {
    assert_eq!(actual.get(name), Some(&expected.into()), "{name} of {actual}");
}

#[tokio::test]
async fn a_trail_is_made_changed_and_read_for_a_stack() {
    let cloud = Cloud::start();
    cloud.bucket().await;
    let handler: Arc<dyn ResourceHandler> =
        Arc::clone(&cloud.cloud.context().catalog.handlers["AWS::CloudTrail::Trail"]);
    let context = context(&cloud);
    let first = Properties::new(document!({
        "TrailName": "audit",
        "S3BucketName": BUCKET,
        "IsLogging": true,
        "EnableLogFileValidation": true,
        "EventSelectors": [{ "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true }],
        "Tags": [{ "Key": "own", "Value": "v" }]
    }));
    let made = handler.create(&first, &context).await.unwrap();
    assert_eq!(made.physical_id, "audit");
    let trail = cloud.root.call(GetTrail { name: "audit".into() }).await.unwrap().trail.unwrap();
    assert_eq!(trail.log_file_validation_enabled, Some(true));
    let Actual::Properties(actual) = handler.read("audit", &first, &context).await.unwrap() else {
        panic!("the trail is there")
    };
    is(&actual, "TrailName", "audit");
    is(&actual, "S3BucketName", BUCKET);
    is(&actual, "IsLogging", true);
    is(&actual, "EnableLogFileValidation", true);
    is(&actual, "IsMultiRegionTrail", false);
    is(&actual, "KMSKeyId", Document::Null);
    let selectors = actual.get("EventSelectors").unwrap().as_array().unwrap();
    is(&selectors[0], "ReadWriteType", "WriteOnly");
    assert_eq!(actual.get("Tags").unwrap().as_array().unwrap().len(), 2);

    // What the template no longer says is off again.
    let second =
        Properties::new(document!({ "TrailName": "audit", "S3BucketName": BUCKET, "IsLogging": true }));
    handler.update("audit", &first, &second, &context).await.unwrap();
    let trail = cloud.root.call(GetTrail { name: "audit".into() }).await.unwrap().trail.unwrap();
    assert_eq!(trail.log_file_validation_enabled, Some(false));
    cloud.root.call(StopLogging { name: "audit".into() }).await.unwrap();
    let Actual::Properties(actual) = handler.read("audit", &second, &context).await.unwrap() else {
        panic!("the trail is there")
    };
    is(&actual, "IsLogging", false);
    let status = cloud.root.call(GetTrailStatus { name: "audit".into() }).await.unwrap();
    assert_eq!(status.is_logging, Some(false));
    cloud.root.call(DeleteTrail { name: "audit".into() }).await.unwrap();
    assert_eq!(handler.read("audit", &second, &context).await.unwrap(), Actual::Gone);
}
