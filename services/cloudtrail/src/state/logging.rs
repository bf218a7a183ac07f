use names::{AccountId, Scope, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, View};
use wire::{Document, document};

/// Whether a trail is logging, and how its deliveries went: beside the trail, so that deliveries do not change the resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Logging {
    pub(crate) scope: Scope,
    pub(crate) name: String,
    pub(crate) on: bool,
    pub(crate) started: Option<Timestamp>,
    pub(crate) stopped: Option<Timestamp>,
    /// To the bucket.
    pub(crate) files: Delivered,
    /// To the topic.
    pub(crate) notifications: Delivered,
    /// To the log group.
    pub(crate) logs: Delivered,
    /// Digest files, to the bucket.
    #[serde(default)]
    pub(crate) digests: Delivered,
}

/// How deliveries of a kind went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivered {
    pub(crate) attempted: Option<Timestamp>,
    pub(crate) succeeded: Option<Timestamp>,
    /// The code of the last failure, until a delivery succeeds.
    pub(crate) error: Option<String>,
}

impl Delivered {
    pub(crate) fn note(&mut self, now: Timestamp, result: Result<(), String>) {
        self.attempted = Some(now);
        match result {
            Ok(()) => {
                self.succeeded = Some(now);
                self.error = None;
            }
            Err(code) => self.error = Some(code),
        }
    }
}

impl Logging {
    pub(crate) fn new(scope: Scope, name: &str) -> Self {
        Self {
            scope,
            name: name.to_owned(),
            on: false,
            started: None,
            stopped: None,
            files: Delivered::default(),
            notifications: Delivered::default(),
            logs: Delivered::default(),
            digests: Delivered::default(),
        }
    }

    pub(crate) fn of(view: &View, scope: Scope, name: &str) -> Result<Self, StoreError> {
        Ok(view.get::<Self>(scope, name)?.unwrap_or_else(|| Self::new(scope, name)))
    }

    /// As rules of AWS Config read it.
    pub(crate) fn described(&self) -> Document {
        let mut told = document!({ "isLogging": (self.on) });
        if let Some(time) = self.logs.succeeded {
            told.set("latestCloudWatchLogsDeliveryTime", time.iso_millis());
        }
        told
    }

    /// Of all trails of an account.
    pub(crate) fn of_account(view: &View, account: AccountId) -> Result<Vec<Self>, StoreError> {
        view.list_account(account)
    }
}

impl Row for Logging {
    const TABLE: &'static str = "cloudtrail.logging";
    const SIGNAL: Option<&'static str> = Some(Self::TABLE);
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}
