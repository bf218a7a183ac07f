use crate::cloud::{Cloud, DAY, code, decrypt, encrypt, refusal, user_arn};
use api_kms::{
    CancelKeyDeletion, CreateAlias, CreateGrant, CreateKey, DescribeKey, DisableKey, DisableKeyRotation,
    EnableKey, EnableKeyRotation, GetKeyRotationStatus, GrantOperation, IncludeKeyMaterial, KeySpec,
    KeyUsageType, ListAliases, ListKeyRotations, ListKeys, RotateKeyOnDemand, RotationType,
    RotationsListEntry, ScheduleKeyDeletion, TagResource, UpdateKeyDescription,
};
use std::time::Duration;
use wire::ErrorResponse;

async fn describe(cloud: &Cloud, key: &str) -> Result<api_kms::KeyMetadata, ErrorResponse> {
    let describe = DescribeKey { key_id: key.into(), grant_tokens: None };
    cloud.root.call(describe).await.map(|answer| answer.key_metadata.unwrap())
}

fn end(key: &str, days: Option<i32>) -> ScheduleKeyDeletion {
    ScheduleKeyDeletion { key_id: key.into(), pending_window_in_days: days }
}

#[tokio::test]
async fn a_key_waits_for_its_end_unused_and_is_then_gone() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let (id, arn) = (key.key_id.clone(), key.arn.clone().unwrap());
    cloud.root.call(CreateAlias { alias_name: "alias/app".into(), target_key_id: id.clone() }).await.unwrap();
    let grant = CreateGrant {
        key_id: id.clone(),
        grantee_principal: user_arn("bob"),
        operations: vec![GrantOperation::Decrypt],
        ..Default::default()
    };
    cloud.root.call(grant).await.unwrap();
    let blob = encrypt(&cloud.root, &id, &[]).await.unwrap();
    for days in [1, 6, 31] {
        assert_eq!(code(cloud.root.call(end(&id, Some(days))).await), "ValidationException");
    }
    let scheduled = cloud.root.call(end(&id, Some(7))).await.unwrap();
    assert_eq!(scheduled.key_id.as_deref(), Some(&*arn));
    assert_eq!(scheduled.deletion_date, Some(cloud.cloud.now().plus(Duration::from_secs(7 * DAY))));
    let pending = ("KMSInvalidStateException".to_owned(), format!("{arn} is pending deletion."));
    assert_eq!(refusal(decrypt(&cloud.root, &blob, &[]).await), pending);
    assert_eq!(refusal(encrypt(&cloud.root, "alias/app", &[]).await), pending);
    assert_eq!(refusal(cloud.root.call(end(&id, None)).await), pending);
    assert_eq!(refusal(cloud.root.call(EnableKey { key_id: id.clone() }).await), pending);
    assert_eq!(refusal(cloud.root.call(TagResource { key_id: id.clone(), tags: Vec::new() }).await), pending);
    let describing = UpdateKeyDescription { key_id: id.clone(), description: "x".into() };
    assert_eq!(refusal(cloud.root.call(describing).await), pending);
    let shown = describe(&cloud, &id).await.unwrap();
    assert_eq!((shown.key_state.unwrap().as_str(), shown.enabled), ("PendingDeletion", Some(false)));
    assert_eq!(shown.deletion_date, scheduled.deletion_date);

    // The clock alone ends it; what the task sweeps away is seen no more before that.
    cloud.cloud.clock.advance(Duration::from_secs(7 * DAY));
    assert_eq!(code(describe(&cloud, &id).await), "NotFoundException");
    assert_eq!(cloud.root.call(ListKeys::default()).await.unwrap().keys.unwrap().len(), 0);
    assert_eq!(cloud.root.call(ListAliases::default()).await.unwrap().aliases.unwrap().len(), 0);
    let sentence = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.";
    assert_eq!(
        refusal(decrypt(&cloud.root, &blob, &[]).await),
        ("AccessDeniedException".into(), sentence.into())
    );
    assert_eq!(code(cloud.root.call(CancelKeyDeletion { key_id: id.clone() }).await), "NotFoundException");
    let context = cloud.cloud.context();
    let kind = context.catalog.resources["AWS::KMS::Key"];
    cloud
        .cloud
        .until("its rows are swept away", async || {
            (kind.list)(&context.store.view(), cloud.cloud.scope()).unwrap().is_empty().then_some(())
        })
        .await;
    let aliases = context.catalog.resources["AWS::KMS::Alias"];
    assert!((aliases.list)(&context.store.view(), cloud.cloud.scope()).unwrap().is_empty());
}

#[tokio::test]
async fn an_end_is_called_off_and_leaves_the_key_disabled() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let (id, arn) = (key.key_id, key.arn.unwrap());
    let cancel = || CancelKeyDeletion { key_id: id.clone() };
    let not = ("KMSInvalidStateException".to_owned(), format!("{arn} is not pending deletion."));
    assert_eq!(refusal(cloud.root.call(cancel()).await), not);
    cloud.root.call(end(&id, None)).await.unwrap();
    assert_eq!(cloud.root.call(cancel()).await.unwrap().key_id, Some(arn));
    assert_eq!(describe(&cloud, &id).await.unwrap().key_state.unwrap().as_str(), "Disabled");
    cloud.cloud.advance(Duration::from_secs(40 * DAY)).await;
    cloud.root.call(EnableKey { key_id: id.clone() }).await.unwrap();
    encrypt(&cloud.root, &id, &[]).await.unwrap();
}

