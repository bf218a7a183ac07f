//! CloudFormation's handlers, called as a stack calls them.

use crate::support::{allow, cloud, fails, put_role_policy, trust};
use api_iam::{
    GetGroup, GetPolicy, GetRole, GetRolePolicy, GetUser, ListAttachedRolePolicies, ListRolePolicies,
    ListRoleTags,
};
use contract::{Chain, Created, HandlerContext, Properties, ResourceHandler};
use names::Tags;
use std::sync::Arc;
use testkit::TestCloud;
use wire::Document;

const STACK: &str = "arn:aws:cloudformation:us-east-1:111122223333:stack/lab/1";

fn handler(resource_type: &str) -> Arc<dyn ResourceHandler> {
    let handlers = iam::registration().handlers;
    handlers.into_iter().find(|handler| handler.resource_type() == resource_type).unwrap()
}

fn context(cloud: &TestCloud, logical_id: &str) -> HandlerContext {
    let chain = Chain::default().through("cloudformation.amazonaws.com");
    let principal = contract::Principal::Root(cloud.scope().account);
    HandlerContext {
        caller: cloud.context().caller(principal, cloud.scope(), chain),
        context: cloud.context().clone(),
        stack_name: "lab".into(),
        stack_id: STACK.into(),
        logical_id: logical_id.into(),
        previous_stack_tags: Default::default(),
        stack_tags: Tags::from([
            ("aws:cloudformation:stack-id".into(), STACK.into()),
            ("aws:cloudformation:logical-id".into(), logical_id.into()),
        ]),
        token: "ABCDEF123456".into(),
    }
}

fn properties(text: &str) -> Properties {
    Properties::new(Document::parse(text).unwrap())
}

async fn create(cloud: &TestCloud, resource_type: &str, logical_id: &str, text: &str) -> Created {
    handler(resource_type).create(&properties(text), &context(cloud, logical_id)).await.unwrap()
}

