use crate::cloud::{Cloud, Item, invalid, item, n, names, s};
use api_dynamodb::{AttributeValue, ComparisonOperator, Condition, Query, Scan, Select};
use std::collections::{BTreeMap, BTreeSet};

async fn filled() -> Cloud {
    let cloud = Cloud::with_music().await;
    for (artist, songs) in [("Ann", 5), ("Bob", 3)] {
        for song in 0..songs {
            cloud
                .put(item(&[
                    ("artist", s(artist)),
                    ("song", s(&format!("{artist}-{song}"))),
                    ("genre", s(if song % 2 == 0 { "pop" } else { "folk" })),
                    ("released", n(&(1990 - song).to_string())),
                    ("title", s(&format!("Title {song}"))),
                    ("plays", n(&song.to_string())),
                ]))
                .await;
        }
    }
    cloud
}

fn query(condition: &str, values: &[(&str, AttributeValue)]) -> Query {
    Query {
        table_name: "music".into(),
        key_condition_expression: Some(condition.into()),
        expression_attribute_values: Some(item(values)),
        ..Default::default()
    }
}

fn ann() -> Query {
    query("artist = :a", &[(":a", s("Ann"))])
}

fn songs(items: Option<Vec<Item>>) -> Vec<String> {
    items.unwrap().iter().map(|item| item["song"].s.clone().unwrap()).collect()
}

#[tokio::test]
async fn a_query_reads_a_range_in_order() {
    let cloud = filled().await;
    let run = async |query: Query| songs(cloud.root.call(query).await.unwrap().items);
    assert_eq!(run(ann()).await, ["Ann-0", "Ann-1", "Ann-2", "Ann-3", "Ann-4"]);
    let backwards = Query { scan_index_forward: Some(false), limit: Some(2), ..ann() };
    assert_eq!(run(backwards).await, ["Ann-4", "Ann-3"]);
    for (condition, expected) in [
        ("song = :s", vec!["Ann-2"]),
        ("song < :s", vec!["Ann-0", "Ann-1"]),
        ("song <= :s", vec!["Ann-0", "Ann-1", "Ann-2"]),
        ("song > :s", vec!["Ann-3", "Ann-4"]),
        ("song >= :s", vec!["Ann-2", "Ann-3", "Ann-4"]),
    ] {
        let condition = format!("artist = :a AND {condition}");
        let values = [(":a", s("Ann")), (":s", s("Ann-2"))];
        assert_eq!(run(query(&condition, &values)).await, expected, "{condition}");
    }
    let values = [(":a", s("Ann")), (":x", s("Ann-1")), (":y", s("Ann-3"))];
    assert_eq!(
        run(query("artist = :a AND song BETWEEN :x AND :y", &values)).await,
        ["Ann-1", "Ann-2", "Ann-3"]
    );
    let values = [(":a", s("Ann")), (":p", s("Ann-"))];
    assert_eq!(run(query("begins_with(song, :p) AND artist = :a", &values)).await.len(), 5);
    assert!(run(query("artist = :a", &[(":a", s("An"))])).await.is_empty());
    let legacy = Query {
        table_name: "music".into(),
        key_conditions: Some(BTreeMap::from([(
            "artist".to_owned(),
            Condition {
                comparison_operator: ComparisonOperator::Eq,
                attribute_value_list: Some(vec![s("Bob")]),
            },
        )])),
        ..Default::default()
    };
    assert_eq!(run(legacy).await, ["Bob-0", "Bob-1", "Bob-2"]);
}

