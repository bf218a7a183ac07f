//! The one path of a call, from a decoded input on: authorize, execute, commit, record.
//!
//! What it is: [`Pipeline`], which takes a [`Decoded`] call from the gateway or from a [`contract::Caller`] and answers its output. Authorization
//! and execution share one transaction, so there is no gap between check and act. What it is not: it knows no service and no protocol.

mod authorize;
mod dispatch;
mod execute;
mod pipeline;
mod record;
mod seed;

pub use authorize::Authorized;
pub use pipeline::{Decoded, Parts, Pipeline};
pub use record::{CallOutcome, CallRecord, DataRecording, is_read_only};
pub use seed::Prepare;
