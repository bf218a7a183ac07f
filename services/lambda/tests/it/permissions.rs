//! Who may do what: denials, and the function's own policy.

use crate::support::*;
use api_lambda::*;
use contract::{Caller, Principal};

const PASS: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["lambda:*"],"Resource":"*"}}"#;

fn grant(statement: &str, principal: &str) -> AddPermission {
    AddPermission {
        function_name: "f".into(),
        statement_id: statement.into(),
        action: "lambda:InvokeFunction".into(),
        principal: principal.into(),
        ..Default::default()
    }
}

/// AWS Config on behalf of a rule of an account.
fn config(lab: &Lab, account: &str) -> Caller {
    let rule = format!("arn:aws:config:us-east-1:{account}:config-rule/config-rule-abc");
    lab.cloud.caller(Principal::service("config.amazonaws.com", account.parse().unwrap(), rule.parse().ok()))
}

#[tokio::test]
async fn a_user_without_a_policy_is_denied_in_aws_s_words() {
    let lab = lab().await;
    lab.function("f").await;
    let user = lab.cloud.user("ann", &[]);
    let sentence = |action: &str, resource: &str| {
        format!(
            "User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
        )
    };
    assert_eq!(
        refusal(user.call(invoke("f", "{}")).await),
        ("AccessDeniedException".into(), sentence("lambda:InvokeFunction", &arn("f")))
    );
    // A denial is the same whether or not the function is there.
    assert_eq!(
        refusal(user.call(invoke("nobody", "{}")).await).1,
        sentence("lambda:InvokeFunction", &arn("nobody"))
    );
    assert_eq!(refusal(user.call(create("g")).await).1, sentence("lambda:CreateFunction", &arn("g")));
    let qualified = Invoke { qualifier: Some("live".into()), ..invoke("f", "{}") };
    assert_eq!(refusal(user.call(qualified).await).1, sentence("lambda:InvokeFunction", &arn("f:live")));
    assert_eq!(refusal(user.call(ListFunctions::default()).await).0, "AccessDeniedException");
    assert!(lab.seen.invoked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_may_create_must_also_pass_the_role() {
    let lab = lab().await;
    let user = lab.cloud.user("ann", &[PASS]);
    assert_eq!(
        refusal(user.call(create("f")).await),
        (
            "AccessDeniedException".into(),
            format!(
                "User: arn:aws:iam::{ACCOUNT}:user/ann is not authorized to perform: iam:PassRole on resource: {ROLE} because no identity-based policy allows the iam:PassRole action"
            )
        )
    );
    let to_ec2 = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:PassRole","Resource":"*",
        "Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}}"#;
    let user = lab.cloud.user("bob", &[PASS, to_ec2]);
    assert_eq!(refusal(user.call(create("f")).await).0, "AccessDeniedException");
    let user = lab.cloud.user("eve", &[PASS, &to_ec2.replace("ec2.", "lambda.")]);
    user.call(create("f")).await.unwrap();
    let update = UpdateFunctionConfiguration {
        function_name: "f".into(),
        role: Some(ROLE.into()),
        ..Default::default()
    };
    assert_eq!(refusal(lab.cloud.user("bob", &[PASS, to_ec2]).call(update).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn tags_of_function_and_request_bind() {
    let lab = lab().await;
    lab.function("f").await;
    let tags = [("team".to_owned(), "blue".to_owned())].into();
    lab.root().call(TagResource { resource: arn("f"), tags }).await.unwrap();
    lab.function("g").await;
    let blue = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*",
        "Condition":{"StringEquals":{"aws:ResourceTag/team":"blue"}}}}"#;
    let user = lab.cloud.user("ann", &[blue]);
    user.call(invoke("f", "{}")).await.unwrap();
    assert_eq!(refusal(user.call(invoke("g", "{}")).await).0, "AccessDeniedException");
    let shown = lab.root().call(ListTags { resource: arn("f") }).await.unwrap();
    assert_eq!(shown.tags.unwrap()["team"], "blue");
    lab.root().call(UntagResource { resource: arn("f"), tag_keys: vec!["team".into()] }).await.unwrap();
    assert_eq!(refusal(user.call(invoke("f", "{}")).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn a_service_invokes_only_with_a_permission_for_its_account() {
    let lab = lab().await;
    lab.function("f").await;
    assert_eq!(refusal(config(&lab, ACCOUNT).call(invoke("f", "{}")).await).0, "AccessDeniedException");
    let permission =
        AddPermission { source_account: Some(ACCOUNT.into()), ..grant("config", "config.amazonaws.com") };
    lab.root().call(permission).await.unwrap();
    config(&lab, ACCOUNT).call(invoke("f", "{}")).await.unwrap();
    let other =
        lab.cloud.caller(Principal::service("config.amazonaws.com", "444455556666".parse().unwrap(), None));
    let foreign = Invoke { function_name: arn("f"), ..invoke("f", "{}") };
    assert_eq!(refusal(other.call(foreign).await).0, "AccessDeniedException");
    let sns = lab.cloud.caller(Principal::service("sns.amazonaws.com", ACCOUNT.parse().unwrap(), None));
    assert_eq!(refusal(sns.call(invoke("f", "{}")).await).0, "AccessDeniedException");
}

#[tokio::test]
async fn a_source_arn_is_a_pattern() {
    let lab = lab().await;
    lab.function("f").await;
    let permission = |id: &str, source: &str| AddPermission {
        source_arn: Some(source.into()),
        ..grant(id, "config.amazonaws.com")
    };
    lab.root()
        .call(permission("other", "arn:aws:config:us-east-1:111122223333:config-rule/config-rule-xyz"))
        .await
        .unwrap();
    assert_eq!(refusal(config(&lab, ACCOUNT).call(invoke("f", "{}")).await).0, "AccessDeniedException");
    lab.root().call(permission("all", "arn:aws:config:us-east-1:111122223333:config-rule/*")).await.unwrap();
    config(&lab, ACCOUNT).call(invoke("f", "{}")).await.unwrap();
}

#[tokio::test]
async fn the_policy_is_printed_as_aws_prints_it() {
    let lab = lab().await;
    lab.function("f").await;
    let missing = GetPolicy { function_name: "f".into(), qualifier: None };
    assert_eq!(
        refusal(lab.root().call(missing.clone()).await),
        ("ResourceNotFoundException".into(), "The resource you requested does not exist.".into())
    );
    let permission = AddPermission {
        source_account: Some(ACCOUNT.into()),
        source_arn: Some("arn:aws:s3:::bucket".into()),
        ..grant("s3", "s3.amazonaws.com")
    };
    let added = lab.root().call(permission.clone()).await.unwrap();
    let statement = format!(
        r#"{{"Sid":"s3","Effect":"Allow","Principal":{{"Service":"s3.amazonaws.com"}},"Action":"lambda:InvokeFunction","Resource":"{}","Condition":{{"StringEquals":{{"AWS:SourceAccount":"{ACCOUNT}"}},"ArnLike":{{"AWS:SourceArn":"arn:aws:s3:::bucket"}}}}}}"#,
        arn("f")
    );
    assert_eq!(added.statement.as_deref(), Some(statement.as_str()));
    let policy = lab.root().call(missing).await.unwrap();
    assert_eq!(
        policy.policy.unwrap(),
        format!(r#"{{"Version":"2012-10-17","Id":"default","Statement":[{statement}]}}"#)
    );
    assert_eq!(
        refusal(lab.root().call(permission).await),
        (
            "ResourceConflictException".into(),
            "The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.".into()
        )
    );
    let account = lab.root().call(grant("account", "444455556666")).await.unwrap();
    assert!(account.statement.unwrap().contains(r#""Principal":{"AWS":"arn:aws:iam::444455556666:root"}"#));
    let url = AddPermission {
        action: "lambda:InvokeFunctionUrl".into(),
        function_url_auth_type: Some(FunctionUrlAuthType::None),
        ..grant("url", "*")
    };
    let url = lab.root().call(url).await.unwrap();
    assert!(
        url.statement
            .unwrap()
            .contains(r#""Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}"#)
    );
}

#[tokio::test]
async fn permissions_are_removed_and_revisions_checked() {
    let lab = lab().await;
    lab.function("f").await;
    let remove = |statement: &str, revision: Option<String>| RemovePermission {
        function_name: "f".into(),
        statement_id: statement.into(),
        revision_id: revision,
        ..Default::default()
    };
    assert_eq!(
        refusal(lab.root().call(remove("a", None)).await).1,
        "No policy is associated with the given resource."
    );
    lab.root().call(grant("a", "sns.amazonaws.com")).await.unwrap();
    assert_eq!(
        refusal(lab.root().call(remove("b", None)).await).1,
        "Statement b is not found in resource policy."
    );
    assert_eq!(
        refusal(lab.root().call(remove("a", Some("stale".into()))).await).0,
        "PreconditionFailedException"
    );
    let revision =
        lab.root().call(GetPolicy { function_name: "f".into(), qualifier: None }).await.unwrap().revision_id;
    lab.root().call(remove("a", revision)).await.unwrap();
    assert_eq!(
        refusal(lab.root().call(GetPolicy { function_name: "f".into(), qualifier: None }).await).0,
        "ResourceNotFoundException"
    );
}

#[tokio::test]
async fn principals_are_checked_and_latest_has_no_policy() {
    let lab = lab().await;
    lab.function("f").await;
    for bad in ["nobody", "arn:aws:s3:::bucket", "a.example.com", "12345"] {
        assert_eq!(
            refusal(lab.root().call(grant("x", bad)).await),
            (
                "InvalidParameterValueException".into(),
                "The provided principal was invalid. Please check the principal and try again.".into()
            ),
            "{bad}"
        );
    }
    let latest = AddPermission { qualifier: Some("$LATEST".into()), ..grant("x", "sns.amazonaws.com") };
    assert_eq!(
        refusal(lab.root().call(latest).await).1,
        "We currently do not support adding policies for $LATEST."
    );
    let mut number = 0;
    let long = loop {
        number += 1;
        let statement = format!("{number:0>100}");
        if let Err(error) = lab.root().call(grant(&statement, "sns.amazonaws.com")).await {
            break error;
        }
        assert!(number < 200);
    };
    assert_eq!(long.code, "PolicyLengthExceededException");
    assert!(long.message.ends_with("is bigger than the limit (20480)."), "{}", long.message);
}

#[tokio::test]
async fn another_account_needs_both_sides() {
    let lab = lab().await;
    lab.function("f").await;
    let user = contract::UserIdentity {
        account: "444455556666".parse().unwrap(),
        id: "AIDAFAR".into(),
        name: "far".into(),
        path: "/".into(),
        session_issued: None,
    };
    let root = lab.cloud.caller(Principal::Root(user.account));
    let foreign = || Invoke { function_name: arn("f"), ..invoke("f", "{}") };
    assert_eq!(refusal(root.call(foreign()).await).0, "AccessDeniedException");
    lab.root().call(grant("far", "444455556666")).await.unwrap();
    root.call(foreign()).await.unwrap();
    // The account's own user has no permission of its own.
    assert_eq!(
        refusal(lab.cloud.caller(Principal::User(user)).call(foreign()).await).0,
        "AccessDeniedException"
    );
}

#[tokio::test]
async fn condition_keys_of_lambda_bind() {
    let lab = lab().await;
    lab.function("f").await;
    let only_config = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"lambda:AddPermission","Resource":"*",
        "Condition":{"StringEquals":{"lambda:Principal":"config.amazonaws.com"}}}}"#;
    let user = lab.cloud.user("ann", &[only_config]);
    assert_eq!(refusal(user.call(grant("a", "sns.amazonaws.com")).await).0, "AccessDeniedException");
    user.call(grant("a", "config.amazonaws.com")).await.unwrap();
}
