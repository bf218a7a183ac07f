use crate::support::{allow, cloud, fails, policy, user};
use api_iam::{
    AddUserToGroup, AttachUserPolicy, CreateAccessKey, CreateAccountAlias, CreateGroup, CreateLoginProfile,
    CreateUser, DeleteAccessKey, DeleteAccountAlias, DeleteLoginProfile, DeleteUser, DeleteUserPolicy,
    DetachUserPolicy, EntityType, GetAccountAuthorizationDetails, GetAccountSummary, GetUser, ListAccessKeys,
    ListAccountAliases, ListUsers, PutUserPolicy, RemoveUserFromGroup, UpdateUser,
};

#[tokio::test]
async fn a_user_that_holds_something_is_not_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    let name = || "ann".to_owned();
    user(&cloud, "ann", Some(&allow("s3:*", "*"))).await;
    let conflict = async |what: &str| {
        let sentence = format!("Cannot delete entity, must {what} first.");
        fails(root.call(DeleteUser { user_name: name() }).await, "DeleteConflict", &sentence);
    };
    root.call(CreateGroup { group_name: "g".into(), path: None }).await.unwrap();
    root.call(AddUserToGroup { group_name: "g".into(), user_name: name() }).await.unwrap();
    conflict("remove users from group").await;
    root.call(RemoveUserFromGroup { group_name: "g".into(), user_name: name() }).await.unwrap();
    let policy_arn = policy(&root, "P", &allow("s3:*", "*")).await;
    root.call(AttachUserPolicy { user_name: name(), policy_arn: policy_arn.clone() }).await.unwrap();
    conflict("detach all policies").await;
    root.call(DetachUserPolicy { user_name: name(), policy_arn }).await.unwrap();
    conflict("delete policies").await;
    root.call(DeleteUserPolicy { user_name: name(), policy_name: "inline".into() }).await.unwrap();
    let create = || CreateAccessKey { user_name: Some(name()) };
    let key = root.call(create()).await.unwrap().access_key.access_key_id;
    let second = root.call(create()).await.unwrap().access_key.access_key_id;
    fails(root.call(create()).await, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
    let list = ListAccessKeys { user_name: Some(name()), ..Default::default() };
    assert_eq!(root.call(list).await.unwrap().access_key_metadata.len(), 2);
    conflict("delete access keys").await;
    for access_key_id in [key, second] {
        root.call(DeleteAccessKey { user_name: Some(name()), access_key_id }).await.unwrap();
    }
    let password = Some("Correct-Horse-1".to_owned());
    root.call(CreateLoginProfile { user_name: Some(name()), password, password_reset_required: None })
        .await
        .unwrap();
    conflict("delete login profile").await;
    root.call(DeleteLoginProfile { user_name: Some(name()) }).await.unwrap();
    root.call(DeleteUser { user_name: name() }).await.unwrap();
    fails(
        root.call(DeleteUser { user_name: name() }).await,
        "NoSuchEntity",
        "The user with name ann cannot be found.",
    );
}

#[tokio::test]
async fn users_are_found_renamed_and_limited() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    user(&cloud, "bob", None).await;
    let create = CreateUser { user_name: "ANN".into(), ..Default::default() };
    fails(root.call(create).await, "EntityAlreadyExists", "User with name ANN already exists.");
    let rename =
        |to: &str| UpdateUser { user_name: "ann".into(), new_path: None, new_user_name: Some(to.into()) };
    fails(root.call(rename("Bob")).await, "EntityAlreadyExists", "User with name Bob already exists.");
    root.call(rename("Ann")).await.unwrap();
    let users = root.call(ListUsers::default()).await.unwrap().users;
    assert_eq!(users.iter().map(|user| user.user_name.as_str()).collect::<Vec<_>>(), ["Ann", "bob"]);
    let long = allow("s3:*", &format!("arn:aws:s3:::{}", "x".repeat(2048)));
    let put = PutUserPolicy { user_name: "bob".into(), policy_name: "p".into(), policy_document: long };
    fails(root.call(put).await, "LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user bob");
    // Whoever names nobody means themselves.
    let own = root.call(GetUser { user_name: None }).await.unwrap().user;
    assert_eq!((own.user_id.as_str(), own.arn.as_str()), ("111122223333", "arn:aws:iam::111122223333:root"));
    let eve = user(&cloud, "eve", Some(&allow("iam:GetUser", "arn:aws:iam::111122223333:user/eve"))).await;
    assert_eq!(eve.call(GetUser { user_name: None }).await.unwrap().user.user_name, "eve");
    assert_eq!(eve.call(GetUser { user_name: Some("bob".into()) }).await.unwrap_err().code, "AccessDenied");
}

