//! Bodies on their way in and out, a chunk at a time.

use crate::checksums::{Checksum, Promise};
use crate::error::{BodyFault, broken_body, error, incomplete_body};
use crate::state::{Content, Object};
use api_s3::Error;
use blobs::{BlobId, BlobStream, Blobs, DataKey};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use store::View;
use wire::Body;

/// The largest object of one PUT, and the largest part: 5 GiB.
pub(crate) const LARGEST_PUT: u64 = 5 << 30;

/// A body that has arrived and is what its request promised.
pub(crate) struct Arrived {
    pub(crate) body: blobs::Body,
    pub(crate) size: u64,
    /// MD5 in hexadecimal.
    pub(crate) etag: String,
    /// Base64.
    pub(crate) checksum: String,
}

/// Takes a body into the blobs, or into memory where it is small. `inline`: whether it may stay there. It is sealed where there is a key. `untold`: its length may not
/// be known before (a form's file).
pub(crate) async fn receive(
    blobs: &Blobs,
    body: Option<Body>,
    promise: &Promise,
    inline: bool,
    key: Option<&DataKey>,
    untold: bool,
) -> Result<Arrived, Error> {
    let body = body.unwrap_or_default();
    let length = body.length();
    match length {
        Some(length) if length > LARGEST_PUT => return Err(too_large(length, LARGEST_PUT)),
        Some(_) => {}
        None if untold => {}
        None => {
            let message = "You must provide the Content-Length HTTP header.";
            return Err(error(411, "MissingContentLength", message, []));
        }
    }
    let most = length.unwrap_or(LARGEST_PUT);
    let mut checksum = Checksum::new(promise.algorithm);
    let mut writer = match key {
        Some(key) => blobs.sealed_writer(key).map_err(BodyFault)?,
        None => blobs.writer(),
    };
    let mut chunks = body.into_chunks();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| broken_body(&error))?;
        checksum.update(&chunk);
        writer.write(chunk).await.map_err(BodyFault)?;
        if writer.length() > most {
            return Err(if untold { too_large(writer.length(), most) } else { incomplete_body() });
        }
    }
    let received = writer.length();
    if length.is_some_and(|length| received < length) {
        return Err(incomplete_body());
    }
    let (body, md5) = if inline {
        let written = writer.finish_body().await.map_err(BodyFault)?;
        (written.body, written.md5)
    } else {
        let written = writer.finish().await.map_err(BodyFault)?;
        (blobs::Body::Blob(written.id), written.md5)
    };
    let checksum = checksum.finish_base64();
    promise.keep(md5, &checksum)?;
    Ok(Arrived { body, size: received, etag: hex::encode(md5), checksum })
}

pub(crate) fn too_large(proposed: u64, limit: u64) -> Error {
    error(
        400,
        "EntityTooLarge",
        "Your proposed upload exceeds the maximum allowed size",
        [("ProposedSize", proposed.to_string()), ("MaxSizeAllowed", limit.to_string())],
    )
}

async fn range(
    blobs: &Blobs,
    id: &BlobId,
    key: Option<&DataKey>,
    start: u64,
    length: u64,
) -> Result<BlobStream, blobs::BlobError> {
    match key {
        Some(key) => blobs.read_sealed_range(id, key, start, length).await,
        None => blobs.read_range(id, start, length).await,
    }
}

/// A part of an object's bytes, for an answer; the key is that of a sealed object.
pub(crate) async fn send(
    blobs: &Blobs,
    view: &View,
    object: &Object,
    key: Option<&DataKey>,
    start: u64,
    length: u64,
) -> Result<Body, Error> {
    match &object.content {
        Content::DeleteMarker => Ok(Body::default()),
        Content::Inline => {
            let mut bytes = object.inline(view)?;
            if let Some(key) = key {
                bytes = blobs::open(&bytes, key).map_err(BodyFault)?;
            }
            let range = usize::try_from(start).unwrap_or(usize::MAX)
                ..usize::try_from(start.saturating_add(length)).unwrap_or(usize::MAX);
            let part = bytes.get(range).map(|part| bytes.slice_ref(part));
            Ok(Body::Whole(part.unwrap_or_default()))
        }
        Content::Blob(id) => {
            let stream = range(blobs, id, key, start, length).await.map_err(BodyFault)?;
            Ok(Body::stream(Box::pin(chunks(stream)), Some(length)))
        }
        Content::Pieces(pieces) => {
            let mut ranges = Vec::new();
            let (mut at, end) = (0_u64, start.saturating_add(length));
            for piece in pieces {
                let next = at.saturating_add(object.sealing.plain_length(&piece.body));
                let (from, to) = (start.max(at), end.min(next));
                if from < to {
                    ranges.push((piece.body, from - at, to - from));
                }
                at = next;
            }
            let (blobs, key) = (blobs.clone(), key.cloned());
            let stream = futures::stream::iter(ranges).then(move |(id, start, length)| {
                let (blobs, key) = (blobs.clone(), key.clone());
                async move {
                    let stream = range(&blobs, &id, key.as_ref(), start, length).await;
                    stream.map(chunks).map_err(std::io::Error::other)
                }
            });
            Ok(Body::stream(Box::pin(stream.try_flatten()), Some(length)))
        }
    }
}

fn chunks(stream: BlobStream) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    stream.map_err(std::io::Error::other)
}
