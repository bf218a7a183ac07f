use http::HeaderMap;

/// A request as it came over the wire: nothing decoded, nothing normalized.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, in upper case, such as `GET`.
    pub method: &'a str,
    /// The path of the request line, still percent-encoded. Empty means `/`.
    pub path: &'a str,
    /// The query string without its `?`, still percent-encoded.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// HTTP/2's `:authority`, which stands in where there is no `Host` header.
    pub authority: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// A request without `:authority`.
    #[must_use]
    pub fn new(method: &'a str, path: &'a str, query: &'a str, headers: &'a HeaderMap) -> Self {
        Self { method, path, query, headers, authority: None }
    }

    /// The same request with HTTP/2's `:authority`.
    #[must_use]
    pub fn with_authority(self, authority: Option<&'a str>) -> Self {
        Self { authority, ..self }
    }

    /// The first value of a header, where it is visible ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }
}
