use crate::{Context, Principal};
use names::{RequestId, Timestamp};
use std::net::IpAddr;
use std::time::Duration;

/// Is told of every request to its service that came by the network and whose signature was right (or that had none), after its answer
/// was made: what AWS calls server access logging.
pub trait RequestLog: Send + Sync + 'static {
    /// Takes note. It must not wait: the answer does.
    fn note(&self, request: &ServedRequest, context: &Context);
}

/// A request and its answer.
#[derive(Debug, Clone)]
pub struct ServedRequest {
    /// Such as `GetObject`.
    pub operation: &'static str,
    /// What the path names, such as (`Bucket`, name) and (`Key`, key), decoded.
    pub labels: Vec<(&'static str, String)>,
    /// Its id.
    pub id: RequestId,
    /// When it was received.
    pub at: Timestamp,
    /// How long it took to answer.
    pub elapsed: Duration,
    /// Such as `GET`.
    pub method: String,
    /// Raw path and query.
    pub uri: String,
    /// Who asked.
    pub principal: Principal,
    /// Where the signature was.
    pub signed_by: SignedBy,
    /// From where.
    pub source_ip: Option<IpAddr>,
    /// The User-Agent header.
    pub user_agent: String,
    /// The Referer header.
    pub referer: Option<String>,
    /// The Host header.
    pub host: String,
    /// TLS was used.
    pub tls: bool,
    /// The answer's status.
    pub status: u16,
    /// The error's code, where it was refused.
    pub error_code: Option<String>,
    /// How many bytes the answer's body has.
    pub sent: Option<u64>,
    /// How many bytes the object has that was sent or taken.
    pub object_size: Option<u64>,
}

/// Where a request's signature was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy {
    /// There was none.
    Nobody,
    /// In the `Authorization` header.
    Header,
    /// In the URL.
    Query,
    /// In a form's fields.
    Form,
}

impl ServedRequest {
    /// What the path names.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// A raw parameter of the query.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.uri.split_once('?')?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    }
}
