//! The handlers, as a stack calls them.

use crate::support::*;
use api_lambda::*;
use contract::{HandlerContext, Properties, ResourceHandler};
use std::sync::Arc;
use wire::{Document, document};

impl Lab {
    fn stack(&self, logical: &str, token: &str) -> HandlerContext {
        let context = self.cloud.context().clone();
        let chain = contract::Chain::default().through("cloudformation.amazonaws.com");
        HandlerContext {
            caller: context.caller(self.root().principal().clone(), self.cloud.scope(), chain),
            context,
            stack_name: "stack".into(),
            stack_id: format!("arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/stack/1"),
            logical_id: logical.into(),
            previous_stack_tags: Default::default(),
            stack_tags: [("aws:cloudformation:stack-name".to_owned(), "stack".to_owned())].into(),
            token: token.into(),
        }
    }

    fn handler(&self, kind: &str) -> Arc<dyn ResourceHandler> {
        Arc::clone(&self.cloud.context().catalog.handlers[kind])
    }
}

const TOKEN: &str = "ABCDEFGHIJ12";

fn function(timeout: i64) -> Document {
    document!({
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": ROLE,
        "Timeout": (timeout.to_string()),
        "Code": { "ZipFile": "def handler(event, context):\n    return event\n" },
        "Environment": { "Variables": { "DEBUG": true, "LEVEL": 3 } },
        "Tags": [{ "Key": "team", "Value": "blue" }],
    })
}

#[tokio::test]
async fn a_function_of_inline_code_is_made_changed_and_deleted() {
    let lab = lab().await;
    let handler = lab.handler("AWS::Lambda::Function");
    let context = lab.stack("LabFunction1", TOKEN);
    let old = Properties::new(function(300));
    let made = handler.create(&old, &context).await.unwrap();
    assert_eq!(made.physical_id, format!("stack-LabFunction1-{TOKEN}"));
    assert_eq!(made.attributes["Arn"].as_str(), Some(arn(&made.physical_id).as_str()));
    assert_eq!(made.attributes["SnapStartResponse.ApplyOn"].as_str(), Some("None"));
    // After kill -9 the step runs again and finds what it made.
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, made.physical_id);
    let got = lab
        .root()
        .call(GetFunction { function_name: made.physical_id.clone(), qualifier: None })
        .await
        .unwrap();
    let (configuration, tags) = (got.configuration.unwrap(), got.tags.unwrap());
    assert_eq!(configuration.timeout, Some(300));
    assert_eq!(configuration.environment.unwrap().variables.unwrap()["DEBUG"], "true");
    assert_eq!(tags["aws:cloudformation:stack-name"], "stack");
    assert_eq!(tags.len(), 2, "the step's token is no tag");
    lab.invoke(Box::leak(made.physical_id.clone().into_boxed_str()), "{}").await.unwrap();

    let mut new = function(10);
    new.set("Environment", Document::Null);
    new.set("Tags", Document::Array(Vec::new()));
    new.set("ReservedConcurrentExecutions", 5);
    new.set("Code", document!({ "ZipFile": "def handler(event, context):\n    return 2\n" }));
    let updated = handler.update(&made.physical_id, &old, &Properties::new(new), &context).await.unwrap();
    assert!(updated.attributes.contains_key("Arn"));
    let got = lab
        .root()
        .call(GetFunction { function_name: made.physical_id.clone(), qualifier: None })
        .await
        .unwrap();
    let changed = got.configuration.unwrap();
    assert_eq!((changed.timeout, changed.environment.is_none()), (Some(10), true));
    assert_ne!(changed.code_sha256, configuration.code_sha256);
    assert_eq!(got.concurrency.unwrap().reserved_concurrent_executions, Some(5));
    assert_eq!(got.tags.unwrap().len(), 1);

    handler.delete(&made.physical_id, &old, &context).await.unwrap();
    handler.delete(&made.physical_id, &old, &context).await.unwrap();
    assert!(lab.root().call(ListFunctions::default()).await.unwrap().functions.unwrap().is_empty());
}

#[tokio::test]
async fn a_name_that_somebody_else_has_is_refused() {
    let lab = lab().await;
    lab.function("mine").await;
    let properties = Properties::new(function(3).with("FunctionName", "mine"));
    let refused =
        lab.handler("AWS::Lambda::Function").create(&properties, &lab.stack("F", TOKEN)).await.unwrap_err();
    assert!(refused.reason.starts_with("Function already exist: mine"), "{}", refused.reason);
}