#[tokio::test]
async fn an_account_has_one_alias_that_no_other_has() {
    let cloud = cloud();
    let root = cloud.root();
    let create = |alias: &str| CreateAccountAlias { account_alias: alias.into() };
    root.call(create("lab")).await.unwrap();
    root.call(create("lab-two")).await.unwrap();
    let list = || ListAccountAliases::default();
    assert_eq!(root.call(list()).await.unwrap().account_aliases, ["lab-two"]);
    let account = crate::support::OTHER_ACCOUNT.parse().unwrap();
    let other = crate::support::other(&cloud, contract::Principal::Root(account));
    fails(
        other.call(create("lab-two")).await,
        "EntityAlreadyExists",
        "The account alias lab-two already exists.",
    );
    other.call(create("lab")).await.unwrap();
    root.call(DeleteAccountAlias { account_alias: "lab-two".into() }).await.unwrap();
    let gone = DeleteAccountAlias { account_alias: "lab-two".into() };
    assert_eq!(root.call(gone).await.unwrap_err().code, "NoSuchEntity");
    assert!(root.call(list()).await.unwrap().account_aliases.is_empty());
}

#[tokio::test]
async fn the_account_is_summed_up_and_described() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", Some(&allow("s3:*", "*"))).await;
    crate::support::role(&root, "Run", &crate::support::trust(r#"{"Service":"ec2.amazonaws.com"}"#)).await;
    let own = policy(&root, "P", &allow("s3:*", "*")).await;
    for policy_arn in [own, "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()] {
        root.call(AttachUserPolicy { user_name: "ann".into(), policy_arn }).await.unwrap();
    }
    let summary = root.call(GetAccountSummary {}).await.unwrap().summary_map.unwrap();
    for (name, number) in
        [("Users", 1), ("Roles", 1), ("Policies", 1), ("PolicyVersionsInUse", 1), ("Groups", 0)]
    {
        assert_eq!(summary[name], number, "{name}");
    }
    assert_eq!((summary["AccountAccessKeysPresent"], summary["UsersQuota"]), (1, 5000));
    let details = |filter, max_items, marker| GetAccountAuthorizationDetails { filter, max_items, marker };
    let all = root.call(details(None, None, None)).await.unwrap();
    let user = &all.user_detail_list.as_ref().unwrap()[0];
    assert_eq!(user.attached_managed_policies.as_ref().unwrap().len(), 2);
    assert_eq!(user.user_policy_list.as_ref().unwrap()[0].policy_name.as_deref(), Some("inline"));
    assert_eq!(all.policies.unwrap().len(), 2, "the account's own and the one of AWS that is in use");
    let local = root.call(details(Some(vec![EntityType::LocalManagedPolicy]), None, None)).await.unwrap();
    assert_eq!((local.policies.unwrap().len(), local.user_detail_list.unwrap().len()), (1, 0));
    let first = root.call(details(None, Some(1), None)).await.unwrap();
    let second = root.call(details(None, Some(1), first.marker)).await.unwrap();
    assert_eq!(second.role_detail_list.unwrap()[0].role_name.as_deref(), Some("Run"));
}

#[tokio::test]
async fn a_keys_last_use_is_the_last_call_that_it_signed() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    let key =
        root.call(CreateAccessKey { user_name: Some("ann".into()) }).await.unwrap().access_key.access_key_id;
    let get = || api_iam::GetAccessKeyLastUsed { access_key_id: key.clone() };
    let unused = root.call(get()).await.unwrap();
    assert_eq!(unused.user_name.as_deref(), Some("ann"));
    let unused = unused.access_key_last_used.unwrap();
    assert_eq!((unused.last_used_date, unused.region.as_str()), (None, "N/A"));
    let record = |region: &str, seconds, id: u8| pipeline::CallRecord {
        scope: names::Scope::new(cloud.scope().account, region.parse().unwrap()),
        at: cloud.now().plus(std::time::Duration::from_secs(seconds)),
        recorded: cloud.now().plus(std::time::Duration::from_secs(seconds)),
        id: names::RequestId([id; 16]),
        access_key_id: Some(key.clone()),
        service: "ec2".into(),
        ..cloud.records().pop().unwrap()
    };
    for record in [record("us-east-1", 1, 1), record("eu-west-1", 3, 2), record("us-west-2", 2, 3)] {
        cloud.context().store.transact(None, |tx| tx.put(record.clone())).unwrap();
    }
    let used = root.call(get()).await.unwrap().access_key_last_used.unwrap();
    assert_eq!((used.service_name.as_str(), used.region.as_str()), ("ec2", "eu-west-1"));
    assert_eq!(used.last_used_date, Some(cloud.now().plus(std::time::Duration::from_secs(3))));
    let unknown = api_iam::GetAccessKeyLastUsed { access_key_id: "AKIAAAAAAAAAAAAAAAAA".into() };
    fails(
        root.call(unknown).await,
        "NoSuchEntity",
        "The Access Key with id AKIAAAAAAAAAAAAAAAAA cannot be found.",
    );
}
