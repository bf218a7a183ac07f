//! Random operations against a map.

use crate::place::{Place, scope, scope_of};
use crate::rows::Message;
use names::Scope;
use proptest::prelude::*;
use std::collections::BTreeMap;
use store::{EncodesAs, IndexEntry, StartsWith, Store, StoreError, Tx, View};

type Key = (Scope, String, u64);
type Model = BTreeMap<Key, String>;

#[derive(Debug, Clone)]
enum Operation {
    Insert(Key, String),
    Update(Key, String),
    Put(Key, String),
    Remove(Key),
}

#[derive(Debug, Clone)]
struct Transaction {
    operations: Vec<Operation>,
    commits: bool,
}

fn any_scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(scope()),
        Just(scope_of("000000000000", "us-east-10")),
        Just(scope_of("000000000001", "global"))
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[ab\u{0}\u{1}]{0,3}", Just("\u{10FFFF}".to_owned())]
}

fn any_key() -> impl Strategy<Value = Key> {
    (any_scope(), any_text(), prop_oneof![0..3_u64, Just(u64::MAX)])
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (any_key(), any_text()).prop_map(|(key, text)| Operation::Insert(key, text)),
        (any_key(), any_text()).prop_map(|(key, text)| Operation::Update(key, text)),
        (any_key(), any_text()).prop_map(|(key, text)| Operation::Put(key, text)),
        any_key().prop_map(Operation::Remove),
    ]
}

fn any_transaction() -> impl Strategy<Value = Transaction> {
    (prop::collection::vec(any_operation(), 1..8), prop::bool::weighted(0.8))
        .prop_map(|(operations, commits)| Transaction { operations, commits })
}

fn row((scope, queue, number): &Key, text: &str) -> Message {
    Message::new(*scope, queue, *number, text)
}

fn run(tx: &mut Tx, model: &mut Model, operation: &Operation) {
    match operation {
        Operation::Insert(key, text) => {
            let outcome = tx.insert(row(key, text));
            if model.contains_key(key) {
                assert!(matches!(outcome, Err(StoreError::AlreadyExists { .. })));
            } else {
                outcome.unwrap();
                model.insert(key.clone(), text.clone());
            }
        }
        Operation::Update(key, text) => {
            let outcome = tx.update(row(key, text));
            match model.get_mut(key) {
                None => assert!(matches!(outcome, Err(StoreError::NotFound { .. }))),
                Some(stored) => {
                    outcome.unwrap();
                    stored.clone_from(text);
                }
            }
        }
        Operation::Put(key, text) => {
            tx.put(row(key, text)).unwrap();
            model.insert(key.clone(), text.clone());
        }
        Operation::Remove(key) => {
            let removed = tx.remove::<Message>(key.0, (&key.1, key.2)).unwrap();
            assert_eq!(removed.map(|row| row.text), model.remove(key));
        }
    }
}

fn compare(view: &View, model: &Model) {
    // Account and region sort as their texts do, and so does the map.
    let all: Vec<Message> = model.iter().map(|(key, text)| row(key, text)).collect();
    assert_eq!(view.list_all::<Message>().unwrap(), all);
    for scope in [scope(), scope_of("000000000000", "us-east-10"), scope_of("000000000001", "global")] {
        let here: Vec<&Message> = all.iter().filter(|row| row.scope == scope).collect();
        let pick = |keep: &dyn Fn(&Message) -> bool| -> Vec<Message> {
            here.iter().copied().filter(|row| keep(row)).cloned().collect()
        };
        let scan = || view.scan::<Message>(scope, ());
        assert_eq!(scan().rows().unwrap(), pick(&|_| true));
        let mut backward = scan().reverse().rows().unwrap();
        backward.reverse();
        assert_eq!(backward, pick(&|_| true));
        for text in ["", "a", "a\0", "b"] {
            let with_queue = view.scan::<Message>(scope, (text,)).rows().unwrap();
            assert_eq!(with_queue, pick(&|row| row.queue == text));
            let begun = view.scan::<Message>(scope, (StartsWith(text),)).rows().unwrap();
            assert_eq!(begun, pick(&|row| row.queue.starts_with(text)));
            let after = scan().after((text, 1_u64)).limit(3).rows().unwrap();
            let mut expected = pick(&|row| (row.queue.as_str(), row.number) > (text, 1));
            expected.truncate(3);
            assert_eq!(after, expected);
            let before = scan().before((text, 1_u64)).reverse().limit(2).rows().unwrap();
            let mut expected = pick(&|row| (row.queue.as_str(), row.number) < (text, 1));
            expected.reverse();
            expected.truncate(2);
            assert_eq!(before, expected);
            let mut indexed = pick(&|row| row.text == text);
            assert_eq!(view.by_index::<Message>(scope, "by-text", text).unwrap(), indexed);
            indexed.reverse();
            let reversed = view.scan_index::<Message>(scope, "by-text", text).reverse().rows().unwrap();
            assert_eq!(reversed, indexed);
        }
        assert_eq!(view.scan_index::<Message>(scope, "by-text", ()).count().unwrap(), here.len());
    }
}

fn check(place: &Place, transactions: &[Transaction]) {
    let mut store: Store = place.open();
    let mut model = Model::new();
    let mut past = Vec::new();
    for (number, transaction) in transactions.iter().enumerate() {
        let mut within = model.clone();
        let mut tx = store.begin(None);
        for operation in &transaction.operations {
            run(&mut tx, &mut within, operation);
        }
        compare(&tx, &within);
        if transaction.commits {
            tx.commit().unwrap().wait_blocking().unwrap();
            model = within;
        } else {
            drop(tx);
        }
        compare(&store.view(), &model);
        past.push((store.view(), model.clone()));
        if number % 5 == 4 {
            past.iter().for_each(|(view, model)| compare(view, model));
            past.clear();
            store = place.reopen(store);
        }
    }
    compare(&store.view(), &model);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn memory_behaves_as_a_map_does(transactions in prop::collection::vec(any_transaction(), 1..12)) {
        check(&Place::memory(), &transactions);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_disk_behaves_as_a_map_does(transactions in prop::collection::vec(any_transaction(), 1..12)) {
        check(&Place::disk_process(), &transactions);
    }
}

type Tuple = (String, u64, i64, Option<String>);

fn encoded(key: &Tuple) -> Vec<u8> {
    let mut out = Vec::new();
    EncodesAs::<Tuple>::encode(key, &mut out);
    out
}

fn any_tuple() -> impl Strategy<Value = Tuple> {
    let text = || prop_oneof!["[a\u{0}\u{1}\u{7F}é]{0,4}".boxed(), any::<String>().boxed()];
    (
        text(),
        prop_oneof![0..4_u64, any::<u64>()],
        prop_oneof![-3..3_i64, any::<i64>()],
        prop::option::of(text()),
    )
}

proptest! {
    #[test]
    fn keys_sort_as_their_values_do(first in any_tuple(), second in any_tuple()) {
        let (first_bytes, second_bytes) = (encoded(&first), encoded(&second));
        prop_assert_eq!(first_bytes.cmp(&second_bytes), first.cmp(&second));
        if first != second {
            prop_assert!(!second_bytes.starts_with(&first_bytes));
        }
    }

    #[test]
    fn index_entries_sort_as_their_values_do(first in any_tuple(), second in any_tuple()) {
        let entry = |(a, b, c, d): &Tuple| IndexEntry::new("i", (a, *b, *c, d.clone()));
        prop_assert_eq!(entry(&first).cmp(&entry(&second)), first.cmp(&second));
    }
}
