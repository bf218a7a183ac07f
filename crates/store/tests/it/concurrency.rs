//! Serializability.

use crate::place::{Place, on_every_backend, scope};
use crate::rows::{Counter, Message, Topic};
use names::Timestamp;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Measurement, StartsWith, Store, StoreError, Tx};

on_every_backend!(
    concurrent_increments_are_all_counted,
    money_is_neither_made_nor_lost,
    write_skew_is_refused,
    phantoms_are_refused,
    phantoms_of_an_index_are_refused,
    a_missing_key_is_a_read,
    what_was_not_looked_at_does_not_conflict,
    readers_never_conflict,
    a_transaction_that_always_loses_ends,
    one_of_two_inserts_of_a_key_fails,
    views_are_of_one_moment,
    signals_wake_who_listens,
    only_what_commits_is_measured,
);

fn counter(tx: &Tx, name: &str) -> Result<Counter, StoreError> {
    let fresh = Counter { scope: scope(), name: name.into(), value: 0 };
    Ok(tx.get::<Counter>(scope(), name)?.unwrap_or(fresh))
}

fn add(tx: &mut Tx, name: &str, amount: i64) -> Result<(), StoreError> {
    let mut counter = counter(tx, name)?;
    counter.value += amount;
    tx.put(counter)
}

fn value(store: &Store, name: &str) -> i64 {
    counter(&store.begin(None), name).unwrap().value
}

fn concurrent_increments_are_all_counted(place: &Place) {
    let store = place.open();
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..50 {
                    store.transact(None, |tx| add(tx, "hits", 1)).unwrap();
                }
            });
        }
    });
    assert_eq!(value(&store, "hits"), 200);
    let store = place.reopen(store);
    assert_eq!(value(&store, "hits"), 200);
}

fn money_is_neither_made_nor_lost(place: &Place) {
    let store = place.open();
    store.transact(None, |tx| (0..5).try_for_each(|name| add(tx, &format!("account-{name}"), 100))).unwrap();
    std::thread::scope(|threads| {
        for thread in 0..3_i64 {
            let store = &store;
            threads.spawn(move || {
                for round in 0..40_i64 {
                    let (from, to) = ((thread + round) % 5, (thread * 3 + round * 7 + 1) % 5);
                    store
                        .transact(None, |tx| {
                            add(tx, &format!("account-{from}"), -round)?;
                            add(tx, &format!("account-{to}"), round)
                        })
                        .unwrap();
                }
            });
        }
        // A reader sees whole transfers only.
        threads.spawn(|| {
            for _ in 0..40 {
                let view = store.view();
                let rows = view.scan::<Counter>(scope(), StartsWith("account-")).rows().unwrap();
                assert_eq!(rows.iter().map(|row| row.value).sum::<i64>(), 500);
            }
        });
    });
}

/// Two doctors on call; each may go if the other one stays.
fn write_skew_is_refused(place: &Place) {
    let store = place.open();
    store.transact(None, |tx| ["ann", "bob"].iter().try_for_each(|name| add(tx, name, 1))).unwrap();
    let leave = |tx: &mut Tx, name: &str| {
        assert_eq!(tx.list::<Counter>(scope()).unwrap().iter().map(|row| row.value).sum::<i64>(), 2);
        add(tx, name, -1).unwrap();
    };
    let (mut first, mut second) = (store.begin(None), store.begin(None));
    leave(&mut first, "ann");
    leave(&mut second, "bob");
    first.commit().unwrap().wait_blocking().unwrap();
    assert!(matches!(second.commit(), Err(StoreError::Conflict)));
    assert_eq!((value(&store, "ann"), value(&store, "bob")), (0, 1));
}

fn phantoms_are_refused(place: &Place) {
    let store = place.open();
    for reverse in [false, true] {
        let queue = if reverse { "r" } else { "f" };
        let mut first = store.begin(None);
        let scan = first.scan::<Message>(scope(), (queue,));
        assert_eq!(if reverse { scan.reverse() } else { scan }.rows().unwrap(), []);
        first.insert(Message::new(scope(), "elsewhere", u64::from(reverse), "x")).unwrap();
        store.transact(None, |tx| tx.insert(Message::new(scope(), queue, 7, "phantom"))).unwrap();
        assert!(matches!(first.commit(), Err(StoreError::Conflict)));
    }
}

