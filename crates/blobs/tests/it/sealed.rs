//! Sealed bodies, on disk and in memory.

use crate::place::{Place, bytes, files, run};
use blobs::{BlobError, Blobs, Body, DataKey, Durability};
use bytes::Bytes;
use std::os::unix::fs::PermissionsExt;

async fn sealed(blobs: &Blobs, key: &DataKey, bytes: &Bytes, chunk: usize) -> blobs::Written {
    let mut writer = blobs.sealed_writer(key).unwrap();
    for start in (0..bytes.len()).step_by(chunk) {
        writer.write(bytes.slice(start..bytes.len().min(start + chunk))).await.unwrap();
    }
    writer.finish().await.unwrap()
}

#[test]
fn ranges_of_what_is_sealed() {
    for place in [Place::memory(), Place::disk(Durability::Process)] {
        run(async {
            let key = DataKey::random().unwrap();
            let whole = bytes(1_000_000);
            let written = sealed(&place.blobs, &key, &whole, 70_001).await;
            let plain = place.blobs.write(whole.clone()).await.unwrap();
            assert_eq!(written.md5, plain.md5);
            assert_ne!(written.id.sha256, plain.id.sha256);
            assert_eq!(blobs::plain_length(written.id.length), Some(1_000_000));
            for (start, length) in [
                (0, 1_000_000),
                (0, 0),
                (1, 1),
                (65_535, 2),
                (65_536, 65_536),
                (999_999, 1),
                (300_000, 500_000),
            ] {
                let stream = place.blobs.read_sealed_range(&written.id, &key, start, length).await.unwrap();
                let read = stream.to_bytes(length).await.unwrap();
                assert_eq!(read, whole.slice(start as usize..(start + length) as usize));
            }
            let beyond = place.blobs.read_sealed_range(&written.id, &key, 1, 1_000_000).await;
            assert!(matches!(beyond, Err(BlobError::Range { whole: 1_000_000, .. })));
            let other = DataKey::random().unwrap();
            let wrong = place.blobs.read_sealed_range(&written.id, &other, 0, 0).await;
            assert!(matches!(wrong, Err(BlobError::NotOpened)));
        });
    }
}

#[test]
fn nothing_on_the_disk_is_readable() {
    let place = Place::disk(Durability::Process);
    run(async {
        let text = Bytes::from("the secret recipe ".repeat(10_000));
        let key = DataKey::random().unwrap();
        let wrapped = place.blobs.wrap(&key).unwrap();
        assert_eq!(wrapped.sealed.len(), 32 + 32 + 16);
        let one = sealed(&place.blobs, &key, &text, 1000).await;
        let two = sealed(&place.blobs, &key, &text, 1000).await;
        assert_ne!(one.id, two.id, "equal plaintexts are different blobs");
        let mut small = place.blobs.sealed_writer(&key).unwrap();
        small.write(text.slice(..18)).await.unwrap();
        let Body::Inline(inline) = small.finish_body().await.unwrap().body else { unreachable!() };
        assert_eq!(blobs::open(&inline, &key).unwrap(), text.slice(..18));
        let all = files(place.root().parent().unwrap());
        assert_eq!(all.len(), 3, "{all:?}");
        for file in &all {
            let found = std::fs::read(file).unwrap();
            assert!(!found.windows(10).any(|window| window == b"the secret"), "{}", file.display());
        }
        let file = place.root().with_extension("key");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);

        // Another process with the same directory reads it.
        let again = place.reopen();
        let key = again.unwrap(&wrapped).unwrap();
        let stream = again.read_sealed_range(&one.id, &key, 0, text.len() as u64).await.unwrap();
        assert_eq!(stream.to_bytes(u64::MAX).await.unwrap(), text);

        // Without the key file it is lost, and says why.
        std::fs::remove_file(&file).unwrap();
        let lost = place.reopen().unwrap(&wrapped).unwrap_err();
        assert!(matches!(&lost, BlobError::OtherMaster { .. }), "{lost}");
        std::fs::write(&file, "no key").unwrap();
        let opened =
            Blobs::open(&place.root(), Durability::Process, std::sync::Arc::new(place.clock.clone()));
        assert!(matches!(opened, Err(BlobError::MasterKey { .. })));
    });
}
