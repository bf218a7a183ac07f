//! Functions: made, shown, changed, deleted.

use crate::support::*;
use api_lambda::*;
use std::collections::BTreeMap;

#[tokio::test]
async fn a_new_function_has_the_usual_settings() {
    let lab = lab().await;
    let made = lab.root().call(create("f")).await.unwrap();
    assert_eq!(made.function_arn.as_deref(), Some(arn("f").as_str()));
    assert_eq!((made.timeout, made.memory_size), (Some(3), Some(128)));
    assert_eq!(made.ephemeral_storage.clone().unwrap().size, 512);
    assert_eq!(made.version.as_deref(), Some("$LATEST"));
    assert_eq!(made.last_modified.as_deref(), Some("2026-11-21T09:30:00.000+0000"));
    assert_eq!(made.state, Some(State::Active));
    assert_eq!(made.logging_config.clone().unwrap().log_group.as_deref(), Some("/aws/lambda/f"));
    assert_eq!(made.tracing_config.clone().unwrap().mode, Some(TracingMode::PassThrough));
    assert_eq!(made.snap_start.clone().unwrap().apply_on, Some(SnapStartApplyOn::None));
    assert!(made.environment.is_none() && made.layers.is_none() && made.vpc_config.is_none());
    let shown =
        lab.root().call(GetFunctionConfiguration { function_name: arn("f"), qualifier: None }).await.unwrap();
    assert!(shown == made);
    let got = lab
        .root()
        .call(GetFunction { function_name: format!("{ACCOUNT}:function:f"), qualifier: None })
        .await
        .unwrap();
    let location = got.code.unwrap().location.unwrap();
    assert!(location.starts_with("http://127.0.0.1:4566/_cloudchamber/lambda-code/"), "{location}");
    assert!(got.tags.is_none() && got.concurrency.is_none());
    let recursion = GetFunctionRecursionConfig { function_name: "f".into() };
    assert_eq!(lab.root().call(recursion).await.unwrap().recursive_loop, Some(RecursiveLoop::Terminate));
    let management = GetRuntimeManagementConfig { function_name: "f".into(), qualifier: None };
    assert_eq!(lab.root().call(management).await.unwrap().update_runtime_on, Some(UpdateRuntimeOn::Auto));
}

