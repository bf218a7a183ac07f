//! What a request is refused with.

use contract::RouteAnswer;
use store::StoreError;

/// A refusal: status, code and sentence.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationError", message)
    }

    pub(crate) fn no_lab(name: &str) -> Self {
        Self::new(
            404,
            "NotFound",
            format!("There is no lab {name:?}. `cloudchamber lab list` shows those that there are."),
        )
    }

    pub(crate) fn no_attempt() -> Self {
        Self::new(404, "NotFound", "There is no such attempt. Start the lab first.")
    }

    pub(crate) fn closed() -> Self {
        Self::new(
            410,
            "AttemptClosed",
            "This attempt is closed; the lab was started over in a fresh account.",
        )
    }

    pub(crate) fn denied() -> Self {
        Self::new(
            403,
            "AccessDenied",
            "Labs answer to the root of the first account, and to who is signed in to a lab's own account, of that lab only.",
        )
    }

    pub(crate) fn answer(&self) -> RouteAnswer {
        RouteAnswer::refused(self.status, &self.code, &self.message)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "labs cannot be read or written");
        Self::new(500, "InternalFailure", "The labs cannot be read or written; the log says why.")
    }
}
