//! The states of alarms.

use crate::alarms::reason::UNCHECKED;
use api_cloudwatch::{ActionsSuppressedBy, StateValue};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// The state of an alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct AlarmState {
    pub(crate) scope: Scope,
    pub(crate) alarm: String,
    pub(crate) value: String,
    pub(crate) reason: String,
    /// JSON.
    pub(crate) reason_data: Option<String>,
    /// When value or reason changed.
    pub(crate) updated: Timestamp,
    /// When the value changed.
    pub(crate) transitioned: Timestamp,
    /// A composite alarm's actions that wait.
    pub(crate) suppressed: Option<Suppressed>,
}

/// Actions that wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Suppressed {
    /// `WaitPeriod`, `ExtensionPeriod` or `Alarm`.
    pub(crate) by: String,
    /// When they are done at the latest; None: when the suppressor's alarm is over.
    pub(crate) until: Option<Timestamp>,
    /// The state before the first transition that did not act.
    pub(crate) acted: String,
}

impl Suppressed {
    pub(crate) fn by(&self) -> ActionsSuppressedBy {
        self.by.parse().unwrap_or_default()
    }

    /// `ActionsSuppressedReason`.
    pub(crate) fn reason(&self) -> String {
        format!("Actions suppressed by {}", self.by)
    }
}

impl AlarmState {
    /// That of a new alarm.
    pub(crate) fn initial(scope: Scope, alarm: &str, now: Timestamp) -> Self {
        Self {
            scope,
            alarm: alarm.to_owned(),
            value: StateValue::InsufficientData.as_str().to_owned(),
            reason: UNCHECKED.into(),
            reason_data: None,
            updated: now,
            transitioned: now,
            suppressed: None,
        }
    }

    pub(crate) fn of(view: &View, scope: Scope, alarm: &str) -> Result<Option<Self>, StoreError> {
        view.get(scope, alarm)
    }

    /// The value.
    pub(crate) fn value(&self) -> StateValue {
        self.value.parse().unwrap_or(StateValue::InsufficientData)
    }
}

impl Row for AlarmState {
    const TABLE: &'static str = "cloudwatch.alarm_states";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.alarm.clone()
    }
}
