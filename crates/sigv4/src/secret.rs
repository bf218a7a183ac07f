use crate::TERMINATOR;
use hmac::{Hmac, KeyInit, Mac};
use std::fmt;

/// A secret access key. Its `Debug` prints nothing of it.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    /// Wraps a secret access key.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

/// The key of one date, region and service. Deriving it costs four HMACs, so a caller does well to keep it
/// under (access key, date, region, service) and to forget it when the access key changes.
#[derive(Clone)]
pub struct SigningKey(Hmac<sha2::Sha256>);

impl SigningKey {
    /// Derives the key: `HMAC(HMAC(HMAC(HMAC("AWS4" + secret, date), region), service), "aws4_request")`.
    /// `date` is eight digits, such as `20261121`.
    #[must_use]
    pub fn derive(secret: &SecretKey, date: &str, region: &str, service: &str) -> Self {
        let first = prepare(format!("AWS4{}", secret.0).as_bytes());
        let last = [date, region, service, TERMINATOR]
            .iter()
            .fold(first, |key, part| prepare(&digest(key, &[part.as_bytes()])));
        Self(last)
    }

    /// The HMAC of the parts' concatenation, in lower-case hexadecimal.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> [u8; 64] {
        crate::digest::to_hex(&digest(self.0.clone(), parts))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(hidden)")
    }
}

#[expect(
    clippy::expect_used,
    reason = "HMAC takes keys of every length (RFC 2104); the Result is for other MACs"
)]
fn prepare(key: &[u8]) -> Hmac<sha2::Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

fn digest(mut mac: Hmac<sha2::Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// What a client signs with. Its `Debug` prints the access key id only.
#[derive(Clone)]
pub struct Credentials {
    /// The access key id, such as `AKIAIOSFODNN7EXAMPLE`.
    pub access_key_id: String,
    /// Its secret.
    pub secret: SecretKey,
    /// The session token of temporary credentials.
    pub session_token: Option<String>,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_published_key() {
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-examples.html
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let key = SigningKey::derive(&secret, "20150830", "us-east-1", "iam");
        let string_to_sign = "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n\
            f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";
        assert_eq!(
            std::str::from_utf8(&key.sign(&[string_to_sign.as_bytes()])).unwrap(),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }

    #[test]
    fn debug_prints_no_secret() {
        let secret = SecretKey::new("wJalrXUtnFEMI");
        let key = SigningKey::derive(&secret, "20150830", "us-east-1", "iam");
        let credentials = Credentials {
            access_key_id: "AKID".into(),
            secret: secret.clone(),
            session_token: Some("tok-en".into()),
        };
        let printed = format!("{secret:?} {key:?} {credentials:?}");
        assert!(!printed.contains("wJalr") && !printed.contains("tok-en"), "{printed}");
    }
}
