//! Accounts that are closed: nothing is written into them, and all that was in them goes.

use crate::place::{Place, on_every_backend, scope, scope_of};
use crate::rows::{Counter, Message, Topic};
use names::AccountId;
use store::{Position, Store, StoreError};

on_every_backend!(
    what_is_in_a_closed_account_goes,
    what_others_have_stays,
    nothing_is_written_into_a_closed_account,
    a_transaction_that_was_under_way_leaves_nothing,
    a_removal_that_was_cut_off_is_begun_anew,
    an_open_account_is_not_removed,
    changes_of_a_closed_account_are_nobodys,
);

const GONE: &str = "111122223333";

fn gone() -> AccountId {
    GONE.parse().unwrap()
}

fn fill(store: &Store, account: &str, rows: usize) {
    for region in ["us-east-1", "aws-global", "eu-west-1"] {
        let scope = scope_of(account, region);
        store
            .transact(None, |tx| {
                for number in 0..rows {
                    let mut topic = Topic::new(scope, &format!("t{number}"), "ann");
                    topic.labels = vec!["a".into(), "b".into()];
                    tx.put(topic)?;
                    tx.put(Message::new(scope, "queue", u64::try_from(number).unwrap(), "text"))?;
                }
                tx.put(Counter { scope, name: account.into(), value: 1 })
            })
            .unwrap();
    }
}