#[tokio::test]
async fn every_setting_is_kept_and_shown() {
    let lab = lab().await;
    let variables = BTreeMap::from([("MODE".to_owned(), "debug".to_owned())]);
    let input = CreateFunction {
        description: Some("d".into()),
        timeout: Some(300),
        memory_size: Some(256),
        ephemeral_storage: Some(EphemeralStorage { size: 1024 }),
        environment: Some(Environment { variables: Some(variables.clone()) }),
        dead_letter_config: Some(DeadLetterConfig {
            target_arn: Some(format!("arn:aws:sns:us-east-1:{ACCOUNT}:t")),
        }),
        tracing_config: Some(TracingConfig { mode: Some(TracingMode::Active) }),
        architectures: Some(vec![Architecture::Arm64]),
        logging_config: Some(LoggingConfig {
            log_format: Some(LogFormat::Json),
            log_group: Some("mine".into()),
            ..Default::default()
        }),
        tags: Some(BTreeMap::from([("team".to_owned(), "blue".to_owned())])),
        ..create("f")
    };
    lab.root().call(input).await.unwrap();
    let got = lab.root().call(GetFunction { function_name: "f".into(), qualifier: None }).await.unwrap();
    let shown = got.configuration.unwrap();
    assert_eq!((shown.timeout, shown.memory_size), (Some(300), Some(256)));
    assert_eq!(shown.ephemeral_storage.unwrap().size, 1024);
    assert_eq!(shown.environment.unwrap().variables, Some(variables));
    assert_eq!(
        shown.dead_letter_config.unwrap().target_arn.unwrap(),
        format!("arn:aws:sns:us-east-1:{ACCOUNT}:t")
    );
    assert_eq!(shown.tracing_config.unwrap().mode, Some(TracingMode::Active));
    assert_eq!(shown.architectures.unwrap(), [Architecture::Arm64]);
    let logging = shown.logging_config.unwrap();
    assert_eq!(
        (logging.log_group.as_deref(), logging.system_log_level),
        (Some("mine"), Some(SystemLogLevel::Info))
    );
    assert_eq!(got.tags.unwrap()["team"], "blue");
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_checks_the_revision() {
    let lab = lab().await;
    let made = lab.root().call(create("f")).await.unwrap();
    let update = |timeout, revision: Option<String>| UpdateFunctionConfiguration {
        function_name: "f".into(),
        timeout: Some(timeout),
        revision_id: revision,
        ..Default::default()
    };
    let changed = lab.root().call(update(10, made.revision_id.clone())).await.unwrap();
    assert_eq!((changed.timeout, changed.handler.as_deref()), (Some(10), Some("index.handler")));
    assert_ne!(changed.revision_id, made.revision_id);
    assert_eq!(
        refusal(lab.root().call(update(11, made.revision_id)).await),
        (
            "PreconditionFailedException".into(),
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id".into()
        )
    );
    let code = |dry| UpdateFunctionCode {
        function_name: "f".into(),
        zip_file: Some(package("other")),
        dry_run: Some(dry),
        ..Default::default()
    };
    let dry = lab.root().call(code(true)).await.unwrap();
    let shown = lab
        .root()
        .call(GetFunctionConfiguration { function_name: "f".into(), qualifier: None })
        .await
        .unwrap();
    assert_ne!(dry.code_sha256, shown.code_sha256);
    let wet = lab.root().call(code(false)).await.unwrap();
    assert_eq!(wet.code_sha256, dry.code_sha256);
}

#[tokio::test]
async fn code_comes_from_s3_as_the_caller() {
    let lab = lab().await;
    let from = |key: &str| CreateFunction {
        code: FunctionCode {
            s3_bucket: Some("bucket".into()),
            s3_key: Some(key.into()),
            ..Default::default()
        },
        ..create("f")
    };
    assert_eq!(
        refusal(lab.root().call(from("other.zip")).await),
        (
            "InvalidParameterValueException".into(),
            "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.".into()
        )
    );
    let user = lab.cloud.user("ann", &[r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["lambda:*","iam:PassRole"],"Resource":"*"}}"#]);
    let (code, message) = refusal(user.call(from("code.zip")).await);
    assert_eq!(code, "AccessDeniedException");
    assert!(message.starts_with("Your access has been denied by S3, please make sure your request credentials have permission to GetObject for bucket/code.zip."), "{message}");
    lab.root().call(from("code.zip")).await.unwrap();
}

#[tokio::test]
async fn a_deleted_function_is_gone_with_all_that_is_its_own() {
    let lab = lab().await;
    lab.function("f").await;
    lab.root().call(PublishVersion { function_name: "f".into(), ..Default::default() }).await.unwrap();
    let alias = CreateAlias {
        function_name: "f".into(),
        name: "live".into(),
        function_version: "1".into(),
        ..Default::default()
    };
    lab.root().call(alias).await.unwrap();
    lab.invoke("f", "{}").await.unwrap();
    lab.root().call(DeleteFunction { function_name: "f".into(), qualifier: None }).await.unwrap();
    assert_eq!(lab.seen.alive.load(std::sync::atomic::Ordering::SeqCst), 0);
    assert_eq!(
        refusal(lab.root().call(GetFunction { function_name: "f".into(), qualifier: None }).await),
        ("ResourceNotFoundException".into(), format!("Function not found: {}", arn("f")))
    );
    lab.function("f").await;
    let versions = lab
        .root()
        .call(ListVersionsByFunction { function_name: "f".into(), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(versions.versions.unwrap().len(), 1);
}

#[tokio::test]
async fn functions_are_listed_in_pages() {
    let lab = lab().await;
    for name in ["c", "a", "b"] {
        lab.function(name).await;
    }
    lab.root().call(PublishVersion { function_name: "a".into(), ..Default::default() }).await.unwrap();
    let list = |marker, version| ListFunctions {
        max_items: Some(2),
        marker,
        function_version: version,
        ..Default::default()
    };
    let first = lab.root().call(list(None, None)).await.unwrap();
    let names = |functions: Option<Vec<FunctionConfiguration>>| {
        functions.unwrap().into_iter().map(|one| one.function_name.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(names(first.functions), ["a", "b"]);
    let second = lab.root().call(list(first.next_marker.clone(), None)).await.unwrap();
    assert_eq!((names(second.functions), second.next_marker), (vec!["c".to_owned()], None));
    let all = lab.root().call(list(None, Some(FunctionVersion::All))).await.unwrap();
    assert_eq!(names(all.functions), ["a", "a"]);
    let (code, _) = refusal(lab.root().call(list(first.next_marker, Some(FunctionVersion::All))).await);
    assert_eq!(code, "InvalidParameterValueException");
}

#[tokio::test]
async fn config_sees_the_function_and_its_policy() {
    let lab = lab().await;
    lab.function("f").await;
    let permission = AddPermission {
        function_name: "f".into(),
        statement_id: "s".into(),
        action: "lambda:InvokeFunction".into(),
        principal: "config.amazonaws.com".into(),
        ..Default::default()
    };
    lab.root().call(permission).await.unwrap();
    let context = lab.cloud.context();
    let kind = context.catalog.resources["AWS::Lambda::Function"];
    let item = (kind.describe)(&context.store.view(), lab.cloud.scope(), "f").unwrap().unwrap();
    assert_eq!((item.identity.id.as_str(), item.identity.arn.clone()), ("f", arn("f")));
    assert_eq!(item.configuration.at(&["functionName"]).unwrap().as_str(), Some("f"));
    assert_eq!(item.configuration.at(&["state", "value"]).unwrap().as_str(), Some("Active"));
    assert_eq!(item.configuration.get("memorySize").unwrap().as_i64(), Some(128));
    assert!(item.configuration.get("environment").is_none());
    assert!(item.supplementary["Policy"].as_str().unwrap().contains("config.amazonaws.com"));
    let role = &item.relationships[0];
    assert_eq!(
        (role.name.as_deref(), role.id.as_deref(), role.relation.as_str()),
        (Some("worker"), None, "Is associated with ")
    );
}
