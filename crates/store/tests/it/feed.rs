//! The change feed and its cursors.

use crate::place::{Place, on_every_backend, scope};
use crate::rows::{Counter, Message, Topic};
use names::{RequestId, Timestamp};
use store::{Cause, ChangeKind, Position, Store, StoreError};

on_every_backend!(
    every_change_of_a_resource_is_recorded,
    one_commit_leaves_one_change_of_a_resource,
    plain_rows_leave_none,
    a_row_becomes_a_resource_and_ceases_to_be_one,
    concurrent_commits_leave_an_ordered_feed_without_gaps,
    a_subscriber_applies_each_change_once,
    a_failed_subscriber_reads_the_same_again,
    rivals_for_a_cursor_apply_each_change_once,
    positions_page_within_a_commit,
    cursors_hold_up_trimming,
    a_cursor_at_the_end_sees_later_changes_only,
    commits_wake_those_who_wait,
);

fn all(store: &Store) -> Vec<store::Change> {
    store.feed().since(Position::START, usize::MAX).unwrap()
}

fn cause(operation: &str) -> Cause {
    Cause {
        request_id: RequestId([7; 16]),
        principal: "arn:aws:iam::000000000000:user/ann".into(),
        service: "test".into(),
        operation: operation.into(),
    }
}

fn every_change_of_a_resource_is_recorded(place: &Place) {
    let store = place.open();
    let first = Topic::new(scope(), "a", "ann");
    let second = Topic::new(scope(), "a", "bob");
    store.transact(Some(cause("CreateTopic")), |tx| tx.insert(first.clone())).unwrap();
    store.transact(None, |tx| tx.update(second.clone())).unwrap();
    store.transact(Some(cause("DeleteTopic")), |tx| tx.remove::<Topic>(scope(), "a")).unwrap();
    let store = place.reopen(store);
    let changes = all(&store);
    let [created, updated, deleted] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(
        (created.kind, updated.kind, deleted.kind),
        (ChangeKind::Created, ChangeKind::Updated, ChangeKind::Deleted)
    );
    assert_eq!(created.cause, Some(cause("CreateTopic")));
    assert_eq!(updated.cause, None);
    assert_eq!(created.at, Timestamp::from_seconds(1_795_253_400));
    assert_eq!(
        (created.resource.resource_type.as_str(), created.resource.id.as_str()),
        ("AWS::Test::Topic", "a")
    );
    assert_eq!(
        (created.resource.name.as_deref(), deleted.resource.arn.as_str()),
        (Some("a"), "arn:aws:test:::a")
    );
    assert_eq!((created.scope, created.table.as_str()), (scope(), "test.topics"));
    assert_eq!(
        (created.row_before::<Topic>().unwrap(), created.row_after().unwrap()),
        (None, Some(first.clone()))
    );
    assert_eq!(
        (updated.row_before().unwrap(), updated.row_after().unwrap()),
        (Some(first), Some(second.clone()))
    );
    assert_eq!((deleted.row_before().unwrap(), deleted.row_after::<Topic>().unwrap()), (Some(second), None));
    assert_eq!(created.row_after::<Counter>().unwrap(), None, "a row of another table");
    assert_eq!(created.sequence + 1, updated.sequence);
}

fn one_commit_leaves_one_change_of_a_resource(place: &Place) {
    let store = place.open();
    store
        .transact(None, |tx| {
            tx.insert(Topic::new(scope(), "z", "first"))?;
            tx.insert(Topic::new(scope(), "a", "second"))?;
            tx.update(Topic::new(scope(), "z", "changed"))?;
            tx.insert(Topic::new(scope(), "gone", "x"))?;
            tx.remove::<Topic>(scope(), "gone")
        })
        .unwrap();
    let changes = all(&store);
    let seen: Vec<_> =
        changes.iter().map(|change| (change.index, change.kind, change.resource.id.as_str())).collect();
    assert_eq!(seen, [(0, ChangeKind::Created, "z"), (1, ChangeKind::Created, "a")]);
    assert_eq!(changes[0].row_after::<Topic>().unwrap().unwrap().owner, "changed");
    // Changed and changed back, removed and made again.
    store
        .transact(None, |tx| {
            tx.update(Topic::new(scope(), "z", "other"))?;
            tx.update(Topic::new(scope(), "z", "changed"))?;
            tx.remove::<Topic>(scope(), "a")?;
            tx.insert(Topic::new(scope(), "a", "third"))
        })
        .unwrap();
    let changes = &all(&store)[2..];
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].kind, changes[0].index), (ChangeKind::Updated, 0));
    assert_eq!(changes[0].row_before::<Topic>().unwrap().unwrap().owner, "second");
}

