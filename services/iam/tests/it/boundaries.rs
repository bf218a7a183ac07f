use crate::support::{allow, allowed, cloud, fails, policy, policy_arn, user};
use api_iam::{
    CreatePolicyVersion, CreateUser, DeletePolicy, DeleteUser, DeleteUserPermissionsBoundary, GetPolicy,
    GetUser, ListRoles, ListUsers, PutUserPermissionsBoundary,
};

#[tokio::test]
async fn a_boundary_limits_what_policies_grant() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", Some(&allow("iam:*", "*"))).await;
    let arn = policy(&root, "Bound", &allow("iam:ListUsers", "*")).await;
    let put =
        |arn: &str| PutUserPermissionsBoundary { user_name: "ann".into(), permissions_boundary: arn.into() };
    assert!(allowed(&ann, ListRoles::default()).await);
    root.call(put(&arn)).await.unwrap();
    assert!(allowed(&ann, ListUsers::default()).await);
    fails(
        ann.call(ListRoles::default()).await,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:ListRoles on resource: \
         arn:aws:iam::111122223333:role/ because no permissions boundary allows the iam:ListRoles action",
    );
    let shown = root
        .call(GetUser { user_name: Some("ann".into()) })
        .await
        .unwrap()
        .user
        .permissions_boundary
        .unwrap();
    assert_eq!(shown.permissions_boundary_arn.as_deref(), Some(arn.as_str()));
    let counted = root.call(GetPolicy { policy_arn: arn.clone() }).await.unwrap().policy.unwrap();
    assert_eq!(counted.permissions_boundary_usage_count, Some(1));
    let delete = DeletePolicy { policy_arn: arn.clone() };
    fails(root.call(delete).await, "DeleteConflict", "Cannot delete a policy attached to entities.");
    root.call(CreatePolicyVersion {
        policy_arn: arn.clone(),
        policy_document: allow("iam:List*", "*"),
        set_as_default: Some(true),
    })
    .await
    .unwrap();
    assert!(allowed(&ann, ListRoles::default()).await, "a new version holds at once");
    let remove = || DeleteUserPermissionsBoundary { user_name: "ann".into() };
    root.call(remove()).await.unwrap();
    assert_eq!(root.call(remove()).await.unwrap_err().code, "NoSuchEntity");
    fails(
        root.call(put(&policy_arn("None"))).await,
        "NoSuchEntity",
        "Scope ARN: arn:aws:iam::111122223333:policy/None does not exist or is not attachable.",
    );
}

#[tokio::test]
async fn who_may_create_users_only_with_a_boundary_cannot_do_without() {
    let cloud = cloud();
    let root = cloud.root();
    let bound = policy(&root, "Bound", &allow("s3:*", "*")).await;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["iam:CreateUser","iam:PutUserPolicy","iam:AttachUserPolicy"],"Resource":"*","Condition":{{"StringEquals":{{"iam:PermissionsBoundary":"{bound}"}}}}}}]}}"#
    );
    let ann = user(&cloud, "ann", Some(&policy)).await;
    let create = |name: &str, boundary: Option<&str>| CreateUser {
        user_name: name.into(),
        permissions_boundary: boundary.map(str::to_owned),
        ..Default::default()
    };
    assert!(!allowed(&ann, create("eve", None)).await);
    assert!(!allowed(&ann, create("eve", Some("arn:aws:iam::aws:policy/AdministratorAccess"))).await);
    assert!(allowed(&ann, create("eve", Some(&bound))).await);
    let put = |user: &str| api_iam::PutUserPolicy {
        user_name: user.into(),
        policy_name: "p".into(),
        policy_document: allow("*", "*"),
    };
    assert!(allowed(&ann, put("eve")).await, "eve has the boundary");
    assert!(!allowed(&ann, put("ann")).await, "ann has none");
    root.call(api_iam::DeleteUserPolicy { user_name: "eve".into(), policy_name: "p".into() }).await.unwrap();
    root.call(DeleteUser { user_name: "eve".into() }).await.unwrap();
    root.call(DeletePolicy { policy_arn: bound }).await.unwrap();
}
