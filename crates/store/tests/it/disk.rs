//! What only a disk can get wrong.

use crate::place::{Place, scope};
use crate::rows::{Message, Topic};
use store::StoreError;

#[test]
fn a_directory_has_one_owner() {
    let place = Place::disk_process();
    let store = place.open();
    let error = place.try_open().unwrap_err();
    let StoreError::Locked { path, pid } = &error else { panic!("{error}") };
    assert_eq!(*pid, Some(std::process::id()));
    assert_eq!(
        error.to_string(),
        format!(
            "the data directory {} is in use by the process {}: stop that one, or name another directory",
            path.display(),
            std::process::id()
        )
    );
    drop(store);
    place.open();
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let backend = store::Backend::Disk { path: file.join("data"), durability: store::Durability::Process };
    let error = store::Store::open(backend, crate::place::clock()).unwrap_err().to_string();
    assert!(error.contains(file.join("data").to_str().unwrap()), "{error}");
}

#[test]
fn only_the_owner_may_look_inside() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::disk_process();
    let _store = place.open();
    let Place::Disk(folder, _) = &place else { panic!() };
    let mode = std::fs::metadata(folder.path().join("data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// More than a memtable: tables are flushed and compacted, and the journal is left for the next one, while rows come and go.
#[test]
fn more_than_fits_into_memory_is_kept() {
    let place = Place::disk_process();
    let store = place.open();
    let text = "x".repeat(20_000);
    for round in 0..4_u64 {
        for chunk in 0..10_u64 {
            store
                .transact(None, |tx| {
                    (0..100).try_for_each(|number| {
                        tx.put(Message::new(scope(), "big", chunk * 100 + number, &format!("{round}{text}")))
                    })
                })
                .unwrap();
        }
    }
    store.transact(None, |tx| tx.remove::<Message>(scope(), ("big", 500_u64))).unwrap();
    let store = place.reopen(store);
    let view = store.view();
    assert_eq!(view.scan::<Message>(scope(), ("big",)).count().unwrap(), 999);
    assert_eq!(view.scan_index::<Message>(scope(), "by-text", ()).count().unwrap(), 999);
    assert!(view.get::<Message>(scope(), ("big", 999_u64)).unwrap().unwrap().text.starts_with("3x"));
    assert_eq!(view.get::<Message>(scope(), ("big", 500_u64)).unwrap(), None);
}

#[test]
fn waiting_transactions_share_an_fsync_and_all_are_answered() {
    let place = Place::disk_power();
    let store = place.open();
    std::thread::scope(|threads| {
        for thread in 0..8 {
            let store = &store;
            threads.spawn(move || {
                for number in 0..5 {
                    store
                        .transact(None, |tx| {
                            tx.insert(Topic::new(scope(), &format!("{thread}-{number}"), "x"))
                        })
                        .unwrap();
                }
            });
        }
    });
    let store = place.reopen(store);
    assert_eq!(store.view().list::<Topic>(scope()).unwrap().len(), 40);
}
