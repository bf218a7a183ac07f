use crate::cloud::OTHER;
use crate::cloud::{ALL, Cloud, NO_KEY, ROOT, code, decrypt, encrypt, policy, refusal, user_arn};
use api_kms::{
    CreateAlias, CreateKey, DescribeKey, DisableKey, GetKeyPolicy, ListGrants, PutKeyPolicy, ReEncrypt,
    ScheduleKeyDeletion, Tag,
};
use contract::Principal;

#[tokio::test]
async fn denials_are_worded_as_aws_words_them() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let arn = key.arn.unwrap();
    let nobody = cloud.cloud.user("nobody", &[]);
    let sentence = format!(
        "User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: kms:Encrypt on resource: {arn} because no identity-based policy allows the kms:Encrypt action"
    );
    assert_eq!(refusal(encrypt(&nobody, &key.key_id, &[]).await), ("AccessDeniedException".into(), sentence));
    let locked = cloud.key_with_policy(&statement("root-only", "kms:GetKeyPolicy")).await.arn.unwrap();
    let admin = cloud.admin("ann");
    let sentence = format!(
        "User: arn:aws:iam::111122223333:user/ann is not authorized to perform: kms:Encrypt on resource: {locked} because no resource-based policy allows the kms:Encrypt action"
    );
    assert_eq!(refusal(encrypt(&admin, &locked, &[]).await), ("AccessDeniedException".into(), sentence));
    assert_eq!(
        code(encrypt(&nobody, NO_KEY, &[]).await),
        "AccessDeniedException",
        "whether there is a key is not told"
    );
}

fn statement(user: &str, action: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"{action}","Resource":"*"}}"#,
        user_arn(user)
    )
}

#[tokio::test]
async fn without_the_key_policy_not_even_root_uses_a_key() {
    let cloud = Cloud::start();
    let key = cloud.key_with_policy(&statement("bob", "kms:*")).await.key_id;
    assert_eq!(code(encrypt(&cloud.root, &key, &[]).await), "AccessDeniedException");
    assert_eq!(code(encrypt(&cloud.admin("ann"), &key, &[]).await), "AccessDeniedException");
    let bob = cloud.cloud.user("bob", &[]);
    let blob = encrypt(&bob, &key, &[]).await.unwrap();
    assert_eq!(code(decrypt(&cloud.root, &blob, &[]).await), "AccessDeniedException");
    decrypt(&bob, &blob, &[]).await.unwrap();
    let open = PutKeyPolicy {
        key_id: key.clone(),
        policy: policy(ROOT),
        bypass_policy_lockout_safety_check: Some(true),
        ..Default::default()
    };
    assert_eq!(code(cloud.root.call(open.clone()).await), "AccessDeniedException");
    bob.call(open).await.unwrap();
    assert_eq!(code(encrypt(&bob, &key, &[]).await), "AccessDeniedException");
    encrypt(&cloud.admin("ann"), &key, &[]).await.unwrap();
}

#[tokio::test]
async fn a_deny_in_the_key_policy_decides() {
    let cloud = Cloud::start();
    let deny = r#"{"Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*","Condition":{"StringNotEquals":{"kms:EncryptionContext:dept":"it"}}}"#;
    let key = cloud.key_with_policy(&format!("{ROOT},{deny}")).await.key_id;
    let admin = cloud.admin("ann");
    let (it, hr) = (
        encrypt(&admin, &key, &[("dept", "it")]).await.unwrap(),
        encrypt(&admin, &key, &[("dept", "hr")]).await.unwrap(),
    );
    decrypt(&admin, &it, &[("dept", "it")]).await.unwrap();
    let (code, message) = refusal(decrypt(&admin, &hr, &[("dept", "hr")]).await);
    assert_eq!(code, "AccessDeniedException");
    assert!(message.ends_with("with an explicit deny in a resource-based policy"), "{message}");
}

