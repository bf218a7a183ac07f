use crate::cloud::{Cloud, ROOT, code, policy, refusal, user_arn};
use api_kms::{CreateKey, GetKeyPolicy, ListKeyPolicies, ListKeys, PutKeyPolicy};

#[tokio::test]
async fn a_key_begins_with_the_default_policy() {
    let cloud = Cloud::start();
    let key_id = cloud.key().await.key_id;
    let shown = cloud.root.call(GetKeyPolicy { key_id: key_id.clone(), policy_name: None }).await.unwrap();
    assert_eq!(shown.policy_name.as_deref(), Some("default"));
    let text = shown.policy.unwrap();
    assert!(
        text.contains("Enable IAM User Permissions") && text.contains("arn:aws:iam::111122223333:root"),
        "{text}"
    );
    let listed =
        cloud.root.call(ListKeyPolicies { key_id: key_id.clone(), ..Default::default() }).await.unwrap();
    assert_eq!(listed.policy_names.unwrap(), ["default"]);
    let other = GetKeyPolicy { key_id, policy_name: Some("other".into()) };
    assert_eq!(
        refusal(cloud.root.call(other).await),
        ("NotFoundException".into(), "No such policy exists".into())
    );
}

#[tokio::test]
async fn nobody_locks_himself_out_by_accident() {
    let cloud = Cloud::start();
    let sentence = "The new key policy will not allow you to update the key policy in the future.";
    let locked = ("MalformedPolicyDocumentException".to_owned(), sentence.to_owned());
    let admin = cloud.admin("ann");
    let of = |principal: &str, action: &str| {
        policy(&format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"{action}","Resource":"*"}}"#
        ))
    };
    let create = |policy: String| CreateKey { policy: Some(policy), ..Default::default() };
    for text in [of(&user_arn("bob"), "kms:*"), of(&user_arn("ann"), "kms:Encrypt")] {
        assert_eq!(refusal(admin.call(create(text)).await), locked);
    }
    assert_eq!(cloud.root.call(ListKeys::default()).await.unwrap().keys.unwrap().len(), 0);
    let key = admin.call(create(of(&user_arn("ann"), "kms:*"))).await.unwrap().key_metadata.unwrap().key_id;
    admin.call(create(policy(ROOT))).await.unwrap();
    let put = |policy: String, bypass| PutKeyPolicy {
        key_id: key.clone(),
        policy,
        bypass_policy_lockout_safety_check: bypass,
        policy_name: None,
    };
    assert_eq!(refusal(admin.call(put(of(&user_arn("bob"), "kms:*"), None)).await), locked);
    admin.call(put(of(&user_arn("bob"), "kms:*"), Some(true))).await.unwrap();
    assert_eq!(code(admin.call(put(policy(ROOT), None)).await), "AccessDeniedException");
}

#[tokio::test]
async fn what_is_no_policy_is_refused() {
    let cloud = Cloud::start();
    let key_id = cloud.key().await.key_id;
    for text in [
        "{",
        "{}",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"bob"},"Action":"kms:*","Resource":"*"}]}"#,
    ] {
        let put = PutKeyPolicy {
            key_id: key_id.clone(),
            policy: text.into(),
            bypass_policy_lockout_safety_check: Some(true),
            policy_name: None,
        };
        assert_eq!(code(cloud.root.call(put).await), "MalformedPolicyDocumentException", "{text}");
    }
    let long = PutKeyPolicy {
        key_id: key_id.clone(),
        policy: policy(ROOT) + &" ".repeat(32_768),
        policy_name: None,
        bypass_policy_lockout_safety_check: None,
    };
    assert_eq!(code(cloud.root.call(long).await), "LimitExceededException");
    cloud.root.call(GetKeyPolicy { key_id, policy_name: None }).await.unwrap();
}
