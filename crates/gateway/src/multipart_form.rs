//! `multipart/form-data`, read as it comes: the fields before the file are held, the file streams.

use crate::authenticate::from_answer;
use crate::body::Incoming;
use crate::form_upload::argument;
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http_body_util::BodyExt;
use sigv4::post::{Field, Policy, PostError};
use wire::{Body, ErrorResponse};

/// As much as is held in memory of what comes before the file: S3 takes 20 KB of fields, and parts have heads.
const MOST_BEFORE_FILE: usize = 64 * 1024;

pub(crate) fn malformed() -> ErrorResponse {
    let sentence = "The body of your POST request is not well-formed multipart/form-data.";
    ErrorResponse::sender("MalformedPOSTRequest", sentence)
}

/// What is read of a form.
pub(crate) struct Form {
    incoming: Incoming,
    buffer: BytesMut,
    /// Ends a part: a line end, two hyphens and the boundary.
    delimiter: Vec<u8>,
}

/// The head of a part.
pub(crate) struct Part {
    name: String,
    pub(crate) filename: Option<String>,
    content_type: Option<String>,
}

impl Form {
    pub(crate) fn new(content_type: &str, incoming: Incoming) -> Result<Self, ErrorResponse> {
        let boundary = content_type
            .split(';')
            .skip(1)
            .find_map(|parameter| {
                let (name, value) = parameter.trim().split_once('=')?;
                name.eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"'))
            })
            .filter(|boundary| !boundary.is_empty() && boundary.len() <= 70)
            .ok_or_else(malformed)?;
        // The first boundary has no line before it: one is put there.
        Ok(Self {
            incoming,
            buffer: BytesMut::from(&b"\r\n"[..]),
            delimiter: format!("\r\n--{boundary}").into_bytes(),
        })
    }

    /// More of the body; false at its end.
    async fn more(&mut self) -> Result<bool, ErrorResponse> {
        while let Some(frame) = self.incoming.frame().await {
            let frame = frame.map_err(|_| malformed())?;
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                self.buffer.extend_from_slice(&data);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// All up to a text, which is taken away too; at most what may come before the file.
    async fn until(&mut self, end: &[u8]) -> Result<Bytes, ErrorResponse> {
        loop {
            if let Some(at) = find(&self.buffer, end) {
                let found = self.buffer.split_to(at).freeze();
                let _ = self.buffer.split_to(end.len());
                return Ok(found);
            }
            if self.buffer.len() > MOST_BEFORE_FILE {
                let error = PostError::FieldsTooLong;
                return Err(from_answer(error.answer()));
            }
            if !self.more().await? {
                return Err(malformed());
            }
        }
    }

    /// The head of the next part; None after the last one. The delimiter before it has been taken.
    async fn part(&mut self) -> Result<Option<Part>, ErrorResponse> {
        let line = self.until(b"\r\n").await?;
        if line.starts_with(b"--") {
            return Ok(None);
        }
        let mut part = Part { name: String::new(), filename: None, content_type: None };
        loop {
            let line = self.until(b"\r\n").await?;
            if line.is_empty() {
                break;
            }
            let line = std::str::from_utf8(&line).map_err(|_| malformed())?;
            let (header, value) = line.split_once(':').ok_or_else(malformed)?;
            if header.trim().eq_ignore_ascii_case("content-disposition") {
                part.name = parameter(value, "name").ok_or_else(malformed)?;
                part.filename = parameter(value, "filename");
            } else if header.trim().eq_ignore_ascii_case("content-type") {
                part.content_type = Some(value.trim().to_owned());
            }
        }
        if part.name.is_empty() { Err(malformed()) } else { Ok(Some(part)) }
    }

    /// The file, which streams until its delimiter; `range` is how many bytes it may have.
    pub(crate) fn file(self, range: Option<Policy>) -> Body {
        struct State {
            form: Form,
            policy: Option<Policy>,
            taken: u64,
            over: bool,
        }
        let state = State { form: self, policy: range, taken: 0, over: false };
        let refuse = |error| std::io::Error::new(std::io::ErrorKind::InvalidData, error);
        let check = |policy: &Option<Policy>, length| match policy {
            Some(policy) => policy.check_length(length).map_err(|error| from_answer(error.answer())),
            None => Ok(()),
        };
        let chunks = futures::stream::unfold(Some(state), move |state| async move {
            let mut state = state.filter(|state| !state.over)?;
            loop {
                let (ready, over) = match find(&state.form.buffer, &state.form.delimiter) {
                    Some(at) => (at, true),
                    None => (state.form.buffer.len().saturating_sub(state.form.delimiter.len()), false),
                };
                if ready > 0 || over {
                    let chunk = state.form.buffer.split_to(ready).freeze();
                    state.taken = state.taken.saturating_add(u64::try_from(ready).unwrap_or(u64::MAX));
                    state.over = over;
                    let most = state.policy.as_ref().and_then(Policy::length_range).map(|(_, most)| most);
                    if (over || most.is_some_and(|most| state.taken > most))
                        && let Err(error) = check(&state.policy, state.taken)
                    {
                        return Some((Err(refuse(error)), None));
                    }
                    if over && !chunk.is_empty() {
                        return Some((Ok(chunk), Some(state)));
                    }
                    return if over { None } else { Some((Ok(chunk), Some(state))) };
                }
                match state.form.more().await {
                    Ok(true) => {}
                    Ok(false) => return Some((Err(refuse(malformed())), None)),
                    Err(error) => return Some((Err(refuse(error)), None)),
                }
            }
        });
        Body::stream(chunks.boxed(), None)
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack.get(from..)?.iter().position(|byte| byte == first) {
        if haystack.get(from + at..)?.starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// A parameter of a header, in quotes or not: what stands in quotes may hold semicolons. Browsers write a quote in a name as `%22`, others as
/// `\"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (known, after) = rest.split_once('=')?;
        let (value, after) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => {
                let mut before = ' ';
                let end = quoted.find(|character| {
                    let ends = character == '"' && before != '\\';
                    before = character;
                    ends
                })?;
                (quoted.get(..end)?.replace("\\\"", "\""), quoted.get(end + 1..)?)
            }
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after.get(..end)?.trim().to_owned(), after.get(end..)?)
            }
        };
        if known.trim().eq_ignore_ascii_case(name) {
            return Some(value.replace("%22", "\""));
        }
        rest = after.split_once(';')?.1;
    }
}

