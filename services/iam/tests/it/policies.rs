use crate::support::{allow, allowed, cloud, deny, fails, policy, policy_arn, role, trust, user};
use api_iam::{
    AttachRolePolicy, AttachUserPolicy, CreatePolicy, CreatePolicyVersion, DeletePolicy, DeletePolicyVersion,
    DetachUserPolicy, EntityType, GetPolicy, GetPolicyVersion, ListAttachedRolePolicies,
    ListEntitiesForPolicy, ListPolicies, ListPolicyVersions, ListUsers, PolicyScopeType, PolicyUsageType,
    SetDefaultPolicyVersion,
};

fn version(arn: &str, document: String, default: bool) -> CreatePolicyVersion {
    CreatePolicyVersion { policy_arn: arn.into(), policy_document: document, set_as_default: Some(default) }
}

#[tokio::test]
async fn the_default_version_binds() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    let arn = policy(&root, "Users", &allow("iam:ListUsers", "*")).await;
    root.call(AttachUserPolicy { user_name: "ann".into(), policy_arn: arn.clone() }).await.unwrap();
    assert!(allowed(&ann, ListUsers::default()).await);
    let made =
        root.call(version(&arn, deny("iam:ListUsers", "*"), false)).await.unwrap().policy_version.unwrap();
    assert_eq!((made.version_id.as_deref(), made.is_default_version), (Some("v2"), Some(false)));
    assert!(allowed(&ann, ListUsers::default()).await);
    let default = |id: &str| SetDefaultPolicyVersion { policy_arn: arn.clone(), version_id: id.into() };
    root.call(default("v2")).await.unwrap();
    fails(
        ann.call(ListUsers::default()).await,
        "AccessDenied",
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: iam:ListUsers on resource: \
         arn:aws:iam::111122223333:user/ with an explicit deny in an identity-based policy: \
         arn:aws:iam::111122223333:policy/Users",
    );
    root.call(default("v1")).await.unwrap();
    assert!(allowed(&ann, ListUsers::default()).await);
    let get = GetPolicyVersion { policy_arn: arn.clone(), version_id: "v2".into() };
    let shown = root.call(get).await.unwrap().policy_version.unwrap();
    assert!(shown.document.unwrap().contains("%22Deny%22"));
    fails(
        root.call(default("v9")).await,
        "NoSuchEntity",
        "Policy arn:aws:iam::111122223333:policy/Users version v9 does not exist or is not attachable.",
    );
}

#[tokio::test]
async fn there_are_five_versions_and_a_policy_in_use_stays() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    let arn = policy(&root, "Users", &allow("iam:ListUsers", "*")).await;
    for _ in 0..4 {
        root.call(version(&arn, allow("iam:*", "*"), true)).await.unwrap();
    }
    fails(
        root.call(version(&arn, allow("iam:*", "*"), true)).await,
        "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    );
    let list = ListPolicyVersions { policy_arn: arn.clone(), max_items: Some(3), ..Default::default() };
    let first = root.call(list.clone()).await.unwrap();
    let ids = |versions: Vec<api_iam::PolicyVersion>| {
        versions.into_iter().filter_map(|version| version.version_id).collect::<Vec<_>>()
    };
    assert_eq!(ids(first.versions.unwrap()), ["v5", "v4", "v3"]);
    let rest = root.call(ListPolicyVersions { marker: first.marker, ..list }).await.unwrap();
    assert_eq!(ids(rest.versions.unwrap()), ["v2", "v1"]);
    let delete = |id: &str| DeletePolicyVersion { policy_arn: arn.clone(), version_id: id.into() };
    fails(root.call(delete("v5")).await, "DeleteConflict", "Cannot delete the default version of a policy.");
    let delete_policy = || DeletePolicy { policy_arn: arn.clone() };
    root.call(AttachUserPolicy { user_name: "ann".into(), policy_arn: arn.clone() }).await.unwrap();
    fails(root.call(delete_policy()).await, "DeleteConflict", "Cannot delete a policy attached to entities.");
    root.call(DetachUserPolicy { user_name: "ann".into(), policy_arn: arn.clone() }).await.unwrap();
    assert!(
        root.call(delete_policy())
            .await
            .unwrap_err()
            .message
            .starts_with("This policy has more than one version.")
    );
    for id in ["v1", "v2", "v3", "v4"] {
        root.call(delete(id)).await.unwrap();
    }
    let made = root.call(version(&arn, allow("iam:*", "*"), false)).await.unwrap();
    assert_eq!(made.policy_version.unwrap().version_id.as_deref(), Some("v6"), "numbers are not used again");
    root.call(delete("v6")).await.unwrap();
    root.call(delete_policy()).await.unwrap();
    let gone = GetPolicy { policy_arn: arn.clone() };
    fails(root.call(gone).await, "NoSuchEntity", &format!("Policy {arn} was not found."));
}

