use super::{ChunkSigner, ChunkedError, Mode, SMALLEST_CHUNK, TRAILER_SIGNATURE};
use crate::Sha256;
use crate::checksum::Algorithm;
use bytes::{Buf, Bytes};
use http::HeaderMap;
use subtle::ConstantTimeEq;

/// Longer than any chunk's first line (16 digits and a signature) and any trailer's line.
const LONGEST_LINE: usize = 512;
/// More checksums than S3 has algorithms.
const MOST_TRAILERS: usize = 8;

/// A trailer's headers: names in lower case and values, as they came.
pub type Trailers = Vec<(String, String)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A chunk's first line.
    Header,
    /// So many bytes of a chunk.
    Data(u64),
    /// The line's end after a chunk's bytes.
    DataEnd,
    /// A trailer's line, or the empty one that ends the body.
    Trailer,
    Done,
    Failed,
}

/// Takes an `aws-chunked` body in pieces of any size and gives its payload, in bounded memory.
///
/// A chunk's signature can be verified at its end only, so payload that has been given is to be kept apart until
/// [`ChunkedDecoder::finish`] returns `Ok`. After an error nothing more comes.
#[derive(Debug, Clone)]
pub struct ChunkedDecoder {
    mode: Mode,
    signer: ChunkSigner,
    state: State,
    line: Vec<u8>,
    /// Bytes of payload that are still to come.
    remaining: u64,
    chunks: u64,
    /// The size of the last chunk, once there was one.
    size: Option<u64>,
    hash: Sha256,
    claimed: Vec<u8>,
    announced: Vec<String>,
    trailers: Trailers,
    trailer_signature: Option<String>,
}

impl ChunkedDecoder {
    /// `signer` is seeded with the request's signature. Of the headers, `x-amz-decoded-content-length` and `x-amz-trailer`
    /// are read.
    pub(crate) fn new(mode: Mode, signer: ChunkSigner, headers: &HeaderMap) -> Result<Self, ChunkedError> {
        let length = headers.get("x-amz-decoded-content-length").ok_or(ChunkedError::MissingDecodedLength)?;
        let text = String::from_utf8_lossy(length.as_bytes());
        let invalid = || ChunkedError::InvalidDecodedLength { value: text.clone().into_owned() };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let remaining = if digits { text.parse().map_err(|_| invalid())? } else { return Err(invalid()) };
        Ok(Self {
            mode,
            signer,
            state: State::Header,
            line: Vec::with_capacity(128),
            remaining,
            chunks: 0,
            size: None,
            hash: Sha256::new(),
            claimed: Vec::new(),
            announced: if mode.has_trailer() { announced(headers)? } else { Vec::new() },
            trailers: Vec::new(),
            trailer_signature: None,
        })
    }

