use crate::cloud::{Cloud, NO_KEY, code, decrypt, encrypt, map, refusal};
use api_kms::{
    CreateKey, DataKeySpec, Decrypt, DryRunModifierType, Encrypt, GenerateDataKey,
    GenerateDataKeyWithoutPlaintext, GenerateRandom, KeySpec, KeyUsageType, ReEncrypt, RecipientInfo,
};

#[tokio::test]
async fn a_ciphertext_opens_with_its_context_only() {
    let cloud = Cloud::start();
    let key = cloud.key().await;
    let blob = encrypt(&cloud.root, &key.key_id, &[("a", "1")]).await.unwrap();
    let opened = decrypt(&cloud.root, &blob, &[("a", "1")]).await.unwrap();
    assert_eq!(opened.plaintext.unwrap(), &b"hello"[..]);
    assert_eq!(opened.key_id, key.arn);
    assert_eq!(opened.key_material_id, key.current_key_material_id);
    for context in [&[][..], &[("a", "2")], &[("A", "1")], &[("a", "1"), ("b", "2")]] {
        let refused = refusal(decrypt(&cloud.root, &blob, context).await);
        assert_eq!(refused, ("InvalidCiphertextException".into(), String::new()), "{context:?}");
    }
    let mut broken = blob.to_vec();
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(code(decrypt(&cloud.root, &broken.into(), &[("a", "1")]).await), "InvalidCiphertextException");
    assert_eq!(code(decrypt(&cloud.root, &b"x".to_vec().into(), &[]).await), "InvalidCiphertextException");
    let long = "v".repeat(9000);
    assert_eq!(code(encrypt(&cloud.root, &key.key_id, &[("a", &long)]).await), "ValidationException");
}

#[tokio::test]
async fn another_key_is_incorrect() {
    let cloud = Cloud::start();
    let (one, two) = (cloud.key().await.key_id, cloud.key().await.key_id);
    let blob = encrypt(&cloud.root, &one, &[]).await.unwrap();
    let with = |key_id: &str| Decrypt {
        ciphertext_blob: Some(blob.clone()),
        key_id: Some(key_id.into()),
        ..Default::default()
    };
    cloud.root.call(with(&one)).await.unwrap();
    let refused = refusal(cloud.root.call(with(&two)).await);
    let sentence = "The key ID in the request does not identify a CMK that can perform this operation.";
    assert_eq!(refused, ("IncorrectKeyException".into(), sentence.into()));
    assert_eq!(code(cloud.root.call(with(NO_KEY)).await), "NotFoundException");
}

#[tokio::test]
async fn a_plaintext_has_an_end() {
    let cloud = Cloud::start();
    let key_id = cloud.key().await.key_id;
    let of = |length: usize| Encrypt {
        key_id: key_id.clone(),
        plaintext: vec![0; length].into(),
        ..Default::default()
    };
    cloud.root.call(of(4096)).await.unwrap();
    assert_eq!(code(cloud.root.call(of(4097)).await), "ValidationException");
}

#[tokio::test]
async fn data_keys_open_to_what_they_are() {
    let cloud = Cloud::start();
    let key_id = cloud.key().await.key_id;
    let generate = |number_of_bytes, key_spec| GenerateDataKey {
        key_id: key_id.clone(),
        number_of_bytes,
        key_spec,
        encryption_context: Some(map(&[("a", "1")])),
        ..Default::default()
    };
    for (bytes, spec, length) in
        [(None, Some(DataKeySpec::Aes256), 32), (None, Some(DataKeySpec::Aes128), 16), (Some(64), None, 64)]
    {
        let made = cloud.root.call(generate(bytes, spec)).await.unwrap();
        let plaintext = made.plaintext.unwrap();
        assert_eq!(plaintext.len(), length);
        let opened = decrypt(&cloud.root, &made.ciphertext_blob.unwrap(), &[("a", "1")]).await.unwrap();
        assert_eq!(opened.plaintext.unwrap(), plaintext);
    }
    for (bytes, spec) in [(None, None), (Some(1), Some(DataKeySpec::Aes256))] {
        let refused = refusal(cloud.root.call(generate(bytes, spec)).await);
        let sentence = "Please specify either number of bytes or key spec.";
        assert_eq!(refused, ("ValidationException".into(), sentence.into()));
    }
    assert_eq!(code(cloud.root.call(generate(Some(1025), None)).await), "ValidationException");
    let without = GenerateDataKeyWithoutPlaintext {
        key_id: key_id.clone(),
        key_spec: Some(DataKeySpec::Aes256),
        ..Default::default()
    };
    let blob = cloud.root.call(without).await.unwrap().ciphertext_blob.unwrap();
    assert_eq!(decrypt(&cloud.root, &blob, &[]).await.unwrap().plaintext.unwrap().len(), 32);
    let attested = GenerateDataKey { recipient: Some(RecipientInfo::default()), ..generate(Some(8), None) };
    assert_eq!(code(cloud.root.call(attested).await), "UnsupportedOperationException");
    let random = |number_of_bytes| GenerateRandom { number_of_bytes, ..Default::default() };
    let (one, two) =
        (cloud.root.call(random(Some(32))).await.unwrap(), cloud.root.call(random(Some(32))).await.unwrap());
    assert!(one.plaintext.as_ref().unwrap().len() == 32 && one.plaintext != two.plaintext);
    assert_eq!(code(cloud.root.call(random(None)).await), "ValidationException");
}