#[tokio::test]
async fn pages_go_on_where_the_last_ended() {
    let cloud = filled().await;
    for forward in [true, false] {
        let mut start = None;
        let mut found = Vec::new();
        let mut pages = 0;
        loop {
            let page = Query {
                limit: Some(2),
                scan_index_forward: Some(forward),
                exclusive_start_key: start,
                ..ann()
            };
            let page = cloud.root.call(page).await.unwrap();
            found.extend(songs(page.items));
            pages += 1;
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        assert_eq!((found.len(), pages), (5, 3));
        assert_eq!(found.first().unwrap(), if forward { "Ann-0" } else { "Ann-4" });
    }
    let filtered = Query {
        filter_expression: Some("plays > :two".into()),
        expression_attribute_values: Some(item(&[(":a", s("Ann")), (":two", n("2"))])),
        limit: Some(4),
        ..ann()
    };
    let page = cloud.root.call(filtered).await.unwrap();
    assert_eq!((page.count, page.scanned_count), (Some(1), Some(4)), "the limit counts what is looked at");
    assert_eq!(page.last_evaluated_key.unwrap()["song"], s("Ann-3"));
    let counted = Query { select: Some(Select::Count), ..ann() };
    let counted = cloud.root.call(counted).await.unwrap();
    assert_eq!((counted.count, counted.items), (Some(5), None));
}

#[tokio::test]
async fn a_page_ends_at_a_megabyte() {
    let cloud = Cloud::with_music().await;
    for song in 0..6 {
        cloud
            .put(item(&[
                ("artist", s("Ann")),
                ("song", s(&song.to_string())),
                ("x", s(&"x".repeat(300 << 10))),
            ]))
            .await;
    }
    let first = cloud.root.call(ann()).await.unwrap();
    assert_eq!(first.count, Some(4));
    let rest = Query { exclusive_start_key: first.last_evaluated_key, ..ann() };
    let rest = cloud.root.call(rest).await.unwrap();
    assert_eq!((rest.count, rest.last_evaluated_key), (Some(2), None));
}

#[tokio::test]
async fn indexes_have_what_they_project() {
    let cloud = filled().await;
    let by_genre = |condition: &str, values: &[(&str, AttributeValue)]| Query {
        index_name: Some("by-genre".into()),
        ..query(condition, values)
    };
    let pop = by_genre("genre = :g AND released > :y", &[(":g", s("pop")), (":y", n("1986"))]);
    let page = cloud.root.call(pop.clone()).await.unwrap();
    let items = page.items.unwrap();
    let years: Vec<&str> = items.iter().map(|item| item["released"].n.as_deref().unwrap()).collect();
    assert_eq!(years, ["1988", "1988", "1990", "1990"]);
    assert!(items.iter().all(|item| item.contains_key("title") && !item.contains_key("plays")));
    let first = cloud.root.call(Query { limit: Some(1), ..pop.clone() }).await.unwrap();
    let last = first.last_evaluated_key.unwrap();
    assert_eq!(last.keys().collect::<Vec<_>>(), ["artist", "genre", "released", "song"]);
    let rest = Query { exclusive_start_key: Some(last), ..pop.clone() };
    assert_eq!(cloud.root.call(rest).await.unwrap().count, Some(3));

    // A local index fetches what it does not have; a global one cannot.
    let local = Query {
        index_name: Some("by-year".into()),
        projection_expression: Some("plays".into()),
        consistent_read: Some(true),
        ..ann()
    };
    let items = cloud.root.call(local).await.unwrap().items.unwrap();
    let plays: Vec<&str> = items.iter().map(|item| item["plays"].n.as_deref().unwrap()).collect();
    assert_eq!(plays, ["4", "3", "2", "1", "0"], "in the order of the years");
    let refused = async |query: Query| invalid(cloud.root.call(query).await);
    assert_eq!(
        refused(Query { projection_expression: Some("plays".into()), ..pop.clone() }).await,
        "One or more parameter values were invalid: Global secondary index by-genre does not project [plays]"
    );
    assert_eq!(
        refused(Query { consistent_read: Some(true), ..pop.clone() }).await,
        "Consistent reads are not supported on global secondary indexes"
    );
    assert_eq!(
        refused(Query { select: Some(Select::AllAttributes), ..pop }).await,
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index by-genre because its projection type is not ALL"
    );
}

#[tokio::test]
async fn an_index_follows_its_items() {
    let cloud = filled().await;
    let scan =
        || Scan { table_name: "music".into(), index_name: Some("by-genre".into()), ..Default::default() };
    assert_eq!(cloud.root.call(scan()).await.unwrap().count, Some(8));
    let update = api_dynamodb::UpdateItem {
        table_name: "music".into(),
        key: crate::cloud::key("Ann", "Ann-0"),
        update_expression: Some("SET genre = :g".into()),
        expression_attribute_values: Some(item(&[(":g", s("jazz"))])),
        ..Default::default()
    };
    cloud.root.call(update).await.unwrap();
    let delete = api_dynamodb::DeleteItem {
        table_name: "music".into(),
        key: crate::cloud::key("Ann", "Ann-1"),
        ..Default::default()
    };
    cloud.root.call(delete).await.unwrap();
    let remove = api_dynamodb::UpdateItem {
        table_name: "music".into(),
        key: crate::cloud::key("Ann", "Ann-2"),
        update_expression: Some("REMOVE released".into()),
        ..Default::default()
    };
    cloud.root.call(remove).await.unwrap();
    let items = cloud.root.call(scan()).await.unwrap().items.unwrap();
    assert_eq!(items.len(), 6);
    let jazz: Vec<_> = items.iter().filter(|item| item["genre"] == s("jazz")).collect();
    assert_eq!(jazz.len(), 1);
}

#[tokio::test]
async fn the_segments_of_a_scan_have_every_item_once() {
    let cloud = Cloud::with_music().await;
    let all: BTreeSet<String> = (0..60).map(|number| format!("artist-{number}")).collect();
    for artist in &all {
        cloud.put(item(&[("artist", s(artist)), ("song", s("x"))])).await;
    }
    let mut found = Vec::new();
    for segment in 0..4 {
        let mut start = None;
        loop {
            let scan = Scan {
                table_name: "music".into(),
                segment: Some(segment),
                total_segments: Some(4),
                limit: Some(7),
                exclusive_start_key: start,
                ..Default::default()
            };
            let page = cloud.root.call(scan).await.unwrap();
            found.extend(page.items.unwrap().into_iter().map(|item| item["artist"].s.clone().unwrap()));
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
    }
    assert_eq!(found.len(), 60);
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), all);
    let bad = |segment, total_segments| Scan {
        table_name: "music".into(),
        segment,
        total_segments,
        ..Default::default()
    };
    assert_eq!(
        invalid(cloud.root.call(bad(Some(4), Some(4))).await),
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 4 is not less than TotalSegments: 4"
    );
    assert_eq!(
        invalid(cloud.root.call(bad(None, Some(4))).await),
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
    );
}

