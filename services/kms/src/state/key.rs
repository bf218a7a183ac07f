use super::Alias;
use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// What a key is made of. Every spec here has one usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Spec {
    /// AES-256-GCM.
    SymmetricDefault,
    Hmac224,
    Hmac256,
    Hmac384,
    Hmac512,
}

/// A key's automatic rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rotation {
    /// 90 to 2560.
    pub(crate) period_in_days: u32,
    pub(crate) next: Timestamp,
}

/// A key's scheduled end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deletion {
    pub(crate) at: Timestamp,
    /// 7 to 30.
    pub(crate) window_in_days: u32,
}

/// A key, without its material.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Key {
    pub(crate) scope: Scope,
    pub(crate) id: String,
    pub(crate) created: Timestamp,
    pub(crate) description: String,
    pub(crate) spec: Spec,
    pub(crate) enabled: bool,
    pub(crate) deletion: Option<Deletion>,
    /// The `default` key policy, as it was given.
    pub(crate) policy: String,
    pub(crate) tags: Tags,
    /// The name of the service whose AWS managed key it is, such as `s3`.
    pub(crate) service: Option<String>,
    pub(crate) rotation: Option<Rotation>,
    /// Which [`super::Material`] encrypts.
    pub(crate) generation: u32,
    pub(crate) material_id: String,
    /// The step of a stack that made it.
    pub(crate) step: Option<String>,
}

impl Spec {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SymmetricDefault => "SYMMETRIC_DEFAULT",
            Self::Hmac224 => "HMAC_224",
            Self::Hmac256 => "HMAC_256",
            Self::Hmac384 => "HMAC_384",
            Self::Hmac512 => "HMAC_512",
        }
    }

    pub(crate) fn usage(self) -> &'static str {
        if self == Self::SymmetricDefault { "ENCRYPT_DECRYPT" } else { "GENERATE_VERIFY_MAC" }
    }

    /// The one MAC algorithm of an HMAC key.
    pub(crate) fn mac_algorithm(self) -> Option<&'static str> {
        match self {
            Self::SymmetricDefault => None,
            Self::Hmac224 => Some("HMAC_SHA_224"),
            Self::Hmac256 => Some("HMAC_SHA_256"),
            Self::Hmac384 => Some("HMAC_SHA_384"),
            Self::Hmac512 => Some("HMAC_SHA_512"),
        }
    }

    /// The bytes of material.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Hmac224 => 28,
            Self::SymmetricDefault | Self::Hmac256 => 32,
            Self::Hmac384 => 48,
            Self::Hmac512 => 64,
        }
    }
}

impl Key {
    /// The key with an id; None once its time has come, whether or not its rows are swept away already.
    pub(crate) fn get(
        view: &View,
        scope: Scope,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        Ok(view.get::<Self>(scope, id)?.filter(|key| !key.is_gone(now)))
    }

    pub(crate) fn is_gone(&self, now: Timestamp) -> bool {
        self.deletion.is_some_and(|deletion| deletion.at <= now)
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("kms", self.scope, format!("key/{}", self.id))
    }

    pub(crate) fn state(&self) -> &'static str {
        match (self.deletion, self.enabled) {
            (Some(_), _) => "PendingDeletion",
            (None, true) => "Enabled",
            (None, false) => "Disabled",
        }
    }

    pub(crate) fn aliases(&self, view: &View) -> Result<Vec<Alias>, StoreError> {
        view.by_index::<Alias>(self.scope, "target", self.id.as_str())
    }
}

impl Row for Key {
    const TABLE: &'static str = "kms.keys";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.id.clone()
    }
    fn indexes(&self) -> Vec<IndexEntry> {
        self.step.iter().map(|step| IndexEntry::new("step", step.as_str())).collect()
    }
    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Key {
    const TYPE: ResourceType = ResourceType("AWS::KMS::Key");

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.id.clone(),
            name: Some(self.id.clone()),
            arn: self.arn().to_string(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let mut configuration = document!({
            "awsaccountId": (self.scope.account.as_str()),
            "keyId": (self.id.as_str()),
            "arn": (self.arn().to_string()),
            "creationDate": (self.created.millis()),
            "enabled": (self.state() == "Enabled"),
            "description": (self.description.as_str()),
            "keyUsage": (self.spec.usage()),
            "keyState": (self.state()),
            "origin": "AWS_KMS",
            "keyManager": (if self.service.is_some() { "AWS" } else { "CUSTOMER" }),
            "customerMasterKeySpec": (self.spec.as_str()),
            "keySpec": (self.spec.as_str()),
            "multiRegion": false
        });
        match self.spec.mac_algorithm() {
            None => configuration.set("encryptionAlgorithms", vec![Document::from("SYMMETRIC_DEFAULT")]),
            Some(algorithm) => configuration.set("macAlgorithms", vec![Document::from(algorithm)]),
        };
        if let Some(deletion) = self.deletion {
            configuration.set("deletionDate", deletion.at.millis());
        }
        let supplementary = [
            ("KeyRotationStatus".to_owned(), Document::from(self.rotation.is_some())),
            ("Policy".to_owned(), Document::from(self.policy.as_str())),
        ];
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: Some(self.created),
            configuration,
            supplementary: supplementary.into_iter().collect(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, id)
    }
}
