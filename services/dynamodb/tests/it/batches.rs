use crate::cloud::{Cloud, Item, invalid, item, key, n, refusal, s};
use api_dynamodb::{
    BatchGetItem, BatchWriteItem, ConditionCheck, Delete, DeleteRequest, Get, KeysAndAttributes, Put,
    PutRequest, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure, TransactGetItem,
    TransactGetItems, TransactWriteItem, TransactWriteItems, Update, WriteRequest,
};
use std::collections::BTreeMap;
use std::time::Duration;

fn put_request(item: Item) -> WriteRequest {
    WriteRequest { put_request: Some(PutRequest { item }), delete_request: None }
}

fn writes(writes: Vec<WriteRequest>) -> BatchWriteItem {
    BatchWriteItem { request_items: BTreeMap::from([("music".into(), writes)]), ..Default::default() }
}

fn gets(keys: Vec<Item>) -> BatchGetItem {
    let wanted = KeysAndAttributes { keys, ..Default::default() };
    BatchGetItem { request_items: BTreeMap::from([("music".into(), wanted)]), ..Default::default() }
}

#[tokio::test]
async fn batches_write_and_read() {
    let cloud = Cloud::with_music().await;
    let items: Vec<WriteRequest> = (0..3).map(|song| put_request(key("Ann", &song.to_string()))).collect();
    let answer = cloud.root.call(writes(items)).await.unwrap();
    assert!(answer.unprocessed_items.unwrap().is_empty());
    let delete =
        WriteRequest { put_request: None, delete_request: Some(DeleteRequest { key: key("Ann", "1") }) };
    cloud.root.call(writes(vec![delete])).await.unwrap();
    let read = (0..3).map(|song| key("Ann", &song.to_string())).collect();
    let answer = cloud.root.call(gets(read)).await.unwrap();
    assert_eq!(answer.responses.unwrap()["music"].len(), 2);
    assert!(answer.unprocessed_keys.unwrap().is_empty());

    let twice = vec![put_request(key("Bob", "1")), put_request(key("Bob", "1"))];
    let sentence = "Provided list of item keys contains duplicates";
    assert_eq!(invalid(cloud.root.call(writes(twice)).await), sentence);
    assert_eq!(invalid(cloud.root.call(gets(vec![key("a", "b"), key("a", "b")])).await), sentence);
    assert_eq!(cloud.get("Bob", "1").await, None);
    let many = |table: &str| -> (String, Vec<WriteRequest>) {
        (table.into(), (0..13).map(|song| put_request(key("Bob", &song.to_string()))).collect())
    };
    let many = BatchWriteItem { request_items: [many("music"), many("other")].into(), ..Default::default() };
    assert_eq!(invalid(cloud.root.call(many).await), "Too many items requested for the BatchWriteItem call");
}

fn transact(items: Vec<TransactWriteItem>) -> TransactWriteItems {
    TransactWriteItems { transact_items: items, ..Default::default() }
}

fn put(item: Item) -> TransactWriteItem {
    let put = Put { item, table_name: "music".into(), ..Default::default() };
    TransactWriteItem { put: Some(put), ..Default::default() }
}

fn update(key: Item, expression: &str, values: &[(&str, api_dynamodb::AttributeValue)]) -> TransactWriteItem {
    let update = Update {
        key,
        update_expression: expression.into(),
        table_name: "music".into(),
        expression_attribute_values: Some(item(values)).filter(|values| !values.is_empty()),
        ..Default::default()
    };
    TransactWriteItem { update: Some(update), ..Default::default() }
}

fn check(key: Item, expression: &str) -> TransactWriteItem {
    let check = ConditionCheck {
        key,
        table_name: "music".into(),
        condition_expression: expression.into(),
        return_values_on_condition_check_failure: Some(ReturnValuesOnConditionCheckFailure::AllOld),
        ..Default::default()
    };
    TransactWriteItem { condition_check: Some(check), ..Default::default() }
}

