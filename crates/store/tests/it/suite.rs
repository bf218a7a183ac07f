//! Rows, keys, ranges, indexes and views.

use crate::place::{Place, on_every_backend, scope, scope_of};
use crate::rows::{Counter, Message, Topic};
use std::ops::ControlFlow;
use store::{StartsWith, Store, StoreError, Tx, View};

on_every_backend!(
    insert_update_put_remove,
    an_error_writes_nothing,
    a_transaction_reads_its_own_writes,
    a_view_stands_still,
    scopes_are_apart,
    scans_take_ranges_apart,
    own_writes_are_merged_into_scans,
    indexes_follow_their_rows,
    index_pages_go_on_where_they_ended,
    equal_rows_write_nothing,
    what_was_committed_is_there_after_reopening,
    many_rows_come_back_in_order,
);

fn sends<T: Send + Sync>() {}

#[test]
fn everything_crosses_threads() {
    sends::<Store>();
    sends::<View>();
    sends::<Tx>();
    sends::<StoreError>();
}

fn insert_update_put_remove(place: &Place) {
    let store = place.open();
    let topic = Topic::new(scope(), "a", "ann");
    let missing = store.transact(None, |tx| tx.update(topic.clone())).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no row with the key 000000000000us-east-1·a·· is in the table test.topics"
    );
    store.transact(None, |tx| tx.insert(topic.clone())).unwrap();
    let taken = store.transact(None, |tx| tx.insert(topic.clone())).unwrap_err();
    assert!(matches!(taken, StoreError::AlreadyExists { table: "test.topics", .. }), "{taken}");
    let second = Topic { owner: "bob".into(), ..topic.clone() };
    store.transact(None, |tx| tx.update(second.clone())).unwrap();
    assert_eq!(store.view().get::<Topic>(scope(), "a").unwrap(), Some(second.clone()));
    store.transact(None, |tx| tx.put(topic.clone())).unwrap();
    assert_eq!(store.view().get::<Topic>(scope(), &topic.name).unwrap(), Some(topic.clone()));
    assert_eq!(store.transact(None, |tx| tx.remove::<Topic>(scope(), "a")).unwrap(), Some(topic));
    assert_eq!(store.transact(None, |tx| tx.remove::<Topic>(scope(), "a")).unwrap(), None);
    assert!(!store.view().exists::<Topic>(scope(), "a").unwrap());
}

fn an_error_writes_nothing(place: &Place) {
    let store = place.open();
    let before = store.view().sequence();
    let outcome: Result<(), StoreError> = store.transact(None, |tx| {
        tx.insert(Topic::new(scope(), "a", "ann"))?;
        tx.update(Topic::new(scope(), "b", "ann"))
    });
    assert!(matches!(outcome, Err(StoreError::NotFound { .. })));
    assert!(store.view().list_all::<Topic>().unwrap().is_empty());
    assert!(store.view().by_index::<Topic>(scope(), "by-owner", ()).unwrap().is_empty());
    assert!(store.feed().since(store::Position::START, 10).unwrap().is_empty());
    assert_eq!(store.view().sequence(), before);
}

fn a_transaction_reads_its_own_writes(place: &Place) {
    let store = place.open();
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "old", "ann"))).unwrap();
    store
        .transact(None, |tx| {
            tx.insert(Topic::new(scope(), "new", "ann"))?;
            tx.remove::<Topic>(scope(), "old")?;
            let view: &View = tx.view();
            assert!(view.exists::<Topic>(scope(), "new")?);
            assert!(!view.exists::<Topic>(scope(), "old")?);
            let owned = tx.by_index::<Topic>(scope(), "by-owner", ("ann",))?;
            assert_eq!(owned, [Topic::new(scope(), "new", "ann")]);
            assert!(matches!(
                tx.insert(Topic::new(scope(), "new", "x")),
                Err(StoreError::AlreadyExists { .. })
            ));
            // Removed and inserted again in the same transaction.
            tx.insert(Topic::new(scope(), "old", "bob"))
        })
        .unwrap();
    let view = store.view();
    assert_eq!(view.by_index::<Topic>(scope(), "by-owner", ("bob",)).unwrap().len(), 1);
    assert_eq!(view.by_index::<Topic>(scope(), "by-owner", ("ann",)).unwrap().len(), 1);
}

