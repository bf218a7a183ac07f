//! The contract, in memory and on disk.

use crate::place::{Place, bytes, run};
use blobs::{BlobError, BlobId, Blobs, Body, Durability, INLINE_LIMIT};
use bytes::Bytes;
use futures::StreamExt;

macro_rules! everywhere {
    ($($test:ident),+ $(,)?) => {
        mod memory { $(#[test] fn $test() { crate::place::run(super::$test(crate::place::Place::memory())); })+ }
        mod process { $(#[test] fn $test() {
            crate::place::run(super::$test(crate::place::Place::disk(blobs::Durability::Process)));
        })+ }
        mod power { $(#[test] fn $test() {
            crate::place::run(super::$test(crate::place::Place::disk(blobs::Durability::Power)));
        })+ }
    };
}

everywhere!(
    what_was_written_is_read,
    digests_are_those_of_the_bytes,
    ranges_are_parts,
    ranges_beyond_the_end_are_refused,
    what_is_not_there_is_missing,
    equal_bytes_are_one_blob,
    small_bodies_stay_inline,
    limits_hold,
    reset_removes_all,
    writers_work_side_by_side,
);

async fn written(blobs: &Blobs, bytes: &Bytes, chunk: usize) -> BlobId {
    let mut writer = blobs.writer();
    for start in (0..bytes.len()).step_by(chunk) {
        writer.write(bytes.slice(start..bytes.len().min(start + chunk))).await.unwrap();
    }
    assert_eq!(writer.length(), bytes.len() as u64);
    writer.finish().await.unwrap().id
}

async fn what_was_written_is_read(place: Place) {
    for (length, chunk) in
        [(0, 1), (1, 1), (5000, 1), (262_144, 262_144), (1_000_003, 7_777), (3_000_000, 1_000_000)]
    {
        let body = bytes(length);
        let id = written(&place.blobs, &body, chunk).await;
        assert_eq!(id.length, length as u64);
        assert!(place.blobs.exists(&id).await.unwrap());
        let stream = place.blobs.read(&id).await.unwrap();
        assert_eq!(stream.length(), length as u64);
        assert_eq!(stream.to_bytes(u64::MAX).await.unwrap(), body);
    }
}

async fn digests_are_those_of_the_bytes(place: Place) {
    let mut writer = place.blobs.writer();
    writer.write(Bytes::from_static(b"a")).await.unwrap();
    writer.write(Bytes::from_static(b"bc")).await.unwrap();
    let written = writer.finish().await.unwrap();
    // FIPS 180-2, appendix B.1, and RFC 1321, appendix A.5.
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(written.id.to_string(), format!("{sha256}-3"));
    assert_eq!(hex::encode(written.md5), "900150983cd24fb0d6963f7d28e17f72");
    let mut writer = place.blobs.writer();
    writer.write(Bytes::from_static(b"abc")).await.unwrap();
    let body = writer.finish_body().await.unwrap();
    assert_eq!((body.sha256, body.md5), (written.id.sha256, written.md5));
}

async fn ranges_are_parts(place: Place) {
    let body = bytes(1_000_000);
    let id = written(&place.blobs, &body, 100_000).await;
    for (start, length) in
        [(0, 0), (0, 1), (999_999, 1), (1_000_000, 0), (262_143, 2), (10, 700_000), (0, 1_000_000)]
    {
        let part = place.blobs.read_range(&id, start, length).await.unwrap();
        let expected = body.slice(start as usize..(start + length) as usize);
        assert_eq!(part.to_bytes(u64::MAX).await.unwrap(), expected, "{length} from {start}");
    }
}

async fn ranges_beyond_the_end_are_refused(place: Place) {
    let id = written(&place.blobs, &bytes(100), 100).await;
    let inline = Body::Inline(bytes(100));
    for (start, length) in [(0, 101), (100, 1), (101, 0), (u64::MAX, 2)] {
        for body in [&Body::Blob(id), &inline] {
            let error = place.blobs.read_body_range(body, start, length).await.unwrap_err();
            assert!(matches!(error, BlobError::Range { whole: 100, .. }), "{error}");
        }
    }
}

async fn what_is_not_there_is_missing(place: Place) {
    let id = BlobId { sha256: [9; 32], length: 5 };
    assert!(!place.blobs.exists(&id).await.unwrap());
    let error = place.blobs.read(&id).await.unwrap_err();
    assert!(matches!(&error, BlobError::Missing { id: missing, .. } if *missing == id), "{error}");
}

