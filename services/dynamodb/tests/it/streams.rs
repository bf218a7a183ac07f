use crate::cloud::{Cloud, TABLE_ARN, invalid, item, key, n, refusal, s};
use api_dynamodb::{
    DeleteItem, DescribeTable, StreamSpecification, TimeToLiveSpecification, UpdateTable, UpdateTimeToLive,
};
use api_dynamodbstreams::{
    DescribeStream, GetRecords, GetShardIterator, ListStreams, OperationType, Record, ShardIteratorType,
    StreamStatus,
};
use std::time::Duration;

pub(crate) async fn arn(cloud: &Cloud) -> String {
    let describe = DescribeTable { table_name: "music".into() };
    cloud.root.call(describe).await.unwrap().table.unwrap().latest_stream_arn.unwrap()
}

fn describe(arn: &str) -> DescribeStream {
    DescribeStream { stream_arn: arn.into(), ..Default::default() }
}

async fn shards(cloud: &Cloud, arn: &str) -> Vec<String> {
    let described = cloud.root.call(describe(arn)).await.unwrap().stream_description.unwrap();
    described.shards.unwrap().into_iter().map(|shard| shard.shard_id.unwrap()).collect()
}

async fn iterator(
    cloud: &Cloud,
    arn: &str,
    shard_id: &str,
    shard_iterator_type: ShardIteratorType,
    sequence_number: Option<String>,
) -> String {
    let get = GetShardIterator {
        stream_arn: arn.into(),
        shard_id: shard_id.into(),
        shard_iterator_type,
        sequence_number,
    };
    cloud.root.call(get).await.unwrap().shard_iterator.unwrap()
}

fn read(iterator: &str) -> GetRecords {
    GetRecords { shard_iterator: iterator.into(), limit: None }
}

/// All records of all shards.
pub(crate) async fn records(cloud: &Cloud, arn: &str) -> Vec<Record> {
    let mut all = Vec::new();
    for shard in shards(cloud, arn).await {
        let start = iterator(cloud, arn, &shard, ShardIteratorType::TrimHorizon, None).await;
        all.extend(cloud.root.call(read(&start)).await.unwrap().records.unwrap());
    }
    all
}

#[tokio::test]
async fn a_stream_tells_what_was_done_in_order() {
    let cloud = Cloud::with_music().await;
    let mut woken = cloud.cloud.context().store.listen("dynamodb-stream/111122223333/us-east-1/music");
    let plays = |count: &str| item(&[("artist", s("Ann")), ("song", s("One")), ("plays", n(count))]);
    cloud.put(plays("1")).await;
    woken.signalled().await;
    cloud.put(plays("1")).await;
    cloud.put(plays("2")).await;
    let delete = DeleteItem { table_name: "music".into(), key: key("Ann", "One"), ..Default::default() };
    cloud.root.call(delete.clone()).await.unwrap();
    cloud.root.call(delete).await.unwrap();
    let arn = arn(&cloud).await;
    assert!(arn.starts_with(&format!("{TABLE_ARN}/stream/2")), "{arn}");
    let records = records(&cloud, &arn).await;
    let events: Vec<_> = records.iter().map(|record| record.event_name.unwrap()).collect();
    assert_eq!(
        events,
        [OperationType::Insert, OperationType::Modify, OperationType::Remove],
        "what changes nothing is not told"
    );
    let modify = records[1].dynamodb.as_ref().unwrap();
    let images: [&std::collections::BTreeMap<_, _>; 2] =
        [modify.old_image.as_ref().unwrap(), modify.new_image.as_ref().unwrap()];
    assert_eq!(images.map(|image| image["plays"].n.as_deref().unwrap()), ["1", "2"]);
    assert_eq!(modify.keys.as_ref().unwrap().len(), 2);
    assert!(records[2].dynamodb.as_ref().unwrap().new_image.is_none() && records[2].user_identity.is_none());
    let numbers: Vec<_> = records
        .iter()
        .map(|record| record.dynamodb.as_ref().unwrap().sequence_number.clone().unwrap())
        .collect();
    assert!(numbers.is_sorted() && numbers[0].len() == 21, "{numbers:?}");

    let mut shard_of = None;
    for shard in shards(&cloud, &arn).await {
        let start = iterator(&cloud, &arn, &shard, ShardIteratorType::TrimHorizon, None).await;
        if !cloud.root.call(read(&start)).await.unwrap().records.unwrap().is_empty() {
            shard_of = Some(shard);
        }
    }
    let shard = shard_of.unwrap();
    for (kind, expected) in
        [(ShardIteratorType::AtSequenceNumber, 2), (ShardIteratorType::AfterSequenceNumber, 1)]
    {
        let start = iterator(&cloud, &arn, &shard, kind, Some(numbers[1].clone())).await;
        assert_eq!(cloud.root.call(read(&start)).await.unwrap().records.unwrap().len(), expected);
    }
    let latest = iterator(&cloud, &arn, &shard, ShardIteratorType::Latest, None).await;
    let page = cloud.root.call(read(&latest)).await.unwrap();
    assert!(page.records.unwrap().is_empty());
    cloud.put(plays("3")).await;
    let page = cloud.root.call(read(&page.next_shard_iterator.unwrap())).await.unwrap();
    assert_eq!(page.records.unwrap().len(), 1);

    cloud.cloud.clock.advance(Duration::from_secs(16 * 60));
    assert_eq!(refusal(cloud.root.call(read(&latest)).await).0, "ExpiredIteratorException");
    assert_eq!(invalid(cloud.root.call(read("nonsense")).await), "Invalid ShardIterator");
}

