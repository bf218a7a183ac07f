//! What a function has beside its configuration: concurrency, runtime management, recursion, and the account's limits.

use crate::support::*;
use api_lambda::*;

#[tokio::test]
async fn reserved_concurrency_leaves_a_hundred() {
    let lab = lab().await;
    lab.function("f").await;
    lab.function("g").await;
    let reserve = |name: &str, executions| PutFunctionConcurrency {
        function_name: name.into(),
        reserved_concurrent_executions: executions,
    };
    lab.root().call(reserve("f", 800)).await.unwrap();
    assert_eq!(
        refusal(lab.root().call(reserve("g", 101)).await),
        (
            "InvalidParameterValueException".into(),
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].".into()
        )
    );
    lab.root().call(reserve("g", 100)).await.unwrap();
    let account = lab.root().call(GetAccountSettings {}).await.unwrap();
    let limit = account.account_limit.unwrap();
    assert_eq!(
        (limit.concurrent_executions, limit.unreserved_concurrent_executions),
        (Some(1000), Some(100))
    );
    let usage = account.account_usage.unwrap();
    assert!(usage.function_count == Some(2) && usage.total_code_size.unwrap() > 100);
    let got = lab.root().call(GetFunction { function_name: "f".into(), qualifier: None }).await.unwrap();
    assert_eq!(got.concurrency.unwrap().reserved_concurrent_executions, Some(800));
    lab.root().call(DeleteFunctionConcurrency { function_name: "f".into() }).await.unwrap();
    let shown = lab.root().call(GetFunctionConcurrency { function_name: "f".into() }).await.unwrap();
    assert_eq!(shown.reserved_concurrent_executions, None);
    assert_eq!(refusal(lab.root().call(reserve("nobody", 1)).await).0, "ResourceNotFoundException");
}

#[tokio::test]
async fn recursion_and_runtime_management_are_kept() {
    let lab = lab().await;
    lab.function("f").await;
    lab.root()
        .call(PutFunctionRecursionConfig { function_name: "f".into(), recursive_loop: RecursiveLoop::Allow })
        .await
        .unwrap();
    let shown = lab.root().call(GetFunctionRecursionConfig { function_name: "f".into() }).await.unwrap();
    assert_eq!(shown.recursive_loop, Some(RecursiveLoop::Allow));
    let put = |update, arn: Option<String>| PutRuntimeManagementConfig {
        function_name: "f".into(),
        qualifier: None,
        update_runtime_on: update,
        runtime_version_arn: arn,
    };
    assert_eq!(
        refusal(lab.root().call(put(UpdateRuntimeOn::Manual, None)).await).0,
        "InvalidParameterValueException"
    );
    let strange = format!("arn:aws:lambda:us-east-1::runtime:{}", "0".repeat(64));
    assert_eq!(
        refusal(lab.root().call(put(UpdateRuntimeOn::Manual, Some(strange))).await).0,
        "InvalidParameterValueException"
    );
    let shown = lab
        .root()
        .call(GetFunctionConfiguration { function_name: "f".into(), qualifier: None })
        .await
        .unwrap();
    let own = shown.runtime_version_config.unwrap().runtime_version_arn;
    lab.root().call(put(UpdateRuntimeOn::Manual, own.clone())).await.unwrap();
    let shown = lab
        .root()
        .call(GetRuntimeManagementConfig { function_name: "f".into(), qualifier: None })
        .await
        .unwrap();
    assert_eq!((shown.update_runtime_on, shown.runtime_version_arn), (Some(UpdateRuntimeOn::Manual), own));
    assert_eq!(shown.function_arn, Some(arn("f:$LATEST")));
}

#[tokio::test]
async fn provisioned_concurrency_is_for_versions_and_aliases() {
    let lab = lab().await;
    lab.function("f").await;
    lab.root().call(PublishVersion { function_name: "f".into(), ..Default::default() }).await.unwrap();
    let put = |qualifier: &str, executions| PutProvisionedConcurrencyConfig {
        function_name: "f".into(),
        qualifier: qualifier.into(),
        provisioned_concurrent_executions: executions,
    };
    assert_eq!(
        refusal(lab.root().call(put("$LATEST", 1)).await).1,
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
    );
    let get = GetProvisionedConcurrencyConfig { function_name: "f".into(), qualifier: "1".into() };
    assert_eq!(
        refusal(lab.root().call(get.clone()).await),
        (
            "ProvisionedConcurrencyConfigNotFoundException".into(),
            "No Provisioned Concurrency Config found for this function".into()
        )
    );
    assert_eq!(
        lab.root().call(put("1", 5)).await.unwrap().status,
        Some(ProvisionedConcurrencyStatusEnum::InProgress)
    );
    let shown = lab.root().call(get.clone()).await.unwrap();
    assert_eq!(
        (shown.status, shown.available_provisioned_concurrent_executions),
        (Some(ProvisionedConcurrencyStatusEnum::Ready), Some(5))
    );
    let listed = lab
        .root()
        .call(ListProvisionedConcurrencyConfigs { function_name: "f".into(), ..Default::default() })
        .await
        .unwrap();
    assert_eq!(listed.provisioned_concurrency_configs.unwrap()[0].function_arn, Some(arn("f:1")));
    let alias = CreateAlias {
        function_name: "f".into(),
        name: "live".into(),
        function_version: "1".into(),
        ..Default::default()
    };
    lab.root().call(alias).await.unwrap();
    assert_eq!(refusal(lab.root().call(put("live", 1)).await).0, "ResourceConflictException");
    let reserve = PutFunctionConcurrency { function_name: "f".into(), reserved_concurrent_executions: 6 };
    lab.root().call(reserve).await.unwrap();
    assert_eq!(refusal(lab.root().call(put("1", 7)).await).0, "InvalidParameterValueException");
    lab.root()
        .call(DeleteProvisionedConcurrencyConfig { function_name: "f".into(), qualifier: "1".into() })
        .await
        .unwrap();
    assert_eq!(refusal(lab.root().call(get).await).0, "ProvisionedConcurrencyConfigNotFoundException");
}
