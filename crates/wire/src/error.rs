//! An error on its way to the client.

use crate::Document;

/// Whose mistake it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The caller's.
    Sender,
    /// Ours.
    Receiver,
}

/// Any service's error, ready to be encoded in any protocol.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorResponse {
    /// The code that clients switch on, such as `InvalidGroup.NotFound`.
    pub code: String,
    /// The sentence that AWS prints.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
    /// Whose mistake it is.
    pub fault: Fault,
    /// Further members of the modelled error, by wire name (`Reason`, `Type` …). A member named `Message` or `message` is sent in place of [`message`](Self::message):
    /// services spell it either way.
    pub members: Vec<(&'static str, Document)>,
    /// The code of the old query protocol, sent as `x-amzn-query-error`.
    pub query_code: Option<&'static str>,
}

impl ErrorResponse {
    /// A client's error with status 400.
    #[must_use]
    pub fn sender(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(code, message, 400)
    }

    /// An error with a status; 500 and above are the receiver's fault.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>, status: u16) -> Self {
        let fault = if status >= 500 { Fault::Receiver } else { Fault::Sender };
        Self {
            code: code.into(),
            message: message.into(),
            status,
            fault,
            members: Vec::new(),
            query_code: None,
        }
    }
}

impl std::fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ErrorResponse {}