#[tokio::test]
async fn records_are_kept_for_a_day() {
    let cloud = Cloud::with_music().await;
    cloud.put(key("Ann", "One")).await;
    let arn = arn(&cloud).await;
    assert_eq!(records(&cloud, &arn).await.len(), 1);
    cloud.cloud.clock.advance(Duration::from_secs(25 * 60 * 60));
    assert_eq!(records(&cloud, &arn).await.len(), 0);
}

#[tokio::test]
async fn a_stream_that_is_off_can_be_read_to_its_end() {
    let cloud = Cloud::with_music().await;
    cloud.put(key("Ann", "One")).await;
    let first = arn(&cloud).await;
    let set = |stream_specification| UpdateTable {
        table_name: "music".into(),
        stream_specification: Some(stream_specification),
        ..Default::default()
    };
    let off = StreamSpecification { stream_enabled: false, stream_view_type: None };
    cloud.root.call(set(off.clone())).await.unwrap();
    assert_eq!(
        invalid(cloud.root.call(set(off)).await),
        "Table stream is already disabled: TableName: music"
    );
    cloud.put(key("Ann", "Two")).await;
    let described = cloud.root.call(describe(&first)).await.unwrap().stream_description.unwrap();
    assert_eq!(described.stream_status, Some(StreamStatus::Disabled));
    assert_eq!(records(&cloud, &first).await.len(), 1);
    for shard in shards(&cloud, &first).await {
        let start = iterator(&cloud, &first, &shard, ShardIteratorType::TrimHorizon, None).await;
        assert_eq!(cloud.root.call(read(&start)).await.unwrap().next_shard_iterator, None);
    }
    let on = StreamSpecification {
        stream_enabled: true,
        stream_view_type: Some(api_dynamodb::StreamViewType::KeysOnly),
    };
    cloud.root.call(set(on)).await.unwrap();
    let second = arn(&cloud).await;
    assert_ne!(first, second);
    let list = ListStreams { table_name: Some("music".into()), ..Default::default() };
    assert_eq!(cloud.root.call(list.clone()).await.unwrap().streams.unwrap().len(), 2);
    cloud.put(key("Ann", "Three")).await;
    let record = records(&cloud, &second).await.remove(0).dynamodb.unwrap();
    assert!(record.new_image.is_none() && record.keys.is_some());
    cloud.cloud.clock.advance(Duration::from_secs(25 * 60 * 60));
    assert_eq!(cloud.root.call(list).await.unwrap().streams.unwrap().len(), 1);
    assert_eq!(refusal(cloud.root.call(describe(&first)).await).0, "ResourceNotFoundException");
}

#[tokio::test]
async fn time_to_live_removes_items_as_the_service() {
    let cloud = Cloud::with_music().await;
    let now = cloud.cloud.now().seconds();
    let ends =
        |song: &str, at: i64| item(&[("artist", s("Ann")), ("song", s(song)), ("ends", n(&at.to_string()))]);
    cloud.put(ends("before", now + 30)).await;
    let set = |enabled| UpdateTimeToLive {
        table_name: "music".into(),
        time_to_live_specification: TimeToLiveSpecification { enabled, attribute_name: "ends".into() },
    };
    cloud.root.call(set(true)).await.unwrap();
    assert_eq!(invalid(cloud.root.call(set(true)).await), "TimeToLive is already enabled");
    cloud.put(ends("soon", now + 60)).await;
    cloud.put(ends("late", now + 6000)).await;
    cloud.put(ends("ancient", now - 6 * 365 * 24 * 60 * 60)).await;
    cloud.put(item(&[("artist", s("Ann")), ("song", s("text")), ("ends", s("1"))])).await;
    cloud.cloud.clock.advance(Duration::from_secs(200));
    cloud
        .cloud
        .until("the items are gone", async || {
            let gone = cloud.get("Ann", "before").await.is_none() && cloud.get("Ann", "soon").await.is_none();
            gone.then_some(())
        })
        .await;
    for song in ["late", "ancient", "text"] {
        assert!(cloud.get("Ann", song).await.is_some(), "{song}");
    }
    let arn = arn(&cloud).await;
    let removed: Vec<Record> = records(&cloud, &arn)
        .await
        .into_iter()
        .filter(|record| record.event_name == Some(OperationType::Remove))
        .collect();
    assert_eq!(removed.len(), 2);
    let by = removed[0].user_identity.as_ref().unwrap();
    assert_eq!(
        (by.r#type.as_deref(), by.principal_id.as_deref()),
        (Some("Service"), Some("dynamodb.amazonaws.com"))
    );
}
