//! The body of a request: collected within a limit, or streamed through the checks that its signature promises.

use crate::authenticate::from_answer;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http::HeaderMap;
use http_body_util::BodyExt;
use sigv4::checksum::{Algorithm, Checksum};
use sigv4::chunked::ChunkedDecoder;
use sigv4::{BodyCheck, Verified};
use std::io::Read;
use wire::{Body, ErrorResponse, Protocol};

/// Any request body that the gateway can be given.
pub type Incoming = http_body_util::combinators::UnsyncBoxBody<Bytes, std::io::Error>;

/// A form body: a template of 1 MB, encoded, is the largest that any query operation takes.
pub(crate) const FORM_LIMIT: usize = 8 << 20;

/// The largest body that is held in memory. Lambda's zip files (50 MB, base64) are the largest of JSON bodies.
pub(crate) fn limit(protocol: Protocol) -> usize {
    match protocol {
        Protocol::RestJson => 72 << 20,
        Protocol::RestXml => 2 << 20,
        _ => 16 << 20,
    }
}

/// A body on its way in.
pub(crate) struct Source {
    incoming: Option<Incoming>,
    collected: Option<Bytes>,
}

impl Source {
    pub(crate) fn new(incoming: Incoming) -> Self {
        Self { incoming: Some(incoming), collected: None }
    }

    /// Reads the whole body, once.
    pub(crate) async fn collect(&mut self, limit: usize) -> Result<Bytes, ErrorResponse> {
        if let Some(mut incoming) = self.incoming.take() {
            let mut whole = BytesMut::new();
            while let Some(frame) = incoming.frame().await {
                let frame = frame.map_err(|_| cut_short())?;
                let Ok(data) = frame.into_data() else { continue };
                if whole.len() + data.len() > limit {
                    return Err(too_large(limit));
                }
                whole.extend_from_slice(&data);
            }
            self.collected = Some(whole.freeze());
        }
        Ok(self.collected.clone().unwrap_or_default())
    }

    /// What was collected; None where the body still streams.
    pub(crate) fn collected(&self) -> Option<&[u8]> {
        self.collected.as_deref()
    }

    /// The body for the decoder: whole, or a stream that ends with an error where it is not what was signed.
    pub(crate) async fn into_body(
        self,
        verified: Option<&Verified>,
        headers: &HeaderMap,
    ) -> Result<Body, ErrorResponse> {
        let Some(incoming) = self.incoming else {
            let collected = self.collected.unwrap_or_default();
            return match verified {
                Some(verified) => unchunked(collected, verified, headers).await.map(Body::Whole),
                None => Ok(Body::Whole(collected)),
            };
        };
        let number =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        let decoder = match verified {
            Some(verified) => verified.decoder(headers).map_err(|error| from_answer(error.answer()))?,
            None => None,
        };
        let length =
            if decoder.is_some() { number("x-amz-decoded-content-length") } else { number("content-length") };
        let checks = Checks {
            decoder,
            hash: verified.and_then(Verified::body_check),
            trailing: trailing_checksum(headers),
        };
        let frames = incoming.into_data_stream().map(|chunk| chunk.map_err(|_| broken_off()));
        Ok(Body::stream(checked(frames.boxed(), checks), length))
    }
}

/// A body that was collected. One in chunks is promised by its chunks' signatures and not by the request's, whatever operation it is for.
async fn unchunked(
    collected: Bytes,
    verified: &Verified,
    headers: &HeaderMap,
) -> Result<Bytes, ErrorResponse> {
    let Some(decoder) = verified.decoder(headers).map_err(|error| from_answer(error.answer()))? else {
        return Ok(collected);
    };
    let checks = Checks { decoder: Some(decoder), hash: None, trailing: trailing_checksum(headers) };
    let mut pieces = checked(futures::stream::iter([Ok(collected)]).boxed(), checks);
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        whole.extend_from_slice(&piece.map_err(|error| {
            let refused = error.get_ref().and_then(|inner| inner.downcast_ref::<ErrorResponse>()).cloned();
            refused.unwrap_or_else(cut_short)
        })?);
    }
    Ok(whole.freeze())
}

