use crate::support::{allow, cloud, fails, user};
use api_iam::{
    ChangePassword, CreateLoginProfile, DeleteAccountPasswordPolicy, GetAccountPasswordPolicy,
    GetLoginProfile, UpdateAccountPasswordPolicy, UpdateLoginProfile,
};

fn change(old: &str, new: &str) -> ChangePassword {
    ChangePassword { old_password: old.into(), new_password: new.into() }
}

#[tokio::test]
async fn passwords_are_held_to_the_accounts_policy() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", None).await;
    let create = |password: &str| CreateLoginProfile {
        user_name: Some("ann".into()),
        password: Some(password.into()),
        password_reset_required: Some(true),
    };
    assert_eq!(root.call(create("short")).await.unwrap_err().code, "PasswordPolicyViolation");
    root.call(create("First-Password-1")).await.unwrap();
    fails(
        root.call(create("First-Password-1")).await,
        "EntityAlreadyExists",
        "Login Profile for user ann already exists.",
    );
    fails(
        root.call(GetAccountPasswordPolicy {}).await,
        "NoSuchEntity",
        "The Password Policy with domain name 111122223333 cannot be found.",
    );
    let policy = UpdateAccountPasswordPolicy {
        minimum_password_length: Some(12),
        require_symbols: Some(true),
        allow_users_to_change_password: Some(true),
        password_reuse_prevention: Some(2),
        ..Default::default()
    };
    assert_eq!(
        ann.call(change("First-Password-1", "Second-Password-2")).await.unwrap_err().code,
        "AccessDenied"
    );
    root.call(policy).await.unwrap();
    let shown = root.call(GetAccountPasswordPolicy {}).await.unwrap().password_policy;
    assert_eq!((shown.minimum_password_length, shown.expire_passwords), (Some(12), Some(false)));
    fails(
        ann.call(change("wrong", "Second-Password-2")).await,
        "AccessDenied",
        "The old password was incorrect.",
    );
    let first = "First-Password-1";
    fails(
        ann.call(change(first, "Password1234")).await,
        "PasswordPolicyViolation",
        "Password should have at least one symbol",
    );
    let reused = "Password should not be one of the last 2 passwords";
    fails(ann.call(change(first, first)).await, "PasswordPolicyViolation", reused);
    ann.call(change(first, "Second-Password-2")).await.unwrap();
    fails(ann.call(change("Second-Password-2", first)).await, "PasswordPolicyViolation", reused);
    let profile = root.call(GetLoginProfile { user_name: Some("ann".into()) }).await.unwrap().login_profile;
    assert_eq!(profile.password_reset_required, Some(false));
    root.call(DeleteAccountPasswordPolicy {}).await.unwrap();
    assert_eq!(root.call(DeleteAccountPasswordPolicy {}).await.unwrap_err().code, "NoSuchEntity");
}

#[tokio::test]
async fn a_deny_of_the_user_holds_against_the_password_policy() {
    let cloud = cloud();
    let root = cloud.root();
    let deny = allow("iam:ChangePassword", "*").replace("Allow", "Deny");
    let ann = user(&cloud, "ann", Some(&deny)).await;
    let policy =
        UpdateAccountPasswordPolicy { allow_users_to_change_password: Some(true), ..Default::default() };
    root.call(policy).await.unwrap();
    let denied = ann.call(change("a", "b")).await.unwrap_err();
    assert!(denied.message.ends_with("with an explicit deny in an identity-based policy"), "{denied}");
}

#[tokio::test]
async fn who_has_no_password_has_none_to_change() {
    let cloud = cloud();
    let root = cloud.root();
    let ann = user(&cloud, "ann", Some(&allow("iam:ChangePassword", "*"))).await;
    let none = "Login Profile for User ann cannot be found.";
    fails(ann.call(change("a", "b")).await, "NoSuchEntity", none);
    fails(
        root.call(change("a", "b")).await,
        "InvalidUserType",
        "Only IAM Users can change their own password",
    );
    let update = UpdateLoginProfile {
        user_name: "ann".into(),
        password: Some("Any-Password-1".into()),
        ..Default::default()
    };
    fails(root.call(update).await, "NoSuchEntity", none);
}
