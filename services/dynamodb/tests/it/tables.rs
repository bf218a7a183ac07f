use crate::cloud::{Cloud, TABLE_ARN, defined, invalid, item, key, music, n, projection, refusal, s, schema};
use api_dynamodb::{
    BillingMode, CreateGlobalSecondaryIndexAction, CreateTable, DeleteGlobalSecondaryIndexAction,
    DeleteTable, DescribeContinuousBackups, DescribeTable, GlobalSecondaryIndexUpdate, ListTables,
    ListTagsOfResource, PointInTimeRecoverySpecification, PointInTimeRecoveryStatus, ProjectionType,
    ProvisionedThroughput, Query, SSESpecification, ScalarAttributeType, TableDescription, TableStatus, Tag,
    TagResource, UntagResource, UpdateContinuousBackups, UpdateTable,
};

fn plain(name: &str) -> CreateTable {
    CreateTable {
        table_name: name.into(),
        attribute_definitions: Some(vec![defined("pk", ScalarAttributeType::S)]),
        key_schema: Some(schema("pk", "")),
        provisioned_throughput: Some(ProvisionedThroughput {
            read_capacity_units: 5,
            write_capacity_units: 6,
        }),
        ..Default::default()
    }
}

async fn described(cloud: &Cloud, name: &str) -> TableDescription {
    cloud.root.call(DescribeTable { table_name: name.into() }).await.unwrap().table.unwrap()
}

#[tokio::test]
async fn a_table_is_made_described_listed_and_deleted() {
    let cloud = Cloud::with_music().await;
    cloud.put(key("Ann", "One")).await;
    let table = described(&cloud, TABLE_ARN).await;
    assert_eq!(table.table_status, Some(TableStatus::Active));
    assert_eq!(table.table_arn.as_deref(), Some(TABLE_ARN));
    assert_eq!(table.item_count, Some(1));
    assert_eq!(table.billing_mode_summary.unwrap().billing_mode, Some(BillingMode::PayPerRequest));
    let index = table.global_secondary_indexes.unwrap().remove(0);
    assert_eq!(index.index_arn.unwrap(), format!("{TABLE_ARN}/index/by-genre"));
    for name in ["aaa", "zzz"] {
        cloud.root.call(plain(name)).await.unwrap();
    }
    let plain_table = described(&cloud, "aaa").await;
    assert_eq!(plain_table.provisioned_throughput.unwrap().write_capacity_units, Some(6));
    assert_eq!(plain_table.billing_mode_summary, None);
    let list = |start: Option<String>| ListTables { exclusive_start_table_name: start, limit: Some(2) };
    let first = cloud.root.call(list(None)).await.unwrap();
    assert_eq!(first.table_names.unwrap(), ["aaa", "music"]);
    let rest = cloud.root.call(list(first.last_evaluated_table_name)).await.unwrap();
    assert_eq!((rest.table_names.unwrap(), rest.last_evaluated_table_name), (vec!["zzz".to_owned()], None));

    assert_eq!(
        refusal(cloud.root.call(music()).await),
        ("ResourceInUseException".into(), "Table already exists: music".into())
    );
    let delete = || DeleteTable { table_name: "music".into() };
    let deleted = cloud.root.call(delete()).await.unwrap().table_description.unwrap();
    assert_eq!(deleted.table_status, Some(TableStatus::Deleting));
    let gone = "Requested resource not found: Table: music not found";
    assert_eq!(refusal(cloud.root.call(delete()).await), ("ResourceNotFoundException".into(), gone.into()));
    cloud.root.call(music()).await.unwrap();
    assert_eq!(cloud.get("Ann", "One").await, None, "a new table of the same name is empty");
}

