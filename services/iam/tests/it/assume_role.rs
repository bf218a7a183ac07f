use crate::support::{
    OTHER_ACCOUNT, allow, allowed, assume, aws, caller_of, cloud, credential, fails, other, put_role_policy,
    put_user_policy, role, role_arn, trust, trust_with, user,
};
use api_iam::{DeleteRole, DeleteRolePolicy, GetRole, ListRoles, ListUsers, UpdateAssumeRolePolicy};
use contract::Principal;
use names::Arn;
use std::time::Duration;

const DENIED: &str = "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole on resource: \
                      arn:aws:iam::111122223333:role/Reader";

#[tokio::test]
async fn a_trusted_user_gets_the_roles_rights_for_an_hour() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    let made = role(&root, "Reader", &trust(&aws("arn:aws:iam::111122223333:user/ann"))).await;
    put_role_policy(&root, "Reader", &allow("iam:ListUsers", "*")).await;
    let answer = ann.call(assume("Reader")).await.unwrap();
    let user = answer.assumed_role_user.clone().unwrap();
    assert_eq!(user.arn, "arn:aws:sts::111122223333:assumed-role/Reader/session");
    assert_eq!(user.assumed_role_id, format!("{}:session", made.role_id));
    let credentials = answer.credentials.clone().unwrap();
    assert!(credentials.access_key_id.starts_with("ASIA"));
    assert_eq!(credentials.expiration, cloud.now().plus(Duration::from_secs(3600)));
    let known = credential(&cloud, &credentials.access_key_id).unwrap();
    assert_eq!(known.session_token.unwrap().0, credentials.session_token);
    assert_eq!(known.expires, Some(credentials.expiration));
    let reader = caller_of(&cloud, answer);
    assert!(allowed(&reader, ListUsers::default()).await);
    assert!(!allowed(&reader, ListRoles::default()).await);
    root.call(DeleteRolePolicy { role_name: "Reader".into(), policy_name: "inline".into() }).await.unwrap();
    assert!(!allowed(&reader, ListUsers::default()).await);
}

#[tokio::test]
async fn trust_in_the_account_needs_the_users_own_policy_too() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    role(&root, "Reader", &trust(&aws("arn:aws:iam::111122223333:root"))).await;
    fails(ann.call(assume("Reader")).await, "AccessDenied", DENIED);
    put_user_policy(&root, "ann", &allow("sts:AssumeRole", &role_arn("Reader"))).await;
    ann.call(assume("Reader")).await.unwrap();
}

#[tokio::test]
async fn a_users_own_policy_is_not_enough_and_a_missing_role_answers_the_same() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", Some(&allow("sts:*", "*"))).await;
    fails(ann.call(assume("Reader")).await, "AccessDenied", DENIED);
    role(&root, "Reader", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    fails(ann.call(assume("Reader")).await, "AccessDenied", DENIED);
    // Role names are compared exactly here.
    role(&root, "Writer", &trust(&aws("arn:aws:iam::111122223333:root"))).await;
    assert!(allowed(&ann, assume("Writer")).await);
    assert!(!allowed(&ann, assume("writer")).await);
}

#[tokio::test]
async fn root_cannot_assume_a_role() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Reader", &trust(&aws("arn:aws:iam::111122223333:root"))).await;
    fails(root.call(assume("Reader")).await, "AccessDenied", "Roles may not be assumed by root accounts.");
}

