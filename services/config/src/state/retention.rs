use names::Scope;
use serde::{Deserialize, Serialize};
use store::Row;

/// How long items are kept: at most one in an account and region.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Retention {
    /// Where.
    pub(crate) scope: Scope,
    /// 30 to 2557.
    pub(crate) days: i32,
}

impl Retention {
    /// The only name that AWS gives them.
    pub(crate) const NAME: &'static str = "default";
    /// How long items are kept where nothing is configured: seven years.
    pub(crate) const DEFAULT_DAYS: i32 = 2557;
}

impl Row for Retention {
    const TABLE: &'static str = "config.retention_configurations";
    type Key = ();

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) {}
}
