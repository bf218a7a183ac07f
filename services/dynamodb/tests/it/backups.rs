use crate::cloud::{Cloud, item, key, n, refusal, s};
use api_dynamodb::{
    CreateBackup, DeleteBackup, DeleteTable, DescribeBackup, DescribeTable, ListBackups, Query,
    RestoreTableFromBackup,
};

#[tokio::test]
async fn a_backup_holds_the_table_as_it_was() {
    let cloud = Cloud::with_music().await;
    let song = |plays: &str| {
        item(&[
            ("artist", s("Ann")),
            ("song", s("One")),
            ("genre", s("pop")),
            ("released", n("1990")),
            ("plays", n(plays)),
        ])
    };
    cloud.put(song("1")).await;
    let create = CreateBackup { table_name: "music".into(), backup_name: "first".into() };
    let arn = cloud.root.call(create).await.unwrap().backup_details.unwrap().backup_arn;
    cloud.put(song("2")).await;
    cloud.put(key("Bob", "One")).await;
    cloud.root.call(DeleteTable { table_name: "music".into() }).await.unwrap();
    cloud.cloud.settle().await;
    let described = cloud.root.call(DescribeBackup { backup_arn: arn.clone() }).await.unwrap();
    let source = described.backup_description.unwrap().source_table_details.unwrap();
    assert_eq!((source.table_name.as_str(), source.item_count), ("music", Some(1)));
    let listed = cloud.root.call(ListBackups::default()).await.unwrap().backup_summaries.unwrap();
    assert_eq!(listed[0].backup_arn.as_ref(), Some(&arn));

    let restore = RestoreTableFromBackup {
        target_table_name: "music".into(),
        backup_arn: arn.clone(),
        ..Default::default()
    };
    let table = cloud.root.call(restore.clone()).await.unwrap().table_description.unwrap();
    assert_eq!(table.item_count, Some(1));
    assert!(table.stream_specification.is_none(), "streams are not restored");
    assert_eq!(cloud.get("Ann", "One").await.unwrap()["plays"], n("1"));
    let query = Query {
        table_name: "music".into(),
        index_name: Some("by-genre".into()),
        key_condition_expression: Some("genre = :g".into()),
        expression_attribute_values: Some(item(&[(":g", s("pop"))])),
        ..Default::default()
    };
    assert_eq!(cloud.root.call(query).await.unwrap().count, Some(1));
    assert_eq!(refusal(cloud.root.call(restore).await).0, "TableAlreadyExistsException");
    let described =
        cloud.root.call(DescribeTable { table_name: "music".into() }).await.unwrap().table.unwrap();
    assert_eq!(described.restore_summary.unwrap().source_backup_arn.as_ref(), Some(&arn));

    cloud.root.call(DeleteBackup { backup_arn: arn.clone() }).await.unwrap();
    let gone = cloud.root.call(DescribeBackup { backup_arn: arn.clone() }).await;
    assert_eq!(refusal(gone), ("BackupNotFoundException".into(), format!("Backup not found: {arn}")));
}
