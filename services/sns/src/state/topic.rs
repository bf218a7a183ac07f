use crate::reference::TopicReference;
use contract::{Description, Resource};
use names::{Arn, ResourceType, Scope, Tags, Timestamp};
use policy::{Flavour, Kind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{ResourceIdentity, Row, StoreError, View};
use wire::{Document, document};

/// A topic.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Topic {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) created: Timestamp,
    /// What was set; AWS's defaults are not stored.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) tags: Tags,
}

/// How many subscriptions of a topic were deleted: beside the topic, so that unsubscribing does not change the resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deleted {
    pub(crate) scope: Scope,
    pub(crate) topic: String,
    pub(crate) count: u64,
}

impl Row for Deleted {
    const TABLE: &'static str = "sns.deleted_subscriptions";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.topic.clone()
    }
}

impl Topic {
    pub(crate) fn get(view: &View, topic: &TopicReference) -> Result<Option<Self>, StoreError> {
        view.get(topic.scope, &topic.name)
    }

    pub(crate) fn arn(&self) -> Arn {
        Arn::new("sns", self.scope, self.name.clone())
    }

    /// The policy that was set, or the one that every topic begins with.
    pub(crate) fn policy_text(&self) -> String {
        self.attributes.get("Policy").cloned().unwrap_or_else(|| default_policy(&self.arn()).to_string())
    }

    /// The policy, to judge by; None where it has no statement.
    pub(crate) fn policy(&self) -> Result<Option<Arc<policy::Document>>, policy::ParseError> {
        let text = self.policy_text();
        let parsed = policy::parse(&text, Kind::Resource(Flavour::Sns));
        let has_statement = || {
            let document = Document::parse(&text).ok();
            let statements =
                document.as_ref().and_then(|document| document.get("Statement")).and_then(Document::as_array);
            statements.is_none_or(|statements| !statements.is_empty())
        };
        match parsed {
            Err(_) if !has_statement() => Ok(None),
            parsed => parsed.map(Some),
        }
    }

    /// The display name, or nothing.
    pub(crate) fn display_name(&self) -> &str {
        self.attributes.get("DisplayName").map_or("", String::as_str)
    }
}

/// The policy that AWS gives a new topic.
pub(crate) fn default_policy(arn: &Arn) -> Document {
    let owner = arn.account.map(|account| account.to_string()).unwrap_or_default();
    document!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": [
                "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission",
                "SNS:DeleteTopic", "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish"
            ],
            "Resource": (arn.to_string()),
            "Condition": { "StringEquals": { "AWS:SourceOwner": owner } }
        }]
    })
}

impl Topic {
    /// As GetTopicAttributes names them; what counts is a number, as AWS Config has it.
    fn configuration(&self) -> Document {
        let mut configuration = document!({
            "TopicArn": (self.arn().to_string()),
            "Owner": (self.scope.account.as_str()),
            "DisplayName": (self.display_name()),
            "Policy": (self.policy_text()),
        });
        let rest =
            self.attributes.iter().filter(|(name, _)| !matches!(name.as_str(), "DisplayName" | "Policy"));
        for (name, value) in rest {
            match value.parse::<i64>() {
                Ok(rate) if name.ends_with("SampleRate") => configuration.set(name, rate),
                _ => configuration.set(name, value.as_str()),
            }
        }
        configuration
    }
}

impl Row for Topic {
    const TABLE: &'static str = "sns.topics";
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

impl Resource for Topic {
    const TYPE: ResourceType = ResourceType("AWS::SNS::Topic");

    fn identity(&self) -> ResourceIdentity {
        let arn = self.arn().to_string();
        ResourceIdentity { resource_type: Self::TYPE, id: arn.clone(), name: Some(self.name.clone()), arn }
    }

    fn describe(&self, _: &View) -> Result<Description, StoreError> {
        Ok(Description {
            identity: self.identity(),
            availability_zone: "Not Applicable".into(),
            created: None,
            configuration: self.configuration(),
            supplementary: indexmap::IndexMap::new(),
            relationships: Vec::new(),
            tags: self.tags.clone(),
        })
    }

    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        let topic = TopicReference::read("TopicArn", id).ok().filter(|topic| topic.scope == scope);
        topic.map_or(Ok(None), |topic| Self::get(view, &topic))
    }
}
