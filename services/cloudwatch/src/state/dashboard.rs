//! Dashboards: an account's, in all regions.

use names::{AccountId, Arn, Region, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A dashboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Dashboard {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    /// JSON, as it was put.
    pub(crate) body: String,
    pub(crate) modified: Timestamp,
    pub(crate) tags: Tags,
}

impl Dashboard {
    pub(crate) fn arn(&self) -> Arn {
        dashboard_arn(self.account, &self.name)
    }
}

/// `arn:aws:cloudwatch::ACCOUNT:dashboard/NAME`
pub(crate) fn dashboard_arn(account: AccountId, name: &str) -> Arn {
    Arn::new("cloudwatch", Scope::new(account, Region::GLOBAL), format!("dashboard/{name}"))
}

impl Row for Dashboard {
    const TABLE: &'static str = "cloudwatch.dashboards";
    type Key = String;

    fn scope(&self) -> Scope {
        Scope::global(self.account)
    }
    fn key(&self) -> String {
        self.name.clone()
    }
}
