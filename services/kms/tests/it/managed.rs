use crate::cloud::{Cloud, code, decrypt, encrypt};
use api_kms::{
    DataKeySpec, DescribeKey, GenerateDataKey, GetKeyPolicy, KeyManagerType, ListAliases, ListKeys,
    PutKeyPolicy, ScheduleKeyDeletion,
};
use contract::Caller;
use wire::ErrorResponse;

async fn data_key(caller: &Caller, key: &str) -> Result<bytes::Bytes, ErrorResponse> {
    let generate =
        GenerateDataKey { key_id: key.into(), key_spec: Some(DataKeySpec::Aes256), ..Default::default() };
    caller.call(generate).await.map(|answer| answer.ciphertext_blob.unwrap())
}

#[tokio::test]
async fn a_service_s_key_is_made_by_its_first_use_and_used_only_through_it() {
    let cloud = Cloud::start();
    // Whom S3 let in needs no permission of KMS's own.
    let ann = cloud.cloud.user("ann", &[]);
    let admin = cloud.admin("admin");
    assert_eq!(code(data_key(&admin, "alias/aws/s3").await), "NotFoundException", "no service asks");
    let wrong = cloud.via(&ann, "sqs.amazonaws.com");
    assert_eq!(code(data_key(&wrong, "alias/aws/s3").await), "AccessDeniedException");
    let via = cloud.via(&ann, "s3.amazonaws.com");
    let blob = data_key(&via, "alias/aws/s3").await.unwrap();
    let again = data_key(&via, "alias/aws/s3").await.unwrap();
    let keys = cloud.root.call(ListKeys::default()).await.unwrap().keys.unwrap();
    assert_eq!(keys.len(), 1);
    let arn = keys[0].key_arn.clone().unwrap();
    for blob in [&blob, &again] {
        assert_eq!(decrypt(&via, blob, &[]).await.unwrap().key_id.as_deref(), Some(&*arn));
    }
    for caller in [&ann, &admin, &cloud.root, &wrong] {
        assert_eq!(code(decrypt(caller, &blob, &[]).await), "AccessDeniedException");
        assert_eq!(code(encrypt(caller, &arn, &[]).await), "AccessDeniedException");
    }
    let stranger = cloud.via(&cloud.stranger(), "s3.amazonaws.com");
    assert_eq!(
        code(decrypt(&stranger, &blob, &[]).await),
        "AccessDeniedException",
        "another account's caller"
    );
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/aws/s3";
    assert_eq!(code(data_key(&stranger, alias).await), "AccessDeniedException");
    let shown = cloud.root.call(GetKeyPolicy { key_id: arn.clone(), policy_name: None }).await.unwrap();
    let policy = shown.policy.unwrap();
    assert!(policy.contains("kms:ViaService") && policy.contains("s3.us-east-1.amazonaws.com"), "{policy}");
    let end = ScheduleKeyDeletion { key_id: arn.clone(), pending_window_in_days: None };
    assert_eq!(code(cloud.root.call(end).await), "AccessDeniedException");
    let put = PutKeyPolicy {
        key_id: arn,
        policy: crate::cloud::policy(crate::cloud::ROOT),
        policy_name: None,
        bypass_policy_lockout_safety_check: Some(true),
    };
    assert_eq!(code(cloud.root.call(put).await), "AccessDeniedException");
}

#[tokio::test]
async fn asking_what_key_it_is_makes_it_too() {
    let cloud = Cloud::start();
    let describe = DescribeKey { key_id: "alias/aws/sqs".into(), grant_tokens: None };
    let nobody = cloud.cloud.user("nobody", &[]);
    assert_eq!(code(nobody.call(describe.clone()).await), "AccessDeniedException");
    assert_eq!(cloud.root.call(ListAliases::default()).await.unwrap().aliases.unwrap().len(), 0);
    let shown = cloud.admin("ann").call(describe).await.unwrap().key_metadata.unwrap();
    assert!(shown.key_manager == Some(KeyManagerType::Aws));
    let aliases = cloud.root.call(ListAliases::default()).await.unwrap().aliases.unwrap();
    assert_eq!(aliases[0].alias_name.as_deref(), Some("alias/aws/sqs"));
    assert_eq!(aliases[0].target_key_id.as_deref(), Some(&*shown.key_id));
    let unknown = DescribeKey { key_id: "alias/aws/nothing".into(), grant_tokens: None };
    assert_eq!(code(cloud.root.call(unknown).await), "NotFoundException");
}