fn close(store: &Store) {
    store
        .transact(None, |tx| {
            tx.close_account(gone());
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

/// Removes in steps of seven, and answers how many entries went.
fn remove(store: &Store) -> usize {
    let mut removal = store.removal(gone(), &["test.counters"]).unwrap();
    let mut removed = 0;
    while let Some(step) = removal.step(7).unwrap() {
        assert!(step <= 7);
        removed += step;
    }
    removed
}

fn rows(store: &Store, account: AccountId) -> (usize, usize, usize, usize) {
    let view = store.view();
    let everywhere = view.by_global_index::<Topic>("everywhere", ()).unwrap();
    let here = scope_of(account.as_str(), "eu-west-1");
    (
        view.list_account::<Topic>(account).unwrap().len(),
        view.list_account::<Message>(account).unwrap().len(),
        everywhere.iter().filter(|topic| topic.scope.account == account).count(),
        view.scan_index::<Topic>(here, "by-label", ()).count().unwrap(),
    )
}

fn what_is_in_a_closed_account_goes(place: &Place) {
    let store = place.open();
    fill(&store, GONE, 10);
    // Read, so that the cache knows them.
    assert_eq!(rows(&store, gone()), (30, 30, 30, 20));
    let there = scope_of(GONE, "eu-west-1");
    assert!(store.view().get::<Topic>(there, "t1").unwrap().is_some());
    assert!(store.view().first_by_index::<Topic>(there, "by-owner", ("ann",)).unwrap().is_some());
    close(&store);
    assert!(store.is_account_closed(gone()));
    assert_eq!(rows(&store, gone()).0, 30, "closing removes nothing by itself");
    // 30 topics with one global entry and three others each and a change, 30 messages with an entry.
    assert_eq!(remove(&store), 30 * 6 + 30 * 2);
    let store = place.reopen(store);
    assert_eq!(rows(&store, gone()), (0, 0, 0, 0));
    assert!(store.view().get::<Topic>(there, "t1").unwrap().is_none());
    assert!(store.view().first_by_index::<Topic>(there, "by-owner", ("ann",)).unwrap().is_none());
    assert!(store.feed().since(Position::START, 1000).unwrap().is_empty());
    assert_eq!(store.view().list_account::<Counter>(gone()).unwrap().len(), 3, "what was to be kept");
    assert!(store.is_account_closed(gone()), "it stays closed");
    assert_eq!(remove(&store), 0);
}

fn what_others_have_stays(place: &Place) {
    let store = place.open();
    for account in ["111122223332", GONE, "111122223334"] {
        fill(&store, account, 5);
    }
    close(&store);
    remove(&store);
    for account in ["111122223332", "111122223334"] {
        assert_eq!(rows(&store, account.parse().unwrap()), (15, 15, 15, 10));
    }
    let changes = store.feed().since(Position::START, 1000).unwrap();
    assert_eq!(changes.len(), 30);
}

fn nothing_is_written_into_a_closed_account(place: &Place) {
    let store = place.open();
    close(&store);
    let there = scope_of(GONE, "us-east-1");
    store
        .transact(None, |tx| {
            tx.put(Topic::new(there, "a", "ann"))?;
            tx.put(Topic::new(scope(), "a", "ann"))
        })
        .unwrap();
    store.append_soon([Message::new(there, "q", 1, "x"), Message::new(scope(), "q", 1, "x")]).unwrap();
    store.flush_appended().unwrap();
    let store = place.reopen(store);
    assert_eq!(rows(&store, gone()), (0, 0, 0, 0));
    assert_eq!(store.view().list::<Topic>(scope()).unwrap().len(), 1, "the other account's is there");
    assert_eq!(store.view().list::<Message>(scope()).unwrap().len(), 1);
    assert_eq!(store.view().by_global_index::<Topic>("everywhere", "a").unwrap().len(), 1);
    assert_eq!(store.feed().since(Position::START, 10).unwrap().len(), 1);
}

fn a_transaction_that_was_under_way_leaves_nothing(place: &Place) {
    let store = place.open();
    fill(&store, GONE, 2);
    let there = scope_of(GONE, "us-east-1");
    let mut late = store.begin(None);
    late.put(Topic::new(there, "late", "ann")).unwrap();
    let mut removing = store.begin(None);
    removing.remove::<Topic>(there, "t1").unwrap();
    close(&store);
    late.commit().unwrap().wait_blocking().unwrap();
    assert!(store.view().get::<Topic>(there, "late").unwrap().is_none());
    removing.commit().unwrap().wait_blocking().unwrap();
    assert!(store.view().get::<Topic>(there, "t1").unwrap().is_none(), "what is removed may go");
    let mut begun_before = store.begin(None);
    assert!(begun_before.exists::<Topic>(there, "t0").unwrap());
    remove(&store);
    begun_before.put(Topic::new(scope(), "seen", "ann")).unwrap();
    assert!(matches!(begun_before.commit(), Err(StoreError::Conflict)), "it saw what is gone");
}

fn a_removal_that_was_cut_off_is_begun_anew(place: &Place) {
    let store = place.open();
    fill(&store, GONE, 10);
    close(&store);
    let mut removal = store.removal(gone(), &[]).unwrap();
    for _ in 0..12 {
        removal.step(7).unwrap();
        // Whatever has gone, no entry of an index is without its row.
        rows(&store, gone());
    }
    drop(removal);
    let store = place.reopen(store);
    remove(&store);
    assert_eq!(rows(&store, gone()), (0, 0, 0, 0));
}

fn an_open_account_is_not_removed(place: &Place) {
    let store = place.open();
    fill(&store, GONE, 1);
    let refused = store.removal(gone(), &[]).unwrap_err();
    assert_eq!(refused.to_string(), "the account 111122223333 is not closed, so nothing in it is removed");
    close(&store);
    store.reset().unwrap();
    assert!(!store.is_account_closed(gone()), "an emptied cloud has closed nothing");
}

fn changes_of_a_closed_account_are_nobodys(place: &Place) {
    let store = place.open();
    fill(&store, GONE, 2);
    fill(&store, "111122223334", 2);
    close(&store);
    let mut seen = Vec::new();
    while store
        .apply_from_feed("reader", 4, |changes, _| {
            seen.extend(changes.iter().map(|change| change.scope.account.to_string()));
            Ok::<_, StoreError>(())
        })
        .unwrap()
        > 0
    {}
    assert_eq!(seen, vec!["111122223334"; 6]);
}

#[tokio::test]
async fn who_waits_for_the_end_of_an_account_is_told() {
    let store = Place::memory().open();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.account_closed(gone()).await }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    close(&store);
    waiting.await.unwrap();
}

#[test]
fn the_oldest_of_each_region_go_first() {
    let store = Place::memory().open();
    for account in [GONE, "111122223334"] {
        for (region, rows) in [("us-east-1", 300), ("eu-west-1", 100)] {
            let scope = scope_of(account, region);
            let row = |number| crate::rows::Counter { scope, name: format!("{number:04}"), value: 7 };
            store.transact(None, |tx| (0..rows).try_for_each(|number| tx.put(row(number)))).unwrap();
        }
    }
    let bytes = || store.view().account_bytes(gone()).unwrap()[0].1;
    let before = bytes();
    assert_eq!(store.thin_account(gone(), "test.counters", before).unwrap(), 0);
    let removed = store.thin_account(gone(), "test.counters", before / 2).unwrap();
    assert_eq!(bytes(), before - removed);
    assert!(bytes() <= before / 2 && bytes() > before / 2 - 500, "{} of {before}", bytes());
    for (region, left) in [("us-east-1", 150), ("eu-west-1", 50)] {
        let counters = store.view().list::<Counter>(scope_of(GONE, region)).unwrap();
        assert!(counters.len().abs_diff(left) <= 1, "{region}: {}", counters.len());
        assert!(counters.first().unwrap().name >= format!("{:04}", left - 1), "the newest stay");
    }
    assert_eq!(store.view().list_account::<Counter>("111122223334".parse().unwrap()).unwrap().len(), 400);
}

#[test]
fn an_account_is_weighed_by_table() {
    let store = Place::memory().open();
    fill(&store, GONE, 3);
    fill(&store, "111122223334", 3);
    let sizes = store.view().account_bytes(gone()).unwrap();
    let tables: Vec<&str> = sizes.iter().map(|(table, _)| table.as_str()).collect();
    assert_eq!(tables, ["test.counters", "test.messages", "test.topics"]);
    let before: u64 = sizes.iter().map(|(_, bytes)| bytes).sum();
    let there = scope_of(GONE, "us-east-1");
    store.transact(None, |tx| tx.put(Message::new(there, "queue", 99, &"x".repeat(1000)))).unwrap();
    let after: u64 = store.view().account_bytes(gone()).unwrap().iter().map(|(_, bytes)| bytes).sum();
    assert!(after > before + 1000 && after < before + 1200, "{before} {after}");
}