#[tokio::test]
async fn bad_definitions_are_refused_in_aws_s_words() {
    let cloud = Cloud::start().await;
    let refused = async |create: CreateTable| invalid(cloud.root.call(create).await);
    let start = "One or more parameter values were invalid: ";
    assert_eq!(
        refused(CreateTable { provisioned_throughput: None, ..plain("abc") }).await,
        format!(
            "{start}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
        )
    );
    assert_eq!(
        refused(CreateTable { billing_mode: Some(BillingMode::PayPerRequest), ..plain("abc") }).await,
        format!(
            "{start}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
        )
    );
    let two = Some(vec![defined("pk", ScalarAttributeType::S), defined("x", ScalarAttributeType::S)]);
    assert_eq!(
        refused(CreateTable { attribute_definitions: two, ..plain("abc") }).await,
        format!(
            "{start}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
        )
    );
    assert_eq!(
        refused(CreateTable { key_schema: Some(schema("other", "")), ..plain("abc") }).await,
        format!(
            "{start}Some index key attributes are not defined in AttributeDefinitions. Keys: [other], AttributeDefinitions: [pk]"
        )
    );
    assert_eq!(
        refused(plain("ab")).await,
        "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'"
    );
    let mut local = music();
    local.key_schema = Some(schema("artist", ""));
    assert_eq!(
        refused(local).await,
        format!(
            "{start}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"
        )
    );
    let mut twice = music();
    twice.global_secondary_indexes.as_mut().unwrap()[0].index_name = "by-year".into();
    assert_eq!(refused(twice).await, format!("{start}Duplicate index name: by-year"));
    let global = CreateTable {
        global_table_source_arn: Some("arn:aws:dynamodb:us-east-1:111122223333:table/abc".into()),
        ..plain("abc")
    };
    assert_eq!(refused(global).await, "Global tables are not built in Cloudchamber.");
    let keyed = CreateTable {
        sse_specification: Some(SSESpecification { enabled: Some(true), ..Default::default() }),
        ..plain("abc")
    };
    assert!(cloud.root.call(keyed).await.is_err(), "this cloud has no KMS: no key can be checked");
    assert_eq!(cloud.root.call(ListTables::default()).await.unwrap().table_names.unwrap().len(), 0);
}

#[tokio::test]
async fn deletion_protection_and_billing_change() {
    let cloud = Cloud::start().await;
    cloud.root.call(plain("abc")).await.unwrap();
    let update = UpdateTable { table_name: "abc".into(), ..Default::default() };
    assert_eq!(
        invalid(cloud.root.call(update.clone()).await),
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
    );
    let protect = |enabled| UpdateTable { deletion_protection_enabled: Some(enabled), ..update.clone() };
    cloud.root.call(protect(true)).await.unwrap();
    let delete = || DeleteTable { table_name: "abc".into() };
    assert_eq!(
        invalid(cloud.root.call(delete()).await),
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
    );
    let same = ProvisionedThroughput { read_capacity_units: 5, write_capacity_units: 6 };
    let same = UpdateTable { provisioned_throughput: Some(same), ..update.clone() };
    assert!(
        invalid(cloud.root.call(same).await)
            .starts_with("The provisioned throughput for the table will not change.")
    );
    let on_demand = UpdateTable { billing_mode: Some(BillingMode::PayPerRequest), ..update.clone() };
    let changed = cloud.root.call(on_demand).await.unwrap().table_description.unwrap();
    assert_eq!(changed.provisioned_throughput.unwrap().read_capacity_units, Some(0));
    cloud.root.call(protect(false)).await.unwrap();
    cloud.root.call(delete()).await.unwrap();
}

#[tokio::test]
async fn an_index_that_comes_later_has_the_items_that_are_there() {
    let cloud = Cloud::with_music().await;
    for song in ["One", "Two"] {
        cloud
            .put(item(&[("artist", s("Ann")), ("song", s(song)), ("label", s("blue")), ("plays", n("1"))]))
            .await;
    }
    cloud.put(item(&[("artist", s("Ann")), ("song", s("Three")), ("label", n("1"))])).await;
    let create = CreateGlobalSecondaryIndexAction {
        index_name: "by-label".into(),
        key_schema: schema("label", ""),
        projection: projection(ProjectionType::All),
        ..Default::default()
    };
    let update = |change: GlobalSecondaryIndexUpdate| UpdateTable {
        table_name: "music".into(),
        attribute_definitions: Some(vec![defined("label", ScalarAttributeType::S)]),
        global_secondary_index_updates: Some(vec![change]),
        ..Default::default()
    };
    let create = GlobalSecondaryIndexUpdate { create: Some(create), ..Default::default() };
    cloud.root.call(update(create.clone())).await.unwrap();
    assert_eq!(refusal(cloud.root.call(update(create)).await).0, "ResourceInUseException");
    let query = || Query {
        table_name: "music".into(),
        index_name: Some("by-label".into()),
        key_condition_expression: Some("label = :l".into()),
        expression_attribute_values: Some(item(&[(":l", s("blue"))])),
        ..Default::default()
    };
    let items = cloud.root.call(query()).await.unwrap().items.unwrap();
    assert_eq!(items.len(), 2, "an item whose value is of another type is in no index");
    assert_eq!(items[0]["plays"], n("1"));
    let delete = DeleteGlobalSecondaryIndexAction { index_name: "by-label".into() };
    let delete = GlobalSecondaryIndexUpdate { delete: Some(delete), ..Default::default() };
    let remove = UpdateTable { attribute_definitions: None, ..update(delete) };
    cloud.root.call(remove).await.unwrap();
    assert_eq!(
        invalid(cloud.root.call(query()).await),
        "The table does not have the specified index: by-label"
    );
}

