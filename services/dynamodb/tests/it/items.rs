use crate::cloud::{Cloud, invalid, item, key, n, names, refusal, s};
use api_dynamodb::{
    AttributeAction, AttributeValue, AttributeValueUpdate, ComparisonOperator, DeleteItem,
    ExpectedAttributeValue, GetItem, PutItem, ReturnConsumedCapacity, ReturnItemCollectionMetrics,
    ReturnValue, ReturnValuesOnConditionCheckFailure, UpdateItem,
};
use std::collections::BTreeMap;

fn put(members: &[(&str, AttributeValue)]) -> PutItem {
    PutItem { table_name: "music".into(), item: item(members), ..Default::default() }
}

fn update(expression: &str, values: &[(&str, AttributeValue)]) -> UpdateItem {
    UpdateItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        update_expression: Some(expression.into()),
        expression_attribute_values: Some(item(values)).filter(|values| !values.is_empty()),
        ..Default::default()
    }
}

#[tokio::test]
async fn an_item_is_put_read_updated_and_deleted() {
    let cloud = Cloud::with_music().await;
    let whole =
        item(&[("artist", s("Ann")), ("song", s("One")), ("plays", n("007.50")), ("genre", s("pop"))]);
    let first = PutItem {
        return_consumed_capacity: Some(ReturnConsumedCapacity::Indexes),
        return_item_collection_metrics: Some(ReturnItemCollectionMetrics::Size),
        ..put(&[])
    };
    let answer = cloud.root.call(PutItem { item: whole.clone(), ..first }).await.unwrap();
    let consumed = answer.consumed_capacity.unwrap();
    assert_eq!(consumed.capacity_units, Some(1.0), "without `released` it is in no index");
    assert_eq!(
        answer.item_collection_metrics.unwrap().item_collection_key,
        Some(item(&[("artist", s("Ann"))]))
    );
    let read = cloud.get("Ann", "One").await.unwrap();
    assert_eq!(read["plays"], n("7.5"), "a number has one form");

    let again = UpdateItem {
        return_values: Some(ReturnValue::UpdatedNew),
        return_consumed_capacity: Some(ReturnConsumedCapacity::Indexes),
        ..update(
            "SET plays = plays + :one, released = :year REMOVE genre",
            &[(":one", n("1")), (":year", n("1999"))],
        )
    };
    let answer = cloud.root.call(again).await.unwrap();
    assert_eq!(answer.attributes, Some(item(&[("plays", n("8.5")), ("released", n("1999"))])));
    let consumed = answer.consumed_capacity.unwrap();
    assert_eq!(consumed.capacity_units, Some(2.0));
    assert_eq!(consumed.local_secondary_indexes.unwrap()["by-year"].capacity_units, Some(1.0));

    let get = GetItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        projection_expression: Some("#p, gone".into()),
        expression_attribute_names: names(&[("#p", "plays")]),
        consistent_read: Some(true),
        return_consumed_capacity: Some(ReturnConsumedCapacity::Total),
        ..Default::default()
    };
    let answer = cloud.root.call(get).await.unwrap();
    assert_eq!(answer.item, Some(item(&[("plays", n("8.5"))])));
    assert_eq!(answer.consumed_capacity.unwrap().capacity_units, Some(1.0));

    let delete = DeleteItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        return_values: Some(ReturnValue::AllOld),
        ..Default::default()
    };
    assert_eq!(cloud.root.call(delete.clone()).await.unwrap().attributes.unwrap()["plays"], n("8.5"));
    assert_eq!(cloud.root.call(delete).await.unwrap().attributes, None);
    assert_eq!(cloud.get("Ann", "One").await, None);
}

#[tokio::test]
async fn a_condition_that_fails_shows_the_item_where_asked() {
    let cloud = Cloud::with_music().await;
    let new = || PutItem {
        condition_expression: Some("attribute_not_exists(artist)".into()),
        ..put(&[("artist", s("Ann")), ("song", s("One"))])
    };
    cloud.root.call(new()).await.unwrap();
    let refused = cloud.root.call(new()).await.unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.message.as_str()),
        ("ConditionalCheckFailedException", "The conditional request failed")
    );
    assert!(refused.members.iter().all(|(name, _)| *name != "Item"));
    let shown = PutItem {
        return_values_on_condition_check_failure: Some(ReturnValuesOnConditionCheckFailure::AllOld),
        ..new()
    };
    let refused = cloud.root.call(shown).await.unwrap_err();
    let shown = refused.members.iter().find(|(name, _)| *name == "Item").unwrap();
    assert_eq!(shown.1.to_string(), r#"{"artist":{"S":"Ann"},"song":{"S":"One"}}"#);
    let counter = update("ADD plays :one", &[(":one", n("1"))]);
    for expected in ["1", "2"] {
        let counted = UpdateItem { return_values: Some(ReturnValue::AllNew), ..counter.clone() };
        assert_eq!(cloud.root.call(counted).await.unwrap().attributes.unwrap()["plays"], n(expected));
    }
}

