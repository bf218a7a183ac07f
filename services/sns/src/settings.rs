use names::AccountId;
use std::path::PathBuf;

/// Where mail goes besides the local mailbox.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// A folder that gets one `.eml` file per message.
    pub mail_dir: Option<PathBuf>,
    /// An SMTP relay, `smtp://HOST:PORT`, that gets every message of who may have mail sent. Plain SMTP: no TLS, no login.
    pub smtp: Option<String>,
    /// Only mail of this account goes to the relay; None: that of all. Where students have accounts of their own, they should not have mail sent to anybody.
    pub relay_only: Option<AccountId>,
}
