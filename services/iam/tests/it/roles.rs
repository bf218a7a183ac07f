use crate::support::{allow, aws, cloud, fails, put_role_policy, role, trust, user};
use api_iam::{
    AddRoleToInstanceProfile, AttachRolePolicy, CreateInstanceProfile, CreateRole, DeleteInstanceProfile,
    DeleteRole, DeleteRolePolicy, DetachRolePolicy, GetInstanceProfile, GetRole, GetRolePolicy,
    ListInstanceProfilesForRole, ListRolePolicies, ListRoleTags, ListRoles, PutRolePolicy,
    RemoveRoleFromInstanceProfile, Tag, TagRole, UntagRole, UpdateAssumeRolePolicy, UpdateRole,
    UpdateRoleDescription,
};

fn lambda() -> String {
    trust(r#"{"Service":"lambda.amazonaws.com"}"#)
}

#[tokio::test]
async fn a_role_is_answered_as_it_was_made() {
    let cloud = cloud();
    let root = cloud.root();
    let made = root
        .call(CreateRole {
            path: Some("/lab/".into()),
            role_name: "Run".into(),
            assume_role_policy_document: lambda(),
            description: Some("Runs".into()),
            max_session_duration: Some(7200),
            tags: Some(vec![Tag { key: "team".into(), value: "red".into() }]),
            ..Default::default()
        })
        .await
        .unwrap()
        .role;
    assert_eq!(made.arn, "arn:aws:iam::111122223333:role/lab/Run");
    assert!(made.role_id.starts_with("AROA") && made.role_id.len() == 21);
    // Names are found whatever their case.
    let role = root.call(GetRole { role_name: "run".into() }).await.unwrap().role;
    assert_eq!((role.role_name.as_str(), role.max_session_duration), ("Run", Some(7200)));
    assert_eq!(role.description.as_deref(), Some("Runs"));
    assert!(role.assume_role_policy_document.unwrap().starts_with("%7B%22Version%22%3A%222012-10-17%22"));
    assert_eq!(role.tags.unwrap()[0].key, "team");
    fails(
        root.call(CreateRole {
            role_name: "RUN".into(),
            assume_role_policy_document: lambda(),
            ..Default::default()
        })
        .await,
        "EntityAlreadyExists",
        "Role with name RUN already exists.",
    );
    fails(
        root.call(GetRole { role_name: "None".into() }).await,
        "NoSuchEntity",
        "The role with name None cannot be found.",
    );
}

#[tokio::test]
async fn trust_policies_that_cannot_be_are_refused() {
    let cloud = cloud();
    let root = cloud.root();
    let missing = "arn:aws:iam::111122223333:user/nobody";
    for (document, message) in [
        ("{".to_owned(), "This policy contains invalid Json"),
        (allow("sts:AssumeRole", "*"), "Missing required field Principal"),
        (
            trust(&aws(missing)),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::111122223333:user/nobody\"",
        ),
        (
            trust(&aws("AROAAAAAAAAAAAAAAAAAA")),
            "Invalid principal in policy: \"AWS\":\"AROAAAAAAAAAAAAAAAAAA\"",
        ),
        (
            trust(&aws("arn:aws:iam::999988887777:role/Elsewhere")),
            "Invalid principal in policy: \"AWS\":\"arn:aws:iam::999988887777:role/Elsewhere\"",
        ),
    ] {
        let create = CreateRole {
            role_name: "Bad".into(),
            assume_role_policy_document: document,
            ..Default::default()
        };
        fails(root.call(create).await, "MalformedPolicyDocument", message);
    }
    let long = format!(r#"{{"StringEquals":{{"sts:ExternalId":"{}"}}}}"#, "x".repeat(2048));
    let long = crate::support::trust_with(r#"{"Service":"ec2.amazonaws.com"}"#, r#""sts:AssumeRole""#, &long);
    let create =
        CreateRole { role_name: "Bad".into(), assume_role_policy_document: long, ..Default::default() };
    fails(root.call(create).await, "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048");
    let reserved = CreateRole {
        path: Some("/aws-service-role/x/".into()),
        role_name: "Bad".into(),
        assume_role_policy_document: lambda(),
        ..Default::default()
    };
    assert_eq!(root.call(reserved).await.unwrap_err().code, "InvalidInput");
    assert!(root.call(ListRoles::default()).await.unwrap().roles.is_empty(), "nothing was made");
    // An account is taken at its word.
    role(&root, "Outside", &trust(&aws("arn:aws:iam::999988887777:root"))).await;
}

#[tokio::test]
async fn a_role_that_holds_something_is_not_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &lambda()).await;
    let delete = || DeleteRole { role_name: "Run".into() };
    let profile = || "Profile".to_owned();
    root.call(CreateInstanceProfile { instance_profile_name: profile(), path: None, tags: None })
        .await
        .unwrap();
    let add = || AddRoleToInstanceProfile { instance_profile_name: profile(), role_name: "Run".into() };
    root.call(add()).await.unwrap();
    fails(
        root.call(add()).await,
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
    );
    let conflict = "Cannot delete entity, must remove roles from instance profile first.";
    fails(root.call(delete()).await, "DeleteConflict", conflict);
    let shown =
        root.call(GetInstanceProfile { instance_profile_name: profile() }).await.unwrap().instance_profile;
    assert_eq!(shown.roles[0].role_name, "Run");
    let of_role = ListInstanceProfilesForRole { role_name: "Run".into(), ..Default::default() };
    assert_eq!(root.call(of_role).await.unwrap().instance_profiles.len(), 1);
    let delete_profile = || DeleteInstanceProfile { instance_profile_name: profile() };
    fails(root.call(delete_profile()).await, "DeleteConflict", conflict);
    root.call(RemoveRoleFromInstanceProfile { instance_profile_name: profile(), role_name: "Run".into() })
        .await
        .unwrap();
    root.call(delete_profile()).await.unwrap();

    let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    let attach = AttachRolePolicy { role_name: "Run".into(), policy_arn: arn.into() };
    root.call(attach).await.unwrap();
    fails(
        root.call(delete()).await,
        "DeleteConflict",
        "Cannot delete entity, must detach all policies first.",
    );
    let detach = || DetachRolePolicy { role_name: "Run".into(), policy_arn: arn.into() };
    root.call(detach()).await.unwrap();
    fails(root.call(detach()).await, "NoSuchEntity", &format!("Policy {arn} was not found."));
    put_role_policy(&root, "Run", &allow("s3:*", "*")).await;
    fails(root.call(delete()).await, "DeleteConflict", "Cannot delete entity, must delete policies first.");
    root.call(DeleteRolePolicy { role_name: "Run".into(), policy_name: "inline".into() }).await.unwrap();
    root.call(delete()).await.unwrap();
    assert_eq!(root.call(delete()).await.unwrap_err().code, "NoSuchEntity");
}

#[tokio::test]
async fn inline_policies_are_kept_as_written_and_limited() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &lambda()).await;
    let document = "{\n  \"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}]}";
    put_role_policy(&root, "Run", document).await;
    let get = |policy: &str| GetRolePolicy { role_name: "Run".into(), policy_name: policy.into() };
    let shown = root.call(get("inline")).await.unwrap().policy_document;
    assert!(shown.starts_with("%7B%0A%20%20%22Version%22%3A%20%22"), "{shown}");
    fails(root.call(get("none")).await, "NoSuchEntity", "The role policy with name none cannot be found.");
    let put = |name: &str, document: String| PutRolePolicy {
        role_name: "Run".into(),
        policy_name: name.into(),
        policy_document: document,
    };
    let long = allow("s3:*", &format!("arn:aws:s3:::{}", "x".repeat(10240)));
    let message = "Maximum policy size of 10240 bytes exceeded for role Run";
    fails(root.call(put("long", long)).await, "LimitExceeded", message);
    fails(root.call(put("bad", "{}".into())).await, "MalformedPolicyDocument", "Syntax errors in policy.");
    let list = ListRolePolicies { role_name: "Run".into(), ..Default::default() };
    assert_eq!(root.call(list).await.unwrap().policy_names, ["inline"]);
}

