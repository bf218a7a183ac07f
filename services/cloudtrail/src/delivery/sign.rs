//! The keys that sign digest files: one pair for each account and region, for thirty days, and then another.

use crate::state::{SealedPrivateKey, SigningKey};
use blobs::DataKey;
use bytes::Bytes;
use clock::Entropy;
use contract::{Context, Principal};
use names::{Scope, Timestamp};
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::pkcs1v15;
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::signature::{RandomizedSigner, SignatureEncoding};
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::time::Duration;
use store::StoreError;

const BITS: usize = 2048;
const VALIDITY: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Signs as `SHA256withRSA`: SHA-256 with RSA and the padding of PKCS #1, version 1.5.
pub(super) struct Signer {
    pub(super) fingerprint: String,
    key: RsaPrivateKey,
}

impl Signer {
    /// The signer of a region now; its key is made where there is none, or the last one's time is over.
    pub(super) async fn of(scope: Scope, now: Timestamp, context: &Context) -> Result<Self, StoreError> {
        let known = SigningKey::current(&context.store.view(), scope, now)?;
        let key = match known {
            Some(known) => known,
            None => make(scope, context).await?,
        };
        let Some(private) = &key.private else { return Err(broken("it has no private half")) };
        let data_key = context.blobs.unwrap(&private.key).map_err(broken)?;
        let der = blobs::open(&private.sealed, &data_key).map_err(broken)?;
        let private = RsaPrivateKey::from_pkcs1_der(&der).map_err(broken)?;
        Ok(Self { fingerprint: key.fingerprint, key: private })
    }

    /// A signature in hexadecimal.
    pub(super) fn sign(&self, text: &str, context: &Context) -> Result<String, StoreError> {
        let key = pkcs1v15::SigningKey::<Sha256>::new(self.key.clone());
        let signature =
            key.try_sign_with_rng(&mut Drawn::new(context.entropy()?), text.as_bytes()).map_err(broken)?;
        Ok(hex::encode(signature.to_bytes()))
    }
}

fn broken(what: impl std::fmt::Display) -> StoreError {
    StoreError::Backend(format!("a signing key: {what}").into())
}

/// Makes a key pair, and keeps it where none was made meanwhile. A private key whose time is over is not kept.
async fn make(scope: Scope, context: &Context) -> Result<SigningKey, StoreError> {
    let entropy = context.entropy()?;
    let pair = tokio::task::spawn_blocking(move || RsaPrivateKey::new(&mut Drawn::new(entropy), BITS))
        .await
        .map_err(broken)?
        .map_err(broken)?;
    let public = RsaPublicKey::from(&pair).to_pkcs1_der().map_err(broken)?;
    let public = Bytes::copy_from_slice(public.as_bytes());
    let der = pair.to_pkcs1_der().map_err(broken)?;
    let data_key = DataKey::random().map_err(broken)?;
    let sealed = blobs::seal(der.as_bytes(), &data_key).map_err(broken)?;
    let private = SealedPrivateKey { key: context.blobs.wrap(&data_key).map_err(broken)?, sealed };
    let fingerprint: String = hex::encode(Sha256::digest(&public)).chars().take(32).collect();
    let principal = Principal::service(crate::event::PRINCIPAL, scope.account, None);
    let call = context.own_call("cloudtrail", "MakeSigningKey", principal, scope)?;
    context
        .transact(&call, |call, tx| {
            if let Some(known) = SigningKey::current(tx, scope, call.now)? {
                return Ok(known);
            }
            for old in tx.list::<SigningKey>(scope)?.into_iter().filter(|old| old.private.is_some()) {
                tx.put(SigningKey { private: None, ..old })?;
            }
            let key = SigningKey {
                scope,
                fingerprint: fingerprint.clone(),
                public: public.clone(),
                from: call.now,
                until: call.now.plus(VALIDITY),
                private: Some(private.clone()),
            };
            tx.put(key.clone())?;
            Ok::<_, StoreError>(key)
        })
        .await
}

/// The platform's randomness, as the library draws it.
struct Drawn {
    entropy: Entropy,
    rest: Vec<u8>,
}

impl Drawn {
    fn new(entropy: Entropy) -> Self {
        Self { entropy, rest: Vec::new() }
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.rest.is_empty() {
                self.rest = self.entropy.bytes().to_vec();
            }
            *byte = self.rest.pop().unwrap_or_default();
        }
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.array()))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.array()))
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.fill(bytes);
        Ok(())
    }
}

/// [`Entropy`] is a keyed hash of a counter, its seed from the operating system.
impl TryCryptoRng for Drawn {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_the_stream_in_any_portions() {
        let mut whole = Drawn::new(Entropy::from_seed([7; 32]));
        let mut parts = Drawn::new(Entropy::from_seed([7; 32]));
        let long: [u8; 100] = whole.array();
        let mut joined = Vec::new();
        for _ in 0..25 {
            joined.extend(parts.try_next_u32().unwrap().to_le_bytes());
        }
        assert_eq!(joined, long);
        assert_ne!(long[..32], long[32..64]);
    }
}