fn plain_rows_leave_none(place: &Place) {
    let store = place.open();
    store.transact(None, |tx| tx.insert(Message::new(scope(), "q", 1, "x"))).unwrap();
    store.transact(None, |tx| tx.remove::<Message>(scope(), ("q", 1_u64))).unwrap();
    assert!(all(&store).is_empty());
    assert_eq!(store.feed().last().unwrap(), Position::START);
}

fn a_row_becomes_a_resource_and_ceases_to_be_one(place: &Place) {
    let store = place.open();
    let topic = Topic::new(scope(), "a", "ann");
    let pending = Topic { pending: true, ..topic.clone() };
    store.transact(None, |tx| tx.insert(pending.clone())).unwrap();
    assert!(all(&store).is_empty());
    store.transact(None, |tx| tx.update(topic.clone())).unwrap();
    store.transact(None, |tx| tx.update(pending.clone())).unwrap();
    store.transact(None, |tx| tx.remove::<Topic>(scope(), "a")).unwrap();
    let changes = all(&store);
    let kinds: Vec<_> =
        changes.iter().map(|change| (change.kind, change.before.is_some(), change.after.is_some())).collect();
    assert_eq!(kinds, [(ChangeKind::Created, false, true), (ChangeKind::Deleted, true, false)]);
}

fn concurrent_commits_leave_an_ordered_feed_without_gaps(place: &Place) {
    let store = place.open();
    std::thread::scope(|threads| {
        for thread in 0..4 {
            let store = &store;
            threads.spawn(move || {
                for number in 0..25 {
                    let name = format!("{thread}-{number}");
                    store
                        .transact(None, |tx| {
                            tx.insert(Topic::new(scope(), &name, "x"))?;
                            tx.insert(Topic::new(scope(), &format!("{name}-twin"), "x"))
                        })
                        .unwrap();
                }
            });
        }
        // Whoever reads while others commit sees a beginning of the feed, never one with a hole.
        threads.spawn(|| {
            let mut position = Position::START;
            let mut seen = 0;
            while seen < 200 {
                for change in store.feed().since(position, 7).unwrap() {
                    assert_eq!(
                        (change.sequence, change.index),
                        (seen / 2 + 1, u32::try_from(seen % 2).unwrap())
                    );
                    position = change.position();
                    seen += 1;
                }
            }
        });
    });
    assert_eq!(all(&store).len(), 200);
}

/// Counts the changes that it is shown.
fn count(store: &Store, limit: usize) -> usize {
    store
        .apply_from_feed("counter", limit, |changes, tx| {
            let fresh = Counter { scope: scope(), name: "seen".into(), value: 0 };
            let mut counter = tx.get::<Counter>(scope(), "seen")?.unwrap_or(fresh);
            counter.value += i64::try_from(changes.len()).unwrap();
            tx.put(counter)
        })
        .unwrap()
}

fn counted(store: &Store) -> i64 {
    store.view().get::<Counter>(scope(), "seen").unwrap().map_or(0, |counter| counter.value)
}

fn topics(store: &Store, names: std::ops::Range<u32>) {
    for name in names {
        store.transact(None, |tx| tx.insert(Topic::new(scope(), &name.to_string(), "x"))).unwrap();
    }
}