#[tokio::test]
async fn conditions_are_of_key_call_and_context() {
    let cloud = Cloud::start();
    let key = cloud
        .made(CreateKey {
            tags: Some(vec![Tag { tag_key: "team".into(), tag_value: "a".into() }]),
            ..Default::default()
        })
        .await;
    cloud
        .root
        .call(CreateAlias { alias_name: "alias/app".into(), target_key_id: key.key_id.clone() })
        .await
        .unwrap();
    let allowed = |condition: &str| {
        let user = cloud.cloud.user(
            "ann",
            &[&format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{condition}}}]}}"#)],
        );
        let key = key.key_id.clone();
        async move {
            let by_id = encrypt(&user, &key, &[("a", "1")]).await.is_ok();
            let by_alias = encrypt(&user, "alias/app", &[("a", "1")]).await.is_ok();
            (by_id, by_alias)
        }
    };
    for (condition, expected) in [
        (r#"{"StringEquals":{"kms:RequestAlias":"alias/app"}}"#, (false, true)),
        (r#"{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/app"}}"#, (true, true)),
        (r#"{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/other"}}"#, (false, false)),
        (
            r#"{"StringEquals":{"kms:KeySpec":"SYMMETRIC_DEFAULT","kms:KeyUsage":"ENCRYPT_DECRYPT","kms:KeyOrigin":"AWS_KMS"}}"#,
            (true, true),
        ),
        (r#"{"StringEquals":{"kms:EncryptionContext:a":"1"}}"#, (true, true)),
        (r#"{"StringEquals":{"kms:EncryptionContext:a":"2"}}"#, (false, false)),
        (r#"{"ForAllValues:StringEquals":{"kms:EncryptionContextKeys":["b"]}}"#, (false, false)),
        (
            r#"{"StringEquals":{"kms:CallerAccount":"111122223333","kms:EncryptionAlgorithm":"SYMMETRIC_DEFAULT"}}"#,
            (true, true),
        ),
        (r#"{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}"#, (false, false)),
        (r#"{"StringEquals":{"aws:ResourceTag/team":"a"}}"#, (true, true)),
        (r#"{"StringEquals":{"aws:ResourceTag/team":"b"}}"#, (false, false)),
    ] {
        assert_eq!(allowed(condition).await, expected, "{condition}");
    }
}

#[tokio::test]
async fn windows_periods_and_bypasses_are_conditions() {
    let cloud = Cloud::start();
    let key = cloud.key().await.key_id;
    let limited = cloud.cloud.user("ann", &[r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"kms:ScheduleKeyDeletion","Resource":"*","Condition":{"NumericGreaterThanEquals":{"kms:ScheduleKeyDeletionPendingWindowInDays":"20"}}},
        {"Effect":"Allow","Action":"kms:EnableKeyRotation","Resource":"*","Condition":{"NumericLessThanEquals":{"kms:RotationPeriodInDays":"180"}}},
        {"Effect":"Allow","Action":["kms:CreateKey","kms:PutKeyPolicy"],"Resource":"*","Condition":{"Bool":{"kms:BypassPolicyLockoutSafetyCheck":"false"}}}]}"#]);
    let rotate =
        |rotation_period_in_days| api_kms::EnableKeyRotation { key_id: key.clone(), rotation_period_in_days };
    assert_eq!(code(limited.call(rotate(None)).await), "AccessDeniedException");
    limited.call(rotate(Some(90))).await.unwrap();
    assert_eq!(
        code(
            limited
                .call(CreateKey { bypass_policy_lockout_safety_check: Some(true), ..Default::default() })
                .await
        ),
        "AccessDeniedException"
    );
    limited.call(CreateKey::default()).await.unwrap();
    let end = |pending_window_in_days| ScheduleKeyDeletion { key_id: key.clone(), pending_window_in_days };
    assert_eq!(code(limited.call(end(Some(7))).await), "AccessDeniedException");
    limited.call(end(None)).await.unwrap();
}

#[tokio::test]
async fn a_tagged_key_needs_the_permission_to_tag() {
    let cloud = Cloud::start();
    let only = cloud.cloud.user("ann", &[r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:CreateKey","Resource":"*"}]}"#]);
    only.call(CreateKey::default()).await.unwrap();
    let tagged = CreateKey {
        tags: Some(vec![Tag { tag_key: "a".into(), tag_value: "1".into() }]),
        ..Default::default()
    };
    let (code, message) = refusal(only.call(tagged).await);
    assert_eq!(code, "AccessDeniedException");
    assert!(message.contains("kms:TagResource"), "{message}");
}

#[tokio::test]
async fn another_account_needs_both_sides_and_is_told_nothing() {
    let cloud = Cloud::start();
    let theirs = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{OTHER}:root"}},"Action":["kms:Encrypt","kms:Decrypt","kms:EnableKey","kms:DisableKey","kms:GetKeyPolicy"],"Resource":"*"}}"#
    );
    let (open, closed) = (cloud.key_with_policy(&format!("{ROOT},{theirs}")).await, cloud.key().await);
    let stranger = cloud.stranger();
    let arn = open.arn.clone().unwrap();
    let blob = encrypt(&stranger, &arn, &[]).await.unwrap();
    decrypt(&stranger, &blob, &[]).await.unwrap();
    decrypt(&cloud.root, &blob, &[]).await.unwrap();
    assert_eq!(
        code(encrypt(&stranger, &open.key_id, &[]).await),
        "NotFoundException",
        "an id is of the caller's account"
    );
    assert_eq!(
        code(stranger.call(DisableKey { key_id: arn.clone() }).await),
        "AccessDeniedException",
        "keys are kept by their own account"
    );
    assert_eq!(
        code(stranger.call(GetKeyPolicy { key_id: arn, policy_name: None }).await),
        "AccessDeniedException"
    );
    let sentence = format!(
        "User: arn:aws:iam::{OTHER}:root is not authorized to perform: kms:Decrypt on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
    );
    let closed_blob = encrypt(&cloud.root, &closed.key_id, &[]).await.unwrap();
    assert_eq!(
        refusal(decrypt(&stranger, &closed_blob, &[]).await),
        ("AccessDeniedException".into(), sentence)
    );
    let none = format!("arn:aws:kms:us-east-1:111122223333:key/{NO_KEY}");
    let of = |key_id: &str| DescribeKey { key_id: key_id.into(), grant_tokens: None };
    assert_eq!(
        refusal(stranger.call(of(&none)).await),
        refusal(stranger.call(of(&closed.arn.unwrap())).await),
        "whether there is a key is not told"
    );
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/aws/s3";
    assert_eq!(code(stranger.call(of(alias)).await), "AccessDeniedException", "and nothing is made for it");
}

#[tokio::test]
async fn re_encryption_needs_both_keys() {
    let cloud = Cloud::start();
    let only = |action: &str| format!("{ROOT},{}", statement("bob", action));
    let from = cloud.key_with_policy(&only("kms:ReEncryptFrom")).await.key_id;
    let to = cloud.key_with_policy(&only("kms:ReEncryptTo")).await.key_id;
    let bob = cloud.cloud.user("bob", &[]);
    let wanted = async |source: &str, destination: &str| ReEncrypt {
        ciphertext_blob: Some(encrypt(&cloud.root, source, &[]).await.unwrap()),
        destination_key_id: destination.into(),
        ..Default::default()
    };
    bob.call(wanted(&from, &to).await).await.unwrap();
    assert_eq!(code(bob.call(wanted(&to, &from).await).await), "AccessDeniedException");
    assert_eq!(code(bob.call(wanted(&from, &from).await).await), "AccessDeniedException");
    let disguised = ReEncrypt { source_key_id: Some(from.clone()), ..wanted(&to, &to).await };
    assert_eq!(
        code(bob.call(disguised).await),
        "IncorrectKeyException",
        "the key that is judged is the one that is used"
    );
}

#[tokio::test]
async fn services_need_the_key_policy() {
    let cloud = Cloud::start();
    let named = r#"{"Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"},"Action":"kms:Encrypt","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}}"#;
    let key = cloud.key_with_policy(&format!("{ROOT},{named}")).await.arn.unwrap();
    let service = |name: &str, account: &str| {
        let principal = Principal::service(name, account.parse().unwrap(), None);
        cloud.cloud.caller(principal)
    };
    encrypt(&service("logs.us-east-1.amazonaws.com", "111122223333"), &key, &[]).await.unwrap();
    assert_eq!(
        code(encrypt(&service("logs.us-east-1.amazonaws.com", OTHER), &key, &[]).await),
        "AccessDeniedException"
    );
    assert_eq!(
        code(encrypt(&service("s3.amazonaws.com", "111122223333"), &key, &[]).await),
        "AccessDeniedException"
    );
    assert_eq!(
        code(encrypt(&cloud.cloud.caller(Principal::Anonymous), &key, &[]).await),
        "AccessDeniedException"
    );
    let admin = cloud.cloud.user("ann", &[ALL]);
    admin.call(ListGrants { key_id: key, ..Default::default() }).await.unwrap();
}
