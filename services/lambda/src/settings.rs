//! What the server tells the service once.

use crate::runtime::Runtime;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How functions are run here.
#[derive(Clone)]
pub struct Settings {
    /// What runs code.
    pub runtime: Arc<dyn Runtime>,
    /// A directory for unpacked code. It is a cache: what the service left in it is removed when it starts, other files are let be.
    pub cache: PathBuf,
    /// Where functions reach this cloud, as they see it (`AWS_ENDPOINT_URL`). None: where everybody does.
    pub endpoint: Option<String>,
    /// Concurrent executions of an account in a region; on AWS, 1000.
    pub account_concurrency: i32,
    /// The most environments that this machine runs at once, over all accounts; what is beyond is throttled.
    pub environments: usize,
    /// How long an environment is kept for the next event.
    pub idle: Duration,
}

impl Settings {
    /// The usual settings.
    #[must_use]
    pub fn new(runtime: Arc<dyn Runtime>, cache: PathBuf) -> Self {
        Self {
            runtime,
            cache,
            endpoint: None,
            account_concurrency: 1000,
            environments: 100,
            idle: Duration::from_secs(7 * 60),
        }
    }
}
