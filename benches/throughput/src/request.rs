use clock::Clock;
use http::HeaderMap;
use sigv4::{Credentials, SecretKey, Signer};
use std::net::SocketAddr;

/// A server under load.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name in the table.
    pub name: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its process.
    pub pid: u32,
}

/// A request, ready to be written to a socket.
#[derive(Debug, Clone)]
pub struct Request(pub Vec<u8>);

impl Request {
    /// A request signed with `test`/`test` for us-east-1.
    ///
    /// # Panics
    /// Never with the constants that benchmarks pass.
    #[must_use]
    pub fn signed(
        target: SocketAddr,
        method: &str,
        path: &str,
        service: &str,
        content_type: &str,
        body: &[u8],
    ) -> Self {
        Self::with_target(target, method, path, service, (content_type, None), body)
    }

    /// As [`Request::signed`], of a service that is told the operation in `X-Amz-Target`.
    #[must_use]
    pub fn targeted(
        address: SocketAddr,
        service: &str,
        content_type: &str,
        operation: &str,
        body: &[u8],
    ) -> Self {
        Self::with_target(address, "POST", "/", service, (content_type, Some(operation)), body)
    }

    #[expect(clippy::expect_used, reason = "a benchmark that cannot sign has nothing to measure")]
    fn with_target(
        target: SocketAddr,
        method: &str,
        path: &str,
        service: &str,
        (content_type, operation): (&str, Option<&str>),
        body: &[u8],
    ) -> Self {
        let credentials =
            Credentials { access_key_id: "test".into(), secret: SecretKey::new("test"), session_token: None };
        let mut headers = HeaderMap::new();
        headers
            .insert(http::header::HOST, target.to_string().parse().expect("an address is a header's value"));
        if !content_type.is_empty() {
            headers.insert(http::header::CONTENT_TYPE, content_type.parse().expect("a content type"));
        }
        if let Some(operation) = operation {
            headers.insert("x-amz-target", operation.parse().expect("an operation's name"));
        }
        let signer = Signer { credentials: &credentials, region: "us-east-1", service };
        let now = clock::SystemClock::new().now();
        let request = sigv4::Request::new(method, path, "", &headers);
        let signed =
            signer.sign(&request, &sigv4::hex_sha256(body), now).expect("the credentials fit headers");
        signed.apply(&mut headers);
        let mut bytes =
            format!("{method} {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len()).into_bytes();
        for (name, value) in &headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
        Self(bytes)
    }
}
