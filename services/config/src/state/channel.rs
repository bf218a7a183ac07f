use super::text;
use api_config::{DeliveryStatus, MaximumExecutionFrequency};
use names::{Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};

/// A delivery channel: at most one in an account and region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Channel {
    /// Where it is.
    pub(crate) scope: Scope,
    /// `default`, unless named otherwise.
    pub(crate) name: String,
    /// The bucket that files go to.
    pub(crate) bucket: String,
    /// What their keys begin with, without a slash at its end.
    pub(crate) prefix: Option<String>,
    /// The key that encrypts them.
    pub(crate) kms_key: Option<String>,
    /// The topic that notifications go to.
    pub(crate) topic: Option<String>,
    /// How often snapshots are delivered; None: on demand.
    #[serde(with = "text::option")]
    pub(crate) frequency: Option<MaximumExecutionFrequency>,
}

/// How the last deliveries of a kind went.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Delivered {
    /// Success or failure; None before the first.
    #[serde(with = "text::option")]
    pub(crate) status: Option<DeliveryStatus>,
    /// Of the last failure, where the last one failed.
    pub(crate) error_code: Option<String>,
    /// Of the last failure, where the last one failed.
    pub(crate) error_message: Option<String>,
    /// When the last was tried.
    pub(crate) last_attempt: Option<Timestamp>,
    /// When the last succeeded.
    pub(crate) last_success: Option<Timestamp>,
    /// When the next is due.
    pub(crate) next: Option<Timestamp>,
    /// When `status` last changed.
    pub(crate) status_change: Option<Timestamp>,
}

/// The status of a delivery channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChannelStatus {
    /// Where the channel is.
    pub(crate) scope: Scope,
    /// The channel's name.
    pub(crate) name: String,
    /// Of snapshots.
    pub(crate) snapshot: Delivered,
    /// Of history files.
    pub(crate) history: Delivered,
    /// Of notifications.
    pub(crate) stream: Delivered,
}

impl Delivered {
    /// Notes how a delivery went; `failure` is its code and sentence. Answers whether the status changed.
    pub(crate) fn note(&mut self, now: Timestamp, failure: Option<(String, String)>) -> bool {
        let status = if failure.is_some() { DeliveryStatus::Failure } else { DeliveryStatus::Success };
        let changed = self.status != Some(status);
        if changed {
            self.status = Some(status);
            self.status_change = Some(now);
        }
        self.last_attempt = Some(now);
        if failure.is_none() {
            self.last_success = Some(now);
        }
        (self.error_code, self.error_message) = failure.unzip();
        changed
    }
}

impl Channel {
    /// The channel of an account and region, where there is one.
    pub(crate) fn of(view: &View, scope: Scope) -> Result<Option<Self>, StoreError> {
        view.scan::<Self>(scope, ()).first()
    }

    /// `[PREFIX/]AWSLogs/ACCOUNT/Config/`.
    pub(crate) fn root(&self) -> String {
        let prefix = self.prefix.as_ref().map(|prefix| format!("{prefix}/")).unwrap_or_default();
        format!("{prefix}AWSLogs/{}/Config/", self.scope.account)
    }
}

impl ChannelStatus {
    /// The status of a channel; nothing delivered so far, where there is none.
    pub(crate) fn of(view: &View, scope: Scope, name: &str) -> Result<Self, StoreError> {
        Ok(view.get::<Self>(scope, name)?.unwrap_or_else(|| Self {
            scope,
            name: name.to_owned(),
            snapshot: Delivered::default(),
            history: Delivered::default(),
            stream: Delivered::default(),
        }))
    }
}

impl Row for Channel {
    const TABLE: &'static str = "config.delivery_channels";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}

impl Row for ChannelStatus {
    const TABLE: &'static str = "config.delivery_channel_statuses";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}
