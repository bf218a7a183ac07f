//! What is stored.

mod channel;
mod conformance_pack;
mod evaluation;
mod item;
mod notification;
mod recorder;
mod remediation;
mod result;
mod retention;
mod rule;
mod text;

pub(crate) use channel::{Channel, ChannelStatus, Delivered};
pub(crate) use conformance_pack::{ConformancePack, pack_of_stack};
pub(crate) use evaluation::{ChangedToday, Evaluation, Pace, ResultToken, Unsettled};
pub(crate) use item::{Item, Tracked, Undelivered};
pub(crate) use notification::EventBridgeNotification;
pub(crate) use recorder::{
    COMPLIANCE_TYPE, ModeOverride, RECORDER_TYPE, Recorder, RecordingGroup, RecordingMode,
};
pub(crate) use remediation::{
    Remediation, RemediationConfiguration, RemediationException, RemediationParameter, RemediationStep,
};
pub(crate) use result::{EvaluationResult, ResourceCompliance, RuleFinding};
pub(crate) use retention::Retention;
pub(crate) use rule::{ANY_TYPE, Rule, RuleStatus, Target, Trigger, period};
