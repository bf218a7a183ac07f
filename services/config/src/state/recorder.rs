use super::text;
use api_config::{RecorderStatus, RecordingFrequency, RecordingStrategyType};
use contract::{Description, Resource};
use indexmap::IndexMap;
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A customer managed configuration recorder: at most one in an account and region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Recorder {
    /// Where it records.
    pub(crate) scope: Scope,
    /// `default`, unless named otherwise.
    pub(crate) name: String,
    /// What follows the name in its ARN.
    pub(crate) id: String,
    /// As what it delivers.
    pub(crate) role_arn: String,
    /// Which types it records.
    pub(crate) group: RecordingGroup,
    /// How often.
    pub(crate) mode: RecordingMode,
    /// Its tags.
    pub(crate) tags: Tags,
    /// It is running.
    pub(crate) recording: bool,
    /// When it was last started.
    pub(crate) last_start: Option<Timestamp>,
    /// When it was last stopped.
    pub(crate) last_stop: Option<Timestamp>,
    /// How the last recording went.
    #[serde(with = "text::option")]
    pub(crate) last_status: Option<RecorderStatus>,
    /// When that changed.
    pub(crate) last_status_change: Option<Timestamp>,
}

/// Which resource types are recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordingGroup {
    /// Which of the other members counts.
    #[serde(with = "text")]
    pub(crate) strategy: RecordingStrategyType,
    /// The four old global types, too.
    pub(crate) include_global: bool,
    /// The types, where they are listed.
    pub(crate) types: Vec<String>,
    /// The types that are left out.
    pub(crate) exclusions: Vec<String>,
}

/// How often types are recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RecordingMode {
    /// Of all types but those of `overrides`.
    #[serde(with = "text")]
    pub(crate) frequency: RecordingFrequency,
    /// Of some types: at most one list.
    pub(crate) overrides: Vec<ModeOverride>,
}

/// How often some types are recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ModeOverride {
    /// Why.
    pub(crate) description: Option<String>,
    /// Which.
    pub(crate) types: Vec<String>,
    /// How often.
    #[serde(with = "text")]
    pub(crate) frequency: RecordingFrequency,
}

impl Default for RecordingMode {
    fn default() -> Self {
        Self { frequency: RecordingFrequency::Continuous, overrides: Vec::new() }
    }
}

/// The type of recorders' own items, which are always recorded.
pub(crate) const RECORDER_TYPE: &str = "AWS::Config::ConfigurationRecorder";
/// The type of compliance items.
pub(crate) const COMPLIANCE_TYPE: &str = "AWS::Config::ResourceCompliance";
/// Global types that `allSupported` leaves out unless `includeGlobalResourceTypes` is set.
const OLD_GLOBAL_TYPES: [&str; 4] =
    ["AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::Policy"];

impl RecordingGroup {
    /// Whether a type is recorded.
    pub(crate) fn records(&self, resource_type: &str) -> bool {
        if resource_type == RECORDER_TYPE {
            return true;
        }
        if !crate::types::is_supported(resource_type) {
            return false;
        }
        match self.strategy {
            RecordingStrategyType::AllSupportedResourceTypes => {
                self.include_global || !OLD_GLOBAL_TYPES.contains(&resource_type)
            }
            RecordingStrategyType::InclusionByResourceTypes => {
                self.types.iter().any(|own| own == resource_type)
            }
            RecordingStrategyType::ExclusionByResourceTypes => {
                !self.exclusions.iter().any(|own| own == resource_type)
            }
        }
    }
}

impl RecordingMode {
    /// How often a type is recorded.
    pub(crate) fn frequency_of(&self, resource_type: &str) -> RecordingFrequency {
        if matches!(resource_type, RECORDER_TYPE | COMPLIANCE_TYPE) {
            return RecordingFrequency::Continuous;
        }
        let special =
            self.overrides.iter().find(|special| special.types.iter().any(|own| own == resource_type));
        special.map_or(self.frequency, |special| special.frequency)
    }
}

impl Recorder {
    /// `arn:aws:config:REGION:ACCOUNT:configuration-recorder/NAME/ID`.
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("config", self.scope, format!("configuration-recorder/{}/{}", self.name, self.id))
    }

    /// The recorder of an account and region, where there is one.
    pub(crate) fn of(view: &View, scope: Scope) -> Result<Option<Self>, StoreError> {
        view.scan::<Self>(scope, ()).first()
    }

    fn configuration(&self) -> Document {
        let overrides: Document = self
            .mode
            .overrides
            .iter()
            .map(|special| {
                document!({
                    "Description": (special.description.clone()),
                    "ResourceTypes": (special.types.clone()),
                    "RecordingFrequency": (special.frequency.as_str()),
                })
            })
            .collect();
        let all = self.group.strategy == RecordingStrategyType::AllSupportedResourceTypes;
        document!({
            "Id": (self.id.clone()),
            "Name": (self.name.clone()),
            "RoleARN": (self.role_arn.clone()),
            "Recording": (self.recording),
            "RecordingGroup": {
                "AllSupported": (all),
                "IncludeGlobalResourceTypes": (self.group.include_global),
                "ResourceTypes": (self.group.types.clone()),
                "ExclusionByResourceTypes": { "ResourceTypes": (self.group.exclusions.clone()) },
                "RecordingStrategy": { "UseOnly": (self.group.strategy.as_str()) }
            },
            "RecordingMode": {
                "RecordingFrequency": (self.mode.frequency.as_str()),
                "RecordingModeOverrides": (overrides)
            }
        })
    }
}

impl Row for Recorder {
    const TABLE: &'static str = "config.recorders";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for Recorder {
    const TYPE: ResourceType = ResourceType(RECORDER_TYPE);

    fn identity(&self) -> ResourceIdentity {
        ResourceIdentity {
            resource_type: Self::TYPE,
            id: self.name.clone(),
            name: Some(self.name.clone()),
            arn: self.arn().to_string(),
        }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Regional".into(),
            created: None,
            configuration: self.configuration(),
            supplementary: IndexMap::new(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.get::<Self>(scope, id)
    }
}
