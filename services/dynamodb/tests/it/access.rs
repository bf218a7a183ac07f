use crate::cloud::{Cloud, OTHER, TABLE_ARN, item, key, names, refusal, s};
use api_dynamodb::{
    BatchGetItem, DeleteResourcePolicy, GetItem, GetResourcePolicy, KeysAndAttributes, PutItem,
    PutResourcePolicy, Query, Scan, Tag, TagResource, TransactWriteItem, TransactWriteItems, Update,
    UpdateItem,
};
use contract::Caller;
use std::collections::BTreeMap;
use wire::ErrorResponse;

fn allow(actions: &str, resource: &str, condition: &str) -> String {
    let condition = if condition.is_empty() { String::new() } else { format!(r#","Condition":{condition}"#) };
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{actions},"Resource":"{resource}"{condition}}}]}}"#
    )
}

async fn put(caller: &Caller, artist: &str) -> Result<(), ErrorResponse> {
    let put = PutItem { table_name: "music".into(), item: key(artist, "One"), ..Default::default() };
    caller.call(put).await.map(drop)
}

async fn get(caller: &Caller, table: &str, artist: &str) -> Result<(), ErrorResponse> {
    let get = GetItem { table_name: table.into(), key: key(artist, "One"), ..Default::default() };
    caller.call(get).await.map(drop)
}

#[tokio::test]
async fn denials_are_worded_as_aws_words_them() {
    let cloud = Cloud::start().await;
    let role = cloud.cloud.role("R", &[]);
    let principal = role.principal().arn();
    assert!(principal.starts_with("arn:aws:sts::111122223333:assumed-role/R/"), "{principal}");
    let sentence = format!(
        "User: {principal} is not authorized to perform: dynamodb:PutItem on resource: {TABLE_ARN} because no identity-based policy allows the dynamodb:PutItem action"
    );
    let expected = ("AccessDeniedException".to_owned(), sentence);
    assert_eq!(refusal(put(&role, "Ann").await), expected, "whether there is a table is not told");
    cloud.root.call(crate::cloud::music()).await.unwrap();
    assert_eq!(refusal(put(&role, "Ann").await), expected);
    let query = Query {
        table_name: "music".into(),
        index_name: Some("by-genre".into()),
        key_condition_expression: Some("genre = :g".into()),
        expression_attribute_values: Some(item(&[(":g", s("pop"))])),
        ..Default::default()
    };
    let denied = refusal(role.call(query).await).1;
    assert!(
        denied.contains(&format!("dynamodb:Query on resource: {TABLE_ARN}/index/by-genre because")),
        "{denied}"
    );
}

#[tokio::test]
async fn rows_are_limited_by_leading_keys() {
    let cloud = Cloud::with_music().await;
    let own = allow(
        r#""dynamodb:*""#,
        &format!("{TABLE_ARN}*"),
        r#"{"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["ann"]},"Null":{"dynamodb:LeadingKeys":"false"}}"#,
    );
    let ann = cloud.cloud.user("ann", &[&own]);
    put(&ann, "ann").await.unwrap();
    assert_eq!(refusal(put(&ann, "bob").await).0, "AccessDeniedException");
    get(&ann, "music", "ann").await.unwrap();
    assert!(get(&ann, TABLE_ARN, "bob").await.is_err());
    let batch = |artists: &[&str]| BatchGetItem {
        request_items: BTreeMap::from([(
            "music".to_owned(),
            KeysAndAttributes {
                keys: artists.iter().map(|artist| key(artist, "One")).collect(),
                ..Default::default()
            },
        )]),
        ..Default::default()
    };
    ann.call(batch(&["ann"])).await.unwrap();
    assert!(ann.call(batch(&["ann", "bob"])).await.is_err());
    let query = |artist: &str| Query {
        table_name: "music".into(),
        key_condition_expression: Some("#a = :a".into()),
        expression_attribute_names: names(&[("#a", "artist")]),
        expression_attribute_values: Some(item(&[(":a", s(artist))])),
        ..Default::default()
    };
    ann.call(query("ann")).await.unwrap();
    assert!(ann.call(query("bob")).await.is_err());
    assert!(ann.call(Scan { table_name: "music".into(), ..Default::default() }).await.is_err());
}

