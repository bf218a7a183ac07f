//! Versions and aliases.

use crate::support::*;
use api_lambda::*;

fn publish(name: &str) -> PublishVersion {
    PublishVersion { function_name: name.into(), ..Default::default() }
}

fn alias(name: &str, version: &str) -> CreateAlias {
    CreateAlias {
        function_name: "f".into(),
        name: name.into(),
        function_version: version.into(),
        ..Default::default()
    }
}

impl Lab {
    async fn change(&self, timeout: i32) {
        let update = UpdateFunctionConfiguration {
            function_name: "f".into(),
            timeout: Some(timeout),
            ..Default::default()
        };
        self.root().call(update).await.unwrap();
    }
}

#[tokio::test]
async fn publishing_twice_without_a_change_is_publishing_once() {
    let lab = lab().await;
    lab.function("f").await;
    let first = lab.root().call(publish("f")).await.unwrap();
    assert_eq!((first.version.as_deref(), first.function_arn), (Some("1"), Some(arn("f:1"))));
    assert_eq!(lab.root().call(publish("f")).await.unwrap().version.as_deref(), Some("1"));
    lab.change(9).await;
    let second = lab.root().call(publish("f")).await.unwrap();
    assert_eq!((second.version.as_deref(), second.timeout), (Some("2"), Some(9)));
    let one = lab
        .root()
        .call(GetFunctionConfiguration { function_name: "f:1".into(), qualifier: None })
        .await
        .unwrap();
    assert_eq!(one.timeout, Some(3));
    let wrong = PublishVersion { code_sha256: Some("x".into()), ..publish("f") };
    assert!(
        refusal(lab.root().call(wrong).await)
            .1
            .starts_with("CodeSHA256 (x) is different from current CodeSHA256 in $LATEST (")
    );
    let listed = lab
        .root()
        .call(ListVersionsByFunction { function_name: "f".into(), ..Default::default() })
        .await
        .unwrap();
    let versions: Vec<String> =
        listed.versions.unwrap().into_iter().map(|version| version.version.unwrap()).collect();
    assert_eq!(versions, ["$LATEST", "1", "2"]);
    let made = lab.root().call(CreateFunction { publish: Some(true), ..create("g") }).await.unwrap();
    assert_eq!((made.version.as_deref(), made.function_arn), (Some("1"), Some(arn("g:1"))));
}

#[tokio::test]
async fn a_version_runs_as_it_was_published() {
    let lab = lab().await;
    lab.function("f").await;
    lab.root().call(publish("f")).await.unwrap();
    lab.change(9).await;
    let answer = lab.root().call(Invoke { qualifier: Some("1".into()), ..invoke("f", "{}") }).await.unwrap();
    assert_eq!(answer.executed_version.as_deref(), Some("1"));
    {
        let invoked = lab.seen.invoked.lock().unwrap();
        assert_eq!((invoked[0].deadline.as_secs(), invoked[0].function_arn.clone()), (3, arn("f:1")));
    }
    assert!(lab.told("log")[0].to.contains("[1]"));
    let update =
        UpdateFunctionConfiguration { function_name: "f:1".into(), timeout: Some(1), ..Default::default() };
    assert_eq!(refusal(lab.root().call(update).await).0, "InvalidParameterValueException");
}

#[tokio::test]
async fn an_alias_points_and_shares() {
    let lab = lab().await;
    lab.function("f").await;
    assert_eq!(
        refusal(lab.root().call(alias("live", "1")).await).1,
        format!("Function not found: {}", arn("f:1"))
    );
    lab.root().call(publish("f")).await.unwrap();
    lab.change(9).await;
    lab.root().call(publish("f")).await.unwrap();
    let made = lab.root().call(alias("live", "1")).await.unwrap();
    assert_eq!((made.alias_arn, made.routing_config.is_none()), (Some(arn("f:live")), true));
    assert_eq!(
        refusal(lab.root().call(alias("live", "1")).await),
        ("ResourceConflictException".into(), format!("Alias already exists: {}", arn("f:live")))
    );
    let share = |weight| UpdateAlias {
        function_name: "f".into(),
        name: "live".into(),
        routing_config: Some(AliasRoutingConfiguration {
            additional_version_weights: Some([("2".to_owned(), weight)].into()),
        }),
        ..Default::default()
    };
    let updated = lab.root().call(share(0.25)).await.unwrap();
    assert_eq!(updated.routing_config.unwrap().additional_version_weights.unwrap()["2"], 0.25);
    let mut second = 0;
    for _ in 0..100 {
        let answer =
            lab.root().call(Invoke { qualifier: Some("live".into()), ..invoke("f", "{}") }).await.unwrap();
        second += usize::from(answer.executed_version.as_deref() == Some("2"));
    }
    assert!((5..60).contains(&second), "a quarter of a hundred: {second}");
    assert_eq!(lab.seen.invoked.lock().unwrap()[0].function_arn, arn("f:live"));
    lab.root().call(share(1.0)).await.unwrap();
    let answer =
        lab.root().call(Invoke { qualifier: Some("live".into()), ..invoke("f", "{}") }).await.unwrap();
    assert_eq!(answer.executed_version.as_deref(), Some("2"));
    assert_eq!(refusal(lab.root().call(share(1.5)).await).0, "ValidationException");
}

