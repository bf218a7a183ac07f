//! Denials by resource and condition.

use crate::support::{allow, allowed, cloud, fails, other, role, trust, user};
use api_iam::{
    AddRoleToInstanceProfile, AttachRolePolicy, CreateInstanceProfile, CreateRole, CreateServiceLinkedRole,
    DeleteRole, GetPolicy, GetRole, Tag, TagRole,
};
use contract::Principal;

fn lambda() -> String {
    trust(r#"{"Service":"lambda.amazonaws.com"}"#)
}

fn conditional(action: &str, condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{action},"Resource":"*","Condition":{condition}}}]}}"#
    )
}

#[tokio::test]
async fn what_is_denied_does_not_say_whether_it_exists() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    role(&root, "Real", &lambda()).await;
    for name in ["Real", "Unreal"] {
        let error = ann.call(GetRole { role_name: name.into() }).await.unwrap_err();
        assert_eq!(error.code, "AccessDenied");
        assert!(error.message.contains(&format!("role/{name} because no identity-based policy")), "{error}");
    }
}

#[tokio::test]
async fn a_grant_on_a_path_does_not_reach_beside_it() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", Some(&allow("iam:*Role", "arn:aws:iam::111122223333:role/lab/*"))).await;
    role(&root, "Admin", &lambda()).await;
    let create = |path: &str| CreateRole {
        path: Some(path.into()),
        role_name: "Mine".into(),
        assume_role_policy_document: lambda(),
        ..Default::default()
    };
    assert!(!allowed(&ann, create("/")).await);
    assert!(allowed(&ann, create("/lab/")).await);
    assert!(allowed(&ann, GetRole { role_name: "MINE".into() }).await, "the ARN has the role's own spelling");
    assert!(!allowed(&ann, DeleteRole { role_name: "Admin".into() }).await);
    assert!(allowed(&ann, DeleteRole { role_name: "Mine".into() }).await);
}

#[tokio::test]
async fn policy_arn_tags_and_services_are_conditions() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &lambda()).await;
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let attach = |arn: &str| AttachRolePolicy { role_name: "Run".into(), policy_arn: arn.into() };
    let condition = format!(r#"{{"ArnEquals":{{"iam:PolicyARN":"{read_only}"}}}}"#);
    let ann = user(&cloud, "ann", Some(&conditional(r#""iam:AttachRolePolicy""#, &condition))).await;
    assert!(allowed(&ann, attach(read_only)).await);
    assert!(!allowed(&ann, attach("arn:aws:iam::aws:policy/AdministratorAccess")).await);

    let tagging = conditional(
        r#"["iam:TagRole","iam:CreateRole"]"#,
        r#"{"StringEquals":{"aws:RequestTag/team":"red"},"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}"#,
    );
    let bob = user(&cloud, "bob", Some(&tagging)).await;
    let tag = |key: &str, value: &str| TagRole {
        role_name: "Run".into(),
        tags: vec![Tag { key: key.into(), value: value.into() }],
    };
    assert!(allowed(&bob, tag("team", "red")).await);
    assert!(!allowed(&bob, tag("team", "blue")).await);
    assert!(!allowed(&bob, tag("cost", "1")).await);

    let by_tag = conditional(r#""iam:DeleteRole""#, r#"{"StringEquals":{"aws:ResourceTag/team":"red"}}"#);
    let eve = user(&cloud, "eve", Some(&by_tag)).await;
    root.call(api_iam::DetachRolePolicy { role_name: "Run".into(), policy_arn: read_only.into() })
        .await
        .unwrap();
    role(&root, "Other", &lambda()).await;
    assert!(!allowed(&eve, DeleteRole { role_name: "Other".into() }).await);
    assert!(allowed(&eve, DeleteRole { role_name: "Run".into() }).await);

    let linked = conditional(
        r#""iam:CreateServiceLinkedRole""#,
        r#"{"StringEquals":{"iam:AWSServiceName":"config.amazonaws.com"}}"#,
    );
    let dan = user(&cloud, "dan", Some(&linked)).await;
    let create =
        |service: &str| CreateServiceLinkedRole { aws_service_name: service.into(), ..Default::default() };
    assert!(allowed(&dan, create("config.amazonaws.com")).await);
    assert!(!allowed(&dan, create("ecs.amazonaws.com")).await);
}

#[tokio::test]
async fn a_tagged_creation_needs_the_permission_to_tag() {
    let cloud = cloud();
    let ann = user(&cloud, "ann", Some(&allow("iam:CreateRole", "*"))).await;
    let create = |tags| CreateRole {
        role_name: "Run".into(),
        assume_role_policy_document: lambda(),
        tags,
        ..Default::default()
    };
    let tags = Some(vec![Tag { key: "team".into(), value: "red".into() }]);
    let error = ann.call(create(tags)).await.unwrap_err();
    assert!(error.message.contains("is not authorized to perform: iam:TagRole on resource"), "{error}");
    assert!(allowed(&ann, create(None)).await);
}

#[tokio::test]
async fn a_role_in_a_profile_is_passed_to_ec2() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &lambda()).await;
    root.call(CreateInstanceProfile { instance_profile_name: "P".into(), path: None, tags: None })
        .await
        .unwrap();
    let add = || AddRoleToInstanceProfile { instance_profile_name: "P".into(), role_name: "Run".into() };
    let ann = user(&cloud, "ann", Some(&allow("iam:AddRoleToInstanceProfile", "*"))).await;
    fails(
        ann.call(add()).await,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:PassRole on resource: \
         arn:aws:iam::111122223333:role/Run because no identity-based policy allows the iam:PassRole action",
    );
    let both = conditional(
        r#"["iam:AddRoleToInstanceProfile","iam:PassRole"]"#,
        r#"{"StringEqualsIfExists":{"iam:PassedToService":"ec2.amazonaws.com"}}"#,
    );
    let bob = user(&cloud, "bob", Some(&both)).await;
    assert!(allowed(&bob, add()).await);
}

#[tokio::test]
async fn another_accounts_policy_is_nobodys_business() {
    let cloud = cloud();
    let root = cloud.root();
    let account = crate::support::OTHER_ACCOUNT.parse().unwrap();
    let administrator = other(&cloud, Principal::Root(account));
    let arn = crate::support::policy(&administrator, "Theirs", &allow("*", "*")).await;
    assert!(!allowed(&root, GetPolicy { policy_arn: arn.clone() }).await);
    role(&root, "Run", &lambda()).await;
    fails(
        root.call(AttachRolePolicy { role_name: "Run".into(), policy_arn: arn }).await,
        "NoSuchEntity",
        "Policy arn:aws:iam::444455556666:policy/Theirs does not exist or is not attachable.",
    );
}