#[tokio::test]
async fn columns_are_limited_by_attributes() {
    let cloud = Cloud::with_music().await;
    let some = allow(
        r#"["dynamodb:GetItem","dynamodb:UpdateItem"]"#,
        TABLE_ARN,
        r#"{"ForAllValues:StringEquals":{"dynamodb:Attributes":["artist","song","title"]},"StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES","dynamodb:ReturnValues":["NONE","UPDATED_NEW"]}}"#,
    );
    let ann = cloud.cloud.user("ann", &[&some]);
    let get = |projection: Option<&str>| GetItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        projection_expression: projection.map(str::to_owned),
        ..Default::default()
    };
    ann.call(get(Some("title"))).await.unwrap();
    assert!(ann.call(get(Some("title, plays"))).await.is_err());
    assert!(ann.call(get(None)).await.is_err(), "the whole item has other attributes");
    let update = |attribute: &str, returned| UpdateItem {
        table_name: "music".into(),
        key: key("Ann", "One"),
        update_expression: Some("SET #x = :x".into()),
        expression_attribute_names: names(&[("#x", attribute)]),
        expression_attribute_values: Some(item(&[(":x", s("x"))])),
        return_values: returned,
        ..Default::default()
    };
    ann.call(update("title", None)).await.unwrap();
    assert!(ann.call(update("plays", None)).await.is_err());
    assert!(ann.call(update("title", Some(api_dynamodb::ReturnValue::AllNew))).await.is_err());
}