/// The fields before the file, and the head of the file, whose own content type does not count, as on AWS.
pub(crate) async fn read_fields(form: &mut Form) -> Result<(Vec<Field>, Part), ErrorResponse> {
    let delimiter = form.delimiter.clone();
    if !form.until(&delimiter).await?.iter().all(u8::is_ascii_whitespace) {
        return Err(malformed());
    }
    let mut fields: Vec<Field> = Vec::new();
    let mut read = 0;
    while let Some(part) = form.part().await? {
        if part.name.eq_ignore_ascii_case("file") {
            return Ok((fields, part));
        }
        // An empty value leaves nothing between the head and the delimiter but the head's own line end.
        let unread = std::mem::take(&mut form.buffer);
        form.buffer.extend_from_slice(b"\r\n");
        form.buffer.extend_from_slice(&unread);
        let value = form.until(&delimiter).await?;
        let value = value.get(2..).unwrap_or_default();
        read += value.len();
        if read > MOST_BEFORE_FILE {
            return Err(from_answer(PostError::FieldsTooLong.answer()));
        }
        let value = std::str::from_utf8(value).map_err(|_| malformed())?;
        fields.push((part.name, value.to_owned()));
    }
    Err(argument("POST requires exactly one file upload per request.", "file", "0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(body: &'static str, chunk: usize) -> Form {
        let chunks: Vec<_> = body
            .as_bytes()
            .chunks(chunk)
            .map(|part| Ok(http_body::Frame::data(Bytes::from_static(part))))
            .collect();
        let incoming = http_body_util::StreamBody::new(futures::stream::iter(chunks)).boxed_unsync();
        Form::new("multipart/form-data; boundary=\"xyz\"", incoming).unwrap()
    }

    const BODY: &str = "--xyz\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nup/${filename}\r\n--xyz\r\nContent-Disposition: form-data; \
                        name=\"empty\"\r\n\r\n\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\a b.txt\"\r\n\
                        Content-Type: text/plain\r\n\r\nline one\r\n--xy no end\r\n--xyz\r\nContent-Disposition: form-data; \
                        name=\"after\"\r\n\r\nignored\r\n--xyz--\r\n";

    #[tokio::test]
    async fn fields_and_file_whatever_the_chunks() {
        for chunk in [1, 2, 7, 64, 10_000] {
            let mut form = form(BODY, chunk);
            let (fields, file) = read_fields(&mut form).await.unwrap();
            assert_eq!(fields, [("key".into(), "up/${filename}".into()), ("empty".into(), String::new())]);
            assert_eq!(file.filename.as_deref(), Some("C:\\a b.txt"));
            assert_eq!(file.content_type.as_deref(), Some("text/plain"));
            let chunks: Vec<_> = form.file(None).into_chunks().collect().await;
            let whole: Vec<u8> = chunks.into_iter().flat_map(|chunk| chunk.unwrap()).collect();
            assert_eq!(whole, b"line one\r\n--xy no end");
        }
    }

    #[test]
    fn names_in_quotes_are_whole() {
        let of = |header: &str, name: &str| parameter(header, name);
        let file = "form-data; name=\"file\"; filename=\"a; name=key; b=\\\"c\\\" %22d%22.txt\"";
        assert_eq!(of(file, "name").as_deref(), Some("file"));
        assert_eq!(of(file, "filename").as_deref(), Some("a; name=key; b=\"c\" \"d\".txt"));
        // What stands in another's quotes is no parameter.
        assert_eq!(of("form-data; filename=\"x; name=key\"", "name"), None);
        assert_eq!(of("form-data; name=key ; filename=x", "name").as_deref(), Some("key"));
        for broken in ["form-data", "form-data; name", "form-data; name=\"open"] {
            assert_eq!(of(broken, "name"), None, "{broken}");
        }
    }

    #[tokio::test]
    async fn what_is_no_form_is_refused() {
        for body in
            ["", "--xyz", "key=value", "--xyz\r\nno head\r\n\r\nx\r\n--xyz--\r\n", "junk\r\n--xyz\r\n"]
        {
            let error = read_fields(&mut form(body, 5)).await.err().unwrap();
            assert_eq!(error.code, "MalformedPOSTRequest", "{body}");
        }
        let none = "--xyz\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--xyz--\r\n";
        let error = read_fields(&mut form(none, 5)).await.err().unwrap();
        assert_eq!(error.message, "POST requires exactly one file upload per request.");
        // A file that is cut short is not taken for a whole one.
        let cut = &BODY[..BODY.find("--xy no end").unwrap()];
        let mut cut = form(Box::leak(cut.to_owned().into_boxed_str()), 9);
        read_fields(&mut cut).await.unwrap();
        let chunks: Vec<_> = cut.file(None).into_chunks().collect().await;
        assert!(chunks.last().unwrap().is_err());
    }
}
