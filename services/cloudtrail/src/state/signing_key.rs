use blobs::WrappedKey;
use bytes::Bytes;
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// The key pair that signs a region's digest files for a time. The public half is kept for good: it is asked for as long as files are validated.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SigningKey {
    pub(crate) scope: Scope,
    pub(crate) fingerprint: String,
    /// DER, as PKCS #1 has it.
    pub(crate) public: Bytes,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
    /// None once another key has followed.
    pub(crate) private: Option<SealedPrivateKey>,
}

/// A private key as rows keep it: DER (PKCS #1), sealed with a data key that the key of the data directory wraps.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealedPrivateKey {
    pub(crate) key: WrappedKey,
    pub(crate) sealed: Bytes,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "SigningKey({} from {:?} until {:?}, private: ***)",
            self.fingerprint, self.from, self.until
        )
    }
}

impl SigningKey {
    /// The one that signs at a moment.
    pub(crate) fn current(view: &View, scope: Scope, now: Timestamp) -> Result<Option<Self>, StoreError> {
        let keys: Vec<Self> = view.list(scope)?;
        Ok(keys.into_iter().find(|key| key.private.is_some() && key.from <= now && now < key.until))
    }
}

impl Row for SigningKey {
    const TABLE: &'static str = "cloudtrail.signing_keys";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.fingerprint.clone()
    }
}
