use crate::cloud::{Cloud, code};
use api_kms::{CreateKey, GenerateMac, KeySpec, KeyUsageType, MacAlgorithmSpec, VerifyMac};

#[tokio::test]
async fn macs_are_made_and_verified() {
    let cloud = Cloud::start();
    for (spec, algorithm, length) in [
        (KeySpec::Hmac224, MacAlgorithmSpec::HmacSha224, 28),
        (KeySpec::Hmac256, MacAlgorithmSpec::HmacSha256, 32),
        (KeySpec::Hmac384, MacAlgorithmSpec::HmacSha384, 48),
        (KeySpec::Hmac512, MacAlgorithmSpec::HmacSha512, 64),
    ] {
        let create = CreateKey {
            key_spec: Some(spec),
            key_usage: Some(KeyUsageType::GenerateVerifyMac),
            ..Default::default()
        };
        let key = cloud.made(create).await;
        assert!(key.mac_algorithms == Some(vec![algorithm]) && key.encryption_algorithms.is_none());
        let generate = |message: &[u8], mac_algorithm| GenerateMac {
            message: message.to_vec().into(),
            key_id: key.key_id.clone(),
            mac_algorithm,
            ..Default::default()
        };
        let mac = cloud.root.call(generate(b"hello", algorithm)).await.unwrap().mac.unwrap();
        assert_eq!(mac.len(), length);
        let verify = |message: &[u8], mac: &[u8]| VerifyMac {
            message: message.to_vec().into(),
            key_id: key.key_id.clone(),
            mac_algorithm: algorithm,
            mac: mac.to_vec().into(),
            ..Default::default()
        };
        assert_eq!(cloud.root.call(verify(b"hello", &mac)).await.unwrap().mac_valid, Some(true));
        assert_eq!(code(cloud.root.call(verify(b"hullo", &mac)).await), "KMSInvalidMacException");
        assert_eq!(code(cloud.root.call(verify(b"hello", &mac[1..])).await), "KMSInvalidMacException");
        let other = if length == 28 { MacAlgorithmSpec::HmacSha512 } else { MacAlgorithmSpec::HmacSha224 };
        assert_eq!(code(cloud.root.call(generate(b"hello", other)).await), "InvalidKeyUsageException");
    }
    let symmetric = GenerateMac {
        key_id: cloud.key().await.key_id,
        message: b"x".to_vec().into(),
        mac_algorithm: MacAlgorithmSpec::HmacSha256,
        ..Default::default()
    };
    assert_eq!(code(cloud.root.call(symmetric).await), "InvalidKeyUsageException");
}