#[tokio::test]
async fn a_permission_for_config_comes_and_goes() {
    let lab = lab().await;
    lab.function("fun").await;
    let handler = lab.handler("AWS::Lambda::Permission");
    let properties = Properties::new(document!({
        "FunctionName": (arn("fun")),
        "Action": "lambda:InvokeFunction",
        "Principal": "config.amazonaws.com",
        "SourceAccount": ACCOUNT,
    }));
    let context = lab.stack("ConfigPermission", TOKEN);
    let made = handler.create(&properties, &context).await.unwrap();
    assert_eq!(handler.create(&properties, &context).await.unwrap().physical_id, made.physical_id);
    let policy = lab
        .root()
        .call(GetPolicy { function_name: "fun".into(), qualifier: None })
        .await
        .unwrap()
        .policy
        .unwrap();
    assert!(
        policy.contains(&format!(r#""Sid":"{}""#, made.physical_id)) && policy.contains("AWS:SourceAccount"),
        "{policy}"
    );
    handler.delete(&made.physical_id, &properties, &context).await.unwrap();
    handler.delete(&made.physical_id, &properties, &context).await.unwrap();
    assert_eq!(
        refusal(lab.root().call(GetPolicy { function_name: "fun".into(), qualifier: None }).await).0,
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn versions_aliases_and_event_invoke_configs() {
    let lab = lab().await;
    lab.function("fun").await;
    let context = lab.stack("X", TOKEN);
    let version = Properties::new(document!({ "FunctionName": "fun" }));
    let made = lab.handler("AWS::Lambda::Version").create(&version, &context).await.unwrap();
    assert_eq!((made.physical_id.clone(), made.attributes["Version"].as_str()), (arn("fun:1"), Some("1")));
    let alias = |version: &str| {
        Properties::new(document!({ "FunctionName": "fun", "FunctionVersion": version, "Name": "live" }))
    };
    let handler = lab.handler("AWS::Lambda::Alias");
    let live = handler.create(&alias("1"), &context).await.unwrap();
    assert_eq!(live.physical_id, arn("fun:live"));
    assert_eq!(handler.create(&alias("1"), &context).await.unwrap().physical_id, live.physical_id);
    assert!(handler.create(&alias("$LATEST"), &context).await.is_err());
    handler.update(&live.physical_id, &alias("1"), &alias("$LATEST"), &context).await.unwrap();
    let shown = lab.root().call(GetAlias { function_name: "fun".into(), name: "live".into() }).await.unwrap();
    assert_eq!(shown.function_version.as_deref(), Some("$LATEST"));
    let config = Properties::new(document!({
        "FunctionName": "fun",
        "Qualifier": "$LATEST",
        "MaximumRetryAttempts": 1,
        "DestinationConfig": { "OnFailure": { "Destination": (format!("arn:aws:sns:us-east-1:{ACCOUNT}:t")) } },
    }));
    let configs = lab.handler("AWS::Lambda::EventInvokeConfig");
    let put = configs.create(&config, &context).await.unwrap();
    assert_eq!(put.physical_id, "fun|$LATEST");
    configs.delete(&put.physical_id, &config, &context).await.unwrap();
    configs.delete(&put.physical_id, &config, &context).await.unwrap();
    handler.delete(&live.physical_id, &alias("1"), &context).await.unwrap();
    lab.handler("AWS::Lambda::Version").delete(&made.physical_id, &version, &context).await.unwrap();
    let versions = lab
        .root()
        .call(ListVersionsByFunction { function_name: "fun".into(), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(versions.versions.unwrap().len(), 1);
}

#[tokio::test]
async fn layers_and_their_permissions() {
    let lab = lab().await;
    let context = lab.stack("Tools", TOKEN);
    let layer = Properties::new(
        document!({ "Content": { "S3Bucket": "bucket", "S3Key": "code.zip" }, "CompatibleRuntimes": ["python3.12"] }),
    );
    let handler = lab.handler("AWS::Lambda::LayerVersion");
    let made = handler.create(&layer, &context).await.unwrap();
    assert_eq!(made.physical_id, format!("arn:aws:lambda:us-east-1:{ACCOUNT}:layer:stack-Tools-{TOKEN}:1"));
    assert_eq!(handler.create(&layer, &context).await.unwrap().physical_id, made.physical_id);
    let permission = Properties::new(
        document!({ "LayerVersionArn": (made.physical_id.clone()), "Action": "lambda:GetLayerVersion", "Principal": "*" }),
    );
    let permissions = lab.handler("AWS::Lambda::LayerVersionPermission");
    let granted = permissions.create(&permission, &context).await.unwrap();
    assert_eq!(permissions.create(&permission, &context).await.unwrap().physical_id, granted.physical_id);
    permissions.delete(&granted.physical_id, &permission, &context).await.unwrap();
    handler.delete(&made.physical_id, &layer, &context).await.unwrap();
    assert!(lab.root().call(ListLayers::default()).await.unwrap().layers.unwrap().is_empty());
}

#[tokio::test]
async fn unknown_parts_of_a_property_are_refused() {
    let lab = lab().await;
    let properties = Properties::new(function(3).with("Code", document!({ "ZipFile": "x", "Zip": "y" })));
    let refused =
        lab.handler("AWS::Lambda::Function").create(&properties, &lab.stack("F", TOKEN)).await.unwrap_err();
    assert!(refused.reason.contains("extraneous key [Zip] is not permitted"), "{}", refused.reason);
}

#[tokio::test]
async fn an_event_source_mapping_is_made_once_changed_and_deleted() {
    let lab = lab().await;
    lab.role("worker", "lambda.amazonaws.com", &[BASIC, crate::event_sources::QUEUE_POLICY]);
    lab.function("f").await;
    let queue = api_sqs::CreateQueue { queue_name: "q".into(), ..Default::default() };
    lab.root().call(queue).await.unwrap();
    let handler = lab.handler("AWS::Lambda::EventSourceMapping");
    let context = lab.stack("Mapping", TOKEN);
    let properties = |more: &[(&str, Document)]| {
        let mut all = document!({
            "EventSourceArn": (format!("arn:aws:sqs:us-east-1:{ACCOUNT}:q")),
            "FunctionName": (arn("f")),
        });
        for (name, value) in more {
            all.set(*name, value.clone());
        }
        Properties::new(all)
    };
    let filters = document!({ "Filters": [{ "Pattern": "{\"body\":[\"x\"]}" }] });
    let old = properties(&[
        ("BatchSize", "5".into()),
        ("FilterCriteria", filters),
        ("FunctionResponseTypes", document!(["ReportBatchItemFailures"])),
        ("ScalingConfig", document!({ "MaximumConcurrency": 2 })),
    ]);
    let made = handler.create(&old, &context).await.unwrap();
    assert_eq!(made.attributes["Id"].as_str(), Some(made.physical_id.as_str()));
    // After kill -9 the step runs again and finds what it made.
    assert_eq!(handler.create(&old, &context).await.unwrap().physical_id, made.physical_id);
    let get = async || {
        let input = GetEventSourceMapping { uuid: made.physical_id.clone() };
        lab.root().call(input).await
    };
    let shown = get().await.unwrap();
    assert_eq!(shown.batch_size, Some(5));
    assert_eq!(shown.function_response_types.unwrap().len(), 1);
    assert_eq!(shown.scaling_config.unwrap().maximum_concurrency, Some(2));
    let tags = ListTags { resource: shown.event_source_mapping_arn.unwrap() };
    assert_eq!(lab.root().call(tags.clone()).await.unwrap().tags.unwrap().len(), 1);

    // What the template does not say any more is as at the beginning.
    let new =
        properties(&[("Enabled", false.into()), ("Tags", document!([{ "Key": "team", "Value": "blue" }]))]);
    handler.update(&made.physical_id, &old, &new, &context).await.unwrap();
    let shown = get().await.unwrap();
    assert_eq!((shown.batch_size, shown.filter_criteria, shown.scaling_config), (Some(10), None, None));
    assert_eq!(
        (shown.state.as_deref(), shown.function_response_types),
        (Some("Disabling"), Some(Vec::new()))
    );
    assert_eq!(lab.root().call(tags).await.unwrap().tags.unwrap()["team"], "blue");
    let refused = properties(&[("BisectBatchOnFunctionError", true.into())]);
    let failure = handler.update(&made.physical_id, &new, &refused, &context).await.unwrap_err();
    assert!(failure.reason.contains("Unsupported BisectBatchOnFunctionError parameter"), "{failure}");

    handler.delete(&made.physical_id, &new, &context).await.unwrap();
    let _work = lab.cloud.start_work();
    lab.cloud.until("it is gone", async || get().await.is_err().then_some(())).await;
    handler.delete(&made.physical_id, &new, &context).await.unwrap();
}