#[tokio::test]
async fn lists_go_on_where_they_stopped_and_keep_to_a_path() {
    let cloud = cloud();
    let root = cloud.root();
    for (name, path) in [("Carol", "/"), ("alice", "/lab/"), ("Bob", "/lab/x/")] {
        let path = Some(path.to_owned());
        let document = lambda();
        root.call(CreateRole {
            path,
            role_name: name.into(),
            assume_role_policy_document: document,
            ..Default::default()
        })
        .await
        .unwrap();
    }
    let list = |marker: Option<String>| ListRoles { marker, max_items: Some(2), ..Default::default() };
    let names = |roles: &[api_iam::Role]| roles.iter().map(|role| role.role_name.clone()).collect::<Vec<_>>();
    let first = root.call(list(None)).await.unwrap();
    assert_eq!((names(&first.roles), first.is_truncated), (vec!["alice".into(), "Bob".into()], Some(true)));
    let rest = root.call(list(first.marker)).await.unwrap();
    assert_eq!(
        (names(&rest.roles), rest.is_truncated, rest.marker),
        (vec!["Carol".into()], Some(false), None)
    );
    let lab = ListRoles { path_prefix: Some("/lab/".into()), ..Default::default() };
    assert_eq!(names(&root.call(lab).await.unwrap().roles), ["alice", "Bob"]);
    let bad = ListRoles { marker: Some("nonsense".into()), ..Default::default() };
    assert_eq!(root.call(bad).await.unwrap_err().code, "ValidationError");
    let none = ListRoles { max_items: Some(0), ..Default::default() };
    assert_eq!(root.call(none).await.unwrap_err().code, "ValidationError");
}