fn phantoms_of_an_index_are_refused(place: &Place) {
    let store = place.open();
    // A service that wants names to be unique looks at its index first.
    let (mut first, mut second) = (store.begin(None), store.begin(None));
    for (tx, region) in [(&mut first, "eu-west-1"), (&mut second, "eu-west-2")] {
        assert_eq!(tx.first_by_global_index::<Topic>("everywhere", "bucket").unwrap(), None);
        tx.insert(Topic::new(crate::place::scope_of("000000000001", region), "bucket", "ann")).unwrap();
    }
    second.commit().unwrap().wait_blocking().unwrap();
    assert!(matches!(first.commit(), Err(StoreError::Conflict)));
    assert_eq!(store.view().by_global_index::<Topic>("everywhere", "bucket").unwrap().len(), 1);
}

fn a_missing_key_is_a_read(place: &Place) {
    let store = place.open();
    let mut first = store.begin(None);
    assert!(!first.exists::<Topic>(scope(), "a").unwrap());
    first.insert(Topic::new(scope(), "b", "ann")).unwrap();
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    assert!(matches!(first.commit(), Err(StoreError::Conflict)));
}

fn what_was_not_looked_at_does_not_conflict(place: &Place) {
    let store = place.open();
    store
        .transact(None, |tx| {
            (0..10).try_for_each(|number| tx.insert(Message::new(scope(), "q", number, "x")))
        })
        .unwrap();
    let mut first = store.begin(None);
    let head = first.scan::<Message>(scope(), ("q",)).limit(2).rows().unwrap();
    let tail = first.scan::<Message>(scope(), ("q",)).reverse().limit(2).rows().unwrap();
    assert_eq!((head[1].number, tail[1].number), (1, 8));
    first.remove::<Message>(scope(), ("q", 0_u64)).unwrap();
    // Between the two, beside the queue, in another scope, in another table.
    store
        .transact(None, |tx| {
            tx.remove::<Message>(scope(), ("q", 5_u64))?;
            tx.insert(Message::new(scope(), "p", 1, "x"))?;
            tx.insert(Message::new(crate::place::scope_of("000000000009", "eu-west-1"), "q", 0, "x"))?;
            tx.insert(Topic::new(scope(), "q", "ann"))
        })
        .unwrap();
    first.commit().unwrap().wait_blocking().unwrap();

    let mut second = store.begin(None);
    assert_eq!(second.scan::<Message>(scope(), ("q",)).limit(2).rows().unwrap().len(), 2);
    second.insert(Topic::new(scope(), "seen", "ann")).unwrap();
    store.transact(None, |tx| tx.remove::<Message>(scope(), ("q", 2_u64))).unwrap();
    assert!(
        matches!(second.commit(), Err(StoreError::Conflict)),
        "the last row that was shown was looked at"
    );
}

fn readers_never_conflict(place: &Place) {
    let store = place.open();
    let reader = store.begin(None);
    assert_eq!(reader.list::<Topic>(scope()).unwrap(), []);
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    assert_eq!(reader.list::<Topic>(scope()).unwrap(), []);
    reader.commit().unwrap().wait_blocking().unwrap();
}