#[tokio::test]
async fn re_encryption_changes_key_and_context() {
    let cloud = Cloud::start();
    let (one, two) = (cloud.key().await, cloud.key().await);
    let blob = encrypt(&cloud.root, &one.key_id, &[("a", "1")]).await.unwrap();
    let wanted = ReEncrypt {
        ciphertext_blob: Some(blob),
        source_encryption_context: Some(map(&[("a", "1")])),
        destination_key_id: two.key_id.clone(),
        destination_encryption_context: Some(map(&[("b", "2")])),
        ..Default::default()
    };
    let done = cloud.root.call(wanted.clone()).await.unwrap();
    assert_eq!((done.source_key_id, done.key_id), (one.arn, two.arn));
    let opened = decrypt(&cloud.root, &done.ciphertext_blob.unwrap(), &[("b", "2")]).await.unwrap();
    assert_eq!(opened.plaintext.unwrap(), &b"hello"[..]);
    let wrong = ReEncrypt { source_encryption_context: None, ..wanted };
    assert_eq!(code(cloud.root.call(wrong).await), "InvalidCiphertextException");
}

#[tokio::test]
async fn a_dry_run_says_whether_it_would_have_been_done() {
    let cloud = Cloud::start();
    let key_id = cloud.key().await.key_id;
    let blob = encrypt(&cloud.root, &key_id, &[]).await.unwrap();
    let dry = Encrypt {
        key_id: key_id.clone(),
        plaintext: b"x".to_vec().into(),
        dry_run: Some(true),
        ..Default::default()
    };
    let sentence = "The request would have succeeded, but the DryRun option is set.";
    assert_eq!(
        refusal(cloud.root.call(dry.clone()).await),
        ("DryRunOperationException".into(), sentence.into())
    );
    let nobody = cloud.cloud.user("nobody", &[]);
    assert_eq!(code(nobody.call(dry).await), "AccessDeniedException");
    let wrong = Decrypt {
        ciphertext_blob: Some(blob),
        encryption_context: Some(map(&[("a", "1")])),
        dry_run: Some(true),
        ..Default::default()
    };
    assert_eq!(code(cloud.root.call(wrong).await), "InvalidCiphertextException");
    let ignoring = Decrypt {
        key_id: Some(key_id),
        dry_run: Some(true),
        dry_run_modifiers: Some(vec![DryRunModifierType::IgnoreCiphertext]),
        ..Default::default()
    };
    assert_eq!(code(cloud.root.call(ignoring.clone()).await), "DryRunOperationException");
    let wet = Decrypt { dry_run: None, ..ignoring };
    assert_eq!(code(cloud.root.call(wet).await), "ValidationException");
}

#[tokio::test]
async fn a_key_does_what_it_is_made_for() {
    let cloud = Cloud::start();
    let hmac = cloud
        .made(CreateKey {
            key_spec: Some(KeySpec::Hmac256),
            key_usage: Some(KeyUsageType::GenerateVerifyMac),
            ..Default::default()
        })
        .await;
    let sentence =
        format!("{} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.", hmac.arn.unwrap());
    assert_eq!(
        refusal(encrypt(&cloud.root, &hmac.key_id, &[]).await),
        ("InvalidKeyUsageException".into(), sentence)
    );
}
