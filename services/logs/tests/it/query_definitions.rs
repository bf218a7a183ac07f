use crate::{cloud, refused, said};
use api_logs::{
    DeleteQueryDefinition, DescribeQueryDefinitions, PutQueryDefinition, QueryDefinition, QueryLanguage,
    QueryParameter,
};
use contract::Caller;

const TOKEN: &str = "3f1c0f1a-2b4d-4e5f-8a6b-7c8d9e0f1a2b";

fn definition(name: &str) -> PutQueryDefinition {
    PutQueryDefinition { name: name.into(), query_string: "fields @message".into(), ..Default::default() }
}

async fn put(caller: &Caller, put: PutQueryDefinition) -> String {
    caller.call(put).await.unwrap().query_definition_id.unwrap()
}

async fn described(caller: &Caller, describe: DescribeQueryDefinitions) -> Vec<QueryDefinition> {
    caller.call(describe).await.unwrap().query_definitions.unwrap()
}

#[tokio::test]
async fn definitions_are_put_described_and_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    let parameter =
        QueryParameter { name: "user".into(), default_value: Some("ann".into()), description: None };
    let first = PutQueryDefinition {
        log_group_names: Some(vec!["g".into()]),
        parameters: Some(vec![parameter.clone()]),
        ..definition("lab/first")
    };
    let id = put(&root, first).await;
    put(&root, definition("second")).await;
    let names =
        |found: Vec<QueryDefinition>| found.into_iter().map(|it| it.name.unwrap()).collect::<Vec<_>>();
    assert_eq!(names(described(&root, DescribeQueryDefinitions::default()).await), ["lab/first", "second"]);
    let in_lab =
        DescribeQueryDefinitions { query_definition_name_prefix: Some("lab/".into()), ..Default::default() };
    let found = described(&root, in_lab).await;
    assert_eq!(
        (found[0].query_definition_id.as_ref(), found[0].parameters.clone()),
        (Some(&id), Some(vec![parameter]))
    );
    assert_eq!(found[0].last_modified, Some(cloud.now().millis()));
    let page = DescribeQueryDefinitions { max_results: Some(1), ..Default::default() };
    let next_token = root.call(page.clone()).await.unwrap().next_token;
    assert_eq!(names(described(&root, DescribeQueryDefinitions { next_token, ..page }).await), ["second"]);

    let changed = PutQueryDefinition { query_definition_id: Some(id.clone()), ..definition("renamed") };
    assert_eq!(put(&root, changed).await, id);
    assert_eq!(names(described(&root, DescribeQueryDefinitions::default()).await), ["renamed", "second"]);
    let delete = DeleteQueryDefinition { query_definition_id: id.clone() };
    assert_eq!(root.call(delete.clone()).await.unwrap().success, Some(true));
    let sentence = "The specified query definition does not exist.";
    refused(root.call(delete).await, "ResourceNotFoundException", sentence);
    let gone = PutQueryDefinition { query_definition_id: Some(id), ..definition("x") };
    refused(root.call(gone).await, "ResourceNotFoundException", sentence);
}

#[tokio::test]
async fn the_same_token_makes_one() {
    let cloud = cloud();
    let root = cloud.root();
    let with_token = PutQueryDefinition { client_token: Some(TOKEN.into()), ..definition("a") };
    let id = put(&root, with_token.clone()).await;
    assert_eq!(put(&root, with_token).await, id);
    assert_ne!(put(&root, definition("a")).await, id);
    assert_eq!(described(&root, DescribeQueryDefinitions::default()).await.len(), 2);
}

#[tokio::test]
async fn other_languages_and_strangers_are_refused() {
    let cloud = cloud();
    let sql = PutQueryDefinition { query_language: Some(QueryLanguage::Sql), ..definition("a") };
    assert_eq!(said(cloud.root().call(sql).await).0, "InvalidParameterException");
    let ann = cloud.user("ann", &[]);
    let delete = DeleteQueryDefinition { query_definition_id: "x".into() };
    let denied = |action: &str| {
        format!(
            "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: logs:{action} because no identity-based policy allows the logs:{action} action"
        )
    };
    refused(ann.call(definition("a")).await, "AccessDeniedException", &denied("PutQueryDefinition"));
    refused(ann.call(delete).await, "AccessDeniedException", &denied("DeleteQueryDefinition"));
    let describe = DescribeQueryDefinitions::default();
    refused(ann.call(describe).await, "AccessDeniedException", &denied("DescribeQueryDefinitions"));
}
