use crate::support::{allow, cloud, policy, put_role_policy, role, trust, user};
use api_iam::{
    AddRoleToInstanceProfile, AddUserToGroup, AttachGroupPolicy, AttachRolePolicy, CreateGroup,
    CreateInstanceProfile, DetachRolePolicy,
};
use contract::Description;
use store::{ChangeKind, Position};
use testkit::TestCloud;

fn describe(cloud: &TestCloud, resource_type: &str, id: &str) -> Description {
    let kind = cloud.context().catalog.resources[resource_type];
    assert!(kind.global);
    let view = cloud.context().store.view();
    (kind.describe)(&view, kind.scope(cloud.scope()), id).unwrap().unwrap()
}

/// Kinds and types of the changes since the feed was this long.
fn changes(cloud: &TestCloud, since: usize) -> Vec<(ChangeKind, String)> {
    let all = cloud.context().store.feed().since(Position::START, 10_000).unwrap();
    all.into_iter().skip(since).map(|change| (change.kind, change.resource.resource_type)).collect()
}

#[tokio::test]
async fn a_roles_item_has_configs_shape() {
    let cloud = cloud();
    let root = cloud.root();
    let made = role(&root, "Run", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    put_role_policy(&root, "Run", &allow("s3:*", "*")).await;
    let own = policy(&root, "P", &allow("s3:*", "*")).await;
    for policy_arn in [own, "arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()] {
        root.call(AttachRolePolicy { role_name: "Run".into(), policy_arn }).await.unwrap();
    }
    root.call(CreateInstanceProfile { instance_profile_name: "Pro".into(), path: None, tags: None })
        .await
        .unwrap();
    let add = AddRoleToInstanceProfile { instance_profile_name: "Pro".into(), role_name: "Run".into() };
    root.call(add).await.unwrap();
    let item = describe(&cloud, "AWS::IAM::Role", &made.role_id);
    assert_eq!(item.identity.name.as_deref(), Some("Run"));
    assert_eq!(item.availability_zone, "Not Applicable");
    let members: Vec<&str> = item.configuration.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        [
            "path",
            "roleName",
            "roleId",
            "arn",
            "createDate",
            "assumeRolePolicyDocument",
            "instanceProfileList",
            "rolePolicyList",
            "attachedManagedPolicies",
            "permissionsBoundary",
            "tags",
            "roleLastUsed"
        ]
    );
    let text = item.configuration.to_string();
    assert!(text.contains(r#""createDate":"2026-11-21T09:30:00.000Z""#), "{text}");
    assert!(
        text.contains(r#""rolePolicyList":[{"policyName":"inline","policyDocument":"%7B%22Version"#),
        "{text}"
    );
    assert!(text.contains(r#""instanceProfileName":"Pro""#), "{text}");
    let related: Vec<_> = item
        .relationships
        .iter()
        .map(|to| (to.resource_type.as_str(), to.name.as_deref(), to.relation.as_str()))
        .collect();
    assert_eq!(related, [("AWS::IAM::Policy", Some("P"), "Is attached to CustomerManagedPolicy")]);
}

#[tokio::test]
async fn users_groups_and_policies_tell_of_each_other() {
    let cloud = cloud();
    let root = cloud.root();
    user(&cloud, "ann", None).await;
    let group = root.call(CreateGroup { group_name: "g".into(), path: None }).await.unwrap().group;
    root.call(AddUserToGroup { group_name: "g".into(), user_name: "ann".into() }).await.unwrap();
    let arn = policy(&root, "P", &allow("s3:*", "*")).await;
    root.call(AttachGroupPolicy { group_name: "g".into(), policy_arn: arn.clone() }).await.unwrap();
    let get = api_iam::GetUser { user_name: Some("ann".into()) };
    let ann = root.call(get).await.unwrap().user;
    let item = describe(&cloud, "AWS::IAM::User", &ann.user_id);
    assert_eq!(item.configuration.get("groupList").unwrap().to_string(), r#"["g"]"#);
    assert_eq!(item.relationships[0].relation, "Is attached to Group");
    let item = describe(&cloud, "AWS::IAM::Group", &group.group_id);
    let relations: Vec<_> = item.relationships.iter().map(|to| to.relation.as_str()).collect();
    assert_eq!(relations, ["Contains User", "Is attached to CustomerManagedPolicy"]);
    let id =
        root.call(api_iam::GetPolicy { policy_arn: arn }).await.unwrap().policy.unwrap().policy_id.unwrap();
    let item = describe(&cloud, "AWS::IAM::Policy", &id);
    assert_eq!(item.configuration.get("attachmentCount").unwrap().as_i64(), Some(1));
    assert_eq!(item.configuration.at(&["policyVersionList"]).unwrap().as_array().unwrap().len(), 1);
    assert_eq!(
        (item.relationships[0].relation.as_str(), item.relationships[0].name.as_deref()),
        ("Is attached to Group", Some("g"))
    );
}

#[tokio::test]
async fn a_change_of_policies_is_a_change_of_the_role_and_of_the_policy() {
    let cloud = cloud();
    let root = cloud.root();
    role(&root, "Run", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    let policy_arn = policy(&root, "P", &allow("s3:*", "*")).await;
    let since = changes(&cloud, 0).len();
    put_role_policy(&root, "Run", &allow("s3:*", "*")).await;
    root.call(AttachRolePolicy { role_name: "Run".into(), policy_arn: policy_arn.clone() }).await.unwrap();
    root.call(DetachRolePolicy { role_name: "Run".into(), policy_arn }).await.unwrap();
    let mut seen = changes(&cloud, since);
    let inline = seen.remove(0);
    assert_eq!(inline, (ChangeKind::Updated, "AWS::IAM::Role".into()));
    assert_eq!(seen.len(), 4);
    for pair in seen.chunks(2) {
        let types: Vec<&str> = pair.iter().map(|(_, resource_type)| resource_type.as_str()).collect();
        assert_eq!(types, ["AWS::IAM::Policy", "AWS::IAM::Role"]);
    }
}