fn role_text(extra: &str) -> String {
    let trust = trust(r#"{"Service":"lambda.amazonaws.com"}"#);
    format!(r#"{{"AssumeRolePolicyDocument":{trust}{extra}}}"#)
}

#[tokio::test]
async fn a_role_is_made_changed_and_deleted_whole() {
    let cloud = cloud();
    let root = cloud.root();
    let document = allow("s3:GetObject", "*");
    let first = role_text(&format!(
        r#","Policies":[{{"PolicyName":"read","PolicyDocument":{document}}}],"ManagedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"],"Description":"d","MaxSessionDuration":"7200","Tags":[{{"Key":"team","Value":"red"}}]"#
    ));
    let made = create(&cloud, "AWS::IAM::Role", "Runner", &first).await;
    assert_eq!(made.physical_id, "lab-Runner-ABCDEF123456");
    let name = || made.physical_id.clone();
    assert_eq!(
        made.attributes["Arn"].as_str(),
        Some("arn:aws:iam::111122223333:role/lab-Runner-ABCDEF123456")
    );
    assert!(made.attributes["RoleId"].as_str().unwrap().starts_with("AROA"));
    let role = root.call(GetRole { role_name: name() }).await.unwrap().role;
    assert_eq!((role.max_session_duration, role.tags.unwrap().len()), (Some(7200), 3));
    // The same step once more finds what it made.
    let again = create(&cloud, "AWS::IAM::Role", "Runner", &first).await;
    assert_eq!(again.attributes, made.attributes);

    let document = allow("s3:PutObject", "*");
    let second = role_text(&format!(
        r#","Policies":[{{"PolicyName":"write","PolicyDocument":{document}}}],"ManagedPolicyArns":["arn:aws:iam::aws:policy/SecurityAudit"]"#
    ));
    let role_handler = handler("AWS::IAM::Role");
    let context = context(&cloud, "Runner");
    role_handler
        .update(&made.physical_id, &properties(&first), &properties(&second), &context)
        .await
        .unwrap();
    let inline = root.call(ListRolePolicies { role_name: name(), ..Default::default() }).await.unwrap();
    assert_eq!(inline.policy_names, ["write"]);
    let attached = ListAttachedRolePolicies { role_name: name(), ..Default::default() };
    let attached = root.call(attached).await.unwrap().attached_policies.unwrap();
    assert_eq!(attached[0].policy_name.as_deref(), Some("SecurityAudit"));
    let role = root.call(GetRole { role_name: name() }).await.unwrap().role;
    assert_eq!(role.max_session_duration, Some(3600));
    let tags = root.call(ListRoleTags { role_name: name(), ..Default::default() }).await.unwrap().tags;
    assert!(tags.iter().all(|tag| tag.key.starts_with("aws:cloudformation:")));

    put_role_policy(&root, &made.physical_id, &allow("s3:*", "*")).await;
    let left = role_handler.delete(&made.physical_id, &properties(&second), &context).await.unwrap_err();
    assert!(left.reason.starts_with("Cannot delete entity, must delete policies first."), "{left}");
    root.call(api_iam::DeleteRolePolicy { role_name: name(), policy_name: "inline".into() }).await.unwrap();
    role_handler.delete(&made.physical_id, &properties(&second), &context).await.unwrap();
    role_handler.delete(&made.physical_id, &properties(&second), &context).await.unwrap();
}

#[tokio::test]
async fn a_role_of_somebody_else_is_not_taken_and_a_failed_one_leaves_nothing() {
    let cloud = cloud();
    let root = cloud.root();
    crate::support::role(&root, "Theirs", &trust(r#"{"Service":"lambda.amazonaws.com"}"#)).await;
    let role_handler = handler("AWS::IAM::Role");
    let context = context(&cloud, "Runner");
    let taken =
        role_handler.create(&properties(&role_text(r#","RoleName":"Theirs""#)), &context).await.unwrap_err();
    assert_eq!(
        (taken.code.as_str(), taken.service_code.as_deref()),
        ("AlreadyExists", Some("EntityAlreadyExists"))
    );
    let bad = role_text(r#","RoleName":"Mine","ManagedPolicyArns":["arn:aws:iam::aws:policy/NoSuchPolicy"]"#);
    let failed = role_handler.create(&properties(&bad), &context).await.unwrap_err();
    assert!(failed.reason.contains("does not exist or is not attachable"), "{failed}");
    assert_eq!(root.call(GetRole { role_name: "Mine".into() }).await.unwrap_err().code, "NoSuchEntity");
}

#[tokio::test]
async fn a_policy_follows_its_roles() {
    let cloud = cloud();
    let root = cloud.root();
    let name = create(&cloud, "AWS::IAM::Role", "One", &role_text("")).await.physical_id;
    let other = create(&cloud, "AWS::IAM::Role", "Two", &role_text("")).await.physical_id;
    let text = |role: &str, action: &str| {
        let document = allow(action, "*");
        format!(r#"{{"PolicyName":"p","PolicyDocument":{document},"Roles":["{role}"]}}"#)
    };
    let (old, new) = (text(&name, "s3:*"), text(&other, "sns:*"));
    let made = create(&cloud, "AWS::IAM::Policy", "Rules", &old).await;
    let get = |role: &str| GetRolePolicy { role_name: role.into(), policy_name: "p".into() };
    assert!(root.call(get(&name)).await.unwrap().policy_document.contains("s3%3A"));
    let (policy, context) = (handler("AWS::IAM::Policy"), context(&cloud, "Rules"));
    policy.update(&made.physical_id, &properties(&old), &properties(&new), &context).await.unwrap();
    assert!(root.call(get(&other)).await.unwrap().policy_document.contains("sns%3A"));
    fails(root.call(get(&name)).await, "NoSuchEntity", "The role policy with name p cannot be found.");
    policy.delete(&made.physical_id, &properties(&new), &context).await.unwrap();
    assert_eq!(root.call(get(&other)).await.unwrap_err().code, "NoSuchEntity");
    let nobody = properties(&format!(r#"{{"PolicyName":"p","PolicyDocument":{}}}"#, allow("s3:*", "*")));
    let refused = policy.create(&nobody, &context).await.unwrap_err();
    assert_eq!(refused.reason, "At least one of [Groups,Roles,Users] must be non-empty.");
}

#[tokio::test]
async fn a_managed_policy_gets_versions() {
    let cloud = cloud();
    let root = cloud.root();
    let role = create(&cloud, "AWS::IAM::Role", "One", &role_text("")).await.physical_id;
    let text = |action: &str| {
        let document = allow(action, "*");
        format!(r#"{{"ManagedPolicyName":"Own","PolicyDocument":{document},"Roles":["{role}"]}}"#)
    };
    let made = create(&cloud, "AWS::IAM::ManagedPolicy", "Own", &text("s3:*")).await;
    assert_eq!(made.physical_id, "arn:aws:iam::111122223333:policy/Own");
    assert_eq!(made.attributes["AttachmentCount"].as_i64(), Some(1));
    let again = create(&cloud, "AWS::IAM::ManagedPolicy", "Own", &text("s3:*")).await;
    assert_eq!(again.physical_id, made.physical_id);
    let (policy, context) = (handler("AWS::IAM::ManagedPolicy"), context(&cloud, "Own"));
    let mut old = text("s3:*");
    for number in 0..6 {
        let new = text(&format!("s3:Get{number}"));
        for _ in 0..2 {
            policy.update(&made.physical_id, &properties(&old), &properties(&new), &context).await.unwrap();
        }
        old = new;
    }
    let shown = root.call(GetPolicy { policy_arn: made.physical_id.clone() }).await.unwrap().policy.unwrap();
    assert_eq!(shown.default_version_id.as_deref(), Some("v7"));
    policy.delete(&made.physical_id, &properties(&old), &context).await.unwrap();
    policy.delete(&made.physical_id, &properties(&old), &context).await.unwrap();
    assert_eq!(root.call(GetPolicy { policy_arn: made.physical_id }).await.unwrap_err().code, "NoSuchEntity");
}

#[tokio::test]
async fn users_groups_keys_and_profiles_are_made_and_deleted() {
    let cloud = cloud();
    let root = cloud.root();
    let group_text = r#"{"GroupName":"g","ManagedPolicyArns":["arn:aws:iam::aws:policy/ReadOnlyAccess"]}"#;
    let group = create(&cloud, "AWS::IAM::Group", "G", group_text).await;
    create(&cloud, "AWS::IAM::Group", "G", group_text).await;
    let user_text =
        r#"{"UserName":"ann","Groups":["g"],"LoginProfile":{"Password":"Correct-Horse-1"},"Path":"/lab/"}"#;
    let user = create(&cloud, "AWS::IAM::User", "U", user_text).await;
    create(&cloud, "AWS::IAM::User", "U", user_text).await;
    assert_eq!(user.attributes["Arn"].as_str(), Some("arn:aws:iam::111122223333:user/lab/ann"));
    let get = GetGroup { group_name: "g".into(), marker: None, max_items: None };
    assert_eq!(root.call(get.clone()).await.unwrap().users.len(), 1);
    let key_text = r#"{"UserName":"ann","Status":"Inactive"}"#;
    let lost = create(&cloud, "AWS::IAM::AccessKey", "K", key_text).await;
    let key = create(&cloud, "AWS::IAM::AccessKey", "K", key_text).await;
    assert_eq!(key.attributes["SecretAccessKey"].as_str().unwrap().len(), 40);
    assert!(crate::support::credential(&cloud, &lost.physical_id).is_none(), "the first try's key is gone");
    assert!(!crate::support::credential(&cloud, &key.physical_id).unwrap().active);
    let role = create(&cloud, "AWS::IAM::Role", "R", &role_text("")).await.physical_id;
    let profile_text = format!(r#"{{"Roles":["{role}"]}}"#);
    let profile = create(&cloud, "AWS::IAM::InstanceProfile", "P", &profile_text).await;
    create(&cloud, "AWS::IAM::InstanceProfile", "P", &profile_text).await;
    let membership_text = r#"{"GroupName":"g","Users":["ann"]}"#;
    let membership = create(&cloud, "AWS::IAM::UserToGroupAddition", "M", membership_text).await;
    for (resource_type, logical_id, id, text) in [
        ("AWS::IAM::UserToGroupAddition", "M", &membership.physical_id, membership_text),
        ("AWS::IAM::InstanceProfile", "P", &profile.physical_id, &profile_text),
        ("AWS::IAM::AccessKey", "K", &key.physical_id, key_text),
        ("AWS::IAM::User", "U", &user.physical_id, user_text),
        ("AWS::IAM::Group", "G", &group.physical_id, group_text),
        ("AWS::IAM::Role", "R", &role, &role_text("")),
    ] {
        let context = context(&cloud, logical_id);
        handler(resource_type).delete(id, &properties(text), &context).await.unwrap();
    }
    assert_eq!(root.call(GetUser { user_name: Some("ann".into()) }).await.unwrap_err().code, "NoSuchEntity");
    assert_eq!(root.call(get).await.unwrap_err().code, "NoSuchEntity");
}

#[tokio::test]
async fn linked_roles_and_single_inline_policies() {
    let cloud = cloud();
    let root = cloud.root();
    let linked = r#"{"AWSServiceName":"config.amazonaws.com"}"#;
    let made = create(&cloud, "AWS::IAM::ServiceLinkedRole", "L", linked).await;
    let again = create(&cloud, "AWS::IAM::ServiceLinkedRole", "L", linked).await;
    assert_eq!(
        (made.physical_id.as_str(), again.physical_id.as_str()),
        ("AWSServiceRoleForConfig", "AWSServiceRoleForConfig")
    );
    let theirs =
        handler("AWS::IAM::ServiceLinkedRole").create(&properties(linked), &context(&cloud, "Other")).await;
    assert_eq!(theirs.unwrap_err().service_code.as_deref(), Some("InvalidInput"));
    let role = create(&cloud, "AWS::IAM::Role", "R", &role_text("")).await.physical_id;
    let document = allow("s3:*", "*");
    let text = format!(r#"{{"RoleName":"{role}","PolicyName":"p","PolicyDocument":{document}}}"#);
    let policy = create(&cloud, "AWS::IAM::RolePolicy", "RP", &text).await;
    assert_eq!(policy.physical_id, format!("p|{role}"));
    root.call(GetRolePolicy { role_name: role.clone(), policy_name: "p".into() }).await.unwrap();
    handler("AWS::IAM::RolePolicy")
        .delete(&policy.physical_id, &properties(&text), &context(&cloud, "RP"))
        .await
        .unwrap();
    let get = GetRolePolicy { role_name: role, policy_name: "p".into() };
    assert_eq!(root.call(get).await.unwrap_err().code, "NoSuchEntity");
}