#[tokio::test]
async fn bad_queries_are_refused_in_aws_s_words() {
    let cloud = filled().await;
    let refused = async |query: Query| invalid(cloud.root.call(query).await);
    for (query, sentence) in [
        (query("song = :a", &[(":a", s("x"))]), "Query condition missed key schema element: artist"),
        (query("artist > :a", &[(":a", s("x"))]), "Query key condition not supported"),
        (
            query("artist = :a AND plays = :p", &[(":a", s("x")), (":p", n("1"))]),
            "Query condition missed key schema element: song",
        ),
        (
            query("artist = :a", &[(":a", n("1"))]),
            "One or more parameter values were invalid: Condition parameter type does not match schema type",
        ),
        (
            Query { key_condition_expression: None, expression_attribute_values: None, ..ann() },
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        ),
        (
            Query { index_name: Some("none".into()), ..ann() },
            "The table does not have the specified index: none",
        ),
        (
            Query { filter_expression: Some("song = :a".into()), ..ann() },
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: song",
        ),
        (
            Query { expression_attribute_names: names(&[("#x", "plays")]), ..ann() },
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}",
        ),
        (
            Query { select: Some(Select::SpecificAttributes), ..ann() },
            "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
        ),
        (
            Query { select: Some(Select::Count), projection_expression: Some("plays".into()), ..ann() },
            "Cannot specify the ProjectionExpression when choosing to get COUNT",
        ),
        (
            Query { exclusive_start_key: Some(item(&[("artist", s("Ann"))])), ..ann() },
            "The provided starting key is invalid",
        ),
        (
            Query { exclusive_start_key: Some(crate::cloud::key("Bob", "x")), ..ann() },
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
    ] {
        assert_eq!(refused(query).await, sentence);
    }
}
