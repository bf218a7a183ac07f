use crate::support::{cloud, fails};
use api_iam::{
    CreatePolicyVersion, DeletePolicy, GetPolicy, GetPolicyVersion, ListPolicyVersions, TagPolicy,
};

const CONFIG_ROLE: &str = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole";

#[tokio::test]
async fn aws_policies_are_read_with_their_real_documents() {
    let cloud = cloud();
    let root = cloud.root();
    let shown = root.call(GetPolicy { policy_arn: CONFIG_ROLE.into() }).await.unwrap().policy.unwrap();
    assert_eq!(shown.path.as_deref(), Some("/service-role/"));
    let version_id = shown.default_version_id.unwrap();
    let get = |version_id: String| GetPolicyVersion { policy_arn: CONFIG_ROLE.into(), version_id };
    let version = root.call(get(version_id.clone())).await.unwrap().policy_version.unwrap();
    assert!(version.document.unwrap().contains("ec2%3ADescribe"));
    assert_eq!(version.is_default_version, Some(true));
    let list = ListPolicyVersions { policy_arn: CONFIG_ROLE.into(), ..Default::default() };
    assert_eq!(root.call(list).await.unwrap().versions.unwrap()[0].version_id, Some(version_id));
    assert_eq!(root.call(get("v9999".into())).await.unwrap_err().code, "NoSuchEntity");
    let basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole".to_owned();
    let basic = GetPolicyVersion { policy_arn: basic, version_id: "v1".into() };
    let document = root.call(basic).await.unwrap().policy_version.unwrap().document.unwrap();
    for action in ["logs%3ACreateLogGroup", "logs%3ACreateLogStream", "logs%3APutLogEvents"] {
        assert!(document.contains(action), "{document}");
    }
}

#[tokio::test]
async fn aws_policies_are_nobodys_to_change() {
    let cloud = cloud();
    let root = cloud.root();
    let message = format!("The policy {CONFIG_ROLE} is managed by AWS and cannot be changed.");
    fails(root.call(DeletePolicy { policy_arn: CONFIG_ROLE.into() }).await, "AccessDenied", &message);
    let version = CreatePolicyVersion {
        policy_arn: CONFIG_ROLE.into(),
        policy_document: crate::support::allow("*", "*"),
        set_as_default: Some(true),
    };
    fails(root.call(version).await, "AccessDenied", &message);
    let tag = TagPolicy {
        policy_arn: CONFIG_ROLE.into(),
        tags: vec![api_iam::Tag { key: "a".into(), value: "b".into() }],
    };
    fails(root.call(tag).await, "AccessDenied", &message);
}
