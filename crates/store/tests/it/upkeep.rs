//! Migrations, appended rows, resets, and waiting for the disk.

use crate::place::{Place, on_every_backend, scope};
use crate::rows::{LimitV1, LimitV2, Message, Topic};
use crate::suite::messages;
use store::StoreError;

on_every_backend!(
    rows_are_migrated,
    a_newer_version_is_refused,
    appended_rows_arrive,
    appended_resources_are_refused,
    reset_empties_everything,
    waiting_ends,
);

fn rows_are_migrated(place: &Place) {
    let store = place.open();
    let old = LimitV1 { scope: scope(), name: "timeout".into(), seconds: 3 };
    store.transact(None, |tx| tx.insert(old.clone())).unwrap();
    let store = place.reopen(store);
    let new = LimitV2 { scope: scope(), name: "timeout".into(), millis: 3000 };
    assert_eq!(store.view().get::<LimitV2>(scope(), "timeout").unwrap(), Some(new.clone()));
    // Reading does not write: the index of the new version is there once it was asked for.
    assert_eq!(store.view().by_index::<LimitV2>(scope(), "by-millis", 3000_u64).unwrap(), []);
    assert_eq!(store.reindex::<LimitV2>().unwrap(), 1);
    assert_eq!(
        store.view().by_index::<LimitV2>(scope(), "by-millis", 3000_u64).unwrap(),
        std::slice::from_ref(&new)
    );
    store.transact(None, |tx| tx.update(LimitV2 { millis: 4000, ..new.clone() })).unwrap();
    assert_eq!(store.view().scan_index::<LimitV2>(scope(), "by-millis", ()).count().unwrap(), 1);
}

fn a_newer_version_is_refused(place: &Place) {
    let store = place.open();
    store
        .transact(None, |tx| tx.insert(LimitV2 { scope: scope(), name: "timeout".into(), millis: 1 }))
        .unwrap();
    let error = store.view().get::<LimitV1>(scope(), "timeout").unwrap_err();
    assert_eq!(
        error.to_string(),
        "a row of the table test.limits is stored as version 2, and this program has no migration from it (it writes version 1): was the \
         data directory written by a newer program?"
    );
    let overwritten =
        store.transact(None, |tx| tx.put(LimitV1 { scope: scope(), name: "timeout".into(), seconds: 1 }));
    assert!(matches!(overwritten, Err(StoreError::UnknownVersion { .. })), "it is not overwritten either");
}

fn appended_rows_arrive(place: &Place) {
    let store = place.open();
    let rows = (0..100).map(|number| Message::new(scope(), "records", number, "seen"));
    store.append_soon(rows).unwrap();
    store.append_soon(Vec::<Message>::new()).unwrap();
    store.flush_appended().unwrap();
    assert_eq!(store.view().list::<Message>(scope()).unwrap().len(), 100);
    assert_eq!(store.view().by_index::<Message>(scope(), "by-text", "seen").unwrap().len(), 100);
    // Taken along by a commit, and by closing.
    store.append_soon([Message::new(scope(), "records", 100, "seen")]).unwrap();
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    store.append_soon([Message::new(scope(), "records", 101, "seen")]).unwrap();
    let store = place.reopen(store);
    store.flush_appended().unwrap();
    assert_eq!(store.view().list::<Message>(scope()).unwrap().len(), 102);
}

fn appended_resources_are_refused(place: &Place) {
    let store = place.open();
    let refused = store.append_soon([Topic::new(scope(), "a", "ann")]).unwrap_err();
    assert!(refused.to_string().contains("it is a resource"), "{refused}");
    store.flush_appended().unwrap();
    assert!(store.view().list_all::<Topic>().unwrap().is_empty());
}

fn reset_empties_everything(place: &Place) {
    let store = place.open();
    messages(&store);
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    store.ensure_cursor("reader", true).unwrap();
    let sequence = store.view().sequence();
    let mut late = store.begin(None);
    late.insert(Topic::new(scope(), "late", "ann")).unwrap();
    store.append_soon([Message::new(scope(), "records", 0, "x")]).unwrap();
    store.reset().unwrap();
    assert!(matches!(late.commit(), Err(StoreError::Conflict)));
    let store = place.reopen(store);
    let view = store.view();
    assert!(view.sequence() > sequence);
    assert!(view.list_all::<Message>().unwrap().is_empty());
    assert!(view.list_all::<Topic>().unwrap().is_empty());
    assert_eq!(view.scan_index::<Topic>(scope(), "by-owner", ()).count().unwrap(), 0);
    assert_eq!(view.cursor("reader").unwrap(), None);
    assert!(store.feed().since(store::Position::START, 10).unwrap().is_empty());
    drop(view);
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    let store = place.reopen(store);
    assert_eq!(store.view().list_all::<Topic>().unwrap().len(), 1);
}

fn waiting_ends(place: &Place) {
    let store = place.open();
    let mut tx = store.begin(None);
    tx.insert(Topic::new(scope(), "a", "ann")).unwrap();
    let committed = tx.commit().unwrap();
    committed.wait_blocking().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        committed.wait().await.unwrap();
        store.transact_async(None, |tx| tx.insert(Topic::new(scope(), "b", "ann"))).await.unwrap();
        // Nothing written, and nothing read that is still on its way.
        let rows = store.transact_async(None, |tx| tx.list::<Topic>(scope())).await.unwrap();
        assert_eq!(rows.len(), 2);
    });
}
