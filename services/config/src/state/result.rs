use super::text;
use api_config::ComplianceType;
use contract::{Description, Relationship, Resource};
use indexmap::IndexMap;
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{IndexEntry, ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// What a rule found of a resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EvaluationResult {
    /// Where.
    pub(crate) scope: Scope,
    /// The rule's name.
    pub(crate) rule: String,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
    /// What was found.
    #[serde(with = "text")]
    pub(crate) compliance: ComplianceType,
    /// Why.
    pub(crate) annotation: Option<String>,
    /// Of the state that was judged.
    pub(crate) ordering: Timestamp,
    /// When the result came.
    pub(crate) recorded: Timestamp,
    /// When the rule was invoked.
    pub(crate) invoked: Timestamp,
}

/// The compliance of a resource by all rules: what AWS names `AWS::Config::ResourceCompliance`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResourceCompliance {
    /// Where.
    pub(crate) scope: Scope,
    /// The resource's type.
    pub(crate) resource_type: String,
    /// The resource's id.
    pub(crate) resource_id: String,
    /// What each rule found, by the rule's name.
    pub(crate) rules: BTreeMap<String, RuleFinding>,
}

/// What one rule found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RuleFinding {
    /// The rule's id.
    pub(crate) id: String,
    /// Compliant or not.
    #[serde(with = "text")]
    pub(crate) compliance: ComplianceType,
}

impl ResourceCompliance {
    /// Compliant where all rules say so.
    pub(crate) fn compliance(&self) -> ComplianceType {
        let any = |wanted| self.rules.values().any(|finding| finding.compliance == wanted);
        if any(ComplianceType::NonCompliant) {
            ComplianceType::NonCompliant
        } else if any(ComplianceType::Compliant) {
            ComplianceType::Compliant
        } else {
            ComplianceType::InsufficientData
        }
    }

    fn id(&self) -> String {
        format!("{}/{}", self.resource_type, self.resource_id)
    }
}

impl Row for EvaluationResult {
    const TABLE: &'static str = "config.results";
    type Key = (String, String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.rule.clone(), self.resource_type.clone(), self.resource_id.clone())
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![
            IndexEntry::new("resource", (&self.resource_type, &self.resource_id, &self.rule)),
            IndexEntry::new("compliance", (&self.rule, self.compliance.as_str())),
        ]
    }
}

impl Row for ResourceCompliance {
    const TABLE: &'static str = "config.resource_compliance";
    type Key = (String, String);

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> Self::Key {
        (self.resource_type.clone(), self.resource_id.clone())
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let compliance = self.compliance();
        vec![
            IndexEntry::new("compliance", compliance.as_str()),
            IndexEntry::new("type", (&self.resource_type, compliance.as_str())),
        ]
    }

    fn resource(&self) -> Option<ResourceIdentity> {
        Some(self.identity())
    }
}

impl Resource for ResourceCompliance {
    const TYPE: ResourceType = ResourceType(super::COMPLIANCE_TYPE);

    fn identity(&self) -> ResourceIdentity {
        let id = self.id();
        let arn = Arn::new("config", self.scope, format!("resource-compliance/{id}"));
        ResourceIdentity { resource_type: Self::TYPE, name: Some(id.clone()), id, arn: arn.to_string() }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        let rules: Document = self
            .rules
            .iter()
            .map(|(name, finding)| {
                let arn = Arn::new("config", self.scope, format!("config-rule/{}", finding.id)).to_string();
                document!({
                    "configRuleArn": arn,
                    "configRuleId": (finding.id.clone()),
                    "configRuleName": (name.clone()),
                    "complianceType": (finding.compliance.as_str()),
                })
            })
            .collect();
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Regional".into(),
            created: None,
            configuration: document!({
                "complianceType": (self.compliance().as_str()),
                "targetResourceId": (self.resource_id.clone()),
                "targetResourceType": (self.resource_type.clone()),
                "configRuleList": rules,
            }),
            supplementary: IndexMap::new(),
            // With the space at its end, as AWS writes it.
            relationships: vec![Relationship::to(
                "Is associated with ",
                &self.resource_type,
                self.resource_id.clone(),
            )],
            tags: Tags::new(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        let Some((resource_type, resource_id)) = id.split_once('/') else { return Ok(None) };
        view.get::<Self>(scope, (resource_type, resource_id))
    }
}