fn a_subscriber_applies_each_change_once(place: &Place) {
    let mut store = place.open();
    topics(&store, 0..10);
    let mut applied = Vec::new();
    loop {
        let step = count(&store, 4);
        if step == 0 {
            break;
        }
        applied.push(step);
        store = place.reopen(store);
    }
    assert_eq!(applied, [4, 4, 2]);
    assert_eq!(counted(&store), 10);
    let sequence = store.view().sequence();
    assert_eq!(count(&store, 4), 0);
    assert_eq!(store.view().sequence(), sequence, "nothing to do writes nothing");
}

fn a_failed_subscriber_reads_the_same_again(place: &Place) {
    let store = place.open();
    topics(&store, 0..3);
    let failed: Result<usize, StoreError> = store.apply_from_feed("counter", 10, |_, tx| {
        tx.insert(Counter { scope: scope(), name: "half done".into(), value: 1 })?;
        Err(StoreError::Corrupt("stands for a crash".into()))
    });
    assert!(failed.is_err());
    assert!(!store.view().exists::<Counter>(scope(), "half done").unwrap());
    assert_eq!(store.view().cursor("counter").unwrap(), None);
    assert_eq!(count(&store, 10), 3);
    assert_eq!(store.view().cursor("counter").unwrap(), Some(store.feed().last().unwrap()));
}

fn rivals_for_a_cursor_apply_each_change_once(place: &Place) {
    let store = place.open();
    topics(&store, 0..40);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| while count(&store, 3) > 0 {});
        }
    });
    assert_eq!(counted(&store), 40);
}

fn positions_page_within_a_commit(place: &Place) {
    let store = place.open();
    store
        .transact(None, |tx| {
            (0..5).try_for_each(|name| tx.insert(Topic::new(scope(), &name.to_string(), "x")))
        })
        .unwrap();
    let feed = store.feed();
    let mut ids = Vec::new();
    let mut position = Position::START;
    while let [first, rest @ ..] = &feed.since(position, 2).unwrap()[..] {
        ids.extend(std::iter::once(first).chain(rest).map(|change| change.resource.id.clone()));
        position = rest.last().unwrap_or(first).position();
    }
    assert_eq!(ids, ["0", "1", "2", "3", "4"]);
    assert!(feed.since(Position::end_of(1), 10).unwrap().is_empty());
}

fn cursors_hold_up_trimming(place: &Place) {
    let store = place.open();
    topics(&store, 0..10);
    store.ensure_cursor("slow", false).unwrap();
    assert_eq!(store.trim(0).unwrap(), 0, "nothing was read yet");
    assert_eq!(count(&store, 6), 6);
    assert_eq!(store.trim(0).unwrap(), 0, "the other one has read nothing yet");
    store.transact(None, |tx| tx.remove_cursor("slow")).unwrap();
    assert_eq!(store.trim(8).unwrap(), 2);
    assert_eq!(all(&store).len(), 8);
    assert_eq!(store.trim(0).unwrap(), 4);
    assert_eq!(all(&store)[0].resource.id, "6");
    let store = place.reopen(store);
    assert_eq!(count(&store, 10), 4);
    assert_eq!(store.trim(0).unwrap(), 4);
    assert!(all(&store).is_empty());
    topics(&store, 10..11);
    assert_eq!(count(&store, 10), 1);
    assert_eq!(counted(&store), 11);
}

fn a_cursor_at_the_end_sees_later_changes_only(place: &Place) {
    let store = place.open();
    topics(&store, 0..3);
    let position = store.ensure_cursor("counter", true).unwrap();
    assert_eq!(store.ensure_cursor("counter", false).unwrap(), position, "it has one already");
    assert_eq!(count(&store, 10), 0);
    topics(&store, 3..5);
    assert_eq!(count(&store, 10), 2);
}

fn commits_wake_those_who_wait(place: &Place) {
    let store = place.open();
    let mut latest = store.subscribe_notify();
    store.transact(None, |tx| tx.insert(Message::new(scope(), "q", 1, "x"))).unwrap();
    assert!(!latest.has_changed().unwrap(), "plain rows wake nobody");
    topics(&store, 0..1);
    assert!(latest.has_changed().unwrap());
    let sequence = *latest.borrow_and_update();
    assert_eq!(all(&store)[0].sequence, sequence, "what it was woken for is there");
}
