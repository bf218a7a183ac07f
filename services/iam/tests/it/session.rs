use crate::support::{
    allow, allowed, assume, aws, caller_of, cloud, credential, fails, policy, policy_arn, put_role_policy,
    role, trust_with, user,
};
use api_iam::{ListRoles, ListUsers};
use api_sts::{AssumeRole, GetAccessKeyInfo, GetCallerIdentity, GetSessionToken, PolicyDescriptorType, Tag};
use contract::Principal;
use std::time::Duration;

const ANN: &str = "arn:aws:iam::111122223333:user/ann";

async fn admin_role(root: &contract::Caller, action: &str, condition: &str) {
    role(root, "Admin", &trust_with(&aws(ANN), action, condition)).await;
    put_role_policy(root, "Admin", &allow("*", "*")).await;
}

#[tokio::test]
async fn session_policies_limit_the_session() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    admin_role(&root, r#""sts:AssumeRole""#, "{}").await;
    let inline = AssumeRole { policy: Some(allow("iam:ListUsers", "*")), ..assume("Admin") };
    let limited = ann.call(inline).await.unwrap();
    assert!(limited.packed_policy_size.unwrap() > 0);
    let limited = caller_of(&cloud, limited);
    assert!(allowed(&limited, ListUsers::default()).await);
    fails(
        limited.call(ListRoles::default()).await,
        "AccessDenied",
        "User: arn:aws:sts::111122223333:assumed-role/Admin/session is not authorized to perform: iam:ListRoles on resource: \
         arn:aws:iam::111122223333:role/ because no session policy allows the iam:ListRoles action",
    );
    let arn = policy(&root, "roles", &allow("iam:ListRoles", "*")).await;
    let by_arn =
        AssumeRole { policy_arns: Some(vec![PolicyDescriptorType { arn: Some(arn) }]), ..assume("Admin") };
    let limited = caller_of(&cloud, ann.call(by_arn).await.unwrap());
    assert!(allowed(&limited, ListRoles::default()).await);
    assert!(!allowed(&limited, ListUsers::default()).await);
    root.call(api_iam::DeletePolicy { policy_arn: policy_arn("roles") }).await.unwrap();
    assert!(!allowed(&limited, ListRoles::default()).await, "a session policy that is gone leaves nothing");

    let malformed = AssumeRole { policy: Some("{}".into()), ..assume("Admin") };
    assert_eq!(ann.call(malformed).await.unwrap_err().code, "MalformedPolicyDocument");
    let missing = vec![PolicyDescriptorType { arn: Some(policy_arn("none")) }];
    let missing = AssumeRole { policy_arns: Some(missing), ..assume("Admin") };
    assert_eq!(ann.call(missing).await.unwrap_err().code, "MalformedPolicyDocument");
}

#[tokio::test]
async fn session_tags_need_a_permission_and_become_principal_tags() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    admin_role(&root, r#""sts:AssumeRole""#, "{}").await;
    let tagged = || AssumeRole {
        tags: Some(vec![Tag { key: "team".into(), value: "red".into() }]),
        transitive_tag_keys: Some(vec!["team".into()]),
        ..assume("Admin")
    };
    fails(
        ann.call(tagged()).await,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:TagSession on resource: \
         arn:aws:iam::111122223333:role/Admin",
    );
    let both = trust_with(
        &aws(ANN),
        r#"["sts:AssumeRole","sts:TagSession"]"#,
        r#"{"StringLike":{"aws:RequestTag/team":"*"}}"#,
    );
    root.call(api_iam::UpdateAssumeRolePolicy { role_name: "Admin".into(), policy_document: both })
        .await
        .unwrap();
    let answer = ann.call(tagged()).await.unwrap();
    let session = credential(&cloud, &answer.credentials.unwrap().access_key_id).unwrap().principal;
    let bearing = cloud.pipeline.identities().policies(&cloud.context().store.view(), &session).unwrap();
    assert_eq!(bearing.tags.get("team").map(String::as_str), Some("red"));
    assert!(!allowed(&ann, assume("Admin")).await, "the condition asks for the tag");
}

