use crate::cloud::{Cloud, document};
use api_ssm::{
    DeleteDocument, DocumentKeyValuesFilter, DocumentType, GetDocument, ListDocumentVersions, ListDocuments,
    UpdateDocument, UpdateDocumentDefaultVersion,
};

const SLEEP: &str = "schemaVersion: \"0.3\"\nmainSteps:\n  - { name: Sleep, action: \"aws:sleep\", inputs: { Duration: P1D } }\n";

#[tokio::test]
async fn documents_have_versions_of_which_one_is_the_default() {
    let cloud = Cloud::start();
    cloud.create("doc", SLEEP).await.unwrap();
    assert_eq!(cloud.create("doc", SLEEP).await.unwrap_err().code, "DocumentAlreadyExists");
    let update = UpdateDocument {
        name: "doc".into(),
        content: format!("description: second\n{SLEEP}"),
        document_format: Some(api_ssm::DocumentFormat::Yaml),
        ..Default::default()
    };
    let described = cloud.root.call(update.clone()).await.unwrap().document_description.unwrap();
    assert_eq!(
        (described.latest_version.as_deref(), described.default_version.as_deref()),
        (Some("2"), Some("1"))
    );
    assert_eq!(cloud.root.call(update).await.unwrap_err().code, "DuplicateDocumentContent");
    let default = UpdateDocumentDefaultVersion { name: "doc".into(), document_version: "2".into() };
    cloud.root.call(default).await.unwrap();
    let get = GetDocument { name: "doc".into(), ..Default::default() };
    let json = cloud.root.call(get).await.unwrap().content.unwrap();
    let json = wire::Document::parse(&json).unwrap();
    assert_eq!(json.get("description").and_then(wire::Document::as_str), Some("second"));
    let versions = ListDocumentVersions { name: "doc".into(), max_results: None, next_token: None };
    let versions = cloud.root.call(versions).await.unwrap().document_versions.unwrap();
    let defaults: Vec<bool> = versions.iter().map(|version| version.is_default_version.unwrap()).collect();
    assert_eq!(defaults, [true, false]);
    let delete = |version: Option<&str>| DeleteDocument {
        name: "doc".into(),
        document_version: version.map(str::to_owned),
        ..Default::default()
    };
    assert_eq!(cloud.root.call(delete(Some("2"))).await.unwrap_err().code, "InvalidDocumentOperation");
    cloud.root.call(delete(Some("1"))).await.unwrap();
    cloud.root.call(delete(None)).await.unwrap();
    assert_eq!(
        cloud.root.call(delete(None)).await.unwrap_err().message,
        "Document with name doc does not exist."
    );
}

#[tokio::test]
async fn documents_of_amazon_are_listed_and_cannot_be_changed() {
    let cloud = Cloud::start();
    let filter = |key: &str, value: &str| DocumentKeyValuesFilter {
        key: Some(key.into()),
        values: Some(vec![value.into()]),
    };
    let list = ListDocuments {
        filters: Some(vec![filter("Owner", "Amazon"), filter("Name", "AWS-DisableP")]),
        ..Default::default()
    };
    let found = cloud.root.call(list).await.unwrap().document_identifiers.unwrap();
    let names: Vec<&str> = found.iter().map(|found| found.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["AWS-DisablePublicAccessForSecurityGroup"]);
    assert_eq!(found[0].owner.as_deref(), Some("Amazon"));
    let delete = DeleteDocument { name: "AWS-PublishSNSNotification".into(), ..Default::default() };
    assert_eq!(cloud.root.call(delete).await.unwrap_err().code, "InvalidDocument");
    assert_eq!(cloud.create("AWS-Mine", SLEEP).await.unwrap_err().code, "InvalidDocument");
}

#[tokio::test]
async fn what_is_no_runbook_is_refused_and_nothing_is_made() {
    let cloud = Cloud::start();
    let script = SLEEP.replace("aws:sleep", "aws:runCommand");
    let refused = cloud.create("doc", &script).await.unwrap_err();
    assert_eq!(
        (refused.status, refused.message.as_str()),
        (501, "The action aws:runCommand is not built in Cloudchamber.")
    );
    assert_eq!(
        cloud.create("doc", "schemaVersion: \"2.2\"").await.unwrap_err().code,
        "InvalidDocumentSchemaVersion"
    );
    assert_eq!(cloud.create("doc", "a: [").await.unwrap_err().code, "InvalidDocumentContent");
    assert_eq!(cloud.create("doc", &"#".repeat(70_000)).await.unwrap_err().code, "MaxDocumentSizeExceeded");
    let command =
        api_ssm::CreateDocument { document_type: Some(DocumentType::Command), ..document("doc", SLEEP) };
    assert_eq!(cloud.root.call(command).await.unwrap_err().status, 501);
    let get = GetDocument { name: "doc".into(), ..Default::default() };
    assert_eq!(cloud.root.call(get).await.unwrap_err().code, "InvalidDocument");
}
