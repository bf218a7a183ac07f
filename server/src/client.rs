//! A minimal HTTP client for talking to a running cloud: one request over plain HTTP/1.1, signed where asked.

use crate::Problem;
use crate::credentials::RootKey;
use clock::Clock;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Sends a request to a cloud, signed as for `sts` where a key is given.
pub(crate) fn send(
    method: &str,
    endpoint: &str,
    path: &str,
    key: Option<&RootKey>,
    body: &str,
) -> Result<Answer, Problem> {
    let host = endpoint.strip_prefix("http://").map(|host| host.trim_end_matches('/')).ok_or_else(|| {
        Problem::new(format!("the endpoint {endpoint} is not of the form http://host:port"))
    })?;
    let unreachable = |error: &dyn std::fmt::Display| {
        Problem::new(format!("no cloud answers at {endpoint} ({error}). Start one with `cloudchamber up`."))
    };
    let address = host.to_socket_addrs().map_err(|error| unreachable(&error))?.next();
    let address = address.ok_or_else(|| unreachable(&"no address"))?;
    let mut stream =
        TcpStream::connect_timeout(&address, Duration::from_secs(5)).map_err(|error| unreachable(&error))?;
    let _ = stream.set_read_timeout(Some(Duration::from_secs(180)));

    let mut headers = http::HeaderMap::new();
    let value = http::HeaderValue::from_str(host).map_err(|error| unreachable(&error))?;
    headers.insert(http::header::HOST, value);
    if let Some(key) = key {
        let now = clock::SystemClock::new().now();
        let credentials = sigv4::Credentials {
            access_key_id: key.access_key_id.clone(),
            secret: sigv4::SecretKey::new(key.secret_access_key.as_str()),
            session_token: None,
        };
        let digest = sigv4::hex_sha256(body.as_bytes());
        let signer = sigv4::Signer { credentials: &credentials, region: "us-east-1", service: "sts" };
        let signed = signer
            .sign(&sigv4::Request::new(method, path, "", &headers), &digest, now)
            .map_err(|error| Problem::new(format!("the request cannot be signed: {error}")))?;
        signed.apply(&mut headers);
    }
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    request.push_str("\r\n");
    request.push_str(body);
    stream.write_all(request.as_bytes()).map_err(|error| unreachable(&error))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|error| unreachable(&error))?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Ok(Answer { status, body: body.to_owned() })
}
