//! Ciphertexts: AES-256-GCM with the encryption context as additional data, in a blob that says which key made it.
//!
//! As AWS does, each message is encrypted under a key of its own, derived from the key's material and a random salt, so that no count of
//! messages wears the material out: <https://docs.aws.amazon.com/kms/latest/cryptographic-details/key-hierarchy.html>.
//! The blob's layout is ours (AWS documents none): version, region's length and region, account, key id (16 bytes), generation of the material,
//! salt (16 bytes), nonce (12 bytes), then ciphertext and tag. Everything before the ciphertext is authenticated with it.

use crate::state::Key;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use clock::Entropy;
use hmac::{Hmac, Mac};
use names::{AccountId, Region, RequestId, Scope};
use sha2::Sha256;
use std::collections::BTreeMap;

const VERSION: u8 = 1;
const TAG: usize = 16;

/// A blob, taken apart; nothing in it is trusted before [`Blob::open`] has answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Blob<'a> {
    /// Where the key is.
    pub(crate) scope: Scope,
    pub(crate) key_id: String,
    /// Of the key's material.
    pub(crate) generation: u32,
    header: &'a [u8],
    salt: [u8; 16],
    nonce: [u8; 12],
    ciphertext: &'a [u8],
}

/// Encrypts. None where the material is damaged.
pub(crate) fn seal(
    key: &Key,
    secret: &[u8],
    plaintext: &[u8],
    context: &BTreeMap<String, String>,
    entropy: &Entropy,
) -> Option<Vec<u8>> {
    let (salt, nonce): ([u8; 16], [u8; 12]) = (first(entropy), first(entropy));
    let id: [u8; 16] = hex::decode(key.id.replace('-', "")).ok()?.try_into().ok()?;
    let region = key.scope.region.as_str();
    let mut blob = vec![VERSION, u8::try_from(region.len()).ok()?];
    blob.extend_from_slice(region.as_bytes());
    blob.extend_from_slice(key.scope.account.as_str().as_bytes());
    blob.extend_from_slice(&id);
    blob.extend_from_slice(&key.generation.to_be_bytes());
    blob.extend_from_slice(&salt);
    blob.extend_from_slice(&nonce);
    let aad = additional(&blob, context);
    let sealed = cipher(secret, &salt)?.encrypt(&nonce.into(), Payload { msg: plaintext, aad: &aad }).ok()?;
    blob.extend_from_slice(&sealed);
    Some(blob)
}

impl<'a> Blob<'a> {
    /// Takes a blob apart; None where it is none of ours.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(&[VERSION])?;
        let (length, rest) = rest.split_first()?;
        let (region, rest) = rest.split_at_checked(usize::from(*length))?;
        let (account, rest) = rest.split_first_chunk::<12>()?;
        let (id, rest) = rest.split_first_chunk::<16>()?;
        let (generation, rest) = rest.split_first_chunk::<4>()?;
        let (salt, rest) = rest.split_first_chunk::<16>()?;
        let (nonce, ciphertext) = rest.split_first_chunk::<12>()?;
        if ciphertext.len() < TAG {
            return None;
        }
        let region: Region = std::str::from_utf8(region).ok()?.parse().ok()?;
        let account: AccountId = std::str::from_utf8(account).ok()?.parse().ok()?;
        Some(Self {
            scope: Scope::new(account, region),
            key_id: RequestId(*id).to_string(),
            generation: u32::from_be_bytes(*generation),
            header: bytes.get(..bytes.len() - ciphertext.len())?,
            salt: *salt,
            nonce: *nonce,
            ciphertext,
        })
    }

    /// Decrypts; None where the blob, the material or the encryption context is not the one that it was made with.
    pub(crate) fn open(&self, secret: &[u8], context: &BTreeMap<String, String>) -> Option<Vec<u8>> {
        let aad = additional(self.header, context);
        let payload = Payload { msg: self.ciphertext, aad: &aad };
        cipher(secret, &self.salt)?.decrypt(&self.nonce.into(), payload).ok()
    }
}

/// The message's own key.
fn cipher(secret: &[u8], salt: &[u8; 16]) -> Option<Aes256Gcm> {
    let mut derive = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    derive.update(b"cloudchamber kms message key\x01");
    derive.update(salt);
    Aes256Gcm::new_from_slice(&derive.finalize().into_bytes()).ok()
}

/// Header and encryption context, each text with its length, so that no two contexts read the same.
fn additional(header: &[u8], context: &BTreeMap<String, String>) -> Vec<u8> {
    let mut aad = header.to_vec();
    for text in context.iter().flat_map(|(key, value)| [key, value]) {
        aad.extend_from_slice(&(text.len() as u64).to_be_bytes());
        aad.extend_from_slice(text.as_bytes());
    }
    aad
}

fn first<const LENGTH: usize>(entropy: &Entropy) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes.iter_mut().zip(entropy.bytes()).for_each(|(to, from)| *to = from);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Spec;

    fn key() -> Key {
        Key {
            scope: Scope::new("111122223333".parse().unwrap(), Region::US_EAST_1),
            id: "1234abcd-12ab-34cd-56ef-1234567890ab".into(),
            created: names::Timestamp::default(),
            description: String::new(),
            spec: Spec::SymmetricDefault,
            enabled: true,
            deletion: None,
            policy: String::new(),
            tags: names::Tags::new(),
            service: None,
            rotation: None,
            generation: 7,
            material_id: String::new(),
            step: None,
        }
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_blob_says_its_key_and_opens_only_with_secret_and_context() {
        let entropy = Entropy::from_seed([3; 32]);
        let context = map(&[("a", "1"), ("b", "2")]);
        let sealed = seal(&key(), &[9; 32], b"hello", &context, &entropy).unwrap();
        let blob = Blob::read(&sealed).unwrap();
        assert_eq!((blob.scope, blob.key_id.as_str(), blob.generation), (key().scope, key().id.as_str(), 7));
        assert_eq!(blob.open(&[9; 32], &context).unwrap(), b"hello");
        assert!(blob.open(&[8; 32], &context).is_none());
        for other in [map(&[]), map(&[("a", "1")]), map(&[("a", "1b2")]), map(&[("a", "2"), ("b", "1")])] {
            assert!(blob.open(&[9; 32], &other).is_none(), "{other:?}");
        }
        let again = seal(&key(), &[9; 32], b"hello", &context, &entropy).unwrap();
        assert_ne!(sealed, again);
    }

    #[test]
    fn no_bit_can_be_changed_and_no_byte_left_out() {
        let sealed = seal(&key(), &[9; 32], b"hello", &map(&[]), &Entropy::from_seed([3; 32])).unwrap();
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            let opened = Blob::read(&changed).and_then(|blob| blob.open(&[9; 32], &map(&[])));
            assert!(opened.is_none(), "byte {index}");
            let cut = Blob::read(&sealed[..index]).and_then(|blob| blob.open(&[9; 32], &map(&[])));
            assert!(cut.is_none(), "cut at {index}");
        }
    }

    #[test]
    fn an_empty_plaintext_is_one_too() {
        let sealed = seal(&key(), &[9; 32], b"", &map(&[]), &Entropy::from_seed([3; 32])).unwrap();
        assert_eq!(Blob::read(&sealed).unwrap().open(&[9; 32], &map(&[])).unwrap(), b"");
    }
}
