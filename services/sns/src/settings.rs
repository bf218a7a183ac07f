use std::path::PathBuf;

/// Where mail goes besides the local mailbox.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// A folder that gets one `.eml` file per message.
    pub mail_dir: Option<PathBuf>,
    /// An SMTP relay, `smtp://HOST:PORT`, that gets every message. Plain SMTP: no TLS, no login.
    pub smtp: Option<String>,
}