    /// The next piece of payload from `input`, which is consumed as far as it has been read; `None` once it is empty.
    ///
    /// # Errors
    /// [`ChunkedError`]; the body is then refused as a whole.
    pub fn next(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, ChunkedError> {
        let next = self.advance(input);
        if next.is_err() {
            self.state = State::Failed;
        }
        next
    }

    /// The trailer, once the body has ended.
    ///
    /// # Errors
    /// [`ChunkedError`] where the body has not ended as it has to.
    pub fn finish(self) -> Result<Trailers, ChunkedError> {
        match self.state {
            State::Done => Ok(self.trailers),
            State::Trailer if self.mode.has_trailer() => Err(ChunkedError::MalformedTrailer),
            _ => Err(ChunkedError::Incomplete),
        }
    }

    fn advance(&mut self, input: &mut Bytes) -> Result<Option<Bytes>, ChunkedError> {
        while input.has_remaining() {
            match self.state {
                State::Data(left) => {
                    let count = usize::try_from(left).unwrap_or(usize::MAX).min(input.len());
                    let piece = input.split_to(count);
                    let left = left.saturating_sub(count as u64);
                    self.state = if left == 0 { State::DataEnd } else { State::Data(left) };
                    if self.mode.is_signed() {
                        self.hash.update(&piece);
                    }
                    return Ok(Some(piece));
                }
                State::Header => {
                    if let Some(line) = self.line(input, ChunkedError::Incomplete)? {
                        self.begin_chunk(&line)?;
                    }
                }
                State::DataEnd => {
                    if let Some(line) = self.line(input, ChunkedError::Incomplete)? {
                        if !line.is_empty() {
                            return Err(ChunkedError::Incomplete);
                        }
                        self.end_chunk()?;
                        self.state = State::Header;
                    }
                }
                State::Trailer => {
                    if let Some(line) = self.line(input, ChunkedError::MalformedTrailer)? {
                        if line.is_empty() { self.end_trailer()? } else { self.trailer(&line)? }
                    }
                }
                State::Done | State::Failed => return Err(ChunkedError::Incomplete),
            }
        }
        Ok(None)
    }

    /// A line up to its CRLF, without it; `None` where the input ends before the line does.
    fn line(&mut self, input: &mut Bytes, fault: ChunkedError) -> Result<Option<String>, ChunkedError> {
        let end = input.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(input.len(), |end| end + 1);
        if self.line.len() + count > LONGEST_LINE {
            return Err(fault);
        }
        self.line.extend_from_slice(&input.split_to(count));
        if end.is_none() {
            return Ok(None);
        }
        let line = std::mem::take(&mut self.line);
        let text = line.strip_suffix(b"\r\n").filter(|text| text.is_ascii() && !text.contains(&b'\r'));
        match text.and_then(|text| String::from_utf8(text.to_vec()).ok()) {
            Some(text) => Ok(Some(text)),
            None => Err(fault),
        }
    }

    /// `size` or, where chunks are signed, `size;chunk-signature=…`.
    fn begin_chunk(&mut self, line: &str) -> Result<(), ChunkedError> {
        let size = if self.mode.is_signed() {
            let (size, claimed) = line.split_once(";chunk-signature=").ok_or(ChunkedError::Incomplete)?;
            self.claimed.clear();
            self.claimed.extend_from_slice(claimed.as_bytes());
            size
        } else {
            line
        };
        let hexadecimal =
            !size.is_empty() && size.len() <= 16 && size.bytes().all(|byte| byte.is_ascii_hexdigit());
        let size =
            u64::from_str_radix(size, 16).ok().filter(|_| hexadecimal).ok_or(ChunkedError::Incomplete)?;
        self.chunks += 1;
        if let Some(before) = self.size.filter(|before| *before < SMALLEST_CHUNK && size > 0) {
            return Err(ChunkedError::ChunkTooSmall { chunk: self.chunks, size: before });
        }
        self.size = Some(size);
        self.remaining = self.remaining.checked_sub(size).ok_or(ChunkedError::WrongLength)?;
        if size > 0 {
            self.state = State::Data(size);
            return Ok(());
        }
        self.end_chunk()?;
        if self.remaining > 0 {
            return Err(ChunkedError::WrongLength);
        }
        self.state = State::Trailer;
        Ok(())
    }

    fn end_chunk(&mut self) -> Result<(), ChunkedError> {
        if !self.mode.is_signed() {
            return Ok(());
        }
        let hash = std::mem::take(&mut self.hash).finish();
        same(&self.signer.chunk(&hash), &self.claimed)
    }

    fn trailer(&mut self, line: &str) -> Result<(), ChunkedError> {
        let (name, value) = line.split_once(':').ok_or(ChunkedError::MalformedTrailer)?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
        if !self.mode.has_trailer() || self.trailer_signature.is_some() {
            return Err(ChunkedError::MalformedTrailer);
        }
        if name == TRAILER_SIGNATURE && self.mode.is_signed() {
            self.trailer_signature = Some(value);
            return Ok(());
        }
        let twice = self.trailers.iter().any(|(known, _)| *known == name);
        if twice || !self.announced.contains(&name) {
            return Err(ChunkedError::MalformedTrailer);
        }
        self.trailers.push((name, value));
        Ok(())
    }

    fn end_trailer(&mut self) -> Result<(), ChunkedError> {
        if self.trailers.len() != self.announced.len() {
            return Err(ChunkedError::MalformedTrailer);
        }
        if self.mode == Mode::SignedTrailer {
            let claimed = self.trailer_signature.take().ok_or(ChunkedError::MalformedTrailer)?;
            let lines: String =
                self.trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
            same(&self.signer.trailer(&Sha256::of(lines.as_bytes())), claimed.as_bytes())?;
        }
        self.state = State::Done;
        Ok(())
    }
}

fn same(computed: &[u8; 64], claimed: &[u8]) -> Result<(), ChunkedError> {
    if bool::from(computed.as_slice().ct_eq(claimed)) { Ok(()) } else { Err(ChunkedError::SignatureMismatch) }
}

/// The names in `x-amz-trailer`, in lower case, each once.
fn announced(headers: &HeaderMap) -> Result<Vec<String>, ChunkedError> {
    let mut names = Vec::new();
    for header in headers.get_all("x-amz-trailer") {
        let text = header.to_str().map_err(|_| ChunkedError::UnsupportedTrailer)?;
        for name in
            text.split(',').map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty())
        {
            if names.len() == MOST_TRAILERS || names.contains(&name) || Algorithm::of_header(&name).is_none()
            {
                return Err(ChunkedError::UnsupportedTrailer);
            }
            names.push(name);
        }
    }
    Ok(names)
}