#[tokio::test]
async fn each_part_of_a_transaction_needs_its_own_action() {
    let cloud = Cloud::with_music().await;
    let put_only = allow(r#""dynamodb:PutItem""#, TABLE_ARN, "");
    let ann = cloud.cloud.user("ann", &[&put_only]);
    let put = || TransactWriteItem {
        put: Some(api_dynamodb::Put {
            item: key("Ann", "One"),
            table_name: "music".into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let update = TransactWriteItem {
        update: Some(Update {
            key: key("Ann", "Two"),
            update_expression: "REMOVE x".into(),
            table_name: "music".into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    let transact = |items| TransactWriteItems { transact_items: items, ..Default::default() };
    ann.call(transact(vec![put()])).await.unwrap();
    let denied = refusal(ann.call(transact(vec![put(), update])).await).1;
    assert!(denied.contains("dynamodb:UpdateItem"), "{denied}");
    let alone = allow(
        r#""dynamodb:PutItem""#,
        TABLE_ARN,
        r#"{"ForAnyValue:StringEquals":{"dynamodb:EnclosingOperation":["TransactWriteItems"]}}"#,
    );
    let bob = cloud.cloud.user("bob", &[&alone]);
    bob.call(transact(vec![put()])).await.unwrap();
    assert!(self::put(&bob, "Ann").await.is_err());
}

#[tokio::test]
async fn another_account_needs_the_table_s_policy() {
    let cloud = Cloud::with_music().await;
    let stranger = cloud.stranger();
    assert_eq!(refusal(get(&stranger, TABLE_ARN, "Ann").await).0, "AccessDeniedException");
    let policy = |effect: &str, principal: &str, action: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Principal":{principal},"Action":"{action}","Resource":"{TABLE_ARN}"}}]}}"#
        )
    };
    let set =
        |policy: String| PutResourcePolicy { resource_arn: TABLE_ARN.into(), policy, ..Default::default() };
    let other = format!(r#"{{"AWS":"{OTHER}"}}"#);
    let revision =
        cloud.root.call(set(policy("Allow", &other, "dynamodb:GetItem"))).await.unwrap().revision_id.unwrap();
    get(&stranger, TABLE_ARN, "Ann").await.unwrap();
    let gone = refusal(get(&stranger, "music", "Ann").await);
    assert_eq!(gone.0, "ResourceNotFoundException", "a bare name is a table of the caller's own");
    let write = PutItem { table_name: TABLE_ARN.into(), item: key("Ann", "One"), ..Default::default() };
    assert!(stranger.call(write).await.is_err());

    let deny = policy("Deny", r#""*""#, "dynamodb:PutItem");
    let other_revision = PutResourcePolicy { expected_revision_id: Some("1".into()), ..set(deny.clone()) };
    assert_eq!(refusal(cloud.root.call(other_revision).await).0, "PolicyNotFoundException");
    let right = PutResourcePolicy { expected_revision_id: Some(revision), ..set(deny) };
    cloud.root.call(right).await.unwrap();
    let denied = refusal(put(&cloud.root, "Ann").await).1;
    assert!(denied.contains("with an explicit deny in a resource-based policy"), "{denied}");
    let everything = policy("Deny", r#""*""#, "dynamodb:*");
    assert_eq!(refusal(cloud.root.call(set(everything)).await).0, "ValidationException");
    assert_eq!(refusal(cloud.root.call(set("{}".into())).await).0, "ValidationException");
    let delete = DeleteResourcePolicy { resource_arn: TABLE_ARN.into(), expected_revision_id: None };
    assert!(cloud.root.call(delete).await.unwrap().revision_id.is_some());
    let get_policy = GetResourcePolicy { resource_arn: TABLE_ARN.into() };
    assert_eq!(refusal(cloud.root.call(get_policy).await).0, "PolicyNotFoundException");
    put(&cloud.root, "Ann").await.unwrap();
}

#[tokio::test]
async fn a_table_s_tags_are_a_condition() {
    let cloud = Cloud::with_music().await;
    let tagged = allow(r#""dynamodb:GetItem""#, "*", r#"{"StringEquals":{"aws:ResourceTag/team":"red"}}"#);
    let ann = cloud.cloud.user("ann", &[&tagged]);
    assert!(get(&ann, "music", "Ann").await.is_err());
    let tag = Tag { key: "team".into(), value: "red".into() };
    cloud.root.call(TagResource { resource_arn: TABLE_ARN.into(), tags: vec![tag] }).await.unwrap();
    get(&ann, "music", "Ann").await.unwrap();
}

#[tokio::test]
async fn a_stream_has_a_policy_of_its_own() {
    let cloud = Cloud::with_music().await;
    let describe = api_dynamodb::DescribeTable { table_name: "music".into() };
    let stream = cloud.root.call(describe).await.unwrap().table.unwrap().latest_stream_arn.unwrap();
    let read = || api_dynamodbstreams::DescribeStream { stream_arn: stream.clone(), ..Default::default() };
    let policy = |resource: &str| {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":"dynamodb:*","Resource":"*"}}]}}"#
        );
        PutResourcePolicy { resource_arn: resource.into(), policy, ..Default::default() }
    };
    let stranger = cloud.stranger();
    cloud.root.call(policy(TABLE_ARN)).await.unwrap();
    assert_eq!(
        refusal(stranger.call(read()).await).0,
        "AccessDeniedException",
        "the table's policy is not the stream's"
    );
    cloud.root.call(policy(&stream)).await.unwrap();
    stranger.call(read()).await.unwrap();
    let gone = policy(&format!("{TABLE_ARN}/stream/2020-01-01T00:00:00.000"));
    assert_eq!(refusal(cloud.root.call(gone).await).0, "ResourceNotFoundException");
}

#[tokio::test]
async fn no_spelling_of_a_stream_s_arn_goes_past_a_deny() {
    let cloud = Cloud::with_music().await;
    let describe = api_dynamodb::DescribeTable { table_name: "music".into() };
    let stream = cloud.root.call(describe).await.unwrap().table.unwrap().latest_stream_arn.unwrap();
    let all = allow(r#""dynamodb:*""#, "*", "");
    let deny = allow(r#""dynamodb:*""#, &format!("{TABLE_ARN}/stream/*"), "").replace("Allow", "Deny");
    let ann = cloud.cloud.user("ann", &[&all, &deny]);
    for spelling in [stream.clone(), stream.replace("arn:aws:", "arn:aws-cn:")] {
        let read = api_dynamodbstreams::DescribeStream { stream_arn: spelling.clone(), ..Default::default() };
        assert!(ann.call(read).await.is_err(), "{spelling}");
        let position =
            base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "0:0:1795305600000");
        let records = api_dynamodbstreams::GetRecords {
            shard_iterator: format!("{spelling}|1|{position}"),
            ..Default::default()
        };
        let code = refusal(ann.call(records).await).0;
        assert_eq!(code, if spelling == stream { "AccessDeniedException" } else { "ValidationException" });
    }
}

#[tokio::test]
async fn no_attribute_hides_behind_a_keyword_s_name() {
    let cloud = Cloud::with_music().await;
    let some = allow(
        r#""dynamodb:GetItem""#,
        TABLE_ARN,
        r#"{"ForAllValues:StringEquals":{"dynamodb:Attributes":["artist","song"]},"StringEquals":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}}"#,
    );
    let ann = cloud.cloud.user("ann", &[&some]);
    for word in ["add", "and", "between", "delete", "in", "not", "or", "remove", "REMOVE", "set"] {
        let get = GetItem {
            table_name: "music".into(),
            key: key("Ann", "One"),
            projection_expression: Some(word.into()),
            ..Default::default()
        };
        assert!(ann.call(get).await.is_err(), "{word}");
    }
}

#[tokio::test]
async fn nobody_makes_a_table_public() {
    let cloud = Cloud::with_music().await;
    let set = |principal: &str, condition: &str| PutResourcePolicy {
        resource_arn: TABLE_ARN.into(),
        policy: format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"dynamodb:GetItem","Resource":"*","Condition":{condition}}}]}}"#
        ),
        ..Default::default()
    };
    for public in [set(r#""*""#, "{}"), set(r#"{"AWS":"*"}"#, r#"{"Bool":{"aws:SecureTransport":"true"}}"#)] {
        assert_eq!(refusal(cloud.root.call(public).await).0, "ValidationException");
    }
    assert!(get(&cloud.stranger(), TABLE_ARN, "Ann").await.is_err());
    let narrow = format!(r#"{{"StringEquals":{{"aws:PrincipalAccount":"{OTHER}"}}}}"#);
    cloud.root.call(set(r#""*""#, &narrow)).await.unwrap();
    get(&cloud.stranger(), TABLE_ARN, "Ann").await.unwrap();
}

#[tokio::test]
async fn records_show_keys_and_no_items() {
    let cloud = Cloud::with_music().await;
    let nobody = cloud.cloud.user("nobody", &[]);
    let secret = || item(&[("artist", s("ann")), ("song", s("One")), ("title", s("hush"))]);
    let put = PutItem { table_name: "music".into(), item: secret(), ..Default::default() };
    assert!(nobody.call(put).await.is_err());
    let update = || UpdateItem {
        table_name: "music".into(),
        key: key("ann", "One"),
        update_expression: Some("SET title = :t".into()),
        expression_attribute_values: Some(item(&[(":t", s("hush"))])),
        ..Default::default()
    };
    assert!(nobody.call(update()).await.is_err());
    let write = api_dynamodb::WriteRequest {
        put_request: Some(api_dynamodb::PutRequest { item: secret() }),
        ..Default::default()
    };
    let batch = api_dynamodb::BatchWriteItem {
        request_items: BTreeMap::from([("music".to_owned(), vec![write])]),
        ..Default::default()
    };
    assert!(nobody.call(batch).await.is_err());
    let records: Vec<String> =
        cloud.cloud.records().into_iter().filter_map(|record| record.parameters).collect();
    assert!(records.iter().any(|record| record.contains(r#""Key":{"artist""#)), "{records:?}");
    assert!(records.iter().all(|record| !record.contains("hush")), "{records:?}");
    assert!(!format!("{:?}", update()).contains("hush"));
}
