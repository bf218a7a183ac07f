use crate::cloud::{Cloud, refusal};
use api_dynamodb::{
    DescribeContinuousBackups, DescribeTable, DescribeTimeToLive, GetResourcePolicy, ListTagsOfResource,
    PointInTimeRecoveryStatus, StreamViewType, TableDescription, TimeToLiveStatus,
};
use contract::{Chain, HandlerContext, Principal, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

fn handler() -> Arc<dyn ResourceHandler> {
    dynamodb::registration().handlers.into_iter().next().unwrap()
}

fn context(cloud: &Cloud) -> HandlerContext {
    let root = Principal::Root("111122223333".parse().unwrap());
    let stack_id = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";
    let stack_tags: names::Tags =
        [("aws:cloudformation:stack-id", stack_id), ("aws:cloudformation:logical-id", "Table")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into();
    HandlerContext {
        caller: cloud.cloud.context().caller(
            root,
            cloud.cloud.scope(),
            Chain::default().through("cloudformation.amazonaws.com"),
        ),
        context: cloud.cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: stack_id.into(),
        logical_id: "Table".into(),
        previous_stack_tags: stack_tags.clone(),
        stack_tags,
        token: "ABCDEF123456".into(),
    }
}

fn wanted() -> Document {
    document!({
        "AttributeDefinitions": [{ "AttributeName": "pk", "AttributeType": "S" }],
        "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": { "StreamViewType": "NEW_IMAGE" },
        "TimeToLiveSpecification": { "AttributeName": "ends", "Enabled": "true" },
        "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
        "Tags": [{ "Key": "a", "Value": "1" }],
        "DeletionProtectionEnabled": false
    })
}

async fn described(cloud: &Cloud, name: &str) -> TableDescription {
    cloud.root.call(DescribeTable { table_name: name.into() }).await.unwrap().table.unwrap()
}

#[tokio::test]
async fn a_table_is_made_changed_and_deleted() {
    let cloud = Cloud::start().await;
    let (handler, context) = (handler(), context(&cloud));
    let first = Properties::new(wanted());
    let made = handler.create(&first, &context).await.unwrap();
    let name = made.physical_id.as_str();
    assert_eq!(name, "lab-Table-ABCDEF123456");
    let arn = "arn:aws:dynamodb:us-east-1:111122223333:table/lab-Table-ABCDEF123456";
    assert_eq!(made.attributes["Arn"].as_str(), Some(arn));
    assert!(made.attributes["StreamArn"].as_str().unwrap().starts_with(&format!("{arn}/stream/")));
    let again = handler.create(&first, &context).await.unwrap();
    assert_eq!(again.attributes, made.attributes, "the same step again finds what it made");
    let time_to_live = cloud.root.call(DescribeTimeToLive { table_name: name.into() }).await.unwrap();
    assert_eq!(
        time_to_live.time_to_live_description.unwrap().time_to_live_status,
        Some(TimeToLiveStatus::Enabled)
    );
    let recovery = cloud.root.call(DescribeContinuousBackups { table_name: name.into() }).await.unwrap();
    let recovery =
        recovery.continuous_backups_description.unwrap().point_in_time_recovery_description.unwrap();
    assert_eq!(recovery.point_in_time_recovery_status, Some(PointInTimeRecoveryStatus::Enabled));

    let policy = document!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": "444455556666" }, "Action": "dynamodb:GetItem", "Resource": "*"
    }] });
    let second = wanted()
        .with("AttributeDefinitions", document!([
            { "AttributeName": "pk", "AttributeType": "S" }, { "AttributeName": "other", "AttributeType": "N" }
        ]))
        .with("GlobalSecondaryIndexes", document!([{
            "IndexName": "by-other", "KeySchema": [{ "AttributeName": "other", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "ALL" }
        }]))
        .with("StreamSpecification", document!({ "StreamViewType": "OLD_IMAGE" }))
        .with("ResourcePolicy", document!({ "PolicyDocument": policy }))
        .with("DeletionProtectionEnabled", true)
        .with("Tags", document!([{ "Key": "b", "Value": "2" }]));
    let second = Properties::new(second);
    let updated = handler.update(name, &first, &second, &context).await.unwrap();
    assert_ne!(updated.attributes["StreamArn"], made.attributes["StreamArn"]);
    let table = described(&cloud, name).await;
    assert_eq!(table.stream_specification.unwrap().stream_view_type, Some(StreamViewType::OldImage));
    assert_eq!(table.global_secondary_indexes.unwrap().len(), 1);
    let tags = ListTagsOfResource { resource_arn: arn.into(), next_token: None };
    let tags = cloud.root.call(tags).await.unwrap().tags.unwrap();
    let keys: Vec<&str> = tags.iter().map(|tag| tag.key.as_str()).collect();
    assert_eq!(keys, ["aws:cloudformation:logical-id", "aws:cloudformation:stack-id", "b"]);
    cloud.root.call(GetResourcePolicy { resource_arn: arn.into() }).await.unwrap();
    let protected = handler.delete(name, &second, &context).await.unwrap_err();
    assert!(protected.reason.contains("protected against deletion"), "{}", protected.reason);

    handler.update(name, &second, &first, &context).await.unwrap();
    assert_eq!(described(&cloud, name).await.global_secondary_indexes, None);
    let gone = cloud.root.call(GetResourcePolicy { resource_arn: arn.into() }).await;
    assert_eq!(refusal(gone).0, "PolicyNotFoundException");
    for _ in 0..2 {
        handler.delete(name, &first, &context).await.unwrap();
    }
}

#[tokio::test]
async fn a_table_of_another_s_is_not_taken_over() {
    let cloud = Cloud::with_music().await;
    let named = Properties::new(wanted().with("TableName", "music"));
    let refused = handler().create(&named, &context(&cloud)).await.unwrap_err();
    assert_eq!(refused.code, "AlreadyExists");
    assert_eq!(refused.physical_id, None);
    let strange = Properties::new(wanted().with("SSESpecification", document!({ "Other": 1 })));
    assert!(handler().create(&strange, &context(&cloud)).await.is_err());
}

#[tokio::test]
async fn aws_config_sees_the_table() {
    let cloud = Cloud::with_music().await;
    let kind = dynamodb::registration().resources[0];
    let view = cloud.cloud.context().store.view();
    let found = (kind.describe)(&view, cloud.cloud.scope(), "music").unwrap().unwrap();
    let read = |path: &[&str]| found.configuration.at(path).cloned().unwrap();
    assert_eq!(read(&["tableName"]).as_str(), Some("music"));
    assert_eq!(read(&["billingModeSummary", "billingMode"]).as_str(), Some("PAY_PER_REQUEST"));
    assert_eq!(read(&["deletionProtectionEnabled"]).as_bool(), Some(false));
    let backups = &found.supplementary["ContinuousBackupsDescription"];
    let status = backups.at(&["pointInTimeRecoveryDescription", "pointInTimeRecoveryStatus"]).unwrap();
    assert_eq!(status.as_str(), Some("DISABLED"));
}
