use contract::Secret;
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, View};

/// Why there is another material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RotatedBy {
    Schedule,
    Demand,
}

/// The secret of one generation of a key. It stays as long as the key, so that whatever it encrypted can be decrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Material {
    pub(crate) scope: Scope,
    pub(crate) key_id: String,
    /// From 0.
    pub(crate) generation: u32,
    /// `KeyMaterialId`: 64 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    /// None of the first.
    pub(crate) rotated_by: Option<RotatedBy>,
    /// Hexadecimal.
    secret: Secret,
}

impl Material {
    pub(crate) fn new(
        key: &super::Key,
        generation: u32,
        call: &contract::Call,
        rotated_by: Option<RotatedBy>,
    ) -> Self {
        let mut secret = [call.entropy.bytes(), call.entropy.bytes()].concat();
        secret.truncate(key.spec.length());
        Self {
            scope: key.scope,
            key_id: key.id.clone(),
            generation,
            id: call.entropy.hex(64),
            created: call.now,
            rotated_by,
            secret: Secret(hex::encode(secret)),
        }
    }

    pub(crate) fn get(view: &View, key: &super::Key, generation: u32) -> Result<Option<Self>, StoreError> {
        view.get(key.scope, (key.id.as_str(), generation))
    }

    pub(crate) fn all(view: &View, key: &super::Key) -> Result<Vec<Self>, StoreError> {
        view.scan::<Self>(key.scope, (key.id.as_str(),)).rows()
    }

    /// Makes the key's next material its present one.
    pub(crate) fn rotate(
        key: &mut super::Key,
        by: RotatedBy,
        call: &contract::Call,
        tx: &mut Tx,
    ) -> Result<(), StoreError> {
        let next = Self::new(key, key.generation.saturating_add(1), call, Some(by));
        key.generation = next.generation;
        key.material_id.clone_from(&next.id);
        tx.insert(next)
    }

    /// The bytes; None where the row was damaged.
    pub(crate) fn secret(&self) -> Option<Vec<u8>> {
        hex::decode(&self.secret.0).ok()
    }
}

impl Row for Material {
    const TABLE: &'static str = "kms.materials";
    type Key = (String, u32);

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> (String, u32) {
        (self.key_id.clone(), self.generation)
    }
}
