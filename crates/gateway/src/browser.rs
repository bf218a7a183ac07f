//! What browsers show of buckets' objects and other answers: documents of our own origin that anybody may have written. They are shown in a sandbox
//! without an origin, so that their scripts reach neither the console's storage nor anything else that is kept for this origin.

use crate::answer::Answer;
use crate::received::Received;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

/// Everything but `allow-same-origin` and leave to navigate the page around it.
const SANDBOX: &str = "sandbox allow-downloads allow-forms allow-modals allow-popups allow-scripts";

impl Received {
    /// A browser would show the answer as a document of its own, in a window or a frame.
    pub(crate) fn is_for_document(&self) -> bool {
        match self.header("sec-fetch-dest") {
            Some(kind) => {
                matches!(kind, "document" | "iframe" | "frame" | "embed" | "object" | "fencedframe")
            }
            // Browsers do not say what for where the address is neither HTTPS nor loopback; they all go by this name.
            None => self.header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/")),
        }
    }

    /// A browser asks.
    fn is_of_browser(&self) -> bool {
        self.header("sec-fetch-dest").is_some()
            || self.header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/"))
    }

    /// The answer comes from where the console's scripts come from, and is not the console's.
    pub(crate) fn is_among_console(&self) -> bool {
        self.path().starts_with("/console/") && self.is_of_browser()
    }

    /// A browser would run the answer, or style a page by it.
    pub(crate) fn is_for_page(&self) -> bool {
        matches!(
            self.header("sec-fetch-dest"),
            Some(
                "script"
                    | "style"
                    | "worker"
                    | "sharedworker"
                    | "serviceworker"
                    | "audioworklet"
                    | "paintworklet"
                    | "xslt"
            )
        )
    }
}

/// Has a browser ask again: an object that it keeps, as an image say, it would take from its cache when it is asked to run it.
pub(crate) fn forget(answer: &mut Answer) {
    answer.0.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Keeps a document apart.
pub(crate) fn contain(answer: &mut Answer) {
    let headers = answer.0.headers_mut();
    // Browsers show PDF by a program of their own, apart from us already, and not in a sandbox.
    if headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "application/pdf") {
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    } else {
        headers.append(CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX));
    }
}
