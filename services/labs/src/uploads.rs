//! Uploads of a solution: over the network and signed, as a student's are, since S3's access log tells only of those.

use contract::Secret;
use http::HeaderMap;
use http::header::HOST;
use names::{Region, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
const MOST_ANSWER: u64 = 64 * 1024;

/// A user's access key.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

/// What is uploaded, and where.
pub(crate) struct Upload<'a> {
    pub(crate) bucket: &'a str,
    pub(crate) key: &'a str,
    pub(crate) body: &'a str,
}

/// Puts an object. An answer that is no success is told as the error.
pub(crate) async fn put(
    upload: &Upload<'_>,
    key: &Key,
    region: Region,
    endpoint: &str,
    now: Timestamp,
) -> Result<(), String> {
    let host = endpoint
        .strip_prefix("http://")
        .ok_or_else(|| format!("{endpoint} is not of the form http://host:port"))?;
    let path = format!("/{}/{}", upload.bucket, utf8_percent_encode(upload.key, KEPT));
    let mut headers = HeaderMap::new();
    let value = http::HeaderValue::from_str(host).map_err(|error| error.to_string())?;
    headers.insert(HOST, value);
    let credentials = sigv4::Credentials {
        access_key_id: key.id.clone(),
        secret: sigv4::SecretKey::new(key.secret.0.as_str()),
        session_token: None,
    };
    let signer = sigv4::Signer { credentials: &credentials, region: region.as_str(), service: "s3" };
    let digest = sigv4::hex_sha256(upload.body.as_bytes());
    let request = sigv4::Request::new("PUT", &path, "", &headers);
    let signed = signer.sign(&request, &digest, now).map_err(|error| error.to_string())?;
    signed.apply(&mut headers);
    let mut request =
        format!("PUT {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n", upload.body.len());
    for (name, value) in &headers {
        request.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    request.push_str("\r\n");
    request.push_str(upload.body);
    let answer = exchange(host, request.as_bytes())
        .await
        .map_err(|error| format!("{endpoint} does not answer: {error}"))?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if status.starts_with('2') {
        Ok(())
    } else {
        Err(format!("the upload was answered {}", answer.replace("\r\n", " ")))
    }
}

async fn exchange(host: &str, request: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(host).await?;
    stream.write_all(request).await?;
    let mut answer = Vec::new();
    stream.take(MOST_ANSWER).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
