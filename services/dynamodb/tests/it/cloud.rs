//! A cloud with DynamoDB, and what tests do with it.

use api_dynamodb::{
    AttributeDefinition, AttributeValue, BillingMode, CreateTable, GetItem, GlobalSecondaryIndex,
    KeySchemaElement, KeyType, LocalSecondaryIndex, Projection, ProjectionType, PutItem, ScalarAttributeType,
    StreamSpecification, StreamViewType,
};
use contract::{Caller, Chain, Principal, Registration};
use std::collections::BTreeMap;
use testkit::TestCloud;
use wire::ErrorResponse;

pub(crate) const OTHER: &str = "444455556666";
pub(crate) const TABLE_ARN: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/music";

pub(crate) type Item = BTreeMap<String, AttributeValue>;

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        let registrations: Vec<Registration> =
            vec![dynamodb::registration(), dynamodb::streams_registration()];
        let cloud = TestCloud::new(registrations);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    /// With the table `music`: see [`music`].
    pub(crate) async fn with_music() -> Self {
        let cloud = Self::start().await;
        cloud.root.call(music()).await.unwrap();
        cloud
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = OTHER.parse().unwrap();
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(Principal::Root(account), scope, Chain::default())
    }

    pub(crate) async fn put(&self, item: Item) {
        self.root.call(PutItem { table_name: "music".into(), item, ..Default::default() }).await.unwrap();
    }

    pub(crate) async fn get(&self, artist: &str, song: &str) -> Option<Item> {
        let get = GetItem { table_name: "music".into(), key: key(artist, song), ..Default::default() };
        self.root.call(get).await.unwrap().item
    }
}

pub(crate) fn s(text: &str) -> AttributeValue {
    AttributeValue { s: Some(text.into()), ..Default::default() }
}

pub(crate) fn n(text: &str) -> AttributeValue {
    AttributeValue { n: Some(text.into()), ..Default::default() }
}

pub(crate) fn item(members: &[(&str, AttributeValue)]) -> Item {
    members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

pub(crate) fn key(artist: &str, song: &str) -> Item {
    item(&[("artist", s(artist)), ("song", s(song))])
}

pub(crate) fn names(pairs: &[(&str, &str)]) -> Option<BTreeMap<String, String>> {
    Some(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

pub(crate) fn schema(hash: &str, range: &str) -> Vec<KeySchemaElement> {
    let element = |name: &str, key_type| KeySchemaElement { attribute_name: name.into(), key_type };
    let mut schema = vec![element(hash, KeyType::Hash)];
    if !range.is_empty() {
        schema.push(element(range, KeyType::Range));
    }
    schema
}

pub(crate) fn defined(name: &str, attribute_type: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition { attribute_name: name.into(), attribute_type }
}

pub(crate) fn projection(projection_type: ProjectionType) -> Projection {
    Projection { projection_type: Some(projection_type), non_key_attributes: None }
}

/// Songs by artist: a global index by genre and year (keys and title), a local one by year (keys only), and a stream of both images.
pub(crate) fn music() -> CreateTable {
    let by_genre = GlobalSecondaryIndex {
        index_name: "by-genre".into(),
        key_schema: schema("genre", "released"),
        projection: Projection {
            projection_type: Some(ProjectionType::Include),
            non_key_attributes: Some(vec!["title".into()]),
        },
        ..Default::default()
    };
    let by_year = LocalSecondaryIndex {
        index_name: "by-year".into(),
        key_schema: schema("artist", "released"),
        projection: projection(ProjectionType::KeysOnly),
    };
    CreateTable {
        table_name: "music".into(),
        attribute_definitions: Some(vec![
            defined("artist", ScalarAttributeType::S),
            defined("song", ScalarAttributeType::S),
            defined("genre", ScalarAttributeType::S),
            defined("released", ScalarAttributeType::N),
        ]),
        key_schema: Some(schema("artist", "song")),
        global_secondary_indexes: Some(vec![by_genre]),
        local_secondary_indexes: Some(vec![by_year]),
        billing_mode: Some(BillingMode::PayPerRequest),
        stream_specification: Some(StreamSpecification {
            stream_enabled: true,
            stream_view_type: Some(StreamViewType::NewAndOldImages),
        }),
        ..Default::default()
    }
}

pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, ErrorResponse>) -> (String, String) {
    let error = result.unwrap_err();
    (error.code, error.message)
}

/// The sentence of a ValidationException.
pub(crate) fn invalid<T: std::fmt::Debug>(result: Result<T, ErrorResponse>) -> String {
    let (code, message) = refusal(result);
    assert_eq!(code, "ValidationException", "{message}");
    message
}
