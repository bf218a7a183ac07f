//! Layers.

use crate::support::*;
use api_lambda::*;
use contract::Principal;

fn layer(name: &str) -> PublishLayerVersion {
    PublishLayerVersion {
        layer_name: name.into(),
        content: LayerVersionContentInput { zip_file: Some(package("layer")), ..Default::default() },
        compatible_runtimes: Some(vec![Runtime::Python312]),
        license_info: Some("MIT".into()),
        ..Default::default()
    }
}

fn layer_arn(name: &str, version: u32) -> String {
    format!("arn:aws:lambda:us-east-1:{ACCOUNT}:layer:{name}:{version}")
}

#[tokio::test]
async fn versions_are_published_shown_listed_and_deleted() {
    let lab = lab().await;
    let first = lab.root().call(layer("tools")).await.unwrap();
    assert_eq!((first.version, first.layer_version_arn), (Some(1), Some(layer_arn("tools", 1))));
    assert_eq!(first.created_date.as_deref(), Some("2026-11-21T09:30:00.000+0000"));
    lab.root().call(PublishLayerVersion { compatible_runtimes: None, ..layer("tools") }).await.unwrap();
    let shown =
        lab.root().call(GetLayerVersion { layer_name: "tools".into(), version_number: 1 }).await.unwrap();
    assert_eq!(
        (shown.license_info.as_deref(), shown.compatible_runtimes),
        (Some("MIT"), Some(vec![Runtime::Python312]))
    );
    assert!(shown.content.unwrap().location.unwrap().contains("/_cloudchamber/lambda-code/"));
    let by_arn = lab.root().call(GetLayerVersionByArn { arn: layer_arn("tools", 2) }).await.unwrap();
    assert_eq!(by_arn.version, Some(2));
    let list = |runtime| ListLayerVersions {
        layer_name: "tools".into(),
        compatible_runtime: runtime,
        ..Default::default()
    };
    let numbers = |listed: ListLayerVersionsOutput| {
        listed.layer_versions.unwrap().iter().map(|one| one.version.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(lab.root().call(list(None)).await.unwrap()), [2, 1]);
    assert_eq!(numbers(lab.root().call(list(Some(Runtime::Python312))).await.unwrap()), [1]);
    let layers = lab.root().call(ListLayers::default()).await.unwrap().layers.unwrap();
    assert_eq!((layers.len(), layers[0].latest_matching_version.as_ref().unwrap().version), (1, Some(2)));
    lab.root().call(DeleteLayerVersion { layer_name: "tools".into(), version_number: 2 }).await.unwrap();
    assert_eq!(
        refusal(lab.root().call(GetLayerVersion { layer_name: "tools".into(), version_number: 2 }).await),
        ("ResourceNotFoundException".into(), "The resource you requested does not exist.".into())
    );
    assert_eq!(lab.root().call(layer("tools")).await.unwrap().version, Some(3), "numbers are not used again");
}

#[tokio::test]
async fn a_function_uses_layers_in_order() {
    let lab = lab().await;
    lab.root().call(layer("tools")).await.unwrap();
    lab.root().call(layer("other")).await.unwrap();
    let with = |layers: Vec<String>| CreateFunction { layers: Some(layers), ..create("f") };
    assert_eq!(
        refusal(lab.root().call(with(vec![layer_arn("tools", 9)])).await),
        (
            "InvalidParameterValueException".into(),
            format!("Layer version {} does not exist.", layer_arn("tools", 9))
        )
    );
    lab.root().call(layer("tools")).await.unwrap();
    let twice = refusal(lab.root().call(with(vec![layer_arn("tools", 1), layer_arn("tools", 2)])).await);
    assert!(twice.1.starts_with("Two different versions of the same layer are not allowed"), "{}", twice.1);
    let made = lab.root().call(with(vec![layer_arn("other", 1), layer_arn("tools", 1)])).await.unwrap();
    assert_eq!(made.layers.unwrap()[0].arn, Some(layer_arn("other", 1)));
    // What a function uses stays, also when the layer's version is deleted.
    lab.root().call(DeleteLayerVersion { layer_name: "tools".into(), version_number: 1 }).await.unwrap();
    lab.invoke("f", "{}").await.unwrap();
    let spec = lab.seen.started.lock().unwrap()[0].clone();
    assert_eq!(spec.layers.len(), 2);
    assert!(spec.layers.iter().all(|directory| directory.join("index.py").is_file()));
}

#[tokio::test]
async fn another_account_s_layer_needs_its_permission() {
    let lab = lab().await;
    lab.root().call(layer("tools")).await.unwrap();
    let far = lab.cloud.caller(Principal::Root("444455556666".parse().unwrap()));
    let get = || GetLayerVersionByArn { arn: layer_arn("tools", 1) };
    assert_eq!(refusal(far.call(get()).await).0, "AccessDeniedException");
    let add = AddLayerVersionPermission {
        layer_name: "tools".into(),
        version_number: 1,
        statement_id: "far".into(),
        action: "lambda:GetLayerVersion".into(),
        principal: "444455556666".into(),
        ..Default::default()
    };
    let added = lab.root().call(add.clone()).await.unwrap();
    assert_eq!(
        added.statement.unwrap(),
        format!(
            r#"{{"Sid":"far","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::444455556666:root"}},"Action":"lambda:GetLayerVersion","Resource":"{}"}}"#,
            layer_arn("tools", 1)
        )
    );
    far.call(get()).await.unwrap();
    assert_eq!(refusal(lab.root().call(add).await).0, "ResourceConflictException");
    let policy = GetLayerVersionPolicy { layer_name: "tools".into(), version_number: 1 };
    assert!(lab.root().call(policy.clone()).await.unwrap().policy.unwrap().contains("444455556666"));
    let remove = |revision: Option<&str>| RemoveLayerVersionPermission {
        layer_name: "tools".into(),
        version_number: 1,
        statement_id: "far".into(),
        revision_id: revision.map(str::to_owned),
    };
    assert_eq!(refusal(lab.root().call(remove(Some("stale"))).await).0, "PreconditionFailedException");
    lab.root().call(remove(None)).await.unwrap();
    assert_eq!(refusal(far.call(get()).await).0, "AccessDeniedException");
    assert_eq!(refusal(lab.root().call(policy).await).0, "ResourceNotFoundException");
}

#[tokio::test]
async fn who_creates_a_function_may_be_bound_to_layers() {
    let lab = lab().await;
    lab.root().call(layer("tools")).await.unwrap();
    lab.root().call(layer("other")).await.unwrap();
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["iam:PassRole","lambda:GetLayerVersion"],"Resource":"*"}},
        {{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"*","Condition":{{"ForAllValues:StringEquals":{{"lambda:Layer":"{}"}}}}}}]}}"#,
        layer_arn("tools", 1)
    );
    let user = lab.cloud.user("ann", &[&policy]);
    let with = |name: &str, layer: String| CreateFunction { layers: Some(vec![layer]), ..create(name) };
    assert_eq!(refusal(user.call(with("f", layer_arn("other", 1))).await).0, "AccessDeniedException");
    user.call(with("f", layer_arn("tools", 1))).await.unwrap();
}
