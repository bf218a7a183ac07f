//! What is remembered of reads is what the store holds: under many writers, removals, rows that come back, appended rows and resets.

use crate::place::{Place, on_every_backend, scope};
use crate::rows::{Counter, Message, Topic};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use store::{Store, StoreError, View};

on_every_backend!(
    remembered_reads_are_those_of_the_view,
    what_comes_first_is_taken_once,
    a_reset_leaves_nothing_behind,
    appended_rows_end_what_was_missing,
);

const OWNERS: [&str; 3] = ["ann", "bob", "cleo"];

/// Compares what may be remembered with scans, which never are.
fn compare(view: &View) {
    for owner in OWNERS {
        let first = view.first_by_index::<Topic>(scope(), "by-owner", owner).unwrap();
        let scanned = view.scan_index::<Topic>(scope(), "by-owner", owner).limit(1).rows().unwrap().pop();
        assert_eq!(first, scanned, "the first topic of {owner} at {}", view.sequence());
    }
    for number in 0..6 {
        let name = format!("t{number}");
        let first = view.first_by_global_index::<Topic>("everywhere", name.as_str()).unwrap();
        let scanned =
            view.scan_global_index::<Topic>("everywhere", name.as_str()).limit(1).rows().unwrap().pop();
        assert_eq!(first, scanned, "{name} at {}", view.sequence());
        let scanned = view.list::<Topic>(scope()).unwrap().into_iter().find(|topic| topic.name == name);
        assert_eq!(view.get::<Topic>(scope(), &name).unwrap(), scanned, "{name} at {}", view.sequence());
    }
}

/// Makes, changes or removes a topic, as a number says.
fn write(store: &Store, number: usize) {
    let name = format!("t{}", number % 6);
    let owner = OWNERS[number / 7 % 3];
    store
        .transact(None, |tx| {
            // Reads in a transaction see its own writes, and are not remembered for others.
            let known = tx.get::<Topic>(scope(), &name)?;
            if known.is_some() && number.is_multiple_of(3) {
                tx.remove::<Topic>(scope(), &name)?;
                assert_eq!(tx.get::<Topic>(scope(), &name)?, None);
                assert_eq!(tx.first_by_global_index::<Topic>("everywhere", name.as_str())?, None);
            } else {
                let mut topic = Topic::new(scope(), &name, owner);
                // Small ones, and ones that are too large to be remembered.
                topic.labels = vec!["x".repeat(number % 5 * 3_000)];
                tx.put(topic.clone())?;
                assert_eq!(tx.first_by_global_index::<Topic>("everywhere", name.as_str())?, Some(topic));
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

fn remembered_reads_are_those_of_the_view(place: &Place) {
    let store = place.open();
    let done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                let store = &store;
                threads.spawn(move || (0..60).for_each(|round| write(store, round * 5 + writer * 11)))
            })
            .collect();
        for _ in 0..2 {
            threads.spawn(|| {
                let mut older = store.view();
                while !done.load(Ordering::SeqCst) {
                    let view = store.view();
                    compare(&view);
                    // One from before the commits of meanwhile is still of its moment.
                    compare(&older);
                    older = view;
                }
            });
        }
        let ended: Vec<_> = writers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::SeqCst);
        assert!(ended.iter().all(Result::is_ok));
    });
    compare(&store.view());
    compare(&place.reopen(store).view());
}

/// Workers take the first message of an index; whoever takes it removes it. What is remembered must be tracked as a read.
fn what_comes_first_is_taken_once(place: &Place) {
    let store = place.open();
    store
        .transact(None, |tx| {
            (0..60).try_for_each(|number| tx.insert(Message::new(scope(), "q", number, "waiting")))
        })
        .unwrap();
    let taken = AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                loop {
                    // Remembers it, outside of the transaction.
                    let _ = store.view().first_by_index::<Message>(scope(), "by-text", "waiting").unwrap();
                    let took = store
                        .transact(None, |tx| {
                            let Some(first) = tx.first_by_index::<Message>(scope(), "by-text", "waiting")?
                            else {
                                return Ok(false);
                            };
                            tx.put(Message { text: "taken".into(), ..first })?;
                            let count =
                                tx.get::<Counter>(scope(), "taken")?.map_or(0, |counter| counter.value);
                            tx.put(Counter { scope: scope(), name: "taken".into(), value: count + 1 })?;
                            Ok::<_, StoreError>(true)
                        })
                        .unwrap();
                    if !took {
                        return;
                    }
                    taken.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(taken.load(Ordering::SeqCst), 60);
    assert_eq!(store.view().get::<Counter>(scope(), "taken").unwrap().unwrap().value, 60);
}

fn a_reset_leaves_nothing_behind(place: &Place) {
    let store = place.open();
    for round in 0..10 {
        write(&store, 7 * round + 1);
        compare(&store.view());
        let before = store.view();
        store.reset().unwrap();
        compare(&before);
        let view = store.view();
        assert_eq!(view.list::<Topic>(scope()).unwrap(), []);
        compare(&view);
    }
}

fn appended_rows_end_what_was_missing(place: &Place) {
    let store = place.open();
    for number in 0..20 {
        assert_eq!(store.view().get::<Message>(scope(), ("q", number)).unwrap(), None);
        let text = format!("text-{number}");
        assert_eq!(store.view().first_by_index::<Message>(scope(), "by-text", text.as_str()).unwrap(), None);
        store.append_soon([Message::new(scope(), "q", number, &text)]).unwrap();
        // A commit takes along what was appended.
        store
            .transact(None, |tx| {
                let value = i64::try_from(number).unwrap();
                tx.put(Counter { scope: scope(), name: "c".into(), value: value + 1 })
            })
            .unwrap();
        let view = store.view();
        assert!(view.get::<Message>(scope(), ("q", number)).unwrap().is_some());
        assert!(view.first_by_index::<Message>(scope(), "by-text", text.as_str()).unwrap().is_some());
    }
}
