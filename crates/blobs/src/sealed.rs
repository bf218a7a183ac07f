//! Sealed bodies: encrypted with AES-256-GCM in blocks, so that parts can be read and memory stays bounded.
//!
//! The form: 32 bytes of salt, then blocks of 64 KiB of plaintext, each followed by its tag; the last may be shorter. A block's nonce is its
//! number and whether it is the last, so blocks can neither change places nor be cut off. The key of a body is HMAC-SHA256 of a data key and
//! the salt, so that many bodies (the parts of an upload) may have one data key. A sealed blob's name is the digest of its sealed bytes: it
//! tells nothing of the plaintext, and equal plaintexts are different blobs.

use crate::BlobError;
use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use bytes::Bytes;
use hmac::{Hmac, Mac};
use sha2::Sha256;

pub(crate) const SALT: usize = 32;
pub(crate) const BLOCK: usize = 64 * 1024;
pub(crate) const TAG: usize = 16;
const SEALED_BLOCK: u64 = (BLOCK + TAG) as u64;

/// The secret of one object's bodies. `Debug` does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey([u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(***)")
    }
}

impl DataKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A fresh key.
    ///
    /// # Errors
    /// [`BlobError::Randomness`]
    pub fn random() -> Result<Self, BlobError> {
        random().map(Self)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The cipher of the body with a salt.
    fn cipher(&self, salt: &[u8]) -> Result<Aes256Gcm, BlobError> {
        let mut derived = Hmac::<Sha256>::new_from_slice(&self.0).map_err(|_| BlobError::Sealing)?;
        derived.update(salt);
        Aes256Gcm::new_from_slice(&derived.finalize().into_bytes()).map_err(|_| BlobError::Sealing)
    }
}

pub(crate) fn random() -> Result<[u8; 32], BlobError> {
    clock::random_seed().map_err(|error| BlobError::Randomness(error.to_string()))
}

fn nonce(block: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    let (number, rest) = nonce.split_at_mut(8);
    number.copy_from_slice(&block.to_be_bytes());
    if let Some(flag) = rest.first_mut() {
        *flag = u8::from(last);
    }
    nonce
}

/// How many bytes of plaintext a sealed body of `sealed` bytes has; None where no sealed body has so many.
#[must_use]
pub fn plain_length(sealed: u64) -> Option<u64> {
    let blocks = sealed.checked_sub(SALT as u64)?;
    let (full, rest) = (blocks / SEALED_BLOCK, blocks % SEALED_BLOCK);
    let whole = full * (BLOCK as u64);
    match rest {
        0 if full > 0 => Some(whole),
        rest => Some(whole + rest.checked_sub(TAG as u64)?),
    }
}

/// Seals what it is given, a block at a time.
pub(crate) struct Sealer {
    cipher: Aes256Gcm,
    block: u64,
    gathered: Vec<u8>,
    /// Written before the first block.
    salt: Option<[u8; SALT]>,
}

impl Sealer {
    pub(crate) fn new(key: &DataKey) -> Result<Self, BlobError> {
        Self::salted(key, random()?)
    }

    fn salted(key: &DataKey, salt: [u8; SALT]) -> Result<Self, BlobError> {
        Ok(Self { cipher: key.cipher(&salt)?, block: 0, gathered: Vec::new(), salt: Some(salt) })
    }

    /// Seals `chunk`, and all that is left where it is the `last`; appends to `out`.
    pub(crate) fn seal(&mut self, mut chunk: &[u8], last: bool, out: &mut Vec<u8>) -> Result<(), BlobError> {
        if let Some(salt) = self.salt.take() {
            out.extend_from_slice(&salt);
        }
        loop {
            let room = BLOCK - self.gathered.len();
            let (now, later) = chunk.split_at(room.min(chunk.len()));
            self.gathered.extend_from_slice(now);
            chunk = later;
            // A full block may be the last one: it waits for what follows.
            if chunk.is_empty() {
                break;
            }
            self.finish_block(false, out)?;
        }
        if last { self.finish_block(true, out) } else { Ok(()) }
    }

    fn finish_block(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), BlobError> {
        let nonce = Nonce::from(nonce(self.block, last));
        self.cipher.encrypt_in_place(&nonce, b"", &mut self.gathered).map_err(|_| BlobError::Sealing)?;
        self.block += 1;
        out.append(&mut self.gathered);
        Ok(())
    }
}

