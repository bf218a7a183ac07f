//! A cloud with KMS, and what tests do with it.

use api_kms::{CreateKey, Decrypt, DecryptOutput, Encrypt, KeyMetadata};
use contract::{Caller, Chain, Principal};
use std::collections::BTreeMap;
use testkit::TestCloud;
use wire::ErrorResponse;

pub(crate) const ACCOUNT: &str = testkit::ACCOUNT;
pub(crate) const OTHER: &str = "444455556666";
pub(crate) const NO_KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
pub(crate) const DAY: u64 = 86_400;

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    pub(crate) root: Caller,
    _running: Box<dyn std::any::Any + Send>,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        let cloud = TestCloud::new(vec![kms::registration()]);
        let root = cloud.root();
        let running = Box::new(cloud.start_work());
        Self { cloud, root, _running: running }
    }

    pub(crate) async fn key(&self) -> KeyMetadata {
        self.made(CreateKey::default()).await
    }

    pub(crate) async fn made(&self, create: CreateKey) -> KeyMetadata {
        self.root.call(create).await.unwrap().key_metadata.unwrap()
    }

    pub(crate) async fn key_with_policy(&self, statements: &str) -> KeyMetadata {
        self.made(CreateKey {
            policy: Some(policy(statements)),
            bypass_policy_lockout_safety_check: Some(true),
            ..Default::default()
        })
        .await
    }

    /// The root user of another account.
    pub(crate) fn stranger(&self) -> Caller {
        let account = OTHER.parse().unwrap();
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(Principal::Root(account), scope, Chain::default())
    }

    /// The same caller, through a service.
    pub(crate) fn via(&self, caller: &Caller, service: &str) -> Caller {
        let chain = Chain::default().through(service);
        self.cloud.context().caller(caller.principal().clone(), caller.scope(), chain)
    }

    /// A user whose policies allow everything.
    pub(crate) fn admin(&self, name: &str) -> Caller {
        self.cloud.user(name, &[ALL])
    }
}

pub(crate) const ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

pub(crate) const ROOT: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}"#;

pub(crate) fn policy(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

pub(crate) fn user_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

pub(crate) fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) async fn encrypt(
    caller: &Caller,
    key: &str,
    context: &[(&str, &str)],
) -> Result<bytes::Bytes, ErrorResponse> {
    let encrypt = Encrypt {
        key_id: key.into(),
        plaintext: b"hello".to_vec().into(),
        encryption_context: Some(map(context)),
        ..Default::default()
    };
    caller.call(encrypt).await.map(|answer| answer.ciphertext_blob.unwrap())
}

pub(crate) async fn decrypt(
    caller: &Caller,
    blob: &bytes::Bytes,
    context: &[(&str, &str)],
) -> Result<DecryptOutput, ErrorResponse> {
    let decrypt = Decrypt {
        ciphertext_blob: Some(blob.clone()),
        encryption_context: Some(map(context)),
        ..Default::default()
    };
    caller.call(decrypt).await
}

pub(crate) fn refusal<T>(result: Result<T, ErrorResponse>) -> (String, String) {
    match result {
        Ok(_) => panic!("it should have been refused"),
        Err(error) => (error.code, error.message),
    }
}

/// The error code.
pub(crate) fn code<T>(result: Result<T, ErrorResponse>) -> String {
    refusal(result).0
}