fn a_transaction_that_always_loses_ends(place: &Place) {
    let store = place.open();
    let tries = AtomicUsize::new(0);
    store
        .transact(None, |tx| {
            add(tx, "contended", 1)?;
            // Somebody else is always quicker, until they have to wait.
            if tries.fetch_add(1, Ordering::Relaxed) < 8 {
                store.transact(None, |other| add(other, "contended", 10))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(tries.load(Ordering::Relaxed), 9);
    assert_eq!(value(&store, "contended"), 81);
}

fn one_of_two_inserts_of_a_key_fails(place: &Place) {
    let store = place.open();
    let outcomes: Vec<_> = std::thread::scope(|threads| {
        let insert = || store.transact(None, |tx| tx.insert(Topic::new(scope(), "only", "one")));
        let handles = [threads.spawn(insert), threads.spawn(insert), threads.spawn(insert)];
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let others = outcomes.iter().filter(|outcome| matches!(outcome, Err(StoreError::AlreadyExists { .. })));
    assert_eq!(others.count(), 2);
}

/// Rows and first entries of indexes that were read lately are remembered; that must never show.
fn views_are_of_one_moment(place: &Place) {
    let store = place.open();
    let owner = |round: u32| if round.is_multiple_of(2) { "ann" } else { "bob" };
    let write = |round: u32| {
        store.transact(None, |tx| {
            tx.put(Topic::new(scope(), "left", owner(round)))?;
            tx.put(Topic::new(scope(), "right", owner(round)))
        })
    };
    write(0).unwrap();
    let writing = std::sync::atomic::AtomicBool::new(true);
    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                while writing.load(Ordering::Relaxed) {
                    let view = store.view();
                    let owner_of = |name: &str| view.get::<Topic>(scope(), name).unwrap().unwrap().owner;
                    let left = owner_of("left");
                    assert_eq!(left, owner_of("right"));
                    let other = if left == "ann" { "bob" } else { "ann" };
                    let first =
                        |owner: &str| view.first_by_index::<Topic>(scope(), "by-owner", (owner,)).unwrap();
                    assert_eq!(first(&left).map(|topic| topic.name).as_deref(), Some("left"));
                    assert_eq!(first(other), None);
                }
            });
        }
        for round in 1..400 {
            write(round).unwrap();
        }
        writing.store(false, Ordering::Relaxed);
    });
}

fn signals_wake_who_listens(place: &Place) {
    let store = place.open();
    let mut orders = store.listen("orders");
    let mut letters = store.listen("letters");
    let signal = |topic: &str| {
        store.transact(None, |tx| {
            tx.signal(topic);
            add(tx, "messages", 1)
        })
    };
    signal("orders").unwrap();
    let failed: Result<(), StoreError> = store.transact(None, |tx| {
        tx.signal("letters");
        tx.update(Topic::new(scope(), "missing", "ann"))
    });
    failed.unwrap_err();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        orders.signalled().await;
        tokio::select! {
            biased;
            () = letters.signalled() => panic!("what did not commit signals nothing"),
            () = orders.signalled() => panic!("one commit, one signal"),
            () = std::future::ready(()) => {}
        }
    });
}

fn only_what_commits_is_measured(place: &Place) {
    let store = place.open();
    let one = |name: &'static str| Measurement::new(scope(), Timestamp::from_millis(0), "Tests", name, 1.0);
    let nobody: Result<(), StoreError> = store.transact(None, |tx| {
        tx.measure(|| panic!("nobody collects yet"));
        add(tx, "messages", 1)
    });
    nobody.unwrap();
    assert!(!store.is_measured());
    assert_eq!(store.take_measured(), []);
    assert!(store.is_measured());

    let tries = AtomicUsize::new(0);
    let again: Result<(), StoreError> = store.transact(None, |tx| {
        tx.measure(|| one("written"));
        add(tx, "messages", 1)?;
        if tries.fetch_add(1, Ordering::Relaxed) == 0 {
            // Another writer comes first, so that this one has to run again.
            store.transact(None, |tx| add(tx, "messages", 1))?;
        }
        Ok(())
    });
    again.unwrap();
    assert_eq!(tries.load(Ordering::Relaxed), 2);
    let failed: Result<(), StoreError> = store.transact(None, |tx| {
        tx.measure(|| one("failed"));
        tx.measure_refusal(|| one("refused"));
        tx.update(Topic::new(scope(), "missing", "ann"))
    });
    failed.unwrap_err();
    let read: Result<(), StoreError> = store.transact(None, |tx| {
        tx.measure(|| one("read"));
        tx.measure_refusal(|| one("not refused after all"));
        counter(tx, "messages").map(drop)
    });
    read.unwrap();
    store.measure(one("outside"));

    let mut measured: Vec<_> = store.take_measured();
    measured.sort_by(|one, other| one.series.name.cmp(&other.series.name));
    let seen: Vec<_> = measured.iter().map(|it| (&*it.series.name, it.distribution.count)).collect();
    assert_eq!(seen, [("outside", 1), ("read", 1), ("refused", 1), ("written", 1)]);
}
