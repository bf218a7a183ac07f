//! What an object of a bucket says: a bounded part of its beginning, unpacked where it is compressed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contract::Caller;
use futures::StreamExt;
use std::io::Read;
use wire::{Body, Document, ErrorResponse};

const MOST_STORED: usize = 1 << 20;
const MOST_UNPACKED: u64 = 4 << 20;

/// An object's content as text.
pub(crate) async fn content(caller: &Caller, bucket: String, key: String) -> Result<Document, ErrorResponse> {
    let input = api_s3::GetObject { bucket, key, ..api_s3::GetObject::default() };
    let body = caller.call(input).await?.body.unwrap_or_default();
    let bytes =
        read(body).await.map_err(|error| ErrorResponse::new("InternalFailure", error.to_string(), 500))?;
    Ok(text(&bytes))
}

async fn read(body: Body) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut chunks = body.into_chunks();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() >= MOST_STORED {
            bytes.truncate(MOST_STORED);
            break;
        }
    }
    Ok(bytes)
}

fn text(bytes: &[u8]) -> Document {
    let mut unpacked = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        // What was unpacked before an end that is missing is what there is.
        let _ = flate2::read::GzDecoder::new(bytes).take(MOST_UNPACKED).read_to_end(&mut unpacked);
    } else {
        unpacked.extend_from_slice(bytes);
    }
    String::from_utf8(unpacked).map_or_else(|error| STANDARD.encode(error.as_bytes()).into(), Document::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn compressed_objects_are_unpacked_within_bounds() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b'a'; 8 << 20]).unwrap();
        let bomb = packer.finish().unwrap();
        assert_eq!(text(&bomb).as_str().unwrap().len(), 4 << 20);
        assert_eq!(text(b"plain"), Document::from("plain"));
        assert_eq!(text(&[0xff, 0xfe]), Document::from("//4="));
    }
}
