//! What tables measure.

use crate::cloud::{Cloud, item, key, music, n, names, s, schema};
use crate::streams::{arn, records};
use api_dynamodb::{
    BatchWriteItem, BillingMode, CreateTable, GetItem, ProvisionedThroughput, Put, PutItem, PutRequest,
    Query, Scan, TransactWriteItem, TransactWriteItems, WriteRequest,
};
use std::time::Duration;

impl Cloud {
    fn measured(&self) -> Vec<String> {
        self.cloud.measured("AWS/DynamoDB")
    }
}

/// `members` of a song by Ann.
fn put(song: &str, members: &[(&str, api_dynamodb::AttributeValue)]) -> PutItem {
    let mut all = key("Ann", song);
    all.extend(item(members));
    PutItem { table_name: "music".into(), item: all, ..Default::default() }
}

#[tokio::test]
async fn writes_and_reads_are_measured_by_table_and_global_index() {
    let cloud = Cloud::with_music().await;
    assert!(cloud.measured().is_empty());
    let classified = [("genre", s("folk")), ("released", n("1971"))];
    cloud.root.call(put("One", &classified)).await.unwrap();
    cloud.root.call(put("Two", &[])).await.unwrap();
    assert_eq!(
        cloud.measured(),
        [
            "ConsumedWriteCapacityUnits{GlobalSecondaryIndexName=by-genre,TableName=music} Count 1",
            "ConsumedWriteCapacityUnits{TableName=music} Count 1 2",
        ],
        "the first is also in the local index"
    );

    let request = |song: &str| WriteRequest {
        put_request: Some(PutRequest { item: key("Ann", song) }),
        delete_request: None,
    };
    let batch = BatchWriteItem {
        request_items: [("music".to_owned(), vec![request("Three"), request("Four")])].into(),
        ..Default::default()
    };
    cloud.root.call(batch).await.unwrap();
    let part = TransactWriteItem {
        put: Some(Put { table_name: "music".into(), item: key("Ann", "Five"), ..Default::default() }),
        ..Default::default()
    };
    cloud.root.call(TransactWriteItems { transact_items: vec![part], ..Default::default() }).await.unwrap();
    assert_eq!(cloud.measured(), ["ConsumedWriteCapacityUnits{TableName=music} Count 2x2"]);

    let get = |consistent| GetItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        consistent_read: Some(consistent),
        ..Default::default()
    };
    cloud.root.call(get(true)).await.unwrap();
    cloud.root.call(get(false)).await.unwrap();
    cloud.root.call(Scan { table_name: "music".into(), ..Default::default() }).await.unwrap();
    let folk = |genre: &str| Query {
        table_name: "music".into(),
        index_name: Some("by-genre".into()),
        key_condition_expression: Some("#g = :g".into()),
        expression_attribute_names: names(&[("#g", "genre")]),
        expression_attribute_values: Some(item(&[(":g", s(genre))])),
        ..Default::default()
    };
    cloud.root.call(folk("folk")).await.unwrap();
    cloud.root.call(folk("none")).await.unwrap();
    assert_eq!(
        cloud.measured(),
        [
            "ConsumedReadCapacityUnits{GlobalSecondaryIndexName=by-genre,TableName=music} Count 0.5x2",
            "ConsumedReadCapacityUnits{TableName=music} Count 0.5x2 1",
            "ReturnedItemCount{Operation=Query,TableName=music} Count 1",
            "ReturnedItemCount{Operation=Scan,TableName=music} Count 5",
        ]
    );
}

#[tokio::test]
async fn a_condition_that_fails_is_measured_and_other_refusals_are_not() {
    let cloud = Cloud::with_music().await;
    cloud.root.call(put("One", &[])).await.unwrap();
    assert!(cloud.measured().is_empty());
    let new =
        PutItem { condition_expression: Some("attribute_not_exists(artist)".into()), ..put("One", &[]) };
    let refused = cloud.root.call(new.clone()).await.unwrap_err();
    assert_eq!(refused.code, "ConditionalCheckFailedException");
    assert_eq!(
        cloud.measured(),
        [
            "ConditionalCheckFailedRequests{TableName=music} Count 1",
            "ConsumedWriteCapacityUnits{TableName=music} Count 1",
        ]
    );
    let nobody = cloud.cloud.user("ann", &[]);
    assert_eq!(nobody.call(new).await.unwrap_err().code, "AccessDeniedException");
    let wrong = PutItem { condition_expression: Some("artist =".into()), ..put("One", &[]) };
    assert_eq!(cloud.root.call(wrong).await.unwrap_err().code, "ValidationException");
    assert!(cloud.measured().is_empty());
}

#[tokio::test]
async fn provisioned_units_are_reported_every_five_minutes() {
    let cloud = Cloud::with_music().await;
    assert!(cloud.measured().is_empty());
    let units = |read_capacity_units, write_capacity_units| {
        Some(ProvisionedThroughput { read_capacity_units, write_capacity_units })
    };
    let mut indexes = music().global_secondary_indexes.unwrap();
    indexes[0].provisioned_throughput = units(3, 4);
    let table = CreateTable {
        table_name: "bought".into(),
        key_schema: Some(schema("artist", "song")),
        local_secondary_indexes: None,
        global_secondary_indexes: Some(indexes),
        billing_mode: Some(BillingMode::Provisioned),
        provisioned_throughput: units(5, 6),
        stream_specification: None,
        ..music()
    };
    cloud.root.call(table).await.unwrap();
    cloud.cloud.advance(Duration::from_secs(299)).await;
    assert!(cloud.measured().is_empty());
    cloud.cloud.advance(Duration::from_secs(1)).await;
    assert_eq!(
        cloud.measured(),
        [
            "ProvisionedReadCapacityUnits{GlobalSecondaryIndexName=by-genre,TableName=bought} Count 3",
            "ProvisionedReadCapacityUnits{TableName=bought} Count 5",
            "ProvisionedWriteCapacityUnits{GlobalSecondaryIndexName=by-genre,TableName=bought} Count 4",
            "ProvisionedWriteCapacityUnits{TableName=bought} Count 6",
        ]
    );
}

#[tokio::test]
async fn what_a_stream_answers_and_what_time_to_live_removes() {
    let cloud = Cloud::with_music().await;
    let ends = (cloud.cloud.now().seconds() + 30).to_string();
    cloud.root.call(put("One", &[("ends", n(&ends))])).await.unwrap();
    let stream = arn(&cloud).await;
    assert!(cloud.measured().is_empty());
    assert_eq!(records(&cloud, &stream).await.len(), 1);
    let by = "Operation=GetRecords,StreamLabel=2026-11-21T09:30:00.000,TableName=music";
    // The key is 16 bytes, and `ends` with its number 10.
    assert_eq!(
        cloud.measured(),
        [format!("ReturnedBytes{{{by}}} Bytes 42"), format!("ReturnedRecordsCount{{{by}}} Count 1")]
    );
    let time_to_live = api_dynamodb::UpdateTimeToLive {
        table_name: "music".into(),
        time_to_live_specification: api_dynamodb::TimeToLiveSpecification {
            enabled: true,
            attribute_name: "ends".into(),
        },
    };
    cloud.root.call(time_to_live).await.unwrap();
    cloud.cloud.clock.advance(Duration::from_secs(100));
    let mut lines = Vec::new();
    let removed = async || {
        lines.extend(cloud.measured());
        (!lines.is_empty()).then_some(())
    };
    cloud.cloud.until("the item is removed", removed).await;
    assert_eq!(lines, ["TimeToLiveDeletedItemCount{TableName=music} Count 1"]);
}