#[tokio::test]
async fn bad_items_are_refused_in_aws_s_words_and_change_nothing() {
    let cloud = Cloud::with_music().await;
    let refused = async |members: &[(&str, AttributeValue)]| invalid(cloud.root.call(put(members)).await);
    assert_eq!(
        refused(&[("artist", s("Ann"))]).await,
        "One or more parameter values were invalid: Missing the key song in the item"
    );
    assert_eq!(
        refused(&[("artist", n("1")), ("song", s("One"))]).await,
        "One or more parameter values were invalid: Type mismatch for key artist expected: S actual: N"
    );
    assert_eq!(
        refused(&[("artist", s("")), ("song", s("One"))]).await,
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: artist"
    );
    assert_eq!(
        refused(&[("artist", s("Ann")), ("song", s("One")), ("released", s("x"))]).await,
        "One or more parameter values were invalid: Type mismatch for Index Key released Expected: N Actual: S IndexName: by-year"
    );
    assert_eq!(
        refused(&[("artist", s("Ann")), ("song", s("One")), ("genre", s(""))]).await,
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-genre, IndexKey: genre"
    );
    assert_eq!(
        refused(&[("artist", s(&"a".repeat(2049))), ("song", s("One"))]).await,
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
    );
    assert_eq!(
        refused(&[("artist", s("Ann")), ("song", s(&"a".repeat(1025)))]).await,
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
    );
    let filler = 400 * 1024 - "artist".len() - "Ann".len() - "song".len() - "One".len() - "x".len();
    let sized = |size: usize| put(&[("artist", s("Ann")), ("song", s("One")), ("x", s(&"x".repeat(size)))]);
    cloud.root.call(sized(filler)).await.unwrap();
    assert_eq!(
        invalid(cloud.root.call(sized(filler + 1)).await),
        "Item size has exceeded the maximum allowed size"
    );
    assert_eq!(
        invalid(cloud.root.call(update("SET y = :y", &[(":y", s("y"))])).await),
        "Item size to update has exceeded the maximum allowed size"
    );
    assert_eq!(
        invalid(cloud.root.call(update("SET song = :y", &[(":y", s("y"))])).await),
        "One or more parameter values were invalid: Cannot update attribute song. This attribute is part of the key"
    );
    let get = |key| GetItem { table_name: "music".into(), key, ..Default::default() };
    for bad in [item(&[("artist", s("Ann"))]), item(&[("artist", s("Ann")), ("song", n("1"))])] {
        assert_eq!(
            invalid(cloud.root.call(get(bad)).await),
            "The provided key element does not match the schema"
        );
    }
    let old = PutItem { return_values: Some(ReturnValue::AllNew), ..sized(1) };
    assert_eq!(invalid(cloud.root.call(old).await), "Return values set to invalid value");
    let gone = GetItem { table_name: "nothing".into(), key: key("a", "b"), ..Default::default() };
    assert_eq!(
        refusal(cloud.root.call(gone).await),
        ("ResourceNotFoundException".into(), "Requested resource not found".into())
    );
    assert_eq!(cloud.get("Ann", "One").await.unwrap()["x"].s.as_ref().unwrap().len(), filler);
}

#[tokio::test]
async fn the_old_parameters_mean_what_expressions_mean() {
    let cloud = Cloud::with_music().await;
    let legacy = |value: Option<AttributeValue>, action| AttributeValueUpdate { value, action: Some(action) };
    let updates = BTreeMap::from([
        ("plays".to_owned(), legacy(Some(n("3")), AttributeAction::Add)),
        ("title".to_owned(), legacy(Some(s("Hit")), AttributeAction::Put)),
        ("gone".to_owned(), legacy(None, AttributeAction::Delete)),
    ]);
    let old = UpdateItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        attribute_updates: Some(updates.clone()),
        return_values: Some(ReturnValue::AllNew),
        ..Default::default()
    };
    let attributes = cloud.root.call(old).await.unwrap().attributes.unwrap();
    assert_eq!((&attributes["plays"], &attributes["title"]), (&n("3"), &s("Hit")));
    let expected = |operator, values: Vec<AttributeValue>| {
        let wanted = ExpectedAttributeValue {
            comparison_operator: Some(operator),
            attribute_value_list: Some(values),
            ..Default::default()
        };
        DeleteItem {
            table_name: "music".into(),
            key: key("Ann", "One"),
            expected: Some(BTreeMap::from([("plays".to_owned(), wanted)])),
            ..Default::default()
        }
    };
    let refused = cloud.root.call(expected(ComparisonOperator::Gt, vec![n("3")])).await;
    assert_eq!(refusal(refused).0, "ConditionalCheckFailedException");
    assert_eq!(
        invalid(cloud.root.call(expected(ComparisonOperator::Between, vec![n("3")])).await),
        "One or more parameter values were invalid: Invalid number of argument(s) for the BETWEEN ComparisonOperator"
    );
    let both = UpdateItem { attribute_updates: Some(updates), ..update("REMOVE x", &[]) };
    assert_eq!(
        invalid(cloud.root.call(both).await),
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}"
    );
    cloud.root.call(expected(ComparisonOperator::Between, vec![n("1"), n("3")])).await.unwrap();
    assert_eq!(cloud.get("Ann", "One").await, None);
}