/// Opens blocks of a sealed body whose plaintext has `plain` bytes.
pub(crate) struct Opener {
    cipher: Aes256Gcm,
    plain: u64,
}

impl Opener {
    pub(crate) fn new(key: &DataKey, salt: &[u8], plain: u64) -> Result<Self, BlobError> {
        Ok(Self { cipher: key.cipher(salt)?, plain })
    }

    /// How many bytes a block has, sealed; 0 beyond the last one.
    pub(crate) fn sealed_length(&self, block: u64) -> usize {
        let start = block * (BLOCK as u64);
        if start > 0 && start >= self.plain {
            return 0;
        }
        usize::try_from((self.plain - start).min(BLOCK as u64)).unwrap_or(BLOCK) + TAG
    }

    /// Where a block begins in the sealed body.
    pub(crate) fn position(block: u64) -> u64 {
        SALT as u64 + block * SEALED_BLOCK
    }

    /// Opens a block in place; what was changed, or sealed with another key, is not opened.
    pub(crate) fn open(&self, block: u64, bytes: &mut Vec<u8>) -> Result<(), BlobError> {
        let last = (block + 1) * (BLOCK as u64) >= self.plain;
        let nonce = Nonce::from(nonce(block, last));
        self.cipher.decrypt_in_place(&nonce, b"", bytes).map_err(|_| BlobError::NotOpened)
    }
}

/// Opens a sealed body that is held in memory.
///
/// # Errors
/// [`BlobError::NotOpened`] where it was changed or sealed with another key.
pub fn open(sealed: &[u8], key: &DataKey) -> Result<Bytes, BlobError> {
    let plain = u64::try_from(sealed.len()).ok().and_then(plain_length).ok_or(BlobError::NotOpened)?;
    let (salt, mut blocks) = sealed.split_at(SALT);
    let opener = Opener::new(key, salt, plain)?;
    let mut out = Vec::with_capacity(blocks.len());
    let mut number = 0;
    while !blocks.is_empty() {
        let (block, rest) = blocks.split_at(opener.sealed_length(number).min(blocks.len()));
        if block.is_empty() {
            return Err(BlobError::NotOpened);
        }
        let mut block = block.to_vec();
        opener.open(number, &mut block)?;
        out.append(&mut block);
        blocks = rest;
        number += 1;
    }
    Ok(out.into())
}

/// Seals a body that is held in memory.
///
/// # Errors
/// [`BlobError::Randomness`]
pub fn seal(plain: &[u8], key: &DataKey) -> Result<Bytes, BlobError> {
    seal_salted(plain, key, random()?)
}

/// As [`seal`], for whom randomness is given. No two bodies of a key may have the same salt.
///
/// # Errors
/// [`BlobError::Sealing`]
pub fn seal_salted(plain: &[u8], key: &DataKey, salt: [u8; SALT]) -> Result<Bytes, BlobError> {
    let mut out = Vec::with_capacity(plain.len() + SALT + TAG);
    Sealer::salted(key, salt)?.seal(plain, true, &mut out)?;
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_what_is_sealed() {
        let key = DataKey::new([7; 32]);
        for length in [0, 1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5] {
            let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let sealed = seal(&plain, &key).unwrap();
            assert_eq!(plain_length(sealed.len() as u64), Some(length as u64));
            assert_eq!(open(&sealed, &key).unwrap(), plain);
        }
        for no_length in [0, 31, 32, 47, SALT as u64 + SEALED_BLOCK + 1] {
            assert_eq!(plain_length(no_length), None, "{no_length}");
        }
    }

    #[test]
    fn what_was_changed_is_not_opened() {
        let key = DataKey::new([7; 32]);
        let sealed = seal(&vec![1; 2 * BLOCK], &key).unwrap().to_vec();
        let refuses = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut changed = sealed.clone();
            change(&mut changed);
            assert!(matches!(open(&changed, &key), Err(BlobError::NotOpened)));
        };
        refuses(&|bytes| bytes[0] ^= 1);
        refuses(&|bytes| bytes[100] ^= 1);
        // Cut at the end of a block, and blocks in another order.
        refuses(&|bytes| bytes.truncate(SALT + BLOCK + TAG));
        refuses(&|bytes| {
            let (first, second) = bytes[SALT..].split_at_mut(BLOCK + TAG);
            first.swap_with_slice(second);
        });
        assert!(open(&sealed, &DataKey::new([8; 32])).is_err());
        assert_ne!(seal(b"same", &key).unwrap(), seal(b"same", &key).unwrap());
    }
}
