//! Files: what is left, what is damaged, what cannot be used.

use crate::place::{Place, bytes, files, run};
use blobs::{BlobError, Blobs, Durability};
use std::os::unix::fs::PermissionsExt;

#[test]
fn blobs_are_there_after_reopening_and_fan_out() {
    run(async {
        let place = Place::disk(Durability::Process);
        let id = place.blobs.write(bytes(30_000)).await.unwrap().id;
        let [first, second, ..] = id.sha256;
        let path =
            place.root().join(format!("{first:02x}")).join(format!("{second:02x}")).join(id.to_string());
        assert_eq!(files(&place.root()), [path]);
        assert_eq!(place.reopen().read_to_bytes(&id, u64::MAX).await.unwrap(), bytes(30_000));
    });
}

#[test]
fn a_dropped_writer_leaves_nothing() {
    run(async {
        let place = Place::disk(Durability::Process);
        let mut writer = place.blobs.writer();
        writer.write(bytes(1_000_000)).await.unwrap();
        assert_eq!(files(&place.root()).len(), 1, "it had begun to write");
        drop(writer);
        assert!(files(&place.root()).is_empty());
        // A small body never makes a file.
        let mut writer = place.blobs.writer();
        writer.write(bytes(1000)).await.unwrap();
        assert!(files(&place.root()).is_empty());
        writer.finish_body().await.unwrap();
        assert!(files(&place.root()).is_empty());
    });
}

#[test]
fn what_a_dead_process_left_is_removed_at_open() {
    run(async {
        let place = Place::disk(Durability::Process);
        let id = place.blobs.write(bytes(30_000)).await.unwrap().id;
        std::fs::write(place.root().join("tmp").join(".tmpHalf"), "half").unwrap();
        let blobs = place.reopen();
        assert_eq!(files(&place.root()).len(), 1);
        assert!(blobs.exists(&id).await.unwrap());
    });
}

#[test]
fn a_file_of_another_length_is_damaged() {
    run(async {
        let place = Place::disk(Durability::Process);
        let id = place.blobs.write(bytes(30_000)).await.unwrap().id;
        let path = files(&place.root()).remove(0);
        std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(29_999).unwrap();
        let error = place.blobs.read(&id).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the file {} has 29999 bytes, and its name says 30000: it was damaged after it was written",
                path.display()
            )
        );
    });
}

#[test]
fn a_file_that_shrinks_under_its_reader_is_damaged() {
    run(async {
        let place = Place::disk(Durability::Process);
        let id = place.blobs.write(bytes(600_000)).await.unwrap().id;
        let mut stream = place.blobs.read(&id).await.unwrap();
        assert!(stream.chunk().await.unwrap().is_ok());
        let path = files(&place.root()).remove(0);
        std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(300_000).unwrap();
        let mut last = None;
        while let Some(chunk) = stream.chunk().await {
            last = Some(chunk);
        }
        assert!(
            matches!(last, Some(Err(BlobError::Damaged { expected: 600_000, found: 300_000, .. }))),
            "{last:?}"
        );
    });
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let clock = std::sync::Arc::new(clock::SystemClock::new());
    let error = Blobs::open(&file.join("blobs"), Durability::Process, clock).unwrap_err();
    let start = format!("cannot make the directory {}/blobs/tmp: ", file.display());
    assert!(error.to_string().starts_with(&start), "{error}");
}

#[test]
fn a_writer_whose_file_cannot_be_made_says_so_and_stays_broken() {
    run(async {
        let place = Place::disk(Durability::Process);
        std::fs::remove_dir(place.root().join("tmp")).unwrap();
        let mut writer = place.blobs.writer();
        let error = writer.write(bytes(1_000_000)).await.unwrap_err();
        assert!(error.to_string().contains("blobs/tmp"), "{error}");
        assert!(matches!(writer.finish().await, Err(BlobError::Broken)));
        let mut writer = place.blobs.writer();
        writer.write(bytes(1_000_000)).await.unwrap_err();
        assert!(matches!(writer.finish_body().await, Err(BlobError::Broken)), "not an empty body");
    });
}

#[test]
fn only_the_owner_may_look_inside() {
    run(async {
        let place = Place::disk(Durability::Process);
        place.blobs.write(bytes(30_000)).await.unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place.root()), 0o700);
        assert_eq!(mode(&files(&place.root())[0]), 0o600);
    });
}
