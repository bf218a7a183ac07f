use crate::support::{allow, allowed, cloud, credential, deny, fails, put_user_policy, user};
use api_iam::{
    AddUserToGroup, AttachGroupPolicy, CreateAccessKey, CreateGroup, DeleteAccessKey, DeleteUser,
    DeleteUserPolicy, ListRoles, ListUsers, PutGroupPolicy, RemoveUserFromGroup, StatusType, UpdateAccessKey,
    UpdateUser,
};
use contract::Principal;

#[tokio::test]
async fn a_users_key_is_found_until_it_is_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    let user_name = Some("ann".to_owned());
    let key = root.call(CreateAccessKey { user_name: user_name.clone() }).await.unwrap().access_key;
    assert!(key.access_key_id.starts_with("AKIA") && key.access_key_id.len() == 20);
    assert_eq!(key.secret_access_key.len(), 40);
    let found = credential(&cloud, &key.access_key_id).unwrap();
    assert_eq!(found.principal.arn(), "arn:aws:iam::111122223333:user/ann");
    assert_eq!(found.secret.0, key.secret_access_key);
    assert!(found.active && found.session_token.is_none() && !found.well_known);

    let inactive = UpdateAccessKey {
        user_name: user_name.clone(),
        access_key_id: key.access_key_id.clone(),
        status: StatusType::Inactive,
    };
    root.call(inactive).await.unwrap();
    assert!(!credential(&cloud, &key.access_key_id).unwrap().active);
    root.call(UpdateUser {
        user_name: "ann".into(),
        new_path: Some("/staff/".into()),
        new_user_name: Some("anna".into()),
    })
    .await
    .unwrap();
    let renamed = credential(&cloud, &key.access_key_id).unwrap();
    assert_eq!(renamed.principal.arn(), "arn:aws:iam::111122223333:user/staff/anna");
    root.call(DeleteAccessKey { user_name: Some("anna".into()), access_key_id: key.access_key_id.clone() })
        .await
        .unwrap();
    assert!(credential(&cloud, &key.access_key_id).is_none());
}

#[tokio::test]
async fn the_roots_key_is_the_accounts() {
    let cloud = cloud();
    let root = credential(&cloud, "AKIAROOT").unwrap();
    assert_eq!(root.principal, Principal::Root("111122223333".parse().unwrap()));
    assert!(credential(&cloud, "AKIANOBODY").is_none());
    assert!(format!("{root:?}").contains("***") && !format!("{root:?}").contains("secret: Secret(\"secret"));
}

#[tokio::test]
async fn inline_group_and_managed_policies_bind_a_user_at_once() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    fails(
        ann.call(ListUsers::default()).await,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:ListUsers on resource: \
         arn:aws:iam::111122223333:user/ because no identity-based policy allows the iam:ListUsers action",
    );
    put_user_policy(&root, "ann", &allow("iam:ListUsers", "*")).await;
    assert!(allowed(&ann, ListUsers::default()).await);
    root.call(DeleteUserPolicy { user_name: "ann".into(), policy_name: "inline".into() }).await.unwrap();
    assert!(!allowed(&ann, ListUsers::default()).await);

    root.call(CreateGroup { group_name: "readers".into(), path: None }).await.unwrap();
    let membership = |group: &str| AddUserToGroup { group_name: group.into(), user_name: "ann".into() };
    root.call(membership("readers")).await.unwrap();
    root.call(AttachGroupPolicy {
        group_name: "readers".into(),
        policy_arn: "arn:aws:iam::aws:policy/IAMReadOnlyAccess".into(),
    })
    .await
    .unwrap();
    assert!(allowed(&ann, ListUsers::default()).await);
    root.call(PutGroupPolicy {
        group_name: "readers".into(),
        policy_name: "no-roles".into(),
        policy_document: deny("iam:ListRoles", "*"),
    })
    .await
    .unwrap();
    fails(
        ann.call(ListRoles::default()).await,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:ListRoles on resource: \
         arn:aws:iam::111122223333:role/ with an explicit deny in an identity-based policy",
    );
    root.call(RemoveUserFromGroup { group_name: "readers".into(), user_name: "ann".into() }).await.unwrap();
    assert!(!allowed(&ann, ListUsers::default()).await);
}

#[tokio::test]
async fn a_user_made_again_under_the_same_name_is_another_one() {
    let cloud = cloud();
    let root = cloud.root();
    let old = user(&cloud, "ann", None).await;
    root.call(DeleteUser { user_name: "ann".into() }).await.unwrap();
    let new = user(&cloud, "ann", Some(&allow("iam:ListUsers", "*"))).await;
    assert!(allowed(&new, ListUsers::default()).await);
    assert!(!allowed(&old, ListUsers::default()).await);
}
