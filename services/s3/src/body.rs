//! Bodies on their way in and out, a chunk at a time.

use crate::checksums::{Checksum, Promise};
use crate::error::{BodyFault, broken_body, error, incomplete_body};
use crate::state::{Content, Object};
use api_s3::Error;
use blobs::{BlobStream, Blobs};
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

/// Takes a body into the blobs, or into memory where it is small. `inline`: whether it may stay there.
pub(crate) async fn receive(
    blobs: &Blobs,
    body: Option<Body>,
    promise: &Promise,
    inline: bool,
) -> Result<Arrived, Error> {
    let body = body.unwrap_or_default();
    let length = body.length().ok_or_else(|| {
        error(411, "MissingContentLength", "You must provide the Content-Length HTTP header.", [])
    })?;
    if length > LARGEST_PUT {
        return Err(too_large(length, LARGEST_PUT));
    }
    let mut checksum = Checksum::new(promise.algorithm);
    let mut writer = blobs.writer();
    let mut chunks = body.into_chunks();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| broken_body(&error))?;
        checksum.update(&chunk);
        writer.write(chunk).await.map_err(BodyFault)?;
        if writer.length() > length {
            return Err(incomplete_body());
        }
    }
    if writer.length() < length {
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
    Ok(Arrived { body, size: length, etag: hex::encode(md5), checksum })
}

pub(crate) fn too_large(proposed: u64, limit: u64) -> Error {
    error(
        400,
        "EntityTooLarge",
        "Your proposed upload exceeds the maximum allowed size",
        [("ProposedSize", proposed.to_string()), ("MaxSizeAllowed", limit.to_string())],
    )
}

/// A part of an object's bytes, for an answer.
pub(crate) async fn send(
    blobs: &Blobs,
    view: &View,
    object: &Object,
    start: u64,
    length: u64,
) -> Result<Body, Error> {
    match &object.content {
        Content::DeleteMarker => Ok(Body::default()),
        Content::Inline => {
            let bytes = object.inline(view)?;
            let range = usize::try_from(start).unwrap_or(usize::MAX)
                ..usize::try_from(start.saturating_add(length)).unwrap_or(usize::MAX);
            let part = bytes.get(range).map(|part| bytes.slice_ref(part));
            Ok(Body::Whole(part.unwrap_or_default()))
        }
        Content::Blob(id) => {
            let stream = blobs.read_range(id, start, length).await.map_err(BodyFault)?;
            Ok(Body::stream(Box::pin(chunks(stream)), Some(length)))
        }
        Content::Pieces(pieces) => {
            let mut ranges = Vec::new();
            let (mut at, end) = (0_u64, start.saturating_add(length));
            for piece in pieces {
                let next = at.saturating_add(piece.body.length);
                let (from, to) = (start.max(at), end.min(next));
                if from < to {
                    ranges.push((piece.body, from - at, to - from));
                }
                at = next;
            }
            let blobs = blobs.clone();
            let stream = futures::stream::iter(ranges).then(move |(id, start, length)| {
                let blobs = blobs.clone();
                async move {
                    blobs.read_range(&id, start, length).await.map(chunks).map_err(std::io::Error::other)
                }
            });
            Ok(Body::stream(Box::pin(stream.try_flatten()), Some(length)))
        }
    }
}

fn chunks(stream: BlobStream) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    stream.map_err(std::io::Error::other)
}