#[tokio::test]
async fn aliases_are_shown_listed_and_deleted() {
    let lab = lab().await;
    lab.function("f").await;
    lab.root().call(publish("f")).await.unwrap();
    lab.root().call(alias("a", "1")).await.unwrap();
    lab.root().call(alias("b", "$LATEST")).await.unwrap();
    let get = |name: &str| GetAlias { function_name: "f".into(), name: name.into() };
    assert_eq!(lab.root().call(get("a")).await.unwrap().function_version.as_deref(), Some("1"));
    assert_eq!(refusal(lab.root().call(get("c")).await).1, format!("Cannot find alias arn: {}", arn("f:c")));
    let list = |version: Option<&str>| ListAliases {
        function_name: "f".into(),
        function_version: version.map(str::to_owned),
        ..Default::default()
    };
    assert_eq!(lab.root().call(list(None)).await.unwrap().aliases.unwrap().len(), 2);
    assert_eq!(lab.root().call(list(Some("1"))).await.unwrap().aliases.unwrap().len(), 1);
    let delete = DeleteFunction { function_name: "f".into(), qualifier: Some("1".into()) };
    assert_eq!(refusal(lab.root().call(delete.clone()).await).0, "ResourceConflictException");
    lab.root().call(DeleteAlias { function_name: "f".into(), name: "a".into() }).await.unwrap();
    lab.root().call(DeleteAlias { function_name: "f".into(), name: "a".into() }).await.unwrap();
    lab.root().call(delete).await.unwrap();
    assert_eq!(
        refusal(lab.root().call(Invoke { qualifier: Some("1".into()), ..invoke("f", "{}") }).await).0,
        "ResourceNotFoundException"
    );
    let latest = DeleteFunction { function_name: "f".into(), qualifier: Some("$LATEST".into()) };
    assert_eq!(
        refusal(lab.root().call(latest).await).1,
        "$LATEST version cannot be deleted without deleting the function."
    );
    lab.change(4).await;
    assert_eq!(
        lab.root().call(publish("f")).await.unwrap().version.as_deref(),
        Some("2"),
        "numbers are not used again"
    );
}

#[tokio::test]
async fn an_alias_has_a_policy_of_its_own() {
    let lab = lab().await;
    lab.function("f").await;
    lab.root().call(publish("f")).await.unwrap();
    lab.root().call(alias("live", "1")).await.unwrap();
    let permission = AddPermission {
        function_name: "f".into(),
        qualifier: Some("live".into()),
        statement_id: "s".into(),
        action: "lambda:InvokeFunction".into(),
        principal: "sns.amazonaws.com".into(),
        ..Default::default()
    };
    lab.root().call(permission).await.unwrap();
    let sns =
        lab.cloud.caller(contract::Principal::service("sns.amazonaws.com", ACCOUNT.parse().unwrap(), None));
    sns.call(Invoke { qualifier: Some("live".into()), ..invoke("f", "{}") }).await.unwrap();
    sns.call(Invoke { function_name: arn("f:live"), ..invoke("f", "{}") }).await.unwrap();
    for other in ["1", "$LATEST"] {
        assert_eq!(
            refusal(sns.call(Invoke { qualifier: Some(other.into()), ..invoke("f", "{}") }).await).0,
            "AccessDeniedException"
        );
    }
    assert_eq!(refusal(sns.call(invoke("f", "{}")).await).0, "AccessDeniedException");
}