fn a_view_stands_still(place: &Place) {
    let store = place.open();
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    let view = store.view();
    let tx = store.begin(None);
    for round in 0..20 {
        store
            .transact(None, |tx| {
                tx.put(Topic::new(scope(), "a", &format!("owner-{round}")))?;
                tx.put(Topic::new(scope(), &format!("b{round}"), "x"))
            })
            .unwrap();
    }
    store.transact(None, |tx| tx.remove::<Topic>(scope(), "a")).unwrap();
    for still in [&view, tx.view()] {
        assert_eq!(still.list::<Topic>(scope()).unwrap(), [Topic::new(scope(), "a", "ann")]);
        assert_eq!(still.get::<Topic>(scope(), "a").unwrap().unwrap().owner, "ann");
        assert_eq!(still.by_index::<Topic>(scope(), "by-owner", ()).unwrap().len(), 1);
    }
    assert_eq!(store.view().list::<Topic>(scope()).unwrap().len(), 20);
}

fn scopes_are_apart(place: &Place) {
    let store = place.open();
    // A region that begins as another one does, and neighbours among the accounts.
    let scopes = [
        scope_of("000000000001", "eu-west-1"),
        scope_of("000000000001", "eu-west-10"),
        scope_of("000000000001", "global"),
        scope_of("000000000002", "eu-west-1"),
    ];
    store
        .transact(None, |tx| scopes.iter().try_for_each(|scope| tx.insert(Topic::new(*scope, "same", "ann"))))
        .unwrap();
    let view = store.view();
    for scope in scopes {
        assert_eq!(view.list::<Topic>(scope).unwrap(), [Topic::new(scope, "same", "ann")]);
        assert_eq!(view.by_index::<Topic>(scope, "by-owner", ("ann",)).unwrap().len(), 1);
        assert_eq!(view.scan::<Topic>(scope, ()).after("a").before("z").count().unwrap(), 1);
    }
    let of_account = view.list_account::<Topic>("000000000001".parse().unwrap()).unwrap();
    assert_eq!(of_account.iter().map(|topic| topic.scope).collect::<Vec<_>>(), &scopes[..3]);
    assert_eq!(view.list_all::<Topic>().unwrap().len(), 4);
    let everywhere = view.by_global_index::<Topic>("everywhere", "same").unwrap();
    assert_eq!(everywhere.iter().map(|topic| topic.scope).collect::<Vec<_>>(), scopes);
    assert_eq!(view.first_by_global_index::<Topic>("everywhere", "sam").unwrap(), None);
}