#[tokio::test]
async fn tags_and_recovery() {
    let cloud = Cloud::with_music().await;
    let tag = |key: &str| Tag { key: key.into(), value: "v".into() };
    let tags = |tags: Vec<Tag>| TagResource { resource_arn: TABLE_ARN.into(), tags };
    cloud.root.call(tags((0..12).map(|number| tag(&format!("k{number:02}"))).collect())).await.unwrap();
    assert_eq!(
        invalid(cloud.root.call(tags(vec![tag("aws:x")])).await),
        "One or more parameter values were invalid: Tag keys starting with 'aws:' are reserved for system use: aws:x"
    );
    let untag = UntagResource { resource_arn: TABLE_ARN.into(), tag_keys: vec!["k00".into()] };
    cloud.root.call(untag).await.unwrap();
    let list = |next_token| ListTagsOfResource { resource_arn: TABLE_ARN.into(), next_token };
    let first = cloud.root.call(list(None)).await.unwrap();
    assert_eq!(first.tags.unwrap().len(), 10);
    let rest = cloud.root.call(list(first.next_token)).await.unwrap();
    assert_eq!((rest.tags.unwrap(), rest.next_token), (vec![tag("k11")], None));

    let describe = || DescribeContinuousBackups { table_name: "music".into() };
    let status = async || {
        let answer = cloud.root.call(describe()).await.unwrap().continuous_backups_description.unwrap();
        answer.point_in_time_recovery_description.unwrap()
    };
    assert_eq!(status().await.point_in_time_recovery_status, Some(PointInTimeRecoveryStatus::Disabled));
    let on = UpdateContinuousBackups {
        table_name: "music".into(),
        point_in_time_recovery_specification: PointInTimeRecoverySpecification {
            point_in_time_recovery_enabled: true,
            recovery_period_in_days: Some(7),
        },
    };
    cloud.root.call(on).await.unwrap();
    assert_eq!(status().await.recovery_period_in_days, Some(7));
    let gone = DescribeContinuousBackups { table_name: "nothing".into() };
    assert_eq!(
        refusal(cloud.root.call(gone).await),
        ("TableNotFoundException".into(), "Table not found: nothing".into())
    );
}

/// What an index left behind is removed in the background; an index that takes its name meanwhile keeps what it has.
#[tokio::test]
async fn an_index_of_a_deleted_one_s_name_keeps_its_entries() {
    let cloud = testkit::TestCloud::new(vec![dynamodb::registration()]);
    let root = cloud.root();
    let table = CreateTable { stream_specification: None, ..music() };
    let given = table.global_secondary_indexes.clone().unwrap().remove(0);
    root.call(table).await.unwrap();
    let song = item(&[("artist", s("Ann")), ("song", s("One")), ("genre", s("pop")), ("released", n("1"))]);
    let put = api_dynamodb::PutItem { table_name: "music".into(), item: song, ..Default::default() };
    root.call(put).await.unwrap();
    let update = |update: GlobalSecondaryIndexUpdate| UpdateTable {
        table_name: "music".into(),
        attribute_definitions: music().attribute_definitions,
        global_secondary_index_updates: Some(vec![update]),
        ..Default::default()
    };
    let delete = DeleteGlobalSecondaryIndexAction { index_name: "by-genre".into() };
    let delete = GlobalSecondaryIndexUpdate { delete: Some(delete), ..Default::default() };
    root.call(update(delete)).await.unwrap();
    let create = CreateGlobalSecondaryIndexAction {
        index_name: given.index_name,
        key_schema: given.key_schema,
        projection: given.projection,
        ..Default::default()
    };
    let create = GlobalSecondaryIndexUpdate { create: Some(create), ..Default::default() };
    root.call(update(create)).await.unwrap();
    let _running = cloud.start_work();
    cloud.settle().await;
    let query = Query {
        table_name: "music".into(),
        index_name: Some("by-genre".into()),
        key_condition_expression: Some("genre = :g".into()),
        expression_attribute_values: Some(item(&[(":g", s("pop"))])),
        ..Default::default()
    };
    assert_eq!(root.call(query).await.unwrap().count, Some(1));
}
