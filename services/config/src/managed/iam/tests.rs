//! Tables of users, groups, roles and policies.

use super::*;
use crate::managed::testing::{Others, item, judge_account, table};
use contract::Relationship;
use wire::document;

fn policy(statement: &str) -> Item {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    item(
        POLICY,
        "ANPA",
        document!({
            "attachmentCount": 0, "permissionsBoundaryUsageCount": 1, "description": null,
            "policyVersionList": [
                { "document": encoded, "isDefaultVersion": true },
                { "document": "%7B%7D", "isDefaultVersion": false },
            ],
        }),
    )
}

#[test]
fn administrators() {
    let admin = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let other = r#"{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}"#;
    let denied = r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#;
    let some = r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b"}"#;
    let unreadable = item(POLICY, "ANPA", document!({ "policyVersionList": [] }));
    table(
        "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        &[
            (policy(admin), "{}", Some(false)),
            (policy(admin), r#"{"excludePermissionBoundaryPolicy":"true"}"#, None),
            (policy(other), "{}", Some(true)),
            (policy(denied), "{}", Some(true)),
            (policy(some), "{}", Some(true)),
            (unreadable, "{}", Some(false)),
        ],
    );
    table(
        "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        &[
            (policy(other), "{}", Some(false)),
            (policy(r#"{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"}"#), "{}", Some(true)),
        ],
    );
}

#[test]
fn kms_actions_on_all_keys() {
    let of = |action: &str, resource: &str| {
        policy(&format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#))
    };
    let blocked = r#"{"blockedActionsPatterns":"kms:Decrypt, kms:ReEncryptFrom"}"#;
    table(
        "IAM_CUSTOMER_POLICY_BLOCKED_KMS_ACTIONS",
        &[
            (of("kms:*", "*"), blocked, Some(false)),
            (of("kms:De*", "arn:aws:kms:us-east-1:111122223333:key/*"), blocked, Some(false)),
            (of("kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"), blocked, Some(true)),
            (of("kms:Encrypt", "*"), blocked, Some(true)),
        ],
    );
    let user = |text: &str| {
        item(USER, "AIDA", document!({ "userPolicyList": [{ "policyName": "p", "policyDocument": text }] }))
    };
    table(
        "IAM_INLINE_POLICY_BLOCKED_KMS_ACTIONS",
        &[
            (
                user(
                    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
                ),
                blocked,
                Some(false),
            ),
            (user("%7B"), blocked, Some(false)),
            (item(USER, "AIDA", document!({})), blocked, Some(true)),
        ],
    );
}

#[test]
fn policies_of_principals() {
    let plain = || item(USER, "alice", document!({ "groupList": ["dev"], "userPolicyList": [] }));
    let with_inline = || item(USER, "alice", document!({ "userPolicyList": [{ "policyName": "p" }] }));
    let with_managed =
        || item(USER, "alice", document!({ "attachedManagedPolicies": [{ "policyArn": "arn:a" }] }));
    table(
        "IAM_NO_INLINE_POLICY_CHECK",
        &[
            (plain(), "{}", Some(true)),
            (with_inline(), "{}", Some(false)),
            (with_managed(), "{}", Some(true)),
        ],
    );
    table(
        "IAM_USER_NO_POLICIES_CHECK",
        &[
            (plain(), "{}", Some(true)),
            (with_inline(), "{}", Some(false)),
            (with_managed(), "{}", Some(false)),
        ],
    );
    table(
        "IAM_POLICY_BLACKLISTED_CHECK",
        &[
            (with_managed(), r#"{"policyArns":"arn:a"}"#, Some(false)),
            (with_managed(), r#"{"policyArns":"arn:b"}"#, Some(true)),
            (with_managed(), r#"{"policyArns":"arn:a","exceptionList":"users:[bob;alice]"}"#, None),
            (with_managed(), r#"{"policyArns":"arn:a","exceptionList":"roles:[alice]"}"#, Some(false)),
        ],
    );
    table(
        "IAM_USER_GROUP_MEMBERSHIP_CHECK",
        &[
            (plain(), "{}", Some(true)),
            (plain(), r#"{"groupNames":"ops,dev"}"#, Some(true)),
            (plain(), r#"{"groupNames":"ops"}"#, Some(false)),
            (with_inline(), "{}", Some(false)),
        ],
    );
    let role = || item(ROLE, "r", document!({ "attachedManagedPolicies": [{ "policyArn": "arn:a" }] }));
    table(
        "IAM_ROLE_MANAGED_POLICY_CHECK",
        &[
            (role(), r#"{"managedPolicyArns":"arn:a"}"#, Some(true)),
            (role(), r#"{"managedPolicyArns":"arn:a,arn:b"}"#, Some(false)),
        ],
    );
    let use_of = |parameters| judge_account("IAM_POLICY_IN_USE", parameters, &Others(vec![role()]));
    assert_eq!(use_of(r#"{"policyARN":"arn:a"}"#), Verdict::Compliant);
    assert!(matches!(
        use_of(r#"{"policyARN":"arn:a","policyUsageType":"IAM_USER"}"#),
        Verdict::NonCompliant(_)
    ));
}

#[test]
fn groups_and_descriptions() {
    let mut full = item(GROUP, "g", document!({}));
    full.relationships = vec![Relationship::to("Contains User", USER, "AIDA")];
    table(
        "IAM_GROUP_HAS_USERS_CHECK",
        &[(full, "{}", Some(true)), (item(GROUP, "g", document!({})), "{}", Some(false))],
    );
    table(
        "IAM_POLICY_DESCRIPTION",
        &[
            (item(POLICY, "p", document!({ "description": "x" })), "{}", Some(true)),
            (item(POLICY, "p", document!({ "description": null })), "{}", Some(false)),
        ],
    );
}
