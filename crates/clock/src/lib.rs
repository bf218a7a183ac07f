//! The only place that may ask for time or randomness.
//!
//! What it is: [`Clock`] (system or manual) and [`Entropy`] (random bytes from a seed). What it is not: a calendar ([`names::Timestamp`] is).

mod entropy;
mod manual;
mod system;

pub use entropy::{Entropy, Seed, random_seed};
pub use manual::ManualClock;
pub use system::SystemClock;

use names::Timestamp;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A source of time. Everything that waits waits here, so a test can move the clock by a day.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Completes when `now()` has reached the moment.
    fn sleep_until(&self, moment: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Time since an arbitrary start that never goes back: for measuring, not for dates.
    fn monotonic(&self) -> Duration;
}

/// A clock that is shared by all parts of a cloud.
pub type SharedClock = Arc<dyn Clock>;