pub(crate) fn messages(store: &Store) {
    store
        .transact(None, |tx| {
            for queue in ["a", "ab", "b"] {
                for number in [3, 1, 256, 255] {
                    tx.insert(Message::new(scope(), queue, number, "text"))?;
                }
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

fn keys(rows: &[Message]) -> Vec<(&str, u64)> {
    rows.iter().map(|row| (row.queue.as_str(), row.number)).collect()
}

fn scans_take_ranges_apart(place: &Place) {
    let store = place.open();
    messages(&store);
    let view = store.view();
    let scan = |prefix: &str| view.scan::<Message>(scope(), (prefix,));
    assert_eq!(keys(&scan("a").rows().unwrap()), [("a", 1), ("a", 3), ("a", 255), ("a", 256)]);
    assert_eq!(keys(&scan("a").reverse().limit(2).rows().unwrap()), [("a", 256), ("a", 255)]);
    assert_eq!(keys(&scan("a").after(("a", 3_u64)).rows().unwrap()), [("a", 255), ("a", 256)]);
    assert_eq!(
        keys(&scan("a").from(("a", 3_u64)).before(("a", 256_u64)).rows().unwrap()),
        [("a", 3), ("a", 255)]
    );
    assert_eq!(keys(&scan("a").before(("a", 255_u64)).reverse().rows().unwrap()), [("a", 3), ("a", 1)]);
    assert_eq!(scan("ab").first().unwrap().unwrap().number, 1);
    assert_eq!(scan("ab").reverse().first().unwrap().unwrap().number, 256);
    assert_eq!(scan("c").first().unwrap(), None);
    let begun = view.scan::<Message>(scope(), (StartsWith("a"),));
    assert_eq!(begun.count().unwrap(), 8);
    assert_eq!(view.scan::<Message>(scope(), ()).after(("ab", 256_u64)).count().unwrap(), 4);
    assert_eq!(view.scan::<Message>(scope(), ("a", 3_u64)).count().unwrap(), 1);
    assert_eq!(scan("a").limit(0).rows().unwrap(), []);

    let page = view.scan::<Message>(scope(), ()).limit(11).page().unwrap();
    assert!(page.more);
    let rest = view.scan::<Message>(scope(), ()).after(page.rows[10].clone_key()).page().unwrap();
    assert_eq!((rest.rows.len(), rest.more), (1, false));
    assert!(!view.scan::<Message>(scope(), ()).limit(12).page().unwrap().more);

    let mut seen = 0;
    view.scan::<Message>(scope(), ())
        .each(|_| {
            seen += 1;
            if seen == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    assert_eq!(seen, 5);
}

impl Message {
    fn clone_key(&self) -> (String, u64) {
        (self.queue.clone(), self.number)
    }
}

fn own_writes_are_merged_into_scans(place: &Place) {
    let store = place.open();
    messages(&store);
    store
        .transact(None, |tx| {
            tx.remove::<Message>(scope(), ("a", 3_u64))?;
            tx.put(Message::new(scope(), "a", 2, "new"))?;
            tx.put(Message::new(scope(), "a", 255, "changed"))?;
            tx.put(Message::new(scope(), "a", 0, "first"))?;
            tx.put(Message::new(scope(), "a", 999, "last"))?;
            let forward = tx.scan::<Message>(scope(), ("a",)).rows()?;
            assert_eq!(keys(&forward), [("a", 0), ("a", 1), ("a", 2), ("a", 255), ("a", 256), ("a", 999)]);
            assert_eq!(forward[3].text, "changed");
            let mut backward = tx.scan::<Message>(scope(), ("a",)).reverse().rows()?;
            backward.reverse();
            assert_eq!(forward, backward);
            assert_eq!(
                keys(&tx.scan::<Message>(scope(), ("a",)).limit(3).rows()?),
                [("a", 0), ("a", 1), ("a", 2)]
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

fn indexes_follow_their_rows(place: &Place) {
    let store = place.open();
    let mut topic = Topic::new(scope(), "a", "ann");
    topic.labels = vec!["red".into(), "round".into(), "red".into()];
    store.transact(None, |tx| tx.insert(topic.clone())).unwrap();
    let by = |index: &str, text: &str| store.view().by_index::<Topic>(scope(), index, text).unwrap().len();
    assert_eq!([by("by-label", "red"), by("by-label", "round"), by("by-owner", "ann")], [1, 1, 1]);
    assert_eq!(by("by-label", "re"), 0, "an element is whole");
    topic.labels = vec!["round".into(), "new".into()];
    topic.owner = "bob".into();
    store.transact(None, |tx| tx.update(topic.clone())).unwrap();
    assert_eq!([by("by-label", "red"), by("by-label", "round"), by("by-label", "new")], [0, 1, 1]);
    assert_eq!([by("by-owner", "ann"), by("by-owner", "bob")], [0, 1]);
    let begun = store.view().by_index::<Topic>(scope(), "by-label", StartsWith("r")).unwrap();
    assert_eq!(begun, [topic]);
    store.transact(None, |tx| tx.remove::<Topic>(scope(), "a")).unwrap();
    assert_eq!(store.view().scan_index::<Topic>(scope(), "by-label", ()).count().unwrap(), 0);
    assert_eq!(store.view().scan_global_index::<Topic>("everywhere", ()).count().unwrap(), 0);
}

fn index_pages_go_on_where_they_ended(place: &Place) {
    let store = place.open();
    store
        .transact(None, |tx| {
            (0..7).try_for_each(|number| tx.insert(Topic::new(scope(), &format!("t{number}"), "ann")))
        })
        .unwrap();
    let view = store.view();
    for reverse in [false, true] {
        let mut names = Vec::new();
        let mut last: Option<Topic> = None;
        loop {
            let mut scan = view.scan_index::<Topic>(scope(), "by-owner", ("ann",)).limit(3);
            scan = if reverse { scan.reverse() } else { scan };
            scan = if let Some(row) = &last { scan.after(row) } else { scan };
            let page = scan.page().unwrap();
            names.extend(page.rows.iter().map(|topic| topic.name.clone()));
            last = page.rows.last().cloned();
            if !page.more {
                break;
            }
        }
        let mut expected: Vec<_> = (0..7).map(|number| format!("t{number}")).collect();
        if reverse {
            expected.reverse();
        }
        assert_eq!(names, expected);
    }
    assert_eq!(view.first_by_index::<Topic>(scope(), "by-owner", "ann").unwrap().unwrap().name, "t0");
}

fn equal_rows_write_nothing(place: &Place) {
    let store = place.open();
    let topic = Topic::new(scope(), "a", "ann");
    store.transact(None, |tx| tx.insert(topic.clone())).unwrap();
    let sequence = store.view().sequence();
    store
        .transact(None, |tx| {
            tx.update(topic.clone())?;
            tx.put(topic.clone())?;
            assert!(!tx.has_writes());
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(store.view().sequence(), sequence);
    assert_eq!(store.feed().since(store::Position::START, 10).unwrap().len(), 1);
}

fn what_was_committed_is_there_after_reopening(place: &Place) {
    let store = place.open();
    messages(&store);
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "a", "ann"))).unwrap();
    let (sequence, feed) = (store.view().sequence(), store.feed().since(store::Position::START, 10).unwrap());
    let store = place.reopen(store);
    assert_eq!(store.view().sequence(), sequence);
    assert_eq!(store.view().list::<Message>(scope()).unwrap().len(), 12);
    assert_eq!(store.view().by_index::<Topic>(scope(), "by-owner", "ann").unwrap().len(), 1);
    assert_eq!(store.feed().since(store::Position::START, 10).unwrap(), feed);
    store.transact(None, |tx| tx.insert(Topic::new(scope(), "b", "ann"))).unwrap();
    assert_eq!(store.feed().last().unwrap().sequence, sequence + 1);
}

fn many_rows_come_back_in_order(place: &Place) {
    let store = place.open();
    for chunk in 0..10_i64 {
        store
            .transact(None, |tx| {
                (0..100_i64).try_for_each(|number| {
                    let value = chunk * 100 + number;
                    tx.insert(Counter { scope: scope(), name: format!("{value:04}"), value })
                })
            })
            .unwrap();
    }
    let view = store.view();
    let values = |rows: Vec<Counter>| rows.iter().map(|row| row.value).collect::<Vec<_>>();
    let all = values(view.list::<Counter>(scope()).unwrap());
    assert_eq!(all, (0..1000).collect::<Vec<_>>());
    let backward = values(view.scan::<Counter>(scope(), ()).reverse().rows().unwrap());
    assert_eq!(backward, (0..1000).rev().collect::<Vec<_>>());
}
