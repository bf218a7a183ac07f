use crate::refusal::no_receipt;
use crate::state::{Message, Queue};
use api_sqs::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

/// What a receipt handle holds: which message of which queue, and which receive of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) mailbox: String,
    pub(crate) message: String,
    pub(crate) receipt: String,
}

impl Handle {
    /// The handle of the latest receive of a message.
    pub(crate) fn of(queue: &Queue, message: &Message) -> String {
        let receipt = message.receipt.as_deref().unwrap_or_default();
        let text = format!("{} {} {} {receipt}", queue.id, message.mailbox, message.id);
        URL_SAFE.encode(text)
    }

    /// Reads a handle that must be of this queue.
    pub(crate) fn read(text: &str, queue: &Queue) -> Result<Self, Error> {
        let refused = || no_receipt(text);
        let bytes = if text.len() <= 1024 { URL_SAFE.decode(text).ok() } else { None };
        let plain = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refused)?;
        let mut parts = plain.split(' ');
        let mut next = || parts.next().map(str::to_owned).ok_or_else(refused);
        let (id, mailbox, message, receipt) = (next()?, next()?, next()?, next()?);
        if id != queue.id || parts.next().is_some() || receipt.is_empty() {
            return Err(refused());
        }
        Ok(Self { mailbox, message, receipt })
    }
}