/// Whether a body of a protocol may come compressed: elsewhere `Content-Encoding` is an object's own (S3).
pub(crate) fn may_be_compressed(protocol: Protocol) -> bool {
    !matches!(protocol, Protocol::RestJson | Protocol::RestXml)
}

/// A body as it was before it was compressed: SDKs do that to long ones of some operations (PutMetricData). Its signature is over what was sent.
pub(crate) fn inflated(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, ErrorResponse> {
    let encoding = headers.get("content-encoding").and_then(|value| value.to_str().ok()).map(str::trim);
    if !encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip")) {
        return Ok(body);
    }
    let mut inflated = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut decoder = flate2::read::MultiGzDecoder::new(body.as_ref()).take(most);
    decoder.read_to_end(&mut inflated).map_err(|_| {
        ErrorResponse::sender(
            "SerializationException",
            "The request body is not what its Content-Encoding says.",
        )
    })?;
    if inflated.len() > limit { Err(too_large(limit)) } else { Ok(inflated.into()) }
}

fn too_large(limit: usize) -> ErrorResponse {
    let sentence = format!("Request must be smaller than {limit} bytes for this operation");
    ErrorResponse::new("RequestEntityTooLarge", sentence, 413)
}

/// Checks a body that is held in memory against the digests that its headers promise (S3; streamed bodies are checked by who takes them).
pub(crate) fn intact(headers: &HeaderMap, body: &[u8]) -> Result<(), ErrorResponse> {
    use base64::Engine;
    use md5::Digest;
    let base64 = base64::engine::general_purpose::STANDARD;
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(sent) = value("content-md5") {
        let sent = base64.decode(sent).ok().filter(|digest| digest.len() == 16).ok_or_else(|| {
            ErrorResponse::sender("InvalidDigest", "The Content-MD5 you specified was invalid.")
        })?;
        if sent != md5::Md5::digest(body).as_slice() {
            let sentence = "The Content-MD5 you specified did not match what we received.";
            return Err(ErrorResponse::sender("BadDigest", sentence));
        }
    }
    for algorithm in Algorithm::ALL {
        let Some(sent) = value(algorithm.header()) else { continue };
        let mut checksum = Checksum::new(algorithm);
        checksum.update(body);
        if sent != checksum.finish_base64() {
            let name = algorithm.name();
            let sentence = format!("The {name} you specified did not match the calculated checksum.");
            return Err(ErrorResponse::sender("BadDigest", sentence));
        }
    }
    Ok(())
}

/// What a streamed body has to satisfy.
struct Checks {
    decoder: Option<ChunkedDecoder>,
    hash: Option<BodyCheck>,
    /// The checksum that comes in the trailer, by the trailer's name.
    trailing: Option<(String, Checksum)>,
}

fn trailing_checksum(headers: &HeaderMap) -> Option<(String, Checksum)> {
    let name = headers.get("x-amz-trailer")?.to_str().ok()?.trim().to_ascii_lowercase();
    let checksum = Checksum::new(Algorithm::of_header(&name)?);
    Some((name, checksum))
}

/// The body ended before its time.
fn cut_short() -> ErrorResponse {
    ErrorResponse::sender("IncompleteBody", "The request body terminated unexpectedly")
}

fn broken_off() -> std::io::Error {
    refusal(cut_short())
}

/// An error of the stream that says what to answer: services find the [`ErrorResponse`] inside.
fn refusal(response: ErrorResponse) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, response)
}

type Frames = futures::stream::BoxStream<'static, std::io::Result<Bytes>>;