#[tokio::test]
async fn a_role_is_changed() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &lambda()).await;
    let name = || "Run".to_owned();
    root.call(UpdateRole {
        role_name: name(),
        description: Some("New".into()),
        max_session_duration: Some(43_200),
    })
    .await
    .unwrap();
    let described = UpdateRoleDescription { role_name: name(), description: "Newer".into() };
    assert_eq!(root.call(described).await.unwrap().role.unwrap().description.as_deref(), Some("Newer"));
    user(&cloud, "ann", None).await;
    let document = trust(&aws("arn:aws:iam::111122223333:user/ann"));
    root.call(UpdateAssumeRolePolicy { role_name: name(), policy_document: document }).await.unwrap();
    let shown = root.call(GetRole { role_name: name() }).await.unwrap().role;
    assert!(shown.assume_role_policy_document.unwrap().contains("user%2Fann"));
    assert_eq!((shown.description.as_deref(), shown.max_session_duration), (Some("Newer"), Some(43_200)));
}

#[tokio::test]
async fn tags_are_kept_to_their_rules() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &lambda()).await;
    let tag = |key: &str, value: &str| Tag { key: key.into(), value: value.into() };
    let put = |tags: Vec<Tag>| TagRole { role_name: "Run".into(), tags };
    root.call(put(vec![tag("Team", "red"), tag("cost", "1")])).await.unwrap();
    root.call(put(vec![tag("team", "blue")])).await.unwrap();
    let list = || ListRoleTags { role_name: "Run".into(), ..Default::default() };
    let tags = root.call(list()).await.unwrap().tags;
    assert_eq!(tags.len(), 2, "keys differ without regard to case");
    assert!(tags.iter().any(|tag| tag.key == "team" && tag.value == "blue"));
    fails(
        root.call(put(vec![tag("a", "1"), tag("A", "2")])).await,
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    assert_eq!(root.call(put(vec![tag("aws:a", "1")])).await.unwrap_err().code, "InvalidInput");
    let many = (0..49).map(|number| tag(&format!("key-{number}"), "")).collect();
    assert_eq!(root.call(put(many)).await.unwrap_err().code, "LimitExceeded");
    root.call(UntagRole { role_name: "Run".into(), tag_keys: vec!["COST".into(), "none".into()] })
        .await
        .unwrap();
    assert_eq!(root.call(list()).await.unwrap().tags.len(), 1);
}
