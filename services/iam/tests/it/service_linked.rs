use crate::support::{cloud, fails, role_arn};
use api_iam::{
    CreateServiceLinkedRole, DeleteRole, DeleteServiceLinkedRole, DetachRolePolicy, GetRole,
    GetServiceLinkedRoleDeletionStatus, ListAttachedRolePolicies,
};
use contract::Principal;

const NAME: &str = "AWSServiceRoleForConfig";

fn create(service: &str, suffix: Option<&str>) -> CreateServiceLinkedRole {
    CreateServiceLinkedRole {
        aws_service_name: service.into(),
        description: None,
        custom_suffix: suffix.map(str::to_owned),
    }
}

#[tokio::test]
async fn config_has_its_role_and_uses_it() {
    let cloud = cloud();
    let root = cloud.root();
    let made = root.call(create("config.amazonaws.com", None)).await.unwrap().role.unwrap();
    let arn = "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    assert_eq!(made.arn, arn);
    let list = ListAttachedRolePolicies { role_name: NAME.into(), ..Default::default() };
    let attached = root.call(list).await.unwrap().attached_policies.unwrap();
    assert_eq!(attached[0].policy_name.as_deref(), Some("AWSConfigServiceRolePolicy"));
    let account = cloud.scope().account;
    let config = cloud.caller(Principal::service("config.amazonaws.com", account, None));
    assert!(config.assume_role(&arn.parse().unwrap(), "AWSConfig").await.is_ok());
    let lambda = cloud.caller(Principal::service("lambda.amazonaws.com", account, None));
    assert!(lambda.assume_role(&arn.parse().unwrap(), "AWSConfig").await.is_err());
    assert!(
        config.assume_role(&role_arn(NAME).parse().unwrap(), "AWSConfig").await.is_err(),
        "the path is part of it"
    );
    fails(
        root.call(create("config.amazonaws.com", None)).await,
        "InvalidInput",
        "Service role name AWSServiceRoleForConfig has been taken in this account, please try a different suffix.",
    );
}

#[tokio::test]
async fn it_is_changed_by_its_service_alone_and_deleted_on_request() {
    let cloud = cloud();
    let root = cloud.root();
    root.call(create("config.amazonaws.com", None)).await.unwrap();
    let message = "Cannot perform the operation on the protected role 'AWSServiceRoleForConfig' - this role is only modifiable by AWS";
    let detach = DetachRolePolicy {
        role_name: NAME.into(),
        policy_arn: "arn:aws:iam::aws:policy/aws-service-role/AWSConfigServiceRolePolicy".into(),
    };
    fails(root.call(detach).await, "UnmodifiableEntity", message);
    fails(root.call(DeleteRole { role_name: NAME.into() }).await, "UnmodifiableEntity", message);
    let task = root.call(DeleteServiceLinkedRole { role_name: NAME.into() }).await.unwrap().deletion_task_id;
    let status = |id: String| GetServiceLinkedRoleDeletionStatus { deletion_task_id: id };
    assert_eq!(root.call(status(task)).await.unwrap().status.as_str(), "SUCCEEDED");
    assert_eq!(root.call(status("task/none".into())).await.unwrap_err().code, "NoSuchEntity");
    assert_eq!(root.call(GetRole { role_name: NAME.into() }).await.unwrap_err().code, "NoSuchEntity");
}

#[tokio::test]
async fn suffixes_are_for_those_services_that_take_them() {
    let cloud = cloud();
    let root = cloud.root();
    fails(
        root.call(create("config.amazonaws.com", Some("two"))).await,
        "InvalidInput",
        "Custom suffix is not allowed for config.amazonaws.com",
    );
    let made = root.call(create("autoscaling.amazonaws.com", Some("two"))).await.unwrap().role.unwrap();
    assert_eq!(made.role_name, "AWSServiceRoleForAutoScaling_two");
    assert_eq!(root.call(create("nothing.amazonaws.com", None)).await.unwrap_err().code, "InvalidInput");
}