#[tokio::test]
async fn a_source_identity_needs_a_permission_and_stays() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    admin_role(&root, r#"["sts:AssumeRole","sts:SetSourceIdentity"]"#, "{}").await;
    let inner = trust_with(
        &aws("arn:aws:iam::111122223333:root"),
        r#"["sts:AssumeRole","sts:SetSourceIdentity"]"#,
        "{}",
    );
    role(&root, "Inner", &inner).await;
    let answer =
        ann.call(AssumeRole { source_identity: Some("ann@corp".into()), ..assume("Admin") }).await.unwrap();
    assert_eq!(answer.source_identity.as_deref(), Some("ann@corp"));
    let session = caller_of(&cloud, answer);
    let inherited = session.call(assume("Inner")).await.unwrap();
    assert_eq!(inherited.source_identity.as_deref(), Some("ann@corp"));
    let other = AssumeRole { source_identity: Some("bob@corp".into()), ..assume("Inner") };
    assert_eq!(session.call(other).await.unwrap_err().code, "AccessDenied");
}

#[tokio::test]
async fn a_second_factor_is_never_right_where_there_is_none() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    admin_role(&root, r#""sts:AssumeRole""#, r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#).await;
    assert!(!allowed(&ann, assume("Admin")).await);
    let code = GetSessionToken {
        serial_number: Some("arn:aws:iam::111122223333:mfa/ann".into()),
        token_code: Some("123456".into()),
        ..Default::default()
    };
    let sentence = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    fails(ann.call(code).await, "AccessDenied", sentence);
}

#[tokio::test]
async fn a_session_token_is_the_user_without_iam() {
    let cloud = cloud();
    let ann = user(&cloud, "ann", Some(&allow("*", "*"))).await;
    let credentials = ann.call(GetSessionToken::default()).await.unwrap().credentials.unwrap();
    assert_eq!(credentials.expiration, cloud.now().plus(Duration::from_secs(43_200)));
    let principal = credential(&cloud, &credentials.access_key_id).unwrap().principal;
    let session = cloud.caller(principal);
    let me = session.call(GetCallerIdentity {}).await.unwrap();
    assert_eq!(me.arn.as_deref(), Some(ANN));
    assert!(!allowed(&session, ListUsers::default()).await);
    fails(
        session.call(GetSessionToken::default()).await,
        "AccessDenied",
        "Cannot call GetSessionToken with session credentials",
    );
    let root = cloud.root();
    let long = GetSessionToken { duration_seconds: Some(43_200), ..Default::default() };
    let of_root = root.call(long).await.unwrap().credentials.unwrap();
    assert_eq!(of_root.expiration, cloud.now().plus(Duration::from_secs(3600)));
}

#[tokio::test]
async fn everybody_may_ask_who_they_are_and_whose_a_key_is_with_permission() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(
        &cloud,
        "ann",
        Some(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#),
    )
    .await;
    let Principal::User(identity) = ann.principal().clone() else { panic!("a user") };
    let me = ann.call(GetCallerIdentity {}).await.unwrap();
    assert_eq!((me.user_id, me.account.as_deref()), (Some(identity.id), Some("111122223333")));
    let key = root.call(api_iam::CreateAccessKey { user_name: Some("ann".into()) }).await.unwrap().access_key;
    let info = GetAccessKeyInfo { access_key_id: key.access_key_id };
    assert_eq!(root.call(info.clone()).await.unwrap().account.as_deref(), Some("111122223333"));
    assert!(!allowed(&ann, info).await);
}

#[tokio::test]
async fn sessions_that_ended_are_told_so_for_a_day_and_then_forgotten() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    admin_role(&root, r#""sts:AssumeRole""#, "{}").await;
    let first = ann.call(assume("Admin")).await.unwrap().credentials.unwrap();
    cloud.advance(Duration::from_secs(24 * 3600)).await;
    ann.call(assume("Admin")).await.unwrap();
    let ended = credential(&cloud, &first.access_key_id).unwrap();
    assert!(ended.expires.unwrap() < cloud.now());
    cloud.advance(Duration::from_secs(2 * 3600)).await;
    ann.call(assume("Admin")).await.unwrap();
    assert!(credential(&cloud, &first.access_key_id).is_none());
}
