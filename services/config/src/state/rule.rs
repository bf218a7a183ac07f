use super::text;
use api_config::{ConfigRuleState, EvaluationMode, MaximumExecutionFrequency, MessageType, Owner};
use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::{IndexEntry, Row, StoreError, View};

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// Where it judges.
    pub(crate) scope: Scope,
    /// Its name.
    pub(crate) name: String,
    /// `config-rule-xxxxxx`.
    pub(crate) id: String,
    /// What it is for.
    pub(crate) description: Option<String>,
    /// Which resources it judges.
    pub(crate) target: Target,
    /// Who judges.
    #[serde(with = "text")]
    pub(crate) owner: Owner,
    /// The function's ARN, or the managed rule's identifier.
    pub(crate) identifier: String,
    /// When it judges.
    pub(crate) triggers: Vec<Trigger>,
    /// JSON text of an object.
    pub(crate) parameters: Option<String>,
    /// As given.
    #[serde(with = "text::option")]
    pub(crate) frequency: Option<MaximumExecutionFrequency>,
    /// Detective, always.
    #[serde(with = "text")]
    pub(crate) mode: EvaluationMode,
    /// What it does now.
    #[serde(with = "text")]
    pub(crate) state: ConfigRuleState,
    /// Its tags.
    pub(crate) tags: Tags,
    /// When it was made.
    pub(crate) created: Timestamp,
    /// The service whose rule it is: nobody else may change it.
    #[serde(default)]
    pub(crate) created_by: Option<String>,
}

/// Which resources a rule judges; empty: all that are recorded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Target {
    /// Of these types.
    pub(crate) types: Vec<String>,
    /// The one with this id, of the one type.
    pub(crate) id: Option<String>,
    /// With this tag.
    pub(crate) tag_key: Option<String>,
    /// With this value of the tag.
    pub(crate) tag_value: Option<String>,
}

/// What makes a rule judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trigger {
    /// The message that it is sent.
    #[serde(with = "text")]
    pub(crate) message: MessageType,
    /// How often, where it is periodic.
    #[serde(with = "text::option")]
    pub(crate) frequency: Option<MaximumExecutionFrequency>,
}

/// How a rule's evaluations went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RuleStatus {
    /// Where the rule judges.
    pub(crate) scope: Scope,
    /// The rule's name.
    pub(crate) name: String,
    /// When the rule was last invoked.
    pub(crate) last_successful_invocation: Option<Timestamp>,
    /// When invoking it last failed.
    pub(crate) last_failed_invocation: Option<Timestamp>,
    /// When it last reported.
    pub(crate) last_successful_evaluation: Option<Timestamp>,
    /// When it last failed.
    pub(crate) last_failed_evaluation: Option<Timestamp>,
    /// When it was made.
    pub(crate) first_activated: Option<Timestamp>,
    /// Of the last failure, where the last evaluation failed.
    pub(crate) error: Option<(String, String)>,
    /// It has begun to judge.
    pub(crate) first_evaluation_started: bool,
    /// When its evaluation was last asked for.
    pub(crate) last_started: Option<Timestamp>,
}

/// How long a frequency is.
pub(crate) fn period(frequency: MaximumExecutionFrequency) -> Duration {
    let hours = match frequency {
        MaximumExecutionFrequency::OneHour => 1,
        MaximumExecutionFrequency::ThreeHours => 3,
        MaximumExecutionFrequency::SixHours => 6,
        MaximumExecutionFrequency::TwelveHours => 12,
        MaximumExecutionFrequency::TwentyFourHours => 24,
    };
    Duration::from_secs(hours * 3600)
}

impl Rule {
    /// `arn:aws:config:REGION:ACCOUNT:config-rule/ID`, or `config-rule/aws-service-rule/SERVICE/ID` of a service's.
    pub(crate) fn arn(&self) -> Arn {
        match &self.created_by {
            Some(service) => {
                Arn::new("config", self.scope, format!("config-rule/aws-service-rule/{service}/{}", self.id))
            }
            None => Arn::new("config", self.scope, format!("config-rule/{}", self.id)),
        }
    }

    /// It is sent a message.
    pub(crate) fn hears(&self, message: MessageType) -> bool {
        self.triggers.iter().any(|trigger| trigger.message == message)
    }

    /// It judges changes.
    pub(crate) fn is_change_triggered(&self) -> bool {
        self.hears(MessageType::ConfigurationItemChangeNotification)
            || self.hears(MessageType::OversizedConfigurationItemChangeNotification)
    }

    /// How often it judges, where it is periodic.
    pub(crate) fn schedule(&self) -> Option<Duration> {
        let trigger =
            self.triggers.iter().find(|trigger| trigger.message == MessageType::ScheduledNotification)?;
        Some(period(trigger.frequency.unwrap_or(MaximumExecutionFrequency::TwentyFourHours)))
    }

    /// It is one of AWS's.
    pub(crate) fn is_managed(&self) -> bool {
        self.owner == Owner::Aws
    }

    /// The types that it judges, where it is a managed rule: its own, as far as it was put for them.
    pub(crate) fn judged_types(&self) -> Vec<&'static str> {
        let own = crate::managed::find(&self.identifier).map_or(&[][..], |definition| definition.types);
        let wanted =
            |own: &&str| self.target.types.is_empty() || self.target.types.iter().any(|it| it == own);
        own.iter().copied().filter(wanted).collect()
    }

    /// It is going away.
    pub(crate) fn is_deleting(&self) -> bool {
        self.state == ConfigRuleState::Deleting
    }

    /// The rule with an id.
    pub(crate) fn by_id(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError> {
        view.first_by_index::<Self>(scope, "id", id)
    }
}

impl RuleStatus {
    /// The status of a rule; nothing done so far, where there is none.
    pub(crate) fn of(view: &View, scope: Scope, name: &str) -> Result<Self, StoreError> {
        Ok(view.get::<Self>(scope, name)?.unwrap_or_else(|| Self {
            scope,
            name: name.to_owned(),
            last_successful_invocation: None,
            last_failed_invocation: None,
            last_successful_evaluation: None,
            last_failed_evaluation: None,
            first_activated: None,
            error: None,
            first_evaluation_started: false,
            last_started: None,
        }))
    }
}

/// The index entry of rules that name no type.
pub(crate) const ANY_TYPE: &str = "*";

impl Row for Rule {
    const TABLE: &'static str = "config.rules";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let mut entries = vec![IndexEntry::new("id", &self.id)];
        if self.is_managed() && self.is_change_triggered() {
            entries.extend(self.judged_types().into_iter().map(|own| IndexEntry::new("trigger", own)));
        } else if self.is_change_triggered() {
            if self.target.types.is_empty() {
                entries.push(IndexEntry::new("trigger", ANY_TYPE));
            }
            entries.extend(self.target.types.iter().map(|own| IndexEntry::new("trigger", own)));
        }
        entries
    }
}

impl Row for RuleStatus {
    const TABLE: &'static str = "config.rule_statuses";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}