#[tokio::test]
async fn a_transaction_is_carried_out_whole_or_not_at_all() {
    let cloud = Cloud::with_music().await;
    cloud.put(key("Ann", "1")).await;
    let delete = Delete { key: key("Ann", "1"), table_name: "music".into(), ..Default::default() };
    let whole = TransactWriteItems {
        return_consumed_capacity: Some(ReturnConsumedCapacity::Total),
        ..transact(vec![
            put(key("Ann", "2")),
            update(key("Ann", "3"), "SET plays = :p", &[(":p", n("1"))]),
            TransactWriteItem { delete: Some(delete), ..Default::default() },
            check(key("Ann", "4"), "attribute_not_exists(artist)"),
        ])
    };
    let answer = cloud.root.call(whole).await.unwrap();
    let consumed = answer.consumed_capacity.unwrap().remove(0);
    assert_eq!((consumed.capacity_units, consumed.write_capacity_units), (Some(8.0), Some(8.0)));
    assert!(cloud.get("Ann", "1").await.is_none());
    assert_eq!(cloud.get("Ann", "3").await.unwrap()["plays"], n("1"));

    let half = transact(vec![
        put(key("Bob", "1")),
        check(key("Ann", "3"), "attribute_not_exists(artist)"),
        update(key("Ann", "2"), "SET plays = song + :p", &[(":p", n("1"))]),
    ]);
    let refused = cloud.root.call(half).await.unwrap_err();
    assert_eq!(refused.code, "TransactionCanceledException");
    assert_eq!(
        refused.message,
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]"
    );
    let reasons = refused.members.iter().find(|(name, _)| *name == "CancellationReasons").unwrap();
    let reasons = reasons.1.as_array().unwrap();
    assert_eq!(reasons[0].to_string(), r#"{"Code":"None"}"#);
    assert_eq!(reasons[1].at(&["Item", "plays", "N"]).unwrap().as_str(), Some("1"));
    assert_eq!(
        reasons[2].get("Message").unwrap().as_str(),
        Some("An operand in the update expression has an incorrect data type")
    );
    assert_eq!(cloud.get("Bob", "1").await, None, "nothing of it is kept");

    let twice = transact(vec![put(key("Bob", "1")), check(key("Bob", "1"), "attribute_exists(artist)")]);
    assert_eq!(
        invalid(cloud.root.call(twice).await),
        "Transaction request cannot include multiple operations on one item"
    );
    assert_eq!(
        invalid(cloud.root.call(transact(vec![TransactWriteItem::default()])).await),
        "TransactItems can only contain one of Check, Put, Update or Delete"
    );
}

#[tokio::test]
async fn a_token_makes_a_transaction_happen_once() {
    let cloud = Cloud::with_music().await;
    let add = |count: &str| TransactWriteItems {
        client_request_token: Some("token-1".into()),
        ..transact(vec![update(key("Ann", "1"), "ADD plays :p", &[(":p", n(count))])])
    };
    cloud.root.call(add("1")).await.unwrap();
    cloud.root.call(add("1")).await.unwrap();
    assert_eq!(cloud.get("Ann", "1").await.unwrap()["plays"], n("1"));
    assert_eq!(refusal(cloud.root.call(add("2")).await).0, "IdempotentParameterMismatchException");
    cloud.cloud.clock.advance(Duration::from_secs(601));
    cloud.root.call(add("1")).await.unwrap();
    assert_eq!(cloud.get("Ann", "1").await.unwrap()["plays"], n("2"), "ten minutes later it is another one");
}

#[tokio::test]
async fn transactions_read_items_in_their_order() {
    let cloud = Cloud::with_music().await;
    cloud.put(item(&[("artist", s("Ann")), ("song", s("1")), ("plays", n("7"))])).await;
    let get = |song: &str| TransactGetItem {
        get: Get {
            key: key("Ann", song),
            table_name: "music".into(),
            projection_expression: Some("plays".into()),
            ..Default::default()
        },
    };
    let read = TransactGetItems { transact_items: vec![get("2"), get("1")], ..Default::default() };
    let responses = cloud.root.call(read).await.unwrap().responses.unwrap();
    assert_eq!(responses[0].item, None);
    assert_eq!(responses[1].item, Some(item(&[("plays", n("7"))])));
}
