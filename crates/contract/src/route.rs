use crate::Context;
use bytes::Bytes;

/// A page beside the AWS APIs, under `/_cloudchamber/` (the mailbox …). It must not show or change what IAM protects.
#[async_trait::async_trait]
pub trait Route: Send + Sync + 'static {
    /// The first segment after `/_cloudchamber/`.
    fn segment(&self) -> &'static str;

    /// Only requests that the root of the first account signed (SigV4, service `sts`) are let through.
    fn root_only(&self) -> bool;

    /// Each request brings its own permission (a signed link), so it is answered to functions and other machines too. Pages that do not are
    /// answered without a signature only to this machine, outside of sandboxes.
    fn is_capability(&self) -> bool {
        false
    }

    /// Answers a request.
    async fn answer(&self, request: RouteRequest, context: &Context) -> RouteAnswer;
}

/// A request to a [`Route`].
#[derive(Debug, Clone)]
pub struct RouteRequest {
    /// Such as `GET`.
    pub method: String,
    /// What follows the segment, decoded, without a leading slash.
    pub path: String,
    /// Query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// The body, at most 1 MiB.
    pub body: Bytes,
}

/// The answer of a [`Route`].
#[derive(Debug, Clone)]
pub struct RouteAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
}