async fn rotations(cloud: &Cloud, key: &str, all: bool) -> Vec<RotationsListEntry> {
    let list = ListKeyRotations {
        key_id: key.into(),
        include_key_material: all.then_some(IncludeKeyMaterial::AllKeyMaterial),
        ..Default::default()
    };
    cloud.root.call(list).await.unwrap().rotations.unwrap()
}

async fn until_rotated(cloud: &Cloud, key: &str, times: usize) {
    cloud
        .cloud
        .until("the key is rotated", async || {
            (rotations(cloud, key, false).await.len() == times).then_some(())
        })
        .await;
}

#[tokio::test]
async fn old_ciphertexts_open_after_rotations() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let id = key.key_id.clone();
    let first = encrypt(&cloud.root, &id, &[]).await.unwrap();
    let enable = |days| EnableKeyRotation { key_id: id.clone(), rotation_period_in_days: days };
    assert_eq!(code(cloud.root.call(enable(Some(89))).await), "ValidationException");
    cloud.root.call(enable(Some(90))).await.unwrap();
    let status = async || cloud.root.call(GetKeyRotationStatus { key_id: id.clone() }).await.unwrap();
    let next = cloud.cloud.now().plus(Duration::from_secs(90 * DAY));
    assert_eq!(
        (status().await.key_rotation_enabled, status().await.next_rotation_date),
        (Some(true), Some(next))
    );
    cloud.cloud.advance(Duration::from_secs(90 * DAY)).await;
    until_rotated(&cloud, &id, 1).await;
    cloud.root.call(RotateKeyOnDemand { key_id: id.clone() }).await.unwrap();
    let listed = rotations(&cloud, &id, false).await;
    let kinds: Vec<_> = listed.iter().map(|entry| entry.rotation_type.unwrap()).collect();
    assert!(kinds == [RotationType::Automatic, RotationType::OnDemand]);
    let all = rotations(&cloud, &id, true).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[0].key_material_id, key.current_key_material_id);
    assert_eq!(all[2].key_material_state.unwrap().as_str(), "CURRENT");
    let opened = decrypt(&cloud.root, &first, &[]).await.unwrap();
    assert_eq!(opened.plaintext.unwrap(), &b"hello"[..]);
    assert_eq!(opened.key_material_id, key.current_key_material_id, "the old material");
    let second = encrypt(&cloud.root, &id, &[]).await.unwrap();
    let now = describe(&cloud, &id).await.unwrap().current_key_material_id;
    assert_eq!(decrypt(&cloud.root, &second, &[]).await.unwrap().key_material_id, now);
    assert_ne!(now, key.current_key_material_id);
    assert_eq!(status().await.next_rotation_date, Some(next.plus(Duration::from_secs(90 * DAY))));
    cloud.root.call(DisableKeyRotation { key_id: id.clone() }).await.unwrap();
    assert_eq!(status().await.key_rotation_enabled, Some(false));
    cloud.cloud.advance(Duration::from_secs(100 * DAY)).await;
    assert_eq!(rotations(&cloud, &id, false).await.len(), 2);
}

#[tokio::test]
async fn a_disabled_key_is_rotated_when_it_is_enabled_again() {
    let cloud = Cloud::start();
    let id = cloud.key().await.key_id;
    let enable = EnableKeyRotation { key_id: id.clone(), rotation_period_in_days: Some(90) };
    cloud.root.call(enable.clone()).await.unwrap();
    cloud.root.call(DisableKey { key_id: id.clone() }).await.unwrap();
    assert_eq!(code(cloud.root.call(enable).await), "DisabledException");
    cloud.cloud.clock.advance(Duration::from_secs(91 * DAY));
    let tasks = || cloud.cloud.context().store.view().list_all::<contract::Task>().unwrap();
    cloud.cloud.until("the task is done", async || tasks().is_empty().then_some(())).await;
    assert_eq!(rotations(&cloud, &id, false).await.len(), 0);
    cloud.root.call(EnableKey { key_id: id.clone() }).await.unwrap();
    until_rotated(&cloud, &id, 1).await;
}

#[tokio::test]
async fn rotations_have_limits() {
    let cloud = Cloud::start();
    let id = cloud.key().await.key_id;
    for _ in 0..25 {
        cloud.root.call(RotateKeyOnDemand { key_id: id.clone() }).await.unwrap();
    }
    assert_eq!(code(cloud.root.call(RotateKeyOnDemand { key_id: id }).await), "LimitExceededException");
    let create = CreateKey {
        key_spec: Some(KeySpec::Hmac256),
        key_usage: Some(KeyUsageType::GenerateVerifyMac),
        ..Default::default()
    };
    let hmac = cloud.made(create).await.key_id;
    let enable = EnableKeyRotation { key_id: hmac.clone(), rotation_period_in_days: None };
    assert_eq!(code(cloud.root.call(enable).await), "UnsupportedOperationException");
    let status = cloud.root.call(GetKeyRotationStatus { key_id: hmac }).await.unwrap();
    assert_eq!(status.key_rotation_enabled, Some(false));
}
