//! Why a delivery was not made, in the words of dead-letter queues.

use wire::ErrorResponse;

/// A delivery that was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// `ERROR_CODE`
    pub(super) code: &'static str,
    /// `ERROR_MESSAGE`
    pub(super) message: String,
    /// It may be made later. What is refused for good is not tried again.
    pub(super) again: bool,
}

impl Failure {
    /// For good.
    pub(super) fn last(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), again: false }
    }
}

impl From<ErrorResponse> for Failure {
    fn from(error: ErrorResponse) -> Self {
        let code = error.code.as_str();
        let denied =
            ["AccessDenied", "AuthorizationError", "Unauthorized", "NotAuthorized", "KMSAccessDenied"];
        let missing = ["NotFound", "NonExistentQueue", "NoSuch", "DoesNotExist"];
        let has = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
        let message = error.message.clone();
        if has(&denied) || error.status == 403 {
            Self::last("NO_PERMISSIONS", message)
        } else if has(&missing) || error.status == 404 {
            Self::last("NO_RESOURCE", message)
        } else if error.status == 429 || code.contains("Throttl") || code.contains("TooManyRequests") {
            Self { code: "THROTTLING", message, again: true }
        } else if error.status >= 500 {
            Self { code: "INTERNAL_ERROR", message, again: true }
        } else {
            Self::last("INVALID_PARAMETER", message)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_by_their_kind() {
        for (code, status, expected, again) in [
            ("AccessDeniedException", 403, "NO_PERMISSIONS", false),
            ("AuthorizationError", 403, "NO_PERMISSIONS", false),
            ("AccessDenied", 400, "NO_PERMISSIONS", false),
            ("ResourceNotFoundException", 404, "NO_RESOURCE", false),
            ("AWS.SimpleQueueService.NonExistentQueue", 400, "NO_RESOURCE", false),
            ("QueueDoesNotExist", 400, "NO_RESOURCE", false),
            ("NotFound", 404, "NO_RESOURCE", false),
            ("TooManyRequestsException", 429, "THROTTLING", true),
            ("ThrottlingException", 400, "THROTTLING", true),
            ("ServiceException", 500, "INTERNAL_ERROR", true),
            ("InvalidParameter", 400, "INVALID_PARAMETER", false),
        ] {
            let failure = Failure::from(ErrorResponse::new(code, "why", status));
            assert_eq!((failure.code, failure.again), (expected, again), "{code}");
        }
    }
}
