use super::{Mode, TRAILER_SIGNATURE};
use crate::{EMPTY_SHA256, Sha256, SigningKey, digest::to_hex};
use std::fmt;

/// The chain of a chunked body's signatures: each signs the one before it, the first the request's own.
#[derive(Clone)]
pub struct ChunkSigner {
    key: SigningKey,
    /// The moment and the scope, each with its line's end.
    lines: String,
    previous: [u8; 64],
}

impl ChunkSigner {
    pub(crate) fn new(key: SigningKey, amz_date: &str, scope: &str, seed: [u8; 64]) -> Self {
        Self { key, lines: format!("{amz_date}\n{scope}\n"), previous: seed }
    }

    /// `hashes` are the last lines of the string to sign.
    fn advance(&mut self, algorithm: &str, hashes: &[&[u8]]) -> [u8; 64] {
        let lines = [algorithm.as_bytes(), b"\n", self.lines.as_bytes(), &self.previous];
        let signature = self.key.sign(&[&lines, hashes].concat());
        self.previous = signature;
        signature
    }

    /// The signature of the next chunk, by the chunk's hash.
    pub(crate) fn chunk(&mut self, hash: &[u8; 32]) -> [u8; 64] {
        self.advance("AWS4-HMAC-SHA256-PAYLOAD", &[b"\n", EMPTY_SHA256.as_bytes(), b"\n", &to_hex(hash)])
    }

    /// The signature of the trailer, by the hash of its lines (`name:value` and a line feed each).
    pub(crate) fn trailer(&mut self, hash: &[u8; 32]) -> [u8; 64] {
        self.advance("AWS4-HMAC-SHA256-TRAILER", &[b"\n", &to_hex(hash)])
    }

    /// A whole body in chunks: what a client sends. `trailers` are names in lower case and values; they are written where the
    /// mode has a trailer.
    #[must_use]
    pub fn encode(
        mut self,
        mode: Mode,
        body: &[u8],
        chunk_size: usize,
        trailers: &[(&str, &str)],
    ) -> Vec<u8> {
        let mut out = Vec::with_capacity(body.len() + 512);
        let last: &[u8] = &[];
        for chunk in body.chunks(chunk_size.max(1)).chain(std::iter::once(last)) {
            out.extend_from_slice(format!("{:x}", chunk.len()).as_bytes());
            if mode.is_signed() {
                out.extend_from_slice(b";chunk-signature=");
                out.extend_from_slice(&self.chunk(&Sha256::of(chunk)));
            }
            out.extend_from_slice(b"\r\n");
            out.extend_from_slice(chunk);
            if !chunk.is_empty() {
                out.extend_from_slice(b"\r\n");
            }
        }
        if mode.has_trailer() {
            let mut lines = String::new();
            for (name, value) in trailers {
                lines.push_str(&format!("{name}:{value}\n"));
                out.extend_from_slice(format!("{name}:{value}\r\n").as_bytes());
            }
            if mode.is_signed() {
                out.extend_from_slice(format!("{TRAILER_SIGNATURE}:").as_bytes());
                out.extend_from_slice(&self.trailer(&Sha256::of(lines.as_bytes())));
                out.extend_from_slice(b"\r\n");
            }
        }
        out.extend_from_slice(b"\r\n");
        out
    }
}

impl fmt::Debug for ChunkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChunkSigner(hidden)")
    }
}