fn checked(frames: Frames, checks: Checks) -> Frames {
    if checks.decoder.is_none() && checks.hash.is_none() {
        return frames;
    }
    struct State {
        frames: Frames,
        pending: Bytes,
        checks: Option<Checks>,
    }
    let state = State { frames, pending: Bytes::new(), checks: Some(checks) };
    Box::pin(futures::stream::unfold(state, |mut state| async move {
        loop {
            let checks = state.checks.as_mut()?;
            if let Some(decoder) = &mut checks.decoder
                && !state.pending.is_empty()
            {
                match decoder.next(&mut state.pending) {
                    Ok(Some(piece)) => {
                        if let Some((_, checksum)) = &mut checks.trailing {
                            checksum.update(&piece);
                        }
                        return Some((Ok(piece), state));
                    }
                    Ok(None) => {}
                    Err(error) => {
                        state.checks = None;
                        return Some((Err(refusal(from_answer(error.answer()))), state));
                    }
                }
            }
            match state.frames.next().await {
                Some(Ok(frame)) if checks.decoder.is_some() => state.pending = frame,
                Some(Ok(frame)) => {
                    if let Some(hash) = &mut checks.hash {
                        hash.update(&frame);
                    }
                    return Some((Ok(frame), state));
                }
                Some(Err(error)) => {
                    state.checks = None;
                    return Some((Err(error), state));
                }
                None => {
                    let checks = state.checks.take()?;
                    return finish(checks).err().map(|error| (Err(refusal(error)), state));
                }
            }
        }
    }))
}

fn finish(checks: Checks) -> Result<(), ErrorResponse> {
    if let Some(hash) = checks.hash {
        hash.finish().map_err(|error| crate::authenticate::response(&error, sigv4::Flavor::S3))?;
    }
    let Some(decoder) = checks.decoder else { return Ok(()) };
    let trailers = decoder.finish().map_err(|error| from_answer(error.answer()))?;
    if let Some((name, checksum)) = checks.trailing {
        let sent = trailers.iter().find(|(trailer, _)| *trailer == name).map(|(_, value)| value.to_owned());
        let algorithm = checksum.algorithm();
        if sent.as_deref() != Some(checksum.finish_base64().as_str()) {
            return Err(ErrorResponse::sender(
                "BadDigest",
                format!("The {} you specified did not match the calculated checksum.", algorithm.name()),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &'static str, value: &str, body: &[u8]) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        intact(&headers, body).err().map(|error| error.code)
    }

    #[test]
    fn compressed_bodies_are_inflated_within_the_limit() {
        use std::io::Write;
        let zipped = |length: usize| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(&vec![b'a'; length]).unwrap();
            Bytes::from(encoder.finish().unwrap())
        };
        let mut headers = HeaderMap::new();
        let plain = Bytes::from_static(b"Action=ListMetrics");
        assert_eq!(
            inflated(&headers, plain.clone(), 100).unwrap(),
            plain,
            "nothing says that it is compressed"
        );
        headers.insert("content-encoding", "GZIP".parse().unwrap());
        assert_eq!(inflated(&headers, zipped(100), 100).unwrap().len(), 100);
        let code = |body| inflated(&headers, body, 100).unwrap_err().code;
        assert_eq!(code(zipped(101)), "RequestEntityTooLarge");
        assert_eq!(code(zipped(50_000_000)), "RequestEntityTooLarge");
        assert_eq!(code(plain), "SerializationException");
        assert_eq!(code(zipped(100).slice(..20)), "SerializationException");
    }

    #[test]
    fn a_body_must_be_what_its_headers_promise() {
        assert_eq!(verdict("content-md5", "kAFQmDzST7DWlj99KOF/cg==", b"abc"), None);
        assert_eq!(verdict("content-md5", "kAFQmDzST7DWlj99KOF/cg==", b"abd").as_deref(), Some("BadDigest"));
        assert_eq!(verdict("content-md5", "abc", b"abc").as_deref(), Some("InvalidDigest"));
        assert_eq!(verdict("x-amz-checksum-crc32", "NSRBwg==", b"abc"), None);
        assert_eq!(verdict("x-amz-checksum-crc32", "NSRBwg==", b"abd").as_deref(), Some("BadDigest"));
        assert_eq!(verdict("x-amz-meta-other", "x", b"abc"), None);
    }
}