async fn equal_bytes_are_one_blob(place: Place) {
    let body = bytes(50_000);
    let first = written(&place.blobs, &body, 1000).await;
    // A reader of the first goes on reading while the second takes its name.
    let mut reader = place.blobs.read(&first).await.unwrap();
    assert_eq!(written(&place.blobs, &body, 333).await, first);
    let mut length = 0;
    while let Some(chunk) = reader.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 50_000);
    assert_ne!(written(&place.blobs, &bytes(50_001), 1000).await, first);
}

async fn small_bodies_stay_inline(place: Place) {
    for (length, inline) in
        [(0, true), (1, true), (INLINE_LIMIT as usize, true), (INLINE_LIMIT as usize + 1, false)]
    {
        let bytes = bytes(length);
        let mut writer = place.blobs.writer();
        for chunk in bytes.chunks(4000) {
            writer.write(Bytes::copy_from_slice(chunk)).await.unwrap();
        }
        let written = writer.finish_body().await.unwrap();
        assert_eq!(matches!(written.body, Body::Inline(_)), inline);
        assert_eq!(written.body.length(), length as u64);
        assert_eq!(written.body.blob().is_some(), !inline);
        // As a row keeps it.
        let stored = rmp_serde::to_vec_named(&written.body).unwrap();
        let body: Body = rmp_serde::from_slice(&stored).unwrap();
        assert_eq!(body, written.body);
        assert_eq!(place.blobs.read_body(&body).await.unwrap().to_bytes(u64::MAX).await.unwrap(), bytes);
        assert_eq!(place.blobs.body_to_bytes(&body, length as u64).await.unwrap(), bytes);
    }
    // Many small chunks are counted together, although some were written to disk before the end.
    let mut writer = place.blobs.writer();
    for _ in 0..2000 {
        writer.write(Bytes::from_static(b"123456789")).await.unwrap();
    }
    let written = writer.finish_body().await.unwrap();
    assert_eq!(written.body.blob().unwrap().length, 18_000);
    let mut writer = place.blobs.writer();
    for _ in 0..2000 {
        writer.write(Bytes::from_static(b"1")).await.unwrap();
    }
    let written = writer.finish_body().await.unwrap();
    assert_eq!(place.blobs.body_to_bytes(&written.body, 2000).await.unwrap(), "1".repeat(2000));
}

async fn limits_hold(place: Place) {
    let id = written(&place.blobs, &bytes(1000), 1000).await;
    for body in [Body::Blob(id), Body::Inline(bytes(1000))] {
        let error = place.blobs.body_to_bytes(&body, 999).await.unwrap_err();
        assert_eq!(error.to_string(), "the blob has 1000 bytes, and at most 999 may be read at once");
    }
}

async fn reset_removes_all(place: Place) {
    let id = written(&place.blobs, &bytes(1000), 1000).await;
    place.blobs.reset().await.unwrap();
    assert!(!place.blobs.exists(&id).await.unwrap());
    assert_eq!(written(&place.blobs, &bytes(1000), 1000).await, id);
    assert!(place.blobs.exists(&id).await.unwrap());
}

async fn writers_work_side_by_side(place: Place) {
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let blobs = place.blobs.clone();
            tokio::spawn(async move {
                let body = bytes(400_000 + number % 2);
                (written(&blobs, &body, 10_000).await, body)
            })
        })
        .collect();
    for task in tasks {
        let (id, body) = task.await.unwrap();
        assert_eq!(place.blobs.read_to_bytes(&id, u64::MAX).await.unwrap(), body);
    }
}

#[test]
fn streams_and_writers_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<blobs::BlobStream>();
    crosses::<blobs::BlobWriter>();
    crosses::<Blobs>();
}

#[test]
fn no_bytes_in_debug_output() {
    run(async {
        let place = Place::disk(Durability::Process);
        let mut writer = place.blobs.writer();
        writer.write(Bytes::from_static(b"secret")).await.unwrap();
        assert_eq!(format!("{writer:?}"), "BlobWriter { length: 6, .. }");
        assert_eq!(format!("{:?}", writer.finish_body().await.unwrap().body), "Inline(6 bytes)");
    });
}