#[tokio::test]
async fn documents_and_names_are_checked() {
    let cloud = cloud();
    let root = cloud.root();
    policy(&root, "Users", &allow("iam:ListUsers", "*")).await;
    let create = |name: &str, document: String| CreatePolicy {
        policy_name: name.into(),
        policy_document: document,
        ..Default::default()
    };
    fails(
        root.call(create("users", allow("iam:*", "*"))).await,
        "EntityAlreadyExists",
        "A policy called users already exists. Duplicate names are not allowed.",
    );
    let old = allow("iam:*", "*").replace("2012-10-17", "2008-10-17");
    let sentence = "Policy document must be version 2012-10-17 or greater.";
    fails(root.call(create("Old", old)).await, "MalformedPolicyDocument", sentence);
    let long = allow("s3:*", &format!("arn:aws:s3:::{}", "x".repeat(6144)));
    fails(root.call(create("Long", long)).await, "LimitExceeded", "Cannot exceed quota for PolicySize: 6144");
    let bad = GetPolicy { policy_arn: "arn:aws:iam::aws:role/Whatever".into() };
    fails(root.call(bad).await, "ValidationError", "ARN arn:aws:iam::aws:role/Whatever is not valid.");
}

#[tokio::test]
async fn only_what_exists_is_attached_and_ten_at_most() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    let attach = |arn: String| AttachRolePolicy { role_name: "Run".into(), policy_arn: arn };
    fails(
        root.call(attach(policy_arn("None"))).await,
        "NoSuchEntity",
        "Policy arn:aws:iam::111122223333:policy/None does not exist or is not attachable.",
    );
    fails(
        root.call(attach("arn:aws:iam::aws:policy/aws-service-role/AWSConfigServiceRolePolicy".into())).await,
        "PolicyNotAttachable",
        "Cannot attach a Service Role Policy to a Customer Role.",
    );
    for number in 0..10 {
        let arn = policy(&root, &format!("P{number}"), &allow("iam:ListUsers", "*")).await;
        root.call(attach(arn)).await.unwrap();
    }
    root.call(attach(policy_arn("P0"))).await.unwrap();
    policy(&root, "P10", &allow("iam:ListUsers", "*")).await;
    fails(
        root.call(attach(policy_arn("P10"))).await,
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerRole: 10",
    );
    let list = ListAttachedRolePolicies { role_name: "Run".into(), max_items: Some(6), ..Default::default() };
    let first = root.call(list.clone()).await.unwrap();
    let rest = root.call(ListAttachedRolePolicies { marker: first.marker, ..list }).await.unwrap();
    assert_eq!(first.attached_policies.unwrap().len() + rest.attached_policies.unwrap().len(), 10);
}

#[tokio::test]
async fn policies_are_listed_by_scope_use_and_entity() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    role(&root, "Run", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    let arn = policy(&root, "Users", &allow("iam:ListUsers", "*")).await;
    policy(&root, "Unused", &allow("iam:ListUsers", "*")).await;
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess".to_owned();
    root.call(AttachUserPolicy { user_name: "ann".into(), policy_arn: arn.clone() }).await.unwrap();
    root.call(AttachRolePolicy { role_name: "Run".into(), policy_arn: arn.clone() }).await.unwrap();
    root.call(AttachRolePolicy { role_name: "Run".into(), policy_arn: admin.clone() }).await.unwrap();
    root.call(api_iam::PutUserPermissionsBoundary {
        user_name: "ann".into(),
        permissions_boundary: admin.clone(),
    })
    .await
    .unwrap();
    let list = |scope, only_attached, policy_usage_filter| ListPolicies {
        scope: Some(scope),
        only_attached,
        policy_usage_filter,
        max_items: Some(1000),
        ..Default::default()
    };
    let names = |answer: api_iam::ListPoliciesOutput| -> Vec<String> {
        answer.policies.unwrap().into_iter().filter_map(|policy| policy.policy_name).collect()
    };
    assert_eq!(
        names(root.call(list(PolicyScopeType::Local, None, None)).await.unwrap()),
        ["Unused", "Users"]
    );
    let attached = root.call(list(PolicyScopeType::All, Some(true), None)).await.unwrap();
    assert_eq!(names(attached.clone()), ["Users", "AdministratorAccess"]);
    let counts: Vec<_> = attached
        .policies
        .unwrap()
        .iter()
        .map(|policy| (policy.attachment_count, policy.permissions_boundary_usage_count))
        .collect();
    assert_eq!(counts, [(Some(2), Some(0)), (Some(1), Some(1))]);
    let bounds = list(PolicyScopeType::All, None, Some(PolicyUsageType::PermissionsBoundary));
    assert_eq!(names(root.call(bounds).await.unwrap()), ["AdministratorAccess"]);
    let all = root.call(list(PolicyScopeType::Aws, None, None)).await.unwrap();
    assert_eq!((all.policies.unwrap().len(), all.is_truncated), (1000, Some(true)));
    let aws = root.call(GetPolicy { policy_arn: admin.clone() }).await.unwrap().policy.unwrap();
    assert_eq!((aws.attachment_count, aws.permissions_boundary_usage_count), (Some(1), Some(1)));

    let entities = |filter, usage| ListEntitiesForPolicy {
        policy_arn: admin.clone(),
        entity_filter: filter,
        policy_usage_filter: usage,
        ..Default::default()
    };
    let both = root.call(entities(None, None)).await.unwrap();
    assert_eq!((both.policy_users.unwrap().len(), both.policy_roles.unwrap().len()), (1, 1));
    let roles = root.call(entities(Some(EntityType::Role), None)).await.unwrap();
    assert_eq!((roles.policy_users.unwrap().len(), roles.policy_roles.unwrap().len()), (0, 1));
    let bounded = root.call(entities(None, Some(PolicyUsageType::PermissionsBoundary))).await.unwrap();
    assert_eq!((bounded.policy_users.unwrap().len(), bounded.policy_roles.unwrap().len()), (1, 0));
}
