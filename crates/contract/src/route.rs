use crate::{ClientInfo, Context, Principal};
use bytes::Bytes;
use wire::{Body, Chunks, Document};

/// A page beside the AWS APIs, under `/_cloudchamber/` (the mailbox …). It must not show or change what IAM protects.
#[async_trait::async_trait]
pub trait Route: Send + Sync + 'static {
    /// The first segment after `/_cloudchamber/`.
    fn segment(&self) -> &'static str;

    /// Whom it lets in. Scripts and links of other origins never are.
    fn entry(&self) -> Entry;

    /// Answers a request that was let in.
    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer;
}

/// Whom a [`Route`] lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Everybody, functions and other machines too: each request brings its own permission, as a signed link does.
    Capability,
    /// Everybody but functions: what it says is no secret, or it checks the secret that it is sent (sign-in).
    Public,
    /// Programs of this machine without a signature; scripts of our own pages, functions and other machines by the signature of any
    /// principal, whose account then bounds what they see.
    ThisMachine,
    /// Who signs (`SigV4`, service `sts`), any principal.
    Signed,
    /// Only the root of the first account, by its signature.
    Root,
}

/// A request to a [`Route`].
#[derive(Debug, Clone, Default)]
pub struct RouteRequest {
    /// Such as `GET`.
    pub method: String,
    /// What follows the segment, decoded, without a leading slash.
    pub path: String,
    /// Query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// The body, at most 1 MiB.
    pub body: Bytes,
    /// Who signed; None where nobody did, or where the route does not ask for it ([`Entry::Capability`], [`Entry::Public`]).
    pub signer: Option<Signer>,
    /// Where it came from.
    pub client: ClientInfo,
    /// Credentials that all the world knows (`test`/`test`) are accepted of this client.
    pub well_known_credentials: bool,
}

/// Who signed a request to a [`Route`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Who.
    pub principal: Principal,
    /// With which key.
    pub access_key_id: String,
}

impl RouteRequest {
    /// A parameter of the query, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The answer of a [`Route`].
#[derive(Debug, Clone)]
pub struct RouteAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: &'static str,
    /// The body. A stream is asked for its next chunk only when the client has taken the last, so it holds back, never ahead.
    pub body: Body,
}

impl RouteAnswer {
    /// An answer that is whole.
    #[must_use]
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self { status, content_type, body: Body::Whole(body.into()) }
    }

    /// An answer in JSON.
    #[must_use]
    pub fn json(status: u16, document: &Document) -> Self {
        Self::new(status, "application/json", document.to_string())
    }

    /// A refusal, as all of these pages write it.
    #[must_use]
    pub fn refused(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, &wire::document!({ "code": code, "message": message }))
    }

    /// An answer that comes bit by bit.
    #[must_use]
    pub fn stream(content_type: &'static str, chunks: Chunks) -> Self {
        Self { status: 200, content_type, body: Body::stream(chunks, None) }
    }

    /// The body of an answer that is whole; empty where it is a stream.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.body {
            Body::Whole(bytes) => bytes,
            Body::Stream(..) => &[],
        }
    }
}
