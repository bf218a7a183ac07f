//! Garbage collection: what is referred to or young stays.

use crate::place::{Place, bytes, run};
use blobs::{Collected, Durability};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

async fn old_and_unused_go(place: Place) {
    let used = place.blobs.write(bytes(30_000)).await.unwrap().id;
    let unused = place.blobs.write(bytes(30_001)).await.unwrap().id;
    let nothing = Collected::default();
    assert_eq!(place.blobs.garbage_collect(HOUR, |_| false).await.unwrap(), nothing, "all are young");
    place.clock.advance(HOUR + Duration::from_secs(1));
    let young = place.blobs.write(bytes(30_002)).await.unwrap().id;
    let collected = place.blobs.garbage_collect(HOUR, move |id| *id == used).await.unwrap();
    assert_eq!(collected, Collected { blobs: 1, bytes: 30_001 });
    let there = [used, unused, young].map(|id| {
        let blobs = place.blobs.clone();
        async move { blobs.exists(&id).await.unwrap() }
    });
    assert_eq!(futures::future::join_all(there).await, [true, false, true]);
}

async fn written_again_is_young_again(place: Place) {
    let id = place.blobs.write(bytes(30_000)).await.unwrap().id;
    place.clock.advance(2 * HOUR);
    // Its row was removed long ago; now somebody stores the same bytes, and has not committed yet.
    assert_eq!(place.blobs.write(bytes(30_000)).await.unwrap().id, id);
    assert_eq!(place.blobs.garbage_collect(HOUR, |_| false).await.unwrap(), Collected::default());
    assert!(place.blobs.exists(&id).await.unwrap());
}

async fn readers_go_on(place: Place) {
    let id = place.blobs.write(bytes(900_000)).await.unwrap().id;
    let stream = place.blobs.read(&id).await.unwrap();
    place.clock.advance(2 * HOUR);
    assert_eq!(place.blobs.garbage_collect(HOUR, |_| false).await.unwrap().blobs, 1);
    assert_eq!(stream.to_bytes(u64::MAX).await.unwrap(), bytes(900_000));
}

#[test]
fn old_and_unused_blobs_go() {
    run(old_and_unused_go(Place::memory()));
    run(old_and_unused_go(Place::disk(Durability::Process)));
}

#[test]
fn a_blob_that_is_written_again_is_young_again() {
    run(written_again_is_young_again(Place::memory()));
    run(written_again_is_young_again(Place::disk(Durability::Process)));
}

#[test]
fn a_reader_outlives_its_blob() {
    run(readers_go_on(Place::memory()));
    run(readers_go_on(Place::disk(Durability::Power)));
}

#[test]
fn other_peoples_files_stay() {
    run(async {
        let place = Place::disk(Durability::Process);
        let folder = place.root().join("ab").join("cd");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("README"), "x").unwrap();
        std::fs::write(place.root().join("note"), "x").unwrap();
        place.blobs.reset().await.unwrap();
        assert!(folder.join("README").exists() && place.root().join("note").exists());
    });
}