#[tokio::test]
async fn an_account_that_is_trusted_no_longer_is_refused_and_the_service_is_not() {
    let cloud = cloud();
    let root = cloud.root();
    let administrator = other(&cloud, Principal::Root(OTHER_ACCOUNT.parse().unwrap()));
    let bob = api_iam::CreateUser { user_name: "bob".into(), ..Default::default() };
    let bob = administrator.call(bob).await.unwrap().user.unwrap();
    put_user_policy(&administrator, "bob", &allow("sts:AssumeRole", "*")).await;
    let bob = other(
        &cloud,
        Principal::User(contract::UserIdentity {
            account: OTHER_ACCOUNT.parse().unwrap(),
            id: bob.user_id,
            name: "bob".into(),
            path: "/".into(),
            session_issued: None,
        }),
    );
    let both = format!(r#"{{"Service":"lambda.amazonaws.com","AWS":"arn:aws:iam::{OTHER_ACCOUNT}:root"}}"#);
    role(&root, "Pipeline", &trust(&both)).await;
    let function: Arn = "arn:aws:lambda:us-east-1:111122223333:function:f".parse().unwrap();
    let account = cloud.scope().account;
    let lambda = cloud.caller(Principal::service("lambda.amazonaws.com", account, Some(function)));
    let arn: Arn = role_arn("Pipeline").parse().unwrap();
    assert!(bob.call(assume("Pipeline")).await.is_ok());
    assert!(lambda.assume_role(&arn, "function").await.is_ok());
    root.call(UpdateAssumeRolePolicy {
        role_name: "Pipeline".into(),
        policy_document: trust(r#"{"Service":"lambda.amazonaws.com"}"#),
    })
    .await
    .unwrap();
    fails(
        bob.call(assume("Pipeline")).await,
        "AccessDenied",
        "User: arn:aws:iam::444455556666:user/bob is not authorized to perform: sts:AssumeRole on resource: \
         arn:aws:iam::111122223333:role/Pipeline",
    );
    let session = lambda.assume_role(&arn, "function").await.unwrap();
    assert_eq!(session.principal().arn(), "arn:aws:sts::111122223333:assumed-role/Pipeline/function");
}

#[tokio::test]
async fn a_service_is_trusted_under_its_conditions() {
    let cloud = cloud();
    let root = cloud.root();
    let condition = r#"{"ArnLike":{"aws:SourceArn":"arn:aws:lambda:*:111122223333:function:good"},"StringEquals":{"aws:SourceAccount":"111122223333"}}"#;
    role(
        &root,
        "Run",
        &trust_with(r#"{"Service":"lambda.amazonaws.com"}"#, r#""sts:AssumeRole""#, condition),
    )
    .await;
    let arn: Arn = role_arn("Run").parse().unwrap();
    for (service, function, allowed) in [
        ("lambda.amazonaws.com", "good", true),
        ("lambda.amazonaws.com", "bad", false),
        ("config.amazonaws.com", "good", false),
    ] {
        let source = format!("arn:aws:lambda:us-east-1:111122223333:function:{function}").parse().unwrap();
        let caller = cloud.caller(Principal::service(service, cloud.scope().account, Some(source)));
        let answer = caller.assume_role(&arn, "session").await.err();
        assert_eq!(answer.is_none(), allowed, "{service} {function}: {answer:?}");
    }
}

#[tokio::test]
async fn an_external_id_keeps_the_confused_deputy_out() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    let condition = r#"{"StringEquals":{"sts:ExternalId":"s3cret"}}"#;
    let trust = trust_with(&aws("arn:aws:iam::111122223333:user/ann"), r#""sts:AssumeRole""#, condition);
    role(&root, "Reader", &trust).await;
    fails(ann.call(assume("Reader")).await, "AccessDenied", DENIED);
    let wrong = api_sts::AssumeRole { external_id: Some("guess".into()), ..assume("Reader") };
    fails(ann.call(wrong).await, "AccessDenied", DENIED);
    let right = api_sts::AssumeRole { external_id: Some("s3cret".into()), ..assume("Reader") };
    ann.call(right).await.unwrap();
}

#[tokio::test]
async fn durations_have_limits() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    role(&root, "Reader", &trust(&aws("arn:aws:iam::111122223333:user/ann"))).await;
    let sts = r#"{"AWS":"arn:aws:iam::111122223333:role/Reader"}"#;
    root.call(api_iam::CreateRole {
        role_name: "Next".into(),
        assume_role_policy_document: trust(sts),
        max_session_duration: Some(7200),
        ..Default::default()
    })
    .await
    .unwrap();
    let long = |name: &str, seconds| api_sts::AssumeRole { duration_seconds: Some(seconds), ..assume(name) };
    fails(
        ann.call(long("Reader", 3601)).await,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
    let short = ann.call(long("Reader", 899)).await.unwrap_err();
    assert_eq!(short.code, "ValidationError");
    // `Reader` itself may assume `Next`: both are the role's, and it needs a policy for that.
    put_role_policy(&root, "Reader", &allow("sts:AssumeRole", "*")).await;
    let reader = caller_of(&cloud, ann.call(long("Reader", 3600)).await.unwrap());
    fails(
        reader.call(long("Next", 7200)).await,
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
    reader.call(assume("Next")).await.unwrap();
}

#[tokio::test]
async fn a_role_made_again_is_not_the_one_that_was_trusted() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    let first = role(&root, "Inner", &trust(&aws("arn:aws:iam::111122223333:user/ann"))).await;
    role(&root, "Outer", &trust(&aws(&role_arn("Inner")))).await;
    let session = caller_of(&cloud, ann.call(assume("Inner")).await.unwrap());
    assert!(allowed(&session, assume("Outer")).await);
    root.call(DeleteRole { role_name: "Inner".into() }).await.unwrap();
    assert!(!allowed(&session, assume("Outer")).await, "a session of a deleted role");
    role(&root, "Inner", &trust(&aws("arn:aws:iam::111122223333:user/ann"))).await;
    let session = caller_of(&cloud, ann.call(assume("Inner")).await.unwrap());
    put_role_policy(&root, "Inner", &allow("sts:AssumeRole", "*")).await;
    assert!(!allowed(&session, assume("Outer")).await, "another role of the same name");
    let shown = root.call(GetRole { role_name: "Outer".into() }).await.unwrap().role;
    let document = shown.assume_role_policy_document.unwrap();
    assert!(document.contains(&first.role_id), "{document}");
    assert!(!document.contains("role%2FInner"), "{document}");
}
